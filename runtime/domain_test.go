package orm

import (
	"encoding/json"
	"testing"
)

func TestOperatorsOnTheWire(t *testing.T) {
	id := Field[partner, ID[partner]]("id")
	for _, c := range []struct {
		where any
		want  string
	}{
		{Eq(saleF.Name, "x"), `[["name","=","x"]]`},
		{Eq(saleF.State, "draft"), `[["state","=","draft"]]`},
		{Eq(saleF.Partner, 7), `[["partner_id","=",7]]`},
		{Eq(saleF.Partner, 0), `[["partner_id","=",false]]`},
		{Ne(saleF.Name, ""), `[["name","!=",""]]`},
		{EqIfSet(saleF.Name, Set("x")), `[["name","=?","x"]]`},
		{EqIfSet(saleF.Name, Opt[string]{}), `[["name","=?",false]]`},
		{EqIfSet(saleF.Name, Clear[string]()), `[["name","=?",false]]`},
		{Lt(saleF.Total, 1.5), `[["amount_total","<",1.5]]`},
		{Le(saleF.Total, 2), `[["amount_total","<=",2]]`},
		{Gt(saleF.Name, "b"), `[["name",">","b"]]`},
		{Ge(Field[sale, Date]("d"), Date{2026, 1, 31}), `[["d",">=","2026-01-31"]]`},
		{Gt(Field[sale, int]("n"), 5), `[["n",">",5]]`},
		{In(saleF.State, "draft", "sale"), `[["state","in",["draft","sale"]]]`},
		{In(saleF.Partner, 7, 8), `[["partner_id","in",[7,8]]]`},
		{In(saleF.State), `[["state","in",[]]]`},
		{In(saleF.State, []state(nil)...), `[["state","in",[]]]`},
		{NotIn(saleF.State, "draft"), `[["state","not in",["draft"]]]`},
		{NotIn(saleF.Partner), `[["partner_id","not in",[]]]`},
		{IsSet(saleF.Partner), `[["partner_id","!=",false]]`},
		{IsUnset(saleF.Name), `[["name","=",false]]`},
		{Like(saleF.Name, "a_%"), `[["name","like","a_%"]]`},
		{Like(saleF.State, "a"), `[["state","like","a"]]`},
		{NotLike(saleF.Name, "a"), `[["name","not like","a"]]`},
		{ILike(saleF.Name, "a"), `[["name","ilike","a"]]`},
		{NotILike(saleF.Name, "a"), `[["name","not ilike","a"]]`},
		{EqLike(saleF.Name, "a"), `[["name","=like","a"]]`},
		{EqILike(saleF.Name, "a"), `[["name","=ilike","a"]]`},
		{ChildOf(saleF.Partner, 7, 8), `[["partner_id","child_of",[7,8]]]`},
		{ChildOf(id, 7), `[["id","child_of",[7]]]`},
		{ChildOf(id), `[["id","child_of",[]]]`},
		{ParentOf(id, 7), `[["id","parent_of",[7]]]`},
		{Where[sale]("partner_id.email", "=", nil), `[["partner_id.email","=",null]]`},
		{Where[sale]("x\"y", "=", []any{1, "a"}), `[["x\"y","=",[1,"a"]]]`},
		{Where[sale]("order_line", "any", Eq(lineF.Name, "x")), `[["order_line","any",[["name","=","x"]]]]`},
	} {
		if got := wire(c.where); got != c.want {
			t.Errorf("got %s, want %s", got, c.want)
		}
	}
}

// Three leaves to combine, and what they look like.
var (
	a, b, c = Where[sale]("a", "=", 1), Where[sale]("b", "=", 2), Where[sale]("c", "=", 3)
)

const (
	wireA, wireB, wireC = `["a","=",1]`, `["b","=",2]`, `["c","=",3]`
	wireNever           = `[[0,"=",1]]`
)

