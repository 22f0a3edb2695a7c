//go:build live

package livetest

import (
	"context"
	"encoding/json"
	"net/netip"
	"reflect"
	"strings"
	"testing"

	orm "github.com/odoogen/odoogen/runtime"
	"github.com/odoogen/odoogen/runtime/compare"
)

// decimal is as decimals mostly are: it keeps its digits, and is a string in JSON.
type decimal struct{ digits string }

func (d decimal) Float64() (f float64, exact bool) { return 0, false }
func (d decimal) Compare(other decimal) int        { return strings.Compare(d.digits, other.digits) }
func (d decimal) MarshalText() ([]byte, error)     { return []byte(d.digits), nil }
func (d decimal) MarshalJSON() ([]byte, error)     { return json.Marshal(d.digits) }
func (d *decimal) UnmarshalText(text []byte) error { d.digits = string(text); return nil }
func (d *decimal) UnmarshalJSON(text []byte) error {
	return d.UnmarshalText([]byte(strings.Trim(string(text), `"`)))
}

// Priced is a generated record of Mixed with types of the application.
type Priced struct {
	ID     orm.ID[Priced] `odoo:"id"`
	Number decimal        `odoo:"number"`
	Host   netip.Addr     `odoo:"comment1"`
}

type pricedValues struct {
	Number orm.Opt[decimal]    `odoo:"number"`
	Host   orm.Opt[netip.Addr] `odoo:"comment1"`
}

var pricedF = struct {
	ID     orm.Rel[Priced, Priced]
	Number orm.Field[Priced, decimal]
	Host   orm.Field[Priced, netip.Addr]
}{"id", "number", "comment1"}

func TestLiveTypesOfTheApplication(t *testing.T) { onEach(t, liveTypesOfTheApplication) }

func liveTypesOfTheApplication(t *testing.T, c *orm.Client) {
	ctx, m := t.Context(), testModel(c, "mixed")
	host := netip.MustParseAddr("192.0.2.7")
	var ids []int64
	values := []pricedValues{
		{Number: orm.Set(decimal{"12345678.90"}), Host: orm.Set(host)},
		{Number: orm.Set(decimal{"0.29"}), Host: orm.Set(netip.Addr{})},
		{Number: orm.Set(decimal{"1E+2"}), Host: orm.Clear[netip.Addr]()},
	}
	if err := m.CreateMany(ctx, &ids, values); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := m.Unlink(context.Background(), ids); err != nil {
			t.Error(err)
		}
	})
	all := orm.Where[Priced]("id", "in", ids)

	// The digits are those that the server sends.
	var sent []struct {
		Number json.RawMessage `odoo:"number"`
		Host   json.RawMessage `odoo:"comment1"`
	}
	var rows []Priced
	for _, dest := range []any{&sent, &rows} {
		if err := m.Read(ctx, dest, ids); err != nil {
			t.Fatal(err)
		}
	}
	for i, want := range []struct {
		digits string
		host   netip.Addr
	}{{"12345678.9", host}, {"0.29", netip.Addr{}}, {"100.0", netip.Addr{}}} {
		if got := rows[i]; got.Number.digits != want.digits || string(sent[i].Number) != want.digits || got.Host != want.host {
			t.Errorf("%d: read %v, the server sent %s, %s", i, got, sent[i].Number, sent[i].Host)
		}
	}

	for name, test := range map[string]struct {
		where orm.Domain[Priced]
		want  []int64
	}{
		"equal":                {orm.Eq(pricedF.Number, decimal{"0.29"}), ids[1:2]},
		"one of":               {orm.In(pricedF.Number, decimal{"0.29"}, decimal{"100"}), ids[1:]},
		"greater":              {compare.Gt(pricedF.Number, decimal{"100.0"}), ids[:1]},
		"greater or equal":     {compare.Ge(pricedF.Number, decimal{"100.0"}), []int64{ids[0], ids[2]}},
		"less":                 {compare.Lt(pricedF.Number, decimal{"100.0"}), ids[1:2]},
		"less or equal":        {compare.Le(pricedF.Number, decimal{"100.0"}), ids[1:]},
		"equal address":        {orm.Eq(pricedF.Host, host), ids[:1]},
		"no address":           {orm.Eq(pricedF.Host, netip.Addr{}), ids[1:]},
		"in the words of Odoo": {orm.Where[Priced]("number", "<", decimal{"1"}), ids[1:2]},
	} {
		var found []int64
		if err := m.Search(ctx, &found, orm.Expr(orm.And(all, test.where)), orm.Asc(pricedF.ID)); err != nil {
			t.Errorf("%s: %v", name, err)
		} else if !reflect.DeepEqual(found, test.want) {
			t.Errorf("%s: found %v, want %v", name, found, test.want)
		}
	}

	var groups []struct {
		Host  netip.Addr `odoo:"comment1"`
		Total decimal    `odoo:"number:sum"`
		Most  decimal    `odoo:"number:max"`
	}
	if err := m.Group(ctx, &groups, orm.Expr(all), orm.AscColumn("number:sum")); err != nil {
		t.Fatal(err)
	}
	if len(groups) != 2 || groups[0].Total.digits != "100.29" || groups[0].Most.digits != "100.0" || groups[1].Host != host || groups[1].Total.digits != "12345678.9" {
		t.Errorf("groups %v", groups)
	}

	// What was read is written back.
	for i, row := range rows {
		if err := m.Write(ctx, ids[i:i+1], pricedValues{Number: orm.Set(row.Number), Host: orm.Set(row.Host)}); err != nil {
			t.Fatal(err)
		}
	}
	var again []Priced
	if err := m.Read(ctx, &again, ids); err != nil || !reflect.DeepEqual(again, rows) {
		t.Errorf("after a write %v, before %v: %v", again, rows, err)
	}
}
