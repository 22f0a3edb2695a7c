package orm

import (
	"errors"
	"strings"
	"testing"
)

// phase is a selection of a package for several servers, of which only some have the choice "done".
type phase string

func (p phase) OdooPartial() bool { return p == "done" }

type phaseValues struct {
	Phase  Opt[phase]      `odoo:"phase|stage"`
	Others []Command[sale] `odoo:"other_ids"`
}

func (phaseValues) OdooRecord() *sale { return nil }

const phaseF Field[sale, phase] = "phase|stage"

// withChoices is a server with the field stage, a selection of these choices in JSON.
func withChoices(choices string) *fakeOdoo {
	return &fakeOdoo{Object: func(c fakeCall) string {
		if c.Method != "fields_get" {
			return resultOf("[]")
		}
		return resultOf(`{"stage":{"type":"selection","searchable":true,"sortable":true,"selection":` + choices + `},"other_ids":{"type":"many2many","relation":"sale.order"}}`)
	}}
}

// A condition on a choice that the server lacks would match nothing, in silence.
func TestChoicesThatTheServerLacks(t *testing.T) {
	ctx := t.Context()
	done := phaseValues{Phase: Set(phase("done"))}
	for name, call := range map[string]func(*Client) error{
		"search":           func(c *Client) error { _, err := Find[sale](ctx, c, Eq(phaseF, "done")); return err },
		"search of a list": func(c *Client) error { _, err := Find[sale](ctx, c, Not(In(phaseF, "draft", "done"))); return err },
		"a dotted path": func(c *Client) error {
			_, err := Find[sale](ctx, c, Where[sale]("other_ids.stage", "=", phase("done")))
			return err
		},
		"a condition on targets": func(c *Client) error {
			_, err := Find[sale](ctx, c, Any(Rel[sale, sale]("other_ids"), Ne(phaseF, "done")))
			return err
		},
		"create":    func(c *Client) error { _, err := CreateMany(ctx, c, []phaseValues{{}, done}); return err },
		"write":     func(c *Client) error { return Write(ctx, c, On(ID[sale](1)), done) },
		"a command": func(c *Client) error { return Write(ctx, c, On(ID[sale](1)), phaseValues{Others: Commands(New(done))}) },
		"named values": func(c *Client) error {
			return c.Model("sale.order").Write(ctx, []int64{1}, Args{"phase|stage": phase("done")})
		},
	} {
		f := withChoices(`[["draft","Draft"]]`)
		c := dialFake(t, f)
		for range 2 { // the second time the choices are known
			if err := call(c); !errors.Is(err, ErrNoChoice) || !strings.Contains(err.Error(), `sale.order.stage: the server has no such choice: "done" (Odoo 19.0)`) {
				t.Errorf("%s: %v", name, err)
			}
		}
		asked := 0
		for _, call := range f.Log() {
			if call.Method != "fields_get" {
				t.Errorf("%s: sent %s", name, call)
			} else if strings.Contains(call.String(), `"selection"`) {
				asked++
			}
		}
		if asked != 1 {
			t.Errorf("%s: asked %d times for the choices", name, asked)
		}
		f = withChoices(`[["draft","Draft"],["done","Done"]]`)
		if err := call(dialFake(t, f)); errors.Is(err, ErrNoChoice) || sent(f) == "" {
			t.Errorf("%s: a choice that the server has is refused: %v", name, err)
		}
	}
}

// Of other choices, and of types that all servers have, the server is not asked.
func TestChoicesThatAllServersHave(t *testing.T) {
	f := withChoices(`[]`)
	c := dialFake(t, f)
	_, err := Find[sale](t.Context(), c, And(Eq(phaseF, "draft"), Eq(saleF.State, "done")))
	if err != nil {
		t.Error(err)
	}
	for _, call := range f.Log() {
		if strings.Contains(call.String(), `"selection"`) {
			t.Errorf("sent %s", call)
		}
	}
}
