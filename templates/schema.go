package templates

import (
	"github.com/dave/jennifer/jen"

	"github.com/odoogen/odoogen/internal/ir"
)

// schema writes the constant with the schema that the package expects of the server. The constant only joins parts that are
// in the files of the models, so that a change of a model changes only its own file.
func schema(pkg *ir.Package) *jen.File {
	f := newFile(pkg.Name)
	f.Commentf("// %s describes the models and fields that the package expects of the server.", pkg.Schema.Const)
	f.Comment("// schema.Verify compares it with a server.")
	f.Const().Id(pkg.Schema.Const).Op("=").Add(schemaType()).CallFunc(func(g *jen.Group) {
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
	// A raw literal has a line of code for each line of the schema. No schema has a backquote.
	f.Const().Id(m.Schema).Op("=").Op("`" + m.SchemaText + "`")
	f.Commentf("// OdooSchema returns the part of %s in the schema, with the labels of its selections: see schema.Label.", m.Title)
	f.Func().Params(jen.Op("*").Id(m.Record)).Id(ir.SchemaMethod).Params().Add(schemaType()).Add(oneLine(jen.Return(jen.Id(m.Schema))))
}
