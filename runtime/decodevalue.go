package orm

import (
	"bytes"
	"encoding"
	"encoding/base64"
	"reflect"
	"strconv"
	"time"
	"unicode"
)

// The decoders of the values that Odoo has.

func decodeString(s *scanner, v reflect.Value) error {
	if s.null() {
		return nil
	}
	text, err := s.text()
	v.SetString(string(text))
	return err
}

// text reads a string, or a number as it is written: selections may have integer keys.
func (s *scanner) text() ([]byte, error) {
	if c := s.peek(); c == '-' || c >= '0' && c <= '9' {
		return s.number()
	}
	return s.str()
}

// decodeText hands a text, or a number as it is written, to a type that reads itself from one.
func decodeText(s *scanner, v reflect.Value) error {
	if s.null() {
		return nil
	}
	text, err := s.text()
	if err != nil {
		return err
	}
	if err := v.Addr().Interface().(encoding.TextUnmarshaler).UnmarshalText(bytes.Clone(text)); err != nil {
		return s.errorf("%s: %v", v.Type(), err)
	}
	return nil
}

func decodeBool(s *scanner, v reflect.Value) error {
	if s.null() {
		return nil
	}
	if !s.word("true") {
		return s.want("true or false")
	}
	v.SetBool(true)
	return nil
}

func decodeInt(s *scanner, v reflect.Value) error {
	n, err := s.integer()
	if err != nil {
		return err
	}
	if v.OverflowInt(n) {
		return s.errorf("%d is too large for the Go type %s", n, v.Type())
	}
	v.SetInt(n)
	return nil
}

func decodeUint(s *scanner, v reflect.Value) error {
	n, err := s.integer()
	if err != nil {
		return err
	}
	if n < 0 || v.OverflowUint(uint64(n)) {
		return s.errorf("%d is outside the Go type %s", n, v.Type())
	}
	v.SetUint(uint64(n))
	return nil
}

func decodeFloat(s *scanner, v reflect.Value) error {
	f, err := s.float()
	if err != nil {
		return err
	}
	if v.OverflowFloat(f) {
		return s.errorf("%v is too large for the Go type %s", f, v.Type())
	}
	v.SetFloat(f)
	return nil
}

func decodeTime(s *scanner, v reflect.Value) error {
	if s.null() {
		return nil
	}
	text, err := s.str()
	if err != nil {
		return err
	}
	t, err := parseTime(string(text))
	if err != nil {
		return s.errorf("%.40q is %v", text, err)
	}
	*v.Addr().Interface().(*time.Time) = t
	return nil
}

func decodeDate(s *scanner, v reflect.Value) error {
	if s.null() {
		return nil
	}
	text, err := s.str()
	if err != nil {
		return err
	}
	d, err := ParseDate(string(text))
	if err != nil {
		return s.errorf("%.40q is %v", text, err)
	}
	*v.Addr().Interface().(*Date) = d
	return nil
}

func decodeReference(s *scanner, v reflect.Value) error {
	if s.null() {
		return nil
	}
	text, err := s.str()
	if err != nil {
		return err
	}
	r, err := ParseReference(string(text))
	if err != nil {
		return s.errorf("%v", err)
	}
	*v.Addr().Interface().(*Reference) = r
	return nil
}

func decodeRaw(s *scanner, v reflect.Value) error {
	raw, err := s.raw()
	v.SetBytes(append([]byte(nil), raw...))
	return err
}

// decodeBinary reads base64. Odoo also declares as binary what is none: texts (ir.actions.client.params_store), and
// lists and objects (account.move.tax_totals). Nothing but the value tells, so they come as they are: a text's bytes,
// the JSON of a list or an object.
func decodeBinary(s *scanner, v reflect.Value) error {
	if s.null() {
		return nil
	}
	if c := s.peek(); c == '[' || c == '{' {
		return decodeRaw(s, v)
	}
	text, err := s.str()
	if err != nil {
		return err
	}
	if isSize(text) {
		return s.errorf("%.40q is the size of a binary: \"bin_size\" is in the context", text)
	}
	v.SetBytes(unbase64(text))
	return nil
}

// unbase64 gives the bytes that base64 stands for, or those of the text itself if it is something else.
func unbase64(text []byte) []byte {
	out := make([]byte, base64.StdEncoding.DecodedLen(len(text)))
	n, err := base64.StdEncoding.Strict().Decode(out, text)
	if err != nil || n == 0 {
		return bytes.Clone(text)
	}
	return out[:n]
}

// isSize tells whether a text is what Odoo sends for a binary under "bin_size": "12.50 Kb", the unit in the user's language.
func isSize(text []byte) bool {
	number, unit, ok := bytes.Cut(text, []byte(" "))
	_, err := strconv.ParseFloat(string(number), 64)
	return ok && err == nil && unit != nil && !bytes.ContainsFunc(unit, func(r rune) bool { return !unicode.IsLetter(r) })
}

// decodeID reads the id of a record or of a many2one, however the method at hand sends it.
func decodeID(s *scanner, v reflect.Value) error {
	id, _, err := s.many2one()
	v.SetInt(id)
	return err
}

func decodeRef(s *scanner, v reflect.Value) error {
	id, name, err := s.many2one()
	v.Field(0).SetInt(id)
	v.Field(1).SetString(name)
	return err
}

// many2one reads [id, name], [id, false], a bare id, {"id": …, "display_name": …} or no value.
func (s *scanner) many2one() (id int64, name string, err error) {
	switch s.peek() {
	case '[':
		return s.pair()
	case '{':
		return s.target()
	}
	id, err = s.integer()
	return id, "", err
}

// pair reads [id, name]. A list of another length, or of ids alone, is not a many2one but a relation to many.
func (s *scanner) pair() (id int64, name string, err error) {
	n := 0
	err = s.array(func() (err error) {
		switch n++; n {
		case 1:
			id, err = s.integer()
		case 2:
			name, err = s.optional()
		default:
			err = s.want("the end of a many2one")
		}
		return err
	})
	if err == nil && n != 2 {
		err = s.errorf("want the id and the name of a many2one, got a list of %d", n)
	}
	return id, name, err
}

// target reads an object with an id and perhaps a display name.
func (s *scanner) target() (id int64, name string, err error) {
	found := false
	err = s.object(func(key []byte) (err error) {
		switch string(key) {
		case "id":
			found = true
			id, err = s.integer()
		case "display_name":
			name, err = s.optional()
		default:
			err = s.skip()
		}
		return err
	})
	if err == nil && !found {
		err = s.errorf("want a many2one, got an object without an id")
	}
	return id, name, err
}

// optional reads a string; no value is "".
func (s *scanner) optional() (string, error) {
	if s.null() {
		return "", nil
	}
	text, err := s.str()
	return string(text), err
}
