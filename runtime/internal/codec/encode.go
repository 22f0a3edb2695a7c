package codec

import (
	"bytes"
	"database/sql/driver"
	"encoding"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode/utf8"
	"unsafe"
)

// encoder appends the JSON that Odoo takes for the value v.
type encoder func(b []byte, v reflect.Value) ([]byte, error)

// Append appends any Go value as the JSON that Odoo takes for it.
func Append(b []byte, value any) ([]byte, error) {
	if value == nil {
		return append(b, "null"...), nil
	}
	v := reflect.ValueOf(value)
	return encoderOf(v.Type())(b, v)
}

func appendFalse(b []byte) []byte { return append(b, "false"...) }

var encoders sync.Map // reflect.Type → encoder

// encoderOf is the encoder of a Go type, made once.
func encoderOf(t reflect.Type) encoder {
	if e, ok := encoders.Load(t); ok {
		return e.(encoder)
	}
	e := newEncoder(t)
	encoders.Store(t, e)
	return e
}

func newEncoder(t reflect.Type) encoder {
	switch {
	case t == typeTime:
		return encodeTime
	case Is(t, "Date"):
		return encodeDate
	case Is(t, "Reference"):
		return encodeReference
	case t == typeRaw:
		return encodeRaw
	case t == typeNamed:
		return encodeNamedStruct
	case Is(t, "Expr"), Is(t, "Domain"):
		return exprEncoder(t)
	case Is(t, "Opt"):
		return encodeOpt
	case Is(t, "Ref"):
		return func(b []byte, v reflect.Value) ([]byte, error) { return encodeID(b, v.Field(0)) }
	case Is(t, "ID"):
		return encodeID
	case Is(t, "TextRef"):
		return func(b []byte, v reflect.Value) ([]byte, error) { return encodeSelection(b, v.Field(0)) }
	case Is(t, "Command"):
		return pointed(encodeCommand)
	case t.Kind() == reflect.Pointer, t.Kind() == reflect.Interface:
		return encodeElem
	case writesItself(t), isNumber(t) && t.Kind() == reflect.String:
		return ownEncoder(t)
	case isBinary(t):
		return encodeBinary
	}
	switch t.Kind() {
	case reflect.String:
		if t == typeString {
			return encodeString
		}
		return encodeSelection
	case reflect.Bool:
		return func(b []byte, v reflect.Value) ([]byte, error) { return strconv.AppendBool(b, v.Bool()), nil }
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return func(b []byte, v reflect.Value) ([]byte, error) { return strconv.AppendInt(b, v.Int(), 10), nil }
	case reflect.Float32, reflect.Float64:
		return encodeFloat
	case reflect.Slice, reflect.Array:
		if t.Kind() == reflect.Slice && Is(t.Elem(), "Command") {
			return pointed(encodeCommands)
		}
		return listEncoder(t.Elem())
	case reflect.Map:
		if t.Key().Kind() == reflect.String {
			return encodeMap
		}
	case reflect.Struct:
		if hasTags(t) {
			return pointed(structEncoder(t))
		}
	}
	return encodeForeign
}

// Appender is implemented by the pointer to the tree of a condition, which is the only field of orm.Expr and orm.Domain.
type Appender interface {
	// AppendJSON appends the condition; that of a nil pointer matches every record.
	AppendJSON(b []byte) ([]byte, error)
}

func exprEncoder(t reflect.Type) encoder {
	tree := t.Field(0).Type
	return pointed(func(b []byte, p unsafe.Pointer) ([]byte, error) {
		return reflect.NewAt(tree, p).Elem().Interface().(Appender).AppendJSON(b)
	})
}

func encodeString(b []byte, v reflect.Value) ([]byte, error) { return AppendString(b, v.String()) }

// encodeSelection writes a named text; the empty one is no choice.
func encodeSelection(b []byte, v reflect.Value) ([]byte, error) {
	if v.Len() == 0 {
		return appendFalse(b), nil
	}
	return AppendString(b, v.String())
}

