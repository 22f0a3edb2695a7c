//go:build live

package livetest

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"reflect"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	orm "github.com/odoogen/odoogen/runtime"
	"github.com/odoogen/odoogen/runtime/admin"
	"github.com/odoogen/odoogen/runtime/xmlid"
)

// Every type of field is written, changed, left alone, emptied and written again, and read after each. What Odoo itself
// changes on the way is asserted exactly.

// column is a field, the values that are written to it, and what is then read.
type column struct {
	name    string
	typ     reflect.Type // in reads
	opt     reflect.Type // in writes
	written [2]any       // orm.Opt
	read    [2]any
	cleared any // orm.Opt
}

// as is a value and what Odoo makes of it.
type as[T any] struct{ written, read T }

func kept[T any](v T) as[T] { return as[T]{v, v} }

func columnOf[T any](name string, first, second as[T]) column {
	return column{
		name: name, typ: reflect.TypeFor[T](), opt: reflect.TypeFor[orm.Opt[T]](),
		written: [2]any{orm.Set(first.written), orm.Set(second.written)}, read: [2]any{first.read, second.read}, cleared: orm.Clear[T](),
	}
}

// target is a column of a many2one: it is written as an id, and read as one.
func many2one(name string, first, second int64) column {
	return columnOf(name, kept(orm.ID[Anything](first)), kept(orm.ID[Anything](second)))
}

// structOf is a struct type with a field for each column.
func structOf(columns []column, typ func(column) reflect.Type) reflect.Type {
	fields := make([]reflect.StructField, len(columns))
	for i, c := range columns {
		fields[i] = reflect.StructField{Name: fmt.Sprintf("F%d", i), Type: typ(c), Tag: reflect.StructTag(fmt.Sprintf("odoo:%q", c.name))}
	}
	return reflect.StructOf(fields)
}

// values are those of a create or write.
func values(columns []column, value func(column) any) any {
	v := reflect.New(structOf(columns, func(c column) reflect.Type { return c.opt })).Elem()
	for i, c := range columns {
		if x := value(c); x != nil {
			v.Field(i).Set(reflect.ValueOf(x))
		}
	}
	return v.Interface()
}

// writeEverything takes a new record of the model through all that can be done to its columns. More are the other values
// that the model requires.
func writeEverything(t *testing.T, m orm.Model, columns []column, more orm.Args) {
	t.Helper()
	ctx := t.Context()
	expect := func(when string, id int64, want func(column) any) {
		t.Helper()
		row := reflect.New(structOf(columns, func(c column) reflect.Type { return c.typ }))
		if err := m.Get(ctx, row.Interface(), id); err != nil {
			t.Fatalf("%s: %v", when, err)
		}
		for i, c := range columns {
			got := plain(t, row.Elem().Field(i).Interface())
			if diff := cmp.Diff(plain(t, want(c)), got, cmpopts.EquateEmpty(), wholeBytes); diff != "" {
				t.Errorf("%s: %s (-want +got):\n%s", when, c.name, diff)
			}
		}
	}
	zero := func(c column) any {
		if c.typ == reflect.TypeFor[json.RawMessage]() {
			return json.RawMessage("false") // as it comes: it may be a value too
		}
		return reflect.Zero(c.typ).Interface()
	}
	first := func(c column) any { return c.read[0] }
	second := func(c column) any { return c.read[1] }

	id := must[int64](t)(m.Create(ctx, more))
	remove(t, m, id)
	write := func(when string, value func(column) any) {
		t.Helper()
		if err := m.Write(ctx, []int64{id}, values(columns, value)); err != nil {
			t.Fatalf("%s: %v", when, err)
		}
	}
	write("set", func(c column) any { return c.written[0] })
	expect("set", id, first)
	write("nothing", func(column) any { return nil })
	expect("left alone", id, first)
	write("change", func(c column) any { return c.written[1] })
	expect("changed", id, second)
	write("clear", func(c column) any { return c.cleared })
	expect("cleared", id, zero)
	write("set again", func(c column) any { return c.written[1] })
	expect("set again", id, second)

	all := values(columns, func(c column) any { return c.written[0] })
	made := must[int64](t)(m.Create(ctx, merged(t, all, more)))
	remove(t, m, made)
	expect("created", made, first)
}

// merged are the values of a struct and those of more.
func merged(t *testing.T, v any, more orm.Args) orm.Args {
	t.Helper()
	out := orm.Args{}
	rv := reflect.ValueOf(v)
	for i := range rv.NumField() {
		out[rv.Type().Field(i).Tag.Get("odoo")] = rv.Field(i).Interface()
	}
	for name, value := range more {
		out[name] = value
	}
	return out
}

// plain returns a value in the form to compare: raw JSON is decoded.
func plain(t *testing.T, v any) any {
	t.Helper()
	raw, ok := v.(json.RawMessage)
	if !ok {
		return v
	}
	var out any
	if err := json.Unmarshal(raw, &out); err != nil {
		t.Fatalf("%s: %v", raw, err)
	}
	return out
}

