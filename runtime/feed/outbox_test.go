package feed_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/odoogen/odoogen/generated/odoo"
	"github.com/odoogen/odoogen/introspect/snapshot"
	orm "github.com/odoogen/odoogen/runtime"
	"github.com/odoogen/odoogen/runtime/feed"
	"github.com/odoogen/odoogen/runtime/odootest"
)

func (f *fixture) install(opts ...feed.InstallOption) {
	f.Helper()
	f.must(feed.Install(f.Context(), f.c, "test", opts...))
}

// waiting is the number of rows of the outbox.
func (f *fixture) waiting() int {
	f.Helper()
	s, err := feed.Installed(f.Context(), f.c, "test")
	f.must(err)
	return s.Rows
}

var (
	onPartners = feed.On[odoo.ResPartner]()
	fromOutbox = feed.Outbox("test")
)

// The outbox delivers what polling does, deletions without looking for them, and empties itself.
func TestOutbox(t *testing.T) { onEach(t, testOutbox) }

func testOutbox(f *fixture) {
	ids := f.create("a", "b", "c")
	f.install(onPartners)
	from := f.feed(orm.Eq(p.Ref, "x"), fromOutbox, feed.Deletions(0))
	f.want(f.poll(from), "created 1 a", "created 2 b", "created 3 c")
	f.want(f.poll(from))
	f.write(ids[1], odoo.ResPartnerValues{Name: orm.Set("B")})
	f.write(ids[1], odoo.ResPartnerValues{Name: orm.Set("BB")})
	f.write(ids[2], odoo.ResPartnerValues{Name: orm.Set("c")}) // an equal value
	f.unlink(ids[0])
	f.create("d")
	f.want(f.poll(from), "changed 2 BB", "created 4 d", "deleted 1")
	f.write(ids[1], odoo.ResPartnerValues{Active: orm.Set(false), Name: orm.Set("archived")})
	f.write(ids[2], odoo.ResPartnerValues{Ref: orm.Set("y")})
	f.want(f.poll(from), "changed 2 archived", "left 3")
	f.write(ids[2], odoo.ResPartnerValues{Ref: orm.Set("x")})
	f.want(f.poll(from), "created 3 c")
	f.want(f.poll(from))
	if n := f.waiting(); n != 0 {
		f.Errorf("%d rows wait", n)
	}
}

// A look without changes is one call, and one with changes reads the rows and the records, and deletes the rows.
func TestCallsOfAnOutbox(t *testing.T) {
	f := start(t)
	ids := f.create("a", "b")
	f.install(onPartners)
	var looks []feed.Look
	from := f.feed(everybody, fromOutbox, feed.Observe(func(l feed.Look) { looks = append(looks, l) }))
	calls := f.polls(from, 4, func(i int) {
		if i == 2 {
			f.write(ids[0], odoo.ResPartnerValues{Name: orm.Set("new")})
		}
	})
	if calls != 3+2+1+3+1 { // what the outbox is for, and the claim; the load and the rows; nothing; rows, records and unlink; nothing
		t.Errorf("%d calls", calls)
	}
	var got []string
	for _, l := range looks {
		if l.Err != nil || l.Took <= 0 || l.Lag < 0 || l.Model != "res.partner" {
			t.Errorf("%+v", l)
		}
		got = append(got, fmt.Sprint(l.Calls, " ", l.Changes, " ", l.Batches, " ", l.MaxBatch, " ", l.Rows))
	}
	f.want(got, "2 2 1 2 0", "1 0 0 0 0", "3 1 1 1 1", "1 0 0 0 0") // the write may come during the second look
}

// A batch without a commit keeps its rows, and rows that arrive while a batch is handled stay for the next look.
func TestOutboxWithoutCommit(t *testing.T) {
	f := start(t)
	ids := f.create("a", "b")
	f.install(onPartners)
	store := feed.Memory()
	from := f.feed(everybody, fromOutbox, feed.StoreIn(store))
	f.want(f.poll(from), "created 1 a", "created 2 b")
	f.write(ids[0], odoo.ResPartnerValues{Name: orm.Set("A")})
	f.drop(from, "changed 1 A")
	if n := f.waiting(); n != 1 {
		t.Errorf("%d rows wait", n)
	}
	for batch, err := range f.feed(everybody, fromOutbox, feed.StoreIn(store)).Batches(t.Context()) {
		f.must(err)
		f.want(texts(batch.Changes), "changed 1 A")
		f.write(ids[1], odoo.ResPartnerValues{Name: orm.Set("B")})
		f.write(ids[0], odoo.ResPartnerValues{Name: orm.Set("AA")})
		f.must(batch.Commit(t.Context()))
		break
	}
	f.want(f.poll(from), "changed 1 AA", "changed 2 B")
	if n := f.waiting(); n != 0 {
		t.Errorf("%d rows wait", n)
	}
}

// A change of a child is one of the record that it belongs to, and of that which it belonged to.
func TestOutboxOfChildren(t *testing.T) { onEach(t, testOutboxOfChildren) }

