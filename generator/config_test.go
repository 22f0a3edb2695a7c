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

// An error tells the file, the line and what is wrong there.
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
