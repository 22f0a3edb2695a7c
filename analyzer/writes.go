package analyzer

import (
	"go/ast"
	"go/token"
	"go/types"
	"strings"

	"golang.org/x/tools/go/analysis"
)

// checkErrors finds writes whose error is not checked.
var checkErrors = newCheck("odoounchecked", `check that the errors of writes are checked

A create, write, unlink, load or method call whose results are dropped can fail unnoticed: check the error, or drop it
explicitly, with _ =.`, unchecked)

// checkLoops finds writes in a loop that could be one call.
var checkLoops = newCheck("odooloop", `find writes in a loop that could be one call

CreateMany, Write and Unlink take many records at once: a call for each record takes as many round trips and transactions.
Loops that go on after an error are left alone: there each record is on its own.`, loops)

// writes are the functions and methods that change something.
var writes = map[string]bool{"Create": true, "CreateMany": true, "Write": true, "Unlink": true, "Load": true, "Copy": true, "NameCreate": true,
	"Upload": true, "Call": true, "ExecuteKW": true}

func unchecked(pass *analysis.Pass, p *pkg) {
	for _, c := range p.calls {
		if !writes[c.Name] && !c.Business || c.Name == "Call" && readOnly[c.Method] || c.Name == "ExecuteKW" && readOnly[c.Method] {
			continue
		}
		switch c.parent().(type) {
		case *ast.ExprStmt, *ast.GoStmt, *ast.DeferStmt:
			report(pass, c.Pos(), c.End(), "the error of this %s is dropped", describe(c))
		}
	}
}

// readOnly are methods that change nothing.
var readOnly = map[string]bool{"read": true, "search": true, "search_read": true, "search_count": true, "fields_get": true, "name_search": true,
	"read_group": true, "formatted_read_group": true, "default_get": true}

// describe names a write: "create of res.partner".
func describe(c call) string {
	name := strings.ToLower(c.Name)
	switch {
	case c.Business:
		name = "call of " + c.Name
	case c.Method != "":
		name = "call of " + c.Method
	}
	if c.Model == "" {
		return name
	}
	return name + " of " + c.Model
}

func (c call) parent() ast.Node { return c.stack[len(c.stack)-1] }

func loops(pass *analysis.Pass, p *pkg) {
	for _, c := range p.calls {
		body, vars := c.loop(pass)
		if body == nil || !c.givesUp() {
			continue
		}
		switch c.Name {
		case "Create":
			if len(c.Args) > 0 && p.mentions(pass, c.Args[0], vars, body) && !c.resultUsed(pass, body) {
				report(pass, c.Pos(), c.End(), "a create of %s for each turn of a loop: collect the values, and make one call of CreateMany", c.Model)
			}
		case "Write":
			if id, values, ok := c.writeOfOne(); ok && p.mentions(pass, id, vars, body) && !p.mentions(pass, values, vars, body) {
				report(pass, c.Pos(), c.End(), "a write of %s for each turn of a loop, with the same values: collect the ids, and make one call", c.Model)
			}
		case "Unlink":
			if id, ok := c.unlinkOfOne(); ok && p.mentions(pass, id, vars, body) {
				report(pass, c.Pos(), c.End(), "an unlink of %s for each turn of a loop: collect the ids, and make one call", c.Model)
			}
		}
	}
}

// loop is the innermost loop around a call that runs over a list or counts, and its variables; nil if there is none, or
// a function or a select lies between.
func (c call) loop(pass *analysis.Pass) (*ast.BlockStmt, []ast.Expr) {
	for i := len(c.stack) - 1; i >= 0; i-- {
		switch n := c.stack[i].(type) {
		case *ast.FuncLit, *ast.FuncDecl, *ast.GoStmt, *ast.SelectStmt, *ast.SwitchStmt, *ast.TypeSwitchStmt:
			return nil, nil
		case *ast.RangeStmt:
			switch pass.TypesInfo.TypeOf(n.X).Underlying().(type) {
			case *types.Slice, *types.Array, *types.Map, *types.Pointer:
				return n.Body, []ast.Expr{n.Key, n.Value}
			}
			return nil, nil
		case *ast.ForStmt:
			if init, ok := n.Init.(*ast.AssignStmt); ok && n.Post != nil {
				return n.Body, init.Lhs
			}
			return nil, nil
		}
	}
	return nil, nil
}

