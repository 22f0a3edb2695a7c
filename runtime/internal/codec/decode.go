package codec

import (
	"encoding"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"sync"
	"time"
	"unsafe"
)

// Error is a value that the destination cannot hold. Nothing of the answer that contains it is used.
type Error struct {
	Field  string // the field, "" if the answer as a whole is at fault
	ID     int64  // the record, 0 if unknown
	Reason string
}

func (e *Error) Error() string { return e.Reason }

// Unmarshal reads the whole of data into the value that dest points to.
func Unmarshal(data []byte, dest any) error {
	v := reflect.ValueOf(dest)
	if v.Kind() != reflect.Pointer || v.IsNil() {
		return fmt.Errorf("orm: the destination must be a pointer that is not nil, got %T", dest)
	}
	decode, err := decoderOf(v.Type().Elem())
	if err != nil {
		return err
	}
	v.Elem().SetZero()
	s := &Scanner{data: data}
	err = decode(s, v.UnsafePointer())
	if err == nil {
		err = s.End()
	}
	return err
}

// DecodeRecords reads a list of records into v, a slice of the struct of the plan, and returns their ids: 0 for a record
// whose id is not a number.
func (p *Plan) DecodeRecords(data []byte, v reflect.Value) (ids []int64, err error) {
	ids, _, err = p.decodeRecords(&Scanner{data: data}, v)
	return ids, err
}

func (p *Plan) decodeRecords(s *Scanner, v reflect.Value) (ids []int64, gaps []Gap, err error) {
	out := reflect.New(v.Type()).Elem()
	ids, gaps, err = p.decodeList(s, out)
	if err == nil {
		err = s.End()
	}
	if err != nil {
		return nil, nil, err
	}
	v.Set(out)
	return ids, gaps, nil
}

// InField says where an error is: in the field of the record with the id. For a record within that field, the fields
// make a dotted path.
func InField(err error, id int64, field string) error {
	e, nested := errors.AsType[*Error](err)
	if !nested {
		return &Error{ID: id, Field: field, Reason: err.Error()}
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
type decoder func(s *Scanner, p unsafe.Pointer) error

// Decode reads the value at the start of data into v, which is zero and of the field's type.
func (f *Field) Decode(data []byte, v reflect.Value) error {
	return f.decode(&Scanner{data: data}, v.Addr().UnsafePointer())
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
)

// isBinary tells whether t is []byte or a named type of it.
func isBinary(t reflect.Type) bool { return t.Kind() == reflect.Slice && t.Elem() == typeByte }

// IsBase64 reports whether values of the type are read from base64.
func IsBase64(t reflect.Type) bool {
	return isBinary(t) && !reflect.PointerTo(t).Implements(typeJSON) && !reflect.PointerTo(t).Implements(typeText)
}

// falseIsZero tells of the types that most fields have that false is their zero value, whatever decodes them.
func falseIsZero(t reflect.Type) bool {
	switch {
	case t == typeTime, Is(t, "Date"), Is(t, "Ref"), Is(t, "ID"):
		return true
	case reflect.PointerTo(t).Implements(typeJSON), reflect.PointerTo(t).Implements(typeText):
		return false
	}
	return t.Kind() >= reflect.Bool && t.Kind() <= reflect.Float64 || t.Kind() == reflect.String
}

// isRecord tells whether a struct is read as a record.
func isRecord(t reflect.Type) bool {
	switch {
	case t.Kind() != reflect.Struct, t == typeTime, Is(t, "Date"), Is(t, "Reference"), Is(t, "Ref"):
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
	case Is(t, "Date"):
		return decodeDate, nil
	case Is(t, "Reference"):
		return decodeReference, nil
	case t == typeRaw:
		return decodeRaw, nil
	case Is(t, "Ref"):
		return decodeRef, nil
	case Is(t, "ID"):
		return decodeID, nil
	case Is(t, "TextRef"):
		return decodeTextRef, nil
	case Is(t, "TextID"):
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
	return func(s *Scanner, p unsafe.Pointer) error {
		raw, err := s.Raw()
		if err != nil {
			return err
		}
		if string(raw) == "false" && !takesFalse {
			raw = []byte("null")
		}
		if err := json.Unmarshal(raw, reflect.NewAt(t, p).Interface()); err != nil {
			return s.Errorf("%s: %v", t, err)
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
	return func(s *Scanner, p unsafe.Pointer) error {
		if (isBool && s.word("null")) || (!isBool && s.Null()) {
			return nil
		}
		v := reflect.New(t.Elem())
		reflect.NewAt(t, p).Elem().Set(v)
		return inner(s, v.UnsafePointer())
	}, nil
}

func sliceDecoder(t reflect.Type) (decoder, error) {
	if Is(t.Elem(), "ID") {
		return decodeIDs, nil
	}
	inner, err := decoderOf(t.Elem())
	if err != nil {
		return nil, err
	}
	if isRecord(t.Elem()) {
		return recordsDecoder(t), nil
	}
	return func(s *Scanner, p unsafe.Pointer) error {
		if s.Null() {
			return nil
		}
		v := reflect.NewAt(t, p).Elem()
		return s.Array(func() error { return inner(s, appended(v)) })
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
