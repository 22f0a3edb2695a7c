package analyzer

import (
	"go/ast"
	"go/types"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/types/typeutil"

	"github.com/odoogen/odoogen/internal/bindings"
)

// checkOptions finds options for another model than the one that is read.
var checkOptions = newCheck("odoooption", `check that orders and included fields are of the model that is read

orm.Asc, orm.Desc, orm.Include and orm.After take a field, or a record, of the model of the call. One of another model
compiles, and is an error when the call runs.`, options)

// aboutModel are the functions that make an option for a model, with the name of the option.
var aboutModel = map[string]string{"Asc": "order", "Desc": "order", "Include": "Include", "After": "After"}

func options(pass *analysis.Pass, p *pkg) {
	for _, c := range p.calls {
		for _, arg := range c.Args {
			for _, option := range p.elements(arg) {
				what, of := p.modelOfOption(pass, option)
				if of != nil && c.Model != "" && of.Name != c.Model {
					report(pass, option.Pos(), option.End(), "%s of %s in a call on %s", what, of.Name, c.Model)
				}
			}
		}
	}
}

// elements are the elements of a slice literal, or else the expression itself.
func (p *pkg) elements(e ast.Expr) []ast.Expr {
	if list, ok := p.reader.Value(e).(*ast.CompositeLit); ok {
		return list.Elts
	}
	return []ast.Expr{e}
}

// modelOfOption is the model that an option is about, and what the option is; nil if it is about none.
func (p *pkg) modelOfOption(pass *analysis.Pass, option ast.Expr) (what string, of *bindings.Model) {
	made, ok := p.reader.Value(option).(*ast.CallExpr)
	if !ok {
		return "", nil
	}
	called, ok := typeutil.Callee(pass.TypesInfo, made).(*types.Func)
	if !ok || !bindings.InRuntime(called) || aboutModel[called.Name()] == "" {
		return "", nil
	}
	instance, ok := p.reader.Instance(made)
	if !ok || instance.TypeArgs.Len() == 0 {
		return "", nil
	}
	return aboutModel[called.Name()], p.set.RecordOf(instance.TypeArgs.At(0))
}
