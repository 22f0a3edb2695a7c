// Command walk reads the fields of all models of a real server, some ten thousand records, page by page, and holds the
// time of the whole walk against the server's own for its calls. The environment names the server (ODOO_URL,
// ODOO_FULL_DB, ODOO_USER, ODOO_PASSWORD).
package main

import (
	"context"
	"fmt"
	"log"
	"os"
	"slices"
	"sync/atomic"
	"time"

	orm "github.com/odoogen/odoogen/runtime"
)

type row struct {
	ID       int64   `odoo:"id"`
	Name     string  `odoo:"name"`
	Model    string  `odoo:"model"`
	Label    string  `odoo:"field_description"`
	Type     string  `odoo:"ttype"`
	Relation string  `odoo:"relation"`
	Stored   bool    `odoo:"store"`
	Groups   []int64 `odoo:"groups"`
}

type field struct{}

func (*field) OdooModel() string { return "ir.model.fields" }

func main() {
	if err := run(context.Background()); err != nil {
		log.Fatal(err)
	}
}

func run(ctx context.Context) error {
	var inCalls atomic.Int64
	timed := func(next orm.Handler) orm.Handler {
		return func(ctx context.Context, r *orm.Request) error {
			start := time.Now()
			err := next(ctx, r)
			inCalls.Add(int64(time.Since(start)))
			return err
		}
	}
	c, err := orm.Dial(ctx, os.Getenv("ODOO_URL"), orm.Database(os.Getenv("ODOO_FULL_DB")),
		orm.Password(os.Getenv("ODOO_USER"), os.Getenv("ODOO_PASSWORD")), orm.Intercept(timed))
	if err != nil {
		return err
	}
	for _, way := range []struct {
		name string
		work time.Duration // of the loop, for each record
		opts []orm.Option
	}{
		{"a loop without work", 0, nil},
		{"a loop without work, Prefetch", 0, []orm.Option{orm.Prefetch()}},
		{"a loop that works 20 µs a record", 20 * time.Microsecond, nil},
		{"a loop that works 20 µs a record, Prefetch", 20 * time.Microsecond, []orm.Option{orm.Prefetch()}},
	} {
		var ratios []float64
		n := 0
		for range 3 {
			inCalls.Store(0)
			start := time.Now()
			n = 0
			for _, err := range orm.All[row](ctx, c, orm.Domain[field]{}, append(way.opts, orm.PageSize(1000))...) {
				if err != nil {
					return err
				}
				n++
				for begun := time.Now(); time.Since(begun) < way.work; {
				}
			}
			ratios = append(ratios, float64(time.Since(start))/float64(inCalls.Load()))
		}
		slices.Sort(ratios)
		fmt.Printf("%-45s %6d records  %.3f times the time of the calls\n", way.name, n, ratios[1])
	}
	return nil
}
