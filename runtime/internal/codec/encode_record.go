package codec

import (
	"errors"
	"fmt"
	"reflect"
	"strconv"
	"sync"
	"unsafe"
)

// The encoding of structs. As when they are read, a field is reached by its offset: see [decoder] for what keeps that safe.

// membersToWrite are the members of the struct, made when one is first written.
func (p *Plan) membersToWrite() []member {
	p.written.Do(func() { p.members = p.newMembers() })
	return p.members
}

func (p *Plan) newMembers() []member {
	members := make([]member, len(p.Fields))
	for i, f := range p.Fields {
		m := member{name: f.Name, at: f.offset, value: f.offset, typ: f.Type}
		m.setKey()
		switch {
		case Is(f.Type, "Opt"):
			value := f.Type.Field(optValue)
			m.value, m.typ, m.absence = f.offset+value.Offset, value.Type, byState
		case f.Type.Kind() == reflect.Slice && Is(f.Type.Elem(), "Command"):
			m.absence = byNoList
			p.commands = append(p.commands, &p.Fields[i])
		}
		if mayBePartial(m.typ) {
			p.choosing = append(p.choosing, &p.Fields[i])
		}
		m.encode = pointerEncoderOf(m.typ)
		if Varies(f.Name) {
			m.unnamed, m.encode = true, unnamed
		}
		members[i] = m
	}
	return members
}

func (m *member) setKey() {
	key, _ := AppendString(nil, m.name) // an error shows when the struct is written
	m.key = string(key) + ":"
}

// unnamed refuses a field whose name depends on the server, where the server or the model is not known.
func unnamed(b []byte, _ unsafe.Pointer) ([]byte, error) {
	return b, errors.New("the name of the field depends on the server: write it with the generated values, or by a create or write of its model")
}

// structEncoder writes the fields of a Values struct, or of any struct with odoo tags, but for those that are absent. It
// looks the plan up when it is used: a struct may hold structs of its own type.
func structEncoder(t reflect.Type) pointerEncoder {
	plan := sync.OnceValues(func() (*Plan, error) { return PlanOf(t) })
	return func(b []byte, base unsafe.Pointer) ([]byte, error) {
		p, err := plan()
		if err != nil {
			return b, err
		}
		return p.appendTo(b, base)
	}
}

// appendTo writes the struct at base.
func (p *Plan) appendTo(b []byte, base unsafe.Pointer) ([]byte, error) {
	b = append(b, '{')
	first, members := true, p.membersToWrite()
	for i := range members {
		m := &members[i]
		state := m.state(base)
		if state == absent {
			continue
		}
		if !first {
			b = append(b, ',')
		}
		first = false
		b = append(b, m.key...)
		if state == cleared && !m.unnamed {
			b = appendFalse(b)
			continue
		}
		var err error
		if b, err = m.encode(b, unsafe.Add(base, m.value)); err != nil {
			return b, fmt.Errorf("%s: %w", m.name, err)
		}
	}
	return append(b, '}'), nil
}

func (m *member) state(base unsafe.Pointer) uint8 {
	switch m.absence {
	case byState:
		// The state is the first field of every Opt.
		if state := *(*uint8)(unsafe.Add(base, m.at)); state == absent || state == present {
			return state
		}
		return cleared
	case byNoList:
		if *(*[]struct{})(unsafe.Add(base, m.at)) == nil {
			return absent
		}
	}
	return present
}

// pointerEncoderOf returns a direct encoder for the commonest types of values, and one that uses reflection for others.
func pointerEncoderOf(t reflect.Type) pointerEncoder {
	switch {
	case t.Kind() == reflect.Slice && Is(t.Elem(), "Command"):
		return encodeCommands
	case Is(t, "ID"):
		return func(b []byte, p unsafe.Pointer) ([]byte, error) {
			if id := *(*int64)(p); id != 0 {
				return strconv.AppendInt(b, id, 10), nil
			}
			return appendFalse(b), nil
		}
	case t == typeString:
		return func(b []byte, p unsafe.Pointer) ([]byte, error) { return AppendString(b, *(*string)(p)) }
	case writesItself(t), isNumber(t):
	case t.Kind() == reflect.String:
		return func(b []byte, p unsafe.Pointer) ([]byte, error) {
			if text := *(*string)(p); text != "" {
				return AppendString(b, text)
			}
			return appendFalse(b), nil
		}
	case t.Kind() == reflect.Bool:
		return func(b []byte, p unsafe.Pointer) ([]byte, error) { return strconv.AppendBool(b, *(*bool)(p)), nil }
	case t.Kind() == reflect.Int:
		return func(b []byte, p unsafe.Pointer) ([]byte, error) {
			return strconv.AppendInt(b, int64(*(*int)(p)), 10), nil
		}
	case t.Kind() == reflect.Int64:
		return func(b []byte, p unsafe.Pointer) ([]byte, error) { return strconv.AppendInt(b, *(*int64)(p), 10), nil }
	case t.Kind() == reflect.Float64:
		return func(b []byte, p unsafe.Pointer) ([]byte, error) { return appendFloat(b, *(*float64)(p), 64) }
	}
	return func(b []byte, p unsafe.Pointer) ([]byte, error) { return encoderOf(t)(b, reflect.NewAt(t, p).Elem()) }
}
