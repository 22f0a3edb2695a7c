package bindings

import (
	"go/ast"
	"go/token"
	"go/types"
	"strconv"

	"github.com/odoogen/odoogen/internal/ir"
)

// This file reads what only the sources of a generated package say, not its types: which method of Odoo a method calls, and the
// name of each model.

// addMethod adds a client's method that calls one of Odoo, and the type of the optional arguments.
func (b *Package) addMethod(p *types.Package, f *ast.FuncDecl) {
	called, ok := ir.CalledMethod(f)
	if !ok {
		return
	}
	client, ok := p.Scope().Lookup(receiver(f.Recv.List[0].Type)).(*types.TypeName)
	if !ok || b.symbols[client].Part != Client {
		return
	}
	o := method(client.Type().(*types.Named), f.Name.Name)
	s := Symbol{Part: Method, Model: b.symbols[client].Model, Method: called.Method}
	if called.Options {
		s.Part = MethodWith
		if args := argsType(o); args != nil && args.Pkg() == p {
			b.symbols[args] = Symbol{Part: MethodArgs, Model: s.Model, Method: called.Method}
		}
	}
	b.symbols[o] = s
}

// argsType is the type of the optional arguments of a method.
func argsType(f *types.Func) *types.TypeName {
	for v := range f.Signature().Params().Variables() {
		if v.Name() == ir.ArgsParam {
			return typeName(v.Type())
		}
	}
	return nil
}

// modelNames are the names that the methods OdooModel give, by record type.
func modelNames(files []*ast.File) map[string]string {
	names := map[string]string{}
	for _, file := range files {
		for _, d := range file.Decls {
			f, ok := d.(*ast.FuncDecl)
			if !ok || f.Name.Name != ir.RecordMethod || f.Recv == nil || f.Body == nil || len(f.Body.List) != 1 {
				continue
			}
			result, ok := f.Body.List[0].(*ast.ReturnStmt)
			if !ok || len(result.Results) != 1 {
				continue
			}
			record, name := receiver(f.Recv.List[0].Type), text(result.Results[0])
			if record != "" && name != "" {
				names[record] = name
			}
		}
	}
	return names
}

func receiver(e ast.Expr) string {
	if p, ok := e.(*ast.StarExpr); ok {
		e = p.X
	}
	if id, ok := e.(*ast.Ident); ok {
		return id.Name
	}
	return ""
}

// text is the value of a string literal.
func text(e ast.Expr) string {
	lit, ok := e.(*ast.BasicLit)
	if !ok || lit.Kind != token.STRING {
		return ""
	}
	s, err := strconv.Unquote(lit.Value)
	if err != nil {
		return ""
	}
	return s
}
