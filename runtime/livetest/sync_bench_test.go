//go:build live

package livetest

import (
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"testing"
	"text/tabwriter"
	"time"

	orm "github.com/odoogen/odoogen/runtime"
	"github.com/odoogen/odoogen/runtime/odoosync"
)

// BenchmarkLiveSync prints what a sync of partners costs beside Odoo's load of the same rows, beside the same work in Python with
// odoorpc (Debian: python3-odoorpc), and beside a search and a write per row: make bench-sync. SYNC_ROWS is the number of
// partners, 5000 by default; SYNC_ROUNDS the number of rounds in which all take turns, 1 by default. The table has the medians.
func BenchmarkLiveSync(b *testing.B) {
	ctx := b.Context()
	c, err := orm.Dial(ctx, os.Getenv("ODOO_URL"), orm.Database(os.Getenv("ODOO_DB")), orm.Password(os.Getenv("ODOO_USER"), os.Getenv("ODOO_PASSWORD")))
	if err != nil {
		b.Fatal(err)
	}
	s := &syncBench{B: b, c: c, n: setting(b, "SYNC_ROWS", 5000), prefix: fmt.Sprintf("bench%d", time.Now().UnixNano()), took: map[string][]time.Duration{}}
	tag, err := orm.Create(ctx, c, TagValues{Name: orm.Set(s.tag())})
	if err != nil {
		b.Fatal(err)
	}
	defer func() {
		s.remove()
		if err := orm.Unlink(context.Background(), c, []orm.ID[Tag]{tag}); err != nil {
			b.Error(err)
		}
	}()
	for b.Loop() {
		for range setting(b, "SYNC_ROUNDS", 1) {
			s.round()
		}
	}
	s.print()
}

func setting(b *testing.B, name string, value int) int {
	b.Helper()
	text := os.Getenv(name)
	if text == "" {
		return value
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		b.Fatalf("%s: %v", name, err)
	}
	return n
}

// syncBench writes the same partners in several ways: the first tenth are companies, and the parents of the others.
type syncBench struct {
	*testing.B
	c      *orm.Client
	n      int
	prefix string
	ways   []string // in the order of the table
	took   map[string][]time.Duration
}

const (
	loadFirst   = "load, first run"
	loadSecond  = "load, nothing changed"
	syncFirst   = "sync, first run"
	syncSecond  = "sync, nothing changed"
	syncChanged = "sync, 50 names changed"
	syncTwo     = "sync, first run, Parallel(2)"
	syncSilent  = "sync, first run, tracking_disable"
	pythonFirst = "odoorpc, first run"
	pythonAgain = "odoorpc, nothing changed"
	naiveRows   = 500
)

var naiveWay = fmt.Sprintf("search and write per row, %d rows", naiveRows)

func (s *syncBench) round() {
	s.measured(loadFirst, s.load)
	s.measured(loadSecond, s.load)
	s.remove()
	s.measured(syncFirst, func() error { return s.sync(s.c, 0) })
	s.measured(syncSecond, func() error { return s.sync(s.c, 0) })
	s.measured(syncChanged, func() error { return s.sync(s.c, 50) })
	s.measured(naiveWay, s.naive)
	s.remove()
	s.measured(syncTwo, func() error { return s.sync(s.c, 0, odoosync.Parallel(2)) })
	s.remove()
	s.measured(syncSilent, func() error { return s.sync(s.c.With(orm.Context{"tracking_disable": true}), 0) })
	s.remove()
	s.python()
	s.remove()
}

func (s *syncBench) add(way string, took time.Duration) {
	if s.took[way] == nil {
		s.ways = append(s.ways, way)
	}
	s.took[way] = append(s.took[way], took)
}

func (s *syncBench) measured(way string, f func() error) {
	start := time.Now()
	if err := f(); err != nil {
		s.Fatalf("%s: %v", way, err)
	}
	s.add(way, time.Since(start))
}

func (s *syncBench) median(way string) float64 {
	sorted := slices.Sorted(slices.Values(s.took[way]))
	return sorted[len(sorted)/2].Seconds()
}

func (s *syncBench) print() {
	w := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', tabwriter.AlignRight)
	defer w.Flush()
	fmt.Fprintf(w, "%d partners, Odoo %s\tseconds\tof load's first run\t\n", s.n, s.c.Version().Series)
	for _, way := range s.ways {
		fmt.Fprintf(w, "%s\t%.2f\t%.2f\t\n", way, s.median(way), s.median(way)/s.median(loadFirst))
	}
	fmt.Fprintf(w, "nothing changed: load's time, of the sync's\t%.0f\t\t\n", s.median(loadSecond)/s.median(syncSecond))
	fmt.Fprintf(w, "search and write for all %d rows would take\t%.0f\t\t\n", s.n, s.median(naiveWay)*float64(s.n)/float64(min(s.n, naiveRows)))
}

