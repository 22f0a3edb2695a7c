package codec

import (
	"bytes"
	"database/sql"
	"encoding"
	"encoding/base64"
	"math"
	"reflect"
	"strconv"
	"time"
	"unicode"
	"unsafe"

	simd "github.com/segmentio/asm/base64"
)

// The decoders of the values that Odoo has.

func decodeString(s *reader, p unsafe.Pointer) error {
	text, err := s.text()
	*(*string)(p) = s.keep.text(text)
	return err
}

// decodeSelection reads a named text, of which there are few.
func decodeSelection(s *reader, p unsafe.Pointer) error {
	text, err := s.text()
	*(*string)(p) = s.keep.intern(text)
	return err
}

// text reads a string, or the text of a number: selections may have integer keys. No value is "".
func (s *Scanner) text() ([]byte, error) {
	switch c := s.Peek(); {
	case c == '"':
		return s.str()
	case c == '-' || c-'0' <= 9:
		return s.number()
	case s.Null():
		return nil, nil
	}
	return nil, s.want("a string")
}

// textDecoder hands a text, or the text of a number, to a type that reads itself from one.
func textDecoder(t reflect.Type) decoder {
	first := isEnum(t)
	return func(s *reader, p unsafe.Pointer) error {
		if !first && s.Null() {
			return nil
		}
		text, err := s.text()
		if err != nil {
			return err
		}
		if err := reflect.NewAt(t, p).Interface().(encoding.TextUnmarshaler).UnmarshalText(bytes.Clone(text)); err != nil {
			return s.Errorf("%s: %v", t, err)
		}
		return nil
	}
}

// scanDecoder hands a value to a type that reads itself from a database.
func scanDecoder(t reflect.Type) decoder {
	return func(s *reader, p unsafe.Pointer) error {
		raw, err := s.Raw()
		if err != nil {
			return err
		}
		value, err := databaseValue(raw)
		if err == nil {
			err = reflect.NewAt(t, p).Interface().(sql.Scanner).Scan(value)
		}
		if err != nil {
			return s.Errorf("%s: %v", t, err)
		}
		return nil
	}
}

func decodeBool(s *reader, p unsafe.Pointer) error {
	if s.Null() {
		return nil
	}
	if !s.word("true") {
		return s.want("true or false")
	}
	*(*bool)(p) = true
	return nil
}

// numberDecoder is the decoder of a type of numbers, nil for any other.
func numberDecoder(t reflect.Type) decoder {
	switch t.Kind() {
	case reflect.Int:
		return intDecoder[int](t)
	case reflect.Int8:
		return intDecoder[int8](t)
	case reflect.Int16:
		return intDecoder[int16](t)
	case reflect.Int32:
		return intDecoder[int32](t)
	case reflect.Int64:
		return intDecoder[int64](t)
	case reflect.Uint:
		return intDecoder[uint](t)
	case reflect.Uint8:
		return intDecoder[uint8](t)
	case reflect.Uint16:
		return intDecoder[uint16](t)
	case reflect.Uint32:
		return intDecoder[uint32](t)
	case reflect.Uint64:
		return intDecoder[uint64](t)
	case reflect.Float32:
		return floatDecoder[float32](t)
	case reflect.Float64:
		return floatDecoder[float64](t)
	}
	return nil
}

func intDecoder[T int | int8 | int16 | int32 | int64 | uint | uint8 | uint16 | uint32 | uint64](t reflect.Type) decoder {
	return func(s *reader, p unsafe.Pointer) error {
		n, err := s.integer()
		if err != nil {
			return err
		}
		v := T(n)
		if int64(v) != n || (v < 0) != (n < 0) {
			return s.Errorf("%d is outside the Go type %s", n, t)
		}
		*(*T)(p) = v
		return nil
	}
}

