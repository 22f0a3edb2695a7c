package odootest_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"github.com/odoogen/odoogen/generated"
	"github.com/odoogen/odoogen/introspect"
	"github.com/odoogen/odoogen/introspect/snapshot"
	"github.com/odoogen/odoogen/runtime/odootest"
)

// pull names the models, be it all of them: then defaults are asked for.
func pull(t *testing.T, schema *snapshot.Schema, models ...string) *snapshot.Schema {
	t.Helper()
	if len(models) == 0 {
		models = []string{"*"}
	}
	c := dial(t, odootest.New(t, schema))
	got, err := introspect.Pull(t.Context(), c, introspect.Options{Models: models})
	must(t, err)
	return got
}

func same(t *testing.T, got, want *snapshot.Schema) {
	t.Helper()
	g, err := got.Encode()
	must(t, err)
	w, err := want.Encode()
	must(t, err)
	gotLines, wantLines := bytes.Split(g, []byte("\n")), bytes.Split(w, []byte("\n"))
	for i := range min(len(gotLines), len(wantLines)) {
		if !bytes.Equal(gotLines[i], wantLines[i]) {
			t.Fatalf("line %d:\ngot  %s\nwant %s", i+1, gotLines[i], wantLines[i])
		}
	}
	if len(gotLines) != len(wantLines) {
		t.Fatalf("%d lines, want %d", len(gotLines), len(wantLines))
	}
}

func TestPullGivesTheSnapshotBack(t *testing.T) {
	t.Parallel()
	got, err := pull(t, stock(t)).Encode()
	must(t, err)
	if !bytes.Equal(got, generated.Snapshot) {
		same(t, pull(t, stock(t)), stock(t))
		t.Error("the bytes differ from those of the file")
	}
}

func TestPullOfEveryVersion(t *testing.T) {
	t.Parallel()
	for _, series := range []string{"14.0", "16.0", "17.0", "18.0", "saas~18.2", "19.0", "saas~19.1"} {
		t.Run(series, func(t *testing.T) {
			t.Parallel()
			same(t, pull(t, small(series)), small(series))
		})
	}
}

// The methods too come back as they went in: with their signatures from 19 on, the buttons before.
func TestPullOfMethods(t *testing.T) {
	t.Parallel()
	for _, series := range []string{"14.0", "18.0", "19.0"} {
		want := small(series)
		methods := []snapshot.Method{{Name: "action_x", Source: snapshot.SourceButton, Label: "Do <X> & \"Y\" / Z"}, {Name: "plain", Source: snapshot.SourceButton}}
		if series == "19.0" {
			methods = []snapshot.Method{
				{Name: "action_x", Source: snapshot.SourceDoc, Label: "Do <X>", Module: "sale", Returns: "bool", Doc: "One & <two>.\n\nThree."},
				{Name: "every_param", Source: snapshot.SourceDoc, Module: "base", OfModel: true, Readonly: true, Params: []snapshot.Param{
					{Name: "a", Kind: snapshot.PositionalOnly, Annotation: "str | None", Doc: "The a."}, {Name: "b", Optional: true, Default: []byte("null")},
					{Name: "no_json", Optional: true}, {Name: "args", Kind: snapshot.VarPositional},
					{Name: "c", Kind: snapshot.KeywordOnly, Optional: true, Default: []byte(`{"x":[1]}`)}, {Name: "kw", Kind: snapshot.VarKeyword},
				}},
			}
		}
		i := slices.IndexFunc(want.Models, func(m snapshot.Model) bool { return m.Kind != snapshot.Abstract })
		want.Models[i].Methods = methods
		same(t, pull(t, want), want)
	}
}

func TestPullByPattern(t *testing.T) {
	t.Parallel()
	want := small("19.0")
	want.Models = slices.DeleteFunc(want.Models, func(m snapshot.Model) bool { return m.Name != "x.node" && m.Name != "x.node.line" })
	same(t, pull(t, small("19.0"), "x.node*"), want)
}

