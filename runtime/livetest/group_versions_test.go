//go:build live

package livetest

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/odoogen/odoogen/internal/odoofacts"
	orm "github.com/odoogen/odoogen/runtime"
)

// answered checks that a server answers what its version has, and that the client refuses the rest. It reports whether there
// is an answer.
func answered(t *testing.T, c *orm.Client, fact odoofacts.Behaviour, err error) bool {
	t.Helper()
	if fact.InSeries(c.Version().Series) {
		if err != nil {
			t.Fatal(err)
		}
		return true
	}
	if !errors.Is(err, errors.ErrUnsupported) {
		t.Errorf("Odoo %s does not have %s: %v", c.Version().Series, fact, err)
	}
	return false
}

func TestLiveGroupByNumbersOfADate(t *testing.T) {
	onEach(t, func(t *testing.T, c *orm.Client) {
		model, where := newMoments(t, c)
		var rows []struct {
			Month   int      `odoo:"date:month_number"`
			Hour    float64  `odoo:"moment:hour_number"`
			Count   int      `odoo:"__count"`
			Records orm.Expr `odoo:"__domain"`
		}
		in := orm.Context{"tz": "Europe/Brussels"}
		if !answered(t, c, odoofacts.NumberGranularity, model.Group(t.Context(), &rows, where, in)) {
			return
		}
		var got [][3]float64
		for _, r := range rows {
			got = append(got, [3]float64{float64(r.Month), r.Hour, float64(r.Count)})
			if n := must[int](t)(model.Count(t.Context(), r.Records, in)); n != r.Count {
				t.Errorf("%d records match the condition of a group of %d: %v", n, r.Count, r)
			}
		}
		if diff := cmp.Diff([][3]float64{{6, 0, 1}, {6, 23, 1}, {7, 23, 1}, {0, 0, 1}}, got); diff != "" {
			t.Error(diff)
		}
	})
}

// The server takes UTC for a time zone that it does not know, so that the client refuses it.
func TestLiveGroupInATimeZone(t *testing.T) {
	onEach(t, func(t *testing.T, c *orm.Client) {
		group := func(zone string) ([]orm.Period, error) {
			type row struct {
				Day orm.Period `odoo:"create_date:day"`
			}
			rows, err := orm.Group[row](t.Context(), c, orm.AllOf[Partner](), orm.TimeZone(zone))
			var days []orm.Period
			for _, r := range rows {
				days = append(days, r.Day)
			}
			return days, err
		}
		if _, err := group("Nowhere/City"); err == nil || !strings.Contains(err.Error(), "would use UTC") {
			t.Errorf("in no time zone: %v", err)
		}
		days := must[[]orm.Period](t)(group("Asia/Tokyo"))
		if !slices.ContainsFunc(days, func(day orm.Period) bool { return day.Start.UTC().Hour() == 15 }) {
			t.Errorf("days in Tokyo: %v", days)
		}
	})
}

func TestLiveGroupByAPath(t *testing.T) {
	onEach(t, func(t *testing.T, c *orm.Client) {
		f := newFixture(t, c)
		type row struct {
			Grandparent orm.Ref[Partner]    `odoo:"parent_id.parent_id"`
			Parent      string              `odoo:"parent_id.ref"`
			Since       orm.Period          `odoo:"parent_id.create_date:year"`
			Count       int                 `odoo:"__count"`
			Records     orm.Domain[Partner] `odoo:"__domain"`
		}
		where := orm.And(orm.Eq(PartnerF.Ref, f.ref), orm.Where[Partner]("active", "in", []bool{true, false}))
		rows, err := orm.Group[row](t.Context(), c, where, orm.AscColumn("parent_id.ref"))
		if !answered(t, c, odoofacts.GroupPath, err) {
			return
		}
		if len(rows) != 2 || rows[0].Parent != f.ref || rows[0].Since.Start.IsZero() || rows[1].Parent != "" || !rows[1].Since.Start.IsZero() {
			t.Fatalf("the groups are %+v", rows)
		}
		for _, r := range rows {
			if n := must[int](t)(orm.Count(t.Context(), c, r.Records)); n != r.Count {
				t.Errorf("%d records match the condition of a group of %d", n, r.Count)
			}
		}
	})
}

