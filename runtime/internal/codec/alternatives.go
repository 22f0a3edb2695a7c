package codec

import (
	"reflect"
	"slices"
	"strings"
	"sync"
	"unsafe"
)

// A tag or descriptor can name a field that servers have under different names, or that only some of them have:
// "tax_ids|tax_id", the newest name first, and "x_region?". Package orm finds out the name that a server has.
const (
	alternativeSign = "|"
	optionalSign    = "?"
)

// Varies reports whether the name of a field depends on the server.
func Varies(name string) bool {
	return strings.HasSuffix(name, optionalSign) || strings.Contains(name, alternativeSign)
}

// Alternatives are the names that a field can have, the newest first, and whether servers can lack it.
func Alternatives(name string) (names []string, optional bool) {
	name, optional = strings.CutSuffix(name, optionalSign)
	return strings.Split(name, alternativeSign), optional
}

// addNames makes the field at the index of the plan known by all of its names. It reports whether another field has one of
// them.
func (p *Plan) addNames(name string, index int) (twice bool) {
	names, _ := Alternatives(name)
	for _, n := range append(names, name) {
		if at, known := p.byName[n]; known && at != index {
			return true
		}
		p.byName[n] = index
	}
	p.Varies = p.Varies || Varies(name)
	return false
}

// holdsAbsence reports whether a type distinguishes a field that the server lacks: an Opt, or the commands of a write.
func holdsAbsence(t reflect.Type) bool {
	return Is(t, "Opt") || t.Kind() == reflect.Slice && Is(t.Elem(), "Command")
}

// withoutOpt is the type of the value of an Opt, or the type itself.
func withoutOpt(t reflect.Type) reflect.Type {
	if Is(t, "Opt") {
		return t.Field(optValue).Type
	}
	return t
}

// fieldDecoder is the decoder of a field of a plan.
func fieldDecoder(t reflect.Type, r *Relation) (decoder, error) {
	value := withoutOpt(t)
	decode, err := decoderOf(value)
	if err != nil {
		return nil, err
	}
	if r != nil && r.Limit > 0 {
		decode = limited(decode, value, r.Limit)
	}
	if value != t {
		decode = presentDecoder(decode, t)
	}
	return decode, nil
}

// presentDecoder reads the value of an Opt, which is present then, whatever the value is.
func presentDecoder(inner decoder, t reflect.Type) decoder {
	state, value := t.Field(optState).Offset, t.Field(optValue).Offset
	return func(s *reader, p unsafe.Pointer) error {
		*(*uint8)(unsafe.Add(p, state)) = present
		return inner(s, unsafe.Add(p, value))
	}
}

// Named is a struct that is written with the names that the fields have on a server.
type Named struct {
	plan  *Plan
	value reflect.Value
}

var typeNamed = reflect.TypeFor[Named]()

// For is the plan with the names that fields have on a server, for writing. Fields without a name there stay unwritable.
func (p *Plan) For(names map[string]string) *Plan {
	named := &Plan{Type: p.Type, Model: p.Model, Fields: p.Fields, byName: p.byName, Varies: p.Varies}
	named.members = slices.Clone(p.membersToWrite())
	for i := range named.members {
		m := &named.members[i]
		if name := names[m.name]; m.unnamed && name != "" {
			m.name, m.unnamed = name, false
			m.setKey()
			m.encode = pointerEncoderOf(m.typ)
		}
	}
	named.written.Do(func() {})
	return named
}

// Writes reports whether the plan has a name for the field with the tag.
func (p *Plan) Writes(tag string) bool {
	i, ok := p.byName[tag]
	return ok && !p.membersToWrite()[i].unnamed
}

// Varying are the fields of the struct v that a write sends, and whose names depend on the server.
func (p *Plan) Varying(v reflect.Value) (fields []string) {
	if !p.Varies {
		return nil
	}
	for _, f := range p.Fields {
		if Varies(f.Name) && !IsAbsent(v.FieldByIndex(f.Index)) {
			fields = append(fields, f.Name)
		}
	}
	return fields
}

// Commands are the fields that hold commands.
func (p *Plan) Commands() []*Field {
	p.membersToWrite()
	return p.commands
}

// written has, by reflect.Type, the plans of the structs that may hold names which depend on the server; nil for other types.
var written sync.Map

// PlanToWrite is the plan of a struct in which names may depend on the server: its own, or those in commands. It is nil for
// any other type.
func PlanToWrite(t reflect.Type) *Plan {
	if p, ok := written.Load(t); ok {
		return p.(*Plan)
	}
	var found *Plan
	if isRecord(t) {
		if p, err := PlanOf(t); err == nil && (p.Varies || len(p.Commands()) > 0) {
			found = p
		}
	}
	written.Store(t, found)
	return found
}

// HoldsValues reports whether a value of the type may hold a struct of values in which names depend on the server, or be
// one.
func HoldsValues(t reflect.Type) bool { return holdsValues(t, 8) }

// holdsValues looks no deeper than a number of levels: a type may hold itself.
func holdsValues(t reflect.Type, levels int) bool {
	if levels == 0 {
		return false
	}
	switch t.Kind() {
	case reflect.Interface:
		return true
	case reflect.Pointer, reflect.Slice:
		return holdsValues(t.Elem(), levels-1)
	case reflect.Map:
		return t.Key().Kind() == reflect.String // the keys may be the names of fields
	case reflect.Struct:
		return Is(t, "Command") || PlanToWrite(t) != nil
	}
	return false
}

// valuesMethod is the method of values whose result points to their record: see orm.Values.
const valuesMethod = "OdooRecord"

// ModelOfValues is the model whose records the values create or change, "" of a struct that does not say it.
func ModelOfValues(t reflect.Type) string {
	m, ok := t.MethodByName(valuesMethod)
	if !ok || m.Type.NumOut() != 1 || m.Type.Out(0).Kind() != reflect.Pointer {
		return ""
	}
	return modelOfType(m.Type.Out(0).Elem())
}

// Named is the struct v, of the type of the plan, to be written by it.
func (p *Plan) Named(v reflect.Value) Named { return Named{p, v} }

func encodeNamedStruct(b []byte, v reflect.Value) ([]byte, error) {
	named := v.Interface().(Named)
	return pointed(named.plan.appendTo)(b, named.value)
}