func (s *syncBench) tag() string { return s.prefix + " tag" }

func (s *syncBench) ref(i int) string { return fmt.Sprintf("%s-%06d", s.prefix, i) }

func (s *syncBench) remove() {
	ctx := context.Background()
	ids, err := orm.IDs(ctx, s.c, orm.Like(PartnerF.Ref, s.prefix+"-%"), orm.Archived())
	slices.Reverse(ids) // children before their parents
	for part := range slices.Chunk(ids, 500) {
		if err == nil {
			err = orm.Unlink(ctx, s.c, part)
		}
	}
	if err != nil {
		s.Error(err)
	}
}

func (s *syncBench) load() error {
	for from := 0; from < s.n; from += 1000 {
		var table [][]string
		for i := from; i < min(from+1000, s.n); i++ {
			parent := ""
			if i >= s.n/10 {
				parent = s.prefix + ".p" + strconv.Itoa(i%(s.n/10))
			}
			table = append(table, []string{s.prefix + ".p" + strconv.Itoa(i), fmt.Sprintf("Partner %d", i), s.ref(i), strconv.Itoa(i % 7), s.tag(), "base.be", parent})
		}
		var answer struct {
			IDs      any `odoo:"ids"`
			Messages any `odoo:"messages"`
		}
		args := orm.Args{"fields": []string{"id", "name", "ref", "color", "category_id", "country_id/id", "parent_id/id"}, "data": table}
		if err := s.c.Model("res.partner").Call(s.Context(), "load", nil, args, &answer); err != nil {
			return err
		}
		if ids, ok := answer.IDs.([]any); !ok || len(ids) != len(table) {
			return fmt.Errorf("load: %v", answer.Messages)
		}
	}
	return nil
}

func (s *syncBench) sync(c *orm.Client, changed int, opts ...odoosync.Option) error {
	rows := func(yield func(odoosync.Row[PartnerValues], error) bool) {
		for i := range s.n {
			name := fmt.Sprintf("Partner %d", i)
			if i < changed {
				name = fmt.Sprintf("Changed %d", i)
			}
			r := odoosync.Row[PartnerValues]{Values: PartnerValues{Name: orm.Set(name), Ref: orm.Set(s.ref(i)), Color: orm.Set(i % 7)}}
			r.Targets = []odoosync.Target{
				odoosync.FindAll(PartnerF.CategoryID, tagName, s.tag()),
				odoosync.Find(orm.Rel[Partner, Country]("country_id"), orm.Field[Country, string]("code"), "BE"),
			}
			if i >= s.n/10 {
				r.Targets = append(r.Targets, odoosync.Find(PartnerF.ParentID, PartnerF.Ref, s.ref(i%(s.n/10))))
			}
			if !yield(r, nil) {
				return
			}
		}
	}
	report, err := odoosync.Run(s.Context(), c, odoosync.By(PartnerF.Ref), rows, opts...)
	if err == nil && report.Failures > 0 {
		err = report.Failed[0]
	}
	return err
}

func (s *syncBench) naive() error {
	for i := range min(s.n, naiveRows) {
		ids, err := orm.IDs(s.Context(), s.c, orm.Eq(PartnerF.Ref, s.ref(i)))
		if err == nil {
			err = orm.Write(s.Context(), s.c, ids, PartnerValues{Name: orm.Set(fmt.Sprintf("Partner %d", i)), Color: orm.Set(i % 7)})
		}
		if err != nil {
			return err
		}
	}
	return nil
}

//go:embed sync_bench.py
var syncInPython string

// python does the same by hand with odoorpc. Its times are its own, without those of its start.
func (s *syncBench) python() {
	cmd := exec.Command("/usr/bin/python3", "-c", syncInPython, s.prefix, strconv.Itoa(s.n)) // sees Debian's packages
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		s.Fatalf("odoorpc: %v", err)
	}
	var seconds struct{ First, Again float64 }
	if err := json.Unmarshal(out, &seconds); err != nil {
		s.Fatal(err)
	}
	s.add(pythonFirst, time.Duration(seconds.First*float64(time.Second)))
	s.add(pythonAgain, time.Duration(seconds.Again*float64(time.Second)))
}
