package generator_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/odoogen/odoogen/generator"
	"github.com/odoogen/odoogen/introspect/snapshot"
)

func shop() *snapshot.Schema {
	return &snapshot.Schema{Format: snapshot.Format, TextIDs: []string{"x.text"}, Models: []snapshot.Model{
		{Name: "res.partner", Fields: []snapshot.Field{{Name: "email", Type: "char"}, {Name: "id", Type: "integer"}, {Name: "name", Type: "char"}}},
		{Name: "sale.order", Fields: []snapshot.Field{{Name: "id", Type: "integer"}, {Name: "note", Type: "char"}, {Name: "total", Type: "float", Computed: true}},
			Methods: []snapshot.Method{{Name: "action_cancel"}, {Name: "action_confirm"}}},
		{Name: "x.mixin", Kind: snapshot.Abstract, Methods: []snapshot.Method{{Name: "share"}}},
		{Name: "x.text", Methods: []snapshot.Method{{Name: "look"}}},
	}}
}

// shown lists what a selection has: models with their fields and, after a bar, their methods.
func shown(s *generator.Selection) []string {
	var lines []string
	for _, m := range s.Models {
		line := m.Name
		for _, f := range m.Fields {
			line += " " + f.Name
		}
		for i, method := range m.Methods {
			line += map[bool]string{true: " | ", false: " "}[i == 0] + method.Name
		}
		lines = append(lines, line)
	}
	return lines
}

// A selection holds the models, fields and methods that the settings choose, and why methods are left out.
func TestResolve(t *testing.T) {
	c := defaults()
	c.Models = []string{"sale.*", "res.partner", "x.*"}
	c.Fields = map[string][]string{"res.partner": {"e*"}}
	c.Profile = generator.ProfileStored
	c.Methods = map[string][]string{"sale.order": {"!action_cancel", "do_it(a: int)"}}
	s := shop()
	selected, err := generator.Resolve(c, s)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"res.partner email id", "sale.order id note | action_confirm do_it", "x.mixin", "x.text"}
	if diff := cmp.Diff(want, shown(selected)); diff != "" {
		t.Error(diff)
	}
	if selected.Methods() != 2 || len(selected.LeftOut) != 3 {
		t.Errorf("%d methods, left out %v", selected.Methods(), selected.LeftOut)
	}
	if n := selected.Schema.MethodCount(); n != 5 {
		t.Errorf("%d methods in the snapshot, want 5", n)
	}
	if diff := cmp.Diff(shop(), s); diff != "" {
		t.Errorf("the snapshot was changed:\n%s", diff)
	}
}

// A setting that names nothing is an error, and does not spoil the others; Fit drops it and keeps the rest.
func TestResolveWhatIsNotThere(t *testing.T) {
	for _, test := range []struct {
		name string
		set  func(*generator.Config)
		want string // the error
		show string // what is selected
	}{
		{"model", func(c *generator.Config) { c.Models = []string{"res.*", "gone"} }, "no model of the snapshot matches gone", "res.partner email id name"},
		{"bad pattern", func(c *generator.Config) { c.Models = []string{"res.*", "["} }, `"[" is not a pattern`, "res.partner email id name"},
		{"field", func(c *generator.Config) {
			c.Models, c.Fields = []string{"res.*"}, map[string][]string{"res.partner": {"emial", "name"}}
		}, "odoogen.yaml: fields: res.partner: no field emial; did you mean email?", "res.partner id name"},
		{"model of fields", func(c *generator.Config) {
			c.Models, c.Fields = []string{"res.*"}, map[string][]string{"gone": {"x"}, "sale.order": {"note"}}
		}, "odoogen.yaml: fields: the snapshot has no model gone", "res.partner email id name"},
		{"method", func(c *generator.Config) {
			c.Models, c.Methods = []string{"sale.*"}, map[string][]string{"sale.order": {"action_confirm", "action_gone"}}
		}, "sale.order: the snapshot has no method action_gone", "sale.order id note total | action_confirm"},
		{"signature", func(c *generator.Config) {
			c.Models, c.Methods = []string{"sale.*"}, map[string][]string{"sale.order": {"f(", "g()"}}
		}, `"f(" is no signature`, "sale.order id note total | action_cancel action_confirm g"},
		{"rename", func(c *generator.Config) {
			c.Models, c.Rename = []string{"res.*"}, map[string]string{"res.partner/gone": "Gone", "res.partner/email": "EMail"}
		}, "odoogen.yaml: rename: the snapshot has no res.partner/gone", "res.partner email id name"},
	} {
		c := defaults()
		test.set(&c)
		selected, err := generator.Resolve(c, shop())
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: the error is %v, want %s", test.name, err, test.want)
		}
		if got := strings.Join(shown(selected), "\n"); got != test.show {
			t.Errorf("%s: selected %q, want %q", test.name, got, test.show)
		}
		fit := c.Fit(shop(), nil)
		again, err := generator.Resolve(fit, shop())
		if err != nil {
			t.Errorf("%s: after Fit: %v", test.name, err)
		} else if diff := cmp.Diff(shown(selected), shown(again)); diff != "" {
			t.Errorf("%s: after Fit:\n%s", test.name, diff)
		}
		if fit.Rename["res.partner/email"] != c.Rename["res.partner/email"] || slices.Contains(fit.Models, "gone") {
			t.Errorf("%s: Fit gives %v and %v", test.name, fit.Rename, fit.Models)
		}
	}
}