func TestPullOfMetadataModels(t *testing.T) {
	t.Parallel()
	schema := small("19.0")
	schema.Models = append([]snapshot.Model{{Name: "ir.model", Label: "Models", Fields: []snapshot.Field{
		{Name: "abstract", Type: "boolean", Label: "Abstract Model"},
		{Name: "count", Type: "integer", Label: "Count (Incl. Archived)", Readonly: true, Computed: true},
		{Name: "create_uid", Type: "many2one", Label: "Created by", Readonly: true, Relation: "res.users"},
		{Name: "id", Type: "integer", Label: "ID", Readonly: true},
		{Name: "model", Type: "char", Label: "Model", Required: true},
		{Name: "modules", Type: "char", Label: "In Apps", Readonly: true, Computed: true},
		{Name: "name", Type: "char", Label: "Model Description", Required: true},
		{Name: "order", Type: "char", Label: "Order", Required: true},
		{Name: "state", Type: "selection", Label: "Type", Selection: []snapshot.Choice{{Value: "manual", Label: "Custom"}, {Value: "base", Label: "Base"}}},
		{Name: "transient", Type: "boolean", Label: "Transient Model"},
	}}}, schema.Models...)
	same(t, pull(t, schema), schema)
}

func TestPullOfWhatIsUnseen(t *testing.T) {
	t.Parallel()
	schema := small("19.0")
	schema.Modules = nil
	schema.Unseen.Modules, schema.Unseen.Reports = true, true
	schema.Unseen.Models = []snapshot.UnseenModel{{Name: "x.ghost", Reason: "this user may not read it"}, {Name: "x.hidden", Reason: "unsupported operand", Failed: true}}
	same(t, pull(t, schema), schema)
}

func TestPullOfReports(t *testing.T) {
	t.Parallel()
	schema := small("19.0")
	schema.Reports = append(schema.Reports, snapshot.ReportActions)
	slices.Sort(schema.Reports)
	schema.Models[0].Reports = []snapshot.ReportAction{{Name: "x.report_a", Label: "A"}, {Name: "x.report_b", Label: "B"}}
	same(t, pull(t, schema), schema)
}

func TestPullWithoutCatalog(t *testing.T) {
	t.Parallel()
	want := &snapshot.Schema{
		Format: snapshot.Format, Server: snapshot.Server{Series: "19.0", Version: "19.0"},
		Unseen: snapshot.Unseen{Catalog: true},
		Models: []snapshot.Model{{Name: "x.tag", Fields: small("19.0").Models[3].Fields}},
	}
	same(t, pull(t, want, "x.tag"), want)
}

// A user who cannot list the models names them: one that the server does not have is missing, not an error.
func TestPullOfMissingModelsWithoutCatalog(t *testing.T) {
	t.Parallel()
	schema := &snapshot.Schema{
		Format: snapshot.Format, Server: snapshot.Server{Series: "19.0", Version: "19.0"},
		Unseen: snapshot.Unseen{Catalog: true},
		Models: []snapshot.Model{{Name: "x.tag", Fields: small("19.0").Models[3].Fields}},
	}
	c := dial(t, odootest.New(t, schema))
	var missing []string
	got, err := introspect.Pull(t.Context(), c, introspect.Options{Models: []string{"x.gone", "x.tag"}, Missing: &missing})
	must(t, err)
	same(t, got, schema)
	if !slices.Equal(missing, []string{"x.gone"}) {
		t.Errorf("missing are %q", missing)
	}
	for _, o := range []introspect.Options{{Models: []string{"x.gone", "x.tag"}}, {Models: []string{"x.gone"}, Missing: new([]string)}} {
		if s, err := introspect.Pull(t.Context(), c, o); err == nil {
			t.Errorf("%q: pulled %d models", o.Models, len(s.Models))
		}
	}
}

func TestUnseenModelsRefuseEverything(t *testing.T) {
	t.Parallel()
	schema := small("19.0")
	schema.Unseen.Models = []snapshot.UnseenModel{
		{Name: "x.ghost", Reason: "this user may not read it"}, {Name: "x.wreck", Reason: "unsupported operand", Failed: true},
	}
	s := odootest.New(t, schema)
	kw(t, s, "x.ghost", "has_access", []any{[]any{}, "read"}, nil).result(t, "false")
	kw(t, s, "x.ghost", "fields_get", nil, map[string]any{"attributes": []any{"type"}}).result(t, `{"create_uid":{"type":"many2one"}}`)
	kw(t, s, "x.wreck", "fields_get", nil, nil).fails(t, "builtins.Exception", "unsupported operand")
	kw(t, s, "x.ghost", "search", []any{[]any{}}, nil).fails(t, "odoo.exceptions.AccessError",
		"You are not allowed to access 'x.ghost' (x.ghost) records.\n\nNo group currently allows this operation.\n\nContact your administrator to request access if necessary.")
}