// testModel is the name of a model of the tests of Odoo's ORM.
func testModel(c *orm.Client, name string) orm.Model {
	if c.Version().Major < 19 {
		return c.Model("test_new_api." + name)
	}
	return c.Model("test_orm." + name)
}

func currency(t *testing.T, c *orm.Client, code string) int64 {
	t.Helper()
	found, err := xmlid.Reference(t.Context(), c, "base."+code)
	if err != nil {
		t.Fatal(err)
	}
	return found.ID
}

// wholeBytes compares files at once: byte by byte takes seconds.
var wholeBytes = cmp.FilterValues(func(a, b []byte) bool { return len(a)+len(b) > 0 }, cmp.Comparer(bytes.Equal))

var (
	moment = time.Date(2026, 3, 29, 1, 30, 15, 0, time.UTC)
	later  = time.Date(2026, 10, 25, 23, 59, 59, 0, time.UTC)
	abroad = time.FixedZone("abroad", 5*3600+1800)
)

const longText = "tab\t, newline\n, \"quotes\", back\\slash, <tag>, ü, 数, 🙂, \u202e and \u2028"

func TestLiveWriteEverything(t *testing.T) { onEach(t, liveWriteEverything) }

// liveWriteEverything writes the model of Odoo's own tests that has fields with digits, a currency and kinds of HTML.
func liveWriteEverything(t *testing.T, c *orm.Client) {
	const dirty = `<p style="color: red" class="x" onclick="evil()">a &amp; b<script>evil()</script></p>`
	columns := []column{
		// Digits round as the database does, half up.
		columnOf("number", as[float64]{2.345, 2.35}, as[float64]{-7.004, -7}),
		columnOf("number2", as[float64]{1.23456, 1.235}, kept(100000.125)),
		columnOf("date", kept(orm.Date{Year: 2024, Month: 2, Day: 29}), kept(orm.Date{Year: 1, Month: 1, Day: 1})),
		// Seconds, in UTC.
		columnOf("moment", as[time.Time]{moment.In(abroad), moment}, as[time.Time]{later.Add(999 * time.Millisecond), later}),
		columnOf("lang", kept(choice("en_US")), kept(choice("en_US"))),
		columnOf("reference", kept(orm.Reference{Model: "res.partner", ID: 1}), kept(orm.Reference{Model: "res.users", ID: 2})),
		columnOf("comment1", kept(dirty), kept("no <html>")),
		columnOf("comment2", as[string]{dirty, `<p style="color: red" class="x">a &amp; b</p>`}, as[string]{"text", "<p>text</p>"}),
		columnOf("comment3", as[string]{dirty, `<p style="color: red">a &amp; b</p>`}, as[string]{"<b>x", "<b>x</b>"}),
		columnOf("comment4", as[string]{dirty, `<p class="x">a &amp; b</p>`}, as[string]{"<br>", "<br>"}),
		many2one("currency_id", currency(t, c, "EUR"), currency(t, c, "USD")),
		columnOf("amount", as[float64]{12.345, 12.35}, as[float64]{-0.005, -0.01}),
	}
	writeEverything(t, testModel(c, "mixed"), columns, orm.Args{})
}

// A monetary value has the precision of its currency.
func TestLiveWriteMonetary(t *testing.T) {
	c := dialLive(t, orm.Password(env(t, "ODOO_USER"), env(t, "ODOO_PASSWORD")))
	m := testModel(c, "mixed")
	for code, want := range map[string]float64{"JPY": 1234, "EUR": 1234.46, "KWD": 1234.457} {
		id := must[int64](t)(m.Create(t.Context(), orm.Args{"amount": 1234.4567, "currency_id": currency(t, c, code)}))
		remove(t, m, id)
		var row struct {
			Amount float64 `odoo:"amount"`
		}
		if err := m.Get(t.Context(), &row, id); err != nil || row.Amount != want {
			t.Errorf("%s: %v, want %v: %v", code, row.Amount, want, err)
		}
	}
}

func TestLiveWriteBinaries(t *testing.T) { onEach(t, liveWriteBinaries) }

func liveWriteBinaries(t *testing.T, c *orm.Client) {
	every := make([]byte, 256)
	for i := range every {
		every[i] = byte(i)
	}
	large := bytes.Repeat(every, 2048)
	writeEverything(t, testModel(c, "binary_svg"), []column{
		columnOf("image_attachment", kept(every), kept(large)),
		columnOf("image_wo_attachment", kept(every), kept(large)),
	}, orm.Args{"name": "odoogen"})
}

func TestLiveWriteMany2oneReference(t *testing.T) { onEach(t, liveWriteMany2oneReference) }

func liveWriteMany2oneReference(t *testing.T, c *orm.Client) {
	writeEverything(t, testModel(c, "model_many2one_reference"), []column{
		columnOf("res_model", kept("res.partner"), kept("res.users")),
		columnOf("res_id", kept(int64(1)), kept(int64(2))),
	}, orm.Args{})
}

