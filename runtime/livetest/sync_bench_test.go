//go:build live

package livetest

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strconv"
	"testing"
	"text/tabwriter"
	"time"

	orm "github.com/odoogen/odoogen/runtime"
	"github.com/odoogen/odoogen/runtime/odoosync"
)

// BenchmarkLiveSync prints what a sync of partners costs beside Odoo's load of the same rows and beside a search and a write per
// row: make bench-sync. SYNC_ROWS is the number of partners, 5000 by default.
func BenchmarkLiveSync(b *testing.B) {
	n := 5000
	if text := os.Getenv("SYNC_ROWS"); text != "" {
		n, _ = strconv.Atoi(text)
	}
	for b.Loop() {
		benchSync(b, n)
	}
}

func benchSync(b *testing.B, n int) {
	ctx := b.Context()
	c, err := orm.Dial(ctx, os.Getenv("ODOO_URL"), orm.Database(os.Getenv("ODOO_DB")), orm.Password(os.Getenv("ODOO_USER"), os.Getenv("ODOO_PASSWORD")))
	if err != nil {
		b.Fatal(err)
	}
	prefix := fmt.Sprintf("bench%d", time.Now().UnixNano())
	tag, err := orm.Create(ctx, c, TagValues{Name: orm.Set(prefix + " tag")})
	if err != nil {
		b.Fatal(err)
	}
	remove := func() {
		ids, err := orm.IDs(context.Background(), c, orm.Like(PartnerF.Ref, prefix+"-%"), orm.Archived())
		for part := range slices.Chunk(ids, 500) {
			if err == nil {
				err = orm.Unlink(context.Background(), c, part)
			}
		}
		if err != nil {
			b.Error(err)
		}
	}
	defer func() {
		remove()
		if err := orm.Unlink(context.Background(), c, []orm.ID[Tag]{tag}); err != nil {
			b.Error(err)
		}
	}()

	w := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', tabwriter.AlignRight)
	defer w.Flush()
	measured := func(what string, f func() error) time.Duration {
		start := time.Now()
		if err := f(); err != nil {
			b.Fatalf("%s: %v", what, err)
		}
		took := time.Since(start)
		fmt.Fprintf(w, "%s\t%.2f s\t\n", what, took.Seconds())
		return took
	}

	// The same rows: the first tenth are companies, and the parents of the others.
	ref := func(i int) string { return fmt.Sprintf("%s-%06d", prefix, i) }
	loadRows := func(name string) func() error {
		return func() error {
			for from := 0; from < n; from += 1000 {
				var table [][]string
				for i := from; i < min(from+1000, n); i++ {
					parent := ""
					if i >= n/10 {
						parent = prefix + ".p" + strconv.Itoa(i%(n/10))
					}
					table = append(table, []string{prefix + ".p" + strconv.Itoa(i), fmt.Sprintf("%s %d", name, i), ref(i), strconv.Itoa(i % 7), prefix + " tag", "base.be", parent})
				}
				var answer struct {
					IDs      any `odoo:"ids"`
					Messages any `odoo:"messages"`
				}
				err := c.Model("res.partner").Call(ctx, "load", nil, orm.Args{"fields": []string{"id", "name", "ref", "color", "category_id", "country_id/id", "parent_id/id"}, "data": table}, &answer)
				if err != nil {
					return err
				}
			}
			return nil
		}
	}
	first := measured("load, first run", loadRows("Partner"))
	second := measured("load, nothing changed", loadRows("Partner"))
	remove()

	changed := 0
	sync := func() error {
		rows := func(yield func(odoosync.Row[PartnerValues], error) bool) {
			for i := range n {
				name := fmt.Sprintf("Partner %d", i)
				if i < changed {
					name = fmt.Sprintf("Changed %d", i)
				}
				r := odoosync.Row[PartnerValues]{Values: PartnerValues{Name: orm.Set(name), Ref: orm.Set(ref(i)), Color: orm.Set(i % 7)}}
				r.Targets = []odoosync.Target{
					odoosync.FindAll(PartnerF.CategoryID, tagName, prefix+" tag"),
					odoosync.Find(orm.Rel[Partner, Country]("country_id"), orm.Field[Country, string]("code"), "BE"),
				}
				if i >= n/10 {
					r.Targets = append(r.Targets, odoosync.Find(PartnerF.ParentID, PartnerF.Ref, ref(i%(n/10))))
				}
				if !yield(r, nil) {
					return
				}
			}
		}
		report, err := odoosync.Run(ctx, c, odoosync.By(PartnerF.Ref), rows)
		if err == nil && report.Failures > 0 {
			err = report.Failed[0]
		}
		return err
	}
	syncFirst := measured("sync, first run", sync)
	syncSecond := measured("sync, nothing changed", sync)
	changed = 50
	measured("sync, 50 names changed", sync)
	naive := min(n, 500)
	took := measured(fmt.Sprintf("search and write per row, %d rows", naive), func() error {
		for i := range naive {
			ids, err := orm.IDs(ctx, c, orm.Eq(PartnerF.Ref, ref(i)))
			if err == nil {
				err = orm.Write(ctx, c, ids, PartnerValues{Name: orm.Set(fmt.Sprintf("Partner %d", i)), Color: orm.Set(i % 7)})
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
	fmt.Fprintf(w, "first run, of load's\t%.2f\t(goal 0.50)\n", syncFirst.Seconds()/first.Seconds())
	fmt.Fprintf(w, "nothing changed, load's of it\t%.0f\t(goal 50)\n", second.Seconds()/syncSecond.Seconds())
	fmt.Fprintf(w, "search and write for all %d rows would take\t%.0f s\t\n", n, took.Seconds()*float64(n)/float64(naive))
}
