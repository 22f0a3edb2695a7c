package bindings

import (
	"go/ast"
	"go/constant"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/types/typeutil"

	"github.com/odoogen/odoogen/internal/ir"
)

// Reader reads the calls of one package.
type Reader struct {
	Info *types.Info
	Set  *Set
	Pkg  *types.Package
	defs map[types.Object]ast.Expr // what variables that are set once are set to
}

// NewReader makes a reader of the files of a package.
func NewReader(set *Set, pkg *types.Package, info *types.Info, files []*ast.File) *Reader {
	r := &Reader{Info: info, Set: set, Pkg: pkg, defs: map[types.Object]ast.Expr{}}
	for _, f := range files {
		ast.Inspect(f, r.define)
	}
	return r
}

// define notes what a variable is set to; nil for one that is set again, or whose address is taken.
func (r *Reader) define(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.AssignStmt:
		for i, left := range n.Lhs {
			var value ast.Expr
			if len(n.Lhs) == len(n.Rhs) {
				value = n.Rhs[i]
			}
			r.set(left, value)
		}
	case *ast.ValueSpec:
		for i, name := range n.Names {
			if i < len(n.Values) && len(n.Names) == len(n.Values) {
				r.set(name, n.Values[i])
			}
		}
	case *ast.UnaryExpr:
		if n.Op.String() == "&" {
			r.set(n.X, nil)
		}
	}
	return true
}

func (r *Reader) set(left, value ast.Expr) {
	id, ok := ast.Unparen(left).(*ast.Ident)
	if !ok {
		return
	}
	o := r.Info.ObjectOf(id)
	if o == nil {
		return
	}
	if _, again := r.defs[o]; again {
		value = nil
	}
	r.defs[o] = value
}

// Value is the expression that a variable is set to, if it is set only once; any other expression is its own value.
func (r *Reader) Value(e ast.Expr) ast.Expr {
	for range 10 { // a chain of variables, not a circle
		e = ast.Unparen(e)
		id, ok := e.(*ast.Ident)
		if !ok || r.defs[r.Info.ObjectOf(id)] == nil {
			return e
		}
		e = r.defs[r.Info.ObjectOf(id)]
	}
	return e
}

// Text is the value of a constant text.
func (r *Reader) Text(e ast.Expr) (string, bool) {
	v := r.Info.Types[e].Value
	if v == nil || v.Kind() != constant.String {
		return "", false
	}
	return constant.StringVal(v), true
}

// Call is a call of the runtime or of a generated client that is about a model.
type Call struct {
	*ast.CallExpr
	Name   string     // the function or method of the runtime: Find, Create, Call, ...
	Model  string     // sale.order; "" if it isn't known
	Record *Model     // its bindings; nil without
	Dest   types.Type // the type of the records that are read; nil if nothing is
	Method string     // of Call and ExecuteKW: Odoo's method, if it is constant
	// Args are the arguments without those that say where and on what: for Call the method comes first.
	Args []ast.Expr
	// Business is true for a business method of Odoo that was generated for a client.
	Business bool
	// Typed is true if the records that are read and the values that are written have types of the bindings.
	Typed bool
}

// Call reads a call; ok is false if it is about no model.
func (r *Reader) Call(e *ast.CallExpr) (c Call, ok bool) {
	f, ok := typeutil.Callee(r.Info, e).(*types.Func)
	if !ok {
		return c, false
	}
	c = Call{CallExpr: e, Name: f.Name(), Args: e.Args}
	receiver := f.Signature().Recv()
	switch {
	case receiver == nil && InRuntime(f):
		return c, r.generic(&c)
	case receiver == nil:
		return c, r.beside(&c, f)
	}
	if s, ok := r.Set.Type(Element(receiver.Type())); ok && s.Part == Client {
		c.Record, c.Typed = s.Model, true
		c.Business = !slices.Contains(ir.ClientMethods, c.Name)
		if results := f.Signature().Results(); results.Len() > 0 && r.Set.RecordOf(results.At(0).Type()) != nil {
			c.Dest = s.Model.Record.Type()
		}
		if c.Name == "All" {
			c.Dest = s.Model.Record.Type()
		}
		return c, r.complete(&c)
	}
	if !InRuntime(f) {
		return c, false
	}
	switch name := typeName(Element(receiver.Type())); {
	case name != nil && name.Name() == "Model":
		return c, r.ofModel(&c)
	case name != nil && name.Name() == "Client" && (c.Name == "ExecuteKW" || c.Name == "Model"):
		return c, r.ofClient(&c)
	}
	return c, false
}

