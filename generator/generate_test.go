package generator_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/odoogen/odoogen/generator"
	"github.com/odoogen/odoogen/introspect/snapshot"
)

func model(name string, fields ...snapshot.Field) snapshot.Model {
	return snapshot.Model{Name: name, Fields: fields}
}

func schemaOf(models ...snapshot.Model) *snapshot.Schema {
	return &snapshot.Schema{Format: snapshot.Format, Models: models}
}

// Snapshots that no pull writes, and that a person may edit one into, make a package or an error, never a panic.
func TestOddSnapshots(t *testing.T) {
	relation := func(kind, to string) snapshot.Field {
		return snapshot.Field{Name: "link_id", Type: kind, Relation: to}
	}
	id := snapshot.Field{Name: "id", Type: "integer"}
	for name, s := range map[string]*snapshot.Schema{
		"nothing":              {},
		"no fields":            schemaOf(model("a")),
		"no id":                schemaOf(model("a", snapshot.Field{Name: "name", Type: "char"})),
		"relation to itself":   schemaOf(model("a", id, relation("many2one", "a"))),
		"relation to nothing":  schemaOf(model("a", id, relation("many2many", ""))),
		"relation to unknown":  schemaOf(model("a", id, relation("one2many", "b"))),
		"field without a type": schemaOf(model("a", id, snapshot.Field{Name: "b"})),
		"id of another type":   schemaOf(model("a", snapshot.Field{Name: "id", Type: "many2one"})),
		"id of a future type":  schemaOf(model("a", snapshot.Field{Name: "id", Type: "uuid"})),
		"unknown kind":         schemaOf(snapshot.Model{Name: "a", Kind: "virtual"}),
		"odd digits":           schemaOf(model("a", snapshot.Field{Name: "b", Type: "float", Digits: []int{1}, Size: -1})),
		"name of signs":        schemaOf(model("..."), model("a", snapshot.Field{Name: "___", Type: "char"})),
	} {
		result, err := generator.Generate(s, defaults())
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if result.Models != len(s.Models) || result.Files["doc.go"] == nil {
			t.Errorf("%s: %d models, files %v", name, result.Models, differences(nil, result.Files))
		}
	}
}

// Things that cannot be distinguished are refused.
func TestBrokenSnapshots(t *testing.T) {
	twice := snapshot.Field{Name: "name", Type: "char"}
	for _, s := range []*snapshot.Schema{schemaOf(model("a"), model("a")), schemaOf(model("a", twice, twice)), schemaOf(model("")), schemaOf(model("a", snapshot.Field{}))} {
		if _, err := generator.Generate(s, defaults()); err == nil || !strings.Contains(err.Error(), "broken snapshot") {
			t.Errorf("%+v: the error is %v", s.Models, err)
		}
	}
}

func TestWarnings(t *testing.T) {
	result, err := generator.Generate(schemaOf(model("a",
		snapshot.Field{Name: "id", Type: "uuid"},
		snapshot.Field{Name: "embedding", Type: "vector"},
		snapshot.Field{Name: "partner_id", Type: "many2one"},
		snapshot.Field{Name: "state", Type: "selection"},
	)), defaults())
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		`a.embedding has the type "vector", which this version of odoogen does not know: it is raw JSON`,
		`a.partner_id is a many2one without a model: it is raw JSON`,
	}
	if diff := cmp.Diff(want, result.Warnings); diff != "" {
		t.Error(diff)
	}
}

func TestPackageNames(t *testing.T) {
	for name, ok := range map[string]bool{
		"odoo": true, "shop2": true, "orm": true, "time": true, "json": true, "größe": true,
		"": false, "_": false, "2shop": false, "my-shop": false, "my shop": false, "func": false, "a/b": false, "a.b": false,
		"main": false, "documentation": false, "odoo_test": false,
	} {
		c := defaults()
		c.Package = name
		_, err := generator.Generate(schemaOf(model("a")), c)
		if ok != (err == nil) {
			t.Errorf("%q: the error is %v", name, err)
		}
		if err != nil && !strings.Contains(err.Error(), `"`+name+`"`) {
			t.Errorf("%q: the error does not name it: %v", name, err)
		}
	}
}