func TestMetadata(t *testing.T) {
	t.Parallel()
	s := odootest.New(t, stock(t))
	kw(t, s, "ir.model", "search_read", []any{[]any{[]any{"model", "=", "product.label.layout"}}, []any{"model", "transient", "abstract", "state"}}, nil).
		result(t, `[{"id":16,"model":"product.label.layout","transient":true,"abstract":false,"state":"base"}]`)
	kw(t, s, "ir.module.module", "search_read", []any{[]any{[]any{"name", "in", []any{"account", "no_such"}}}, []any{"name", "state"}}, nil).
		result(t, `[{"id":1,"name":"account","state":"installed"}]`)
	kw(t, s, "ir.module.module", "has_access", []any{[]any{}, "write"}, nil).result(t, "false")
	kw(t, s, "ir.module.module", "create", []any{map[string]any{"name": "x"}}, nil).fails(t, "odoo.exceptions.AccessError",
		"You are not allowed to create 'Module' (ir.module.module) records.\n\nNo group currently allows this operation.\n\nContact your administrator to request access if necessary.")
}

func TestFieldsGet(t *testing.T) {
	t.Parallel()
	for series, want := range map[string]string{
		"19.0": `{"node_name":{"related":"node_id.name","translate":false,"type":"char"},"res_id":{"model_field":"res_model","type":"many2one_reference"}}`,
		"14.0": `{"node_name":{"related":["node_id","name"],"translate":false,"type":"char"},"res_id":{"model_field":"res_model","type":"many2one_reference"}}`,
	} {
		s := odootest.New(t, small(series))
		kw(t, s, "x.values", "fields_get", []any{[]any{"node_name", "res_id", "no_such"}},
			map[string]any{"attributes": []any{"type", "related", "translate", "model_field", "no_such"}}).result(t, want)
	}
	s := odootest.New(t, small("19.0"))
	kw(t, s, "x.values", "fields_get", nil, map[string]any{"allfields": []any{"state"}}).result(t,
		`{"state":{"company_dependent":false,"manual":false,"name":"state","readonly":false,"required":false,"selection":[["draft","Draft"],["done","Done"]],"store":true,"string":"state","type":"selection"}}`)
}

func TestPullOfDocumentationThatIsNotThere(t *testing.T) {
	t.Parallel()
	c := dial(t, odootest.New(t, small("14.0")))
	_, err := introspect.Pull(t.Context(), c, introspect.Options{Methods: introspect.MethodsDocs})
	want := "the server gives no documentation of methods: it came with Odoo 19, and this is 14.0; use --methods buttons for the buttons of the views, or --methods auto for what the server has"
	if err == nil || err.Error() != want {
		t.Errorf("got %v\nwant %s", err, want)
	}
}

// A snapshot of a whole server has the models by which a pull learns what the user may do: all models come back.
func TestPullOfSnapshotsWithAccessRules(t *testing.T) {
	t.Parallel()
	for series, groups := range map[string]string{"14.0": "groups_id", "19.0": "all_group_ids"} {
		want := small(series)
		field := func(name, kind, target string) snapshot.Field {
			return snapshot.Field{Name: name, Type: kind, Label: name, Relation: target}
		}
		yes := func(name string) snapshot.Field { return field(name, "boolean", "") }
		id := snapshot.Field{Name: "id", Type: "integer", Label: "ID", Readonly: true}
		want.Models = append(want.Models,
			snapshot.Model{Name: "ir.model.access", Label: "Access", Fields: []snapshot.Field{
				field("create_uid", "many2one", "res.users"), field("group_id", "many2one", "res.groups"), id, field("model_id", "many2one", "ir.model"),
				yes("perm_create"), yes("perm_read"), yes("perm_unlink"), yes("perm_write")}},
			snapshot.Model{Name: "res.groups", Label: "Groups", Fields: []snapshot.Field{field("create_uid", "many2one", "res.users"), id}},
			snapshot.Model{Name: "res.users", Label: "Users", Fields: []snapshot.Field{
				yes("active"), field(groups, "many2many", "res.groups"), field("create_uid", "many2one", "res.users"), id, field("login", "char", ""), field("name", "char", "")}})
		slices.SortFunc(want.Models, func(a, b snapshot.Model) int { return strings.Compare(a.Name, b.Name) })
		for i := range want.Models {
			slices.SortFunc(want.Models[i].Fields, func(a, b snapshot.Field) int { return strings.Compare(a.Name, b.Name) })
		}
		got := pull(t, want)
		equal(t, series+" unseen", len(got.Unseen.Models), 0)
		same(t, got, want)
	}
}