// mentions reports whether an expression depends on the variables of a loop, or on one that is declared in its body.
func (p *pkg) mentions(pass *analysis.Pass, e ast.Expr, vars []ast.Expr, body *ast.BlockStmt) (found bool) {
	ast.Inspect(e, func(n ast.Node) bool {
		id, ok := n.(*ast.Ident)
		if !ok {
			return !found
		}
		o, ok := pass.TypesInfo.ObjectOf(id).(*types.Var)
		if !ok {
			return true
		}
		for _, v := range vars {
			if v, ok := v.(*ast.Ident); ok && pass.TypesInfo.ObjectOf(v) == o {
				found = true
			}
		}
		if !o.IsField() && o.Pos() >= body.Pos() && o.Pos() < body.End() {
			found = true
		}
		return !found
	})
	return found
}

// givesUp reports whether the loop ends when the call fails. Otherwise the records are independent.
func (c call) givesUp() bool {
	i := len(c.stack) - 1
	for i >= 0 {
		if _, ok := c.stack[i].(ast.Stmt); ok {
			break
		}
		i--
	}
	if i < 1 {
		return false
	}
	switch s := c.stack[i].(type) {
	case *ast.ReturnStmt:
		return false
	case *ast.AssignStmt:
		if check, ok := c.stack[i-1].(*ast.IfStmt); ok && check.Init == s {
			return leaves(check.Body)
		}
		return leavesNext(c.stack[i-1], s)
	case *ast.ExprStmt:
		return true // the error is dropped
	}
	return false
}

// leavesNext reports whether the statement after another one is a check that leaves the loop.
func leavesNext(in ast.Node, s ast.Stmt) bool {
	block, ok := in.(*ast.BlockStmt)
	if !ok {
		return false
	}
	for i, other := range block.List {
		if other == s && i+1 < len(block.List) {
			check, ok := block.List[i+1].(*ast.IfStmt)
			return ok && leaves(check.Body)
		}
	}
	return false
}

// leaves reports whether a block returns, or ends the program or the test.
func leaves(block *ast.BlockStmt) bool {
	if len(block.List) == 0 {
		return false
	}
	switch last := block.List[len(block.List)-1].(type) {
	case *ast.ReturnStmt:
		return true
	case *ast.ExprStmt:
		call, ok := last.X.(*ast.CallExpr)
		if !ok {
			return false
		}
		f, ok := call.Fun.(*ast.SelectorExpr)
		if ok {
			return f.Sel.Name == "Exit" || strings.HasPrefix(f.Sel.Name, "Fatal") || strings.HasPrefix(f.Sel.Name, "Panic")
		}
		id, ok := call.Fun.(*ast.Ident)
		return ok && id.Name == "panic"
	}
	return false
}

// resultUsed reports whether the id that a create returns is used within the loop other than by storing it.
func (c call) resultUsed(pass *analysis.Pass, body *ast.BlockStmt) bool {
	assign, ok := c.parent().(*ast.AssignStmt)
	if !ok || len(assign.Lhs) == 0 {
		return false
	}
	id, ok := assign.Lhs[0].(*ast.Ident)
	if !ok {
		return false
	}
	result := pass.TypesInfo.ObjectOf(id)
	used := false
	ast.PreorderStack(body, nil, func(n ast.Node, stack []ast.Node) bool {
		if n, ok := n.(*ast.Ident); ok && n != id && result != nil && pass.TypesInfo.ObjectOf(n) == result && !kept(stack) {
			used = true
		}
		return true
	})
	return used
}

// kept reports whether the expression at the end of the stack is appended to a list or stored in one.
func kept(stack []ast.Node) bool {
	switch n := stack[len(stack)-1].(type) {
	case *ast.CallExpr:
		id, ok := n.Fun.(*ast.Ident)
		return ok && id.Name == "append"
	case *ast.AssignStmt:
		return n.Tok == token.ASSIGN
	}
	return false
}

// writeOfOne returns the only id and the values of a write.
func (c call) writeOfOne() (id, values ast.Expr, ok bool) {
	if len(c.Args) < 2 {
		return nil, nil, false
	}
	id, ok = onlyElement(c.Args[0])
	return id, c.Args[1], ok
}

func (c call) unlinkOfOne() (id ast.Expr, ok bool) {
	if len(c.Args) == 0 {
		return nil, false
	}
	return onlyElement(c.Args[0])
}

// onlyElement is the id in a list of one: orm.On(id), or []orm.ID[odoo.SaleOrder]{id}.
func onlyElement(e ast.Expr) (ast.Expr, bool) {
	var elements []ast.Expr
	switch e := e.(type) {
	case *ast.CompositeLit:
		elements = e.Elts
	case *ast.CallExpr:
		if called, ok := ast.Unparen(e.Fun).(*ast.SelectorExpr); ok && called.Sel.Name == "On" && !e.Ellipsis.IsValid() {
			elements = e.Args
		}
	}
	if len(elements) != 1 {
		return nil, false
	}
	return elements[0], true
}
