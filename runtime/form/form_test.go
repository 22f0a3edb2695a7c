package form_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	orm "github.com/odoogen/odoogen/runtime"
	"github.com/odoogen/odoogen/runtime/form"
	"github.com/odoogen/odoogen/runtime/internal/fakeodoo"
)

// order and line are like generated records.
type order struct {
	ID      orm.ID[order]    `odoo:"id"`
	Partner orm.Ref[partner] `odoo:"partner_id"`
	Terms   string           `odoo:"terms"`
	Tags    []orm.ID[order]  `odoo:"tag_ids"`
	Lines   []orm.ID[line]   `odoo:"line_ids"`
	Total   float64          `odoo:"total"`
}

func (*order) OdooModel() string { return "x.order" }

type orderValues struct {
	Partner orm.Opt[orm.ID[partner]] `odoo:"partner_id"`
	Terms   orm.Opt[string]          `odoo:"terms"`
	Tags    []orm.Command[order]     `odoo:"tag_ids"`
	Lines   []orm.Command[line]      `odoo:"line_ids"`
	Total   orm.Opt[float64]         `odoo:"total"`
	Ghost   orm.Opt[string]          `odoo:"ghost"`
	Odd     orm.Opt[string]          `odoo:"odd"`
}

func (orderValues) OdooRecord() *order { return nil }

type line struct {
	ID       orm.ID[line] `odoo:"id"`
	Quantity float64      `odoo:"quantity"`
	Price    float64      `odoo:"price"`
}

func (*line) OdooModel() string { return "x.line" }

type lineValues struct {
	Quantity orm.Opt[float64] `odoo:"quantity"`
	Price    orm.Opt[float64] `odoo:"price"`
}

func (lineValues) OdooRecord() *line { return nil }

type partner struct{}

func (*partner) OdooModel() string { return "x.partner" }

var orderF = struct {
	Partner orm.Rel[order, partner]
	Lines   orm.Rel[order, line]
	Tags    orm.Rel[order, order]
}{"partner_id", "line_ids", "tag_ids"}

// views are the same form as 14 and 19 send it.
var views = map[int]string{
	14: `{"fields_views":{"form":{"arch":"<form><sheet><field name='partner_id' on_change='1' modifiers='{&quot;required&quot;: true}'/><field name='terms'/><field name='tag_ids'/>` +
		`<field name='line_ids' on_change='1' context=\"{'default_kind': terms}\"/><field name='total' modifiers='{&quot;readonly&quot;: true}'/><field name='odd' modifiers='{&quot;readonly&quot;: [[&quot;nope&quot;, &quot;=&quot;, 1]]}'/></sheet></form>",` +
		`"fields":{"line_ids":{"views":{"tree":{"arch":"<tree editable='bottom'><field name='quantity' on_change='1'/><field name='price' modifiers='{&quot;readonly&quot;: [[&quot;parent.terms&quot;, &quot;=&quot;, &quot;fixed&quot;]]}'/></tree>"}}},"partner_id":{"views":{}}}}}}`,
	19: `{"views":{"form":{"arch":"<form><sheet><field name='partner_id' on_change='1' required='1'/><field name='terms'/><field name='tag_ids'/>` +
		`<field name='line_ids' on_change='1' context=\"{'default_kind': terms}\"><list editable='bottom'><field name='quantity' on_change='1'/><field name='price' readonly=\"parent.terms == 'fixed'\"/></list></field>` +
		`<field name='total' readonly='True'/><field name='odd' readonly='nope == 1'/></sheet></form>"}},"models":{}}`,
}

const (
	orderFields = `{"partner_id":{"type":"many2one","relation":"x.partner"},"terms":{"type":"char"},"tag_ids":{"type":"many2many","relation":"x.order"},` +
		`"line_ids":{"type":"one2many","relation":"x.line","relation_field":"order_id"},"total":{"type":"float","readonly":1,"required":"False"},"odd":{"type":"char"}}`
	lineFields = `{"quantity":{"type":"float"},"price":{"type":"float"}}`
)

