package templates

import (
	"github.com/dave/jennifer/jen"

	"github.com/odoogen/odoogen/internal/ir"
)

// descriptors writes the variable that holds the field descriptors, from which queries are built. The compiler writes the
// == of every comparable struct out, field by field: a quarter of its work on a package, were it not for the blank field.
func descriptors(f *jen.File, m *ir.Model) {
	f.Commentf("// %s are the fields of %s, for conditions and orders.", m.Fields, m.Title)
	f.Var().Id(m.Fields).Op("=").StructFunc(func(g *jen.Group) {
		g.Id("_").Index(jen.Lit(0)).Func().Params().Comment("// not comparable: cheaper to compile")
		for _, c := range m.Columns {
			g.Id(c.Go).Add(goType(c.Descriptor)).Comment("// " + c.Doc[0])
		}
	}).ValuesFunc(func(g *jen.Group) {
		for _, c := range m.Columns {
			g.Line().Id(c.Go).Op(":").Lit(c.Odoo)
		}
		g.Line()
	})
}
