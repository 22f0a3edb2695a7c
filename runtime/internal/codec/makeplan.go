package codec

import (
	"fmt"
	"reflect"
	"strings"
	"sync"
)

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
	if isDigested(t) {
		return digestedPlan(t)
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
		if twice := p.addNames(name, len(p.Fields)); twice {
			return nil, fmt.Errorf("orm: %s has the tag odoo:%q twice", t, name)
		}
		f := Field{Name: name, Index: sf.Index, Type: sf.Type, Relation: relationOf(withoutOpt(sf.Type)), offset: offsetOf(t, sf.Index), zero: falseIsZero(sf.Type)}
		if err := f.options(options); err != nil {
			return nil, fmt.Errorf("orm: %s.%s: %w", t, sf.Name, err)
		}
		var err error
		if f.decode, err = fieldDecoder(sf.Type, f.Relation); err != nil {
			return nil, err
		}
		if _, optional := Alternatives(name); optional && !holdsAbsence(sf.Type) {
			return nil, fmt.Errorf("orm: %s.%s: a server can lack the field %s: want an orm.Opt, got %s", t, sf.Name, name, sf.Type)
		}
		p.Fields = append(p.Fields, f)
	}
	p.findID()
	if len(p.Fields) == 0 {
		return nil, fmt.Errorf("orm: %s has no field with an `odoo:\"field\"` tag: nothing to read", t)
	}
	return p, nil
}

func (p *Plan) findID() {
	if f := p.Field(NameID); f != nil && f.zero && f.Type.Kind() == reflect.Int64 {
		p.id = f
	}
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

// throughPointer reports whether a promoted field hangs on an embedded pointer, which may be nil.
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
