package generator_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/odoogen/odoogen/generator"
	"github.com/odoogen/odoogen/introspect/snapshot"
)

// standard is what a configuration says that says nothing.
var standard = generator.Config{Schema: "odoogen.schema.json", Package: "odoo", Out: "odoo", Clients: true, Profile: generator.ProfileAll}

func writeConfig(t *testing.T, text string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "settings.yaml")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

func TestReadConfig(t *testing.T) {
	for _, text := range []string{"", "\n\n", "# only a comment\n", "---\n"} {
		c, err := generator.ReadConfig(writeConfig(t, text))
		if diff := cmp.Diff(standard, c); diff != "" || err != nil {
			t.Errorf("%q: %v\n%s", text, err, diff)
		}
	}
	c, err := generator.ReadConfig(writeConfig(t, `
models: [sale.order, 'product.*']
fields:
  res.partner: [name, 'x_*']
rename:
  sale.order/state=sale: Confirmed
  "sale.order/state=": None
clients: false
out: ./shop
`))
	want := standard
	want.Models = []string{"sale.order", "product.*"}
	want.Fields = map[string][]string{"res.partner": {"name", "x_*"}}
	want.Rename = map[string]string{"sale.order/state=sale": "Confirmed", "sale.order/state=": "None"}
	want.Clients, want.Out = false, "./shop"
	if diff := cmp.Diff(want, c); diff != "" || err != nil {
		t.Errorf("%v\n%s", err, diff)
	}
}

// Without a name, a missing file is no error; a file that is named must be there.
func TestReadConfigWithoutFile(t *testing.T) {
	t.Chdir(t.TempDir())
	c, err := generator.ReadConfig("")
	if diff := cmp.Diff(standard, c); diff != "" || err != nil {
		t.Errorf("%v\n%s", err, diff)
	}
	if _, err := generator.ReadConfig("other.yaml"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the error is %v", err)
	}
	if err := os.WriteFile(generator.ConfigFile, []byte("package: shop\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if c, err := generator.ReadConfig(""); c.Package != "shop" || err != nil {
		t.Errorf("the package is %q: %v", c.Package, err)
	}
}

// An error names the file, the line and what is wrong there.
func TestReadConfigErrors(t *testing.T) {
	for _, tc := range []struct{ text, line, what string }{
		{"package: shop\nmodelz: [a]\n", "[2:1]", `unknown field "modelz"`},
		{"package: shop\n\nrename:\n  a: [1]\n", "[4:", "cannot unmarshal"},
		{"models: a\n  b: [\n", "[1:", "mapping value is not allowed"},
		{"package: a\npackage: b\n", "[2:1]", `"package" already defined`},
		{"models: sale.order\n", "[1:9]", "string was used where sequence is expected"},
		{"clients: maybe\n", "[1:", "cannot unmarshal"},
		{"- a\n", "[1:1]", "sequence was used where mapping is expected"},
	} {
		file := writeConfig(t, tc.text)
		_, err := generator.ReadConfig(file)
		if err == nil {
			t.Errorf("%q: no error", tc.text)
			continue
		}
		for _, want := range []string{file, tc.line, tc.what} {
			if !strings.Contains(err.Error(), want) {
				t.Errorf("%q: the error is %v, want %s", tc.text, err, want)
			}
		}
	}
}

func partnersAndOrders() *snapshot.Schema {
	id, name := snapshot.Field{Name: "id", Type: "integer"}, snapshot.Field{Name: "name", Type: "char"}
	return &snapshot.Schema{Format: snapshot.Format, Models: []snapshot.Model{
		{Name: "res.partner", Fields: []snapshot.Field{id, name}},
		{Name: "sale.order", Fields: []snapshot.Field{id, name, {Name: "partner_id", Type: "many2one", Relation: "res.partner"}}},
	}}
}

// FuzzReadConfig reads settings and generates by them: whatever they say is an error or a package, never a panic.
func FuzzReadConfig(f *testing.F) {
	for _, text := range []string{
		"models: !!binary x", "models: [sale.order]\nfields: {sale.order: [name]}", "rename: {sale.order: Order}\nauto_rename: true",
		"methods:\n  sale.order: ['f(a, **b, **c)', 'g(*a, *b)', 'h(*, a, *, b)']",
		"projections:\n  A:\n    sale.order: [name, partner_id: [name]]\n  APartnerID:\n    sale.order: [name]\n",
		"projections: {SaleOrderValues: {sale.order: [name]}}", "profile: &a [*a]", "url: !!timestamp x", "projections: {A: {sale.order: [partner_id: ~]}}",
	} {
		f.Add(text)
	}
	s := partnersAndOrders()
	file := filepath.Join(f.TempDir(), "odoogen.yaml")
	f.Fuzz(func(t *testing.T, text string) {
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		c, err := generator.ReadConfig(file)
		if err != nil {
			return
		}
		if _, err := generator.Generate(s, c); err != nil && err.Error() == "" {
			t.Error("an error without a text")
		}
	})
}

// Two things with names that the settings give them cannot both have the same.
func TestFixedNamesMeet(t *testing.T) {
	c, err := generator.ReadConfig(writeConfig(t, "projections:\n  A:\n    sale.order: [partner_id: [name]]\n  APartnerID:\n    sale.order: [name]\n"))
	if err != nil {
		t.Fatal(err)
	}
	s := partnersAndOrders()
	_, err = generator.Generate(s, c)
	if err == nil || !strings.Contains(err.Error(), "name conflict, give one of them another name: APartnerID: the projection A of") {
		t.Error(err)
	}
}

// A signature that Python does not allow is refused, with the reason.
func TestSignaturesThatPythonRefuses(t *testing.T) {
	s := &snapshot.Schema{Format: snapshot.Format, Models: []snapshot.Model{{Name: "sale.order", Fields: []snapshot.Field{{Name: "name", Type: "char"}}}}}
	for signature, want := range map[string]string{
		"f(a, **b, **c)": `the parameter "c" is the second of the kind var_keyword`,
		"f(*a, *b)":      `the parameter "b" is the second of the kind var_positional`,
		"f(*, a, *, b)":  "it has two *",
		"f(a, a)":        `the parameter "a" is listed twice`,
	} {
		c := defaults()
		c.Methods = map[string][]string{"sale.order": {signature}}
		if _, err := generator.Resolve(c, s); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", signature, err)
		}
	}
}