// server answers as Odoo of a version does; onchange says what onchanges answer with, by "model names".
func server(t *testing.T, major int, onchange map[string]string) (*fakeodoo.Server, *orm.Client) {
	t.Helper()
	f := &fakeodoo.Server{Major: major, Object: func(c fakeodoo.Call) string {
		switch {
		case c.Method == "get_views" || c.Method == "load_views":
			return fakeodoo.Result(views[major])
		case c.Method == "fields_get" && c.Model == "x.order":
			return fakeodoo.Result(orderFields)
		case c.Method == "fields_get":
			return fakeodoo.Result(lineFields)
		case c.Method == "onchange":
			answer := onchange[c.Model+" "+string(c.Named["field_name"])+string(c.Named["field_names"])]
			if answer == "" {
				answer = "{}"
			}
			return fakeodoo.Result(answer)
		case c.Method == "web_save":
			return fakeodoo.Result(`[{"id":9}]`)
		case c.Method == "create":
			return fakeodoo.Result(`[9]`)
		}
		return fakeodoo.Fault("builtins.NotImplementedError", c.Method)
	}}
	c, err := orm.Dial(t.Context(), fakeodoo.Start(t, f), orm.Using(orm.JSONRPC), orm.Database("acme"), orm.Password("bot", "s3cret"))
	if err != nil {
		t.Fatal(err)
	}
	return f, c
}

func onBoth(t *testing.T, test func(t *testing.T, major int)) {
	for _, major := range []int{14, 19} {
		t.Run(fmt.Sprint(major), func(t *testing.T) { test(t, major) })
	}
}

// A new record: defaults, an onchange that gives terms, a line with a price, and what is saved.
func TestCreate(t *testing.T) { onBoth(t, testCreate) }

func testCreate(t *testing.T, major int) {
	classic := major == 14
	f, c := server(t, major, map[string]string{
		"x.order []":             `{"value":{"terms":"30 days","total":0.10,"tag_ids":[[5],[4,3]]}}`,
		`x.order ["partner_id"]`: map[bool]string{true: `{"value":{"partner_id":[7,"Ann"]}}`, false: `{"value":{"partner_id":{"id":7,"display_name":"Ann"}}}`}[classic],
		"x.line []":              `{"value":{"quantity":1}}`,
		`x.line ["quantity"]`:    `{"value":{"price":2.50}}`,
		`x.order ["line_ids"]`:   map[bool]string{true: `{"value":{"total":5.00,"line_ids":[[5],[0,"virtual_1",{"quantity":2,"price":2.50}]]}}`, false: `{"value":{"total":5.00}}`}[classic],
	})
	ctx := t.Context()
	o, err := form.New(ctx, c, orderValues{Partner: orm.Set(orm.ID[partner](7))})
	if err != nil {
		t.Fatal(err)
	}
	l, err := form.Add(ctx, o, orderF.Lines, lineValues{Quantity: orm.Set(2.0)})
	if err != nil {
		t.Fatal(err)
	}
	got, err := o.Values()
	want := order{Partner: orm.Ref[partner]{ID: 7, Name: "Ann"}, Terms: "30 days", Tags: []orm.ID[order]{3}, Total: 5}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Error(err, diff)
	}
	if v, err := l.Values(); v.Price != 2.5 || v.Quantity != 2 || err != nil {
		t.Error(v, err)
	}
	f.Log()
	id, err := o.Create(ctx)
	if err != nil || id != 9 {
		t.Error(id, err)
	}
	values := `{"line_ids":[[0,"virtual_1",{"price":2.50,"quantity":2}]],"partner_id":7,"tag_ids":[[4,3,0]],"terms":"30 days"}`
	call := `x.order.web_save [[]] {"specification":{},"vals":` + values + `}`
	if classic {
		call = `x.order.create [[` + values + `]] {}`
	}
	if calls := f.Log(); len(calls) != 1 || calls[0].String() != call {
		t.Errorf("saved by %v, want %s", calls, call)
	}
	if _, err := o.Create(ctx); !errors.Is(err, form.ErrSaved) {
		t.Error(err)
	}
}

func TestRefused(t *testing.T) { onBoth(t, testRefused) }

