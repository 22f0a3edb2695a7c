//go:build live

package livetest

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	orm "github.com/odoogen/odoogen/runtime"
)

// moments are records of a model with a date and a datetime at edges of months: at the last moment of June in UTC, it
// is July in Brussels.
func newMoments(t *testing.T, c *orm.Client) (orm.Model, orm.Expr) {
	t.Helper()
	model := c.Model("test_orm.mixed")
	if c.Version().Major < 19 {
		model = c.Model("test_new_api.mixed")
	}
	var ids []int64
	at := func(s string) orm.Opt[time.Time] {
		moment, err := time.Parse(time.DateTime, s)
		if err != nil {
			t.Fatal(err)
		}
		return orm.Set(moment)
	}
	day := func(y int, m time.Month, d int) orm.Opt[orm.Date] {
		return orm.Set(orm.Date{Year: y, Month: m, Day: d})
	}
	err := model.CreateMany(t.Context(), &ids, []mixedValues{
		{Number: orm.Set(1.5), Date: day(2026, 6, 30), Moment: at("2026-06-30 21:59:59"), Reference: orm.Set(orm.RefTo(orm.ID[Partner](1)))},
		{Number: orm.Set(2.5), Date: day(2026, 6, 1), Moment: at("2026-06-30 22:00:00"), Reference: orm.Set(orm.RefTo(orm.ID[Partner](1)))},
		{Number: orm.Set(4.0), Date: day(2026, 7, 1), Moment: at("2026-07-31 21:59:59"), Reference: orm.Set(orm.RefTo(orm.ID[Partner](3)))},
		{Number: orm.Set(8.0), Date: orm.Set(orm.Date{}), Moment: orm.Clear[time.Time]()},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := model.Unlink(context.Background(), ids); err != nil {
			t.Error(err)
		}
	})
	return model, orm.Expr(orm.Where[Mixed]("id", "in", ids))
}

func utc(y int, m time.Month, d, hour int) time.Time {
	return time.Date(y, m, d, hour, 0, 0, 0, time.UTC)
}

func TestLiveGroupByPeriods(t *testing.T) { onEach(t, liveGroupByPeriods) }

