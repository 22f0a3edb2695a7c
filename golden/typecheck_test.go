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
	"os/exec"
	"strings"
	"sync"
	"testing"
)

const (
	runtimePath = "github.com/odoogen/odoogen/runtime"
	salesPath   = "github.com/odoogen/odoogen/golden/sales/want"
)

// exports are the files of export data of the runtime, of the package of the case sales, and of all that they import.
// go list compiles them, once.
var exports = sync.OnceValues(func() (map[string]string, error) {
	cmd := exec.Command("go", "list", "-export", "-deps", "-f", "{{.ImportPath}} {{.Export}}", runtimePath, salesPath, "encoding/json")
	out, err := cmd.Output()
	if err != nil {
		var failed *exec.ExitError
		if errors.As(err, &failed) {
			return nil, fmt.Errorf("%w\n%s", err, failed.Stderr)
		}
		return nil, err
	}
	files := map[string]string{}
	for line := range strings.Lines(string(out)) {
		path, file, _ := strings.Cut(strings.TrimSpace(line), " ")
		files[path] = file
	}
	return files, nil
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
