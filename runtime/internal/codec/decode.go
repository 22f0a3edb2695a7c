package codec

import (
	"encoding/json"
	"fmt"
	"reflect"
	"sync"
	"unsafe"
)

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
	s := newReader(data)
	err = decode(s, v.UnsafePointer())
	if err == nil {
		err = s.End()
	}
	return err
}

// Decode reads the value at the start of data into v, which is zero and of the field's type.
func (f *Field) Decode(data []byte, v reflect.Value) error {
	return f.decode(newReader(data), v.Addr().UnsafePointer())
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
	case Is(t, "Opt"):
		return fieldDecoder(t, nil)
	case reflect.PointerTo(t).Implements(typeJSON):
		return foreignDecoder(t), nil
	case reflect.PointerTo(t).Implements(typeText):
		return textDecoder(t), nil
	case reflect.PointerTo(t).Implements(typeScanner):
		return scanDecoder(t), nil
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
	case reflect.Map:
		if t.Key() == typeString && t.Elem().Kind() != reflect.Interface && !nests(t, reflect.Slice, reflect.Pointer, reflect.Map) {
			return mapDecoder(t)
		}
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
	return func(s *reader, p unsafe.Pointer) error {
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
	return func(s *reader, p unsafe.Pointer) error {
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
	return func(s *reader, p unsafe.Pointer) error {
		if s.Null() {
			return nil
		}
		v := reflect.NewAt(t, p).Elem()
		return s.Array(func() error { return inner(s, appended(v)) })
	}, nil
}

// mapDecoder reads the values of an object as any other value is read: package encoding/json would not heed their tags.
func mapDecoder(t reflect.Type) (decoder, error) {
	inner, err := decoderOf(t.Elem())
	if err != nil {
		return nil, err
	}
	return func(s *reader, p unsafe.Pointer) error {
		if s.Null() {
			return nil
		}
		into := reflect.MakeMap(t)
		reflect.NewAt(t, p).Elem().Set(into)
		return s.Object(func(key []byte) error {
			name := reflect.ValueOf(string(key))
			value := reflect.New(t.Elem())
			if err := inner(s, value.UnsafePointer()); err != nil {
				return err
			}
			into.SetMapIndex(name, value.Elem())
			return nil
		})
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

// limited reads what inner does, and keeps as many of it as the limit allows: the server sends the ids of the others.
func limited(inner decoder, t reflect.Type, limit int) decoder {
	return func(s *reader, p unsafe.Pointer) error {
		err := inner(s, p)
		if v := reflect.NewAt(t, p).Elem(); v.Len() > limit {
			v.Set(v.Slice3(0, limit, limit))
		}
		return err
	}
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
