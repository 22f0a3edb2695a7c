//go:build live

package suite

import (
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/odoogen/odoogen/introspect"
	"github.com/odoogen/odoogen/introspect/snapshot"
	orm "github.com/odoogen/odoogen/runtime"
)

var update = flag.Bool("update", false, "write the snapshots that the suites run on")

// models are those that the tests use; test is the placeholder for the module that has every type of field.
var models = strings.Fields(`res.partner res.partner.category res.users res.company res.country res.currency res.lang ir.attachment
	ir.actions.client ir.config_parameter mail.message mail.message.subtype test.mixed test.discussion test.message test.company test.category test.binary_svg test.model_many2one_reference`)

// TestLiveSnapshots compares the snapshots that the suites run on with the real server: their fields must be there, with their
// types. With -update it writes them, with all fields that the tests name by now.
func TestLiveSnapshots(t *testing.T) {
	c, err := orm.Dial(t.Context(), os.Getenv("ODOO_URL"), orm.Database(os.Getenv("ODOO_DB")), orm.Password(os.Getenv("ODOO_USER"), os.Getenv("ODOO_PASSWORD")))
	if err != nil {
		t.Fatal(err)
	}
	version := fmt.Sprint(c.Version().Major)
	module := "test_orm."
	if c.Version().Major < 19 {
		module = "test_new_api."
	}
	var names []string
	for _, name := range models {
		if rest, ok := strings.CutPrefix(name, "test."); ok {
			name = module + rest
		}
		names = append(names, name)
	}
	pulled, err := introspect.Pull(t.Context(), c, introspect.Options{Models: names})
	if err != nil {
		t.Fatal(err)
	}
	prune(t, pulled)
	if *update {
		data, err := pulled.Encode()
		if err == nil {
			err = os.WriteFile(snapshotFile(version), data, 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	data, err := os.ReadFile(snapshotFile(version))
	if err != nil {
		t.Fatal(err)
	}
	kept, err := snapshot.Decode(data)
	if err != nil {
		t.Fatal(err)
	}
	real := types(pulled)
	for field, kind := range types(kept) {
		if real[field] != kind {
			t.Errorf("%s is %q in the snapshot and %q on the server: run this with -update", field, kind, real[field])
		}
	}
}

func types(s *snapshot.Schema) map[string]string {
	out := map[string]string{}
	for _, m := range s.Models {
		for _, f := range m.Fields {
			out[m.Name+"."+f.Name] = f.Type
		}
	}
	return out
}

// prune leaves out the fields that no test names, and what the suites do not look at.
func prune(t *testing.T, s *snapshot.Schema) {
	t.Helper()
	named := namesInTests(t)
	s.Modules, s.Unseen = nil, snapshot.Unseen{Modules: true, Methods: s.Unseen.Methods}
	for i := range s.Models {
		m := &s.Models[i]
		m.Hidden, m.Modules = nil, nil
		m.Methods = slices.DeleteFunc(m.Methods, func(method snapshot.Method) bool { return !named[method.Name] })
		m.Fields = slices.DeleteFunc(m.Fields, func(f snapshot.Field) bool {
			return !named[f.Name] || f.Custom || f.Relation != "" && !slices.ContainsFunc(s.Models, func(m snapshot.Model) bool { return m.Name == f.Relation })
		})
		for j := range m.Fields {
			f := &m.Fields[j]
			if f.Help = ""; f.Type == "selection" && len(f.Selection) > 20 && !f.Required {
				f.Selection = f.Selection[:20]
			}
		}
	}
	s.Models = slices.DeleteFunc(s.Models, func(m snapshot.Model) bool { return m.Custom })
}

var quoted = regexp.MustCompile(`[a-z_0-9]+`)

func namesInTests(t *testing.T) map[string]bool {
	t.Helper()
	files, err := filepath.Glob("../../livetest/*_test.go")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	named := map[string]bool{}
	for _, file := range append(files, "testdata/base.json") {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range quoted.FindAllString(string(data), -1) {
			named[name] = true
		}
	}
	maps.Copy(named, map[string]bool{"id": true, "name": true, "display_name": true, "active": true, "create_uid": true, "write_date": true, "create_date": true})
	return named
}
