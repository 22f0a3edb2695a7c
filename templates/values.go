package templates

import (
	"github.com/dave/jennifer/jen"

	"github.com/odoogen/odoogen/internal/ir"
)

// values writes the struct that a create or a write takes.
func values(f *jen.File, m *ir.Model) {
	f.Commentf("// %s are the values of a create or write of %s. A field that is left out is not sent.", m.Values, m.Title)
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
	f.Comment("// OdooRecord ties the values to their record.")
	f.Func().Params(jen.Id(m.Values)).Id(ir.ValuesMethod).Params().Op("*").Id(m.Record).Add(oneLine(jen.Return(jen.Nil())))
}