func encodeID(b []byte, v reflect.Value) ([]byte, error) {
	if v.Int() == 0 {
		return appendFalse(b), nil
	}
	return strconv.AppendInt(b, v.Int(), 10), nil
}

func encodeFloat(b []byte, v reflect.Value) ([]byte, error) {
	return appendFloat(b, v.Float(), v.Type().Bits())
}

func appendFloat(b []byte, f float64, bits int) ([]byte, error) {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return b, fmt.Errorf("%v is not a number that Odoo takes", f)
	}
	return strconv.AppendFloat(b, f, 'g', -1, bits), nil
}

func encodeTime(b []byte, v reflect.Value) ([]byte, error) {
	t := v.Interface().(time.Time)
	if t.IsZero() {
		return appendFalse(b), nil
	}
	b, err := appendTime(append(b, '"'), t)
	return append(b, '"'), err
}

func encodeDate(b []byte, v reflect.Value) ([]byte, error) {
	d := v.Convert(typeDate).Interface().(Date)
	if d == (Date{}) {
		return appendFalse(b), nil
	}
	b, err := AppendDate(append(b, '"'), d)
	return append(b, '"'), err
}

func encodeReference(b []byte, v reflect.Value) ([]byte, error) {
	r := v.Convert(typeReference).Interface().(Reference)
	if r == (Reference{}) {
		return appendFalse(b), nil
	}
	return AppendString(b, r.String())
}

func encodeBinary(b []byte, v reflect.Value) ([]byte, error) {
	if v.Len() == 0 {
		return appendFalse(b), nil
	}
	b = base64.StdEncoding.AppendEncode(append(b, '"'), v.Bytes())
	return append(b, '"'), nil
}

func encodeRaw(b []byte, v reflect.Value) ([]byte, error) {
	raw := v.Bytes()
	if len(raw) == 0 {
		return appendFalse(b), nil
	}
	if !json.Valid(raw) {
		return b, fmt.Errorf("%.40q is not JSON", raw)
	}
	return append(b, raw...), nil
}

func encodeOpt(b []byte, v reflect.Value) ([]byte, error) {
	if uint8(v.Field(optState).Uint()) != present {
		return appendFalse(b), nil
	}
	return encoderOf(v.Field(optValue).Type())(b, v.Field(optValue))
}

func encodeElem(b []byte, v reflect.Value) ([]byte, error) {
	if v.IsNil() {
		return append(b, "null"...), nil
	}
	return encoderOf(v.Elem().Type())(b, v.Elem())
}

// encodeForeign leaves a type that is not ours to encoding/json.
func encodeForeign(b []byte, v reflect.Value) ([]byte, error) {
	raw, err := json.Marshal(v.Interface())
	return append(b, raw...), err
}

// ownEncoder is the encoder of a type that writes itself.
func ownEncoder(t reflect.Type) encoder {
	if isNumber(t) {
		return encodeNumber
	}
	zero := isFalse(t)
	return func(b []byte, v reflect.Value) ([]byte, error) {
		if zero && v.IsZero() {
			return appendFalse(b), nil
		}
		return appendOwn(b, v)
	}
}

// appendOwn writes a value by its own methods.
func appendOwn(b []byte, v reflect.Value) ([]byte, error) {
	v = addressable(v)
	switch own := v.Addr().Interface().(type) {
	case json.Marshaler, encoding.TextMarshaler:
		raw, err := json.Marshal(own)
		return append(b, raw...), err
	case driver.Valuer:
		value, err := own.Value()
		if err != nil {
			return b, err
		}
		return appendDatabaseValue(b, value)
	}
	return b, fmt.Errorf("%s does not write itself", v.Type())
}

func appendDatabaseValue(b []byte, value driver.Value) ([]byte, error) {
	switch value := value.(type) {
	case nil:
		return appendFalse(b), nil
	case []byte:
		return AppendString(b, string(value))
	case time.Time:
		return encodeTime(b, reflect.ValueOf(value))
	}
	return Append(b, value)
}

