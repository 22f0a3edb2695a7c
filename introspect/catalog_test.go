package introspect

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/odoogen/odoogen/introspect/snapshot"
)

// A user who may not list the models names them.
func TestNamedModels(t *testing.T) {
	models, err := namedModels([]string{"sale.order", "res.partner"})
	if diff := cmp.Diff([]snapshot.Model{{Name: "sale.order"}, {Name: "res.partner"}}, models); diff != "" || err != nil {
		t.Errorf("%v\n%s", err, diff)
	}
	for _, patterns := range [][]string{nil, {"sale.order", "sale.*"}, {"s?le"}, {"[s]ale"}} {
		if _, err := namedModels(patterns); err == nil || !strings.Contains(err.Error(), "Access Rights") {
			t.Errorf("%q: the error is %v", patterns, err)
		}
	}
}

func TestSplitList(t *testing.T) {
	for text, want := range map[string][]string{
		"": nil, "base": {"base"}, "sale, base,sale": {"base", "sale"}, " , ,a": {"a"},
	} {
		if diff := cmp.Diff(want, splitList(text)); diff != "" {
			t.Errorf("%q:\n%s", text, diff)
		}
	}
}
