package orm

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// relational answers fields_get for the relations of the records in these tests, search with two ids, and
// search_count with 0.
func relational(c fakeCall) string {
	types := map[string]string{
		"sale.order/partner_id":      `"many2one","relation":"res.partner"`,
		"sale.order/order_line":      `"one2many","relation":"sale.order.line"`,
		"sale.order.line/partner_id": `"many2one","relation":"res.partner"`,
		"res.partner/parent_id":      `"many2one","relation":"res.partner"`,
		"res.partner/child_ids":      `"one2many","relation":"res.partner"`,
	}
	switch c.Method {
	case "fields_get":
		var fields []string
		for field := range strings.SplitSeq(strings.Trim(string(c.Named["allfields"]), `[]"`), `","`) {
			if known, ok := types[c.Model+"/"+field]; ok {
				fields = append(fields, fmt.Sprintf(`%q:{"type":%s}`, field, known))
			}
		}
		return resultOf("{" + strings.Join(fields, ",") + "}")
	case "search":
		return resultOf("[8,9]")
	}
	return resultOf("0")
}

// lowered counts with a condition and gives the domain that was sent, and the calls before it but for those of fields_get.
func lowered(t *testing.T, major int, where Domain[sale]) (domain string, before []string) {
	t.Helper()
	f := &fakeOdoo{Major: major, Object: relational}
	if _, err := Count(t.Context(), dialFake(t, f), where); err != nil {
		t.Fatal(err)
	}
	calls := f.Log()
	for _, c := range calls[:len(calls)-1] {
		if c.Method != "fields_get" {
			before = append(before, c.String())
		}
	}
	return string(calls[len(calls)-1].Args[0]), before
}

func TestAnyOfOneLeafIsADottedPathOnEveryVersion(t *testing.T) {
	for _, major := range []int{14, 16, 17, 19} {
		for _, c := range []struct {
			where Domain[sale]
			want  string
		}{
			{Any(saleF.Partner, ILike(partnerF.Email, "@x")), `[["partner_id.email","ilike","@x"]]`},
			{Any(saleF.Lines, Gt(lineF.Quantity, 10)), `[["order_line.product_uom_qty",">",10]]`},
			{Any(saleF.Lines, Any(lineF.Partner, Any(partnerF.Parent, Eq(partnerF.Name, "x")))), `[["order_line.partner_id.parent_id.name","=","x"]]`},
			{And(condA, Or(condB, Any(saleF.Partner, IsSet(partnerF.Email)))), `["&",` + wireA + `,"|",` + wireB + `,["partner_id.email","!=",false]]`},
			{Any(saleF.Partner, ChildOf(partnerF.Parent, 7)), `[["partner_id.parent_id","child_of",[7]]]`},
		} {
			domain, before := lowered(t, major, c.where)
			if domain != c.want || before != nil {
				t.Errorf("%d: got %s after %v, want %s", major, domain, before, c.want)
			}
		}
	}
}

func TestAnyFromVersion17(t *testing.T) {
	x, y := Eq(partnerF.Name, "x"), Eq(partnerF.Email, "y")
	for _, c := range []struct {
		where Domain[sale]
		want  string
	}{
		{Any(saleF.Partner, x, y), `[["partner_id","any",["&",["name","=","x"],["email","=","y"]]]]`},
		{Any(saleF.Partner, Not(x)), `[["partner_id","any",["!",["name","=","x"]]]]`},
		{NotAny(saleF.Partner, x, y), `["!",["partner_id","any",["&",["name","=","x"],["email","=","y"]]]]`},
		{NotAny(saleF.Partner, x), `["!",["partner_id","any",[["name","=","x"]]]]`},
		{Not(Or(condA, Any(saleF.Partner, x))), `["!","|",` + wireA + `,["partner_id","any",[["name","=","x"]]]]`},
		{Any(saleF.Partner, Any(partnerF.Children, x, y)), `[["partner_id","any",[["child_ids","any",["&",["name","=","x"],["email","=","y"]]]]]]`},
		{Any(saleF.Partner, x, Any(partnerF.Parent, y)), `[["partner_id","any",["&",["name","=","x"],["parent_id.email","=","y"]]]]`},
		{NotAny(saleF.Lines, Any(lineF.Partner, x)), `["!",["order_line","any",[["partner_id","any",[["name","=","x"]]]]]]`},
	} {
		for _, major := range []int{17, 19} {
			domain, before := lowered(t, major, c.where)
			if domain != c.want || before != nil {
				t.Errorf("%d: got %s after %v, want %s", major, domain, before, c.want)
			}
		}
	}
}

func TestAnyAlongAMany2oneBeforeVersion17(t *testing.T) {
	x, y := Eq(partnerF.Name, "x"), Eq(partnerF.Email, "y")
	const set, dotX, dotY = `["partner_id","!=",false]`, `["partner_id.name","=","x"]`, `["partner_id.email","=","y"]`
	for _, c := range []struct {
		where Domain[sale]
		want  string
	}{
		{Any(saleF.Partner, x, y), `["&",` + set + `,"&",` + dotX + `,` + dotY + `]`},
		{Any(saleF.Partner, Or(x, y)), `["&",` + set + `,"|",` + dotX + `,` + dotY + `]`},
		{Any(saleF.Partner, Not(x)), `["&",` + set + `,"!",` + dotX + `]`},
		{NotAny(saleF.Partner, x), `["!","&",` + set + `,` + dotX + `]`},
		{NotAny(saleF.Partner, x, y), `["!","&",` + set + `,"&",` + dotX + `,` + dotY + `]`},
	} {
		domain, before := lowered(t, 16, c.where)
		if domain != c.want {
			t.Errorf("got %s, want %s", domain, c.want)
		}
		if len(before) > 0 {
			t.Errorf("after %v", before)
		}
	}
}

