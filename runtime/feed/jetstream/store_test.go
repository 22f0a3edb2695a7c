package jetstream_test

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"

	"github.com/odoogen/odoogen/generated"
	"github.com/odoogen/odoogen/generated/odoo"
	"github.com/odoogen/odoogen/introspect/snapshot"
	orm "github.com/odoogen/odoogen/runtime"
	"github.com/odoogen/odoogen/runtime/feed"
	"github.com/odoogen/odoogen/runtime/feed/jetstream"
	"github.com/odoogen/odoogen/runtime/odootest"
)

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// startNATS starts a server with JetStream, and connects to it.
func startNATS(t *testing.T) *nats.Conn {
	t.Helper()
	s, err := server.NewServer(&server.Options{Host: "127.0.0.1", Port: -1, JetStream: true, StoreDir: t.TempDir(), NoSigs: true, NoLog: true})
	must(t, err)
	s.Start()
	t.Cleanup(func() { s.Shutdown(); s.WaitForShutdown() })
	if !s.ReadyForConnections(10 * time.Second) {
		t.Fatal("the server does not start")
	}
	return connect(t, s.ClientURL())
}

func connect(t *testing.T, url string) *nats.Conn {
	t.Helper()
	nc, err := natsConnect(url)
	must(t, err)
	t.Cleanup(nc.Close)
	return nc
}

type partner struct {
	Name string `odoo:"name"`
}

type batch = feed.Batch[partner, odoo.ResPartner]

// world is an Odoo, and a group.
type world struct {
	*testing.T
	nc *nats.Conn
	g  *jetstream.Group
	c  *orm.Client
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{T: t, nc: startNATS(t), c: startOdoo(t)}
	w.g = w.join()
	return w
}

func startOdoo(t *testing.T) *orm.Client {
	t.Helper()
	schema, err := snapshot.Decode(generated.Snapshot)
	must(t, err)
	c, err := odootest.New(t, schema).Dial(t.Context())
	must(t, err)
	return c
}

func (w *world) join(opts ...jetstream.Option) *jetstream.Group {
	w.Helper()
	g, err := jetstream.Join(w.Context(), w.nc, "shop", opts...)
	must(w.T, err)
	return g
}

func (w *world) create(names ...string) []orm.ID[odoo.ResPartner] {
	w.Helper()
	var values []odoo.ResPartnerValues
	for _, name := range names {
		values = append(values, odoo.ResPartnerValues{Name: orm.Set(name)})
	}
	ids, err := orm.CreateMany(w.Context(), w.c, values)
	must(w.T, err)
	return ids
}

func (w *world) feed(name string) *feed.Feed[partner, odoo.ResPartner] {
	w.Helper()
	f, err := feed.New[partner](w.c, orm.AllOf[odoo.ResPartner](), feed.StoreIn(w.g.Store(name)), feed.PageSize(2))
	must(w.T, err)
	return f
}

// poll commits each batch by a function, and gives what was delivered.
func (w *world) poll(f *feed.Feed[partner, odoo.ResPartner], commit func(*batch) error) string {
	w.Helper()
	var out []string
	for b, err := range f.Batches(w.Context()) {
		must(w.T, err)
		for _, c := range b.Changes {
			out = append(out, strings.TrimSpace(fmt.Sprint(c.Kind, " ", int64(c.ID), " ", c.Record.Name)))
		}
		must(w.T, commit(b))
	}
	return strings.Join(out, ", ")
}

func (w *world) plain(b *batch) error { return b.Commit(w.Context()) }

func (w *world) want(got, want string) {
	w.Helper()
	if got != want {
		w.Errorf("got %q, want %q", got, want)
	}
}

// wantError checks that an error contains a text.
func (w *world) wantError(err error, text string) {
	w.Helper()
	if err == nil || !strings.Contains(err.Error(), text) {
		w.Errorf("got the error %v, want one with %q", err, text)
	}
}

// values lists the keys of the bucket that begin with a prefix.
func (w *world) values(prefix string) (keys []string) {
	w.Helper()
	kv, err := natsjs(w.nc).KeyValue(w.Context(), "shop")
	must(w.T, err)
	all, err := kv.ListKeys(w.Context())
	must(w.T, err)
	for key := range all.Keys() {
		if strings.HasPrefix(key, prefix) {
			keys = append(keys, key)
		}
	}
	return keys
}

