package form

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var env = map[string]any{
	"state": "draft", "locked": false, "qty": 2.0, "none": nil, "partner_id": 7.0, "lines": []any{1.0, "virtual_1"},
	"parent":  map[string]any{"state": "sale", "company_id": 3.0},
	"context": map[string]any{"default_move_type": "out_invoice"},
	"totals":  map[string]any{"amount": 12.0},
	"bool":    function(func(args []any) (any, error) { return truthy(args[0]), nil }),
}

func TestExpressions(t *testing.T) {
	for source, want := range map[string]any{
		`state == 'draft'`:                      true,
		`state in ['cancel', "sale"]`:           false,
		`state not in ('cancel', 'sale')`:       true,
		`not locked and qty > 1`:                true,
		`locked or state != 'draft'`:            false,
		`locked == 0`:                           true, // as in Python
		`qty <= 2 and 2 >= qty and not qty<2`:   true,
		`none == False`:                         false,
		`None == none`:                          true,
		`locked and no_such_field`:              false, // it is not looked at
		`'customer' if locked else 'any'`:       "any",
		`(state == 'draft') and -1 or 0`:        -1.0,
		`qty * 3 + 1 - 4 / 2`:                   5.0,
		`parent.state == 'sale'`:                true,
		`lines.length == 2`:                     true,
		`context.get('default_move_type', 'x')`: "out_invoice",
		`context.get('lang', 'x')`:              "x",
		`context.get('lang')`:                   nil,
		`totals['amount']`:                      12.0,
		`totals['nope']`:                        nil,
		`locked['amount']`:                      nil,
		`lines[0]`:                              1.0,
		`bool(lines)`:                           true,
		`[partner_id] + [False]`:                []any{7.0, false},
		`('a',)`:                                []any{"a"},
		`()`:                                    []any{},
		`'it\'s' + " here"`:                     "it's here",
		`{'default_x': parent.company_id, 'y': {'z': [1]},}`: map[string]any{"default_x": 3.0, "y": map[string]any{"z": []any{1.0}}},
	} {
		e, err := parseExpression(source)
		if err != nil {
			t.Error(err)
			continue
		}
		got, err := e(env)
		if diff := cmp.Diff(want, got); diff != "" || err != nil {
			t.Errorf("%s: %v\n%s", source, err, diff)
		}
	}
}

// What is not supported is an error, and never a value.
func TestExpressionsThatAreRefused(t *testing.T) {
	deep := ""
	for range 1000 {
		deep += "("
	}
	for _, source := range []string{
		``, `state ==`, `1 < qty < 3`, `lambda: 1`, `[x for x in lines]`, `state is None`, `qty ** 2`, `qty // 2`, `no_such_field`, `parent.nope`,
		`state > 1`, `state + 1`, `qty in 7`, `state()`, `{'a' 1}`, `[1`, `'open`, `a.`, `§`, `not`, `state not 3`, `1 if qty`, `lines[9]`, `qty / 0`, deep,
	} {
		e, err := parseExpression(source)
		if err != nil {
			continue
		}
		if v, err := e(env); err == nil {
			t.Errorf("%s is %v", source, v)
		}
	}
}

func TestDomainModifiers(t *testing.T) {
	for source, want := range map[string]string{
		`true`: "true", `1`: "true", `false`: "false", `0`: "false",
		`[["state","in",["draft","sent"]]]`:            "true",
		`[["state","not in",["draft"]]]`:               "false",
		`[["state","=","draft"],["locked","=",true]]`:  "false",
		`["|",["state","=","x"],["locked","=",false]]`: "true",
		`["!",["locked","=",true]]`:                    "true",
		`["&",["qty",">",1],["qty","<=",2]]`:           "true",
		`[["parent.state","=","sale"]]`:                "true",
		`[["lines","=",[]]]`:                           "false",
		`[[1,"=",1]]`:                                  "true",
		`[["nope","=",1]]`:                             "error",
		`[["state","ilike","x"]]`:                      "error",
		`["|",["state","=","x"]]`:                      "error",
		`["state"]`:                                    "error",
	} {
		var raw any
		if err := decodeJSON([]byte(source), &raw); err != nil {
			t.Fatal(err)
		}
		got := "false"
		if m := domainModifier(raw); m != nil {
			v, err := m(env)
			if got = fmt.Sprint(v); err != nil {
				got = "error"
			}
		}
		if got != want {
			t.Errorf("%s: %s, want %s", source, got, want)
		}
	}
}

func TestSameValue(t *testing.T) {
	for _, test := range []struct {
		a, b any
		want bool
	}{
		{json.Number("3"), json.Number("3.0"), true},
		{json.Number("3"), json.Number("3.5"), false},
		{"", false, true},
		{"x", "y", false},
		{link{id: 3, name: "a"}, link{id: 3}, true},
		{link{id: 3}, link{}, false},
		{&list{rows: []*row{{id: 1}, {id: 2}}}, &list{rows: []*row{{id: 2}, {id: 1}}}, true},
		{&list{rows: []*row{{id: 1}}}, &list{}, false},
	} {
		if got := sameValue(test.a, test.b); got != test.want {
			t.Errorf("%v and %v are the same: %v", test.a, test.b, got)
		}
	}
}
