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
		"orm: sale.order.x: A is no Opt": m.Invoke(t.Context(), nil, nil, Invocation{Method: "x", Options: struct {
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
		{`{"type":"ir.actions.act_window"}`, new(bool), false, "action_x has run, but did not answer as it is documented to: want bool, got {\"type\""},
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
		none, true, action bool
	}{
		"null": {none: true}, "false": {none: true}, "true": {true: true}, "\ntrue": {true: true}, "[]": {}, "{}": {}, "7": {}, `"x"`: {}, `{"type":"x"}`: {},
		`{"type":"ir.actions.act_window","res_model":"x"}`:     {action: true},
		`{"type":"ir.actions.act_window","context":"{'a':b}"}`: {}, // a context that can't be read
	} {
		r := Result{Raw: []byte(answer)}
		if _, ok := r.Action(); r.IsNone() != want.none || r.IsTrue() != want.true || ok != want.action {
			t.Errorf("%s: %v, %v, %v", answer, r.IsNone(), r.IsTrue(), ok)
		}
	}
	var ids []int64
	if err := (Result{Raw: []byte("[7]")}).Decode(&ids); err != nil || !cmp.Equal(ids, []int64{7}) {
		t.Error(ids, err)
	}
}

func TestParseAction(t *testing.T) {
	raw := []byte(`{"type":"ir.actions.act_window","id":12,"name":"Pay","res_model":"account.payment.register","res_id":false,"view_mode":"form","target":"new",
		"views":[[false,"form"]],"domain":[["id","in",[7]]],"context":{"active_model":"account.move","active_ids":[12345678,8],"x":1.5,"y":{"z":[9]}},"tag":false,"unknown":1}`)
	a, err := ParseAction(raw)
	want := Action{
		Type: ActionWindow, ID: 12, Name: "Pay", ResModel: "account.payment.register", ViewMode: "form", Target: "new", Domain: []byte(`[["id","in",[7]]]`),
		Context: Context{"active_model": "account.move", "active_ids": []any{int64(12345678), int64(8)}, "x": 1.5, "y": map[string]any{"z": []any{int64(9)}}}, Raw: raw,
	}
	if diff := cmp.Diff(want, a); diff != "" || err != nil {
		t.Errorf("%v\n%s", err, diff)
	}
	a, err = ParseAction([]byte(`{"type":"ir.actions.report","report_name":"sale.report","report_type":"qweb-pdf","context":"{'active_ids': [7], \"tz\": None,}"}`))
	if err != nil || a.ReportName != "sale.report" || a.ReportType != "qweb-pdf" || !cmp.Equal(a.Context, Context{"active_ids": []any{int64(7)}, "tz": nil}) {
		t.Errorf("%+v, %v", a, err)
	}
	for _, empty := range []string{"null", "false", ""} {
		if a, err := ParseAction([]byte(empty)); err != nil || a.Type != "" {
			t.Errorf("%q: %+v, %v", empty, a, err)
		}
	}
	for _, bad := range []string{"true", "7", "[]", `{"type":7}`, `{"type":"ir.actions.act_window","context":"{'active_id': active_id}"}`, `{"type":"ir.actions.act_window","context":[]}`} {
		if a, err := ParseAction([]byte(bad)); err == nil {
			t.Errorf("%s is %+v", bad, a)
		}
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

// wizard is a record of a transient model.
type wizard struct {
	ID ID[wizard] `odoo:"id"`
}

func (*wizard) OdooModel() string { return "pay.wizard" }

type wizardValues struct {
	Amount Opt[float64] `odoo:"amount"`
}

func (wizardValues) OdooRecord() *wizard { return nil }

func TestWizards(t *testing.T) {
	f := &fakeOdoo{Object: func(c fakeCall) string {
		if c.Method == "create" {
			return resultOf("[9]")
		}
		return resultOf("true")
	}}
	c := dialFake(t, f)
	action := Action{Type: ActionWindow, ResModel: "pay.wizard", Context: Context{"active_ids": []int64{7}}}
	made, err := Follow(t.Context(), c, action, wizardValues{Amount: Set(5.0)})
	if err != nil || made.ID != 9 {
		t.Error(made.ID, err)
	}
	err = errors.Join(err, made.Client.Model("pay.wizard").Do(t.Context(), nil, "process", On(made.ID)))
	action.ResID = 4
	known, err2 := Follow(t.Context(), c, action, wizardValues{})
	changed, err3 := Follow(t.Context(), c, action, wizardValues{Amount: Set(6.0)})
	_, err4 := OpenOn(t.Context(), c, On(ID[sale](7), 8), wizardValues{})
	if err = errors.Join(err, err2, err3, err4); err != nil || known.ID != 4 || changed.ID != 4 {
		t.Error(known.ID, changed.ID, err)
	}
	want := []string{
		`pay.wizard.create [[{"amount":5}]] {"context":{"active_ids":[7]}}`,
		`pay.wizard.process [[9]] {"context":{"active_ids":[7]}}`,
		`pay.wizard.write [[4],{"amount":6}] {"context":{"active_ids":[7]}}`,
		`pay.wizard.create [[{}]] {"context":{"active_id":7,"active_ids":[7,8],"active_model":"sale.order"}}`,
	}
	var calls []string
	for _, call := range f.Log() {
		calls = append(calls, call.String())
	}
	if diff := cmp.Diff(want, calls); diff != "" {
		t.Error(diff)
	}
	_, noAction := Follow(t.Context(), c, Action{}, wizardValues{})
	_, other := Follow(t.Context(), c, Action{Type: ActionWindow, ResModel: "res.partner"}, wizardValues{})
	_, report := Follow(t.Context(), c, Action{Type: ActionReport}, wizardValues{})
	_, noRecords := OpenOn[wizardValues, wizard, sale](t.Context(), c, nil, wizardValues{})
	_, noClient := Follow(t.Context(), nil, action, wizardValues{})
	for want, err := range map[string]error{
		"there is no action": noAction, "it is an ir.actions.act_window of res.partner": other, "it is an ir.actions.report": report,
		"there are none": noRecords, "orm.Dial": noClient,
	} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("the error is %v, want %s", err, want)
		}
	}
}
