package orm

import (
	"encoding"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"sync"
	"time"
)

// DecodeError is a value that the destination can't hold. Nothing of the answer it stood in is used.
type DecodeError struct {
	Model  string // the model, or "" if the value is not a record's
	Field  string // the field, or "" if the answer as a whole is at fault
	ID     int64  // the record, 0 if unknown
	Reason string
}

// Error names model, field and record.
func (e *DecodeError) Error() string {
	var where []string
	if e.Model != "" {
		where = append(where, e.Model)
	}
	if e.ID != 0 {
		where = append(where, fmt.Sprintf("record %d", e.ID))
	}
	if e.Field != "" {
		where = append(where, "field "+e.Field)
	}
	if len(where) == 0 {
		return "orm: " + e.Reason
	}
	return "orm: " + strings.Join(where, ", ") + ": " + e.Reason
}

// decoder reads one value into v, which is settable and zero.
type decoder func(s *scanner, v reflect.Value) error

// decodeInto reads the whole of data into the value that dest points to.
func decodeInto(data []byte, model string, dest any) error {
	v := reflect.ValueOf(dest)
	if v.Kind() != reflect.Pointer || v.IsNil() {
		return fmt.Errorf("orm: the destination must be a pointer that is not nil, got %T", dest)
	}
	decode, err := decoderOf(v.Type().Elem())
	if err != nil {
		return err
	}
	v.Elem().SetZero()
	s := &scanner{data: data}
	err = decode(s, v.Elem())
	if err == nil {
		err = s.end()
	}
	return located(err, model)
}

// located gives a DecodeError its model, and makes one of a syntax error.
func located(err error, model string) error {
	if err == nil {
		return nil
	}
	e, ok := errors.AsType[*DecodeError](err)
	if !ok {
		e = &DecodeError{Reason: err.Error()}
	}
	e.Model = model
	return e
}

// decodeRecords reads a list of records into the slice v, and gives their ids: 0 for one that is not a number.
func decodeRecords(data []byte, model string, v reflect.Value) (ids []int64, err error) {
	elem := v.Type().Elem()
	p, err := planOf(elem)
	if err != nil {
		return nil, err
	}
	s := &scanner{data: data}
	out := reflect.New(v.Type()).Elem()
	out.Set(reflect.MakeSlice(v.Type(), 0, 0))
	err = s.array(func() error {
		n := out.Len()
		if n == out.Cap() {
			out.Grow(max(n, 16))
		}
		out.SetLen(n + 1)
		id, err := p.decode(s, out.Index(n))
		ids = append(ids, id)
		return err
	})
	if err == nil {
		err = s.end()
	}
	if err != nil {
		return nil, located(err, model)
	}
	v.Set(out)
	return ids, nil
}

// decode reads one record into the struct v, and gives its id.
func (p *plan) decode(s *scanner, v reflect.Value) (id int64, err error) {
	next := 0   // Odoo sends the fields in the order they were asked for: look there first
	field := "" // the one that is at fault
	err = s.object(func(key []byte) error {
		if string(key) == "id" {
			if here := s.pos; s.peek() != '{' {
				id, _ = s.integer()
				s.pos = here
			}
		}
		i := -1
		if next < len(p.fields) && p.fields[next].name == string(key) {
			i = next
		} else if at, ok := p.byName[string(key)]; ok {
			i = at
		}
		if i < 0 {
			return s.skip()
		}
		next = i + 1
		f := &p.fields[i]
		target := v.FieldByIndex(f.index)
		target.SetZero()
		if err := f.decode(s, target); err != nil {
			field = f.name
			return err
		}
		return nil
	})
	if err != nil {
		return id, inField(err, id, field)
	}
	return id, nil
}

// inField says where an error is: in the field of the record with the id. For a record within that field, the fields
// make a dotted path.
func inField(err error, id int64, field string) error {
	e, nested := errors.AsType[*DecodeError](err)
	if !nested {
		return &DecodeError{ID: id, Field: field, Reason: err.Error()}
	}
	e.ID = id
	if e.Field != "" {
		field += "." + e.Field
	}
	e.Field = field
	return e
}

var decoders sync.Map // reflect.Type → decoder

// decoderOf is the decoder of a Go type, made once.
func decoderOf(t reflect.Type) (decoder, error) {
	if d, ok := decoders.Load(t); ok {
		return d.(decoder), nil
	}
	d, err := newDecoder(t)
	if err == nil {
		decoders.Store(t, d)
	}
	return d, err
}

