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
		if got := jsonOf(c.where); got != c.want {
			t.Errorf("got %s, want %s", got, c.want)
		}
	}
}

// Three leaves to combine, and what they look like.
var (
	condA, condB, condC = Where[sale]("a", "=", 1), Where[sale]("b", "=", 2), Where[sale]("c", "=", 3)
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
		{And(condA), `[` + wireA + `]`},
		{Or(condA), `[` + wireA + `]`},
		{And(condA, condB), `["&",` + wireA + `,` + wireB + `]`},
		{Or(condA, condB), `["|",` + wireA + `,` + wireB + `]`},
		{And(condA, condB, condC), `["&",` + wireA + `,"&",` + wireB + `,` + wireC + `]`},
		{Or(condA, condB, condC), `["|",` + wireA + `,"|",` + wireB + `,` + wireC + `]`},
		{And(condA, Or(condB, condC)), `["&",` + wireA + `,"|",` + wireB + `,` + wireC + `]`},
		{And(Or(condA, condB), condC), `["&","|",` + wireA + `,` + wireB + `,` + wireC + `]`},
		{Or(And(condA, condB), And(condB, condC)), `["|","&",` + wireA + `,` + wireB + `,"&",` + wireB + `,` + wireC + `]`},
		{And(And(condA, condB), condC), `["&","&",` + wireA + `,` + wireB + `,` + wireC + `]`},
		{Not(condA), `["!",` + wireA + `]`},
		{Not(Not(condA)), `["!","!",` + wireA + `]`},
		{Not(And(condA, condB)), `["!","&",` + wireA + `,` + wireB + `]`},
		{And(Not(condA), condB), `["&","!",` + wireA + `,` + wireB + `]`},
		{Or(condA, Not(Or(condB, condC))), `["|",` + wireA + `,"!","|",` + wireB + `,` + wireC + `]`},
	} {
		if got := jsonOf(x.where); got != x.want {
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
		"And with always":       {And(all, condA, all), `[` + wireA + `]`},
		"And of always":         {And(all, all), `[]`},
		"And with never":        {And(condA, none, condB), wireNever},
		"Or with never":         {Or(none, condA, none), `[` + wireA + `]`},
		"Or of never":           {Or(none, none), wireNever},
		"Or with always":        {Or(condA, all), `[]`},
		"Or with the zero one":  {Or(condA, Domain[sale]{}), `[]`},
		"Any of nothing":        {Any(saleF.Partner), `[["partner_id","!=",false]]`},
		"Any of always":         {Any(saleF.Lines, And[line]()), `[["order_line","!=",false]]`},
		"Any of never":          {Any(saleF.Lines, Or[line]()), wireNever},
		"Any of never and more": {Any(saleF.Lines, Eq(lineF.Name, "x"), Or[line]()), wireNever},
		"NotAny of always":      {NotAny(saleF.Lines), `["!",["order_line","!=",false]]`},
		"NotAny of never":       {NotAny(saleF.Lines, Or[line]()), `[]`},
		"Any of Any of never":   {Any(saleF.Partner, Any(partnerF.Parent, Or[partner]())), wireNever},
	} {
		if got := jsonOf(x.where); got != x.want {
			t.Errorf("%s: got %s, want %s", name, got, x.want)
		}
	}
}

func TestConditionsAreNotChangedByCombiningThem(t *testing.T) {
	list := []Domain[sale]{condA, condB}
	first := And(list...)
	list[0] = condC
	_ = Not(first)
	_ = Or(first, condC)
	if got, want := jsonOf(first), `["&",`+wireA+`,`+wireB+`]`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestEveryConditionIsJSON(t *testing.T) {
	where := And(Or(condA, Not(condB)), Any(saleF.Partner, ILike(partnerF.Email, "\"%\n"), Not(Eq(partnerF.Name, ""))), NotIn(saleF.State))
	if got := jsonOf(where); !json.Valid([]byte(got)) {
		t.Errorf("%s is not JSON", got)
	}
}
