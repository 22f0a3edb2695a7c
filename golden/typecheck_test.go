package golden_test

import (
	"errors"
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"sync"
	"testing"

	"golang.org/x/tools/go/packages"
)

const (
	runtimePath = "github.com/odoogen/odoogen/runtime"
	salesPath   = "github.com/odoogen/odoogen/golden/sales/want"
	ownPath     = "github.com/odoogen/odoogen/golden/own/want"
	comparePath = runtimePath + "/compare"
)

// exports are the files of export data of the runtime, of packages beside it, of the package of the case sales, and of all that they import.
// They are compiled once.
var exports = sync.OnceValues(func() (map[string]string, error) {
	mode := packages.NeedName | packages.NeedExportFile | packages.NeedImports | packages.NeedDeps
	loaded, err := packages.Load(&packages.Config{Mode: mode}, runtimePath, runtimePath+"/access", runtimePath+"/files", runtimePath+"/load", salesPath, ownPath, comparePath, "encoding/json")
	if err != nil {
		return nil, err
	}
	files := map[string]string{}
	packages.Visit(loaded, nil, func(p *packages.Package) {
		files[p.PkgPath] = p.ExportFile
		for _, problem := range p.Errors {
			err = errors.Join(err, problem)
		}
	})
	return files, err
})

// checker type-checks sources in this process.
type checker struct {
	fset *token.FileSet
	imp  types.Importer
}

func newChecker(t *testing.T) *checker {
	t.Helper()
	files, err := exports()
	if err != nil {
		t.Fatal(err)
	}
	fset := token.NewFileSet()
	lookup := func(path string) (io.ReadCloser, error) {
		if files[path] == "" {
			return nil, fmt.Errorf("no export data of %s", path)
		}
		return os.Open(files[path])
	}
	return &checker{fset, importer.ForCompiler(fset, "gc", lookup)}
}

// check gives the type errors of a package, one a line. A source that does not parse fails the test.
func (c *checker) check(t *testing.T, sources map[string]string) []string {
	t.Helper()
	var parsed []*ast.File
	for name, source := range sources {
		f, err := parser.ParseFile(c.fset, name, source, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		parsed = append(parsed, f)
	}
	var problems []string
	config := types.Config{Importer: c.imp, Error: func(err error) {
		var e types.Error
		if errors.As(err, &e) {
			problems = append(problems, fmt.Sprintf("%s: %s", c.fset.Position(e.Pos), e.Msg))
		}
	}}
	config.Check("checked", c.fset, parsed, nil) // Error has them all
	return problems
}
