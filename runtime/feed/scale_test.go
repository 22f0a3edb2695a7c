package feed_test

import (
	"fmt"
	"math/bits"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/odoogen/odoogen/generated/odoo"
	"github.com/odoogen/odoogen/introspect/snapshot"
	orm "github.com/odoogen/odoogen/runtime"
	"github.com/odoogen/odoogen/runtime/feed"
)

// many is a server with partners, which have a name and nothing else, and a store of a feed that knows those with the IDs 1 to
// known.
func many(t *testing.T, partners, known int, store feed.Store) *fixture {
	t.Helper()
	s := schema(t, "19.0")
	i := slices.IndexFunc(s.Models, func(m snapshot.Model) bool { return m.Name == "res.partner" })
	s.Models[i].Fields = slices.DeleteFunc(s.Models[i].Fields, func(f snapshot.Field) bool {
		return f.Name != "name" && f.Name != "write_date" && f.Name != "id"
	})
	f := startOn(t, s)
	records, seen := make([]map[string]any, partners), make([]feed.Seen, known)
	for i := range records {
		records[i] = map[string]any{"id": i + 1, "name": "p", "write_date": "2026-01-01 00:00:00"}
	}
	for i := range seen {
		seen[i].ID = int64(i + 1)
	}
	f.must(f.server.Place("res.partner", records...))
	_, err := store.Open(t.Context(), feed.Identity{Database: "demo", Model: "res.partner", Condition: "[]", Fields: "id name"})
	f.must(err)
	f.must(store.Save(t.Context(), feed.Progress{Cursor: feed.Cursor{Loaded: true, Horizon: time.Now()}, Seen: seen}))
	f.must(store.Close())
	return f
}

type named struct {
	ID   orm.ID[odoo.ResPartner] `odoo:"id"`
	Name string                  `odoo:"name"`
}

// A deletion among many records takes a few calls: 13 among a million, which FEED_SCALE=1000000 shows in two minutes.
func TestDeletionAmongMany(t *testing.T) {
	n := 40_000
	if text := os.Getenv("FEED_SCALE"); text != "" {
		var err error
		if n, err = strconv.Atoi(text); err != nil {
			t.Fatal(err)
		}
	}
	store := feed.Memory()
	f := many(t, n, n, store)
	gone := orm.ID[odoo.ResPartner](n * 2 / 3)
	f.unlink(gone)
	from, err := feed.New[named](f.c, everybody, feed.StoreIn(store))
	f.must(err)
	var found []string
	for batch, err := range from.Batches(t.Context()) {
		f.must(err)
		for _, c := range batch.Changes {
			found = append(found, fmt.Sprint(c.Kind, " ", int64(c.ID)))
		}
		f.must(batch.Commit(t.Context()))
	}
	f.want(found, fmt.Sprint("deleted ", int64(gone)))
	// The field write_date, the poll, the number of all, the halvings, the IDs of the rest, and what became of the record.
	halvings := bits.Len(uint(n / 10_000)) //nolint:gosec // not negative
	if calls := int(f.calls.take()); calls > 3+halvings+3 {
		t.Errorf("%d calls among %d records", calls, n)
	}
}

// A poll with ten changes over 100,000 known records is one call, and takes little memory, in a process of its own.
func TestChangesAmongMany(t *testing.T) {
	name := filepath.Join(t.TempDir(), "state")
	f := many(t, 0, 100_000, feed.File(name))
	f.must(f.server.Place("res.partner", map[string]any{"id": 50_000, "name": "x"}))
	for i := range 10 {
		f.must(f.server.Place("res.partner", map[string]any{"id": 50_000 + i, "name": "x", "write_date": time.Now().UTC().Format(time.DateTime)}))
	}
	program, err := os.Executable()
	f.must(err)
	cmd := exec.CommandContext(t.Context(), program, "-test.run=^$")
	cmd.Env = append(os.Environ(), "FEED_TORTURE=measure", "FEED_TORTURE_LOG="+name, "ODOO_URL="+f.server.URL, "ODOO_DB=demo", "ODOO_USER=admin", "ODOO_PASSWORD=admin")
	out, err := cmd.CombinedOutput()
	var calls, changes, memory int
	if _, scanErr := fmt.Sscanf(string(out), "%d calls, %d changes, %d bytes", &calls, &changes, &memory); scanErr != nil {
		t.Fatalf("%v: %s", err, out)
	}
	if calls != 2 || changes != 10 || memory > 30<<20 {
		t.Errorf("%s", out)
	}
}
