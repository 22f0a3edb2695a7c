package orm

import (
	"bytes"
	"fmt"
	"math"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

// scanner reads JSON as Odoo sends it from a buffer that holds the whole answer. It takes what encoding/json takes,
// and besides that NaN, Infinity and -Infinity, which Python writes. Nothing that it returns keeps the buffer
// alive, but for the spans of raw and str, whose callers copy.
type scanner struct {
	data  []byte
	pos   int
	depth int // lists and objects that are open
}

// As in encoding/json: deeper nesting is an attack on the stack.
const maxDepth = 10000

// syntaxError is an answer that is not JSON, or JSON of another shape than the value asked for.
type syntaxError struct {
	offset int
	text   string
}

func (e *syntaxError) Error() string { return e.text }

func (s *scanner) errorf(format string, args ...any) error {
	return &syntaxError{offset: s.pos, text: fmt.Sprintf(format, args...)}
}

// want is the error for a value of another kind than the one wanted.
func (s *scanner) want(what string) error {
	if s.peek(); s.pos == len(s.data) {
		return s.errorf("the answer ends where %s should be", what)
	}
	end := min(s.pos+40, len(s.data))
	return s.errorf("want %s, got %.40q", what, s.data[s.pos:end])
}

// peek skips white space and gives the next byte, 0 at the end.
func (s *scanner) peek() byte {
	for s.pos < len(s.data) {
		switch c := s.data[s.pos]; c {
		case ' ', '\n', '\r', '\t':
			s.pos++
		default:
			return c
		}
	}
	return 0
}

// eat consumes the byte c if it is next.
func (s *scanner) eat(c byte) bool {
	if s.peek() != c {
		return false
	}
	s.pos++
	return true
}

// word consumes the literal if it is next.
func (s *scanner) word(literal string) bool {
	s.peek()
	end := s.pos + len(literal)
	if end > len(s.data) || string(s.data[s.pos:end]) != literal {
		return false
	}
	s.pos = end
	return true
}

// null consumes false or null, both of which Odoo sends for "no value".
func (s *scanner) null() bool {
	switch s.peek() {
	case 'f':
		return s.word("false")
	case 'n':
		return s.word("null")
	}
	return false
}

// end checks that nothing follows the value.
func (s *scanner) end() error {
	if s.peek() != 0 || s.pos < len(s.data) {
		return s.want("the end of the answer")
	}
	return nil
}

// enter counts a list or an object that opens.
func (s *scanner) enter() error {
	if s.depth++; s.depth > maxDepth {
		return s.errorf("the answer is nested more than %d deep", maxDepth)
	}
	return nil
}

func (s *scanner) leave() { s.depth-- }

// object calls member for each key, which must consume its value. key is valid until member returns.
func (s *scanner) object(member func(key []byte) error) error {
	if !s.eat('{') {
		return s.want("an object")
	}
	if err := s.enter(); err != nil {
		return err
	}
	defer s.leave()
	if s.eat('}') {
		return nil
	}
	for {
		key, err := s.str()
		if err != nil {
			return err
		}
		if !s.eat(':') {
			return s.want("a colon")
		}
		if err := member(key); err != nil {
			return err
		}
		if s.eat('}') {
			return nil
		}
		if !s.eat(',') {
			return s.want("a comma or }")
		}
	}
}

// array calls item for each element, which must consume it.
func (s *scanner) array(item func() error) error {
	if !s.eat('[') {
		return s.want("a list")
	}
	if err := s.enter(); err != nil {
		return err
	}
	defer s.leave()
	if s.eat(']') {
		return nil
	}
	for {
		if err := item(); err != nil {
			return err
		}
		if s.eat(']') {
			return nil
		}
		if !s.eat(',') {
			return s.want("a comma or ]")
		}
	}
}

// str reads a string. The bytes may be a span of the buffer.
func (s *scanner) str() ([]byte, error) {
	if !s.eat('"') {
		return nil, s.want("a string")
	}
	start := s.pos
	for ascii := true; s.pos < len(s.data); s.pos++ {
		switch c := s.data[s.pos]; {
		case c == '"':
			span := s.data[start:s.pos]
			s.pos++
			if ascii {
				return span, nil
			}
			return validUTF8(span), nil
		case c == '\\':
			return s.escaped(start)
		case c < ' ':
			return nil, s.errorf("a control character in a string")
		case c >= utf8.RuneSelf:
			ascii = false
		}
	}
	return nil, s.errorf("the answer ends in a string")
}

// validUTF8 puts U+FFFD for each byte that is not UTF-8, as encoding/json does.
func validUTF8(text []byte) []byte {
	if utf8.Valid(text) {
		return text
	}
	return []byte(string([]rune(string(text))))
}

// escaped reads the rest of a string from the first backslash on.
func (s *scanner) escaped(start int) ([]byte, error) {
	out := append(make([]byte, 0, s.pos-start+32), s.data[start:s.pos]...)
	for s.pos < len(s.data) {
		switch c := s.data[s.pos]; {
		case c == '"':
			s.pos++
			return validUTF8(out), nil
		case c < ' ':
			return nil, s.errorf("a control character in a string")
		case c != '\\':
			out = append(out, c)
			s.pos++
		default:
			var err error
			if out, err = s.escape(out); err != nil {
				return nil, err
			}
		}
	}
	return nil, s.errorf("the answer ends in a string")
}

// escape reads one escape sequence.
func (s *scanner) escape(out []byte) ([]byte, error) {
	if s.pos+1 >= len(s.data) {
		return nil, s.errorf("the answer ends in a string")
	}
	c := s.data[s.pos+1]
	if c == 'u' {
		r, ok := s.unicode()
		if !ok {
			return nil, s.errorf("a broken \\u escape")
		}
		return utf8.AppendRune(out, r), nil
	}
	i := bytes.IndexByte([]byte(`"\/bfnrt`), c)
	if i < 0 {
		return nil, s.errorf("an unknown escape \\%c", c)
	}
	s.pos += 2
	return append(out, "\"\\/\b\f\n\r\t"[i]), nil
}

// unicode reads \uXXXX, and a second one if both are a surrogate pair. A lone surrogate is U+FFFD.
func (s *scanner) unicode() (rune, bool) {
	r, ok := hex4(s.data[s.pos:])
	if !ok {
		return 0, false
	}
	s.pos += 6
	if !utf16.IsSurrogate(r) {
		return r, true
	}
	if low, ok := hex4(s.data[s.pos:]); ok {
		if pair := utf16.DecodeRune(r, low); pair != utf8.RuneError {
			s.pos += 6
			return pair, true
		}
	}
	return utf8.RuneError, true
}

func hex4(b []byte) (rune, bool) {
	if len(b) < 6 || b[0] != '\\' || b[1] != 'u' {
		return 0, false
	}
	var r rune
	for _, c := range b[2:6] {
		switch {
		case c >= '0' && c <= '9':
			c -= '0'
		case c >= 'a' && c <= 'f':
			c -= 'a' - 10
		case c >= 'A' && c <= 'F':
			c -= 'A' - 10
		default:
			return 0, false
		}
		r = r<<4 | rune(c)
	}
	return r, true
}

// number gives the text of a JSON number.
func (s *scanner) number() ([]byte, error) {
	s.peek()
	start := s.pos
	if s.pos < len(s.data) && s.data[s.pos] == '-' {
		s.pos++
	}
	leading := s.pos
	if !s.digits() || (s.data[leading] == '0' && s.pos > leading+1) {
		s.pos = start
		return nil, s.want("a number")
	}
	if s.pos < len(s.data) && s.data[s.pos] == '.' {
		s.pos++
		if !s.digits() {
			return nil, s.want("a digit")
		}
	}
	if s.pos < len(s.data) && (s.data[s.pos] == 'e' || s.data[s.pos] == 'E') {
		s.pos++
		if s.pos < len(s.data) && (s.data[s.pos] == '+' || s.data[s.pos] == '-') {
			s.pos++
		}
		if !s.digits() {
			return nil, s.want("a digit")
		}
	}
	return s.data[start:s.pos], nil
}

func (s *scanner) digits() bool {
	start := s.pos
	for s.pos < len(s.data) && s.data[s.pos] >= '0' && s.data[s.pos] <= '9' {
		s.pos++
	}
	return s.pos > start
}

// integer reads a whole number; no value is 0. Odoo sends some as a float (5.0) or in a string.
func (s *scanner) integer() (int64, error) {
	if s.null() {
		return 0, nil
	}
	start := s.pos
	var text []byte
	var err error
	if s.peek() == '"' {
		text, err = s.quotedNumber()
	} else {
		text, err = s.number()
	}
	if err != nil {
		return 0, err
	}
	if n, err := strconv.ParseInt(string(text), 10, 64); err == nil {
		return n, nil
	}
	f, err := strconv.ParseFloat(string(text), 64)
	if err != nil || f != math.Trunc(f) || math.Abs(f) > 1<<53 {
		s.pos = start
		return 0, s.want("a whole number")
	}
	return int64(f), nil
}

// quotedNumber gives the text of a number in a string.
func (s *scanner) quotedNumber() ([]byte, error) {
	start := s.pos
	text, err := s.str()
	if err != nil {
		return nil, err
	}
	inner := scanner{data: text}
	if number, err := inner.number(); err != nil || len(number) != len(text) {
		s.pos = start
		return nil, s.want("a whole number")
	}
	return text, nil
}

// float reads a number; no value is 0.
func (s *scanner) float() (float64, error) {
	switch {
	case s.null():
		return 0, nil
	case s.word("NaN"):
		return math.NaN(), nil
	case s.word("Infinity"):
		return math.Inf(1), nil
	case s.word("-Infinity"):
		return math.Inf(-1), nil
	}
	text, err := s.number()
	if err != nil {
		return 0, err
	}
	f, err := strconv.ParseFloat(string(text), 64)
	if err != nil {
		return 0, s.errorf("the number %.40s is out of range", text)
	}
	return f, nil
}

// raw gives the next value as it stands in the buffer.
func (s *scanner) raw() ([]byte, error) {
	s.peek()
	start := s.pos
	err := s.skip()
	return s.data[start:s.pos], err
}

// skip consumes the next value.
func (s *scanner) skip() error {
	switch c := s.peek(); c {
	case '{':
		return s.object(func([]byte) error { return s.skip() })
	case '[':
		return s.array(s.skip)
	case '"':
		_, err := s.str()
		return err
	default:
		for _, literal := range []string{"true", "false", "null", "NaN", "Infinity", "-Infinity"} {
			if c == literal[0] && s.word(literal) {
				return nil
			}
		}
		_, err := s.number()
		return err
	}
}
