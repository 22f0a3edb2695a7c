package snapshot

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func named(names ...string) []Model {
	models := make([]Model, len(names))
	for i, name := range names {
		models[i].Name = name
	}
	return models
}

func TestMatch(t *testing.T) {
	models := named("product.product", "product.template", "sale.order", "sale.order.line", "res.partner")
	for _, tc := range []struct {
		patterns  []string
		want      []Model
		unmatched []string
	}{
		{nil, models, nil},
		{[]string{"sale.order"}, named("sale.order"), nil},
		{[]string{"sale.*"}, named("sale.order", "sale.order.line"), nil},
		{[]string{"*.order", "*.product"}, named("product.product", "sale.order"), nil},
		{[]string{"res.partner", "sale.order"}, named("sale.order", "res.partner"), nil}, // in the order of the models
		{[]string{"sale.*", "sale.order"}, named("sale.order", "sale.order.line"), nil},
		{[]string{"s?le.order", "[r]es.*"}, named("sale.order", "res.partner"), nil},
		{[]string{"sale", "purchase.*", "res.partner"}, named("res.partner"), []string{"sale", "purchase.*"}},
		{[]string{"Sale.Order", ""}, named(), []string{"Sale.Order", ""}},
	} {
		before := slices.Clone(models)
		got, unmatched, err := Match(models, tc.patterns)
		if err != nil {
			t.Errorf("%q: %v", tc.patterns, err)
		}
		if diff := cmp.Diff(tc.want, got); diff != "" {
			t.Errorf("%q:\n%s", tc.patterns, diff)
		}
		if diff := cmp.Diff(tc.unmatched, unmatched); diff != "" {
			t.Errorf("%q unmatched:\n%s", tc.patterns, diff)
		}
		if diff := cmp.Diff(before, models); diff != "" {
			t.Fatalf("%q changed the models:\n%s", tc.patterns, diff)
		}
	}
}

// A pattern is right or wrong whatever the models are.
func TestBadPatterns(t *testing.T) {
	for _, pattern := range []string{"[a", "sale.[", `sale\`, "x[", "[]", "a[b-]"} {
		for _, models := range [][]Model{nil, named("sale.order")} {
			if _, _, err := Match(models, []string{"sale.order", pattern}); err == nil || !strings.Contains(err.Error(), "is not a pattern") {
				t.Errorf("%q of %d models: the error is %v", pattern, len(models), err)
			}
		}
	}
}

func TestSuggest(t *testing.T) {
	models := named("account.move", "product.product", "product.template", "sale.order", "sale.order.line", "sale.report", "x")
	for pattern, want := range map[string]string{
		"sale.orders":     "; did you mean sale.order, sale.order.line, sale.report?",
		"sale_order":      "; did you mean sale.order, sale.order.line, sale.report?",
		"products.*":      "; did you mean product.product, product.template?",
		"account.moves":   "; did you mean account.move?",
		"helpdesk.ticket": "",
		"*":               "",
		"s":               "",
		"":                "",
	} {
		if got := Suggest(pattern, models); got != want {
			t.Errorf("%q: %q, want %q", pattern, got, want)
		}
	}
	if got := Suggest("sale.order", nil); got != "" {
		t.Errorf("of no models: %q", got)
	}
}

func TestMatchExcludesAndModules(t *testing.T) {
	models := []Model{
		{Name: "sale.order", Modules: []string{"sale", "sale_stock"}}, {Name: "sale.report", Modules: []string{"sale"}},
		{Name: "stock.move", Modules: []string{"sale_stock", "stock"}}, {Name: "res.partner", Modules: []string{"base"}},
	}
	for _, test := range []struct {
		patterns        []string
		want, unmatched string
	}{
		{[]string{"module:sale"}, "sale.order sale.report", ""},
		{[]string{"module:sale_*", "res.*"}, "sale.order stock.move res.partner", ""},
		{[]string{"sale.*", "!sale.report"}, "sale.order", ""},
		{[]string{"!sale.report", "sale.*"}, "sale.order", ""},
		{[]string{"!module:sale"}, "stock.move res.partner", ""},
		{[]string{"!sale.*", "!x.*"}, "stock.move res.partner", "!x.*"},
		{[]string{"module:crm"}, "", "module:crm"},
	} {
		matched, unmatched, err := Match(models, test.patterns)
		var names []string
		for _, m := range matched {
			names = append(names, m.Name)
		}
		if got := strings.Join(names, " "); got != test.want || strings.Join(unmatched, " ") != test.unmatched || err != nil {
			t.Errorf("%q: matched %q, unmatched %q, %v", test.patterns, got, unmatched, err)
		}
	}
}
