package ir

import (
	"go/ast"
	"strconv"
	"strings"
)

// This file declares how generated code is recognised. The generator and the emitters write by these names; the analysers
// read generated packages back by them.

const (
	// TagKey is the key of the struct tag that names a field of Odoo.
	TagKey = "odoo"
	// OnDemandOption is the option of a tag for a field that is only read on request.
	OnDemandOption = ",ondemand"
	// LimitOption is the option of a tag that limits the targets of a relation; a number follows.
	LimitOption = ",limit="
	// OrderOption is the option of a tag that sorts the targets of a relation; field names follow.
	OrderOption = ",order="
	// RecordMethod is the method of records that returns the name of their model.
	RecordMethod = "OdooModel"
	// SchemaMethod is the method of records that returns their part of the schema.
	SchemaMethod = "OdooSchema"
	// PartialMethod reports whether only some of the servers of a package have a choice of a selection, or the model of a record.
	PartialMethod = "OdooPartial"
	// PartialSign ends the name of a field in tags and descriptors, and of a model or method in calls of the runtime, that only some
	// of the servers of a package have.
	PartialSign = "?"
	// NameSign separates the names that a field has on the servers of a package, in tags and descriptors.
	NameSign = "|"
	// ValuesMethod is the method of values whose result points to their record.
	ValuesMethod = "OdooRecord"
	// SchemaConst is the constant with the schema of a package.
	SchemaConst = "Schema"
	// SchemaType is the type of that constant, in the package SchemaPath.
	SchemaType = "Text"
	// CoreField is the only field of a client: the runtime's Model, whose methods the client calls.
	CoreField = "m"
	// CoreDo is the method of the core that runs a method of Odoo without arguments: Do(ctx, &result, method, …).
	CoreDo = "Do"
	// CoreInvoke is the method of the core that runs any other: Invoke(ctx, &result, ids, Invocation{Method: method, …}).
	CoreInvoke = "Invoke"
	// InvocationMethod is the field of the runtime's Invocation with the name of the method.
	InvocationMethod = "Method"
	// InvocationOptions is the field of the runtime's Invocation with the optional arguments.
	InvocationOptions = "Options"
	// ArgsParam is the parameter of a client's method that holds the optional arguments.
	ArgsParam = "args"
)

// doMethodAt is the place of the method among the arguments of CoreDo.
const doMethodAt = 2

// ValuesName is the type of the values of a record.
func ValuesName(record string) string { return record + "Values" }

// DescriptorsName is the variable with the field descriptors of a record.
func DescriptorsName(record string) string { return record + "F" }

// ClientName is the type of the client of a record.
func ClientName(record string) string { return record + "Client" }

// ReportName is the constant with the name of a report of a record.
func ReportName(record, own string) string { return record + "Report" + own }

// RecordOfClient is the record of a client's name.
func RecordOfClient(client string) (record string, ok bool) {
	return strings.CutSuffix(client, ClientName(""))
}

// NewClientName is the function that returns the client of a record.
func NewClientName(record string) string { return "New" + record + "Client" }

// SchemaName is the constant with a record's part of the schema. It is not exported, so that no other name can be the same.
func SchemaName(record string) string { return "schema" + record }

// WithName is the method of a client that takes the optional arguments of a method too.
func WithName(method string) string { return method + "With" }

// ArgsName is the type of the optional arguments of a record's method.
func ArgsName(record, method string) string { return record + method + "Args" }

// Called is what a generated method of a client calls.
type Called struct {
	Method  string // Odoo's name: message_post
	Options bool   // with optional arguments
}

// CalledMethod reads what a generated method of a client calls; ok is false for any other function.
func CalledMethod(f *ast.FuncDecl) (c Called, ok bool) {
	if f.Recv == nil || f.Body == nil {
		return c, false
	}
	ast.Inspect(f.Body, func(n ast.Node) bool {
		call, isCall := n.(*ast.CallExpr)
		switch {
		case !isCall:
		case isCore(call.Fun, CoreDo) && len(call.Args) > doMethodAt:
			c.Method, ok = methodName(call.Args[doMethodAt])
		case isCore(call.Fun, CoreInvoke):
			c, ok = invoked(call.Args)
		}
		return !ok
	})
	return c, ok
}

// isCore reports whether an expression is a method of a client's core: c.m.Do.
func isCore(e ast.Expr, method string) bool {
	s, ok := e.(*ast.SelectorExpr)
	if !ok || s.Sel.Name != method {
		return false
	}
	core, ok := s.X.(*ast.SelectorExpr)
	return ok && core.Sel.Name == CoreField
}

// invoked reads the Invocation among the arguments of CoreInvoke.
func invoked(args []ast.Expr) (c Called, ok bool) {
	for _, arg := range args {
		invocation, isLiteral := arg.(*ast.CompositeLit)
		if !isLiteral {
			continue
		}
		for _, e := range invocation.Elts {
			switch key, value := field(e); key {
			case InvocationMethod:
				c.Method, ok = methodName(value)
			case InvocationOptions:
				c.Options = true
			}
		}
	}
	return c, ok
}

// field is a field of a struct literal with keys; "" for any other element.
func field(e ast.Expr) (key string, value ast.Expr) {
	kv, ok := e.(*ast.KeyValueExpr)
	if !ok {
		return "", nil
	}
	if id, ok := kv.Key.(*ast.Ident); ok {
		return id.Name, kv.Value
	}
	return "", nil
}

// methodName is the name of a method in a call of the core.
func methodName(e ast.Expr) (string, bool) {
	name, ok := literal(e)
	return strings.TrimSuffix(name, PartialSign), ok
}

// literal is the value of a string literal.
func literal(e ast.Expr) (string, bool) {
	lit, ok := e.(*ast.BasicLit)
	if !ok {
		return "", false
	}
	text, err := strconv.Unquote(lit.Value)
	return text, err == nil
}
