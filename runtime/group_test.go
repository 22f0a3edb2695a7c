package orm

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

type salesOfAMonth struct {
	Customer Ref[partner] `odoo:"partner_id"`
	Month    Period       `odoo:"date_order:month"`
	Total    float64      `odoo:"amount_total:sum"`
	Count    int          `odoo:"__count"`
	Records  Domain[sale] `odoo:"__domain"`
}

var march = Period{Start: time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC), End: time.Date(2026, 4, 1, 0, 0, 0, 0, time.UTC), Label: "März 2026"}

// The answers are those of real servers, whose forms differ by version.
var groupAnswers = []struct {
	name       string
	major      int
	call, rows string
}{
	{
		"14", 14,
		`sale.order.read_group [] {"domain":[["name","=","x"]],"fields":["_2:sum(amount_total)","_3:count(id)"],"groupby":["partner_id","date_order:month"],"lazy":false,"limit":5,"orderby":"_2 desc, partner_id, date_order:month"}`,
		`[{"__count":2,"_2":7.5,"_3":2,"partner_id":[3,"Ann"],"date_order:month":"März 2026","__domain":["&","&",["partner_id","=",3],"&",["date_order",">=","2026-03-01 00:00:00"],["date_order","<","2026-04-01 00:00:00"],["date_order",">=","2020-01-01"]]},
		{"__count":1,"_2":null,"_3":1,"partner_id":false,"date_order:month":false,"__domain":[]}]`,
	},
	{
		"17", 17,
		`sale.order.read_group [] {"domain":[["name","=","x"]],"fields":["_2:sum(amount_total)","_3:count(id)"],"groupby":["partner_id","date_order:month"],"lazy":false,"limit":5,"orderby":"_2 desc, partner_id, date_order:month"}`,
		`[{"__count":2,"_2":7.5,"_3":2,"partner_id":[3,"Ann"],"date_order:month":"März 2026","__range":{"date_order:month":{"from":"2026-03-01 00:00:00","to":"2026-04-01 00:00:00"}},"__domain":["&",["date_order",">=","2020-01-01"],["date_order","<","2029-01-01"]]},
		{"_2":false,"_3":1,"partner_id":false,"date_order:month":false,"__range":{"date_order:month":false}}]`,
	},
	{
		"19", 19,
		`sale.order.formatted_read_group [] {"aggregates":["amount_total:sum","__count"],"domain":[["name","=","x"]],"groupby":["partner_id","date_order:month"],"limit":5,"order":"amount_total:sum desc, partner_id, date_order:month"}`,
		`[{"partner_id":[3,"Ann"],"date_order:month":["2026-03-01 00:00:00","März 2026"],"amount_total:sum":7.5,"__count":2,"__extra_domain":["&","&",["partner_id","=",3],["date_order",">=","2026-03-01 00:00:00"],["date_order","<","2026-04-01 00:00:00"]]},
		{"partner_id":false,"date_order:month":false,"amount_total:sum":false,"__count":1,"__extra_domain":["&",["partner_id","=",false],["date_order","=",false]]}]`,
	},
}

