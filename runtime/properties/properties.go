// Package properties reads and changes properties: the fields that users define for the leads of a team or the tasks of a project.
// Odoo has them since version 16.
//
// A [List] holds the properties of a record with their values, or the definitions of a team or project. Make it the type of the
// generated fields in odoogen.yaml, or read one from a json.RawMessage with [Parse]:
//
//	types:
//	  properties: github.com/odoogen/odoogen/runtime/properties.List
//	  properties_definition: github.com/odoogen/odoogen/runtime/properties.List
//
// [Get] reads the value of a property, [Set] changes it in the list, and [Of] is the descriptor for conditions and orders:
//
//	size, ok, err := properties.Get[string](lead.LeadProperties, "size")
//	large := orm.Eq(properties.Of[string](odoo.CrmLeadF.LeadProperties, "size"), "L")
//
// A write of a properties field replaces the values of all its properties. Odoo ignores values for names that are not defined. So
// change the list that was read, and write it back: [Set] refuses an unknown name and a value of another type.
package properties

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	orm "github.com/odoogen/odoogen/runtime"
	"github.com/odoogen/odoogen/runtime/internal/codec"
)

var (
	// ErrNoProperty means that the list has no property of the name.
	ErrNoProperty = errors.New("no such property")
	// ErrType means that the property has another type than the Go type.
	ErrType = errors.New("the property has another type")
	// ErrNoChoice means that a value is not a choice of the selection, or not a tag. Odoo would leave it out.
	ErrNoChoice = errors.New("no such choice")
)

// Type is the type of a property in Odoo.
type Type string

// The types of properties. Text, Monetary and HTML exist in later versions than 16 only.
const (
	Boolean   Type = "boolean"
	Integer   Type = "integer"
	Float     Type = "float"
	Monetary  Type = "monetary"
	Char      Type = "char"
	Text      Type = "text"
	HTML      Type = "html"
	Date      Type = "date"
	Datetime  Type = "datetime"
	Selection Type = "selection"
	Tags      Type = "tags"
	Many2one  Type = "many2one"
	Many2many Type = "many2many"
	Separator Type = "separator" // a heading, without a value
)

// Property is a property with its value, or a definition. Attributes that have no field here are kept.
type Property struct {
	Name   string
	Label  string
	Type   Type
	Model  string          // of the targets of a Many2one or Many2many
	Choice []Choice        // of a Selection or of Tags
	Value  json.RawMessage // as Odoo sends it; nil is none

	more map[string]json.RawMessage
}

// Choice is a choice of a selection or a tag.
type Choice struct {
	Value, Label string
	Color        int // of a tag
}

// List is the value of a properties field, or of a field with their definitions.
type List []Property

// Parse reads a list from the JSON of a field.
func Parse(raw json.RawMessage) (List, error) {
	var l List
	err := codec.Unmarshal(raw, &l)
	return l, err
}

// Find is the property with the name.
func (l List) Find(name string) (Property, bool) {
	i := slices.IndexFunc(l, func(p Property) bool { return p.Name == name })
	if i < 0 {
		return Property{}, false
	}
	return l[i], true
}

// Value are the Go types of values: string for Char, Text, HTML and Selection; int for Integer; float64 for Float, Monetary and
// Integer; []string for Tags; orm.Reference for Many2one, and a slice of them for Many2many.
type Value interface {
	string | int | float64 | bool | orm.Date | time.Time | []string | orm.Reference | []orm.Reference
}

// Of is the descriptor of a property of the properties field f, for conditions and orders. Tags and Many2many are searched by
// [orm.In] with one tag or target, so that their descriptors have the types string and orm.ID. Odoo does not report a name that is
// not defined: no record has a value then. Groups by a property are columns of [orm.Group], from Odoo 19 on.
func Of[T, M, F any](f orm.Field[M, F], name string) orm.Field[M, T] {
	return orm.Field[M, T](string(f) + "." + name)
}

// Get reads the value of a property; ok is false if it has none. The error is [ErrNoProperty] or [ErrType].
func Get[T Value](l List, name string) (v T, ok bool, err error) {
	p, found := l.Find(name)
	if !found {
		return v, false, fmt.Errorf("%w: %s", ErrNoProperty, name)
	}
	if err := check[T](p); err != nil {
		return v, false, err
	}
	if p.isUnset() {
		return v, false, nil
	}
	err = p.decode(&v)
	return v, err == nil, err
}

// Set gives a property of the list another value. The list itself is not changed. The error is [ErrNoProperty], [ErrType] or [ErrNoChoice].
func Set[T Value](l List, name string, v T) (List, error) {
	return l.with(name, func(p *Property) error {
		if err := errors.Join(check[T](*p), p.checkChoices(v)); err != nil {
			return err
		}
		raw, err := codec.Append(nil, wireValue(v))
		p.Value = raw
		return err
	})
}

// Clear removes the value of a property of the list. The list itself is not changed. The error is [ErrNoProperty].
func (l List) Clear(name string) (List, error) {
	return l.with(name, func(p *Property) error {
		p.Value = json.RawMessage("false")
		return nil
	})
}

func (l List) with(name string, change func(*Property) error) (List, error) {
	i := slices.IndexFunc(l, func(p Property) bool { return p.Name == name })
	if i < 0 {
		return nil, fmt.Errorf("%w: %s", ErrNoProperty, name)
	}
	changed := slices.Clone(l)
	if err := change(&changed[i]); err != nil {
		return nil, err
	}
	return changed, nil
}

// isUnset reports whether a property has no value. The false of a boolean is one.
func (p Property) isUnset() bool {
	return len(p.Value) == 0 || string(p.Value) == "null" || string(p.Value) == "false" && p.Type != Boolean
}
