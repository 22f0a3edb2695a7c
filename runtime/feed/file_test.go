package feed_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/odoogen/odoogen/generated/odoo"
	orm "github.com/odoogen/odoogen/runtime"
	"github.com/odoogen/odoogen/runtime/feed"
)

// A feed goes on where the file says, in another process.
func TestFile(t *testing.T) {
	f := start(t)
	name := filepath.Join(t.TempDir(), "partners.feed")
	ids := f.create("a", "b", "c")
	again := func() *feed.Feed[partner, odoo.ResPartner] { return f.feed(everybody, feed.StoreIn(feed.File(name))) }
	f.want(f.poll(again()), "created 1 a", "created 2 b", "created 3 c")
	f.want(f.poll(again()))
	f.write(ids[0], odoo.ResPartnerValues{Name: orm.Set("A")})
	f.unlink(ids[2])
	f.drop(again(), "changed 1 A")
	f.want(f.poll(again()), "changed 1 A", "deleted 3")
	f.want(f.poll(again()))
}

var identity = feed.Identity{Database: "demo", Model: "res.partner", Condition: "[]", Fields: "id name"}

func open(t *testing.T, s feed.Store) feed.State {
	t.Helper()
	state, err := s.Open(t.Context(), identity)
	if err != nil {
		t.Fatal(err)
	}
	return state
}

func save(t *testing.T, s feed.Store, p feed.Progress) {
	t.Helper()
	if err := s.Save(t.Context(), p); err != nil {
		t.Fatal(err)
	}
}

// What both stores must do.
func TestStores(t *testing.T) {
	for name, s := range map[string]feed.Store{"memory": feed.Memory(), "file": feed.File(filepath.Join(t.TempDir(), "state"))} {
		t.Run(name, func(t *testing.T) { testStore(t, s) })
	}
}

func testStore(t *testing.T, s feed.Store) {
	if state := open(t, s); len(state.Seen) > 0 || state.Cursor != (feed.Cursor{}) {
		t.Errorf("a new store has %v", state)
	}
	if _, err := s.Open(t.Context(), identity); err == nil || !strings.Contains(err.Error(), "in use") {
		t.Errorf("opened twice: %v", err)
	}
	at := time.Date(2026, 11, 28, 10, 0, 0, 0, time.UTC)
	save(t, s, feed.Progress{Cursor: feed.Cursor{After: 9}, Seen: []feed.Seen{{ID: 9, Sum: 90}, {ID: 3, Sum: 30}, {ID: 5, Sum: 50}}})
	save(t, s, feed.Progress{Cursor: feed.Cursor{Horizon: at, Loaded: true}, Seen: []feed.Seen{{ID: 4, Sum: 40}, {ID: 5, Sum: 51}}, Gone: []int64{9}})
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	want := feed.State{Cursor: feed.Cursor{Horizon: at, Loaded: true}, Seen: []feed.Seen{{ID: 3, Sum: 30}, {ID: 4, Sum: 40}, {ID: 5, Sum: 51}}}
	if diff := cmp.Diff(want, open(t, s)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	other := identity
	other.Condition = `[["active","=",true]]`
	_, err := s.Open(t.Context(), other)
	if err == nil || !strings.Contains(err.Error(), `the state of another feed: its condition is [], not [["active","=",true]]: to start over, `) {
		t.Errorf("another condition: %v", err)
	}
}

// Wherever a crash cuts the file off, the steps before are there.
func TestFileCutOff(t *testing.T) {
	name := filepath.Join(t.TempDir(), "state")
	s := feed.File(name)
	open(t, s)
	save(t, s, feed.Progress{Seen: []feed.Seen{{ID: 1, Sum: 10}}})
	whole := size(t, name)
	save(t, s, feed.Progress{Seen: []feed.Seen{{ID: 2, Sum: 20}}})
	end := size(t, name)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	for cut := whole; cut < end; cut++ {
		for _, rest := range [][]byte{nil, bytes.Repeat([]byte{0}, int(end-cut))} {
			damaged := append(bytes.Clone(data[:cut]), rest...)
			if bytes.Equal(damaged, data) {
				continue // it ended in zeros
			}
			if err := os.WriteFile(name, damaged, 0o600); err != nil {
				t.Fatal(err)
			}
			state := open(t, s)
			if diff := cmp.Diff([]feed.Seen{{ID: 1, Sum: 10}}, state.Seen); diff != "" {
				t.Fatalf("cut at %d: %s", cut, diff)
			}
			save(t, s, feed.Progress{Seen: []feed.Seen{{ID: 3, Sum: 30}}})
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
			if state := open(t, s); len(state.Seen) != 2 || state.Seen[1].ID != 3 {
				t.Fatalf("cut at %d, then saved: %v", cut, state.Seen)
			}
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
		}
	}
	data[whole-1] ^= 1
	if err := os.WriteFile(name, data, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Open(t.Context(), identity); err == nil || !strings.Contains(err.Error(), "is damaged: to start over, remove the file") {
		t.Errorf("a damaged step: %v", err)
	}
}

func size(t *testing.T, name string) int64 {
	t.Helper()
	info, err := os.Stat(name)
	if err != nil {
		t.Fatal(err)
	}
	return info.Size()
}

// The file does not grow with the number of steps.
func TestFileIsRewritten(t *testing.T) {
	name := filepath.Join(t.TempDir(), "state")
	s := feed.File(name)
	open(t, s)
	p := feed.Progress{}
	for i := range 5_000 {
		p.Seen = append(p.Seen, feed.Seen{ID: int64(i), Sum: 9})
	}
	for range 20 {
		save(t, s, p)
	}
	if n := size(t, name); n > 3*16*10_000 {
		t.Errorf("%d bytes for 5,000 records", n)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if state := open(t, s); len(state.Seen) != 5_000 {
		t.Errorf("%d records", len(state.Seen))
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if files, _ := filepath.Glob(filepath.Join(filepath.Dir(name), "*")); len(files) != 2 {
		t.Errorf("files left: %v", files)
	}
}

// Of two loops over a file, the second one fails.
func TestFileIsLocked(t *testing.T) {
	name := filepath.Join(t.TempDir(), "state")
	first := feed.File(name)
	open(t, first)
	t.Cleanup(func() { _ = first.Close() })
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	if _, err := feed.File(name).Open(ctx, identity); err == nil {
		t.Error("the file was opened twice")
	}
}

func TestFileOfSomethingElse(t *testing.T) {
	name := filepath.Join(t.TempDir(), "state")
	if err := os.WriteFile(name, []byte("{}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := feed.File(name).Open(t.Context(), identity); err == nil || !strings.Contains(err.Error(), "to start over, remove the file") {
		t.Error(err)
	}
	if data, _ := os.ReadFile(name); string(data) != "{}\n" {
		t.Errorf("the file has become %q", data)
	}
}
