package feed_test

import (
	"testing"
	"time"

	"github.com/odoogen/odoogen/generated/odoo"
	orm "github.com/odoogen/odoogen/runtime"
	"github.com/odoogen/odoogen/runtime/odootest"
)

// A transaction that commits late has an older write_date than what was seen before.
func TestLateCommits(t *testing.T) { onEach(t, testLateCommits) }

func testLateCommits(f *fixture) {
	ids := f.create("a", "b")
	from := f.feed(everybody)
	f.want(f.poll(from), "created 1 a", "created 2 b")
	late, err := f.server.Dial(f.Context())
	f.must(err)
	f.server.Inject(odootest.On{Model: "res.partner"}, odootest.CommitLate(1100*time.Millisecond))
	done := make(chan error)
	go func() {
		done <- orm.Write(f.Context(), late, ids[:1], odoo.ResPartnerValues{Name: orm.Set("late")})
	}()
	go func() {
		_, err := orm.Create(f.Context(), late, odoo.ResPartnerValues{Name: orm.Set("late too")})
		done <- err
	}()
	for len(f.server.CallsOf("res.partner", "write"))+len(f.server.CallsOf("res.partner", "create")) < 2 {
		time.Sleep(time.Millisecond)
	}
	f.server.ClearFaults()
	time.Sleep(time.Second)
	f.write(ids[1], odoo.ResPartnerValues{Name: orm.Set("later")})
	f.want(f.poll(from), "changed 2 later")
	f.must(<-done)
	f.must(<-done)
	f.want(f.poll(from), "changed 1 late", "created 3 late too")
	f.want(f.poll(from))

	type dated struct {
		Written time.Time `odoo:"write_date"`
	}
	rows, err := orm.Read[dated](f.Context(), f.writer, append(ids, 3))
	f.must(err)
	if !rows[0].Written.Before(rows[1].Written) || !rows[2].Written.Before(rows[1].Written) {
		f.Errorf("the late records are from %v and %v, the other from %v: nothing was tested", rows[0].Written, rows[2].Written, rows[1].Written)
	}
}

// Two writes in one second have the same write_date.
func TestOneSecond(t *testing.T) { onEach(t, testOneSecond) }

func testOneSecond(f *fixture) {
	ids := f.create("a")
	from := f.feed(everybody)
	f.want(f.poll(from), "created 1 a")
	for _, name := range []string{"b", "c", "d", "e", "f"} {
		f.write(ids[0], odoo.ResPartnerValues{Name: orm.Set(name)})
		f.want(f.poll(from), "changed 1 "+name)
	}
}

// The clock of the server counts, which may be wrong. Records from the future do not matter.
func TestClocks(t *testing.T) {
	for _, wrong := range []time.Duration{-3 * time.Hour, 3 * time.Hour} {
		f := start(t, odootest.Clock(func() time.Time { return time.Now().Add(wrong) }))
		f.must(f.server.Place("res.partner", map[string]any{"id": 7, "name": "future", "write_date": "2099-01-01 00:00:00"}))
		from := f.feed(everybody)
		f.want(f.poll(from), "created 7 future")
		ids := f.create("a")
		f.want(f.poll(from), "created 8 a")
		f.write(ids[0], odoo.ResPartnerValues{Name: orm.Set("b")})
		f.want(f.poll(from), "changed 8 b")
	}
}