func liveGroupByPeriods(t *testing.T, c *orm.Client) {
	model, where := newMoments(t, c)
	ctx := t.Context()
	type byMoment struct {
		Month orm.Period `odoo:"moment:month"`
		Total float64    `odoo:"number:sum"`
		Count int        `odoo:"__count"`
	}
	june := orm.Period{Start: utc(2026, 6, 1, 0), End: utc(2026, 7, 1, 0), Label: "June 2026"}
	july := orm.Period{Start: utc(2026, 7, 1, 0), End: utc(2026, 8, 1, 0), Label: "July 2026"}
	brussels := func(p orm.Period) orm.Period {
		return orm.Period{Start: p.Start.Add(-2 * time.Hour), End: p.End.Add(-2 * time.Hour), Label: p.Label}
	}
	for _, test := range []struct {
		name string
		opts []orm.GroupOption
		want []byMoment
	}{
		{"in UTC", nil, []byMoment{{june, 4, 2}, {july, 4, 1}, {orm.Period{}, 8, 1}}},
		{"in Brussels", []orm.GroupOption{orm.Context{"tz": "Europe/Brussels"}}, []byMoment{{brussels(june), 1.5, 1}, {brussels(july), 6.5, 2}, {orm.Period{}, 8, 1}}},
		{"by a total", []orm.GroupOption{orm.DescColumn("number:sum"), orm.Limit(1)}, []byMoment{{orm.Period{}, 8, 1}}},
		{"by the count", []orm.GroupOption{orm.DescColumn("__count"), orm.Limit(1)}, []byMoment{{june, 4, 2}}},
		{"by the key", []orm.GroupOption{orm.DescColumn("moment:month"), orm.Offset(1)}, []byMoment{{july, 4, 1}, {june, 4, 2}}},
	} {
		t.Run(test.name, func(t *testing.T) {
			var got []byMoment
			if err := model.Group(ctx, &got, where, test.opts...); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestLiveGroupGranularities(t *testing.T) { onEachInJSON(t, liveGroupGranularities) }

func liveGroupGranularities(t *testing.T, c *orm.Client) {
	model, where := newMoments(t, c)
	type row struct {
		Day     orm.Date   `odoo:"date:day"`
		Month   time.Time  `odoo:"date:month"`
		Quarter orm.Period `odoo:"date:quarter"`
		Year    orm.Period `odoo:"date:year"`
		Hour    time.Time  `odoo:"moment:hour"`
		Mean    *float64   `odoo:"number:avg"`
	}
	var got []row
	if err := model.Group(t.Context(), &got, where, orm.AscColumn("date:day")); err != nil {
		t.Fatal(err)
	}
	year := orm.Period{Start: utc(2026, 1, 1, 0), End: utc(2027, 1, 1, 0), Label: "2026"}
	second := orm.Period{Start: utc(2026, 4, 1, 0), End: utc(2026, 7, 1, 0), Label: "Q2 2026"}
	third := orm.Period{Start: utc(2026, 7, 1, 0), End: utc(2026, 10, 1, 0), Label: "Q3 2026"}
	day := func(m time.Month, d int) orm.Date { return orm.Date{Year: 2026, Month: m, Day: d} }
	mean := func(f float64) *float64 { return &f }
	want := []row{
		{day(6, 1), utc(2026, 6, 1, 0), second, year, utc(2026, 6, 30, 22), mean(2.5)},
		{day(6, 30), utc(2026, 6, 1, 0), second, year, utc(2026, 6, 30, 21), mean(1.5)},
		{day(7, 1), utc(2026, 7, 1, 0), third, year, utc(2026, 7, 31, 21), mean(4)},
		{Mean: mean(8)},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	var all []struct {
		Last  time.Time `odoo:"moment:max"`
		First orm.Date  `odoo:"date:min"`

		Days []orm.Date `odoo:"date:array_agg"`
	}
	if err := model.Group(t.Context(), &all, where); err != nil {
		t.Fatal(err)
	}
	if len(all) != 1 || all[0].First != day(6, 1) || all[0].Last != utc(2026, 7, 31, 22).Add(-time.Second) {
		t.Errorf("of all: %v", all)
	}
	if want := []orm.Date{day(6, 30), day(6, 1), day(7, 1), {}}; !slices.Equal(all[0].Days, want) {
		t.Errorf("the days of all: %v", all[0].Days)
	}
	var keyed []struct {
		Day  orm.Date `odoo:"date:day"`
		Last orm.Date `odoo:"date:max"`
	}
	err := model.Group(t.Context(), &keyed, where, orm.Limit(1))
	if c.Version().Major >= 19 && (err != nil || keyed[0].Last != day(6, 1)) || c.Version().Major == 14 && !strings.Contains(err.Error(), "does not aggregate a field that it groups by") {
		t.Errorf("an aggregate of the key: %v, %v", keyed, err)
	}
	var weeks []struct {
		Week orm.Period `odoo:"date:week"`
	}
	if err := model.Group(t.Context(), &weeks, where, orm.Limit(1)); err != nil {
		t.Fatal(err)
	}
	if w := weeks[0].Week; w.End.Sub(w.Start) != 7*24*time.Hour || w.Start.After(utc(2026, 6, 1, 0)) || !w.End.After(utc(2026, 6, 1, 0)) {
		t.Errorf("the week of June 1 is %v", w)
	}
}

func TestLiveGroupByFields(t *testing.T) { onEachInJSON(t, liveGroupByFields) }

func liveGroupByFields(t *testing.T, c *orm.Client) {
	f := newFixture(t, c)
	ctx := t.Context()
	type row struct {
		Parent  orm.Ref[Partner]    `odoo:"parent_id"`
		Active  bool                `odoo:"active"`
		Records orm.Domain[Partner] `odoo:"__domain"`
		Colors  int                 `odoo:"color:count_distinct"`
		Names   int                 `odoo:"name:count"`
		Total   int                 `odoo:"color:sum"`
		Max     int                 `odoo:"color:max"`
		Count   int                 `odoo:"__count"`
	}
	where := orm.And(orm.Eq(PartnerF.Ref, f.ref), orm.Where[Partner]("active", "in", []bool{true, false}))
	rows := must[[]row](t)(orm.Group[row](ctx, c, where, orm.DescColumn("__count"), orm.AscColumn("active"), orm.AscColumn("parent_id")))
	if len(rows) != 3 {
		t.Fatalf("%d groups", len(rows))
	}
	if r := rows[0]; r.Parent.ID != 0 || !r.Active || r.Colors != 2 || r.Names != 2 || r.Total != 10 || r.Max != 9 || r.Count != 2 {
		t.Errorf("the group of those without a parent is %+v", r)
	}
	if r := rows[2]; r.Parent.ID != f.ann || !strings.HasPrefix(r.Parent.Name, "Ann") || r.Count != 1 {
		t.Errorf("the group of the children is %+v", r)
	}
	for _, r := range rows {
		if n := must[int](t)(orm.Count(ctx, c, r.Records)); n != r.Count {
			t.Errorf("%d records match the condition of a group of %d", n, r.Count)
		}
	}
	type total struct {
		Total int `odoo:"color:sum"`
		Count int `odoo:"__count"`
	}
	all := must[[]total](t)(orm.Group[total](ctx, c, orm.Eq(PartnerF.Ref, f.ref)))
	if diff := cmp.Diff([]total{{15, 3}}, all); diff != "" {
		t.Error(diff)
	}
	none := must[[]total](t)(orm.Group[total](ctx, c, orm.Eq(PartnerF.Ref, "no such ref")))
	if diff := cmp.Diff([]total{{}}, none); diff != "" {
		t.Error(diff)
	}
	if rows := must[[]row](t)(orm.Group[row](ctx, c, orm.Or[Partner]())); len(rows) != 0 {
		t.Errorf("groups of nothing: %v", rows)
	}
}

// The conditions of the groups themselves select their records, with periods as with fields.
func TestLiveGroupDomainOfAPeriod(t *testing.T) {
	onEach(t, func(t *testing.T, c *orm.Client) {
		model, where := newMoments(t, c)
		var rows []struct {
			Month   orm.Period `odoo:"moment:month"`
			Records orm.Expr   `odoo:"__domain"`
			Count   int        `odoo:"__count"`
		}
		in := orm.Context{"tz": "Europe/Brussels"}
		if err := model.Group(t.Context(), &rows, where, in); err != nil || len(rows) != 3 {
			t.Fatal(rows, err)
		}
		for _, r := range rows {
			if n := must[int](t)(model.Count(t.Context(), r.Records, in)); n != r.Count {
				t.Errorf("%d records match the condition of a group of %d", n, r.Count)
			}
		}
	})
}
