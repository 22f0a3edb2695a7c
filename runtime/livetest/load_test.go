//go:build live

package livetest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	orm "github.com/odoogen/odoogen/runtime"
	"github.com/odoogen/odoogen/runtime/load"
	"github.com/odoogen/odoogen/runtime/xmlid"
)

func TestLiveLoad(t *testing.T) { onEach(t, liveLoad) }

func liveLoad(t *testing.T, c *orm.Client) {
	f := newFixture(t, c)
	ctx := t.Context()
	module := fmt.Sprintf("odoogen_test_%d", time.Now().UnixNano())
	loaded := func(rows ...load.Row[PartnerValues]) []orm.ID[Partner] {
		t.Helper()
		done := must[load.Result[orm.ID[Partner]]](t)(load.Rows(ctx, c, rows))
		if len(done.Warnings) != 0 {
			t.Errorf("warnings: %v", done.Warnings)
		}
		return done.IDs
	}
	one := load.Row[PartnerValues]{XMLID: module + ".one", Values: PartnerValues{
		Name: orm.Set("Gil \"é\"\n% 👋"), Color: orm.Set(0), Active: orm.Set(true), ParentID: orm.Set(f.ann), Ref: orm.Set("x")}}
	two := load.Row[PartnerValues]{XMLID: module + ".two", Values: PartnerValues{
		Name: orm.Set("Hal"), Color: orm.Set(7), Active: orm.Set(false), ParentID: orm.Clear[orm.ID[Partner]](), Ref: orm.Clear[string]()}}
	ids := loaded(one, two)
	t.Cleanup(func() { _ = orm.Unlink(context.Background(), c, ids) })
	type row struct {
		ID     orm.ID[Partner] `odoo:"id"`
		Name   string          `odoo:"name"`
		Color  int             `odoo:"color"`
		Active bool            `odoo:"active"`
		Parent orm.ID[Partner] `odoo:"parent_id"`
		Ref    *string         `odoo:"ref"`
	}
	x := "x"
	check := func(want ...row) {
		t.Helper()
		if diff := cmp.Diff(want, must[[]row](t)(orm.Read[row](ctx, c, ids))); diff != "" {
			t.Error(diff)
		}
	}
	check(row{ids[0], one.Values.Name.Value, 0, true, f.ann, &x}, row{ids[1], "Hal", 7, false, 0, nil})

	one.Values.Name, one.Values.ParentID, one.Values.Ref = orm.Set("Ian"), orm.Clear[orm.ID[Partner]](), orm.Set("")
	if again := loaded(two, one); again[0] != ids[1] || again[1] != ids[0] {
		t.Errorf("loaded again, %v became %v", ids, again)
	}
	check(row{ids[0], "Ian", 0, true, 0, nil}, row{ids[1], "Hal", 7, false, 0, nil})
	if id, err := xmlid.Lookup[Partner](ctx, c, module+".one"); id != ids[0] || err != nil {
		t.Errorf("the external id leads to %d, %v", id, err)
	}

	three := two
	three.XMLID, three.Values.Name = module+".three", orm.Clear[string]()
	_, err := load.Rows(ctx, c, []load.Row[PartnerValues]{{XMLID: module + ".new", Values: one.Values}, three})
	failed, ok := errors.AsType[*load.Error](err)
	if !ok || !errors.Is(err, orm.ErrValidation) || !strings.Contains(err.Error(), "row 1: ") {
		t.Fatalf("a row without a name gives %v", err)
	}
	if m := failed.Messages[0]; m.Row != 1 || m.XMLID != module+".three" || m.Message == "" {
		t.Errorf("the message is %+v", m)
	}
	if _, err := xmlid.Lookup[Partner](ctx, c, module+".new"); !errors.Is(err, orm.ErrNoRecord) {
		t.Errorf("the other row was loaded: %v", err)
	}
}

func TestLiveLoadOfOwnStructs(t *testing.T) { onEach(t, liveLoadOfOwnStructs) }

