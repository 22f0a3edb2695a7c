package setup

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/odoogen/odoogen/generator"
	"github.com/odoogen/odoogen/introspect/snapshot"
	"github.com/odoogen/odoogen/templates"
)

var known = []snapshot.Model{
	{Name: "res.partner", Label: "Contact", Modules: []string{"base"}},
	{Name: "sale.order", Label: "Sales Order", Modules: []string{"sale"}},
	{Name: "sale.order.line", Label: "Sales Order Line", Modules: []string{"sale"}},
	{Name: "stock.move", Label: "Stock Move", Modules: []string{"stock"}},
}

func TestModels(t *testing.T) {
	for name, tc := range map[string]struct {
		lines string
		want  []string
		says  string
	}{
		"nothing":           {"\n", nil, "4 models."},
		"search and number": {"sales order\n2 1\n\n", []string{"sale.order.line", "sale.order"}, "   1  sale.order                       Sales Order\n"},
		"by label":          {"contact\n1\n\n", []string{"res.partner"}, "res.partner"},
		"a name":            {"stock.move\n\n", []string{"stock.move"}, "chosen: stock.move"},
		"patterns":          {"sale.*, module:stock !sale.order.line\n\n", []string{"sale.*", "module:stock", "!sale.order.line"}, "chosen: "},
		"dropped again":     {"sale.order\nsale.order\n\n", nil, "nothing, which is all models"},
		"no such pattern":   {"sales.*\n\n", nil, "no model matches sales.*"},
		"not a pattern":     {"sale.[\n\n", nil, "is not a pattern"},
		"no such words":     {"purchase\n\n", nil, "no model has these words"},
		"a number too high": {"sale\n7\n\n", nil, "no model has these words"},
	} {
		var out strings.Builder
		got, err := NewPrompt(strings.NewReader(tc.lines), &out).Models(t.Context(), known)
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if diff := cmp.Diff(append([]string{}, tc.want...), append([]string{}, got...)); diff != "" {
			t.Errorf("%s:\n%s", name, diff)
		}
		if !strings.Contains(out.String(), tc.says) {
			t.Errorf("%s: no %q in\n%s", name, tc.says, out.String())
		}
	}
	if _, err := NewPrompt(strings.NewReader("sale\n"), new(strings.Builder)).Models(t.Context(), known); err == nil {
		t.Error("an input that ends is no error")
	}
}

func TestOne(t *testing.T) {
	for lines, want := range map[string]string{"\n": "a", "2\n": "b", "b\n": "b", "x\n3\nb\n": "b"} {
		got, err := NewPrompt(strings.NewReader(lines), new(strings.Builder)).One(t.Context(), "Database", []string{"a", "b"})
		if got != want || err != nil {
			t.Errorf("%q gives %q, %v", lines, got, err)
		}
	}
}

// Somebody who presses Ctrl-C at a question waits for nothing.
func TestAskIsInterrupted(t *testing.T) {
	terminal, _ := io.Pipe() // nobody types
	ctx, interrupt := context.WithCancel(t.Context())
	interrupt()
	if _, err := NewPrompt(terminal, new(strings.Builder)).Ask(ctx, "Database", ""); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

// Whatever a name holds, the configuration says it back.
func TestScaffoldIsReadBack(t *testing.T) {
	folder := t.TempDir()
	hostile := "a: 'b' # \"c\"\n- {d}"
	s := templates.Scaffold{URL: "https://x", Database: hostile, User: "u@x", Package: "crm", Out: "./crm", RootPackage: "shop", Models: []string{"sale.*", "!x"}}
	files, err := s.Files()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Write(folder, files, false); err != nil {
		t.Fatal(err)
	}
	c, err := generator.ReadConfig(filepath.Join(folder, generator.ConfigFile))
	if err != nil {
		t.Fatal(err)
	}
	got := []string{c.URL, c.Database, c.User, c.Package, c.Out, strings.Join(c.Models, " ")}
	if diff := cmp.Diff([]string{"https://x", hostile, "u@x", "crm", "./crm", "sale.* !x"}, got); diff != "" {
		t.Error(diff)
	}
}

func TestWrite(t *testing.T) {
	folder := t.TempDir()
	write := func(force bool, a, b string) string {
		written, err := Write(folder, map[string][]byte{"a": []byte(a), "d/b": []byte(b)}, force)
		if err != nil {
			return err.Error()
		}
		return written[0].How + " " + written[1].How
	}
	for _, step := range []struct {
		force      bool
		a, b, want string
	}{
		{false, "1", "1", "written written"},
		{false, "1", "1", "unchanged unchanged"},
		{false, "2", "1", "a: already there, and nothing was written; --force replaces what is there"},
		{true, "2", "1", "replaced unchanged"},
	} {
		if got := write(step.force, step.a, step.b); got != step.want {
			t.Errorf("%+v: %s", step, got)
		}
	}
	data, err := os.ReadFile(filepath.Join(folder, "a"))
	if err != nil || string(data) != "2" {
		t.Errorf("%s, %v", data, err)
	}
}

func TestPackageOf(t *testing.T) {
	for name, tc := range map[string]struct {
		files map[string]string
		want  string
	}{
		"nothing":      {nil, "integration"},
		"a module":     {map[string]string{"go.mod": "module example.com/acme-shop\n"}, "acmeshop"},
		"a version":    {map[string]string{"go.mod": "// x\nmodule example.com/shop/v2\n"}, "shop"},
		"a keyword":    {map[string]string{"go.mod": "module example.com/type\n"}, "integration"},
		"a package":    {map[string]string{"go.mod": "module example.com/x\n", "a.go": "package main\n"}, "main"},
		"only a test":  {map[string]string{"go.mod": "module example.com/x\n", "a_test.go": "package y_test\n"}, "x"},
		"broken files": {map[string]string{"a.go": "oops"}, "integration"},
	} {
		folder := t.TempDir()
		for file, text := range tc.files {
			if err := os.WriteFile(filepath.Join(folder, file), []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		if got := PackageOf(folder); got != tc.want {
			t.Errorf("%s: %s, want %s", name, got, tc.want)
		}
	}
}
