package snapshot

import (
	"strings"
	"testing"
)

// server is a snapshot with one model.
func server(series string, fields []Field, methods ...Method) Source {
	return Source{series, &Schema{Format: Format, Server: Server{Series: series}, Models: []Model{{Name: "sale.order", Fields: fields, Methods: methods}}}}
}

func merged(t *testing.T, same Same, sources ...Source) Model {
	t.Helper()
	s, err := Merge(sources, same)
	if err != nil {
		t.Fatal(err)
	}
	return s.Models[0]
}

func field(t *testing.T, m Model, name string) Field {
	t.Helper()
	for _, f := range m.Fields {
		if f.Name == name {
			return f
		}
	}
	t.Fatalf("no field %s", name)
	return Field{}
}

func TestMergeFields(t *testing.T) {
	old := server("14.0", []Field{
		{Name: "id", Type: "integer"}, {Name: "state", Type: "selection", Selection: []Choice{{Value: "draft"}, {Value: "old"}}},
		{Name: "tax_id", Type: "many2many", Relation: "account.tax"}, {Name: "note", Type: "text"}, {Name: "margin", Type: "float", Computed: true, Readonly: true},
		{Name: "in_group_7", Type: "boolean"}, {Name: "kind", Type: "char"},
	})
	now := server("17.0", []Field{
		{Name: "state", Type: "selection", Selection: []Choice{{Value: "draft"}}},
		{Name: "tax_ids", Type: "many2many", Relation: "account.tax"}, {Name: "note", Type: "html"}, {Name: "margin", Type: "monetary"},
		{Name: "x_region", Type: "char"}, {Name: "kind", Type: "many2one", Relation: "sale.kind"},
	})
	m := merged(t, Same{"sale.order/tax_ids": {"tax_id"}}, old, now)
	for name, want := range map[string]string{"id": "id", "tax_ids": "tax_ids|tax_id", "x_region": "x_region?", "note": "note"} {
		if got := field(t, m, name).AnyName(); got != want {
			t.Errorf("%s is %s in tags, want %s", name, got, want)
		}
	}
	if m.Has("in_group_7") {
		t.Error("a field named by the ids of one database is there")
	}
	if f := field(t, m, "margin"); !f.Computed || !f.Readonly || f.Conflict != "" {
		t.Errorf("a field that 14 computes and does not store is %+v", f)
	}
	if f := field(t, m, "x_region"); f.In != "17.0" {
		t.Errorf("x_region is in %q", f.In)
	}
	if c := field(t, m, "state").Selection; len(c) != 2 || c[0].In != "" || c[1].Value != "old" || c[1].In != "14.0" {
		t.Errorf("the choices are %+v", c)
	}
	if got, want := field(t, m, "kind").Conflict, "text on 14.0; many2one to sale.kind on 17.0"; got != want {
		t.Errorf("the conflict is %q, want %q", got, want)
	}
}

func TestMergeModels(t *testing.T) {
	a, b := server("16.0", nil), server("16.0", nil)
	a.Label, b.Label = "acme", "bolt"
	a.Models = append(a.Models, Model{Name: "x_only"})
	s, err := Merge([]Source{a, b}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if len(s.Models) != 2 || s.Models[0].In != "" || s.Models[1].In != "acme" {
		t.Errorf("the models are %+v", s.Models)
	}
	if s.SeriesText() != "16.0" || len(s.AllServers()) != 2 {
		t.Errorf("the servers are %v", s.AllServers())
	}
}

// A model whose ids are texts on one server only has no Go type for its ids, nor have relations to it.
func TestMergeTextIDs(t *testing.T) {
	models := func() []Model {
		return []Model{
			{Name: "account.account", Fields: []Field{{Name: "id", Type: "integer"}, {Name: "root_id", Type: "many2one", Relation: "account.root"}}},
			{Name: "account.root", Fields: []Field{{Name: "id", Type: "integer"}}},
		}
	}
	a, b := server("16.0", nil), server("18.0", nil)
	a.Models, b.Models, b.TextIDs = models(), models(), []string{"account.root"}
	s, err := Merge([]Source{a, b}, nil)
	if err != nil {
		t.Fatal(err)
	}
	want := "an id of account.root, a number on 16.0; a text on 18.0"
	if got := field(t, s.Models[0], "root_id").Conflict; got != want {
		t.Errorf("the conflict of the relation is %q", got)
	}
	if got := field(t, s.Models[1], "id").Conflict; got != want {
		t.Errorf("the conflict of the id is %q", got)
	}
	if got := field(t, s.Models[0], "id").Conflict; got != "" {
		t.Errorf("the conflict of another id is %q", got)
	}
}

func TestMergeMethods(t *testing.T) {
	confirm := Method{Name: "action_confirm", Source: SourceDoc, Params: []Param{{Name: "force", Optional: true, Annotation: "bool"}}}
	stricter := Method{Name: "action_confirm", Source: SourceDoc, Params: []Param{{Name: "force"}}}
	button := Method{Name: "action_confirm", Source: SourceButton, Label: "Confirm"}
	m := merged(t, nil, server("16.0", nil, button), server("18.0", nil), server("19.0", nil, confirm)).Methods[0]
	if m.Conflict != "" || m.In != "16.0, 19.0" || len(m.Params) != 1 || m.Source != SourceDoc {
		t.Errorf("a method known by a button, and documented later: %+v", m)
	}
	m = merged(t, nil, server("18.0", nil, confirm), server("19.0", nil, stricter)).Methods[0]
	if want := "on records with () on 18.0; on records with (force) on 19.0"; m.Conflict != want {
		t.Errorf("the conflict is %q, want %q", m.Conflict, want)
	}
}

func TestSameThatIsNot(t *testing.T) {
	both := server("18.0", []Field{{Name: "a", Type: "char"}, {Name: "b", Type: "char"}})
	one := server("19.0", []Field{{Name: "b", Type: "char"}, {Name: "c", Type: "char"}})
	for _, c := range []struct {
		same Same
		want string
	}{
		{Same{"sale.order/b": {"a"}}, "18.0 has the fields b and a"},
		{Same{"sale.order/c": {"z"}}, "no snapshot has a field z"},
		{Same{"sale.order/c": {"a"}, "sale.order/x": {"a"}}, "no snapshot has a field x"},
		{Same{"sale.order": {"a"}}, "want the other names of a field"},
		{Same{"sale.order/c": {"a"}, "sale.order/a": {"c"}}, "is in another entry"},
	} {
		if _, err := Merge([]Source{both, one}, c.same); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%v: %v, want %q", c.same, err, c.want)
		}
	}
}
