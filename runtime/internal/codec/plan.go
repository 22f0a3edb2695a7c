package codec

import (
	"fmt"
	"reflect"
	"strings"
	"sync"
)

// The tag of a struct field that holds a field of Odoo: `odoo:"name"`, or `odoo:"name,ondemand"` for one that is
// read only when a call asks for it. Relations have further options: see nested.go.
const (
	TagName     = "odoo"
	tagOnDemand = "ondemand"
)

// Plan is how records are moved into and out of a struct type: made once, then used for every record.
type Plan struct {
	Type   reflect.Type
	Model  string // the model of a generated record, "" for other structs
	Fields []Field

	byName map[string]int
	id     *Field // that holds the record's id as a number, nil if there is none

	members func() []member // for writing
}

// Field is a field of the struct type of a [Plan].
type Field struct {
	Name     string
	Index    []int
	Type     reflect.Type
	OnDemand bool      // read only when a call asks for it
	Relation *Relation // nil unless the type holds targets of a relation

	offset uintptr // from the start of the struct
	decode decoder
	zero   bool // false decodes as the zero value
}

var plans sync.Map // reflect.Type → *Plan

// PlanOf gives the plan of a struct type.
func PlanOf(t reflect.Type) (*Plan, error) {
	if p, ok := plans.Load(t); ok {
		return p.(*Plan), nil
	}
	p, err := newPlan(t)
	if err == nil {
		plans.Store(t, p)
	}
	return p, err
}

func newPlan(t reflect.Type) (*Plan, error) {
	if t.Kind() != reflect.Struct {
		return nil, fmt.Errorf("orm: records are read into structs with `odoo:\"field\"` tags, not into %s", t)
	}
	p := &Plan{Type: t, Model: modelOfType(t), byName: map[string]int{}}
	for _, sf := range reflect.VisibleFields(t) {
		name, options, _ := strings.Cut(sf.Tag.Get(TagName), ",")
		if name == "" {
			continue
		}
		if !sf.IsExported() {
			return nil, fmt.Errorf("orm: %s.%s has an odoo tag but is not exported", t, sf.Name)
		}
		if throughPointer(t, sf.Index) {
			return nil, fmt.Errorf("orm: %s.%s is reached through an embedded pointer: embed the struct itself", t, sf.Name)
		}
		if _, twice := p.byName[name]; twice {
			return nil, fmt.Errorf("orm: %s has the tag odoo:%q twice", t, name)
		}
		f := Field{Name: name, Index: sf.Index, Type: sf.Type, Relation: relationOf(sf.Type), offset: offsetOf(t, sf.Index), zero: falseIsZero(sf.Type)}
		if err := f.options(options); err != nil {
			return nil, fmt.Errorf("orm: %s.%s: %w", t, sf.Name, err)
		}
		var err error
		if f.decode, err = decoderOf(sf.Type); err != nil {
			return nil, err
		}
		if f.Relation != nil && f.Relation.Limit > 0 {
			f.decode = limited(f.decode, sf.Type, f.Relation.Limit)
		}
		p.byName[name] = len(p.Fields)
		p.Fields = append(p.Fields, f)
	}
	if i, ok := p.byName[NameID]; ok && p.Fields[i].zero && p.Fields[i].Type.Kind() == reflect.Int64 {
		p.id = &p.Fields[i]
	}
	p.members = sync.OnceValue(p.newMembers)
	if len(p.Fields) == 0 {
		return nil, fmt.Errorf("orm: %s has no field with an `odoo:\"field\"` tag: nothing to read", t)
	}
	return p, nil
}

// options takes those of the tag.
func (f *Field) options(list string) error {
	for list != "" {
		var option string
		option, list, _ = strings.Cut(list, ",")
		switch {
		case option == tagOnDemand:
			f.OnDemand = true
		case !f.Relation.option(option):
			return fmt.Errorf("unknown option %q in its odoo tag", option)
		}
	}
	return nil
}

// offsetOf is where in a struct a field stands, which may be one of an embedded struct.
func offsetOf(t reflect.Type, index []int) (offset uintptr) {
	for _, i := range index {
		sf := t.Field(i)
		offset, t = offset+sf.Offset, sf.Type
	}
	return offset
}

// throughPointer tells whether a promoted field hangs on an embedded pointer, which may be nil.
func throughPointer(t reflect.Type, index []int) bool {
	for _, i := range index[:len(index)-1] {
		if t = t.Field(i).Type; t.Kind() == reflect.Pointer {
			return true
		}
	}
	return false
}

// record is implemented by a pointer to every generated record type.
type record interface{ OdooModel() string }

// modelOfType is the model of a generated record, or of the one that a struct embeds: its method needs a value then.
func modelOfType(t reflect.Type) string {
	if r, ok := reflect.New(t).Interface().(record); ok {
		return r.OdooModel()
	}
	return ""
}

// hasTags tells whether a struct has a field with an odoo tag.
func hasTags(t reflect.Type) bool {
	for _, sf := range reflect.VisibleFields(t) {
		if _, ok := sf.Tag.Lookup(TagName); ok {
			return true
		}
	}
	return false
}

// Field returns the field of the struct that holds the field of Odoo with the name, nil if there is none.
func (p *Plan) Field(name string) *Field {
	if i, ok := p.byName[name]; ok {
		return &p.Fields[i]
	}
	return nil
}

// Only returns the plan for some fields, none of which is on demand.
func (p *Plan) Only(fields []*Field) *Plan {
	only := &Plan{Type: p.Type, Model: p.Model, byName: map[string]int{}}
	for _, f := range fields {
		only.byName[f.Name] = len(only.Fields)
		only.Fields = append(only.Fields, *f)
		only.Fields[len(only.Fields)-1].OnDemand = false
	}
	return only
}