func liveLoadOfOwnStructs(t *testing.T, c *orm.Client) {
	name := "test_orm.mixed"
	if c.Version().Major < 19 {
		name = "test_new_api.mixed"
	}
	model := c.Model(name)
	type values struct {
		Number    float64       `odoo:"number"`
		Date      orm.Date      `odoo:"date"`
		Moment    time.Time     `odoo:"moment"`
		Reference orm.Reference `odoo:"reference"`
		Lang      string        `odoo:"lang"`
		Currency  string        `odoo:"currency_id/id"`
		Comment   *string       `odoo:"comment1"`
	}
	comment := "<p>x</p>"
	rows := []load.Row[values]{
		{Values: values{2.5, orm.Date{Year: 2026, Month: 7, Day: 1}, utc(2026, 7, 1, 9), orm.RefTo(orm.ID[Partner](1)), "en_US", "base.EUR", &comment}},
		{Values: values{Number: -1e-3}},
	}
	// Whatever the time zone of the user, a time means what it means in Go.
	done, err := load.IntoModel(t.Context(), c, name, rows, orm.Context{"tz": "Asia/Tokyo"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := model.Unlink(context.Background(), done.IDs); err != nil {
			t.Error(err)
		}
	})
	type row struct {
		Number    float64       `odoo:"number"`
		Date      orm.Date      `odoo:"date"`
		Moment    time.Time     `odoo:"moment"`
		Reference orm.Reference `odoo:"reference"`
		Lang      string        `odoo:"lang"`
		Currency  orm.ID[any]   `odoo:"currency_id"`
		Comment   string        `odoo:"comment1"`
	}
	var got []row
	if err := model.Read(t.Context(), &got, done.IDs); err != nil {
		t.Fatal(err)
	}
	euro, err := xmlid.Reference(t.Context(), c, "base.EUR")
	if err != nil {
		t.Fatal(err)
	}
	want := row{2.5, orm.Date{Year: 2026, Month: 7, Day: 1}, utc(2026, 7, 1, 9), orm.Reference{Model: "res.partner", ID: 1}, "en_US", orm.ID[any](euro.ID), comment}
	if diff := cmp.Diff(want, got[0]); diff != "" {
		t.Error(diff)
	}
	got[1].Number += 1e-3 // two digits, of which none is left
	if got[1].Moment != (time.Time{}) || got[1].Date != (orm.Date{}) || got[1].Currency != 0 {
		t.Errorf("the empty row is %+v", got[1])
	}
	_, err = load.IntoModel(t.Context(), c, name, []load.Row[values]{{Values: values{Lang: "xx_XX", Currency: "base.nope"}}})
	failed, ok := errors.AsType[*load.Error](err)
	if !ok || len(failed.Messages) != 2 {
		t.Fatalf("got %v", err)
	}
	fields := map[string]bool{}
	for _, m := range failed.Messages {
		fields[m.Field] = m.Row == 0 && !m.Warning
	}
	if !fields["lang"] || !fields["currency_id"] {
		t.Errorf("got %+v", failed.Messages)
	}
}

// A load gives the whole set of a many2many, and an empty one empties it.
func TestLiveLoadOfManyToMany(t *testing.T) {
	c := dialLive(t, orm.Password(env(t, "ODOO_USER"), env(t, "ODOO_PASSWORD")))
	f, ctx := newFixture(t, c), t.Context()
	module := fmt.Sprintf("odoogen_test_%d", time.Now().UnixNano())
	blue := must[orm.ID[Tag]](t)(orm.Create(ctx, c, TagValues{Name: orm.Set(f.ref + " blue")}))
	var ids []orm.ID[Partner]
	t.Cleanup(func() {
		_ = orm.Unlink(context.Background(), c, ids)
		_ = orm.Unlink(context.Background(), c, []orm.ID[Tag]{blue})
	})
	for _, tags := range [][]orm.ID[Tag]{{f.red}, {f.red, blue}, {blue}, {}} {
		ids = must[load.Result[orm.ID[Partner]]](t)(load.Rows(ctx, c, []load.Row[PartnerValues]{
			{XMLID: module + ".one", Values: PartnerValues{Name: orm.Set("Ann"), CategoryID: orm.Commands(orm.Replace(tags...))}},
		})).IDs
		got := must[Partner](t)(orm.Get[Partner](ctx, c, ids[0])).CategoryID
		slices.Sort(got)
		if !slices.Equal(got, tags) {
			t.Errorf("loaded %v, got %v", tags, got)
		}
	}
}
