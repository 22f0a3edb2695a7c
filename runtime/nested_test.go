package orm

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/odoogen/odoogen/runtime/internal/codec"
)

// orderRow is a sale with what is around it, three relations deep.
type orderRow struct {
	ID      ID[sale] `odoo:"id"`
	Partner struct {
		Name    string `odoo:"name"`
		Country *struct {
			Code string `odoo:"code"`
		} `odoo:"country_id"`
	} `odoo:"partner_id"`
	Lines []struct {
		ID      ID[line]     `odoo:"id"`
		Qty     float64      `odoo:"qty"`
		Product Ref[partner] `odoo:"product_id"`
	} `odoo:"order_line,limit=2,order=sequence desc;id"`
	Late []line2 `odoo:"late_ids,ondemand"`
}

// nestedOdoo answers as an old Odoo does: with ids.
func nestedOdoo(major int) *fakeOdoo {
	relations := map[string]string{
		"sale.order/partner_id": "many2one res.partner", "sale.order/order_line": "one2many sale.order.line",
		"sale.order/late_ids": "many2many sale.order.line", "res.partner/country_id": "many2one res.country",
	}
	records := map[string]string{
		"sale.order.search_read":      `[{"id":1,"partner_id":[7,"Seven"],"order_line":[11,12,13,14]},{"id":2,"partner_id":[8,"Eight"],"order_line":[]},{"id":3,"partner_id":false,"order_line":[12]}]`,
		"sale.order.read":             `[{"id":3,"late_ids":[11]},{"id":1,"late_ids":[]}]`,
		"res.partner.read":            `[{"id":7,"name":"Seven","country_id":[3,"Belgium"]}]`,
		"res.country.read":            `[{"id":3,"code":"BE"}]`,
		"sale.order.line.search_read": `[{"id":13,"qty":3,"product_id":[9,"Nine"]},{"id":12,"qty":2.5,"product_id":false},{"id":11,"qty":1,"product_id":[9,"Nine"]}]`,
		"sale.order.line.read":        `[{"id":11,"name":"L11"}]`,
		"sale.order.line.fields_get":  `{"active":{"type":"boolean"}}`,
		"sale.order.web_search_read":  `{"length":2,"records":[{"id":1,"partner_id":{"id":7,"name":"Seven","country_id":{"id":3,"code":"BE"}},"order_line":[{"id":13,"qty":3,"product_id":{"id":9,"display_name":"Nine"}},{"id":12,"qty":2.5,"product_id":false},{"id":11}]},{"id":2,"partner_id":{"id":8},"order_line":[]},{"id":3,"partner_id":false,"order_line":[{"id":12,"qty":2.5,"product_id":false}]}]}`,
		"sale.order.web_read":         `[{"id":3,"late_ids":[{"id":11,"name":"L11"}]},{"id":1,"late_ids":[]}]`,
	}
	return &fakeOdoo{Major: major, Object: func(c fakeCall) string {
		if c.Method == "fields_get" && c.Model != "sale.order.line" {
			for key, relation := range relations {
				model, field, _ := strings.Cut(key, "/")
				if kind, target, _ := strings.Cut(relation, " "); model == c.Model && strings.Contains(c.String(), `"`+field+`"`) {
					return resultOf(fmt.Sprintf(`{%q:{"type":%q,"relation":%q}}`, field, kind, target))
				}
			}
			return resultOf(`{}`)
		}
		return resultOf(records[c.Model+"."+c.Method])
	}}
}

