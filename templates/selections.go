package templates

import (
	"github.com/dave/jennifer/jen"

	"github.com/odoogen/odoogen/internal/ir"
)

// selectionTypes writes the types of selection fields, without comments, because the fields of the record are documented.
// They follow the type of the values, because gofmt puts no empty line between two types: this keeps the change small when a
// model gets its first selection.
func selectionTypes(f *jen.File, selections []ir.Selection) {
	for _, s := range selections {
		f.Type().Id(s.Type).String()
	}
}

// selections writes the constants of selection fields, with the labels that Odoo shows.
func selections(f *jen.File, selections []ir.Selection) {
	for _, s := range selections {
		f.Line()
		f.Const().DefsFunc(func(g *jen.Group) {
			for _, c := range s.Choices {
				g.Add(above(c.Doc))
				g.Id(c.Const).Id(s.Type).Op("=").Lit(c.Value)
			}
		})
		partial(f, s)
	}
}

// partial writes a method that reports the choices that only some servers have.
func partial(f *jen.File, s ir.Selection) {
	var choices []jen.Code
	for _, c := range s.Choices {
		if c.Partial {
			choices = append(choices, jen.Id("s").Op("==").Id(c.Const))
		}
	}
	if len(choices) == 0 {
		return
	}
	either := jen.Add(choices[0])
	for _, c := range choices[1:] {
		either.Op("||").Line().Add(c)
	}
	f.Line()
	f.Commentf("// %s reports whether only some servers have the choice.", ir.PartialMethod)
	f.Func().Params(jen.Id("s").Id(s.Type)).Id(ir.PartialMethod).Params().Bool().Block(jen.Return(either))
}

// above writes the comment of a declaration, or an empty line if it has none: both prevent gofmt from aligning the
// declaration with the one before it.
func above(doc []string) *jen.Statement {
	if len(doc) == 0 || doc[0] == "" {
		return jen.Line()
	}
	return comment(doc)
}
