package codec

import (
	"fmt"
)

// Scanner reads JSON as Odoo sends it from a buffer that holds the whole answer, or the part of it that has arrived: see
// stream.go. It takes what encoding/json takes, and also NaN, Infinity and -Infinity, which Python writes. Nothing
// that it returns keeps the buffer alive, but for the spans of raw and str, whose callers copy.
type Scanner struct {
	data    []byte
	pos     int
	depth   int    // lists and objects that are open
	scratch []byte // the last string that had escapes

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
