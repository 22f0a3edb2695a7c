package orm

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

type salesOfACountry struct {
	Country Ref[partner] `odoo:"partner_id.country_id"`
	Count   int          `odoo:"__count"`
	Records Domain[sale] `odoo:"__domain"`
}

type salesOfAMonthNumber struct {
	Month   int          `odoo:"date_order:month_number"`
	Count   int          `odoo:"__count"`
	Records Domain[sale] `odoo:"__domain"`
}

type salesWorth struct {
	Worth float64 `odoo:"amount_total:sum_currency"`
}

// What a server cannot answer is refused before the call, by its version.
func TestGroupRefusesWhatTheVersionLacks(t *testing.T) {
	for _, test := range []struct {
		name, want string
		first      int
		run        func(c *Client) error
	}{
		{"path", "groups of sale.order: column partner_id.country_id: unsupported operation on Odoo ", 19, groupOf[salesOfACountry]()},
		{"number", "column date_order:month_number: unsupported operation on Odoo ", 18, groupOf[salesOfAMonthNumber]()},
		{"sum_currency", "column amount_total:sum_currency: unsupported operation on Odoo ", 19, groupOf[salesWorth]()},
		{"having", "having amount_total:sum: unsupported operation on Odoo ", 19, groupOf[salesOfAMonth](Having("amount_total:sum", ">", 1))},
	} {
		for _, major := range []int{14, 15, 16, 17, 18, 19} {
			f := &fakeOdoo{Major: major, Object: answerAll(resultOf(`[]`))}
			err := test.run(dialFake(t, f))
			if major >= test.first {
				if err != nil {
					t.Errorf("%s on %d: %v", test.name, major, err)
				}
				continue
			}
			if !errors.Is(err, errors.ErrUnsupported) || !strings.Contains(err.Error(), test.want) {
				t.Errorf("%s on %d: %v", test.name, major, err)
			}
			if calls := f.Log(); len(calls) > 0 {
				t.Errorf("%s on %d: sent %v", test.name, major, calls)
			}
		}
	}
}

func groupOf[R any](opts ...GroupOption) func(c *Client) error {
	ctx := context.Background()
	return func(c *Client) error {
		_, err := Group[R](ctx, c, AllOf[sale](), opts...)
		return err
	}
}

func TestGroupHavingOnTheWire(t *testing.T) {
	f := &fakeOdoo{Major: 19, Object: answerAll(resultOf(`[]`))}
	_, err := Group[salesWorth](t.Context(), dialFake(t, f), AllOf[sale](), Having("__count", ">", 1), Having("date_order:max", "<=", Date{2026, 3, 1}))
	if err != nil {
		t.Fatal(err)
	}
	want := `sale.order.formatted_read_group [] {"aggregates":["amount_total:sum_currency"],"domain":[],"groupby":[],"having":[["__count",">",1],["date_order:max","<=","2026-03-01"]]}`
	if got := f.Log()[0].String(); got != want {
		t.Errorf("sent %s\nwant %s", got, want)
	}
}

