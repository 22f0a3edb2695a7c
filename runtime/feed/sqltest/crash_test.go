package sqltest

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/odoogen/odoogen/generated/odoo"
	orm "github.com/odoogen/odoogen/runtime"
	"github.com/odoogen/odoogen/runtime/feed"
	"github.com/odoogen/odoogen/runtime/odootest"
)

func crashesOfPolling(w *world) {
	w.crashes(feed.Overlap(30*time.Second), feed.Deletions(50*time.Millisecond))
}

func crashesOfAnOutbox(w *world) {
	must(w.T, feed.Install(w.Context(), w.c, "sql", feed.On[odoo.ResPartner]()))
	w.crashes(feed.Outbox("sql"), feed.Deletions(0))
}

// crashes lets writers go, some in transactions that commit late, while the consumer commits its table with the state, rolls both
// back, or leaves the loop at any point, and begins anew. In the end its table is what the server has.
func (w *world) crashes(options ...feed.Option) {
	w.server.Inject(odootest.On{Model: "res.partner", Method: "write", Skip: 5, Times: 40}, odootest.CommitLate(200*time.Millisecond))
	ctx, stop := context.WithTimeout(w.Context(), 2*time.Second)
	defer stop()
	var writers sync.WaitGroup
	for i := range 4 {
		writers.Go(func() { w.write(ctx, i) })
	}
	loops := 0
	for ctx.Err() == nil {
		w.consume(50*time.Millisecond+rand.N(200*time.Millisecond), options)
		loops++
	}
	writers.Wait()
	var own map[int64]string
	for deadline := time.Now().Add(20 * time.Second); ; {
		w.consume(2*time.Second, options)
		if own = w.copied(); maps.Equal(own, w.table()) || time.Now().After(deadline) {
			break
		}
	}
	if want := w.table(); !maps.Equal(own, want) || len(want) == 0 || loops < 3 {
		w.Errorf("after %d loops the consumer has %v, the server %v", loops, own, want)
	}
}

func (w *world) write(ctx context.Context, writer int) {
	var ids []orm.ID[odoo.ResPartner]
	for n := 0; ctx.Err() == nil; n++ {
		var err error
		name := fmt.Sprintf("w%d n%d", writer, n)
		at := rand.N(max(1, len(ids)))
		switch {
		case len(ids) < 3:
			var id orm.ID[odoo.ResPartner]
			id, err = orm.Create(w.Context(), w.c, odoo.ResPartnerValues{Name: orm.Set(name)})
			ids = append(ids, id)
		case rand.N(4) == 0:
			err = orm.Unlink(w.Context(), w.c, ids[at:at+1])
			ids = append(ids[:at], ids[at+1:]...)
		default:
			err = orm.Write(w.Context(), w.c, ids[at:at+1], odoo.ResPartnerValues{Name: orm.Set(name)})
		}
		if err != nil {
			w.Error(err)
			return
		}
	}
}

// consume runs a loop for a while.
func (w *world) consume(d time.Duration, options []feed.Option) {
	ctx, stop := context.WithTimeout(w.Context(), d)
	defer stop()
	f, err := feed.New[partner](w.c, orm.AllOf[odoo.ResPartner](), append(options, feed.StoreIn(feed.SQL(w.db, "crash")))...)
	must(w.T, err)
	commit, rollBack := w.within((*sql.Tx).Commit), w.within((*sql.Tx).Rollback)
	for b, err := range f.Batches(ctx, feed.Every(10*time.Millisecond)) {
		if err != nil {
			if ctx.Err() == nil {
				w.Error(err)
			}
			return
		}
		end := commit
		if rand.N(5) == 0 {
			end = rollBack
		}
		if err := end(b); err != nil && ctx.Err() == nil && !errors.Is(err, context.DeadlineExceeded) {
			w.Error(err)
			return
		}
		if rand.N(5) == 0 {
			return // as a crash after the commit, before the loop knows of it
		}
	}
}

// copied is the table of the consumer.
func (w *world) copied() map[int64]string {
	out := map[int64]string{}
	rows, err := w.db.QueryContext(w.Context(), "SELECT id, name FROM own")
	must(w.T, err)
	defer func() { must(w.T, rows.Close()) }()
	for rows.Next() {
		var id int64
		var name string
		must(w.T, rows.Scan(&id, &name))
		out[id] = name
	}
	must(w.T, rows.Err())
	return out
}

func (w *world) table() map[int64]string {
	type row struct {
		ID   int64  `odoo:"id"`
		Name string `odoo:"name"`
	}
	rows, err := orm.Find[row](w.Context(), w.c, orm.AllOf[odoo.ResPartner]())
	must(w.T, err)
	out := map[int64]string{}
	for _, r := range rows {
		out[r.ID] = r.Name
	}
	return out
}
