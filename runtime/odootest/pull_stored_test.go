package odootest_test

import (
	"bytes"
	"compress/gzip"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/odoogen/odoogen/introspect"
	"github.com/odoogen/odoogen/introspect/snapshot"
	"github.com/odoogen/odoogen/runtime/odootest"
)

// The snapshots in the tree that a pull made: two of whole servers, with every kind of model and with string IDs.
var (
	wholeServers = []string{"../../introspect/diff/testdata/odoo14.json.gz", "../../introspect/diff/testdata/odoo19.json.gz"}
	fewModels    = []string{"../../golden/upgrade/1?.json", "differential/testdata/*.schema.json", "suite/testdata/*.schema.json"}
)

func TestPullGivesStoredSnapshotsBack(t *testing.T) {
	t.Parallel()
	files := slices.Clone(wholeServers)
	for _, pattern := range fewModels {
		found, err := filepath.Glob(pattern)
		must(t, err)
		if len(found) < 2 {
			t.Fatalf("%s: %d files", pattern, len(found))
		}
		files = append(files, found...)
	}
	for _, file := range files {
		t.Run(filepath.ToSlash(file), func(t *testing.T) {
			t.Parallel()
			schema := stored(t, file)
			same(t, pullAgain(t, schema), schema)
		})
	}
}

// The versions between have no whole snapshot in the tree: what the others have is served by their protocols.
func TestPullOfWholeServersOfEveryVersion(t *testing.T) {
	t.Parallel()
	for series, file := range map[string]string{"15.0": wholeServers[0], "16.0": wholeServers[0], "17.0": wholeServers[1], "18.0": wholeServers[1]} {
		t.Run(series, func(t *testing.T) {
			t.Parallel()
			schema := stored(t, file)
			schema.Server = snapshot.Server{Series: series, Version: series}
			schema.Unseen.Methods = ""
			for i := range schema.Models {
				if m := &schema.Models[i]; m.Name == "res.users" {
					renameField(m, "all_group_ids", "groups_id", series < "19")
				}
			}
			same(t, pullAgain(t, schema), schema)
		})
	}
}

// renameField gives a model the name of a field that another version has, if it has none of this name.
func renameField(m *snapshot.Model, from, to string, wanted bool) {
	i := slices.IndexFunc(m.Fields, func(f snapshot.Field) bool { return f.Name == from })
	if !wanted || i < 0 || m.Has(to) {
		return
	}
	m.Fields[i].Name = to
	slices.SortFunc(m.Fields, func(a, b snapshot.Field) int { return strings.Compare(a.Name, b.Name) })
}

// stored reads a snapshot, which may be compressed.
func stored(t *testing.T, file string) *snapshot.Schema {
	t.Helper()
	data, err := os.ReadFile(file)
	must(t, err)
	if filepath.Ext(file) == ".gz" {
		r, err := gzip.NewReader(bytes.NewReader(data))
		must(t, err)
		data, err = io.ReadAll(r)
		must(t, err)
	}
	schema, err := snapshot.Decode(data)
	must(t, err)
	schema.TextIDs = slices.DeleteFunc(schema.TextIDs, func(name string) bool { return name == "test_orm.view.str.id" }) // was cut out of the models
	return schema
}

// pullAgain pulls a snapshot from a server of it, in the way in which the snapshot was pulled.
func pullAgain(t *testing.T, schema *snapshot.Schema) *snapshot.Schema {
	t.Helper()
	got, err := introspect.Pull(t.Context(), dial(t, odootest.New(t, schema)), pulledWith(schema))
	must(t, err)
	return got
}

// pulledWith are the options of the pull that gave a snapshot: where models were named, defaults are known.
func pulledWith(schema *snapshot.Schema) introspect.Options {
	if schema.Unseen.Methods == snapshot.NoDocsAsked {
		return introspect.Options{}
	}
	o := introspect.Options{Methods: introspect.MethodsButtons}
	for _, m := range schema.Models {
		if slices.ContainsFunc(m.Methods, func(m snapshot.Method) bool { return m.Source == snapshot.SourceDoc }) {
			o = introspect.Options{Models: []string{"*"}}
		}
		if slices.ContainsFunc(m.Fields, func(f snapshot.Field) bool { return f.Default != "" }) {
			o.Models = []string{"*"}
		}
	}
	return o
}

// A pull of chosen models asks for defaults: a server of a snapshot that was pulled without them makes none up.
func TestPullInventsNoDefaults(t *testing.T) {
	t.Parallel()
	schema := small("17.0")
	i := slices.IndexFunc(schema.Models, func(m snapshot.Model) bool { return m.Name == "x.tag" })
	schema.Models[i].Fields = append(schema.Models[i].Fields, snapshot.Field{Name: "when", Type: "date", Label: "When", Required: true},
		snapshot.Field{Name: "which", Type: "selection", Label: "Which", Required: true, Selection: []snapshot.Choice{{Value: "a", Label: "A"}}},
		snapshot.Field{Name: "yes", Type: "boolean", Label: "Yes", Required: true})
	same(t, pull(t, schema), schema)
}