func TestCombinationsAreInPolishNotation(t *testing.T) {
	for _, x := range []struct {
		where Domain[sale]
		want  string
	}{
		{And(a), `[` + wireA + `]`},
		{Or(a), `[` + wireA + `]`},
		{And(a, b), `["&",` + wireA + `,` + wireB + `]`},
		{Or(a, b), `["|",` + wireA + `,` + wireB + `]`},
		{And(a, b, c), `["&",` + wireA + `,"&",` + wireB + `,` + wireC + `]`},
		{Or(a, b, c), `["|",` + wireA + `,"|",` + wireB + `,` + wireC + `]`},
		{And(a, Or(b, c)), `["&",` + wireA + `,"|",` + wireB + `,` + wireC + `]`},
		{And(Or(a, b), c), `["&","|",` + wireA + `,` + wireB + `,` + wireC + `]`},
		{Or(And(a, b), And(b, c)), `["|","&",` + wireA + `,` + wireB + `,"&",` + wireB + `,` + wireC + `]`},
		{And(And(a, b), c), `["&","&",` + wireA + `,` + wireB + `,` + wireC + `]`},
		{Not(a), `["!",` + wireA + `]`},
		{Not(Not(a)), `["!","!",` + wireA + `]`},
		{Not(And(a, b)), `["!","&",` + wireA + `,` + wireB + `]`},
		{And(Not(a), b), `["&","!",` + wireA + `,` + wireB + `]`},
		{Or(a, Not(Or(b, c))), `["|",` + wireA + `,"!","|",` + wireB + `,` + wireC + `]`},
	} {
		if got := wire(x.where); got != x.want {
			t.Errorf("got %s, want %s", got, x.want)
		}
	}
}

func TestConstantConditions(t *testing.T) {
	all, none := And[sale](), Or[sale]()
	for name, x := range map[string]struct {
		where Domain[sale]
		want  string
	}{
		"zero Domain":           {Domain[sale]{}, `[]`},
		"And()":                 {all, `[]`},
		"Or()":                  {none, wireNever},
		"Not(And())":            {Not(all), wireNever},
		"Not(Or())":             {Not(none), `[]`},
		"Not(zero)":             {Not(Domain[sale]{}), wireNever},
		"Not(Not(Or()))":        {Not(Not(none)), wireNever},
		"And with always":       {And(all, a, all), `[` + wireA + `]`},
		"And of always":         {And(all, all), `[]`},
		"And with never":        {And(a, none, b), wireNever},
		"Or with never":         {Or(none, a, none), `[` + wireA + `]`},
		"Or of never":           {Or(none, none), wireNever},
		"Or with always":        {Or(a, all), `[]`},
		"Or with the zero one":  {Or(a, Domain[sale]{}), `[]`},
		"Any of nothing":        {Any(saleF.Partner), `[["partner_id","!=",false]]`},
		"Any of always":         {Any(saleF.Lines, And[line]()), `[["order_line","!=",false]]`},
		"Any of never":          {Any(saleF.Lines, Or[line]()), wireNever},
		"Any of never and more": {Any(saleF.Lines, Eq(lineF.Name, "x"), Or[line]()), wireNever},
		"NotAny of always":      {NotAny(saleF.Lines), `["!",["order_line","!=",false]]`},
		"NotAny of never":       {NotAny(saleF.Lines, Or[line]()), `[]`},
		"Any of Any of never":   {Any(saleF.Partner, Any(partnerF.Parent, Or[partner]())), wireNever},
	} {
		if got := wire(x.where); got != x.want {
			t.Errorf("%s: got %s, want %s", name, got, x.want)
		}
	}
}

func TestConditionsAreNotChangedByCombiningThem(t *testing.T) {
	list := []Domain[sale]{a, b}
	first := And(list...)
	list[0] = c
	_ = Not(first)
	_ = Or(first, c)
	if got, want := wire(first), `["&",`+wireA+`,`+wireB+`]`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestEveryConditionIsJSON(t *testing.T) {
	where := And(Or(a, Not(b)), Any(saleF.Partner, ILike(partnerF.Email, "\"%\n"), Not(Eq(partnerF.Name, ""))), NotIn(saleF.State))
	if got := wire(where); !json.Valid([]byte(got)) {
		t.Errorf("%s is not JSON", got)
	}
}
