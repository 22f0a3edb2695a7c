package orm

import (
	"bytes"
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
)

// encoder appends the JSON that Odoo takes for the value v.
type encoder func(b []byte, v reflect.Value) ([]byte, error)

// appendValue writes any Go value as the JSON that Odoo takes for it.
func appendValue(b []byte, value any) ([]byte, error) {
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

var (
	typeExpr        = reflect.TypeFor[Expr]()
	typeString      = reflect.TypeFor[string]()
	typeMarshalJSON = reflect.TypeFor[json.Marshaler]()
	typeMarshalText = reflect.TypeFor[encoding.TextMarshaler]()
)

func newEncoder(t reflect.Type) encoder {
	switch {
	case t == typeTime:
		return encodeTime
	case t == typeDate:
		return encodeDate
	case t == typeReference:
		return encodeReference
	case t == typeRaw:
		return encodeRaw
	case t == typeExpr, isGeneric(t, "Domain"):
		return encodeExpr
	case isGeneric(t, "Opt"):
		return encodeOpt
	case isGeneric(t, "Ref"):
		return func(b []byte, v reflect.Value) ([]byte, error) { return encodeID(b, v.Field(0)) }
	case isGeneric(t, "ID"):
		return encodeID
	case isGeneric(t, "TextRef"):
		return func(b []byte, v reflect.Value) ([]byte, error) { return encodeSelection(b, v.Field(0)) }
	case isGeneric(t, "Command"):
		return pointed(encodeCommand)
	case t.Kind() == reflect.Pointer && marshals(t.Elem()):
		return encodeElem
	case marshals(t) && t.Kind() == reflect.String:
		return encodeNamed
	case marshals(t):
		return encodeForeign
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
	case reflect.Pointer, reflect.Interface:
		return encodeElem
	case reflect.Slice, reflect.Array:
		if t.Kind() == reflect.Slice && isGeneric(t.Elem(), "Command") {
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

// marshals tells whether a type writes its own JSON or text.
func marshals(t reflect.Type) bool {
	return t.Implements(typeMarshalJSON) || t.Implements(typeMarshalText)
}

func encodeExpr(b []byte, v reflect.Value) ([]byte, error) {
	return appendExpr(b, v.Convert(typeExpr).Interface().(Expr))
}

func encodeString(b []byte, v reflect.Value) ([]byte, error) { return appendString(b, v.String()) }

// encodeSelection writes a named text; the empty one is no choice.
func encodeSelection(b []byte, v reflect.Value) ([]byte, error) {
	if v.Len() == 0 {
		return appendFalse(b), nil
	}
	return appendString(b, v.String())
}

// encodeNamed is encodeSelection for a text that writes itself.
func encodeNamed(b []byte, v reflect.Value) ([]byte, error) {
	if v.Len() == 0 {
		return appendFalse(b), nil
	}
	return encodeForeign(b, v)
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
	d := v.Interface().(Date)
	if d.IsZero() {
		return appendFalse(b), nil
	}
	b, err := appendDate(append(b, '"'), d)
	return append(b, '"'), err
}

func encodeReference(b []byte, v reflect.Value) ([]byte, error) {
	r := v.Interface().(Reference)
	if r == (Reference{}) {
		return appendFalse(b), nil
	}
	return appendString(b, r.String())
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
	if OptState(v.Field(optState).Uint()) != Present {
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
		if !v.CanAddr() {
			copied := reflect.New(v.Type()).Elem()
			copied.Set(v)
			v = copied
		}
		return encode(b, v.Addr().UnsafePointer())
	}
}

func appendMember(b []byte, name string, encode encoder, v reflect.Value) ([]byte, error) {
	b, err := appendString(b, name)
	if err != nil {
		return b, err
	}
	if b, err = encode(append(b, ':'), v); err != nil {
		return b, fmt.Errorf("%s: %w", name, err)
	}
	return b, nil
}

// isAbsent tells whether a write leaves the field alone: the zero Opt, or no list of commands.
func isAbsent(v reflect.Value) bool {
	if v.Kind() == reflect.Slice {
		return v.IsNil() && isGeneric(v.Type().Elem(), "Command")
	}
	return isGeneric(v.Type(), "Opt") && OptState(v.Field(optState).Uint()) == Absent
}

// appendString writes a JSON string. The text is no part of its errors: it may be a password.
func appendString(b []byte, s string) ([]byte, error) {
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

// appendExpr writes a domain in Odoo's Polish notation: a list in which each & and | stands before its two operands
// and each ! before its one.
func appendExpr(b []byte, e Expr) ([]byte, error) {
	b = append(b, '[')
	if e.node != nil {
		var err error
		if b, err = appendTerms(b, e.node); err != nil {
			return b, err
		}
	}
	return append(b, ']'), nil
}

func appendTerms(b []byte, n *node) ([]byte, error) {
	switch n.kind {
	case kindNever:
		return append(b, `[0,"=",1]`...), nil
	case kindLeaf:
		return appendLeaf(b, n.field, n.operator, n.value)
	case kindAny:
		return appendLeaf(b, n.field, "any", n.kids[0])
	case kindNot:
		return appendTerms(append(b, `"!",`...), n.kids[0].node)
	}
	sign := `"&",`
	if n.kind == kindOr {
		sign = `"|",`
	}
	for i, kid := range n.kids {
		if i < len(n.kids)-1 {
			b = append(b, sign...)
		}
		var err error
		if b, err = appendTerms(b, kid.node); err != nil {
			return b, err
		}
		if i < len(n.kids)-1 {
			b = append(b, ',')
		}
	}
	return b, nil
}

func appendLeaf(b []byte, field, operator string, value any) ([]byte, error) {
	b = append(b, '[')
	for _, text := range []string{field, operator} {
		var err error
		if b, err = appendString(b, text); err != nil {
			return b, err
		}
		b = append(b, ',')
	}
	b, err := appendValue(b, value)
	if err != nil {
		return b, fmt.Errorf("condition on %s: %w", field, err)
	}
	return append(b, ']'), nil
}

// AppendJSON appends a value as the JSON that a call sends for it: the counterpart of [Unmarshal]. Structs are written by
// their odoo tags, without the fields that are absent.
func AppendJSON(b []byte, v any) ([]byte, error) { return appendValue(b, v) }

var buffers = sync.Pool{New: func() any { return new([]byte) }}

// The largest buffer to be used again: larger ones are rare, and would stay.
const maxBuffer = 4 << 20

// inBuffer gives what write appends. A buffer that is used again spares the copies of one that grows; the result is no
// part of it, since a transport may read a body for longer than its call lasts.
func inBuffer(write func(b []byte) ([]byte, error)) ([]byte, error) {
	buffer := buffers.Get().(*[]byte)
	b, err := write((*buffer)[:0])
	if err != nil {
		return nil, err
	}
	out := bytes.Clone(b)
	if cap(b) <= maxBuffer {
		*buffer = b
		buffers.Put(buffer)
	}
	return out, nil
}