func testOutboxOfChildren(f *fixture) {
	type child struct {
		Name string `odoo:"name"`
	}
	type parent struct {
		Name     string  `odoo:"name"`
		Children []child `odoo:"child_ids"`
	}
	f.install(feed.On(feed.Through(p.ParentID)))
	ids := f.create("a", "b", "c")
	f.write(ids[2], odoo.ResPartnerValues{ParentID: orm.Set(ids[0])})
	from, err := feed.New[parent](f.c, orm.Lt(p.ID, ids[2]), fromOutbox, feed.Deletions(0))
	f.must(err)
	poll := func() (out []string) {
		for batch, err := range from.Batches(f.Context()) {
			f.must(err)
			for _, c := range batch.Changes {
				out = append(out, fmt.Sprint(c.Kind, " ", c.Record))
			}
			f.must(batch.Commit(f.Context()))
		}
		return out
	}
	f.want(poll(), "created {a [{c}]}", "created {b []}")
	f.want(poll())
	f.write(ids[2], odoo.ResPartnerValues{Name: orm.Set("C")})
	f.want(poll(), "changed {a [{C}]}")
	f.write(ids[2], odoo.ResPartnerValues{ParentID: orm.Set(ids[1])})
	f.want(poll(), "changed {a []}", "changed {b [{C}]}")
	f.unlink(ids[2])
	f.want(poll(), "changed {b []}")
	f.want(poll())
}

// Records that the database deletes along, and writes that no rule sees, are found by the look for deletions.
func TestOutboxWithoutARow(t *testing.T) {
	f := start(t)
	f.create("a", "b")
	f.install(onPartners)
	from := f.feed(everybody, fromOutbox)
	f.want(f.poll(from), "created 1 a", "created 2 b")
	f.must(f.server.Place("res.partner", map[string]any{"id": 7, "name": "placed"}))
	f.want(f.poll(from), "created 7 placed")
}

func TestLimitsOfAnOutbox(t *testing.T) {
	f := start(t)
	type row struct {
		Name     string                    `odoo:"name"`
		Children []orm.ID[odoo.ResPartner] `odoo:"child_ids"`
		Country  orm.Ref[odoo.ResCountry]  `odoo:"country_id"`
	}
	const country = "country_id: a new name of the record of res.country does not change this record"
	const modules = "fields that are changed while a module is installed or upgraded, or by SQL"
	limits := func() []string {
		from, err := feed.New[row](f.c, everybody, fromOutbox)
		f.must(err)
		out, err := from.Limits(t.Context())
		f.must(err)
		return out
	}
	f.install(onPartners)
	f.want(limits(), country, modules, "child_ids: a record of res.partner that is created, written or deleted on its own does not change this record")
	f.install(feed.On(feed.Through(p.ParentID)))
	f.want(limits(), country, modules)
}

func TestOutboxFromNow(t *testing.T) {
	f := start(t)
	f.install(onPartners)
	ids := f.create("a", "b")
	from := f.feed(everybody, fromOutbox, feed.FromNow(), feed.Deletions(0))
	f.want(f.poll(from))
	f.want(f.poll(from))
	f.write(ids[0], odoo.ResPartnerValues{Name: orm.Set("A")})
	f.unlink(ids[1])
	f.want(f.poll(from), "changed 1 A", "deleted 2")
}

// A feed that goes on with another source compares everything, since no source knows what the other one has seen.
func TestOutboxAfterPolling(t *testing.T) {
	f := start(t)
	ids := f.create("a", "b", "c")
	store := feed.Memory()
	f.want(f.poll(f.feed(everybody, feed.StoreIn(store))), "created 1 a", "created 2 b", "created 3 c")
	f.write(ids[0], odoo.ResPartnerValues{Name: orm.Set("A")})
	f.unlink(ids[1])
	f.install(onPartners)
	outbox := f.feed(everybody, fromOutbox, feed.StoreIn(store), feed.Deletions(0))
	f.want(f.poll(outbox), "changed 1 A", "deleted 2")
	f.want(f.poll(outbox))
	f.write(ids[0], odoo.ResPartnerValues{Name: orm.Set("AA")})
	f.want(f.poll(f.feed(everybody, feed.StoreIn(store))), "changed 1 AA")
	f.must(feed.Uninstall(t.Context(), f.c, "test"))
	f.write(ids[0], odoo.ResPartnerValues{Name: orm.Set("AAA")})
	f.install(onPartners)
	f.want(f.poll(outbox), "changed 1 AAA")
}

// A rule that was archived has missed changes: Installed reports it, Install repairs it, and the feed compares everything.
func TestOutboxThatWasBroken(t *testing.T) {
	f := start(t)
	ids := f.create("a")
	f.install(onPartners)
	from := f.feed(everybody, fromOutbox)
	f.want(f.poll(from), "created 1 a")
	var rules []int64
	f.must(f.c.Model("base.automation").Search(t.Context(), &rules, orm.Expr(orm.AllOf[odoo.ResPartner]())))
	f.must(f.c.Model("base.automation").Write(t.Context(), rules, orm.Args{"active": false}))
	f.write(ids[0], odoo.ResPartnerValues{Name: orm.Set("A")})
	status, err := feed.Installed(t.Context(), f.c, "test")
	if f.must(err); len(rules) != 2 || len(status.Problems) != 4 { // two are missing, and two are wrong
		t.Errorf("%d rules, %v", len(rules), status)
	}
	f.install(onPartners)
	f.want(f.poll(from), "changed 1 A")
	if status, err = feed.Installed(t.Context(), f.c, "test"); err != nil || len(status.Problems) != 0 || len(status.Watches) != 1 {
		t.Error(status, err)
	}
}

