package codec

import (
	"reflect"
	"sync"
	"unsafe"
)

// Plan is how records are moved into and out of a struct type: made once, then used for every record.
type Plan struct {
	Type   reflect.Type
	Model  string // the model of a generated record, "" for other structs
	Fields []Field
	Varies bool // the names of some fields depend on the server: see Alternatives

	byName map[string]int
	id     *Field // that holds the record's id as a number, nil if there is none

	digested bool    // the type is a Digested,
	digest   uintptr // with its Digest here

	written sync.Once
	members []member // for writing, see membersToWrite

	commands []*Field // those of the fields that hold commands; made with the members
	choosing []*Field // see Choosing; made with the members
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

// Field returns the field of the struct that holds the field of Odoo with the name, which is that of the tag or one of its
// alternatives; nil if there is none.
func (p *Plan) Field(name string) *Field {
	if i, ok := p.byName[name]; ok {
		return &p.Fields[i]
	}
	return nil
}

// Only returns the plan for some fields, none of which is on demand.
func (p *Plan) Only(fields []*Field) *Plan {
	only := &Plan{Type: p.Type, Model: p.Model, byName: map[string]int{}, digested: p.digested, digest: p.digest}
	for _, f := range fields {
		only.addNames(f.Name, len(only.Fields))
		only.Fields = append(only.Fields, *f)
		only.Fields[len(only.Fields)-1].OnDemand = false
	}
	return only
}

// member is how a field of a struct is written.
type member struct {
	name    string
	key     string // `"name":`
	at      uintptr
	value   uintptr      // where the value is: within an Opt it is not at its start
	typ     reflect.Type // of the value
	absence absence
	unnamed bool // the name depends on the server: see Plan.For
	encode  pointerEncoder
}

// absence is how a field says that a write leaves it alone.
type absence uint8

const (
	isThere  absence = iota // always
	byState                 // the zero Opt
	byNoList                // no list of commands
)

// pointerEncoder appends the JSON of the value that p points to.
type pointerEncoder func(b []byte, p unsafe.Pointer) ([]byte, error)

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
