package templates

import (
	"github.com/dave/jennifer/jen"

	"github.com/odoogen/odoogen/internal/ir"
)

// record writes the struct that a record is read into.
func record(f *jen.File, m *ir.Model) {
	f.Add(comment(m.Doc))
	f.Type().Id(m.Record).StructFunc(func(g *jen.Group) {
		for _, c := range m.Columns {
			g.Add(comment(c.Doc))
			g.Id(c.Go).Add(goType(c.Record)).Tag(tag(c))
		}
	})
	f.Commentf("// OdooModel returns the name of the model, %s.", m.Title)
	f.Func().Params(jen.Op("*").Id(m.Record)).Id(ir.RecordMethod).Params().String().Add(oneLine(jen.Return(jen.Lit(m.Odoo))))
	if m.Partial {
		f.Commentf("// %s reports that only some servers have the model.", ir.PartialMethod)
		f.Func().Params(jen.Op("*").Id(m.Record)).Id(ir.PartialMethod).Params().Bool().Add(oneLine(jen.Return(jen.True())))
	}
}