// generic reads a call of a generic function: its type parameter M is the model's record, and R the record that is read.
func (r *Reader) generic(c *Call) bool {
	instance, ok := r.Instance(c.CallExpr)
	if !ok {
		return false
	}
	c.Typed = true
	signature := typeutil.Callee(r.Info, c.CallExpr).(*types.Func).Origin().Signature()
	for i := range signature.TypeParams().Len() {
		t := instance.TypeArgs.At(i)
		switch signature.TypeParams().At(i).Obj().Name() {
		case "M":
			c.Record = r.Set.RecordOf(t)
		case "R":
			c.Dest = t
		}
	}
	return r.complete(c)
}

// besideRuntime are the functions of packages beside the runtime that read and write records of a model, with the names of the
// calls. Those without a type parameter for the record take the name of the model after the client.
var besideRuntime = map[string]string{
	"load.Rows": "Load", "load.IntoModel": "Load", "files.Upload": "Upload", "files.UploadTo": "Upload",
	"files.Download": "Download", "files.DownloadFrom": "Download", "access.Has": "HasAccess", "access.ToModel": "HasAccess",
}

// beside reads a call of a function of a package beside the runtime.
func (r *Reader) beside(c *Call, f *types.Func) bool {
	if f.Pkg() == nil {
		return false
	}
	name := strings.TrimPrefix(f.Pkg().Path(), ir.RuntimePath+"/") + "." + f.Name()
	if c.Name = besideRuntime[name]; c.Name == "" {
		return false
	}
	params := f.Origin().Signature().TypeParams()
	for i := range params.Len() {
		if params.At(i).Obj().Name() == "M" {
			return r.generic(c)
		}
	}
	c.Args = c.Args[1:]
	return r.ofClient(c)
}

// Instance gives the type arguments of a call of a generic function.
func (r *Reader) Instance(e *ast.CallExpr) (types.Instance, bool) {
	fun := ast.Unparen(e.Fun)
	switch index := fun.(type) {
	case *ast.IndexExpr:
		fun = index.X
	case *ast.IndexListExpr:
		fun = index.X
	}
	if selector, ok := fun.(*ast.SelectorExpr); ok {
		fun = selector.Sel
	}
	id, ok := fun.(*ast.Ident)
	if !ok {
		return types.Instance{}, false
	}
	instance, ok := r.Info.Instances[id]
	return instance, ok
}

// ofModel reads a call of an orm.Model that Client.Model made with a constant name.
func (r *Reader) ofModel(c *Call) bool {
	selector, ok := ast.Unparen(c.Fun).(*ast.SelectorExpr)
	if !ok {
		return false
	}
	made, ok := r.Value(selector.X).(*ast.CallExpr)
	if !ok {
		return false
	}
	of, ok := r.Call(made)
	if !ok || of.Name != "Model" {
		return false
	}
	c.Model, c.Record = of.Model, of.Record
	if i, reads := destinations[c.Name]; reads && i < len(c.Args) {
		c.Dest = Element(r.Info.TypeOf(c.Args[i]))
	}
	return r.complete(c)
}

// destinations are the methods of orm.Model that read records, with the argument that they are read into.
var destinations = map[string]int{"Find": 1, "First": 1, "Get": 1, "Each": 1, "Read": 1, "Group": 1, "DefaultGet": 1}

func (r *Reader) ofClient(c *Call) bool {
	at := 1 // after the client, or the context of ExecuteKW
	if c.Name == "Model" {
		at = 0
	}
	if at >= len(c.Args) {
		return false
	}
	c.Model, _ = r.Text(c.Args[at])
	c.Model = strings.TrimSuffix(c.Model, ir.PartialSign)
	c.Args = c.Args[at+1:]
	c.Record = r.Set.Model(r.Pkg, c.Model)
	return c.Model != "" && r.complete(c)
}

// complete fills in what follows from the rest.
func (r *Reader) complete(c *Call) bool {
	if c.Record != nil && c.Model == "" {
		c.Model = c.Record.Name
	}
	if len(c.Args) > 0 && isContext(r.Info.TypeOf(c.Args[0])) {
		c.Args = c.Args[1:]
	}
	if name, _ := runtimeElement(r.Info, c.Args); name == "Client" {
		c.Args = c.Args[1:]
	}
	if (c.Name == "Call" || c.Name == "ExecuteKW") && len(c.Args) > 0 {
		c.Method, _ = r.Text(c.Args[0])
	}
	return c.Model != "" || c.Record != nil
}

// runtimeElement is the type of the runtime that the first argument is, or points to.
func runtimeElement(info *types.Info, args []ast.Expr) (string, []types.Type) {
	if len(args) == 0 {
		return "", nil
	}
	return Runtime(Element(info.TypeOf(args[0])))
}

func isContext(t types.Type) bool {
	name := typeName(t)
	return name != nil && name.Name() == "Context" && name.Pkg() != nil && name.Pkg().Path() == "context"
}