func floatDecoder[T float32 | float64](t reflect.Type) decoder {
	return func(s *reader, p unsafe.Pointer) error {
		f, err := s.float()
		if err != nil {
			return err
		}
		v := T(f)
		if math.IsInf(float64(v), 0) && !math.IsInf(f, 0) {
			return s.Errorf("%v is too large for the Go type %s", f, t)
		}
		*(*T)(p) = v
		return nil
	}
}

func decodeTime(s *reader, p unsafe.Pointer) error {
	if t, ok := s.plainTime(); ok {
		*(*time.Time)(p) = t
		return nil
	}
	if s.Null() {
		return nil
	}
	text, err := s.str()
	if err != nil {
		return err
	}
	t, err := ParseTime(text)
	if err != nil {
		return s.Errorf("%.40q is %v", text, err)
	}
	*(*time.Time)(p) = t
	return nil
}

// plainTime reads a time as Odoo writes it. Nothing is consumed of any other value.
func (s *Scanner) plainTime() (time.Time, bool) {
	const form = `"2006-01-02 15:04:05"`
	end := s.pos + len(form)
	if end > len(s.data) || s.data[s.pos] != '"' || s.data[end-1] != '"' {
		return time.Time{}, false
	}
	t, ok := parsePlainTime(s.data[s.pos+1 : end-1])
	if ok {
		s.pos = end
	}
	return t, ok
}

func decodeDate(s *reader, p unsafe.Pointer) error {
	if s.Null() {
		return nil
	}
	text, err := s.str()
	if err != nil {
		return err
	}
	d, err := ParseDate(text)
	if err != nil {
		return s.Errorf("%.40q is %v", text, err)
	}
	*(*Date)(p) = d
	return nil
}

func decodeReference(s *reader, p unsafe.Pointer) error {
	if s.Null() {
		return nil
	}
	text, err := s.str()
	if err != nil {
		return err
	}
	r, err := ParseReference(string(text))
	if err != nil {
		return s.Errorf("%v", err)
	}
	*(*Reference)(p) = r
	return nil
}

func decodeRaw(s *reader, p unsafe.Pointer) error {
	raw, err := s.Raw()
	*(*[]byte)(p) = append([]byte(nil), raw...)
	return err
}

// decodeBinary reads base64, in webhooks within b'…', and nothing else. Some binary fields are not base64, which does not show in every value:
// "deadbeef" may be a text. Their type is json.RawMessage.
func decodeBinary(s *reader, p unsafe.Pointer) error {
	if s.Null() {
		return nil
	}
	if data, ok := s.base64(); ok {
		*(*[]byte)(p) = data
		return nil
	}
	if c := s.Peek(); c == '[' || c == '{' {
		return s.Errorf("want base64, got %.40q%s", s.glimpse(), useRaw)
	}
	text, err := s.str()
	if err != nil {
		return err
	}
	if isSize(text) {
		return s.Errorf("%.40q is the size of a binary: \"bin_size\" is in the context", text)
	}
	text = withoutPythonQuotes(text)
	out := make([]byte, base64.StdEncoding.DecodedLen(len(text)))
	n, err := base64.StdEncoding.Decode(out, text)
	if err != nil {
		return s.Errorf("want base64, got %.40q%s", text, useRaw)
	}
	*(*[]byte)(p) = out[:n:n]
	return nil
}

// withoutPythonQuotes returns the content of b'…', Python's form of bytes, which webhooks of Odoo send for binaries. It is never
// base64 itself.
func withoutPythonQuotes(text []byte) []byte {
	if inner, ok := bytes.CutPrefix(text, []byte("b'")); ok && bytes.HasSuffix(inner, []byte("'")) {
		return inner[:len(inner)-1]
	}
	return text
}

const useRaw = ": read the field into a json.RawMessage"

