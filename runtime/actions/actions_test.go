package actions_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	orm "github.com/odoogen/odoogen/runtime"
	"github.com/odoogen/odoogen/runtime/actions"
	"github.com/odoogen/odoogen/runtime/internal/fakeodoo"
)

func TestOf(t *testing.T) {
	for answer, want := range map[string]bool{
		"null": false, "false": false, "true": false, "[]": false, "{}": false, "7": false, `{"type":"x"}`: false,
		`{"type":"ir.actions.act_window","res_model":"x"}`:     true,
		`{"type":"ir.actions.act_window","context":"{'a':b}"}`: false, // a context that can't be read
	} {
		if _, ok := actions.Of(orm.Result{Raw: []byte(answer)}); ok != want {
			t.Errorf("%s: %v", answer, ok)
		}
	}
}

func TestParse(t *testing.T) {
	raw := []byte(`{"type":"ir.actions.act_window","id":12,"name":"Pay","res_model":"account.payment.register","res_id":false,"view_mode":"form","target":"new",
		"views":[[false,"form"]],"domain":[["id","in",[7]]],"context":{"active_model":"account.move","active_ids":[12345678,8],"x":1.5,"y":{"z":[9]}},"tag":false,"unknown":1}`)
	a, err := actions.Parse(raw)
	want := actions.Action{
		Type: actions.Window, ID: 12, Name: "Pay", ResModel: "account.payment.register", ViewMode: "form", Target: "new", Domain: []byte(`[["id","in",[7]]]`),
		Context: orm.Context{"active_model": "account.move", "active_ids": []any{int64(12345678), int64(8)}, "x": 1.5, "y": map[string]any{"z": []any{int64(9)}}}, Raw: raw,
	}
	if diff := cmp.Diff(want, a); diff != "" || err != nil {
		t.Errorf("%v\n%s", err, diff)
	}
	a, err = actions.Parse([]byte(`{"type":"ir.actions.report","report_name":"sale.report","report_type":"qweb-pdf","context":"{'active_ids': [7], \"tz\": None,}"}`))
	if err != nil || a.ReportName != "sale.report" || a.ReportType != "qweb-pdf" || !cmp.Equal(a.Context, orm.Context{"active_ids": []any{int64(7)}, "tz": nil}) {
		t.Errorf("%+v, %v", a, err)
	}
	for _, empty := range []string{"null", "false", ""} {
		if a, err := actions.Parse([]byte(empty)); err != nil || a.Type != "" {
			t.Errorf("%q: %+v, %v", empty, a, err)
		}
	}
	for _, bad := range []string{"true", "7", "[]", `{"type":7}`, `{"type":"ir.actions.act_window","context":"{'active_id': active_id}"}`, `{"type":"ir.actions.act_window","context":[]}`} {
		if a, err := actions.Parse([]byte(bad)); err == nil {
			t.Errorf("%s is %+v", bad, a)
		}
	}
}

// sale is like a generated record.
type sale struct{}

func (*sale) OdooModel() string { return "sale.order" }

// wizard is a record of a transient model.
type wizard struct {
	ID orm.ID[wizard] `odoo:"id"`
}

func (*wizard) OdooModel() string { return "pay.wizard" }

type wizardValues struct {
	Amount orm.Opt[float64] `odoo:"amount"`
}

func (wizardValues) OdooRecord() *wizard { return nil }

func TestWizards(t *testing.T) {
	f := &fakeodoo.Server{Object: func(c fakeodoo.Call) string {
		if c.Method == "create" {
			return fakeodoo.Result("[9]")
		}
		return fakeodoo.Result("true")
	}}
	c := dial(t, f)
	action := actions.Action{Type: actions.Window, ResModel: "pay.wizard", Context: orm.Context{"active_ids": []int64{7}}}
	made, err := actions.Follow(t.Context(), c, action, wizardValues{Amount: orm.Set(5.0)})
	if err != nil || made.ID != 9 {
		t.Error(made.ID, err)
	}
	err = errors.Join(err, made.Client.Model("pay.wizard").Do(t.Context(), nil, "process", orm.On(made.ID)))
	action.ResID = 4
	known, err2 := actions.Follow(t.Context(), c, action, wizardValues{})
	changed, err3 := actions.Follow(t.Context(), c, action, wizardValues{Amount: orm.Set(6.0)})
	_, err4 := actions.OpenOn(t.Context(), c, orm.On(orm.ID[sale](7), 8), wizardValues{})
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
	_, noAction := actions.Follow(t.Context(), c, actions.Action{}, wizardValues{})
	_, other := actions.Follow(t.Context(), c, actions.Action{Type: actions.Window, ResModel: "res.partner"}, wizardValues{})
	_, report := actions.Follow(t.Context(), c, actions.Action{Type: actions.Report}, wizardValues{})
	_, noRecords := actions.OpenOn[wizardValues, wizard, sale](t.Context(), c, nil, wizardValues{})
	_, noClient := actions.Follow(t.Context(), nil, action, wizardValues{})
	for want, err := range map[string]error{
		"there is no action": noAction, "it is an ir.actions.act_window of res.partner": other, "it is an ir.actions.report": report,
		"there are none": noRecords, "orm.Dial": noClient,
	} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("the error is %v, want %s", err, want)
		}
	}
}

func dial(t *testing.T, f *fakeodoo.Server) *orm.Client {
	t.Helper()
	c, err := orm.Dial(t.Context(), fakeodoo.Start(t, f), orm.Using(orm.JSONRPC), orm.Database("acme"), orm.Password("bot", "s3cret"))
	if err != nil {
		t.Fatal(err)
	}
	return c
}
