package templates

import (
	"strings"

	"github.com/dave/jennifer/jen"

	"github.com/odoogen/odoogen/internal/ir"
)

// goType writes a type.
func goType(t ir.Type) *jen.Statement {
	s := &jen.Statement{}
	if t.Slice {
		s.Index()
	}
	if t.Path == "" {
		s.Id(t.Name)
	} else {
		s.Qual(t.Path, t.Name)
	}
	if len(t.Args) > 0 {
		args := make([]jen.Code, len(t.Args))
		for i, a := range t.Args {
			args[i] = goType(a)
		}
		s.Types(args...)
	}
	return s
}

func orm(name string) *jen.Statement { return jen.Qual(ir.RuntimePath, name) }

func schemaType() *jen.Statement { return jen.Qual(ir.SchemaPath, ir.SchemaType) }

// oneLine writes the body of a function on the line of its signature if gofmt keeps it there.
func oneLine(body jen.Code) *jen.Statement {
	return jen.Custom(jen.Options{Open: "{ ", Close: " }"}, body)
}

// comment writes lines as a comment. Each starts with "// ", so that none is a directive.
func comment(lines []string) *jen.Statement {
	return jen.Comment("// " + strings.ReplaceAll(strings.Join(lines, "\n// "), "// \n", "//\n"))
}

func tag(f ir.Field) map[string]string {
	if f.OnDemand {
		return map[string]string{ir.TagKey: f.Odoo + ir.OnDemandOption}
	}
	return map[string]string{ir.TagKey: f.Odoo}
}
