//go:build live

package livetest

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	orm "github.com/odoogen/odoogen/runtime"
	"github.com/odoogen/odoogen/runtime/feed"
)

// refPartner is what the feeds read.
type refPartner struct {
	ID    orm.ID[Partner] `odoo:"id"`
	Name  string          `odoo:"name"`
	Color int             `odoo:"color"`
}

// polled takes what one poll of a feed gives, as "created name", and commits all of it.
func polled(t *testing.T, f *feed.Feed[refPartner, Partner]) []string {
	t.Helper()
	out := []string{}
	for batch, err := range f.Batches(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range batch.Changes {
			out = append(out, strings.TrimSpace(fmt.Sprint(c.Kind, " ", c.Record.Name)))
		}
		if err := batch.Commit(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	slices.Sort(out)
	return out
}

func TestLiveFeed(t *testing.T) {
	onEach(t, func(t *testing.T, c *orm.Client) {
		ctx := t.Context()
		prefix := fmt.Sprint("feed", time.Now().UnixNano())
		partner := func(i int) PartnerValues {
			return PartnerValues{Ref: orm.Set(fmt.Sprint(prefix, "-", i)), Name: orm.Set(fmt.Sprint("p", i))}
		}
		t.Cleanup(func() { removePartners(t, c, prefix) })
		ids := must[[]orm.ID[Partner]](t)(orm.CreateMany(ctx, c, []PartnerValues{partner(1), partner(2), partner(3), partner(4)}))
		calls := 0
		counting := orm.Intercept(func(next orm.Handler) orm.Handler {
			return func(ctx context.Context, r *orm.Request) error { calls++; return next(ctx, r) }
		})
		own := dialLive(t, orm.Password(env(t, "ODOO_USER"), env(t, "ODOO_PASSWORD")), counting)
		f := must[*feed.Feed[refPartner, Partner]](t)(feed.New[refPartner](own, orm.Like(PartnerF.Ref, prefix+"-%")))
		want := func(what ...string) {
			t.Helper()
			if diff := cmp.Diff(append([]string{}, what...), polled(t, f)); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		}
		write := func(id orm.ID[Partner], v PartnerValues) {
			t.Helper()
			if err := orm.Write(ctx, c, []orm.ID[Partner]{id}, v); err != nil {
				t.Fatal(err)
			}
		}
		want("created p1", "created p2", "created p3", "created p4")
		want()
		write(ids[0], PartnerValues{Color: orm.Set(3)})
		write(ids[1], PartnerValues{Name: orm.Set("p2")}) // an equal value
		write(ids[2], PartnerValues{Ref: orm.Set("elsewhere " + prefix)})
		if err := orm.Unlink(ctx, c, ids[3:]); err != nil {
			t.Fatal(err)
		}
		must[orm.ID[Partner]](t)(orm.Create(ctx, c, partner(5)))
		want("changed p1", "created p5", "deleted", "left")
		for _, color := range []int{1, 2, 3} {
			write(ids[0], PartnerValues{Color: orm.Set(color)})
			want("changed p1")
		}
		write(ids[0], PartnerValues{Active: orm.Set(false), Color: orm.Set(5)})
		write(ids[2], PartnerValues{Ref: orm.Set(prefix + "-3")})
		want("changed p1", "created p3")
		calls = 0
		want()
		if calls != 3 { // the field write_date, the poll, and the look for deletions at the beginning
			t.Errorf("a poll without changes took %d calls", calls)
		}
	})
}

// A feed treats the header Date as the clock of write_date.
func TestLiveFeedClock(t *testing.T) {
	c := dialLive(t, orm.Password(env(t, "ODOO_USER"), env(t, "ODOO_PASSWORD")))
	store := feed.Memory()
	f := must[*feed.Feed[refPartner, Partner]](t)(feed.New[refPartner](c, orm.AllOf[Partner](), feed.FromNow(), feed.StoreIn(store)))
	polled(t, f)
	prefix := fmt.Sprint("feedclock", time.Now().UnixNano())
	t.Cleanup(func() { removePartners(t, c, prefix) })
	id := must[orm.ID[Partner]](t)(orm.Create(t.Context(), c, PartnerValues{Ref: orm.Set(prefix + "-1"), Name: orm.Set("clock")}))
	type dated struct {
		Written time.Time `odoo:"write_date"`
	}
	record := must[dated](t)(orm.Get[dated](t.Context(), c, id))
	polled(t, f)
	state := must[feed.State](t)(store.Open(t.Context(), feed.Identity{Database: c.Database(), Model: "res.partner", Condition: "[]", Fields: "color id name"}))
	if d := state.Cursor.Horizon.Sub(record.Written); d < -2*time.Second || d > 5*time.Second {
		t.Errorf("the feed is at %v, a record of just before at %v", state.Cursor.Horizon, record.Written)
	}
}

type feedMessage struct {
	ID orm.ID[feedMessage] `odoo:"id"`
}

func (*feedMessage) OdooModel() string { return "mail.message" }

// Messages that are not visible to a user are left out of a page after they have been counted for its limit.
func TestLiveFeedOfModelsThatHide(t *testing.T) {
	c := dialLive(t, orm.Password("demo", "demo"))
	want := must[[]orm.ID[feedMessage]](t)(orm.IDs(t.Context(), c, orm.AllOf[feedMessage](), orm.Archived()))
	slices.Sort(want)
	for _, option := range []feed.Option{feed.Deletions(time.Minute), feed.Whole()} {
		store := feed.Memory()
		f := must[*feed.Feed[feedMessage, feedMessage]](t)(feed.New[feedMessage](c, orm.AllOf[feedMessage](), feed.PageSize(max(1, len(want)/5)), feed.StoreIn(store), option))
		for range 2 { // the second one looks for deletions
			var got []orm.ID[feedMessage]
			for batch, err := range f.Batches(t.Context()) {
				if err != nil {
					t.Fatal(err)
				}
				for _, change := range batch.Changes {
					got = append(got, change.ID)
				}
				if err := batch.Commit(t.Context()); err != nil {
					t.Fatal(err)
				}
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
			want = nil
		}
		want = must[[]orm.ID[feedMessage]](t)(orm.IDs(t.Context(), c, orm.AllOf[feedMessage](), orm.Archived()))
		slices.Sort(want)
	}
}
