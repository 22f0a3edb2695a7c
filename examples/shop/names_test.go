package shop_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"strconv"
	"testing"

	"github.com/odoogen/odoogen/introspect/snapshot"
)

// No text in the program names a model, a field, a method or a report.
func TestNoTextNamesAnything(t *testing.T) {
	names := map[string]bool{}
	for _, file := range []string{"snapshots/14.json", "snapshots/19.json"} {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		schema, err := snapshot.Decode(data)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range schema.Models {
			names[m.Name] = true
			for _, f := range m.Fields {
				names[f.Name] = true
			}
			for _, method := range m.Methods {
				names[method.Name] = true
			}
			for _, r := range m.Reports {
				names[r.Name] = true
			}
		}
	}
	program, err := parser.ParseFile(token.NewFileSet(), "shop.go", nil, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	texts := 0
	ast.Inspect(program, func(n ast.Node) bool {
		if text, ok := n.(*ast.BasicLit); ok && text.Kind == token.STRING {
			texts++
			if value, err := strconv.Unquote(text.Value); err != nil || names[value] {
				t.Errorf("the program names %s", text.Value)
			}
		}
		return true
	})
	if texts == 0 || !names["sale.order"] || !names["account.report_invoice"] {
		t.Errorf("%d texts and %d names were compared", texts, len(names))
	}
}
