package introspect

import (
	"slices"
	"testing"
)

// Delegated fields of a removed field are not reported as fields that are not visible to the user.
func TestStaleMirrorsAreDropped(t *testing.T) {
	l := listing{
		"res.partner": {{name: "id"}, {name: "x_there"}},
		"res.users": {
			{name: "partner_id", relation: "res.partner"}, {name: "x_there", related: "partner_id.x_there"}, {name: "x_gone", related: "partner_id.x_gone"},
			{name: "x_own"}, {name: "x_city", related: "partner_id.city"},
		},
		"x.agent": {{name: "user_id", relation: "res.users"}, {name: "x_gone", related: "user_id.x_gone"}},
	}
	l.dropStaleMirrors()
	for model, want := range map[string][]string{
		"res.partner": {"id", "x_there"}, "res.users": {"partner_id", "x_there", "x_own", "x_city"}, "x.agent": {"user_id"},
	} {
		var got []string
		for _, f := range l[model] {
			got = append(got, f.name)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s has %q, want %q", model, got, want)
		}
	}
}