// base64 reads a string of nothing but base64. No other string is consumed.
func (s *Scanner) base64() ([]byte, bool) {
	if s.Peek() != '"' {
		return nil, false
	}
	n := bytes.IndexByte(s.data[s.pos+1:], '"')
	if n < 4 || n%4 != 0 {
		return nil, false
	}
	text := s.data[s.pos+1 : s.pos+1+n]
	out := make([]byte, n/4*3)
	// All but the end by the fast way, which takes bits after the end that can't have been written.
	done, err := simd.StdEncoding.Decode(out, text[:n-4])
	if err != nil || done != len(out)-3 {
		return nil, false
	}
	last, err := base64.StdEncoding.Strict().Decode(out[done:], text[n-4:])
	if err != nil || last == 0 {
		return nil, false
	}
	s.pos += n + 2
	return out[:done+last], true
}

// isSize reports whether a text is what Odoo sends for a binary under "bin_size": "12.50 Kb", the unit in the user's language.
func isSize(text []byte) bool {
	number, unit, ok := bytes.Cut(text, []byte(" "))
	_, err := strconv.ParseFloat(string(number), 64)
	return ok && err == nil && unit != nil && !bytes.ContainsFunc(unit, func(r rune) bool { return !unicode.IsLetter(r) })
}

// decodeID reads the id of a record or of a many2one, however the method at hand sends it.
func decodeID(s *reader, p unsafe.Pointer) error {
	if id, ok := s.whole(); ok {
		*(*int64)(p) = id
		return nil
	}
	id, _, err := s.Many2one()
	*(*int64)(p) = id
	return err
}

// decodeRef reads a many2one. The Refs of all models are alike.
func decodeRef(s *reader, p unsafe.Pointer) error {
	id, name, err := s.Many2one()
	*(*Ref)(p) = Ref{id, s.keep.intern(name)}
	return err
}

// decodeIDs reads a relation to many. The IDs of all models are alike.
func decodeIDs(s *reader, p unsafe.Pointer) error {
	if s.Null() {
		return nil
	}
	list := s.keep.room()
	err := s.Array(func() error {
		id, _, err := s.Many2one()
		list = append(list, id)
		return err
	})
	if len(list) > 0 {
		*(*[]int64)(p) = s.keep.commit(list)
	}
	return err
}

// Many2one reads [id, name], [id, false], a bare id, {"id": …, "display_name": …} or no value. The name is valid until
// the next string is read.
func (s *Scanner) Many2one() (id int64, name []byte, err error) {
	switch s.Peek() {
	case '[':
		return s.pair()
	case '{':
		return s.target()
	}
	id, err = s.integer()
	return id, nil, err
}

// pair reads [id, name]. A list of another length, or of ids alone, is not a many2one but a relation to many.
func (s *Scanner) pair() (id int64, name []byte, err error) {
	s.pos++
	if err := s.enter(); err != nil {
		return 0, nil, err
	}
	n := 0
	for done := s.eat(']'); !done; {
		switch n++; n {
		case 1:
			id, err = s.integer()
		case 2:
			name, err = s.optional()
		default:
			err = s.want("the end of a many2one")
		}
		if err == nil {
			done, err = s.more(']')
		}
		if err != nil {
			return 0, nil, err
		}
	}
	s.leave()
	if n != 2 {
		err = s.Errorf("want the id and the name of a many2one, got a list of %d", n)
	}
	return id, name, err
}

// target reads an object with an id and perhaps a display name.
func (s *Scanner) target() (id int64, name []byte, err error) {
	found := false
	err = s.Object(func(key []byte) (err error) {
		switch string(key) {
		case NameID:
			found = true
			id, err = s.integer()
		case "display_name":
			name, err = s.optional()
			name = bytes.Clone(name)
		default:
			err = s.Skip()
		}
		return err
	})
	if err == nil && !found {
		err = s.Errorf("want a many2one, got an object without an id")
	}
	return id, name, err
}

// optional reads a string; no value is "".
func (s *Scanner) optional() ([]byte, error) {
	if s.Null() {
		return nil, nil
	}
	return s.str()
}
