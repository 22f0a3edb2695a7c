package templates

import (
	"github.com/dave/jennifer/jen"

	"github.com/odoogen/odoogen/internal/ir"
)

// values writes the struct that a create or a write takes.
func values(f *jen.File, m *ir.Model) {
	f.Commentf("// %s are the values of a create or write of %s. A field that is left out is not sent.", m.Values, m.Title)
	f.Type().Id(m.Values).StructFunc(func(g *jen.Group) {
		for _, c := range m.Columns {
			if !c.Values.IsZero() {
				g.Id(c.Go).Add(goType(c.Values)).Tag(map[string]string{"odoo": c.Odoo}).Comment("// " + c.Doc[0])
			}
		}
	})
	f.Comment("// OdooRecord ties the values to their record.")
	f.Func().Params(jen.Id(m.Values)).Id("OdooRecord").Params().Op("*").Id(m.Record).Block(jen.Return(jen.Nil()))
}
