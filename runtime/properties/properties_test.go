package properties_test

import (
	"encoding/json"
	"errors"
	"reflect"
	"testing"
	"time"

	orm "github.com/odoogen/odoogen/runtime"
	"github.com/odoogen/odoogen/runtime/properties"
	"github.com/odoogen/odoogen/runtime/wire"
)

// sent is what Odoo 19 sends for a lead.
const sent = `[
	{"name": "size", "type": "char", "string": "Size", "default": "M", "value": "L"},
	{"name": "count", "type": "integer", "string": "Count", "value": 3},
	{"name": "rate", "type": "float", "string": "Rate", "value": 1.5},
	{"name": "yes", "type": "boolean", "string": "Yes", "value": false},
	{"name": "day", "type": "date", "string": "Day", "value": "2026-01-31"},
	{"name": "at", "type": "datetime", "string": "At", "value": "2026-01-31 12:00:00"},
	{"name": "kind", "type": "selection", "string": "Kind", "selection": [["a", "A"], ["b", "B"]], "value": "a"},
	{"name": "tags", "tags": [["x", "Ex", 1], ["y", "Why", 2]], "type": "tags", "string": "Tags", "value": ["x", "y"]},
	{"name": "who", "type": "many2one", "string": "Who", "comodel": "res.partner", "value": [1, "My Company"]},
	{"name": "them", "type": "many2many", "string": "Them", "comodel": "res.partner", "value": [[1, "My Company"], [3, "Mitchell"]]},
	{"name": "sep", "type": "separator", "string": "Group", "fold_by_default": true},
	{"name": "page_html", "type": "html", "string": "Page", "value": "<p>x</p>"},
	{"name": "none", "type": "text", "string": "None"},
	{"name": "cleared", "type": "integer", "string": "Cleared", "value": false},
	{"name": "money", "type": "monetary", "string": "Money", "currency_field": "company_currency", "value": 2.5}
]`

func list(t *testing.T) properties.List {
	t.Helper()
	l, err := properties.Parse(json.RawMessage(sent))
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// value is what Get gives for a type.
func value[T properties.Value](l properties.List, name string) func() (any, bool, error) {
	return func() (any, bool, error) {
		v, ok, err := properties.Get[T](l, name)
		return v, ok, err
	}
}

func TestGet(t *testing.T) {
	l := list(t)
	partner := func(id int64) orm.Reference { return orm.Reference{Model: "res.partner", ID: id} }
	for name, c := range map[string]struct {
		get  func() (any, bool, error)
		want any
		ok   bool
	}{
		"char":            {value[string](l, "size"), "L", true},
		"html":            {value[string](l, "page_html"), "<p>x</p>", true},
		"text without":    {value[string](l, "none"), "", false},
		"integer":         {value[int](l, "count"), 3, true},
		"integer cleared": {value[int](l, "cleared"), 0, false},
		"float":           {value[float64](l, "rate"), 1.5, true},
		"monetary":        {value[float64](l, "money"), 2.5, true},
		"boolean":         {value[bool](l, "yes"), false, true},
		"date":            {value[orm.Date](l, "day"), orm.Date{Year: 2026, Month: 1, Day: 31}, true},
		"datetime":        {value[time.Time](l, "at"), time.Date(2026, 1, 31, 12, 0, 0, 0, time.UTC), true},
		"selection":       {value[string](l, "kind"), "a", true},
		"tags":            {value[[]string](l, "tags"), []string{"x", "y"}, true},
		"many2one":        {value[orm.Reference](l, "who"), partner(1), true},
		"many2many":       {value[[]orm.Reference](l, "them"), []orm.Reference{partner(1), partner(3)}, true},
	} {
		got, ok, err := c.get()
		if err != nil || ok != c.ok || !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: got %v, %v, %v, want %v", name, got, ok, err, c.want)
		}
	}
	if _, _, err := properties.Get[string](l, "sise"); !errors.Is(err, properties.ErrNoProperty) {
		t.Errorf("got %v", err)
	}
	for name, get := range map[string]func() (any, bool, error){"count": value[string](l, "count"), "size": value[int](l, "size"), "sep": value[bool](l, "sep")} {
		if _, _, err := get(); !errors.Is(err, properties.ErrType) {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

// What was read is written back with every attribute, those included that this package does not know.
func TestAListIsWrittenAsItWasRead(t *testing.T) {
	got, err := wire.Append(nil, list(t))
	var want, again any
	if err := errors.Join(err, json.Unmarshal([]byte(sent), &want), json.Unmarshal(got, &again)); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(again, want) {
		t.Errorf("got %s", got)
	}
	var none properties.List
	if err := wire.Unmarshal([]byte("false"), &none); err != nil || none != nil {
		t.Errorf("false is %v, %v", none, err)
	}
	if got, err := wire.Append(nil, none); string(got) != "false" || err != nil {
		t.Errorf("no list is %s, %v", got, err)
	}
}

func TestSet(t *testing.T) {
	l := list(t)
	changed, err := properties.Set(l, "tags", []string{"y"})
	if err != nil {
		t.Fatal(err)
	}
	if changed, err = properties.Set(changed, "who", orm.Reference{Model: "res.partner", ID: 7}); err != nil {
		t.Fatal(err)
	}
	if changed, err = changed.Clear("size"); err != nil {
		t.Fatal(err)
	}
	tags, _, _ := properties.Get[[]string](changed, "tags")
	who, _, _ := properties.Get[orm.Reference](changed, "who")
	_, hasSize, _ := properties.Get[string](changed, "size")
	if !reflect.DeepEqual(tags, []string{"y"}) || who.ID != 7 || hasSize {
		t.Errorf("tags %v, who %v, size %v", tags, who, hasSize)
	}
	if before, _, _ := properties.Get[[]string](l, "tags"); len(before) != 2 {
		t.Errorf("the list itself was changed: %v", before)
	}
	for want, set := range map[error]func() (properties.List, error){
		properties.ErrNoProperty: func() (properties.List, error) { return properties.Set(l, "nope", 1) },
		properties.ErrType:       func() (properties.List, error) { return properties.Set(l, "count", "3") },
		properties.ErrNoChoice:   func() (properties.List, error) { return properties.Set(l, "kind", "c") },
	} {
		if got, err := set(); !errors.Is(err, want) || got != nil {
			t.Errorf("got %v, %v, want %v", got, err, want)
		}
	}
	if _, err := properties.Set(l, "tags", []string{"x", "z"}); !errors.Is(err, properties.ErrNoChoice) {
		t.Errorf("got %v", err)
	}
}