func TestLiveGroupHaving(t *testing.T) {
	onEach(t, func(t *testing.T, c *orm.Client) {
		model, where := newMoments(t, c)
		type row struct {
			Month orm.Period `odoo:"date:month"`
			Count int        `odoo:"__count"`
		}
		var rows []row
		err := model.Group(t.Context(), &rows, where, orm.Having("__count", "=", 1), orm.Having("number:sum", ">", 4.5))
		if !answered(t, c, odoofacts.GroupHaving, err) {
			return
		}
		if diff := cmp.Diff([]row{{orm.Period{}, 1}}, rows); diff != "" {
			t.Error(diff)
		}
		if err := model.Group(t.Context(), &rows, where, orm.Having("moment:max", "<", utc(2026, 7, 1, 0)), orm.Having("__count", ">=", 2)); err != nil || len(rows) != 1 || rows[0].Count != 2 {
			t.Errorf("by a time: %+v, %v", rows, err)
		}
	})
}

func TestLiveGroupSumCurrency(t *testing.T) {
	onEach(t, func(t *testing.T, c *orm.Client) {
		model, where := newMoments(t, c)
		var rows []struct {
			Worth float64 `odoo:"amount:sum_currency"`
			Plain float64 `odoo:"amount:sum"`
		}
		if !answered(t, c, odoofacts.SumCurrency, model.Group(t.Context(), &rows, where)) {
			return
		}
		if len(rows) != 1 || rows[0].Worth != rows[0].Plain {
			t.Errorf("amounts without a currency: %+v", rows)
		}
	})
}

func TestLiveGroupByProperties(t *testing.T) {
	onEach(t, func(t *testing.T, c *orm.Client) {
		type row struct {
			Size    string     `odoo:"attributes.size"`
			Month   orm.Period `odoo:"attributes.at:month"`
			Count   int        `odoo:"__count"`
			Records orm.Expr   `odoo:"__domain"`
		}
		message := testModel(c, "message")
		if !odoofacts.GroupPath.InSeries(c.Version().Series) {
			var rows []row
			answered(t, c, odoofacts.GroupPath, message.Group(t.Context(), &rows, orm.Expr{}))
			return
		}
		where := newMessages(t, c, []any{
			orm.Args{"name": "size", "type": "selection", "string": "Size", "selection": [][2]string{{"s", "Small"}, {"l", "Large"}}},
			orm.Args{"name": "at", "type": "datetime", "string": "At"},
		}, orm.Args{"size": "s", "at": "2026-06-30 22:30:00"}, orm.Args{"size": "s", "at": "2026-07-01 00:00:10"}, orm.Args{})
		var rows []row
		if err := message.Group(t.Context(), &rows, where, orm.Context{"tz": "Europe/Brussels"}); err != nil {
			t.Fatal(err)
		}
		for i, r := range rows {
			if n := must[int](t)(message.Count(t.Context(), r.Records)); n != r.Count {
				t.Errorf("%d records match the condition of a group of %d", n, r.Count)
			}
			rows[i].Records = orm.Expr{}
		}
		want := []row{
			{Size: "s", Month: orm.Period{Start: utc(2026, 6, 1, 0), End: utc(2026, 7, 1, 0), Label: "June 2026"}, Count: 1},
			{Size: "s", Month: orm.Period{Start: utc(2026, 7, 1, 0), End: utc(2026, 8, 1, 0), Label: "July 2026"}, Count: 1},
			{Count: 1},
		}
		if diff := cmp.Diff(want, rows, cmp.Comparer(func(a, b orm.Expr) bool { return true })); diff != "" {
			t.Error(diff)
		}
	})
}

// newMessages creates records with the values of properties, and gives the condition that they match.
func newMessages(t *testing.T, c *orm.Client, definitions []any, values ...orm.Args) orm.Expr {
	t.Helper()
	discussions, messages := testModel(c, "discussion"), testModel(c, "message")
	box := must[int64](t)(discussions.Create(t.Context(), orm.Args{
		"name": t.Name(), "participants": orm.Link(orm.ID[Anything](c.UID())), "attributes_definition": definitions,
	}))
	remove(t, discussions, box)
	ids := make([]int64, len(values))
	for i, v := range values {
		ids[i] = must[int64](t)(messages.Create(t.Context(), orm.Args{"discussion": box, "body": "b", "attributes": v}))
		remove(t, messages, ids[i])
	}
	return orm.Expr(orm.Where[Partner]("id", "in", ids))
}
