package codec

import (
	"reflect"
	"slices"
	"sync"
)

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

// PlanToWrite is the plan of a struct in which names or choices may depend on the server: its own, or those in commands. It is
// nil for any other type.
func PlanToWrite(t reflect.Type) *Plan {
	if p, ok := written.Load(t); ok {
		return p.(*Plan)
	}
	var found *Plan
	if isRecord(t) {
		if p, err := PlanOf(t); err == nil && (p.Varies || len(p.Commands()) > 0 || len(p.Choosing()) > 0) {
			found = p
		}
	}
	written.Store(t, found)
	return found
}

// HoldsValues reports whether a value of the type may hold a struct of values in which names or choices depend on the server,
// or be one.
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
