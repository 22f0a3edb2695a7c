package odootest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"unicode/utf16"
)

// decode reads JSON into nil, bool, int64, float64, string, []any and map[string]any, the values that the server
// works on.
func decode(data []byte) (any, error) {
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	var v any
	err := d.Decode(&v)
	if err != nil && strings.HasSuffix(err.Error(), "exceeded max depth") {
		return nil, errTooDeep
	}
	if err != nil {
		return nil, err
	}
	return numbers(v)
}

// errTooDeep is JSON with more than 10,000 lists in one another, which Python refuses as well.
var errTooDeep error = &Error{Class: classRecursion, Message: recursionDepth + " while decoding a JSON array from a unicode string"}

// numbers turns the numbers in v into int64 and float64.
func numbers(v any) (any, error) {
	var err error
	switch v := v.(type) {
	case json.Number:
		if n, err := v.Int64(); err == nil {
			return n, nil
		}
		return v.Float64()
	case []any:
		for i := range v {
			if v[i], err = numbers(v[i]); err != nil {
				return nil, err
			}
		}
	case map[string]any:
		for key := range v {
			if v[key], err = numbers(v[key]); err != nil {
				return nil, err
			}
		}
	}
	return v, nil
}

// plain turns Go values into those that come over the wire.
func plain(v any) (any, error) {
	data, err := json.Marshal(v)
	if err != nil {
		return nil, fmt.Errorf("odootest: %w", err)
	}
	return decode(data)
}

// encode writes JSON as Odoo does: without the escapes that only HTML needs.
func encode(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(v)
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), err
}

// ascii escapes what is not ASCII in a JSON text, as Python does by default.
func ascii(data []byte) []byte {
	var b strings.Builder
	for _, r := range string(data) {
		switch {
		case r < 0x80:
			b.WriteRune(r)
		case r < 0x10000:
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			high, low := utf16.EncodeRune(r)
			fmt.Fprintf(&b, `\u%04x\u%04x`, high, low)
		}
	}
	return []byte(b.String())
}

// float is a number that stays one with a fraction on the wire: Python distinguishes 1.0 from 1.
type float float64

// MarshalJSON writes the number as Python does.
func (f float) MarshalJSON() ([]byte, error) { return []byte(reprFloat(float64(f))), nil }

// row is a record on the wire. Odoo sends the keys in the order that they were asked for.
type row struct {
	keys   []string
	values []any
}

func (r *row) set(key string, value any) {
	r.keys, r.values = append(r.keys, key), append(r.values, value)
}

// MarshalJSON keeps the order of the keys.
func (r *row) MarshalJSON() ([]byte, error) {
	b := []byte{'{'}
	for i, key := range r.keys {
		if i > 0 {
			b = append(b, ',')
		}
		for j, part := range []any{key, r.values[i]} {
			if j > 0 {
				b = append(b, ':')
			}
			text, err := encode(part)
			if err != nil {
				return nil, err
			}
			b = append(b, text...)
		}
	}
	return append(b, '}'), nil
}
