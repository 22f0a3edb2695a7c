package orm

import (
	"errors"
	"strings"
	"testing"
)

// region is a record of a package for several servers, of which only some have the model.
type region struct {
	ID   ID[region] `odoo:"id"`
	Name string     `odoo:"name"`
	Size Opt[int]   `odoo:"size?"`
}

func (*region) OdooModel() string { return "x.region" }
func (*region) OdooPartial() bool { return true }

type regionValues struct {
	Name Opt[string] `odoo:"name"`
}

func (regionValues) OdooRecord() *region { return nil }

// lacksModel is a server that lacks the model x.region.
func lacksModel() *fakeOdoo {
	return &fakeOdoo{Major: 19, Object: func(c fakeCall) string {
		if c.Model == "x.region" {
			return faultOf("odoo.exceptions.UserError", "Object x.region doesn't exist")
		}
		return resultOf("[]")
	}}
}

func TestModelsThatTheServerLacks(t *testing.T) {
	ctx, ids := t.Context(), On(ID[region](1))
	for name, call := range map[string]func(*Client) error{
		"find":    func(c *Client) error { _, err := Find[region](ctx, c, AllOf[region]()); return err },
		"named":   func(c *Client) error { _, err := Find[region](ctx, c, Where[region]("size?", "=", 1)); return err },
		"get":     func(c *Client) error { _, err := Get[region](ctx, c, ID[region](1)); return err },
		"count":   func(c *Client) error { _, err := Count(ctx, c, AllOf[region]()); return err },
		"create":  func(c *Client) error { _, err := Create(ctx, c, regionValues{Name: Set("x")}); return err },
		"write":   func(c *Client) error { return Write(ctx, c, ids, regionValues{Name: Set("x")}) },
		"unlink":  func(c *Client) error { return Unlink(ctx, c, ids) },
		"default": func(c *Client) error { _, err := Defaults[region](ctx, c); return err },
		"walk": func(c *Client) error {
			for _, err := range All[region](ctx, c, AllOf[region]()) {
				return err
			}
			return nil
		},
		"method": func(c *Client) error { return c.Model("x.region?").Do(ctx, nil, "action_open", ids) },
		"call":   func(c *Client) error { return c.Model("x.region?").Call(ctx, "action_open", ids, nil, nil) },
	} {
		f := lacksModel()
		c := dialFake(t, f)
		before := len(f.Log())
		for range 2 {
			err := call(c)
			if !errors.Is(err, ErrNoModel) || !errors.Is(err, ErrNotFound) || errors.Is(err, ErrNoMethod) {
				t.Errorf("%s: %v", name, err)
			} else if want := "orm: x.region: the server has no such model (Odoo 19.0)"; err.Error() != want {
				t.Errorf("%s: %v, want %s", name, err, want)
			}
		}
		if calls := f.Log()[before:]; len(calls) != 1 || calls[0].Method != "fields_get" {
			t.Errorf("%s: sent %v, want one fields_get", name, calls)
		}
	}
}

// A server that has the model is asked for it once.
func TestModelsThatTheServerHas(t *testing.T) {
	f := withFields(`[{"id":1,"name":"EU"}]`, "id", "name")
	c := dialFake(t, f)
	before := len(f.Log())
	for range 2 {
		got, err := Find[region](t.Context(), c, AllOf[region]())
		if err != nil || len(got) != 1 || got[0].Name != "EU" || got[0].Size.State != Absent {
			t.Errorf("%v, %v", got, err)
		}
	}
	questions := 0
	for _, call := range f.Log()[before:] {
		if call.Method == "fields_get" {
			questions++
		}
	}
	if questions > 2 { // for the model, and for the fields that depend on the server
		t.Errorf("%d calls of fields_get", questions)
	}
}

// A model that all servers have is not asked for.
func TestModelsOfAllServersCostNothing(t *testing.T) {
	f := &fakeOdoo{Object: func(fakeCall) string { return resultOf("[]") }}
	c := dialFake(t, f)
	before := len(f.Log())
	if _, err := Find[sale](t.Context(), c, AllOf[sale]()); err != nil {
		t.Fatal(err)
	}
	if err := c.Model("sale.order").Do(t.Context(), nil, "action_confirm", []int64{1}); err != nil {
		t.Fatal(err)
	}
	if calls := f.Log()[before:]; len(calls) != 2 {
		t.Errorf("sent %v", calls)
	}
}

func TestMethodsThatTheServerLacks(t *testing.T) {
	for _, refusal := range []string{
		"type object 'sale.order' has no attribute 'action_x'", "The method 'action_x' does not exist on the model 'sale.order'",
		"The method 'sale.order.action_x' does not exist",
	} {
		f := &fakeOdoo{Object: func(fakeCall) string { return faultOf("builtins.AttributeError", refusal) }}
		c := dialFake(t, f)
		before := len(f.Log())
		for range 2 {
			err := c.Model("sale.order").Do(t.Context(), nil, "action_x?", []int64{1})
			if !errors.Is(err, ErrNoMethod) || !errors.Is(err, ErrNotFound) || errors.Is(err, ErrNoModel) {
				t.Errorf("%s: %v", refusal, err)
			} else if want := "orm: sale.order.action_x: the server has no such method (Odoo 19.0)"; err.Error() != want {
				t.Errorf("%v, want %s", err, want)
			}
		}
		if calls := f.Log()[before:]; len(calls) != 1 || calls[0].Method != "action_x" {
			t.Errorf("sent %v, want one call of action_x", calls)
		}
		// The method is known to be lacking for packages that need it everywhere too, whose calls are sent nevertheless.
		if err := c.Model("sale.order").Do(t.Context(), nil, "action_x", []int64{1}); !errors.Is(err, ErrNotFound) || errors.Is(err, ErrNoMethod) {
			t.Error(err)
		}
	}
}

// An AttributeError of code that ran is no answer to whether the method is there.
func TestMethodsThatFail(t *testing.T) {
	f := &fakeOdoo{Object: func(fakeCall) string {
		return faultOf("builtins.AttributeError", "'bool' object has no attribute 'action_x'")
	}}
	c := dialFake(t, f)
	for range 2 {
		if err := c.Model("sale.order").Do(t.Context(), nil, "action_x?", []int64{1}); err == nil || errors.Is(err, ErrNoMethod) || !strings.Contains(err.Error(), "'bool' object") {
			t.Error(err)
		}
	}
}
