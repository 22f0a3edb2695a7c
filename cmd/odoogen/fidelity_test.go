//go:build live

package main

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/format"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// TestFidelity generates all models of the server that the environment names, as TestLive wants it, reads everything
// through them, and leaves a report in the file that FIDELITY_REPORT names. It is run by make fidelity.
func TestFidelity(t *testing.T) {
	vars := []string{"ODOO_DB=" + need(t, "ODOO_FULL_DB"), "REPORT=" + need(t, "FIDELITY_REPORT")}
	for _, name := range []string{"ODOO_URL", "ODOO_USER", "ODOO_PASSWORD"} {
		vars = append(vars, name+"="+need(t, name))
	}
	params := scriptParams(t, "testdata/fidelity", func(env *testscript.Env) error {
		env.Vars = append(env.Vars, vars...)
		return nil
	})
	params.Cmds["fidelityprogram"] = func(ts *testscript.TestScript, _ bool, _ []string) { writeFidelityProgram(ts) }
	testscript.Run(t, params)
}

// writeFidelityProgram is the command "fidelityprogram": it makes a program of the package fidelity, which it copies,
// and the records of the package ./odoo.
func writeFidelityProgram(ts *testscript.TestScript) {
	files, err := filepath.Glob("internal/fidelity/*.go")
	ts.Check(err)
	ts.Check(os.Mkdir(ts.MkAbs("fidelity"), 0o700))
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		text, err := os.ReadFile(file)
		ts.Check(err)
		ts.Check(os.WriteFile(ts.MkAbs(filepath.Join("fidelity", filepath.Base(file))), text, 0o600))
	}
	types, err := recordTypes(ts.MkAbs("odoo"))
	ts.Check(err)
	text, err := fidelityMain(types)
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs("main.go"), text, 0o600))
}

func fidelityMain(types map[string]string) ([]byte, error) {
	var b bytes.Buffer
	b.WriteString("package main\n\nimport (\n\"reflect\"\n\n\"example.com/shop/fidelity\"\n\"example.com/shop/odoo\"\n)\n\n")
	b.WriteString("func main() {\nfidelity.Main(fidelity.Models{\n")
	for _, model := range slices.Sorted(maps.Keys(types)) {
		fmt.Fprintf(&b, "%s: reflect.TypeFor[odoo.%s](),\n", model, types[model])
	}
	b.WriteString("})\n}\n")
	return format.Source(b.Bytes())
}

// recordTypes finds the generated records: the receivers of OdooModel by the literal that it returns. Those that stand
// for models without bindings are among them.
func recordTypes(dir string) (map[string]string, error) {
	files, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		return nil, err
	}
	types := map[string]string{}
	for _, name := range files {
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		for _, decl := range file.Decls {
			if model, record, ok := recordType(decl); ok {
				types[model] = record
			}
		}
	}
	return types, nil
}

// recordType takes a method of the form func (*Record) OdooModel() string { return "model" } apart.
func recordType(decl ast.Decl) (model, record string, ok bool) {
	f, isFunc := decl.(*ast.FuncDecl)
	if !isFunc || f.Name.Name != "OdooModel" || f.Recv == nil {
		return "", "", false
	}
	pointer, ok1 := f.Recv.List[0].Type.(*ast.StarExpr)
	result, ok2 := f.Body.List[0].(*ast.ReturnStmt)
	if !ok1 || !ok2 {
		return "", "", false
	}
	return result.Results[0].(*ast.BasicLit).Value, pointer.X.(*ast.Ident).Name, true
}