func TestNestedReadsAreTheSameInBothWays(t *testing.T) {
	nine := Ref[partner]{9, "Nine"}
	var want [3]orderRow
	want[0].ID, want[1].ID, want[2].ID = 1, 2, 3
	want[0].Partner.Name = "Seven"
	want[0].Partner.Country = &struct {
		Code string `odoo:"code"`
	}{"BE"}
	want[0].Lines = append(want[0].Lines, struct {
		ID      ID[line]     `odoo:"id"`
		Qty     float64      `odoo:"qty"`
		Product Ref[partner] `odoo:"product_id"`
	}{13, 3, nine})
	want[0].Lines = append(want[0].Lines, want[0].Lines[0])
	want[0].Lines[1].ID, want[0].Lines[1].Qty, want[0].Lines[1].Product = 12, 2.5, Ref[partner]{}
	want[2].Lines = want[0].Lines[1:]

	for major, calls := range map[int][]string{
		14: {
			`sale.order.search_read [] {"domain":[],"fields":["id","partner_id","order_line"]}`,
			`sale.order.fields_get [] {"allfields":["partner_id"],"attributes":["type","relation","searchable","sortable"]}`,
			`res.partner.read [[7,8],["name","country_id"]] {}`,
			`res.partner.fields_get [] {"allfields":["country_id"],"attributes":["type","relation","searchable","sortable"]}`,
			`res.country.read [[3],["code"]] {}`,
			`sale.order.fields_get [] {"allfields":["order_line"],"attributes":["type","relation","searchable","sortable"]}`,
			`sale.order.line.fields_get [] {"allfields":["sequence"],"attributes":["type","relation","searchable","sortable"]}`,
			`sale.order.line.fields_get [] {"allfields":["active","x_active"],"attributes":["type","relation","searchable","sortable"]}`,
			`sale.order.line.search_read [] {"domain":["&",["id","in",[11,12,13,14]],["active","in",[true,false]]],"fields":["id","qty","product_id"],"order":"sequence desc,id"}`,
		},
		19: {
			`sale.order.web_search_read [] {"count_limit":1,"domain":[],"specification":{"id":{},` +
				`"order_line":{"fields":{"id":{},"product_id":{"fields":{"display_name":{}}},"qty":{}},"limit":2,"order":"sequence desc,id"},` +
				`"partner_id":{"fields":{"country_id":{"fields":{"code":{}}},"name":{}}}}}`,
		},
	} {
		f := nestedOdoo(major)
		c := dialFake(t, f)
		got, err := Find[orderRow](t.Context(), c, Domain[sale]{})
		if err != nil {
			t.Fatal(major, err)
		}
		if diff := cmp.Diff(want[:], got, cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("%d (-want +got)\n%s", major, diff)
		}
		if diff := cmp.Diff(calls, logOf(f)); diff != "" {
			t.Errorf("%d: calls (-want +got)\n%s", major, diff)
		}
	}
}

func logOf(f *fakeOdoo) (calls []string) {
	for _, c := range f.Log() {
		calls = append(calls, c.String())
	}
	return calls
}

func TestFillReadsOneRelationOfAllRecords(t *testing.T) {
	late := Field[sale, ID[line]]("late_ids")
	for major, calls := range map[int][]string{
		14: {`sale.order.read [[1,2,3],["id","late_ids"]] {}`, `sale.order.fields_get [] {"allfields":["late_ids"],"attributes":["type","relation","searchable","sortable"]}`, `sale.order.line.read [[11],["id","name"]] {}`},
		19: {`sale.order.web_read [[1,2,3],{"id":{},"late_ids":{"fields":{"id":{},"name":{}}}}] {}`},
	} {
		f := nestedOdoo(major)
		c := dialFake(t, f)
		rows := []orderRow{{ID: 1, Late: []line2{{ID: 9}}}, {ID: 2, Late: []line2{{ID: 9}}}, {ID: 3}}
		if err := Fill(t.Context(), c, rows, Include(late)); err != nil {
			t.Fatal(err)
		}
		want := []orderRow{{ID: 1}, {ID: 2, Late: []line2{{ID: 9}}}, {ID: 3, Late: []line2{{11, "L11"}}}}
		if diff := cmp.Diff(want, rows, cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("%d (-want +got)\n%s", major, diff)
		}
		if diff := cmp.Diff(calls, logOf(f)); diff != "" {
			t.Errorf("%d: calls (-want +got)\n%s", major, diff)
		}
	}
}

