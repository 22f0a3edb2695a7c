package templates

import (
	"github.com/dave/jennifer/jen"

	"github.com/odoogen/odoogen/internal/ir"
)

// selection writes the type of a selection field, its constants, and the labels that Odoo shows.
func selection(f *jen.File, s ir.Selection) {
	f.Add(comment(s.Doc))
	f.Type().Id(s.Type).String()
	f.Commentf("// The choices of %s.", s.Type)
	f.Const().DefsFunc(func(g *jen.Group) {
		for _, c := range s.Choices {
			g.Id(c.Const).Id(s.Type).Op("=").Lit(c.Value).Add(trailing(c.Doc))
		}
	})
	f.Commentf("// %s are the choices of %s in Odoo's order, with the texts that Odoo shows for them.", s.Labels, s.Type)
	f.Var().Id(s.Labels).Op("=").Add(orm("Labels")).ValuesFunc(func(g *jen.Group) {
		for _, c := range s.Choices {
			g.Line().Values(jen.Lit(c.Value), jen.Lit(c.Label))
		}
		g.Line()
	})
	f.Commentf("// Label is the text that Odoo shows for the choice.")
	f.Func().Params(jen.Id("s").Id(s.Type)).Id("Label").Params().String().Block(
		jen.Return(jen.Id(s.Labels).Dot("Of").Call(jen.String().Call(jen.Id("s")))))
}

func trailing(doc []string) *jen.Statement {
	if len(doc) == 0 || doc[0] == "" {
		return jen.Empty()
	}
	return jen.Comment("// " + doc[0])
}