func TestOutboxThatIsNotInstalled(t *testing.T) {
	f := start(t, odootest.User("admin", "admin"), odootest.User("bot", "bot", odootest.Rights("*", "read")))
	bot, err := f.server.Dial(t.Context(), orm.Password("bot", "bot"))
	f.must(err)
	first := func(c *orm.Client) error {
		from, err := feed.New[partner](c, everybody, fromOutbox)
		f.must(err)
		for _, err := range from.Batches(t.Context()) {
			return err
		}
		return nil
	}
	if err := first(f.c); !errors.Is(err, feed.ErrNoOutbox) {
		t.Errorf("without an outbox: %v", err)
	}
	f.install(feed.On[odoo.ResUsers](), feed.Readers("base.group_user"))
	if err := first(bot); !errors.Is(err, feed.ErrNoOutbox) {
		t.Errorf("of another model: %v", err)
	}
	if err := feed.Install(t.Context(), bot, "test", onPartners); !errors.Is(err, orm.ErrAccess) {
		t.Errorf("installed without rights: %v", err)
	}
	f.install(onPartners, feed.Readers("base.group_user"))
	f.create("a")
	from, err := feed.New[partner](bot, everybody, fromOutbox)
	f.must(err)
	f.want(f.poll(from), "created 1 a")
	if n := f.waiting(); n != 0 {
		t.Errorf("%d rows wait", n)
	}
}

func TestInstallRefuses(t *testing.T) {
	s := schema(t, "19.0")
	s.Models = append(s.Models, snapshot.Model{Name: "sale.report", Label: "Sales Analysis", Kind: snapshot.View, Fields: []snapshot.Field{{Name: "name", Type: "char"}}})
	f := startOn(t, s)
	for want, opts := range map[string][]feed.InstallOption{
		"no model is given":                nil,
		"has neither write_date":           {feed.OnModel("sale.report")},
		"given twice":                      {onPartners, onPartners},
		"is not a model and a field":       {feed.OnModel("res.partner", "parent_id")},
		`leads to "res.country"`:           {feed.OnModel("res.partner", "res.partner.country_id")},
		"no such field":                    {feed.OnModel("res.partner", "res.partner.nope")},
		"base.nope":                        {onPartners, feed.Readers("base.nope")},
		"the server has no model res.nope": {feed.OnModel("res.nope")},
		"not a record generated":           {feed.On[int]()},
	} {
		if err := feed.Install(t.Context(), f.c, "test", opts...); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", want, err)
		}
	}
	if err := feed.Install(t.Context(), f.c, "Te st", onPartners); err == nil {
		t.Error("a name with a space")
	}
	for _, opts := range [][]feed.Option{
		{feed.Outbox("No!")}, {fromOutbox, feed.Whole()}, {fromOutbox, feed.Overlap(1)}, {feed.Observe(nil)},
	} {
		if _, err := feed.New[partner](f.c, everybody, opts...); err == nil {
			t.Error("no error")
		}
	}
	if s, err := feed.Installed(t.Context(), f.c, "test"); err != nil || s.String() != "not installed" {
		t.Error(s, err)
	}
	f.must(feed.Uninstall(t.Context(), f.c, "test"))
}

// Two feeds of a model on one outbox would each miss what the other one has taken: the first one notices, and begins again
// from the present records.
func TestOutboxOfTwoFeeds(t *testing.T) {
	f := start(t)
	ids := f.create("a")
	f.install(onPartners)
	store := feed.Memory()
	first, second := f.feed(everybody, fromOutbox, feed.StoreIn(store)), f.feed(everybody, fromOutbox)
	wake := make(chan struct{})
	looks := 0
	for batch, err := range first.Batches(t.Context(), feed.Wake(wake)) {
		if looks++; looks > 1 {
			if !errors.Is(err, feed.ErrTaken) {
				t.Errorf("the other feed is not noticed: %v, %v", batch, err)
			}
			break
		}
		f.must(err)
		f.must(batch.Commit(t.Context()))
		f.want(f.poll(second), "created 1 a")
		f.write(ids[0], odoo.ResPartnerValues{Name: orm.Set("A")})
		f.want(f.poll(f.feed(everybody, fromOutbox, feed.FromNow())))
		go func() { wake <- struct{}{} }()
	}
	if looks != 2 {
		t.Errorf("%d looks", looks)
	}
	f.want(f.poll(f.feed(everybody, fromOutbox, feed.StoreIn(store))), "changed 1 A")
	f.want(f.poll(f.feed(everybody, fromOutbox, feed.StoreIn(store))))
}
