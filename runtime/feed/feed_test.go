package feed_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/odoogen/odoogen/generated"
	"github.com/odoogen/odoogen/generated/odoo"
	"github.com/odoogen/odoogen/introspect/snapshot"
	orm "github.com/odoogen/odoogen/runtime"
	"github.com/odoogen/odoogen/runtime/feed"
	"github.com/odoogen/odoogen/runtime/odootest"
)

// partner is what the tests read.
type partner struct {
	ID   orm.ID[odoo.ResPartner] `odoo:"id"`
	Name string                  `odoo:"name"`
	Ref  string                  `odoo:"ref"`
}

var p = odoo.ResPartnerF

// schema is that of a version.
func schema(t testing.TB, series string) *snapshot.Schema {
	t.Helper()
	s, err := snapshot.Decode(generated.Snapshot)
	if err != nil {
		t.Fatal(err)
	}
	s.Server.Series = series
	return s
}

// onEach runs a test on the embedded Odoo as each version.
func onEach(t *testing.T, test func(f *fixture)) {
	t.Helper()
	for _, series := range []string{"14.0", "15.0", "16.0", "17.0", "18.0", "19.0"} {
		t.Run(series, func(t *testing.T) { test(startOn(t, schema(t, series))) })
	}
}

// counter counts calls.
type counter struct{ atomic.Int64 }

func (n *counter) intercept(next orm.Handler) orm.Handler {
	return func(ctx context.Context, r *orm.Request) error {
		n.Add(1)
		return next(ctx, r)
	}
}

func (n *counter) take() int64 { return n.Swap(0) }

// fixture is a server, what a consumer has of it, and a client of each.
type fixture struct {
	*testing.T
	server *odootest.Server
	c      *orm.Client // of the feed
	writer *orm.Client
	calls  *counter
}

func start(t *testing.T, options ...odootest.Option) *fixture {
	t.Helper()
	return startOn(t, schema(t, "19.0"), options...)
}

func startOn(t *testing.T, schema *snapshot.Schema, options ...odootest.Option) *fixture {
	t.Helper()
	f := &fixture{T: t, server: odootest.New(t, schema, options...), calls: &counter{}}
	f.writer = f.server.Backstage()
	ids, err := orm.IDs(t.Context(), f.writer, orm.AllOf[odoo.ResPartner](), orm.Archived())
	if err == nil && len(ids) > 0 {
		t.Fatalf("the server has partners: %v", ids)
	}
	if f.c, err = f.server.Dial(t.Context(), orm.Intercept(f.calls.intercept)); err != nil {
		t.Fatal(err)
	}
	return f
}

func (f *fixture) create(names ...string) []orm.ID[odoo.ResPartner] {
	f.Helper()
	var values []odoo.ResPartnerValues
	for _, name := range names {
		values = append(values, odoo.ResPartnerValues{Name: orm.Set(name), Ref: orm.Set("x")})
	}
	ids, err := orm.CreateMany(f.Context(), f.writer, values)
	f.must(err)
	return ids
}

func (f *fixture) write(id orm.ID[odoo.ResPartner], v odoo.ResPartnerValues) {
	f.Helper()
	f.must(orm.Write(f.Context(), f.writer, []orm.ID[odoo.ResPartner]{id}, v))
}

func (f *fixture) unlink(ids ...orm.ID[odoo.ResPartner]) {
	f.Helper()
	f.must(orm.Unlink(f.Context(), f.writer, ids))
}

func (f *fixture) must(err error) {
	f.Helper()
	if err != nil {
		f.Fatal(err)
	}
}

func (f *fixture) feed(where orm.Domain[odoo.ResPartner], opts ...feed.Option) *feed.Feed[partner, odoo.ResPartner] {
	f.Helper()
	out, err := feed.New[partner](f.c, where, opts...)
	f.must(err)
	return out
}

// poll takes what one poll gives, as "created 1 name", and commits all of it.
func (f *fixture) poll(from *feed.Feed[partner, odoo.ResPartner]) []string {
	f.Helper()
	var out []string
	for batch, err := range from.Batches(f.Context()) {
		f.must(err)
		out = append(out, texts(batch.Changes)...)
		f.must(batch.Commit(f.Context()))
	}
	return out
}

func texts(changes []feed.Change[partner, odoo.ResPartner]) (out []string) {
	for _, c := range changes {
		out = append(out, strings.TrimSpace(fmt.Sprint(c.Kind, " ", int64(c.ID), " ", c.Record.Name)))
		if c.Record.ID != c.ID && c.Record.ID != 0 {
			out = append(out, "another record")
		}
	}
	return out
}

