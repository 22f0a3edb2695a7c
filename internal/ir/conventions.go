package ir

import (
	"go/ast"
	"strings"
)

// This file declares how generated code is recognised. The generator and the emitters write by these names; the analysers
// read generated packages back by them.

const (
	// TagKey is the key of the struct tag that names a field of Odoo.
	TagKey = "odoo"
	// OnDemandOption is the option of a tag that leaves the field out unless it is asked for.
	OnDemandOption = ",ondemand"
	// RecordMethod is the method of records that returns the name of their model.
	RecordMethod = "OdooModel"
	// SchemaMethod is the method of records with selections that returns their part of the schema.
	SchemaMethod = "OdooSchema"
	// ValuesMethod is the method of values whose result points to their record.
	ValuesMethod = "OdooRecord"
	// SchemaConst is the constant with the schema of a package.
	SchemaConst = "Schema"
	// CoreField is the only field of a client: the runtime's Model, whose methods the client calls.
	CoreField = "m"
	// CoreDo is the method of the core that runs a method of Odoo without arguments: Do(ctx, &result, method, …).
	CoreDo = "Do"
	// CoreInvoke is the method of the core that runs any other: Invoke(ctx, &result, ids, Invocation{Method: method, …}).
	CoreInvoke = "Invoke"
	// InvocationMethod is the field of the runtime's Invocation with the name of the method.
	InvocationMethod = "Method"
)

// doMethodAt is the place of the method among the arguments of CoreDo.
const doMethodAt = 2

// ValuesName is the type of the values of a record.
func ValuesName(record string) string { return record + "Values" }

// DescriptorsName is the variable with the field descriptors of a record.
func DescriptorsName(record string) string { return record + "F" }

// ClientName is the type of the client of a record.
func ClientName(record string) string { return record + "Client" }

// RecordOfClient is the record of a client's name.
func RecordOfClient(client string) (record string, ok bool) {
	return strings.CutSuffix(client, ClientName(""))
}

// NewClientName is the function that makes the client of a record.
func NewClientName(record string) string { return "New" + record + "Client" }

// SchemaName is the constant with a record's part of the schema. It is not exported, so that no other name can be the same.
func SchemaName(record string) string { return "schema" + record }

// CalledMethod finds the literal with the name of Odoo's method in a generated method of a client; nil in any other
// function.
func CalledMethod(f *ast.FuncDecl) *ast.BasicLit {
	if f.Recv == nil || f.Body == nil {
		return nil
	}
	var found *ast.BasicLit
	ast.Inspect(f.Body, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok {
			return found == nil
		}
		switch {
		case isCore(call.Fun, CoreDo) && len(call.Args) > doMethodAt:
			found, _ = call.Args[doMethodAt].(*ast.BasicLit)
		case isCore(call.Fun, CoreInvoke):
			found = invokedMethod(call.Args)
		}
		return found == nil
	})
	return found
}

// isCore tells whether an expression is a method of a client's core: c.m.Do.
func isCore(e ast.Expr, method string) bool {
	s, ok := e.(*ast.SelectorExpr)
	if !ok || s.Sel.Name != method {
		return false
	}
	core, ok := s.X.(*ast.SelectorExpr)
	return ok && core.Sel.Name == CoreField
}

func invokedMethod(args []ast.Expr) *ast.BasicLit {
	for _, arg := range args {
		invocation, ok := arg.(*ast.CompositeLit)
		if !ok {
			continue
		}
		for _, e := range invocation.Elts {
			field, ok := e.(*ast.KeyValueExpr)
			if !ok {
				continue
			}
			if key, ok := field.Key.(*ast.Ident); ok && key.Name == InvocationMethod {
				literal, _ := field.Value.(*ast.BasicLit)
				return literal
			}
		}
	}
	return nil
}
