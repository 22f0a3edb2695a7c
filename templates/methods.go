package templates

import (
	"github.com/dave/jennifer/jen"

	"github.com/odoogen/odoogen/internal/ir"
)

// methods writes the business methods of a client. Each calls the runtime's core, which is not generic. A second method
// takes the optional arguments, so that the first method does not change when Odoo adds an optional argument.
func methods(f *jen.File, m *ir.Model) {
	c := clientOf(m)
	for _, method := range m.Methods {
		required := method
		required.Args = ""
		f.Add(comment(method.Doc))
		c.business(f, method.Go, required)
		if method.Args != "" {
			methodArgs(f, method)
			f.Commentf("// %s is %s with optional arguments.", method.With, method.Go)
			c.business(f, method.With, method)
		}
	}
}

func (c clientParts) business(f *jen.File, name string, m ir.Method) {
	f.Func().Params(jen.Id("c").Op("*").Id(c.name)).Id(name).Params(methodParams(c, m)...).Params(named("result", goType(m.Returns))...).
		Block(jen.Err().Op("=").Add(invocation(m)), jen.Return())
}

func methodParams(c clientParts, m ir.Method) []jen.Code {
	params := []jen.Code{jen.Id("ctx").Qual("context", "Context")}
	if !m.OfModel {
		params = append(params, c.ids)
	}
	for _, p := range m.Required {
		params = append(params, jen.Id(p.Go).Add(goType(p.Type)))
	}
	if m.Args != "" {
		params = append(params, jen.Id(ir.ArgsParam).Id(m.Args))
	}
	return append(params, options("Write"))
}

// invocation writes the call of the core.
func invocation(m ir.Method) *jen.Statement {
	ids := jen.Id("ids")
	if m.OfModel {
		ids = jen.Nil()
	}
	isBare := len(m.Required) == 0 && m.Args == ""
	args := []jen.Code{jen.Id("ctx"), jen.Op("&").Id("result")}
	name := ir.CoreInvoke
	if isBare && !m.ReadOnly {
		name = ir.CoreDo
		args = append(args, jen.Lit(calledName(m.Odoo, m.Partial)), ids)
	} else {
		args = append(args, ids, orm("Invocation").Values(arguments(m)))
	}
	return jen.Id("c").Dot(ir.CoreField).Dot(name).Call(append(args, jen.Id("opts").Op("..."))...)
}

// arguments writes the fields of the invocation, the method first.
func arguments(m ir.Method) jen.Code {
	fields := []jen.Code{jen.Id(ir.InvocationMethod).Op(":").Lit(calledName(m.Odoo, m.Partial))}
	if len(m.Required) > 0 {
		fields = append(fields, jen.Id("Args").Op(":").Index().Add(orm("Argument")).ValuesFunc(func(g *jen.Group) {
			for _, p := range m.Required {
				g.Values(jen.Id("Name").Op(":").Lit(p.Odoo), jen.Id("Value").Op(":").Id(p.Go))
			}
		}))
	}
	if m.Args != "" {
		fields = append(fields, jen.Id(ir.InvocationOptions).Op(":").Id(ir.ArgsParam))
	}
	if m.ReadOnly {
		fields = append(fields, jen.Id("ReadOnly").Op(":").True())
	}
	if m.ByName {
		fields = append(fields, jen.Id("ByName").Op(":").True())
	}
	return jen.List(fields...)
}

// methodArgs writes the struct of the optional arguments.
func methodArgs(f *jen.File, m ir.Method) {
	f.Add(comment(m.ArgsDoc))
	f.Type().Id(m.Args).StructFunc(func(g *jen.Group) {
		for _, a := range m.Optional {
			g.Add(comment(a.Doc))
			g.Id(a.Go).Add(goType(a.Record)).Tag(map[string]string{ir.TagKey: a.Odoo})
		}
		if m.More {
			g.Comment("// More holds additional keyword arguments.")
			g.Id("More").Add(orm("Args")).Tag(map[string]string{ir.TagKey: "**"})
		}
	})
}

// calledName is the name of a model or method in a call of the core.
func calledName(odoo string, isPartial bool) string {
	if isPartial {
		return odoo + ir.PartialSign
	}
	return odoo
}
