package usage

import (
	"testing"

	"github.com/odoogen/odoogen/introspect"
	"github.com/odoogen/odoogen/introspect/diff"
)

// Creates without a field that is required now are listed unless the server is known to have a default for it: then only
// what writes it is.
func TestRequiredFieldsAndCreates(t *testing.T) {
	snapshot := func(fields ...introspect.Field) *introspect.Schema {
		return &introspect.Schema{Format: introspect.Format, Models: []introspect.Model{{Name: "m", Fields: fields}}}
	}
	create, given, write := Use{Model: "m", How: Creates}, Use{Model: "m", How: Creates, Given: map[string]bool{"f": true}}, Use{Model: "m", Field: "f", How: Writes}
	required := func(d introspect.Default) introspect.Field {
		return introspect.Field{Name: "f", Type: "selection", Required: true, Default: d}
	}
	optional := introspect.Field{Name: "f", Type: "selection"}
	for _, tc := range []struct {
		name          string
		before, after *introspect.Schema
		create, write bool
	}{
		{"added, unknown", snapshot(), snapshot(required("")), true, false},
		{"added, no default", snapshot(), snapshot(required(introspect.NoDefault)), true, false},
		{"added, default", snapshot(), snapshot(required(introspect.HasDefault)), false, false},
		{"became required, no default", snapshot(optional), snapshot(required(introspect.NoDefault)), true, false},
		{"became required, default", snapshot(optional), snapshot(required(introspect.HasDefault)), false, true},
		{"default gone", snapshot(required(introspect.HasDefault)), snapshot(required(introspect.NoDefault)), true, false},
	} {
		changes := diff.Compare(tc.before, tc.after).Changes
		if len(changes) != 1 {
			t.Fatalf("%s: %d changes, want one", tc.name, len(changes))
		}
		listed := func(u Use) bool { return !changes[0].Class.Safe() && touches(changes[0], u) }
		if listed(create) != tc.create || listed(given) || listed(write) != tc.write {
			t.Errorf("%s: listed are create %t, create with it %t, write %t", tc.name, listed(create), listed(given), listed(write))
		}
	}
}
