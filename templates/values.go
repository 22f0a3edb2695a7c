package templates

import (
	"github.com/dave/jennifer/jen"

	"github.com/odoogen/odoogen/internal/ir"
)

// values writes the struct for creates and writes.
func values(f *jen.File, m *ir.Model) {
	f.Commentf("// %s holds the values of a create or write of %s. Absent fields are not sent.", m.Values, m.Title)
	f.Type().Id(m.Values).StructFunc(func(g *jen.Group) {
		first := true
		for _, c := range m.Columns {
			if c.Values.IsZero() {
				continue
			}
			if !first {
				g.Line()
			}
			first = false
			g.Id(c.Go).Add(goType(c.Values)).Tag(map[string]string{ir.TagKey: c.Odoo})
		}
	})
	selectionTypes(f, m.Selections)
	f.Comment("// OdooRecord links the values to their record type.")
	f.Func().Params(jen.Id(m.Values)).Id(ir.ValuesMethod).Params().Op("*").Id(m.Record).Add(oneLine(jen.Return(jen.Nil())))
}
