package generator_test

import (
	"strings"
	"testing"

	"github.com/goccy/go-yaml"

	"github.com/odoogen/odoogen/generator"
	"github.com/odoogen/odoogen/introspect/snapshot"
)

// suggestions are the renames that the error of a conflict offers.
func suggestions(t *testing.T, err error) map[string]string {
	t.Helper()
	_, lines, ok := strings.Cut(err.Error(), "\nrename:\n")
	if !ok {
		t.Fatalf("no suggestions in: %v", err)
	}
	var c generator.Config
	if err := yaml.UnmarshalWithOptions([]byte("rename:\n"+lines), &c, yaml.Strict()); err != nil {
		t.Fatalf("the suggestions are no YAML: %v\n%s", err, lines)
	}
	return c.Rename
}

// Whatever meets, what the error suggests resolves it, once it is pasted as it stands.
func TestSuggestionsResolve(t *testing.T) {
	conflicts := 0
	for seed := range uint64(60) {
		s := newSource(seed).schema(12, 12)
		c := defaults()
		_, err := generator.Generate(s, c)
		if err == nil {
			continue
		}
		conflicts++
		c.Rename = suggestions(t, err)
		if _, again := generator.Generate(s, c); again != nil {
			t.Fatalf("seed %d: the suggestions of\n%v\ndo not resolve it:\n%v", seed, err, again)
		}
	}
	if conflicts < 30 {
		t.Errorf("only %d of the schemas have conflicts", conflicts)
	}
}

// The same snapshot gives the same report, whatever the order of Go's maps.
func TestConflictsAreStable(t *testing.T) {
	s := newSource(3).schema(40, 12)
	_, first := generator.Generate(s, defaults())
	if first == nil {
		t.Fatal("no conflict")
	}
	for range 5 {
		if _, err := generator.Generate(s, defaults()); err.Error() != first.Error() {
			t.Fatalf("first\n%v\nthen\n%v", first, err)
		}
	}
}

// Renames of the configuration that conflict are reported like other conflicts, with lines that replace them.
func TestRenamesThatMeet(t *testing.T) {
	s := &snapshot.Schema{Models: []snapshot.Model{{Name: "sale.order"}, {Name: "purchase.order"}, {Name: "order2"}}}
	c := defaults()
	c.Rename = map[string]string{"sale.order": "Order", "purchase.order": "Order"}
	_, err := generator.Generate(s, c)
	if err == nil {
		t.Fatal("no error")
	}
	got := suggestions(t, err)
	if len(got) != 1 || got["sale.order"] != "Order3" { // Order2 is taken
		t.Errorf("suggestions: %v", got)
	}
	c.Rename["sale.order"] = got["sale.order"]
	if _, err := generator.Generate(s, c); err != nil {
		t.Error(err)
	}
}

func TestCheckRenames(t *testing.T) {
	s := &snapshot.Schema{Models: []snapshot.Model{{Name: "sale.order", Fields: []snapshot.Field{
		{Name: "partner_id", Type: "many2one", Relation: "res.partner"},
		{Name: "state", Type: "selection", Selection: []snapshot.Choice{{Value: "sale"}, {Value: ""}}},
	}}}}
	cases := []struct{ address, name, want string }{
		{"sale.order", "Order", ""},
		{"res.partner", "Contact", ""}, // only pointed to
		{"sale.order/state", "Status", ""},
		{"sale.order/state=sale", "1", ""}, // stands behind OrderState
		{"sale.order/state=", "None", ""},
		{"sale.orders", "Order", "the snapshot has no sale.orders"},
		{"sale.order/stat", "Order", "the snapshot has no sale.order/stat"},
		{"sale.order/state=done", "Done", "the snapshot has no sale.order/state=done"},
		{"", "Order", "the snapshot has no "},
		{"sale.order", "order", `sale.order: "order" is not an exported Go name`},
		{"sale.order", "Sale Order", `"Sale Order" is not an exported Go name`},
		{"sale.order", "", `"" is not an exported Go name`},
		{"sale.order", "Order/", `"Order/" is not`},
		{"sale.order/state", "_State", `"_State" is not an exported Go name`},
		{"sale.order/state=sale", "", `"" is not`},
		{"sale.order/state=sale", "a-b", `"a-b" is not`},
	}
	for _, tc := range cases {
		c := defaults()
		c.Rename = map[string]string{tc.address: tc.name}
		_, err := generator.Generate(s, c)
		switch {
		case tc.want == "" && err != nil:
			t.Errorf("%q: %q: %v", tc.address, tc.name, err)
		case tc.want != "" && (err == nil || !strings.Contains(err.Error(), tc.want) || !strings.Contains(err.Error(), generator.ConfigFile)):
			t.Errorf("%q: %q: the error is %v, want %s", tc.address, tc.name, err, tc.want)
		}
	}
}

// All wrong renames come in one error.
func TestCheckRenamesAtOnce(t *testing.T) {
	c := defaults()
	c.Rename = map[string]string{"a": "A", "b": "B", "c": "c"}
	_, err := generator.Generate(&snapshot.Schema{Models: []snapshot.Model{{Name: "c"}}}, c)
	if err == nil || !strings.Contains(err.Error(), `the snapshot has no a; the snapshot has no b; c: "c" is not an exported Go name`) {
		t.Errorf("the error is %v", err)
	}
}