// Pages of documentation without methods would say that a model has none: methods that were found by buttons stay.
func TestPullKeepsButtonsWithoutDocumentation(t *testing.T) {
	t.Parallel()
	for reason, want := range map[string]string{
		snapshot.NoDocsAsked: snapshot.NoDocsModule, snapshot.NoDocsModule: snapshot.NoDocsModule, "": snapshot.NoDocsModule,
		snapshot.NoDocsKey: snapshot.NoDocsKey, snapshot.NoDocsRight: snapshot.NoDocsRight,
	} {
		schema := small("19.0")
		schema.Unseen.Methods = reason
		schema.Models[1].Methods = []snapshot.Method{{Name: "action_x", Source: snapshot.SourceButton, Label: "X"}}
		got := pull(t, schema)
		schema.Unseen.Methods = want
		same(t, got, schema)
	}
}

func TestViewsAreReadOnly(t *testing.T) {
	t.Parallel()
	schema := small("16.0")
	schema.Models = append(schema.Models, snapshot.Model{Name: "x.view", Label: "View", Kind: snapshot.View, Fields: schema.Models[3].Fields})
	s := odootest.New(t, schema)
	create(t, s, "x.view", map[string]any{"name": "seeded"})
	kw(t, s, "x.view", "search_read", []any{[]any{}, []any{"name"}}, nil).result(t, `[{"id":1,"name":"seeded"}]`)
	kw(t, s, "x.view", "check_access_rights", []any{"create", false}, nil).result(t, "false")
	for verb, call := range map[string][]any{
		"create": {"create", []any{map[string]any{"name": "x"}}}, "modify": {"write", []any{[]any{1}, map[string]any{"name": "x"}}}, "delete": {"unlink", []any{[]any{1}}},
	} {
		kw(t, s, "x.view", call[0].(string), call[1].([]any), nil).fails(t, "odoo.exceptions.AccessError",
			"You are not allowed to "+verb+" 'View' (x.view) records.\n\nNo group currently allows this operation.\n\nContact your administrator to request access if necessary.")
	}
}

func TestStringIDs(t *testing.T) {
	t.Parallel()
	schema := small("18.0")
	schema.TextIDs = []string{"x.elsewhere", "x.root"}
	root := snapshot.Field{Name: "root_id", Type: "many2one", Label: "Root", Computed: true, Relation: "x.root"}
	schema.Models[3].Fields = append(schema.Models[3].Fields, root)
	schema.Models = append(schema.Models, snapshot.Model{Name: "x.root", Label: "Root", Kind: snapshot.View, Fields: small("18.0").Models[3].Fields})
	s := odootest.New(t, schema)
	create(t, s, "x.root", map[string]any{"name": "Two"})
	create(t, s, "x.tag", map[string]any{"name": "x", "root_id": 2})
	kw(t, s, "x.root", "search", []any{[]any{}}, nil).result(t, `["1","2"]`)
	kw(t, s, "x.root", "search", []any{[]any{[]any{"id", "in", []any{"2", "no"}}}}, nil).result(t, `["2"]`)
	kw(t, s, "x.root", "search", []any{[]any{[]any{"id", "=", "no"}}}, nil).result(t, `[]`)
	kw(t, s, "x.root", "read", []any{[]any{"2"}, []any{"name"}}, nil).result(t, `[{"id":"2","name":"Two"}]`)
	kw(t, s, "x.root", "name_search", []any{"Two"}, nil).result(t, `[["2","Two"]]`)
	kw(t, s, "x.elsewhere", "search", []any{[]any{}}, nil).result(t, `["1"]`)
	kw(t, s, "x.tag", "read", []any{[]any{1}, []any{"root_id"}}, nil).result(t, `[{"id":1,"root_id":["2","Two"]}]`)
	kw(t, s, "x.tag", "read", []any{[]any{1}, []any{"root_id"}, ""}, nil).result(t, `[{"id":1,"root_id":"2"}]`)
	kw(t, s, "x.tag", "web_read", []any{[]any{1}}, map[string]any{"specification": map[string]any{"root_id": map[string]any{"fields": map[string]any{"name": map[string]any{}}}}}).
		result(t, `[{"id":1,"root_id":{"id":"2","name":"Two"}}]`)
}

// A snapshot of a whole server has ir.ui.view, whose views may be archived: the buttons of the methods come back.
func TestPullOfMethodsWithViews(t *testing.T) {
	t.Parallel()
	for _, series := range []string{"14.0", "15.0", "16.0", "17.0", "18.0"} {
		schema := small(series)
		schema.Models[1].Methods = []snapshot.Method{{Name: "action_x", Source: snapshot.SourceButton, Label: "X"}}
		schema.Models = append([]snapshot.Model{{Name: "ir.ui.view", Label: "View", Fields: []snapshot.Field{
			{Name: "active", Type: "boolean"}, {Name: "arch_db", Type: "text"}, {Name: "create_uid", Type: "many2one"},
			{Name: "id", Type: "integer", Readonly: true}, {Name: "model", Type: "char"}, {Name: "name", Type: "char"},
		}}}, schema.Models...)
		same(t, pull(t, schema), schema)
	}
}
