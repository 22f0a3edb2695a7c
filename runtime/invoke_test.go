package orm

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/odoogen/odoogen/runtime/internal/codec"
)

type postArgs struct {
	Body  Opt[string]       `odoo:"body"`
	When  Opt[time.Time]    `odoo:"when"`
	IDs   Opt[[]int64]      `odoo:"partner_ids"`
	Any   Opt[any]          `odoo:"anything"`
	Where Opt[Domain[sale]] `odoo:"domain"`
	None  Opt[bool]         `odoo:"none"`
	More  Args              `odoo:"**"`
}

func TestInvocationsOnTheWire(t *testing.T) {
	f := &fakeOdoo{Object: answerAll(resultOf("true"))}
	m := dialFake(t, f).Model("sale.order")
	var no []ID[sale]
	post := postArgs{
		Body: Set(""), When: Set(time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)), IDs: Set([]int64{7}), Any: Set[any](On(ID[sale](8))),
		Where: Set(Eq(saleF.Name, "x")), None: Clear[bool](), More: Args{"custom": 1},
	}
	var done bool
	err := errors.Join(
		m.Do(t.Context(), &done, "action_confirm", On(ID[sale](7), 8)),
		m.Do(t.Context(), nil, "action_confirm", no),
		m.Do(t.Context(), nil, "of_model", nil, Context{"lang": "fr_FR"}),
		m.Invoke(t.Context(), nil, On(ID[sale](7)), Invocation{Method: "message_post", Options: post}),
		m.Invoke(t.Context(), nil, On(ID[sale](7)), Invocation{Method: "f", Args: []Argument{{"a", 1}, {"b", nil}}, Options: postArgs{}}),
		m.Invoke(t.Context(), nil, nil, Invocation{Method: "g", Args: []Argument{{"a", 1}}, ByName: true}),
	)
	if err != nil || !done {
		t.Error(done, err)
	}
	var calls []string
	for _, call := range f.Log() {
		calls = append(calls, call.String())
	}
	want := []string{
		`sale.order.action_confirm [[7,8]] {}`,
		`sale.order.action_confirm [[]] {}`,
		`sale.order.of_model [] {"context":{"lang":"fr_FR"}}`,
		`sale.order.message_post [[7]] {"anything":[8],"body":"","custom":1,"domain":[["name","=","x"]],"none":null,"partner_ids":[7],"when":"2026-01-02 03:04:05"}`,
		`sale.order.f [[7],1,null] {}`,
		`sale.order.g [] {"a":1}`,
	}
	if diff := cmp.Diff(want, calls); diff != "" {
		t.Error(diff)
	}
}

func TestInvocationsThatMakeNoSense(t *testing.T) {
	f := &fakeOdoo{Object: answerAll(resultOf("true"))}
	m := dialFake(t, f).Model("sale.order")
	for want, err := range map[string]error{
		"0 is not the id":            m.Do(t.Context(), nil, "x", []int64{0}),
		"want a slice of ids":        m.Do(t.Context(), nil, "x", 7),
		"want a struct of arguments": m.Invoke(t.Context(), nil, nil, Invocation{Method: "x", Options: Args{"a": 1}}),
		"orm: sale.order.x: A is not an Opt": m.Invoke(t.Context(), nil, nil, Invocation{Method: "x", Options: struct {
			A string `odoo:"a"`
		}{}}),
		"orm.Dial": (*Client)(nil).Model("x").Do(t.Context(), nil, "x", nil),
	} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("the error is %v, want %s", err, want)
		}
	}
	if calls := f.Log(); calls != nil {
		t.Errorf("sent %v", calls)
	}
}

// What a method answers, in each form, as each type that it may be documented to return.
func TestAnswers(t *testing.T) {
	f := &fakeOdoo{}
	m := dialFake(t, f).Model("sale.order")
	for _, test := range []struct {
		answer string
		into   any
		want   any
		err    string
	}{
		{"true", new(bool), true, ""},
		{"false", new(bool), false, ""},
		{"null", new(bool), false, ""},
		{"7", new(int), 7, ""},
		{"false", new(int), 0, ""},
		{"null", new([]int64), []int64(nil), ""},
		{"[7,8]", new([]int64), []int64{7, 8}, ""},
		{`"x"`, new(string), "x", ""},
		{`{"type":"ir.actions.act_window"}`, new(bool), false, "action_x has run, but its result is not of the documented type: want bool, got {\"type\""},
	} {
		f.Object = answerAll(resultOf(test.answer))
		err := m.Do(t.Context(), test.into, "action_x", []int64{7})
		if test.err != "" {
			var wrong *DecodeError
			if !errors.As(err, &wrong) || !strings.Contains(err.Error(), test.err) {
				t.Errorf("%s: the error is %v", test.answer, err)
			}
			continue
		}
		if diff := cmp.Diff(test.want, deref(test.into)); diff != "" || err != nil {
			t.Errorf("%s: %v\n%s", test.answer, err, diff)
		}
	}
}

func deref(p any) any {
	switch p := p.(type) {
	case *bool:
		return *p
	case *int:
		return *p
	case *string:
		return *p
	case *[]int64:
		return *p
	}
	return p
}

func TestResult(t *testing.T) {
	for answer, want := range map[string]struct {
		none, true bool
	}{
		"null": {none: true}, "false": {none: true}, "true": {true: true}, "\ntrue": {true: true}, "[]": {}, "{}": {}, "7": {}, `"x"`: {}, `{"type":"x"}`: {},
	} {
		r := Result{Raw: []byte(answer)}
		if r.IsNone() != want.none || r.IsTrue() != want.true {
			t.Errorf("%s: %v, %v", answer, r.IsNone(), r.IsTrue())
		}
	}
	var ids []int64
	if err := (Result{Raw: []byte("[7]")}).Decode(&ids); err != nil || !cmp.Equal(ids, []int64{7}) {
		t.Error(ids, err)
	}
}

func TestPythonLiteral(t *testing.T) {
	for source, want := range map[string]any{
		`None`: nil, `True`: true, ` False `: false, `-7`: int64(-7), `1.5`: 1.5, `1e3`: 1000.0, `'it\'s'`: "it's", `"a\n\u00e9"`: "a\né",
		`[]`: []any{}, `(1, 'x',)`: []any{int64(1), "x"}, `{}`: map[string]any{}, `{'a': [{"b": (None,)}], }`: map[string]any{"a": []any{map[string]any{"b": []any{nil}}}},
	} {
		got, err := codec.ParsePython(source)
		if diff := cmp.Diff(want, got); diff != "" || err != nil {
			t.Errorf("%s: %v\n%s", source, err, diff)
		}
	}
	for _, bad := range []string{``, `uid`, `[1`, `{'a'}`, `{1: 2}`, `{'a': }`, `[1 2]`, `'open`, `1 + 1`, `f()`, `[1],`, `'\x'`, strings.Repeat("[", 20_000)} {
		if got, err := codec.ParsePython(bad); err == nil {
			t.Errorf("%.20q is %v", bad, got)
		}
	}
}
