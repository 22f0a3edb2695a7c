package analyzer

import (
	"go/ast"
	"go/types"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/types/typeutil"

	"github.com/odoogen/odoogen/internal/bindings"
)

// checkOnDemand finds uses of fields that the call did not read.
var checkOnDemand = newCheck("odooondemand", `find fields that are used without having been read

A generated record leaves out binaries, and what the server computes on each read, unless the call asks for them with
orm.Include or orm.Everything: they then have the zero value, whatever the server has.`, onDemand)

func onDemand(pass *analysis.Pass, p *pkg) {
	results := map[types.Object]*call{}
	for i := range p.calls {
		c := &p.calls[i]
		if record, ok := p.set.Type(typeOr(c.Dest)); !ok || record.Part != bindings.Record || !reads[c.Name] {
			continue
		}
		if v := c.result(pass); v != nil {
			results[v] = c
		}
	}
	if len(results) == 0 {
		return
	}
	w := &watcher{pass: pass, p: p, results: results, part: map[types.Object]types.Object{}, spoiled: map[types.Object]bool{}}
	for _, f := range handwritten(pass.Files) {
		ast.PreorderStack(f, nil, w.follow)
	}
	for _, f := range handwritten(pass.Files) {
		ast.PreorderStack(f, nil, w.check)
	}
}

func typeOr(t types.Type) types.Type {
	if t == nil {
		return types.Typ[types.Invalid]
	}
	return t
}

var reads = map[string]bool{"Find": true, "First": true, "Get": true, "All": true, "Read": true}

// result returns the variable that holds the result of a call.
func (c *call) result(pass *analysis.Pass) types.Object {
	switch n := c.parent().(type) {
	case *ast.AssignStmt:
		if len(n.Rhs) == 1 && len(n.Lhs) == 2 {
			return objectOf(pass, n.Lhs[0])
		}
	case *ast.RangeStmt:
		if c.Name == "All" && n.X == c.CallExpr {
			return objectOf(pass, n.Key)
		}
	}
	return nil
}

func objectOf(pass *analysis.Pass, e ast.Expr) types.Object {
	if id, ok := e.(*ast.Ident); ok && id.Name != "_" {
		return pass.TypesInfo.ObjectOf(id)
	}
	return nil
}

// watcher follows the variables that hold records.
type watcher struct {
	pass    *analysis.Pass
	p       *pkg
	results map[types.Object]*call
	part    map[types.Object]types.Object // the variable of a loop → the list that it runs over
	spoiled map[types.Object]bool         // also set elsewhere, or passed to a function that can change it
}

// follow records the variables of loops over results, and the variables that cannot be tracked.
func (w *watcher) follow(n ast.Node, _ []ast.Node) bool {
	switch n := n.(type) {
	case *ast.RangeStmt:
		if c := w.results[objectOf(w.pass, n.X)]; c != nil && n.Value != nil {
			if v := objectOf(w.pass, n.Value); v != nil {
				w.results[v], w.part[v] = c, objectOf(w.pass, n.X)
			}
		}
	case *ast.AssignStmt:
		for i, left := range n.Lhs {
			root := w.root(left)
			if c := w.results[root]; c != nil && (len(n.Rhs) != 1 || n.Rhs[0] != c.CallExpr || i != 0) {
				w.spoiled[root] = true
			}
		}
	case *ast.CallExpr:
		w.give(n)
	case *ast.UnaryExpr:
		if o := w.root(n.X); n.Op.String() == "&" && o != nil {
			w.spoiled[o] = true
		}
	}
	return true
}

// give records the lists that are passed to a function, which can fill in any field.
func (w *watcher) give(n *ast.CallExpr) {
	if _, builtin := typeutil.Callee(w.pass.TypesInfo, n).(*types.Builtin); builtin {
		return
	}
	for _, arg := range n.Args {
		if _, isList := typeOr(w.pass.TypesInfo.TypeOf(arg)).Underlying().(*types.Slice); isList {
			w.spoiled[w.root(arg)] = true
		}
	}
}

// root returns the variable that an expression is a part of.
func (w *watcher) root(e ast.Expr) types.Object {
	for {
		switch n := ast.Unparen(e).(type) {
		case *ast.Ident:
			return w.pass.TypesInfo.ObjectOf(n)
		case *ast.SelectorExpr:
			e = n.X
		case *ast.IndexExpr:
			e = n.X
		default:
			return nil
		}
	}
}

// check checks the fields that are selected from the variables.
func (w *watcher) check(n ast.Node, _ []ast.Node) bool {
	selector, ok := n.(*ast.SelectorExpr)
	if !ok {
		return true
	}
	s, ok := w.p.set.Symbol(w.pass.TypesInfo.Uses[selector.Sel])
	if !ok || s.Part != bindings.RecordField || !s.Field.OnDemand {
		return true
	}
	root := w.root(selector.X)
	c := w.results[root]
	if c == nil || w.spoiled[root] || w.part[root] != nil && w.spoiled[w.part[root]] || !w.leftOut(c, s.Field) {
		return true
	}
	report(w.pass, selector.Sel.Pos(), selector.Sel.End(), "%s.%s was not read: ask for it with orm.Include(%sF.%s)", s.Model.Name, s.Field.Name,
		s.Model.Record.Pkg().Name()+"."+s.Model.Record.Name(), s.Field.Go)
	return true
}

// leftOut reports whether a call certainly leaves out a field.
func (w *watcher) leftOut(c *call, f *bindings.Field) bool {
	if c.Ellipsis.IsValid() {
		return false
	}
	for _, arg := range c.Args {
		if name, _ := bindings.Runtime(w.pass.TypesInfo.TypeOf(arg)); strings.HasSuffix(name, "Option") && !w.harmless(arg, f) {
			return false
		}
	}
	return true
}

// harmless reports whether an option certainly does not include the field.
func (w *watcher) harmless(option ast.Expr, f *bindings.Field) bool {
	made, ok := w.p.reader.Value(option).(*ast.CallExpr)
	if !ok {
		return false
	}
	called, ok := typeutil.Callee(w.pass.TypesInfo, made).(*types.Func)
	if !ok || !bindings.InRuntime(called) {
		return false
	}
	switch called.Name() {
	case "Everything":
		return false
	case "Include":
		s, ok := w.field(made)
		return ok && s != f
	}
	return true
}

// field returns the field of the descriptor that is passed to a call.
func (w *watcher) field(made *ast.CallExpr) (*bindings.Field, bool) {
	if len(made.Args) != 1 {
		return nil, false
	}
	selector, ok := w.p.reader.Value(made.Args[0]).(*ast.SelectorExpr)
	if !ok {
		return nil, false
	}
	s, ok := w.p.set.Symbol(w.pass.TypesInfo.Uses[selector.Sel])
	return s.Field, ok
}
