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

// A signature in the settings that the server gives as well is reported: it hides the server's, or is not needed. One that adds
// types is neither.
func TestSignaturesThatTheServerGives(t *testing.T) {
	server := snapshot.Method{Name: "share", Source: snapshot.SourceDoc, Returns: "dict", Doc: "Shares.", Params: []snapshot.Param{
		{Name: "with_ids", Annotation: "list"}, {Name: "lang", Optional: true, Default: []byte("null")},
	}}
	const theirs = "share(with_ids: list, lang=null) -> dict"
	for own, want := range map[string]string{
		"share(with_ids: list, lang=None) -> dict":      "methods: sale.order: the server gives the signature " + theirs + " itself: remove it from odoogen.yaml",
		"share(with_ids: list, lang: str=None) -> dict": "",
		"share(with_ids, lang: str=None)":               "",
		"share(with_ids: list)":                         "share(with_ids: list) in place of the server's " + theirs,
		"share(ids: list, lang=None) -> dict":           "share(ids: list, lang=null) -> dict in place of the server's",
		"share(with_ids: str, lang=None) -> dict":       "with_ids: str",
		"share(with_ids: list, lang='x') -> dict":       `lang="x"`,
		"share(with_ids: list, *, lang=None) -> dict":   "*, lang=null",
		"share(with_ids: list, lang) -> dict":           "list, lang) -> dict in place",
		"@model share(with_ids: list, lang=None)":       "@model share(",
		"share(with_ids: list, lang=None) -> bool":      "-> bool in place",
		"other(a)": "",
	} {
		s := shop()
		s.Models[1].Methods = append(s.Models[1].Methods, server)
		c := defaults()
		c.Methods = map[string][]string{"sale.order": {own}}
		selected, err := generator.Resolve(c, s)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, shadowing := range selected.Shadowing {
			got = append(got, shadowing.String())
		}
		if n := min(len(want), 1); len(got) != n || n > 0 && !strings.Contains(got[0], want) {
			t.Errorf("%s: got %q, want %q", own, got, want)
		}
		result, err := generator.Generate(s, c)
		if err != nil || len(result.Warnings) != len(got) {
			t.Errorf("%s: generate warns %q, %v", own, result.Warnings, err)
		}
		for _, m := range selected.Schema.Models[1].Methods {
			if isHidden := strings.Contains(want, "in place") || want != "" && !strings.Contains(want, "remove"); m.Name == "share" && (m.Shadows == theirs) != isHidden {
				t.Errorf("%s: the snapshot says that it shadows %q", own, m.Shadows)
			}
		}
		// The next resolution, of generate, keeps what the pull has found.
		again, err := generator.Resolve(c, selected.Schema)
		if diff := cmp.Diff(selected.Schema, again.Schema); err != nil || diff != "" || len(again.Shadowing) > 0 {
			t.Errorf("%s: again: %v %v %s", own, err, again.Shadowing, diff)
		}
	}
}

// A name after "!" that has a signature beside it would have no effect; one whose signature was removed from the settings has.
func TestExclusionsOfSignatures(t *testing.T) {
	c := defaults()
	c.Models = []string{"sale.order"}
	c.Methods = map[string][]string{"sale.order": {"do_it()", "!do_it"}}
	if _, err := generator.Resolve(c, shop()); err == nil || !strings.Contains(err.Error(), "sale.order: !do_it has no effect on the signature of do_it") {
		t.Error(err)
	}
	s := shop()
	s.Models[1].Methods = append(s.Models[1].Methods, snapshot.Method{Name: "do_it", Source: snapshot.SourceConfig})
	c.Methods = map[string][]string{"sale.order": {"!do_it"}}
	selected, err := generator.Resolve(c, s)
	if got := strings.Join(shown(selected), ""); err != nil || strings.Contains(got, "do_it") {
		t.Errorf("%v: %s", err, got)
	}
}
