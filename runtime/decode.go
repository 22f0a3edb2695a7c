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
	"unsafe"
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

// Unmarshal reads JSON in Odoo's form into the value that dest points to, as the client reads answers: false is no
// value, `odoo:"field"` tags name the fields, a many2one may come in any of its shapes. It serves for results that were
// kept as json.RawMessage, and for what Odoo sends of its own accord. An error is a [*DecodeError].
func Unmarshal(data []byte, dest any) error { return decodeInto(data, "", dest) }

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
	err = decode(s, v.UnsafePointer())
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
	p, err := planOf(v.Type().Elem())
	if err != nil {
		return nil, err
	}
	return p.decodeAll(data, model, v)
}

func (p *plan) decodeAll(data []byte, model string, v reflect.Value) (ids []int64, err error) {
	s := &scanner{data: data}
	out := reflect.New(v.Type()).Elem()
	ids, err = p.decodeList(s, out)
	if err == nil {
		err = s.end()
	}
	if err != nil {
		return nil, located(err, model)
	}
	v.Set(out)
	return ids, nil
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

// decoder reads one value into the Go value that p points to, which is zero and of the type that the decoder was made
// for. This, and not reflect.Value, is a third of the decoder's speed. What keeps it safe: a plan has the decoder that
// [decoderOf] made for the type of each of its fields, and the offset that the compiler gave the field; the pointers are
// to whole structs, which they keep alive; and no pointer is made of anything else, the bytes of an answer least of all.
type decoder func(s *scanner, p unsafe.Pointer) error

// decodeTo reads one value into v, which is zero and of the field's type.
func (f *planField) decodeTo(s *scanner, v reflect.Value) error {
	return f.decode(s, v.Addr().UnsafePointer())
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

// falseIsZero tells of the types that most fields have that false is their zero value, whatever decodes them.
func falseIsZero(t reflect.Type) bool {
	switch {
	case t == typeTime, t == typeDate, isGeneric(t, "Ref"), isGeneric(t, "ID"):
		return true
	case reflect.PointerTo(t).Implements(typeJSON), reflect.PointerTo(t).Implements(typeText):
		return false
	}
	return t.Kind() >= reflect.Bool && t.Kind() <= reflect.Float64 || t.Kind() == reflect.String
}

// isRecord tells whether a struct is read as a record.
func isRecord(t reflect.Type) bool {
	switch {
	case t.Kind() != reflect.Struct, t == typeTime, t == typeDate, t == typeReference, isGeneric(t, "Ref"):
		return false
	case reflect.PointerTo(t).Implements(typeJSON), reflect.PointerTo(t).Implements(typeText):
		return false
	}
	return hasTags(t)
}

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
		return foreignDecoder(t), nil
	case reflect.PointerTo(t).Implements(typeText):
		return textDecoder(t), nil
	case isBinary(t):
		return decodeBinary, nil
	case isEndless(t):
		return nil, fmt.Errorf("orm: the Go type %s holds nothing but itself", t)
	}
	if d := numberDecoder(t); d != nil {
		return d, nil
	}
	switch t.Kind() {
	case reflect.String:
		if t == typeString {
			return decodeString, nil
		}
		return decodeSelection, nil
	case reflect.Bool:
		return decodeBool, nil
	case reflect.Pointer:
		return pointerDecoder(t)
	case reflect.Slice:
		return sliceDecoder(t)
	case reflect.Struct:
		if isRecord(t) {
			return structDecoder(t), nil
		}
	case reflect.Chan, reflect.Func, reflect.UnsafePointer:
		return nil, fmt.Errorf("orm: no value of Odoo fits the Go type %s", t)
	}
	return foreignDecoder(t), nil
}

// foreignDecoder leaves a type that is not ours to encoding/json, with null for no value.
func foreignDecoder(t reflect.Type) decoder {
	takesFalse := t.Kind() == reflect.Interface || t.Kind() == reflect.Bool
	return func(s *scanner, p unsafe.Pointer) error {
		raw, err := s.raw()
		if err != nil {
			return err
		}
		if string(raw) == "false" && !takesFalse {
			raw = []byte("null")
		}
		if err := json.Unmarshal(raw, reflect.NewAt(t, p).Interface()); err != nil {
			return s.errorf("%s: %v", t, err)
		}
		return nil
	}
}

func pointerDecoder(t reflect.Type) (decoder, error) {
	inner, err := decoderOf(t.Elem())
	if err != nil {
		return nil, err
	}
	isBool := t.Elem().Kind() == reflect.Bool
	return func(s *scanner, p unsafe.Pointer) error {
		if (isBool && s.word("null")) || (!isBool && s.null()) {
			return nil
		}
		v := reflect.New(t.Elem())
		reflect.NewAt(t, p).Elem().Set(v)
		return inner(s, v.UnsafePointer())
	}, nil
}

func sliceDecoder(t reflect.Type) (decoder, error) {
	if isGeneric(t.Elem(), "ID") {
		return decodeIDs, nil
	}
	inner, err := decoderOf(t.Elem())
	if err != nil {
		return nil, err
	}
	if isRecord(t.Elem()) {
		return recordsDecoder(t), nil
	}
	return func(s *scanner, p unsafe.Pointer) error {
		if s.null() {
			return nil
		}
		v := reflect.NewAt(t, p).Elem()
		return s.array(func() error { return inner(s, appended(v)) })
	}, nil
}

// appended makes the slice v one element longer, and gives the new element.
func appended(v reflect.Value) unsafe.Pointer {
	n := v.Len()
	if n == v.Cap() {
		v.Grow(max(n, 4))
	}
	v.SetLen(n + 1)
	v.Index(n).SetZero()
	return v.Index(n).Addr().UnsafePointer()
}