func (f *fixture) want(got []string, want ...string) {
	f.Helper()
	slices.Sort(got)
	slices.Sort(want)
	if diff := cmp.Diff(want, got); diff != "" {
		f.Errorf("(-want +got)\n%s", diff)
	}
}

var everybody = orm.AllOf[odoo.ResPartner]()

func TestFeed(t *testing.T) { onEach(t, testFeed) }

func testFeed(f *fixture) {
	ids := f.create("a", "b", "c")
	from := f.feed(everybody)
	f.want(f.poll(from), "created 1 a", "created 2 b", "created 3 c")
	f.want(f.poll(from))
	f.write(ids[1], odoo.ResPartnerValues{Name: orm.Set("B")})
	f.write(ids[2], odoo.ResPartnerValues{Name: orm.Set("c")}) // an equal value
	f.unlink(ids[0])
	f.create("d")
	f.want(f.poll(from), "changed 2 B", "created 4 d", "deleted 1")
	f.write(ids[1], odoo.ResPartnerValues{Active: orm.Set(false), Name: orm.Set("archived")})
	f.want(f.poll(from), "changed 2 archived")
	f.want(f.poll(from))
}

// A condition is left and entered.
func TestLeft(t *testing.T) { onEach(t, testLeft) }

func testLeft(f *fixture) {
	ids := f.create("a", "b", "c")
	from := f.feed(orm.Eq(p.Ref, "x"))
	f.want(f.poll(from), "created 1 a", "created 2 b", "created 3 c")
	f.write(ids[0], odoo.ResPartnerValues{Ref: orm.Set("y")})
	f.write(ids[1], odoo.ResPartnerValues{Ref: orm.Set("y")})
	f.unlink(ids[1])
	f.want(f.poll(from), "left 1", "deleted 2")
	f.write(ids[0], odoo.ResPartnerValues{Ref: orm.Set("x")})
	f.want(f.poll(from), "created 1 a")
}

func TestFromNow(t *testing.T) {
	f := start(t)
	ids := f.create("a", "b")
	store := feed.Memory()
	from := f.feed(everybody, feed.FromNow(), feed.StoreIn(store))
	f.want(f.poll(from))
	f.write(ids[0], odoo.ResPartnerValues{Name: orm.Set("A")})
	f.unlink(ids[1])
	f.create("c")
	f.want(f.poll(from), "changed 1 A", "deleted 2", "created 3 c")
	again := f.feed(everybody, feed.FromNow(), feed.StoreIn(store))
	f.create("d")
	f.want(f.poll(again), "created 4 d")
}

// What was delivered without a commit may have been handled or not: its last state is delivered again, whatever it is by then.
func TestUncommitted(t *testing.T) {
	f := start(t)
	ids := f.create("a", "b", "c", "d")
	from := f.feed(orm.Eq(p.Ref, "x"))
	f.want(f.poll(from), "created 1 a", "created 2 b", "created 3 c", "created 4 d")
	f.write(ids[0], odoo.ResPartnerValues{Name: orm.Set("A")})
	f.write(ids[1], odoo.ResPartnerValues{Ref: orm.Set("y")})
	f.unlink(ids[3])
	f.create("e", "f")
	f.drop(from, "changed 1 A", "created 5 e", "created 6 f")
	f.write(ids[0], odoo.ResPartnerValues{Name: orm.Set("a")}) // back to what was committed
	f.unlink(5)                                                // the consumer may have it
	f.drop(from, "changed 1 a", "created 6 f", "deleted 5")
	f.want(f.poll(from), "changed 1 a", "created 6 f", "deleted 5", "left 2", "deleted 4")
	f.want(f.poll(from))
}

// drop takes the first batch of a poll, and leaves the loop without a commit.
func (f *fixture) drop(from *feed.Feed[partner, odoo.ResPartner], want ...string) {
	f.Helper()
	for batch, err := range from.Batches(f.Context()) {
		f.must(err)
		f.want(texts(batch.Changes), want...)
		break
	}
}