var (
	typeTime      = reflect.TypeFor[time.Time]()
	typeDate      = reflect.TypeFor[Date]()
	typeReference = reflect.TypeFor[Reference]()
	typeRaw       = reflect.TypeFor[json.RawMessage]()
	typeByte      = reflect.TypeFor[byte]()
	typeJSON      = reflect.TypeFor[json.Unmarshaler]()
	typeText      = reflect.TypeFor[encoding.TextUnmarshaler]()
	ownPackage    = typeDate.PkgPath()
)

// isGeneric tells whether t is the instance of a generic type of this package.
func isGeneric(t reflect.Type, name string) bool {
	return t.PkgPath() == ownPackage && strings.HasPrefix(t.Name(), name+"[")
}

// isBinary tells whether t is []byte or a named type of it.
func isBinary(t reflect.Type) bool { return t.Kind() == reflect.Slice && t.Elem() == typeByte }

// isEndless tells whether t is a list or a pointer that only ever leads to more of them: type T []T.
func isEndless(t reflect.Type) bool {
	for range 100 {
		if k := t.Kind(); k != reflect.Slice && k != reflect.Pointer {
			return false
		}
		t = t.Elem()
	}
	return true
}

func newDecoder(t reflect.Type) (decoder, error) {
	switch {
	case t == typeTime:
		return decodeTime, nil
	case t == typeDate:
		return decodeDate, nil
	case t == typeReference:
		return decodeReference, nil
	case t == typeRaw:
		return decodeRaw, nil
	case isGeneric(t, "Ref"):
		return decodeRef, nil
	case isGeneric(t, "ID"):
		return decodeID, nil
	case isGeneric(t, "TextRef"):
		return decodeTextRef, nil
	case isGeneric(t, "TextID"):
		return decodeTextID, nil
	case reflect.PointerTo(t).Implements(typeJSON):
		return decodeForeign, nil
	case reflect.PointerTo(t).Implements(typeText):
		return decodeText, nil
	case isBinary(t):
		return decodeBinary, nil
	case isEndless(t):
		return nil, fmt.Errorf("orm: the Go type %s holds nothing but itself", t)
	}
	switch t.Kind() {
	case reflect.String:
		return decodeString, nil
	case reflect.Bool:
		return decodeBool, nil
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return decodeInt, nil
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return decodeUint, nil
	case reflect.Float32, reflect.Float64:
		return decodeFloat, nil
	case reflect.Pointer:
		return pointerDecoder(t)
	case reflect.Slice:
		return sliceDecoder(t)
	case reflect.Struct:
		if hasTags(t) {
			return structDecoder(t), nil
		}
	case reflect.Chan, reflect.Func, reflect.UnsafePointer:
		return nil, fmt.Errorf("orm: no value of Odoo fits the Go type %s", t)
	}
	return decodeForeign, nil
}

// decodeForeign leaves a type that is not ours to encoding/json, with null for no value.
func decodeForeign(s *scanner, v reflect.Value) error {
	raw, err := s.raw()
	if err != nil {
		return err
	}
	if k := v.Kind(); string(raw) == "false" && k != reflect.Interface && k != reflect.Bool {
		raw = []byte("null")
	}
	if err := json.Unmarshal(raw, v.Addr().Interface()); err != nil {
		return s.errorf("%s: %v", v.Type(), err)
	}
	return nil
}

func pointerDecoder(t reflect.Type) (decoder, error) {
	inner, err := decoderOf(t.Elem())
	if err != nil {
		return nil, err
	}
	isBool := t.Elem().Kind() == reflect.Bool
	return func(s *scanner, v reflect.Value) error {
		if (isBool && s.word("null")) || (!isBool && s.null()) {
			return nil
		}
		v.Set(reflect.New(t.Elem()))
		return inner(s, v.Elem())
	}, nil
}

func sliceDecoder(t reflect.Type) (decoder, error) {
	inner, err := decoderOf(t.Elem())
	if err != nil {
		return nil, err
	}
	return func(s *scanner, v reflect.Value) error {
		if s.null() {
			return nil
		}
		return s.array(func() error {
			n := v.Len()
			if n == v.Cap() {
				v.Grow(max(n, 4))
			}
			v.SetLen(n + 1)
			v.Index(n).SetZero()
			return inner(s, v.Index(n))
		})
	}, nil
}

// structDecoder looks its plan up when it is used: a struct may hold structs of its own type.
func structDecoder(t reflect.Type) decoder {
	return func(s *scanner, v reflect.Value) error {
		if s.null() {
			return nil
		}
		p, err := planOf(t)
		if err != nil {
			return err
		}
		_, err = p.decode(s, v)
		return err
	}
}