func TestModelsSetting(t *testing.T) {
	s := schemaOf(model("sale.order"), model("sale.order.line"), model("res.partner"))
	for _, tc := range []struct {
		patterns []string
		want     string // the files, or a part of the error
	}{
		{nil, "doc.go res_partner.go sale_order.go sale_order_line.go schema.go"},
		{[]string{"sale.*"}, "doc.go sale_order.go sale_order_line.go schema.go"},
		{[]string{"sale.order", "sale.order"}, "doc.go sale_order.go schema.go"},
		{[]string{"purchase.*", "res.partner", "x"}, "no model of the snapshot matches purchase.*, x"},
		{[]string{"[a"}, `"[a" is not a pattern`},
	} {
		c := defaults()
		c.Models = tc.patterns
		result, err := generator.Generate(s, c)
		got := ""
		if err != nil {
			got = err.Error()
		} else {
			got = strings.Join(differences(nil, result.Files), " ")
		}
		if err == nil && got != tc.want || !strings.Contains(got, tc.want) {
			t.Errorf("%q: %s, want %s", tc.patterns, got, tc.want)
		}
	}
}

// A model that the pull left out is reported with the reason.
func TestModelsThatThePullLeftOut(t *testing.T) {
	s := schemaOf(model("a", snapshot.Field{Name: "id", Type: "integer"}))
	s.Unseen.Models = []snapshot.UnseenModel{{Name: "ir.rule", Reason: "this user may not read it"}}
	c := defaults()
	c.Models = []string{"a", "ir.rule", "b"}
	_, err := generator.Generate(s, c)
	want := "the snapshot is without ir.rule: this user may not read it; no model of the snapshot matches b: pull it with odoogen pull --models, or take it out of models in odoogen.yaml"
	if err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

func TestFieldsSetting(t *testing.T) {
	char := func(name string) snapshot.Field { return snapshot.Field{Name: name, Type: "char", Label: "L"} }
	id := snapshot.Field{Name: "id", Type: "integer"}
	s := schemaOf(model("a.one", id, char("name"), char("x_a"), char("x_b")), model("a.two", id, char("name")), model("b", id, char("name")))
	for _, tc := range []struct {
		fields map[string][]string
		want   string // the fields of all models, or a part of the error
	}{
		{nil, "a.one: id name x_a x_b, a.two: id name, b: id name"},
		{map[string][]string{"a.one": {"x_*"}}, "a.one: id x_a x_b, a.two: id name, b: id name"},
		{map[string][]string{"a.one": {}}, "a.one: id, a.two: id name, b: id name"},
		{map[string][]string{"a.*": {"name", "x_a"}, "a.one": {"x_b"}}, "a.one: id name x_a x_b, a.two: id name, b: id name"},
		{map[string][]string{"*": {"name"}}, "a.one: id name, a.two: id name, b: id name"},
		{map[string][]string{"a.one": {"nam"}, "c": {"x"}, "[": {"x"}}, `"[" is not a pattern: it has a [ without its ], or ends in a backslash; a.one: no field nam; did you mean name?; the snapshot has no model c`},
		{map[string][]string{"a.*": {"y_*"}}, "a.*: no field y_*"},
		{map[string][]string{"a.*": {"x_c"}}, "a.*: no field x_c; did you mean x_a?"},
		{map[string][]string{"a.one": {"[x"}}, `a.one: "[x" is not a pattern`},
	} {
		c := defaults()
		c.Fields = tc.fields
		result, err := generator.Generate(s, c)
		got := ""
		if err != nil {
			got = err.Error()
		} else {
			got = fieldsOf(s, result)
		}
		if !strings.HasSuffix(got, tc.want) {
			t.Errorf("%v:\n%s, want\n%s", tc.fields, got, tc.want)
		}
	}
}

// fieldsOf finds the fields in the generated records.
func fieldsOf(s *snapshot.Schema, result *generator.Result) string {
	var models []string
	for _, m := range s.Models {
		source := string(result.Files[strings.ReplaceAll(m.Name, ".", "_")+".go"])
		record, _, _ := strings.Cut(source, "func (")
		fields := slices.DeleteFunc(slices.Clone(m.Fields), func(f snapshot.Field) bool {
			return !strings.Contains(record, "`odoo:\""+f.Name+"\"`")
		})
		var names strings.Builder
		for _, f := range fields {
			names.WriteString(" " + f.Name)
		}
		models = append(models, m.Name+":"+names.String())
	}
	return strings.Join(models, ", ")
}

// A list for a model that is not generated this time is no mistake.
func TestFieldsOfModelsLeftOut(t *testing.T) {
	c := defaults()
	c.Models = []string{"b"}
	c.Fields = map[string][]string{"a": {"anything"}}
	if _, err := generator.Generate(schemaOf(model("a"), model("b")), c); err != nil {
		t.Error(err)
	}
}
