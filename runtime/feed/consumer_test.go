package feed_test

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"runtime"
	"testing"
	"time"

	"github.com/odoogen/odoogen/generated/odoo"
	orm "github.com/odoogen/odoogen/runtime"
	"github.com/odoogen/odoogen/runtime/feed"
)

// The consumer of the torture test: this test binary, with FEED_TORTURE in its environment.

func TestMain(m *testing.M) {
	var consume func(context.Context, *orm.Client, *json.Encoder) error
	switch os.Getenv("FEED_TORTURE") {
	case "feed":
		consume = consumeFeed
	case "measure":
		consume = measure
	case "usual":
		consume = consumeTheUsualWay
	default:
		os.Exit(m.Run())
	}
	ctx := context.Background()
	c, err := orm.Dial(ctx, os.Getenv("ODOO_URL"), orm.Intercept(calls.intercept), orm.Database(os.Getenv("ODOO_DB")), orm.Password(os.Getenv("ODOO_USER"), os.Getenv("ODOO_PASSWORD")))
	if err == nil {
		var log *os.File
		if log, err = os.OpenFile(os.Getenv("FEED_TORTURE_LOG")+".log", os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600); err == nil {
			_, _ = log.WriteString("\n") // the process before may have been killed within a line
			err = consume(ctx, c, json.NewEncoder(log))
		}
	}
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}

var calls counter

// measure polls once, and writes what that took.
func measure(ctx context.Context, c *orm.Client, _ *json.Encoder) error {
	name := os.Getenv("FEED_TORTURE_LOG")
	f, err := feed.New[named](c, everybody, feed.StoreIn(feed.File(name)), feed.Deletions(0))
	if err != nil {
		return err
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	calls.take()
	changes := 0
	for batch, err := range f.Batches(ctx) {
		if err != nil {
			return err
		}
		changes += len(batch.Changes)
		if err := batch.Commit(ctx); err != nil {
			return err
		}
	}
	runtime.ReadMemStats(&after)
	return fmt.Errorf("%d calls, %d changes, %d bytes", calls.take(), changes, after.TotalAlloc-before.TotalAlloc)
}

// tortured is what the consumer reads.
type tortured struct {
	ID       orm.ID[odoo.ResPartner]   `odoo:"id"`
	Name     string                    `odoo:"name"`
	Ref      string                    `odoo:"ref"`
	Color    int                       `odoo:"color"`
	Active   bool                      `odoo:"active"`
	Children []orm.ID[odoo.ResPartner] `odoo:"child_ids"`
}

func (r tortured) String() string {
	return fmt.Sprint(r.Name, " ", r.Ref, " ", r.Color, " ", r.Active, " ", r.Children)
}

func tortureScope(prefix string) orm.Domain[odoo.ResPartner] { return orm.Like(p.Ref, prefix+"-%") }

// entry is a line of the log: a change that the consumer has made in its copy, or a commit.
type entry struct {
	ID        int64
	Row       string // "" for a removal
	Name      string
	First     bool
	At        time.Time
	Committed bool
	Looks     int // of the process, since the last line
	Calls     int
}

// report logs what the looks take, in the line of the next one that finds something.
func report(log *json.Encoder) func(feed.Look) {
	var sum entry
	return func(l feed.Look) {
		sum.Looks++
		if sum.Calls += l.Calls; l.Changes > 0 {
			_ = log.Encode(sum)
			sum = entry{}
		}
	}
}

func consumeFeed(ctx context.Context, c *orm.Client, log *json.Encoder) error {
	prefix, name := os.Getenv("FEED_TORTURE_PREFIX"), os.Getenv("FEED_TORTURE_LOG")
	overlap, err := time.ParseDuration(os.Getenv("FEED_TORTURE_OVERLAP"))
	if err != nil {
		return err
	}
	options := []feed.Option{feed.StoreIn(feed.File(name + ".state")), feed.PageSize(50), feed.Observe(report(log))}
	if outbox := os.Getenv("FEED_TORTURE_OUTBOX"); outbox != "" {
		options = append(options, feed.Outbox(outbox))
	} else {
		options = append(options, feed.Overlap(overlap), feed.Deletions(300*time.Millisecond))
	}
	f, err := feed.New[tortured](c, tortureScope(prefix), options...)
	if err != nil {
		return err
	}
	for batch, err := range f.Batches(ctx, feed.Every(50*time.Millisecond)) {
		if err != nil {
			return err
		}
		for i, change := range batch.Changes {
			e := entry{ID: int64(change.ID), First: i == 0, At: time.Now()}
			if change.Kind == feed.Created || change.Kind == feed.Changed {
				e.Row, e.Name = change.Record.String(), change.Record.Name
			}
			if err := log.Encode(e); err != nil {
				return err
			}
		}
		if rand.N(3) == 0 {
			time.Sleep(300 * time.Millisecond) // a time to be killed in
		}
		if err := batch.Commit(ctx); err != nil {
			return err
		}
		if err := log.Encode(entry{Committed: true}); err != nil {
			return err
		}
	}
	return nil
}

// consumeTheUsualWay asks for what is newer than the newest write_date that was seen.
func consumeTheUsualWay(ctx context.Context, c *orm.Client, log *json.Encoder) error {
	type dated struct {
		tortured
		Written string `odoo:"write_date"`
	}
	state := os.Getenv("FEED_TORTURE_LOG") + ".state"
	for {
		last, _ := os.ReadFile(state)
		where := tortureScope(os.Getenv("FEED_TORTURE_PREFIX"))
		if len(last) > 0 {
			where = orm.And(where, orm.Where[odoo.ResPartner]("write_date", ">", string(last)))
		}
		rows, err := orm.Find[dated](ctx, c, where, orm.Asc(p.WriteDate), orm.Archived())
		if err != nil {
			return err
		}
		for _, r := range rows {
			last = []byte(r.Written)
			if err := log.Encode(entry{ID: int64(r.ID), Row: r.String(), Name: r.Name, At: time.Now()}); err != nil {
				return err
			}
		}
		if err := os.WriteFile(state, last, 0o600); err != nil {
			return err
		}
		time.Sleep(50 * time.Millisecond)
	}
}
