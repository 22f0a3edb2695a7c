package odootest_test

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/odoogen/odoogen/introspect"
	"github.com/odoogen/odoogen/introspect/snapshot"
	"github.com/odoogen/odoogen/runtime/odootest"
)

// Records that were pulled from one server make another with the same records, on each version: with archived ones, hierarchies and
// relations, without secrets and binaries.
func TestPulledDataMakesTheSameServer(t *testing.T) {
	t.Parallel()
	for _, version := range []string{"14", "15", "16", "17", "18", "19"} {
		file := filepath.Join("suite", "testdata", version+".schema.json")
		server := odootest.NewFrom(t, file, odootest.ReferenceData())
		must(t, server.SeedJSON([]byte(`{"res.partner.category": [{"id": "demo.z", "name": "Z"}, {"id": "demo.a", "name": "A <&> \"é\"", "parent_id/id": "demo.z"}, {"name": "unnamed", "active": false}]}`)))
		schema, first := pulledData(t, server, file)
		for _, want := range []string{
			`"name": "Z"}`, `"name": "A <&> \"é\"", "parent_id/id": "demo.z"`,
			`{"id": "__export__.res_partner_category_3", "active": false`, `"currency_id/id": "base.EUR"`,
		} {
			contains(t, first, want)
		}
		if strings.Index(first, `"demo.a"`) < strings.Index(first, `"id": "demo.z"`) {
			t.Errorf("%s: a child stands before its parent", version)
		}
		other := odootest.New(t, schema)
		must(t, other.SeedJSON([]byte(first)))
		if _, second := pulledData(t, other, file); second != first {
			t.Errorf("%s: the data differs:\n%s", version, second)
		}
	}
}

// pulledData are the records of reference models of a server, of the fields that a snapshot has.
func pulledData(t *testing.T, server *odootest.Server, file string) (*snapshot.Schema, string) {
	t.Helper()
	c := dial(t, server)
	schema, err := introspect.Pull(t.Context(), c, introspect.Options{Methods: introspect.MethodsNone})
	must(t, err)
	data, err := introspect.PullData(t.Context(), c, schema, []string{"res.country", "res.currency", "res.lang", "res.partner.category"}, 1000)
	must(t, err)
	content, err := data.Encode()
	must(t, err)
	if slices.ContainsFunc(data.LeftOut, func(line string) bool { return strings.HasPrefix(line, "res.partner.category.parent_id") }) {
		t.Errorf("%s: left out %v", file, data.LeftOut)
	}
	return schema, string(content)
}

// What is not pulled as data is refused, with the reason.
func TestPullDataRefuses(t *testing.T) {
	t.Parallel()
	server := odootest.New(t, stock(t), odootest.ReferenceData())
	c := dial(t, server)
	for _, test := range []struct {
		model string
		limit int
		want  string
	}{
		{"res.users", 10, "the records of res.users hold secrets"},
		{"res.contry", 10, "the snapshot has no model res.contry"},
		{"res.country", 10, "res.country has more than 10 records"},
	} {
		_, err := introspect.PullData(t.Context(), c, stock(t), []string{test.model}, test.limit)
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v, want %q", test.model, err, test.want)
		}
	}
}
