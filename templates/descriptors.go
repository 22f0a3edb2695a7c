package templates

import (
	"github.com/dave/jennifer/jen"

	"github.com/odoogen/odoogen/internal/ir"
)

// descriptors writes the variable that holds the field descriptors, from which queries are built. For a comparable struct,
// the compiler generates == field by field, a quarter of its work on a package; the blank field avoids that. The values have
// no keys, because gofmt would align them: see package templates.
func descriptors(f *jen.File, m *ir.Model) {
	f.Commentf("// %s holds the field descriptors of %s, for conditions and orders.", m.Fields, m.Title)
	f.Var().Id(m.Fields).Op("=").StructFunc(func(g *jen.Group) {
		g.Comment("// The struct is not comparable, which makes it cheaper to compile.")
		g.Id("_").Index(jen.Lit(0)).Func().Params()
		for _, c := range m.Columns {
			g.Line().Id(c.Go).Add(goType(c.Descriptor))
		}
	}).ValuesFunc(func(g *jen.Group) {
		g.Line().Index(jen.Lit(0)).Func().Params().Values()
		for _, c := range m.Columns {
			g.Line().Lit(c.Odoo)
		}
		g.Line()
	})
}