func TestFillNeedsAnIDAndAField(t *testing.T) {
	c := dialFake(t, nestedOdoo(19))
	other := Field[sale, string]("other")
	for want, err := range map[string]error{
		"needs the fields to read": Fill(t.Context(), c, []orderRow{{ID: 1}}),
		`has no field for "other"`: Fill(t.Context(), c, []orderRow{{ID: 1}}, Include(other)),
		`has no field for "id"`: Fill(t.Context(), c, []struct {
			Other string `odoo:"other"`
		}{{}}, Include(other)),
		"of res.partner in a call on sale.order": c.Model("sale.order").Fill(t.Context(), []orderRow{{ID: 1}}, Include(partnerF.Name)),
		"want a slice":                           c.Model("sale.order").Fill(t.Context(), 7),
	} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}

func TestNestedReadsThatCanNotBe(t *testing.T) {
	type kind = struct {
		Kids []tree `odoo:"child_ids"`
	}
	old := dialFake(t, nestedOdoo(14))
	find := func(dest any) error { return old.Model("sale.order").Find(t.Context(), dest, Expr{}) }
	for want, err := range map[string]error{
		"orm.tree is recursive": find(new([]kind)),
		"sale.order.order_line is a one2many": find(new([]struct {
			Line line2 `odoo:"order_line"`
		})),
		"sale.order.partner_id is a many2one": find(new([]struct {
			Partners []line2 `odoo:"partner_id"`
		})),
		"sale.order.partner_id points to res.partner: its records cannot be read into structs for sale.order": find(new([]struct {
			Partner sale `odoo:"partner_id"`
		})),
		"sale.order.name is not a relation": find(new([]struct {
			ID   int   `odoo:"id"`
			Name line2 `odoo:"name"`
			X    line2 `odoo:"partner_id"`
		})),
	} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}

func TestTagsOfRelations(t *testing.T) {
	for tag, want := range map[string]string{
		"x,limit=0": "unknown option", "x,limit=a": "unknown option", "x,order=": "unknown option", "x,limit=1,order=a desc;b,ondemand": "",
	} {
		typ := reflect.StructOf([]reflect.StructField{{Name: "X", Type: reflect.TypeFor[[]line2](), Tag: reflect.StructTag(`odoo:"` + tag + `"`)}})
		_, err := codec.PlanOf(typ)
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", tag, err)
		}
	}
	_, err := codec.PlanOf(reflect.TypeFor[struct {
		X line2 `odoo:"x,limit=1"`
	}]())
	if err == nil {
		t.Error("a limit for one target was taken")
	}
}

func TestErrorsInNestedRecordsHaveAPath(t *testing.T) {
	var rows []orderRow
	_, err := decodeRecords([]byte(`[{"id":1},{"id":2,"partner_id":{"id":7,"country_id":{"code":[]}}}]`), "sale.order", reflect.ValueOf(&rows).Elem())
	e, ok := errors.AsType[*DecodeError](err)
	if !ok || e.ID != 2 || e.Field != "partner_id.country_id.code" {
		t.Errorf("got %#v", err)
	}
}

func TestTargetsInTheWrongKindOfFieldAreExplained(t *testing.T) {
	type wrong struct {
		Partners []line2 `odoo:"partner_id"`
		Line     *line2  `odoo:"order_line"`
	}
	for answer, want := range map[string]string{
		`[{"id":1,"partner_id":{"id":7}}]`:   "field partner_id: want a list of records, got one: use a struct for a many2one and a slice for an x2many",
		`[{"id":1,"order_line":[{"id":7}]}]`: "field order_line: want a record, got a list: use a struct for a many2one and a slice for an x2many",
	} {
		_, err := decodeRecords([]byte(answer), "sale.order", reflect.ValueOf(new([]wrong)).Elem())
		if err == nil || !strings.HasSuffix(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}