func TestStoreGoesOn(t *testing.T) {
	w := newWorld(t)
	ids := w.create("a", "b", "c")
	w.want(w.poll(w.feed("x"), w.plain), "created 1 a, created 2 b, created 3 c")
	w.want(w.poll(w.feed("x"), w.plain), "")
	w.want(w.poll(w.feed("y"), w.plain), "created 1 a, created 2 b, created 3 c")
	must(t, orm.Unlink(t.Context(), w.c, ids[:1]))
	must(t, orm.Write(t.Context(), w.c, ids[1:2], odoo.ResPartnerValues{Name: orm.Set("B")}))
	w.g = w.join()
	w.want(w.poll(w.feed("x"), w.plain), "changed 2 B, deleted 1")
	w.want(w.poll(w.feed("x"), w.plain), "")
	must(t, w.g.Forget(t.Context(), "x"))
	w.want(w.poll(w.feed("x"), w.plain), "created 2 B, created 3 c")
	w.want(w.poll(w.feed("y"), w.plain), "changed 2 B, deleted 1")
}

func TestStoreOfAnotherFeed(t *testing.T) {
	w := newWorld(t)
	w.poll(w.feed("x"), w.plain)
	for want, store := range map[string]*jetstream.Store{
		`x is the state of another feed: its condition is [], not [["ref","=","it's"]]: to start over, call Forget`: w.g.Store("x"),
		`the feed "a.b": want letters, digits, - and _, 100 at most`:                                                w.g.Store("a.b"),
	} {
		f, err := feed.New[partner](w.c, orm.Eq(odoo.ResPartnerF.Ref, "it's"), feed.StoreIn(store))
		must(t, err)
		yielded := 0
		for _, err := range f.Batches(t.Context()) {
			yielded++
			w.wantError(err, want)
		}
		if yielded != 1 {
			t.Errorf("%d errors, want 1", yielded)
		}
	}
}

// A loop that has the state open loses it to the next one, and changes nothing any more.
func TestStoreIsTakenOver(t *testing.T) {
	w := newWorld(t)
	w.create("a", "b", "c")
	batches := 0
	for b, err := range w.feed("x").Batches(t.Context()) {
		if batches++; batches == 1 {
			must(t, err)
			w.want(w.poll(w.feed("x"), w.plain), "created 1 a, created 2 b, created 3 c")
			w.wantError(b.Commit(t.Context()), "the state x: another loop has opened the state")
		}
	}
	w.want(w.poll(w.feed("x"), w.plain), "")
}

// Two loops over one store value are a mistake of the program.
func TestStoreOpensOnce(t *testing.T) {
	w := newWorld(t)
	s := w.g.Store("x")
	of := feed.Identity{Database: "d", Model: "m"}
	w.wantError(s.Save(t.Context(), feed.Progress{}), "the state x is not open")
	_, err := s.Open(t.Context(), of)
	must(t, err)
	_, err = s.Open(t.Context(), of)
	w.wantError(err, "the state x is in use by another loop")
	must(t, s.Close())
	_, err = s.Open(t.Context(), of)
	must(t, err)
}

// A state has any size: it is kept in parts, and rewritten when much of it is out of date.
func TestStoreOfManyRecords(t *testing.T) {
	const records, page = 100_000, 500
	w := newWorld(t)
	ctx, of := t.Context(), feed.Identity{Database: "d", Model: "m"}
	s := w.g.Store("x")
	_, err := s.Open(ctx, of)
	must(t, err)
	began := time.Now()
	want := map[int64]uint64{}
	for first := int64(1); first < records; first += page {
		for _, base := range []uint64{1, 1 << 40} { // offered, and committed
			p := feed.Progress{Cursor: feed.Cursor{After: first}}
			for id := first; id < first+page; id++ {
				want[id] = base + uint64(id)
				p.Seen = append(p.Seen, feed.Seen{ID: id, Sum: want[id]})
			}
			must(t, s.Save(ctx, p))
		}
	}
	saved := time.Since(began)
	for i := range int64(100) {
		delete(want, 7*i+3)
		want[9*i+4] = 5
		must(t, s.Save(ctx, feed.Progress{Cursor: feed.Cursor{Loaded: true}, Gone: []int64{7*i + 3}, Seen: []feed.Seen{{ID: 9*i + 4, Sum: 5}}}))
	}
	began = time.Now()
	next := w.join().Store("x")
	state, err := next.Open(ctx, of)
	must(t, err)
	t.Logf("%d saves of %d records in %v, opened in %v, %d parts", 2*records/page, page, saved, time.Since(began), len(w.values("part.")))
	if state.Cursor != (feed.Cursor{Loaded: true}) {
		t.Errorf("the cursor is %+v", state.Cursor)
	}
	if !slices.IsSortedFunc(state.Seen, func(a, b feed.Seen) int { return cmp.Compare(a.ID, b.ID) }) {
		t.Error("the records are not in the order of their IDs")
	}
	for _, seen := range state.Seen {
		if want[seen.ID] != seen.Sum {
			t.Fatalf("record %d has the sum %d, want %d", seen.ID, seen.Sum, want[seen.ID])
		}
	}
	if len(state.Seen) != len(want) {
		t.Errorf("%d records, want %d", len(state.Seen), len(want))
	}
	if n := len(w.values("part.")); n > 60 {
		t.Errorf("%d parts: replaced ones were not removed", n)
	}
	must(t, s.Close())
}