// everyField has one field of each type that can be made in the user interface.
func everyField(c *orm.Client, model string) []admin.CustomField {
	fields := []admin.CustomField{
		{Name: "x_char", Label: "Char", Type: admin.TypeChar, Size: 10},
		{Name: "x_text", Label: "Text", Type: admin.TypeText},
		{Name: "x_html", Label: "HTML", Type: admin.TypeHTML},
		{Name: "x_integer", Label: "Integer", Type: admin.TypeInteger},
		{Name: "x_float", Label: "Float", Type: admin.TypeFloat},
		{Name: "x_currency_id", Label: "Currency", Type: admin.TypeMany2one, Relation: "res.currency"},
		{Name: "x_monetary", Label: "Monetary", Type: admin.TypeMonetary},
		{Name: "x_boolean", Label: "Boolean", Type: admin.TypeBoolean},
		{Name: "x_date", Label: "Date", Type: admin.TypeDate},
		{Name: "x_datetime", Label: "Datetime", Type: admin.TypeDatetime},
		{Name: "x_selection", Label: "Selection", Type: admin.TypeSelection, Selection: orm.Labels{{"1", "One"}, {"-", "Minus"}, {"größe 🙂", "Odd"}}},
		{Name: "x_binary", Label: "Binary", Type: admin.TypeBinary},
		{Name: "x_reference", Label: "Reference", Type: admin.TypeReference, Selection: orm.Labels{{"res.partner", "Partner"}, {"res.users", "User"}}},
		{Name: "x_many2one_id", Label: "Many2one", Type: admin.TypeMany2one, Relation: "res.partner"},
		{Name: "x_res_id", Label: "Many2one reference", Type: "many2one_reference"},
		{Name: "x_parent_id", Label: "Parent", Type: admin.TypeMany2one, Relation: model},
	}
	if c.Version().Major >= 19 {
		fields = append(fields, admin.CustomField{Name: "x_json", Label: "JSON", Type: "json"})
	}
	return fields
}

func TestLiveWriteEveryCustomField(t *testing.T) {
	admin := dialLive(t, orm.Password(env(t, "ODOO_USER"), env(t, "ODOO_PASSWORD")))
	name := newCustomModel(t, admin, everyField)
	onEachInJSON(t, func(t *testing.T, c *orm.Client) { liveWriteEveryCustomField(t, c, name) })
}

// newCustomModel makes a model for the time of the test.
func newCustomModel(t *testing.T, c *orm.Client, fields func(c *orm.Client, model string) []admin.CustomField) string {
	t.Helper()
	name := fmt.Sprintf("x_odoogen_%d", time.Now().UnixNano()%1e9)
	if _, err := admin.CreateModel(t.Context(), c, admin.CustomModel{Model: name, Label: "odoogen", Fields: fields(c, name)}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := admin.DeleteModel(context.Background(), c, name); err != nil {
			t.Error(err)
		}
	})
	return name
}

func liveWriteEveryCustomField(t *testing.T, c *orm.Client, model string) {
	columns := []column{
		columnOf("x_char", as[string]{"exactly 10, and more", "exactly 10"}, kept("ü\"\\\n数🙂")), // cut at its size
		columnOf("x_text", kept(longText), kept("x")),
		columnOf("x_html", kept("<p>one<br>two</p>"), as[string]{"<p onclick=\"x\">a</p>", "<p>a</p>"}),
		columnOf("x_integer", kept(1<<31-1), kept(-1<<31)),
		columnOf("x_float", kept(0.1), kept(-1.7976931348623157e+300)),
		many2one("x_currency_id", currency(t, c, "EUR"), currency(t, c, "USD")),
		columnOf("x_monetary", as[float64]{1.005, 1.01}, kept(-1e9)),
		columnOf("x_boolean", kept(true), kept(true)),
		columnOf("x_date", kept(orm.Date{Year: 9999, Month: 12, Day: 31}), kept(orm.Date{Year: 1900, Month: 1, Day: 1})),
		columnOf("x_datetime", kept(moment), kept(later)),
		columnOf("x_selection", kept(choice("-")), kept(choice("größe 🙂"))),
		columnOf("x_binary", kept([]byte{0, 255}), kept([]byte("false"))),
		columnOf("x_reference", kept(orm.Reference{Model: "res.users", ID: 2}), kept(orm.Reference{Model: "res.partner", ID: 1})),
		many2one("x_many2one_id", 1, 3),
		columnOf("x_res_id", kept(int64(7)), kept(int64(8))),
	}
	if c.Version().Major >= 19 {
		columns = append(columns, columnOf("x_json", kept(json.RawMessage(`{"a":[1,2.5,null,true,"ü"]}`)), kept(json.RawMessage(`"text"`))))
	}
	writeEverything(t, c.Model(model), columns, orm.Args{})
}
