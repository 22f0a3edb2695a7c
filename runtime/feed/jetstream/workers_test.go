package jetstream_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/nats-io/nats.go"

	"github.com/odoogen/odoogen/runtime/feed/jetstream"
)

// crew are workers with feeds that do nothing, of which it knows where they run.
type crew struct {
	*world
	mu      sync.Mutex
	running map[string][]string // workers, by feed
	reports []string
}

// join starts a worker, until the context ends.
func (c *crew) start(ctx context.Context, nc *nats.Conn, name string, feeds ...string) (ended <-chan error) {
	c.Helper()
	g, err := jetstream.Join(c.Context(), nc, "shop", jetstream.Takeover(1500*time.Millisecond))
	must(c.T, err)
	works := map[string]jetstream.Work{}
	for _, f := range feeds {
		works[f] = func(ctx context.Context, s *jetstream.Store) error {
			c.note(func() { c.running[s.Name()] = append(c.running[s.Name()], name) })
			<-ctx.Done()
			c.note(func() {
				c.running[s.Name()] = slices.DeleteFunc(c.running[s.Name()], func(w string) bool { return w == name })
			})
			return ctx.Err()
		}
	}
	done := make(chan error, 1)
	go func() {
		done <- g.Run(ctx, works, func(err error) { c.note(func() { c.reports = append(c.reports, err.Error()) }) })
	}()
	return done
}

// note changes what is known. No feed may run twice.
func (c *crew) note(change func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	change()
	for f, workers := range c.running {
		if len(workers) > 1 {
			c.Errorf("the feed %s runs on %v", f, workers)
		}
	}
}

// shares is how many feeds each worker runs, sorted.
func (c *crew) shares() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	n := map[string]int{}
	for _, workers := range c.running {
		for _, w := range workers {
			n[w]++
		}
	}
	return fmt.Sprint(slices.Sorted(maps.Values(n)))
}

func (c *crew) become(want ...string) {
	c.Helper()
	eventually(c.T, 20*time.Second, func() string {
		if got := c.shares(); !slices.Contains(want, got) {
			return fmt.Sprintf("the shares are %s, want one of %s: reports %q", got, want, c.reports)
		}
		return ""
	})
}

// eventually waits until a check finds nothing.
func eventually(t *testing.T, most time.Duration, check func() string) {
	t.Helper()
	for end := time.Now().Add(most); ; time.Sleep(20 * time.Millisecond) {
		trouble := check()
		if trouble == "" {
			return
		}
		if time.Now().After(end) {
			t.Fatal(trouble)
		}
	}
}

func newCrew(t *testing.T) *crew {
	return &crew{world: &world{T: t, nc: startNATS(t)}, running: map[string][]string{}}
}

func TestWorkersShareFeeds(t *testing.T) {
	c := newCrew(t)
	feeds := []string{"a", "b", "c", "d", "e", "f", "g"}
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	first := c.start(ctx, c.nc, "first", feeds...)
	c.become("[7]")
	leaving, leave := context.WithCancel(ctx)
	second := c.start(leaving, c.nc, "second", feeds...)
	third := c.start(ctx, c.nc, "third", feeds...)
	c.become("[1 3 3]", "[2 2 3]")
	leave()
	must(t, <-second)
	c.become("[3 4]")
	fourth := c.start(ctx, c.nc, "fourth", "x") // other feeds: no help with these
	c.become("[1 3 4]")
	stop()
	for _, ended := range []<-chan error{first, third, fourth} {
		must(t, <-ended)
	}
	c.become("[]")
}

// A worker that is cut off ends its feeds before others run them.
func TestWorkerIsCutOff(t *testing.T) {
	c := newCrew(t)
	feeds := []string{"a", "b", "c", "d", "e"}
	cut := connect(t, c.nc.ConnectedUrl())
	ctx, stop := context.WithCancel(t.Context())
	lost := c.start(ctx, cut, "lost", feeds...)
	c.become("[5]")
	rest := c.start(ctx, c.nc, "rest", feeds...)
	c.become("[2 3]")
	cut.Close()
	began := time.Now()
	c.become("[5]")
	if took := time.Since(began); took > 10*time.Second {
		t.Errorf("the feeds were taken over after %v", took)
	}
	c.note(func() {
		for f, workers := range c.running {
			if len(workers) == 1 && workers[0] != "rest" {
				t.Errorf("%s runs on %v", f, workers)
			}
		}
	})
	stop()
	if err := <-lost; err == nil {
		t.Error("a worker without a connection has left the group")
	}
	must(t, <-rest)
	if !slices.ContainsFunc(c.reports, func(r string) bool { return strings.Contains(r, "nats: connection closed") }) {
		t.Errorf("the reports are %q", c.reports)
	}
}

func TestWorkerReportsErrors(t *testing.T) {
	w := newWorld(t)
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	runs := 0
	var reports []string
	err := w.g.Run(ctx, map[string]jetstream.Work{"x": func(context.Context, *jetstream.Store) error {
		if runs++; runs == 1 {
			return errors.New("no such model")
		}
		return nil
	}}, func(err error) {
		if reports = append(reports, err.Error()); len(reports) == 2 {
			stop()
		}
	})
	must(t, err)
	w.want(strings.Join(reports, "\n"), "jetstream: feed x: no such model\njetstream: feed x: its function has returned before its context ended")

	w.wantError(w.g.Run(t.Context(), nil, nil), "jetstream: Run without a function for errors")
	w.wantError(w.g.Run(t.Context(), map[string]jetstream.Work{"a/b": nil}, func(error) {}), `jetstream: the feed "a/b": want letters`)
}
