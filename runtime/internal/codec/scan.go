package codec

import (
	"bytes"
	"fmt"
)

// Scanner reads JSON as Odoo sends it from a buffer that holds the whole answer, or the part of it that has arrived: see
// stream.go. It takes what encoding/json takes, and also NaN, Infinity and -Infinity, which Python writes. Nothing
// that it returns keeps the buffer alive, but for the spans of raw and str, whose callers copy.
type Scanner struct {
	data    []byte
	pos     int
	gone    int      // of an answer that is still arriving: how much of it was before data,
	coming  int      // and how much will be behind it
	depth   int      // lists and objects that are open
	scratch []byte   // the last string that had escapes
	keep    arena    // makes the strings and ids that are kept
	shapes  []*shape // of the records within records

	asked   Asked    // nil if what was asked for does not matter
	lacking []string // of asked, by the record that was read last

	glimpsing bool // it looks for the end of a value that an error quotes
}

// NewScanner returns a scanner of data.
func NewScanner(data []byte) *Scanner { return &Scanner{data: data} }

// Pos returns how many bytes have been read.
func (s *Scanner) Pos() int { return s.pos }

// Of an answer in an error.
const mostQuoted = 40

// MaxDepth is the deepest nesting of a value, as in encoding/json: a deeper one is an attack on the stack.
const MaxDepth = 10000

// syntaxError is an answer that is not JSON, or JSON of another shape than the value asked for.
type syntaxError struct {
	offset int
	text   string
}

func (e *syntaxError) Error() string { return e.text }

// Errorf is an error with the current place in the answer.
func (s *Scanner) Errorf(format string, args ...any) error {
	return &syntaxError{offset: s.pos, text: fmt.Sprintf(format, args...)}
}

// want is the error for a value of another kind than the one wanted.
func (s *Scanner) want(what string) error {
	if s.Peek(); s.pos == len(s.data) {
		return s.Errorf("the answer ends where %s should be", what)
	}
	return s.Errorf("want %s, got %.40q", what, s.glimpse())
}

// glimpse is the value that is next, for an error. One that is long or broken gives what its beginning is.
func (s *Scanner) glimpse() []byte {
	near := s.data[s.pos:min(s.pos+mostQuoted, len(s.data))]
	if s.glimpsing {
		return near
	}
	value := Scanner{data: near, glimpsing: true}
	if value.Skip() != nil {
		return near
	}
	return near[:value.pos]
}

// Peek skips white space and gives the next byte, 0 at the end.
func (s *Scanner) Peek() byte {
	if s.pos < len(s.data) && s.data[s.pos] > ' ' {
		return s.data[s.pos]
	}
	return s.space()
}

func (s *Scanner) space() byte {
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
func (s *Scanner) eat(c byte) bool {
	if s.Peek() != c {
		return false
	}
	s.pos++
	return true
}

// word consumes the literal if it is next.
func (s *Scanner) word(literal string) bool {
	s.Peek()
	return s.after(literal)
}

// Null consumes false or null, both of which Odoo sends for "no value".
func (s *Scanner) Null() bool {
	switch s.Peek() {
	case 'f':
		return s.after("false")
	case 'n':
		return s.after("null")
	}
	return false
}

// after consumes a text if it is next.
func (s *Scanner) after(text string) bool {
	end := s.pos + len(text)
	if end > len(s.data) || string(s.data[s.pos:end]) != text {
		return false
	}
	s.pos = end
	return true
}

// End checks that nothing follows the value.
func (s *Scanner) End() error {
	if s.Peek() != 0 || s.pos < len(s.data) {
		return s.want("the end of the answer")
	}
	return nil
}

// enter counts a list or an object that opens.
func (s *Scanner) enter() error {
	if s.depth++; s.depth > MaxDepth {
		return s.tooDeep()
	}
	return nil
}

func (s *Scanner) tooDeep() error {
	return s.Errorf("the answer is nested more than %d deep", MaxDepth)
}

func (s *Scanner) leave() { s.depth-- }

// Object calls member for each key, which must consume its value. key is valid until member returns.
func (s *Scanner) Object(member func(key []byte) error) error {
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
		key, err := s.key()
		if err != nil {
			return err
		}
		if err := member(key); err != nil {
			return err
		}
		if done, err := s.more('}'); done || err != nil {
			return err
		}
	}
}

// key reads a key and its colon. It stays valid while the value is read.
func (s *Scanner) key() ([]byte, error) {
	s.Peek()
	start := s.pos
	key, err := s.str()
	if err != nil {
		return nil, err
	}
	if len(key) != s.pos-start-2 {
		key = bytes.Clone(key) // it had escapes, and stands in the scratch
	}
	if !s.eat(':') {
		return nil, s.want("a colon")
	}
	return key, nil
}

// more consumes a comma, or the bracket that closes a list or an object, and then is done.
func (s *Scanner) more(closing byte) (done bool, err error) {
	switch s.Peek() {
	case ',':
		s.pos++
		return false, nil
	case closing:
		s.pos++
		return true, nil
	}
	return false, s.want("a comma or " + string(closing))
}

// Array calls item for each element, which must consume it.
func (s *Scanner) Array(item func() error) error {
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
		if done, err := s.more(']'); done || err != nil {
			return err
		}
	}
}

// Raw gives the next value as the bytes in the buffer.
func (s *Scanner) Raw() ([]byte, error) {
	s.Peek()
	start := s.pos
	err := s.Skip()
	return s.data[start:s.pos], err
}

// Skip consumes the next value.
func (s *Scanner) Skip() error {
	switch s.Peek() {
	case '{':
		return s.skipObject()
	case '[':
		return s.skipList()
	case '"':
		return s.skipString()
	case 't':
		return s.literal("true")
	case 'f':
		return s.literal("false")
	case 'n':
		return s.literal("null")
	case 'N':
		return s.literal("NaN")
	case 'I':
		return s.literal("Infinity")
	}
	if s.word("-Infinity") {
		return nil
	}
	_, err := s.number()
	return err
}

func (s *Scanner) literal(text string) error {
	if !s.word(text) {
		return s.want("a value")
	}
	return nil
}

func (s *Scanner) skipObject() error {
	if err := s.enter(); err != nil {
		return err
	}
	s.pos++
	for done := s.eat('}'); !done; {
		if s.Peek() != '"' {
			return s.want("a string")
		}
		if err := s.skipString(); err != nil {
			return err
		}
		if !s.eat(':') {
			return s.want("a colon")
		}
		if err := s.Skip(); err != nil {
			return err
		}
		var err error
		if done, err = s.more('}'); err != nil {
			return err
		}
	}
	s.leave()
	return nil
}

func (s *Scanner) skipList() error {
	if err := s.enter(); err != nil {
		return err
	}
	s.pos++
	for done := s.eat(']'); !done; {
		if err := s.Skip(); err != nil {
			return err
		}
		var err error
		if done, err = s.more(']'); err != nil {
			return err
		}
	}
	s.leave()
	return nil
}

// skipString consumes a string whose opening quote is next.
func (s *Scanner) skipString() error {
	s.pos++
	for {
		s.pos, _ = unescaped(s.data, s.pos)
		switch {
		case s.pos == len(s.data):
			return s.Errorf("the answer ends in a string")
		case s.data[s.pos] == '"':
			s.pos++
			return nil
		case s.data[s.pos] != '\\':
			return s.Errorf("a control character in a string")
		}
		out, err := s.escape(s.scratch[:0])
		if err != nil {
			return err
		}
		s.scratch = out
	}
}
