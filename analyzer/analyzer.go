// Package analyzer finds mistakes in the use of generated bindings that the Go compiler does not find. Each check is a
// separate analyzer, so that it can be disabled, for example with go vet -vettool=odoogen -odooloop=false.
//
// The checks read models from the types of the generated package and its Schema; they need neither the snapshot nor a
// server. They report nothing unless they are certain.
package analyzer

import (
	"go/ast"
	"go/token"
	"go/types"
	"reflect"

	"golang.org/x/tools/go/analysis"

	"github.com/odoogen/odoogen/internal/bindings"
	"github.com/odoogen/odoogen/internal/usage"
)

// All are the checks of odoogen vet, for a vet tool or a plugin of golangci-lint.
var All = []*analysis.Analyzer{checkTags, checkFields, checkChoices, checkErrors, checkLoops, checkOnDemand, checkOptions, checkSearches}

// code is the common part of the checks: the generated packages, the calls and the uses in one package.
var code = &analysis.Analyzer{
	Name:       "odoocode",
	Doc:        "read what a package does with generated bindings",
	Run:        func(pass *analysis.Pass) (any, error) { return read(pass), nil },
	ResultType: reflect.TypeFor[*pkg](),
}

// pkg is the information about a package that the checks share.
type pkg struct {
	set    *bindings.Set
	reader *bindings.Reader
	calls  []call
	uses   []usage.Use
}

// call is a call of the runtime or of a client, with its enclosing nodes.
type call struct {
	bindings.Call
	stack []ast.Node // from the file down to the call, without it
}

func read(pass *analysis.Pass) *pkg {
	p := &pkg{set: bindings.NewSet(nil)}
	if !usesBindings(pass.Pkg, p.set) {
		return p
	}
	files := handwritten(pass.Files)
	p.reader = bindings.NewReader(p.set, pass.Pkg, pass.TypesInfo, files)
	p.uses = usage.Find(pass.Fset, p.set, nil, usage.Source{Files: files, Types: pass.Pkg, Info: pass.TypesInfo})
	for _, f := range files {
		ast.PreorderStack(f, nil, func(n ast.Node, stack []ast.Node) bool {
			if e, ok := n.(*ast.CallExpr); ok {
				if c, ok := p.reader.Call(e); ok {
					p.calls = append(p.calls, call{c, append([]ast.Node(nil), stack...)})
				}
			}
			return true
		})
	}
	return p
}

func usesBindings(p *types.Package, set *bindings.Set) bool {
	for _, i := range bindings.WithImports(p) {
		if bindings.IsRuntime(i) || set.Of(i) != nil {
			return true
		}
	}
	return false
}

// handwritten returns the files that are not generated.
func handwritten(files []*ast.File) []*ast.File {
	var out []*ast.File
	for _, f := range files {
		if !ast.IsGenerated(f) {
			out = append(out, f)
		}
	}
	return out
}

func of(pass *analysis.Pass) *pkg { return pass.ResultOf[code].(*pkg) }

func newCheck(name, doc string, run func(*analysis.Pass, *pkg)) *analysis.Analyzer {
	return &analysis.Analyzer{Name: name, Doc: doc, URL: "https://github.com/odoogen/odoogen/blob/main/docs/vet.md#" + name, Requires: []*analysis.Analyzer{code},
		Run: func(pass *analysis.Pass) (any, error) {
			run(pass, of(pass))
			return nil, nil
		}}
}

// model returns the model of a use, if the package has the complete model.
func (p *pkg) model(pass *analysis.Pass, u usage.Use) *bindings.Model {
	m := p.set.Model(pass.Pkg, u.Model)
	if m == nil || !m.Known || m.Partial {
		return nil
	}
	return m
}

func report(pass *analysis.Pass, from, to token.Pos, format string, args ...any) {
	pass.Report(analysis.Diagnostic{Pos: from, End: to, Message: sprintf(format, args...)})
}
