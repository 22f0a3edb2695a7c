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
			g.Add(above(c.Doc))
			g.Id(c.Const).Id(s.Type).Op("=").Lit(c.Value)
		}
	})
	f.Var().Id(s.Labels).Op("=").Add(orm("Labels")).ValuesFunc(func(g *jen.Group) {
		for _, c := range s.Choices {
			g.Line().Values(jen.Lit(c.Value), jen.Lit(c.Label))
		}
		g.Line()
	})
	f.Comment("// Label is the text that Odoo shows for the choice.")
	f.Func().Params(jen.Id("s").Id(s.Type)).Id("Label").Params().String().Add(
		oneLine(jen.Return(jen.Id(s.Labels).Dot("Of").Call(jen.String().Call(jen.Id("s"))))))
	f.Comment("// Labels are all choices in Odoo's order, with the texts that Odoo shows for them.")
	f.Func().Params(jen.Id(s.Type)).Id("Labels").Params().Add(orm("Labels")).Add(oneLine(jen.Return(jen.Id(s.Labels))))
}

// above is the comment of a declaration, or an empty line if there is nothing to say: either keeps gofmt from aligning
// the declaration with the one before it.
func above(doc []string) *jen.Statement {
	if len(doc) == 0 || doc[0] == "" {
		return jen.Line()
	}
	return comment(doc)
}
