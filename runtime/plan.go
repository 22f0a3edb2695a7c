package orm

import (
	"fmt"
	"reflect"
	"strings"
	"sync"
)

// The tag of a struct field that holds a field of Odoo: `odoo:"name"`, or `odoo:"name,ondemand"` for one that is
// read only when a call asks for it. Relations have further options: see nested.go.
const (
	tagName     = "odoo"
	tagOnDemand = "ondemand"
)

// plan is how records are moved into and out of a struct type: made once, then used for every record.
type plan struct {
	typ    reflect.Type
	model  string // the model of a generated record, "" for other structs
	fields []planField
	byName map[string]int
	id     *planField // that holds the record's id as a number, nil if there is none

	members func() []member // for writing
}

type planField struct {
	name     string
	index    []int
	typ      reflect.Type
	offset   uintptr // from the start of the struct
	onDemand bool
	decode   decoder
	zero     bool      // false stands for the zero value
	relation *relation // nil unless the type holds targets of a relation
}

var plans sync.Map // reflect.Type → *plan

func planOf(t reflect.Type) (*plan, error) {
	if p, ok := plans.Load(t); ok {
		return p.(*plan), nil
	}
	p, err := newPlan(t)
	if err == nil {
		plans.Store(t, p)
	}
	return p, err
}

func newPlan(t reflect.Type) (*plan, error) {
	if t.Kind() != reflect.Struct {
		return nil, fmt.Errorf("orm: records are read into structs with `odoo:\"field\"` tags, not into %s", t)
	}
	p := &plan{typ: t, model: modelOfType(t), byName: map[string]int{}}
	for _, sf := range reflect.VisibleFields(t) {
		name, options, _ := strings.Cut(sf.Tag.Get(tagName), ",")
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
		f := planField{name: name, index: sf.Index, typ: sf.Type, offset: offsetOf(t, sf.Index), zero: falseIsZero(sf.Type), relation: relationOf(sf.Type)}
		if err := f.options(options); err != nil {
			return nil, fmt.Errorf("orm: %s.%s: %w", t, sf.Name, err)
		}
		var err error
		if f.decode, err = decoderOf(sf.Type); err != nil {
			return nil, err
		}
		if f.relation != nil && f.relation.limit > 0 {
			f.decode = limited(f.decode, sf.Type, f.relation.limit)
		}
		p.byName[name] = len(p.fields)
		p.fields = append(p.fields, f)
	}
	if i, ok := p.byName[nameID]; ok && p.fields[i].zero && p.fields[i].typ.Kind() == reflect.Int64 {
		p.id = &p.fields[i]
	}
	p.members = sync.OnceValue(p.newMembers)
	if len(p.fields) == 0 {
		return nil, fmt.Errorf("orm: %s has no field with an `odoo:\"field\"` tag: nothing to read", t)
	}
	return p, nil
}

// options takes those of the tag.
func (f *planField) options(list string) error {
	for list != "" {
		var option string
		option, list, _ = strings.Cut(list, ",")
		switch {
		case option == tagOnDemand:
			f.onDemand = true
		case !f.relation.option(option):
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

// modelOfType is the model of a generated record, or of the one that a struct embeds: its method needs a value then.
func modelOfType(t reflect.Type) string {
	if r, ok := reflect.New(t).Interface().(Record); ok {
		return r.OdooModel()
	}
	return ""
}

// hasTags tells whether a struct has a field with an odoo tag.
func hasTags(t reflect.Type) bool {
	for _, sf := range reflect.VisibleFields(t) {
		if _, ok := sf.Tag.Lookup(tagName); ok {
			return true
		}
	}
	return false
}

// fieldsToRead are the names that a call asks the server for.
func (p *plan) fieldsToRead(model string, o callOptions) ([]string, error) {
	if p.model != "" && p.model != model {
		return nil, fmt.Errorf("orm: %s holds records of %s, not of %s", p.typ, p.model, model)
	}
	asked := map[string]bool{}
	for _, field := range o.include {
		if err := field.check(model, "Include"); err != nil {
			return nil, err
		}
		if _, ok := p.byName[field.field]; !ok {
			return nil, fmt.Errorf("orm: Include(%s): %s has no such field to read it into", field.field, p.typ)
		}
		asked[field.field] = true
	}
	names := make([]string, 0, len(p.fields))
	for _, f := range p.fields {
		if !f.onDemand || o.everything || asked[f.name] {
			names = append(names, f.name)
		}
	}
	return names, nil
}