func TestAnyAlongARelationToManyBeforeVersion17(t *testing.T) {
	x, y := Eq(lineF.Name, "x"), Gt(lineF.Quantity, 10)
	const found = `["order_line","in",[8,9]]`
	for _, c := range []struct {
		where  Domain[sale]
		want   string
		search string
	}{
		{Any(saleF.Lines, x, y), `[` + found + `]`, `["&",["name","=","x"],["product_uom_qty",">",10]]`},
		{Any(saleF.Lines, Not(x)), `[` + found + `]`, `["!",["name","=","x"]]`},
		{NotAny(saleF.Lines, x, y), `["!",` + found + `]`, `["&",["name","=","x"],["product_uom_qty",">",10]]`},
		{NotAny(saleF.Lines, x), `["!",` + found + `]`, `[["name","=","x"]]`},
		{And(condA, Any(saleF.Lines, x, y)), `["&",` + wireA + `,` + found + `]`, `["&",["name","=","x"],["product_uom_qty",">",10]]`},
	} {
		domain, before := lowered(t, 14, c.where)
		if domain != c.want {
			t.Errorf("got %s, want %s", domain, c.want)
		}
		want := []string{
			`sale.order.line.search [` + c.search + `] {}`,
		}
		if diff := cmp.Diff(want, before); diff != "" {
			t.Errorf("the calls before (-want +got)\n%s", diff)
		}
	}
}

func TestAnyWithinAnyBeforeVersion17(t *testing.T) {
	x, y := Eq(partnerF.Name, "x"), Eq(partnerF.Email, "y")
	domain, before := lowered(t, 14, Any(saleF.Partner, Any(partnerF.Children, x, y)))
	if want := `[["partner_id.child_ids","in",[8,9]]]`; domain != want {
		t.Errorf("got %s, want %s", domain, want)
	}
	want := []string{
		`res.partner.search [["&",["name","=","x"],["email","=","y"]]] {}`,
	}
	if diff := cmp.Diff(want, before); diff != "" {
		t.Errorf("the calls before (-want +got)\n%s", diff)
	}
	domain, _ = lowered(t, 14, NotAny(saleF.Partner, Any(partnerF.Children, x)))
	if want := `["!","&",["partner_id","!=",false],["partner_id.child_ids","in",[8,9]]]`; domain != want {
		t.Errorf("got %s, want %s", domain, want)
	}
}

func TestFieldsAreLookedUpOnce(t *testing.T) {
	f := &fakeOdoo{Major: 14, Object: relational}
	c := dialFake(t, f)
	where := Any(saleF.Partner, Eq(partnerF.Name, "x"), Eq(partnerF.Email, "y"))
	for range 3 {
		if _, err := Count(t.Context(), c.With(Context{"lang": "fr_FR"}), where); err != nil {
			t.Fatal(err)
		}
	}
	lookups := 0
	for _, call := range f.Log() {
		if call.Method == "fields_get" {
			lookups++
		}
	}
	if lookups != 2 { // one for each model
		t.Errorf("%d calls of fields_get", lookups)
	}
}

func TestNoTargetsMatchNothing(t *testing.T) {
	f := &fakeOdoo{Major: 14, Object: func(c fakeCall) string {
		if c.Method == "search" {
			return resultOf("[]")
		}
		return relational(c)
	}}
	if _, err := Count(t.Context(), dialFake(t, f), Any(saleF.Lines, Not(Eq(lineF.Name, "x")))); err != nil {
		t.Fatal(err)
	}
	calls := f.Log()
	if got, want := string(calls[len(calls)-1].Args[0]), `[["order_line","in",[]]]`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestARelationThatIsNotThereIsAnError(t *testing.T) {
	unknown := Rel[sale, partner]("x_partner_id")
	c := dialFake(t, &fakeOdoo{Major: 14, Object: relational})
	_, err := Count(t.Context(), c, Any(unknown, Eq(partnerF.Name, "x"), Eq(partnerF.Email, "y")))
	if err == nil || !strings.Contains(err.Error(), "sale.order.x_partner_id is not a relation") {
		t.Errorf("got %v", err)
	}
}

func TestAnErrorOfTheLookUpEndsTheCall(t *testing.T) {
	f := &fakeOdoo{Major: 14, Object: answerAll(faultOf("odoo.exceptions.AccessError", "no"))}
	_, err := Count(t.Context(), dialFake(t, f), Any(saleF.Partner, Eq(partnerF.Name, "x"), Eq(partnerF.Email, "y")))
	if calls := f.Log(); !errors.Is(err, ErrAccess) || len(calls) != 1 {
		t.Errorf("got %v after %v", err, calls)
	}
}