func testRefused(t *testing.T, major int) {
	_, c := server(t, major, map[string]string{"x.order []": `{"value":{"terms":"fixed"}}`})
	ctx := t.Context()
	o, err := form.New[order](ctx, c, nil)
	if err != nil {
		t.Fatal(err)
	}
	_, created := o.Create(ctx)
	_, price := form.Add(ctx, o, orderF.Lines, lineValues{Price: orm.Set(1.0)})
	_, tags := form.Add(ctx, o, orderF.Tags, orderValues{})
	lines, listed := form.Lines(o, orderF.Lines)
	for what, test := range map[string]struct {
		err  error
		want error
		text string
	}{
		"required":      {created, form.ErrRequired, "partner_id"},
		"readonly":      {o.Set(ctx, orderValues{Total: orm.Set(1.0)}), form.ErrReadonly, "x.order: the field is readonly: total"},
		"by the parent": {price, form.ErrReadonly, "line_ids: the field is readonly: price"},
		"not in it":     {o.Set(ctx, orderValues{Ghost: orm.Set("x")}), form.ErrNotInForm, "ghost"},
		"unknown":       {o.Set(ctx, orderValues{Odd: orm.Set("x")}), nil, "it names nope"},
		"no lines":      {tags, nil, "tag_ids is a many2many"},
		"save of new":   {o.Save(ctx), nil, "want Create"},
		"one2many link": {o.Set(ctx, orderValues{Lines: orm.Commands(orm.Link(orm.ID[line](4)))}), nil, "no command 4"},
		"no such line":  {o.Set(ctx, orderValues{Lines: orm.Commands(orm.Update(orm.ID[line](4), lineValues{}))}), nil, "has no line 4"},
	} {
		if test.err == nil || test.want != nil && !errors.Is(test.err, test.want) || !strings.Contains(test.err.Error(), test.text) {
			t.Errorf("%s: %v", what, test.err)
		}
	}
	if len(lines) != 0 || listed != nil {
		t.Errorf("a line that was refused is in the form: %v, %v", lines, listed)
	}
}

// A warning must be read before the form is saved, and so must what an onchange makes of a value.
func TestWarningsAndDomains(t *testing.T) { onBoth(t, testWarningsAndDomains) }

func testWarningsAndDomains(t *testing.T, major int) {
	f, c := server(t, major, map[string]string{
		`x.order ["partner_id"]`:         `{"value":{},"warning":{"title":"Blocked","message":"Pays late","type":"dialog"},"domain":{"partner_id":[["active","=",true]]}}`,
		`x.order ["partner_id","terms"]`: `{"value":{"terms":"now"}}`,
		`x.order ["terms"]`:              `{"value":{"terms":"now"}}`,
	})
	ctx := t.Context()
	o, err := form.New(ctx, c, orderValues{Partner: orm.Set(orm.ID[partner](7))})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := o.Create(ctx); !errors.Is(err, form.ErrWarnings) || !strings.Contains(err.Error(), "Blocked: Pays late") {
		t.Error(err)
	}
	if diff := cmp.Diff([]form.Warning{{Title: "Blocked", Message: "Pays late"}}, o.Warnings()); diff != "" {
		t.Error(diff)
	}
	where, has, err := form.Domain(o, orderF.Partner)
	f.Log()
	_, _ = orm.Count(ctx, c, where) // the server has no such method
	if calls := fmt.Sprint(f.Log()); !has || err != nil || !strings.Contains(calls, `["active","=",true]`) {
		t.Error(calls, has, err)
	}
	if _, has, err := form.Domain(o, orderF.Tags); has || err != nil {
		t.Error(has, err)
	}
	f.Log()
	// terms is overwritten by the onchange of partner_id, and kept when it is set again: nothing of it triggers an onchange.
	if err := o.Set(ctx, orderValues{Partner: orm.Set(orm.ID[partner](8)), Terms: orm.Set("later")}); err != nil {
		t.Fatal(err)
	}
	if v, err := o.Values(); v.Terms != "later" || err != nil || len(o.Warnings()) != 0 {
		t.Error(v, err)
	}
	if n := len(f.Log()); n != 1 {
		t.Errorf("%d calls, want one", n)
	}
}