func TestPages(t *testing.T) {
	f := start(t)
	var names []string
	for i := range 25 {
		names = append(names, fmt.Sprint("n", i))
	}
	ids := f.create(names...)
	from := f.feed(everybody, feed.PageSize(10))
	batches := 0
	for batch, err := range from.Batches(t.Context()) {
		f.must(err)
		if len(batch.Changes) > 10 {
			t.Errorf("a batch of %d", len(batch.Changes))
		}
		f.must(batch.Commit(t.Context()))
		if batches++; batches == 2 {
			break
		}
	}
	f.want(f.poll(from), "created 21 n20", "created 22 n21", "created 23 n22", "created 24 n23", "created 25 n24")
	f.unlink(ids[:12]...)
	if got := f.poll(from); len(got) != 12 {
		t.Errorf("%d of 12 deletions: %v", len(got), got)
	}
}

// polls runs a loop of n polls, with what happens before each but the first, and gives the number of calls.
func (f *fixture) polls(from *feed.Feed[partner, odoo.ResPartner], n int, before func(i int)) int64 {
	f.Helper()
	wake := make(chan struct{})
	go func() {
		defer close(wake)
		for i := 1; i < n; i++ {
			before(i)
			wake <- struct{}{} // the poll before has ended
		}
	}()
	f.calls.take()
	for batch, err := range from.Batches(f.Context(), feed.Wake(wake)) {
		f.must(err)
		f.must(batch.Commit(f.Context()))
	}
	return f.calls.take()
}

// A poll is one call, with and without changes.
func TestCallsOfAPoll(t *testing.T) {
	f := start(t)
	var names []string
	for i := range 40 {
		names = append(names, fmt.Sprint("n", i))
	}
	ids := f.create(names...)
	from := f.feed(everybody, feed.PageSize(100))
	calls := f.polls(from, 6, func(i int) {
		if i == 3 {
			f.write(ids[0], odoo.ResPartnerValues{Name: orm.Set("new")})
		}
	})
	if calls != 1+6 {
		t.Errorf("%d calls for the fields and 6 polls", calls)
	}
}

func TestLimits(t *testing.T) {
	f := start(t)
	type tag struct {
		Name string `odoo:"name"`
	}
	type row struct {
		Name     string                    `odoo:"name"`
		Children []orm.ID[odoo.ResPartner] `odoo:"child_ids"`
		Country  orm.Ref[odoo.ResCountry]  `odoo:"country_id"`
		Tags     []tag                     `odoo:"category_id"`
	}
	from, err := feed.New[row](f.c, everybody)
	f.must(err)
	got, err := from.Limits(t.Context())
	f.must(err)
	f.want(got,
		"category_id: a link that is made from res.partner.category, and a change of a record of it, do not change this record",
		"child_ids: a record of res.partner that is created, written or deleted on its own does not change this record",
		"country_id: a new name of the record of res.country does not change this record")
}

// Models without write_date are refused, or compared as a whole.
func TestWhole(t *testing.T) {
	s := schema(t, "19.0")
	i := slices.IndexFunc(s.Models, func(m snapshot.Model) bool { return m.Name == "res.partner" })
	s.Models[i].Fields = slices.DeleteFunc(s.Models[i].Fields, func(f snapshot.Field) bool { return f.Name == "write_date" })
	f := startOn(t, s)
	ids := f.create("a", "b")
	for _, err := range f.feed(everybody).Batches(t.Context()) {
		if err == nil || !strings.Contains(err.Error(), "feed: res.partner: the model has no write_date") {
			t.Error(err)
		}
	}
	from := f.feed(everybody, feed.Whole(), feed.PageSize(1))
	f.want(f.poll(from), "created 1 a", "created 2 b")
	f.write(ids[0], odoo.ResPartnerValues{Name: orm.Set("A")})
	f.unlink(ids[1])
	f.create("c")
	f.want(f.poll(from), "changed 1 A", "deleted 2", "created 3 c")
	f.want(f.poll(from))
}

func TestRefusedOptions(t *testing.T) {
	f := start(t)
	for want, o := range map[string]feed.Option{
		"Overlap(0s)": feed.Overlap(0), "Deletions(-1s)": feed.Deletions(-1e9), "StoreIn(nil)": feed.StoreIn(nil), "PageSize(0)": feed.PageSize(0),
	} {
		if _, err := feed.New[partner](f.c, everybody, o); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", want, err)
		}
	}
	if _, err := feed.New[partner](nil, everybody); err == nil {
		t.Error("a nil client is no error")
	}
	for want, w := range map[string]feed.When{"Every(0s)": feed.Every(0), "Wake(nil)": feed.Wake(nil)} {
		n := 0
		for _, err := range f.feed(everybody).Batches(t.Context(), w) {
			if n++; err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("%s: %v", want, err)
			}
		}
		if n != 1 {
			t.Errorf("%s: %d errors", want, n)
		}
	}
}
