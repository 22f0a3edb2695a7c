package main

import (
	"bytes"
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"github.com/odoogen/odoogen/introspect/snapshot"
	"github.com/odoogen/odoogen/runtime/odootest"
)

// runIn runs the command in the folder of the test and gives what it prints.
func runIn(t *testing.T, args ...string) (string, error) {
	t.Helper()
	var out bytes.Buffer
	root := newRoot()
	root.SetOut(&out)
	root.SetErr(&out)
	root.SetArgs(args)
	err := root.ExecuteContext(t.Context())
	return out.String(), err
}

// On every version nothing differs right after a pull, and what the server changes is noticed once.
func TestCheckLiveOnEveryVersion(t *testing.T) {
	for _, version := range []string{"14", "15", "16", "17", "18", "19"} {
		t.Run(version, func(t *testing.T) {
			file, err := filepath.Abs("../../runtime/odootest/suite/testdata/" + version + ".schema.json")
			if err != nil {
				t.Fatal(err)
			}
			schema, err := snapshot.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			schema.Models = append(schema.Models, ofEveryKind(version)...)
			if version == "19" {
				drop(t, schema, "res.lang", "date_format") // its choices need names in odoogen.yaml
			}
			t.Chdir(t.TempDir())
			t.Setenv("ODOO_DB", "demo")
			t.Setenv("ODOO_USER", "admin")
			t.Setenv("ODOO_PASSWORD", "admin")
			t.Setenv("ODOO_URL", odootest.New(t, schema).URL)
			for _, args := range [][]string{{"pull"}, {"generate"}} {
				if out, err := runIn(t, args...); err != nil {
					t.Fatalf("%s: %v\n%s", args, err, out)
				}
			}
			out, err := runIn(t, "check", "--live")
			if err != nil || !strings.Contains(out, "odoogen.schema.json is what the server says.") {
				t.Errorf("%v\n%s", err, out)
			}
			drop(t, schema, "res.country", "code")
			t.Setenv("ODOO_URL", odootest.New(t, schema).URL)
			out, err = runIn(t, "check", "--live")
			if code := (exitError{}); !errors.As(err, &code) || code.code != exitServerDiffers || strings.Count(out, "code") < 1 || !strings.Contains(out, "res.country") {
				t.Errorf("%v\n%s", err, out)
			}
		})
	}
}

// ofEveryKind are models of the kinds that only some versions describe: Odoo 15 to 18 know no field of abstract models that
// declare none.
func ofEveryKind(version string) []snapshot.Model {
	id := snapshot.Field{Name: "id", Type: "integer", Label: "ID", Readonly: true}
	name := snapshot.Field{Name: "display_name", Type: "char", Label: "Display Name", Readonly: true, Computed: true}
	bare := []snapshot.Field{name, id}
	if version > "14" && version < "19" {
		bare = []snapshot.Field{}
	}
	return []snapshot.Model{
		{Name: "x.bare.mixin", Label: "Bare", Kind: snapshot.Abstract, Fields: bare},
		{Name: "x.view", Label: "View", Kind: snapshot.View, Fields: []snapshot.Field{name, id}},
		{Name: "x.wizard", Label: "Wizard", Kind: snapshot.Transient, Fields: []snapshot.Field{name, id}},
	}
}

func drop(t *testing.T, schema *snapshot.Schema, model, field string) {
	t.Helper()
	for i := range schema.Models {
		m := &schema.Models[i]
		for j, f := range m.Fields {
			if m.Name == model && f.Name == field {
				m.Fields = append(m.Fields[:j:j], m.Fields[j+1:]...)
				return
			}
		}
	}
	t.Fatalf("%s has no %s", model, field)
}

// The package of golden/servers, for six versions at once, is what its snapshots generate.
func TestCheckOfSeveralServers(t *testing.T) {
	t.Chdir("../../golden/servers")
	if out, err := runIn(t, "check"); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}
