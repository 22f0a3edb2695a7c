// Command walk reads 20,000 partners of a real server, page by page, and holds the time of the whole walk against the
// server's own for its calls: from a request to the first byte of its answer. The environment names the server (ODOO_URL,
// ODOO_DB, ODOO_USER, ODOO_PASSWORD); the partners are made for it, and removed, which takes some minutes.
package main

import (
	"context"
	"fmt"
	"log"
	"net/http"
	"os"
	"slices"
	"sync/atomic"
	"time"

	orm "github.com/odoogen/odoogen/runtime"
	"github.com/odoogen/odoogen/runtime/bench/partners"
)

const (
	records = 20_000
	rounds  = 5
)

func main() {
	if err := run(context.Background()); err != nil {
		log.Fatal(err)
	}
}

func run(ctx context.Context) error {
	calls := &timed{}
	c, err := orm.Dial(ctx, os.Getenv("ODOO_URL"), orm.Database(os.Getenv("ODOO_DB")),
		orm.Password(os.Getenv("ODOO_USER"), os.Getenv("ODOO_PASSWORD")), orm.HTTPClient(&http.Client{Transport: calls}))
	if err != nil {
		return err
	}
	set, err := partners.Make(ctx, c, records)
	defer func() {
		if err := set.Remove(ctx); err != nil {
			log.Print(err)
		}
	}()
	if err != nil {
		return err
	}
	ways := []*way{
		{name: "a loop without work"},
		{name: "a loop without work, Prefetch", opts: []orm.WalkOption{orm.Prefetch()}},
		{name: "a loop that works 20 µs a record", work: 20 * time.Microsecond},
		{name: "a loop that works 20 µs a record, Prefetch", work: 20 * time.Microsecond, opts: []orm.WalkOption{orm.Prefetch()}},
	}
	for range rounds {
		for _, w := range ways {
			if err := w.walk(ctx, c, set, calls); err != nil {
				return err
			}
		}
	}
	for _, w := range ways {
		slices.Sort(w.ratios)
		fmt.Printf("%-45s %6d records  %.3f times the time of the calls\n", w.name, records, w.ratios[rounds/2])
	}
	return nil
}

// way is a way to walk.
type way struct {
	name   string
	work   time.Duration // of the loop, for each record
	opts   []orm.WalkOption
	ratios []float64
}

func (w *way) walk(ctx context.Context, c *orm.Client, set *partners.Set, calls *timed) error {
	calls.waited.Store(0)
	start, n := time.Now(), 0
	for _, err := range orm.All[partners.Partner](ctx, c, set.Where(), append(w.opts, orm.PageSize(1000))...) {
		if err != nil {
			return err
		}
		n++
		for begun := time.Now(); time.Since(begun) < w.work; {
		}
	}
	if n != records {
		return fmt.Errorf("%d records", n)
	}
	w.ratios = append(w.ratios, float64(time.Since(start))/float64(calls.waited.Load()))
	return nil
}

// timed adds up how long the server took to answer.
type timed struct{ waited atomic.Int64 }

func (t *timed) RoundTrip(r *http.Request) (*http.Response, error) {
	start := time.Now()
	resp, err := http.DefaultTransport.RoundTrip(r)
	t.waited.Add(int64(time.Since(start)))
	return resp, err
}
