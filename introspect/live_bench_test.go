//go:build live

package introspect

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	orm "github.com/odoogen/odoogen/runtime"
)

// BenchmarkLivePull holds the time of a pull of all models against its floor: that of the same questions for the fields
// of the models alone, whose answers are read and not decoded, with the best number of calls at once. All are measured
// in turns. What else the last pull asked is listed.
func BenchmarkLivePull(b *testing.B) {
	var log callLog
	c := dialFull(b, orm.Intercept(log.intercept))
	en := c.With(orm.Context{"lang": "en_US"})
	var models []struct {
		Name string `odoo:"model"`
	}
	if err := c.Model("ir.model").Find(b.Context(), &models, orm.Expr{}); err != nil {
		b.Fatal(err)
	}
	contestants := []*contestant{
		{name: "the mark of pull --quick", run: func(ctx context.Context) error {
			_, err := Mark(ctx, c, Options{})
			return err
		}},
		{name: "pull", run: func(ctx context.Context) error {
			log.restart()
			_, err := Pull(ctx, c, Options{})
			log.end = time.Since(log.start)
			return err
		}},
	}
	for _, n := range []int{1, 2, 4, 6, 8} {
		contestants = append(contestants, &contestant{name: fmt.Sprintf("fields_get alone, %d at once", n), run: func(ctx context.Context) error {
			return each(ctx, Options{AtOnce: n}, models, func(ctx context.Context, m struct {
				Name string `odoo:"model"`
			}) error {
				var answer json.RawMessage
				return en.Model(m.Name).Call(ctx, "fields_get", nil, orm.Args{"attributes": attributes}, &answer)
			})
		}})
	}
	for b.Loop() {
		for _, x := range contestants {
			x.turn(b)
		}
	}
	floor := slices.MinFunc(contestants[2:], func(x, y *contestant) int { return cmp.Compare(x.median(), y.median()) })
	fmt.Printf("\nOdoo %s, %d models, %d rounds\n", c.Version().Series, len(models), b.N)
	for _, x := range contestants {
		fmt.Printf("%-28s %6.2f s  %.2f times the floor\n", x.name, x.median(), x.median()/floor.median())
	}
	fmt.Println(&log)
}

// contestant is one of the things that are measured.
type contestant struct {
	name string
	run  func(context.Context) error
	took []float64 // seconds
}

func (x *contestant) turn(b *testing.B) {
	start := time.Now()
	if err := x.run(b.Context()); err != nil {
		b.Fatalf("%s: %v", x.name, err)
	}
	x.took = append(x.took, time.Since(start).Seconds())
}

func (x *contestant) median() float64 {
	slices.Sort(x.took)
	return x.took[len(x.took)/2]
}

// callLog notes the calls of a pull.
type callLog struct {
	mu    sync.Mutex
	start time.Time
	calls []loggedCall
	end   time.Duration
}

type loggedCall struct {
	name       string
	begin, end time.Duration
}

func (l *callLog) restart() { l.start, l.calls = time.Now(), nil }

func (l *callLog) intercept(next orm.Handler) orm.Handler {
	return func(ctx context.Context, r *orm.Request) error {
		begin := time.Since(l.start)
		err := next(ctx, r)
		l.mu.Lock()
		defer l.mu.Unlock()
		l.calls = append(l.calls, loggedCall{r.Model + " " + r.Method, begin, time.Since(l.start)})
		return err
	}
}

// String lists the calls but those of fields_get, which are put together.
func (l *callLog) String() string {
	var out strings.Builder
	fields := loggedCall{name: "fields_get of the models", begin: l.end}
	for _, c := range l.calls {
		if c.begin > l.end {
			continue // of what was measured after the pull
		}
		if strings.HasSuffix(c.name, " fields_get") {
			fields.begin, fields.end = min(fields.begin, c.begin), max(fields.end, c.end)
			continue
		}
		c.print(&out)
	}
	fields.print(&out)
	loggedCall{name: "the whole pull", end: l.end}.print(&out)
	return out.String()
}

func (c loggedCall) print(out *strings.Builder) {
	fmt.Fprintf(out, "%7.3f to %7.3f s  %s\n", c.begin.Seconds(), c.end.Seconds(), c.name)
}
