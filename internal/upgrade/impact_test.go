package upgrade

import (
	"testing"

	"github.com/odoogen/odoogen/internal/usage"
	"github.com/odoogen/odoogen/introspect/diff"
	"github.com/odoogen/odoogen/introspect/snapshot"
)

// usage.Creates without a field that is required now are listed unless the server is known to have a default for it: then only
// what writes it is.
func TestRequiredFieldsAndCreates(t *testing.T) {
	schema := func(fields ...snapshot.Field) *snapshot.Schema {
		return &snapshot.Schema{Format: snapshot.Format, Models: []snapshot.Model{{Name: "m", Fields: fields}}}
	}
	create, given, write := usage.Use{Model: "m", How: usage.Creates}, usage.Use{Model: "m", How: usage.Creates, Given: map[string]bool{"f": true}}, usage.Use{Model: "m", Field: "f", How: usage.Writes}
	required := func(d snapshot.Default) snapshot.Field {
		return snapshot.Field{Name: "f", Type: "selection", Required: true, Default: d}
	}
	optional := snapshot.Field{Name: "f", Type: "selection"}
	for _, tc := range []struct {
		name          string
		before, after *snapshot.Schema
		create, write bool
	}{
		{"added, unknown", schema(), schema(required("")), true, false},
		{"added, no default", schema(), schema(required(snapshot.NoDefault)), true, false},
		{"added, default", schema(), schema(required(snapshot.HasDefault)), false, false},
		{"became required, no default", schema(optional), schema(required(snapshot.NoDefault)), true, false},
		{"became required, default", schema(optional), schema(required(snapshot.HasDefault)), false, true},
		{"default gone", schema(required(snapshot.HasDefault)), schema(required(snapshot.NoDefault)), true, false},
	} {
		changes := diff.Compare(tc.before, tc.after).Changes
		if len(changes) != 1 {
			t.Fatalf("%s: %d changes, want one", tc.name, len(changes))
		}
		listed := func(u usage.Use) bool { return !changes[0].Class.Safe() && touches(changes[0], u) }
		if listed(create) != tc.create || listed(given) || listed(write) != tc.write {
			t.Errorf("%s: listed are create %t, create with it %t, write %t", tc.name, listed(create), listed(given), listed(write))
		}
	}
}

func TestUnsearchableFieldsMatterToConditionsOnly(t *testing.T) {
	schema := func(f snapshot.Field) *snapshot.Schema {
		f.Name, f.Type = "f", "float"
		return &snapshot.Schema{
			Format: snapshot.Format, Reports: []snapshot.Report{snapshot.Searchable, snapshot.Sortable},
			Models: []snapshot.Model{{Name: "m", Fields: []snapshot.Field{f}}},
		}
	}
	for _, tc := range []struct {
		after snapshot.Field
		how   usage.How
	}{{snapshot.Field{Unsearchable: true}, usage.Condition}, {snapshot.Field{Unsortable: true}, usage.Orders}} {
		changes := diff.Compare(schema(snapshot.Field{}), schema(tc.after)).Changes
		if len(changes) != 1 {
			t.Fatalf("%s: %d changes, want one", tc.how, len(changes))
		}
		for _, how := range []usage.How{usage.Reads, usage.Writes, usage.Condition, usage.Orders, usage.Groups} {
			if got := touches(changes[0], usage.Use{Model: "m", Field: "f", How: how}); got != (how == tc.how) {
				t.Errorf("%s changed: %s is touched: %t", tc.how, how, got)
			}
		}
	}
}
