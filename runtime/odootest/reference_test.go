package odootest_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/odoogen/odoogen/runtime/odootest"
)

func BenchmarkStartWithReferenceData(b *testing.B) {
	schema := stock(b)
	for b.Loop() {
		s, err := odootest.Start(schema, odootest.ReferenceData())
		if err != nil {
			b.Fatal(err)
		}
		s.Close()
	}
}

// Belgium is a country from the start, with its currency, on each version; what the snapshot lacks is left out.
func TestReferenceData(t *testing.T) {
	t.Parallel()
	for _, version := range []string{"14", "15", "16", "17", "18", "19"} {
		server := odootest.NewFrom(t, filepath.Join("suite", "testdata", version+".schema.json"), odootest.ReferenceData())
		found := kw(t, server, "res.country", "search_read", []any{[]any{[]any{"code", "=", "BE"}}, []any{"name", "code"}}, nil)
		id := kw(t, server, "ir.model.data", "search_count", []any{[]any{[]any{"module", "=", "base"}, []any{"name", "=", "be"}}}, nil)
		if found.Error != nil || id.Error != nil || string(id.Result) != "1" {
			t.Errorf("%s: %+v, %+v", version, found.Error, id)
		}
		contains(t, string(found.Result), `"name":"Belgium"`)
		kw(t, server, "res.currency", "search_count", []any{[]any{[]any{"name", "=", "EUR"}}}, map[string]any{"context": map[string]any{"active_test": false}}).result(t, "1")
	}
}

// The records beside a snapshot are made with it; what is wrong with them is an error.
func TestDataBesideTheSnapshot(t *testing.T) {
	t.Parallel()
	schema, err := small("19.0").Encode()
	must(t, err)
	file := filepath.Join(t.TempDir(), "x.schema.json")
	must(t, os.WriteFile(file, schema, 0o600))
	put := func(data string) {
		must(t, os.WriteFile(filepath.Join(filepath.Dir(file), "x.data.json"), []byte(data), 0o600))
	}
	put(`{"x.node": [{"id": "demo.a", "name": "a"}, {"id": "demo.b", "name": "b", "parent_id/id": "demo.a"}]}`)
	kw(t, odootest.NewFrom(t, file), "x.node", "search_count", []any{[]any{[]any{"parent_id.name", "=", "a"}}}, nil).result(t, "1")
	put(`{"x.gone": [{"name": "a"}]}`)
	if reports := try(t, func(tr *trial) { odootest.NewFrom(tr, file) }); reports == "" {
		t.Error("a model that is not in the snapshot is no error")
	} else {
		contains(t, reports, "x.data.json: x.gone, record 1: the model is not in the snapshot")
	}
}