func TestGroupOnTheWire(t *testing.T) {
	for _, test := range groupAnswers {
		t.Run(test.name, func(t *testing.T) {
			f := &fakeOdoo{Major: test.major, Object: func(c fakeCall) string {
				if c.Method == "fields_get" {
					return resultOf("{}")
				}
				return resultOf(test.rows)
			}}
			rows, err := Group[salesOfAMonth](t.Context(), dialFake(t, f), Eq(saleF.Name, "x"), Desc(saleF.Total), Limit(5))
			if err != nil {
				t.Fatal(err)
			}
			calls := f.Log()
			if got := calls[len(calls)-1].String(); got != test.call {
				t.Errorf("sent %s\nwant %s", got, test.call)
			}
			domains := []string{
				`["&","&",["name","=","x"],["partner_id","=",3],"&",["date_order",">=","2026-03-01 00:00:00"],["date_order","<","2026-04-01 00:00:00"]]`,
				`["&",["name","=","x"],"&",["partner_id","=",false],["date_order","=",false]]`,
			}
			for i := range rows {
				if got := strings.ReplaceAll(jsonOf(rows[i].Records), `"&",`, ""); got != strings.ReplaceAll(domains[i], `"&",`, "") {
					t.Errorf("the condition is %s", got)
				}
				rows[i].Records = Domain[sale]{}
			}
			want := []salesOfAMonth{{Customer: Ref[partner]{3, "Ann"}, Month: march, Total: 7.5, Count: 2}, {Count: 1}}
			if diff := cmp.Diff(want, rows, cmp.AllowUnexported(Domain[sale]{})); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// Odoo 15 keys __range by the field alone: with two granularities the last one remains.
func TestGroupByTwoGranularitiesOn15(t *testing.T) {
	type row struct {
		Month Period `odoo:"date_order:month"`
		Year  Period `odoo:"date_order:year"`
		Count int    `odoo:"__count"`
	}
	answer := `[{"_2":2,"date_order:month":"March 2026","date_order:year":"2026",
		"__range":{"date_order":{"from":"2026-01-01 00:00:00","to":"2027-01-01 00:00:00"}},
		"__domain":["&","&","&",["date_order",">=","2026-03-01 00:00:00"],["date_order","<","2026-04-01 00:00:00"],
			"&",["date_order",">=","2026-01-01 00:00:00"],["date_order","<","2027-01-01 00:00:00"],["date_order",">=","2020-01-01"]]},
		{"_2":1,"date_order:month":false,"date_order:year":false,"__range":{"date_order":false},"__domain":[["date_order","=",false]]}]`
	rows, err := Group[row](t.Context(), dialFake(t, &fakeOdoo{Major: 15, Object: answerAll(resultOf(answer))}), AllOf[sale]())
	if err != nil {
		t.Fatal(err)
	}
	year := Period{time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC), "2026"}
	month := Period{time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC), time.Date(2026, 4, 1, 0, 0, 0, 0, time.UTC), "March 2026"}
	want := []row{{month, year, 2}, {Period{}, Period{}, 1}}
	if diff := cmp.Diff(want, rows); diff != "" {
		t.Error(diff)
	}
}

func TestGroupRefusesTagsThatMeanNothing(t *testing.T) {
	c := dialFake(t, &fakeOdoo{Object: answerAll(resultOf(`[]`))})
	m := c.Model("sale.order")
	for want, dest := range map[string]any{
		`a date to group by needs a granularity, such as "date:month"`: &[]struct {
			D Date `odoo:"date"`
		}{},
		"a month is read into a Period": &[]struct {
			D string `odoo:"date:month"`
		}{},
		`"median" is neither a granularity (hour, day`: &[]struct {
			D float64 `odoo:"total:median"`
		}{},
		"no function after the colon": &[]struct {
			D float64 `odoo:"total:"`
		}{},
		`"partner_id..name" is not the name of a field`: &[]struct {
			D string `odoo:"partner_id..name"`
		}{},
		"a month_number is read into a number, not into a string": &[]struct {
			D string `odoo:"date:month_number"`
		}{},
		"no version of Odoo aggregates a path": &[]struct {
			D float64 `odoo:"partner_id.color:sum"`
		}{},
		"an aggregate is not a Period": &[]struct {
			D Period `odoo:"date:max"`
		}{},
		"the condition of a group is a Domain": &[]struct {
			D string `odoo:"__domain"`
		}{},
		"pointer to a slice": &struct{}{},
	} {
		err := m.Group(t.Context(), dest, Expr{})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}

func TestGroupOrderMustBeAColumn(t *testing.T) {
	c := dialFake(t, &fakeOdoo{Object: answerAll(resultOf(`[]`))})
	type two struct {
		Min float64 `odoo:"amount_total:min"`
		Max float64 `odoo:"amount_total:max"`
	}
	for want, opt := range map[string]GroupOption{
		`cannot be ordered by "name"`:                Asc(saleF.Name),
		"several columns of the field amount_total":  Desc(saleF.Total),
		`cannot be ordered by "amount_total:sum"`:    DescColumn("amount_total:sum"),
		"of sale.order.line in a call on sale.order": Asc(lineF.Name),
	} {
		if _, err := Group[two](t.Context(), c, Domain[sale]{}, opt); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
	if _, err := Group[two](t.Context(), c, Domain[sale]{}, DescColumn("amount_total:max")); err != nil {
		t.Error(err)
	}
}

func TestGroupAnswersThatCannotBe(t *testing.T) {
	for _, test := range []struct {
		major        int
		answer, want string
	}{
		{19, `{}`, "want a list"},
		{19, `[{"partner_id":false}]`, "field date_order:month: the answer has no such column"},
		{19, `[{"partner_id":false,"date_order:month":"x"}]`, "want the start of a period and its label"},
		{19, `[{"partner_id":false,"date_order:month":["x","y"],"__extra_domain":[]}]`, "does not contain the period"},
		{14, `[{"partner_id":false,"date_order:month":false}]`, "does not aggregate a field that it groups by"},
		{14, `[{"partner_id":false,"date_order:month":"x","__domain":[["date_order",">=","x"],["date_order","<","y"]]}]`, `"x" is not a time`},
		{14, `[{"partner_id":"x","date_order:month":false}]`, "field partner_id"},
	} {
		c := dialFake(t, &fakeOdoo{Major: test.major, Object: answerAll(resultOf(test.answer))})
		rows, err := Group[salesOfAMonth](t.Context(), c, Domain[sale]{})
		if err == nil || !strings.Contains(err.Error(), test.want) || !strings.Contains(err.Error(), "sale.order") || rows != nil {
			t.Errorf("%s gives %v, %v", test.answer, rows, err)
		}
	}
}
