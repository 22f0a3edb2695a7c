package introspect

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/odoogen/odoogen/introspect/snapshot"
)

func TestPlainText(t *testing.T) {
	for html, want := range map[string]string{
		``:      "",
		`plain`: "plain",
		"<div class=\"document\">\n\n\n<p>Confirm the\nquotation(s).</p>\n<p>If <tt class=\"x\">so</tt>, locks &amp; so&nbsp;on.</p>\n</div>": "Confirm the quotation(s).\n\nIf so, locks & so on.",
		`<ul><li><p>One</p></li><li>Two</li></ul>after`:           "One\n\nTwo\n\nafter",
		`<pre>a = [<br/>  1]</pre>`:                               "a = [\n\n1]",
		`<p>not closed <b>bold`:                                   "not closed bold",
		`a < b </nothing> & c`:                                    "a",
		"<p>\x00 \u202e//go:generate</p>":                         "",
		`<p>text</p><script>alert(1)</script><!-- no comment -->`: "text\n\nalert(1)",
	} {
		if got := plainText(html); got != want {
			t.Errorf("%q is %q, want %q", html, got, want)
		}
	}
}

func TestMethodOfAPage(t *testing.T) {
	page := `{"signature":"(a, b=<object object at 0x7f>, c=None, args, d='x', kw) -> int","parameters":{
		"a":{"annotation":"str|Markup","doc":"<p>The a.</p>"},"b":{},"c":{"default":null},"args":{"kind":"VAR_POSITIONAL"},
		"d":{"kind":"KEYWORD_ONLY","default":"x","annotation":" list(\n int)"},"kw":{"kind":"VAR_KEYWORD"}},
		"return":{"annotation":"int","doc":"<p>the id</p>"},"raise":{"UserError":"<p>x</p>"},"api":["model","readonly"],
		"doc":"<p>Does it.</p>","model":"sale.order","module":"sale"}`
	var d docMethod
	if err := json.Unmarshal([]byte(page), &d); err != nil {
		t.Fatal(err)
	}
	want := snapshot.Method{
		Name: "do_it", Source: snapshot.SourceDoc, Module: "sale", OfModel: true, Readonly: true, Returns: "int", Doc: "Does it.\n\nIt returns the id",
		Params: []snapshot.Param{
			{Name: "a", Annotation: "str|Markup", Doc: "The a."},
			{Name: "b", Optional: true},
			{Name: "c", Optional: true, Default: json.RawMessage("null")},
			{Name: "args", Kind: snapshot.VarPositional},
			{Name: "d", Kind: snapshot.KeywordOnly, Optional: true, Default: json.RawMessage(`"x"`), Annotation: "list( int)"},
			{Name: "kw", Kind: snapshot.VarKeyword},
		},
	}
	if diff := cmp.Diff(want, d.method("do_it")); diff != "" {
		t.Error(diff)
	}
}

func TestButtons(t *testing.T) {
	leads := relations{"sale.order": {"order_line": "sale.order.line", "partner_id": "res.partner"}, "sale.order.line": {"tax_ids": "account.tax"}}
	for name, test := range map[string]struct {
		arch string
		want map[string]map[string]string
	}{
		"form": {`<form><header><button name="action_confirm" type="object" string="Confirm"/><button name="123" type="action" string="No"/></header></form>`, map[string]map[string]string{"sale.order": {"action_confirm": "Confirm"}}},
		"text": {`<form><button name="a" type="object"><i class="x"/> <span>So</span> it
			is</button></form>`, map[string]map[string]string{"sale.order": {"a": "it is So"}}},
		"several labels": {`<form><button name="a" type="object" string="Post"/><a name="a" type="object" title="Confirm"/><button name="a" type="object" string="Post"/></form>`, map[string]map[string]string{"sale.order": {"a": "Confirm / Post"}}},
		"nested":         {`<form><field name="order_line"><list><button name="b" type="object"/><field name="tax_ids"><list><button name="c" type="object"/></list></field></list></field><button name="d" type="object"/></form>`, map[string]map[string]string{"sale.order.line": {"b": ""}, "account.tax": {"c": ""}, "sale.order": {"d": ""}}},
		"beside":         {`<data><field name="order_line" position="after"><button name="a" type="object"/></field><field name="order_line" position="inside"><button name="b" type="object"/></field></data>`, map[string]map[string]string{"sale.order": {"a": ""}, "sale.order.line": {"b": ""}}},
		"xpath":          {`<data><xpath expr="//field[@name='order_line']/list/field[@name='tax_ids']" position="after"><button name="a" type="object"/></xpath><xpath expr='//field[@name="order_line"]' position="before"><button name="b" type="object"/></xpath></data>`, map[string]map[string]string{"sale.order.line": {"a": ""}, "sale.order": {"b": ""}}},
		"a locator":      {`<data><button name="a" type="object" position="attributes"><attribute name="string">x</attribute></button></data>`, map[string]map[string]string{}},
		"no XML":         {`<form><button name="a"`, map[string]map[string]string{}},
	} {
		found := buttonSet{}
		if root, ok := parseView(test.arch); ok {
			found.node("sale.order", &root, leads)
		}
		if diff := cmp.Diff(test.want, found.labels()); diff != "" {
			t.Errorf("%s:\n%s", name, diff)
		}
	}
}

func TestMethodsLeftOut(t *testing.T) {
	m := snapshot.Model{Name: "x", Fields: []snapshot.Field{{Name: "active"}}}
	docs := map[string]docMethod{
		"write": {Model: "core"}, "action_archive": {Model: "core"}, "web_read": {Model: "base"}, "old": {Model: "x", Doc: "<p>Deprecated: use new.</p>"},
		"new": {Model: "x", Module: "sale"}, "_private": {Model: "x"},
	}
	r := MethodReport{LeftOut: map[string]int{}}
	got := methodsOf(&m, docs, map[string]string{"new": "New", "toggle": "Not there"}, &r)
	want := []snapshot.Method{{Name: "action_archive", Source: snapshot.SourceDoc}, {Name: "new", Source: snapshot.SourceDoc, Label: "New", Module: "sale"}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	const text = `6 methods found, 2 of them in the snapshot
  1 left out: the ORM's own, which the runtime has
  1 left out: made for Odoo's web client
  1 left out: deprecated
  1 left out: private, and closed to the outside`
	if diff := cmp.Diff(text, r.String()); diff != "" {
		t.Error(diff)
	}
	got = methodsOf(&snapshot.Model{Name: "y"}, nil, map[string]string{"toggle_active": "Archive", "read": "R", "do": "Do"}, &r)
	if diff := cmp.Diff([]snapshot.Method{{Name: "do", Source: snapshot.SourceButton, Label: "Do"}}, got); diff != "" {
		t.Error(diff)
	}
}
