package templates

import (
	"strings"

	"github.com/dave/jennifer/jen"

	"github.com/odoogen/odoogen/internal/ir"
)

// schema writes the constant that says what the package expects of the server. It only names its parts, which stand in
// the files of the models, so that a change of a model stays in its file.
func schema(pkg *ir.Package) *jen.File {
	f := newFile(pkg.Name)
	f.Commentf("// %s is what the package expects of the server, for orm.VerifySchema: the models that it was generated from,", pkg.Schema.Const)
	f.Comment("// with their fields.")
	f.Const().Id(pkg.Schema.Const).Op("=").Add(orm("Schema")).CallFunc(func(g *jen.Group) {
		sum := jen.Lit("")
		for _, part := range pkg.Schema.Parts {
			sum.Op("+").Line().Id(part)
		}
		g.Add(sum)
	})
	return f
}

func schemaPart(f *jen.File, m *ir.Model) {
	f.Commentf("// %s is the part of %s in the schema of the package.", m.Schema, m.Title)
	f.Const().Id(m.Schema).Op("=").Add(lines(m.SchemaText))
}

// lines writes a text as a raw literal, with a line of code for each of its lines, unless a raw literal cannot hold it.
func lines(text string) *jen.Statement {
	if strings.Contains(text, "`") {
		return jen.Lit(text)
	}
	return jen.Op("`" + text + "`")
}