// FromNow saves all records in one step.
func TestStoreSavesAnySize(t *testing.T) {
	w := newWorld(t)
	ctx, of := t.Context(), feed.Identity{Database: "d", Model: "m"}
	s := w.g.Store("x")
	_, err := s.Open(ctx, of)
	must(t, err)
	p := feed.Progress{}
	for id := range int64(200_000) {
		p.Seen = append(p.Seen, feed.Seen{ID: id + 1, Sum: uint64(id)})
	}
	must(t, s.Save(ctx, p))
	must(t, s.Close())
	state, err := s.Open(ctx, of)
	must(t, err)
	if !slices.Equal(state.Seen, p.Seen) {
		t.Errorf("%d records, want %d", len(state.Seen), len(p.Seen))
	}
}

// unsure is a bucket of which one update succeeds without an answer, and the next read is one of long ago.
type unsure struct {
	natskv
	before natsentry
	late   bool
}

func (u *unsure) Update(ctx context.Context, key string, value []byte, revision uint64) (uint64, error) {
	if got, err := u.natskv.Update(ctx, key, value, revision); err != nil || u.late {
		return got, err
	}
	u.late = true
	return 0, context.DeadlineExceeded
}

func (u *unsure) Get(ctx context.Context, key string) (natsentry, error) {
	if before := u.before; before != nil {
		u.before = nil
		return before, nil
	}
	return u.natskv.Get(ctx, key)
}

// A save that has succeeded without an answer, when a server failed, is no failure. A read from a server that is behind shows the
// loop before, which is not one that has taken the state over.
func TestStoreSavesWithoutAnAnswer(t *testing.T) {
	w := newWorld(t)
	ctx, of := t.Context(), feed.Identity{Database: "d", Model: "m"}
	s := w.g.Store("x")
	_, err := s.Open(ctx, of)
	must(t, err)
	kv, err := natsjs(w.nc).KeyValue(ctx, "shop")
	must(t, err)
	before, err := kv.Get(ctx, "state.x")
	must(t, err)
	must(t, s.Close())
	_, err = s.Open(ctx, of)
	must(t, err)
	u := &unsure{before: before}
	jetstream.Wrap(w.g, func(kv natskv) natskv { u.natskv = kv; return u })
	for id := range int64(3) {
		must(t, s.Save(ctx, feed.Progress{Seen: []feed.Seen{{ID: id + 1, Sum: 9}}}))
	}
	if !u.late || u.before != nil {
		t.Error("no save was without an answer, or no read behind")
	}
	must(t, s.Close())
	state, err := s.Open(ctx, of)
	must(t, err)
	w.want(fmt.Sprint(state.Seen), "[{1 9} {2 9} {3 9}]")
}

// A loop that ended between the parts and the head leaves parts behind, which the next one removes.
func TestStoreRemovesPartsOfCrashedLoops(t *testing.T) {
	w := newWorld(t)
	kv, err := natsjs(w.nc).KeyValue(t.Context(), "shop")
	must(t, err)
	for _, key := range []string{"part.x.left", "part.xx.other"} {
		_, err = kv.Put(t.Context(), key, make([]byte, 16))
		must(t, err)
	}
	w.poll(w.feed("x"), w.plain)
	w.want(fmt.Sprint(w.values("part.")), "[part.xx.other]")
}

func TestJoinRefuses(t *testing.T) {
	w := newWorld(t)
	w.make("ttl", func(c *bucketConfig) { c.TTL = time.Hour })
	w.make("small", func(c *bucketConfig) { c.MaxValueSize = 1000 })
	for name, want := range map[string]string{
		"ttl":   "jetstream: group ttl: the bucket ttl drops its values after 1h0m0s: want one without a TTL",
		"small": "jetstream: group small: the bucket small takes values of 1000 bytes: want at least 524288",
		"a b":   `jetstream: the group "a b": want letters, digits, - and _, 100 at most`,
	} {
		_, err := jetstream.Join(t.Context(), w.nc, name)
		w.wantError(err, want)
	}
	_, err := jetstream.Join(context.Background(), w.nc, "shop", jetstream.Replicas(0))
	w.wantError(err, "jetstream: Replicas(0): want 1 to 5")
}