// encodeNumber writes the text of a number without quotes.
func encodeNumber(b []byte, v reflect.Value) ([]byte, error) {
	v = addressable(v)
	var text []byte
	var err error
	switch own := v.Addr().Interface().(type) {
	case encoding.TextMarshaler:
		text, err = own.MarshalText()
	case json.Marshaler:
		text, err = own.MarshalJSON()
		text = bytes.Trim(text, `"`)
	case driver.Valuer:
		var value driver.Value
		value, err = own.Value()
		text = fmt.Append(nil, value)
	default: // json.Number
		text = []byte(v.String())
		if len(text) == 0 {
			return appendFalse(b), nil
		}
	}
	if err != nil {
		return b, err
	}
	if !json.Valid(text) || text[0] != '-' && (text[0] < '0' || text[0] > '9') {
		return b, fmt.Errorf("%.40q is not a number that Odoo takes", text)
	}
	return append(b, text...), nil
}

// listEncoder looks the encoder of the elements up when it is used: a type may hold lists of its own.
func listEncoder(elem reflect.Type) encoder {
	encode := sync.OnceValue(func() encoder { return encoderOf(elem) })
	return func(b []byte, v reflect.Value) ([]byte, error) {
		b, item := append(b, '['), encode()
		for i := range v.Len() {
			if i > 0 {
				b = append(b, ',')
			}
			var err error
			if b, err = item(b, v.Index(i)); err != nil {
				return b, err
			}
		}
		return append(b, ']'), nil
	}
}

func encodeMap(b []byte, v reflect.Value) ([]byte, error) {
	keys := v.MapKeys()
	slices.SortFunc(keys, func(x, y reflect.Value) int { return strings.Compare(x.String(), y.String()) })
	encode := encoderOf(v.Type().Elem())
	b = append(b, '{')
	for i, key := range keys {
		if i > 0 {
			b = append(b, ',')
		}
		var err error
		if b, err = appendMember(b, key.String(), encode, v.MapIndex(key)); err != nil {
			return b, err
		}
	}
	return append(b, '}'), nil
}

// pointed makes an encoder of one that takes a pointer.
func pointed(encode pointerEncoder) encoder {
	return func(b []byte, v reflect.Value) ([]byte, error) {
		return encode(b, addressable(v).Addr().UnsafePointer())
	}
}

func appendMember(b []byte, name string, encode encoder, v reflect.Value) ([]byte, error) {
	b, err := AppendString(b, name)
	if err != nil {
		return b, err
	}
	if b, err = encode(append(b, ':'), v); err != nil {
		return b, fmt.Errorf("%s: %w", name, err)
	}
	return b, nil
}

// IsAbsent reports whether a write leaves the field alone: the zero Opt, or no list of commands.
func IsAbsent(v reflect.Value) bool {
	if v.Kind() == reflect.Slice {
		return v.IsNil() && Is(v.Type().Elem(), "Command")
	}
	return Is(v.Type(), "Opt") && uint8(v.Field(optState).Uint()) == absent
}

// AppendString writes a JSON string. The text is no part of its errors: it may be a password.
func AppendString(b []byte, s string) ([]byte, error) {
	b = append(b, '"')
	start := len(b)
	b = append(b, s...)
	end, ascii := unescaped(b, start)
	switch {
	case !ascii && !utf8.ValidString(s), end < len(b) && !utf8.ValidString(s):
		return b[:start-1], errors.New("the text is not UTF-8")
	case end < len(b):
		b = appendEscaped(b[:end], s[end-start:])
	}
	return append(b, '"'), nil
}

func appendEscaped(b []byte, s string) []byte {
	from := 0
	for i := range len(s) {
		c := s[i]
		if c >= ' ' && c != '"' && c != '\\' {
			continue
		}
		b = append(b, s[from:i]...)
		from = i + 1
		if c < ' ' {
			b = fmt.Appendf(b, `\u%04x`, c)
		} else {
			b = append(b, '\\', c)
		}
	}
	return append(b, s[from:]...)
}