func TestGroupHavingMustBeAnAggregate(t *testing.T) {
	c := dialFake(t, &fakeOdoo{Major: 19, Object: answerAll(resultOf(`[]`))})
	for want, opt := range map[string]GroupOption{
		`"partner_id" is not an aggregate`:       Having("partner_id", "=", 1),
		`"date_order:month" is not an aggregate`: Having("date_order:month", "=", 1),
		`":sum" is not an aggregate`:             Having(":sum", "=", 1),
		`the operator "in" is none of`:           Having("__count", "in", []int{1}),
	} {
		if _, err := Group[salesWorth](t.Context(), c, AllOf[sale](), opt); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}

// The answers are those of real servers.
func TestGroupByAPath(t *testing.T) {
	answer := `[{"partner_id.country_id":[233,"United States"],"__count":2,"__extra_domain":[["partner_id","any",[["country_id","=",233]]]]},
		{"partner_id.country_id":false,"__count":1,"__extra_domain":["|",["partner_id","not any",[]],["partner_id","any",[["country_id","=",false]]]]}]`
	rows, err := Group[salesOfACountry](t.Context(), dialFake(t, &fakeOdoo{Major: 19, Object: answerAll(resultOf(answer))}), Eq(saleF.Name, "x"))
	if err != nil {
		t.Fatal(err)
	}
	if r := rows[0]; r.Country.ID != 233 || r.Country.Name != "United States" || r.Count != 2 || rows[1].Country.ID != 0 {
		t.Errorf("%+v", rows)
	}
	for i, want := range []string{
		`["&",["name","=","x"],["partner_id","any",[["country_id","=",233]]]]`,
		`["&",["name","=","x"],"|",["partner_id","not any",[]],["partner_id","any",[["country_id","=",false]]]]`,
	} {
		if got := jsonOf(rows[i].Records); got != want {
			t.Errorf("the condition is %s, want %s", got, want)
		}
	}
}

func TestGroupByAPeriodOfATarget(t *testing.T) {
	type row struct {
		Month Period `odoo:"partner_id.create_date:month"`
	}
	answer := `[{"partner_id.create_date:month":["2026-03-01 00:00:00","März 2026"],"__extra_domain":[["partner_id","any",["&",["create_date",">=","2026-03-01 00:00:00"],["create_date","<","2026-04-01 00:00:00"]]]]}]`
	rows, err := Group[row](t.Context(), dialFake(t, &fakeOdoo{Major: 19, Object: answerAll(resultOf(answer))}), AllOf[sale]())
	if diff := cmp.Diff([]row{{march}}, rows); err != nil || diff != "" {
		t.Error(err, diff)
	}
}

func TestGroupByNumbersOfADate(t *testing.T) {
	for major, answer := range map[int]string{
		18: `[{"date_order:month_number":11,"_1":3,"__domain":[["date_order.month_number","=",11]]},{"date_order:month_number":false,"_1":1,"__domain":[]}]`,
		19: `[{"date_order:month_number":11.0,"__count":3,"__extra_domain":[["date_order.month_number","=",11.0]]},{"date_order:month_number":false,"__count":1,"__extra_domain":[]}]`,
	} {
		rows, err := Group[salesOfAMonthNumber](t.Context(), dialFake(t, &fakeOdoo{Major: major, Object: answerAll(resultOf(answer))}), AllOf[sale]())
		if err != nil || len(rows) != 2 || rows[0].Month != 11 || rows[0].Count != 3 || rows[1].Month != 0 {
			t.Fatalf("on %d: %+v, %v", major, rows, err)
		}
		if got := strings.Replace(jsonOf(rows[0].Records), "11.0", "11", 1); got != `[["date_order.month_number","=",11]]` {
			t.Errorf("on %d the condition is %s", major, got)
		}
		if got := jsonOf(rows[1].Records); got != `[["date_order","=",false]]` {
			t.Errorf("on %d the condition of the group without a date is %s", major, got)
		}
	}
}

// Odoo 19 puts the ends of periods of a datetime property 59 seconds late.
func TestGroupByProperties(t *testing.T) {
	type row struct {
		Size    string          `odoo:"properties.size"`
		Tag     json.RawMessage `odoo:"properties.tags"`
		Month   Period          `odoo:"properties.at:month"`
		Records Expr            `odoo:"__domain"`
	}
	answer := `[{"properties.size":"a","properties.tags":["x","Ex",1],"properties.at:month":["2026-03-01 00:00:00","März 2026"],"__extra_domain":["&","&","&",["properties.size","=","a"],["properties.tags","in","x"],["properties.at",">=","2026-03-01 00:00:00"],["properties.at","<","2026-04-01 00:00:59"]]}]`
	rows, err := Group[row](t.Context(), dialFake(t, &fakeOdoo{Major: 19, Object: answerAll(resultOf(answer))}), AllOf[sale]())
	if err != nil || len(rows) != 1 {
		t.Fatal(rows, err)
	}
	want := `["&",["properties.size","=","a"],"&",["properties.tags","in","x"],"&",["properties.at",">=","2026-03-01 00:00:00"],["properties.at","<","2026-04-01 00:00:00"]]`
	if got := jsonOf(rows[0].Records); strings.ReplaceAll(got, `"&",`, "") != strings.ReplaceAll(want, `"&",`, "") {
		t.Errorf("the condition is %s, want %s", got, want)
	}
	if r := rows[0]; r.Size != "a" || string(r.Tag) != `["x","Ex",1]` || r.Month != march || r.Month.End.Second() != 0 || r.Month.End.Location() != time.UTC {
		t.Errorf("%+v", r)
	}
}

// A time zone that the server does not know would be UTC.
func TestGroupInATimeZone(t *testing.T) {
	f := &fakeOdoo{Object: func(c fakeCall) string {
		if c.Method == "fields_get" {
			return resultOf(`{"tz":{"type":"selection","selection":[["Asia/Tokyo","Asia/Tokyo"],["Europe/Brussels","Europe/Brussels"]]}}`)
		}
		return resultOf(`[]`)
	}}
	c := dialFake(t, f)
	group := func(c *Client, opts ...GroupOption) error {
		_, err := Group[struct {
			Month Period `odoo:"date_order:month"`
		}](t.Context(), c, AllOf[sale](), opts...)
		return err
	}
	for _, opts := range [][]GroupOption{nil, {TimeZone("Asia/Tokyo")}, {TimeZone("Asia/Tokyo")}, {TimeZone("UTC")}} {
		if err := group(c, opts...); err != nil {
			t.Error(err)
		}
	}
	if calls := f.Log(); len(calls) != 5 { // the zones are asked for once
		t.Errorf("sent %v", calls)
	}
	for _, err := range []error{group(c, TimeZone("asia/tokyo")), group(c.With(TimeZone("Nowhere/City")))} {
		if err == nil || !strings.Contains(err.Error(), "and would use UTC") {
			t.Error(err)
		}
	}
	for _, call := range f.Log() {
		if call.Method != "fields_get" {
			t.Errorf("sent %s", call)
		}
	}
}

func TestReceivedDomainsThatAreNone(t *testing.T) {
	for _, raw := range []string{``, `{}`, `["&",["a","=",1]]`, `["!"]`, `["?",["a","=",1],["b","=",1]]`, `[["a","="]]`, `[[2,"=",1]]`, `[["a",1,2]]`,
		"[" + strings.Repeat(`"!",`, maxDomainDepth+2) + `["a","=",1]]`} {
		if e, err := receivedDomain(json.RawMessage(raw)); err == nil {
			t.Errorf("%.60s reads as %s", raw, jsonOf(e))
		}
	}
	for raw, want := range map[string]string{
		`[]`: `[]`, `[[1,"=",1]]`: `[]`, `[[0,"=",1]]`: `[[0,"=",1]]`, `[["a","=",1],["b","=",[1.50]]]`: `["&",["a","=",1],["b","=",[1.50]]]`,
		`["!",["a","=","<"]]`: `["!",["a","=","<"]]`, `["|",["a","=",1],["b.c","=",null]]`: `["|",["a","=",1],["b.c","=",null]]`,
	} {
		if e, err := receivedDomain(json.RawMessage(raw)); err != nil || jsonOf(e) != want {
			t.Errorf("%s reads as %s, %v", raw, jsonOf(e), err)
		}
	}
}

func TestGroupsBeyondTheLimitAreRefused(t *testing.T) {
	c := dialFake(t, &fakeOdoo{Major: 19, Object: answerAll(resultOf(`[{"amount_total:sum_currency":1},{"amount_total:sum_currency":2}]`))})
	rows, err := Group[salesWorth](t.Context(), c, AllOf[sale](), Limit(1))
	if err == nil || !strings.Contains(err.Error(), "sent 2 records, but at most 1") || rows != nil {
		t.Error(rows, err)
	}
}
