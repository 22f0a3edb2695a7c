package golden_test

import (
	"regexp"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/odoogen/odoogen/generator"
	"github.com/odoogen/odoogen/internal/ir"
)

// A method of Odoo must not get the name of a method that every client has: the naming pass knows them all.
func TestClientMethodsAreReserved(t *testing.T) {
	var declared []string
	for _, found := range regexp.MustCompile(`(?m)^func \(c \*SaleOrderClient\) (\w+)`).FindAllStringSubmatch(generate(t, "sales")["sale_order.go"], -1) {
		declared = append(declared, found[1])
	}
	slices.Sort(declared)
	if diff := cmp.Diff(slices.Sorted(slices.Values(ir.ClientMethods)), declared); diff != "" {
		t.Error(diff)
	}
}

// What the configuration says of methods is checked against the snapshot.
func TestMethodSettings(t *testing.T) {
	for entry, want := range map[string]string{
		"action_confrm":     "sale.order: the snapshot has no method action_confrm; a method that Odoo does not report needs its signature: 'action_confrm()'",
		"[":                 `sale.order: "[" is not a pattern`,
		"f(a":               `sale.order: "f(a" is no signature`,
		"f(a='x)":           "a bracket or a quote is not closed",
		"_f(a, 1)":          "want a name, and arguments in parentheses",
		"f(1)":              `"1" is no argument`,
		"!*":                "",
		"action_c*":         "",
		"f(*, a: dict={})":  "",
		"f(self) -> float:": "",
	} {
		c := readConfig(t, "methods")
		c.Methods = map[string][]string{"sale.order": {entry}}
		c.Rename = nil
		result, err := generator.Generate(readSchema(t, "methods"), c)
		switch {
		case want == "" && err != nil:
			t.Errorf("%s: %v", entry, err)
		case want != "" && (err == nil || !regexp.MustCompile(regexp.QuoteMeta(want)).MatchString(err.Error())):
			t.Errorf("%s: the error is %v, want %s", entry, err, want)
		case err == nil && result.Methods == 0 && entry != "!*":
			t.Errorf("%s: no methods", entry)
		}
	}
}
