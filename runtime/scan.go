package orm

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math"
	"math/bits"
	"slices"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

// scanner reads JSON as Odoo sends it from a buffer that holds the whole answer. It takes what encoding/json takes,
// and besides that NaN, Infinity and -Infinity, which Python writes. Nothing that it returns keeps the buffer
// alive, but for the spans of raw and str, whose callers copy.
type scanner struct {
	data    []byte
	pos     int
	depth   int              // lists and objects that are open
	scratch []byte           // the last string that had escapes
	keep    keeper           // makes the strings and ids that are kept
	shapes  map[*plan]*shape // of the records within records
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
	if s.pos < len(s.data) && s.data[s.pos] > ' ' {
		return s.data[s.pos]
	}
	return s.space()
}

func (s *scanner) space() byte {
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
	return s.after(literal)
}

// null consumes false or null, both of which Odoo sends for "no value".
func (s *scanner) null() bool {
	switch s.peek() {
	case 'f':
		return s.after("false")
	case 'n':
		return s.after("null")
	}
	return false
}

// after consumes a text if it is next.
func (s *scanner) after(text string) bool {
	end := s.pos + len(text)
	if end > len(s.data) || string(s.data[s.pos:end]) != text {
		return false
	}
	s.pos = end
	return true
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
func (s *scanner) key() ([]byte, error) {
	s.peek()
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
func (s *scanner) more(closing byte) (done bool, err error) {
	switch s.peek() {
	case ',':
		s.pos++
		return false, nil
	case closing:
		s.pos++
		return true, nil
	}
	return false, s.want("a comma or " + string(closing))
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
		if done, err := s.more(']'); done || err != nil {
			return err
		}
	}
}

// str reads a string. The bytes are valid until the next one is read: a span of the buffer, or of the scratch.
func (s *scanner) str() ([]byte, error) {
	if !s.eat('"') {
		return nil, s.want("a string")
	}
	start := s.pos
	end, ascii := unescaped(s.data, start)
	if end == len(s.data) || s.data[end] != '"' {
		s.pos = end
		return s.escaped(s.data[start:end])
	}
	s.pos = end + 1
	if ascii {
		return s.data[start:end], nil
	}
	return validUTF8(s.data[start:end]), nil
}

// plainText reads a string of ASCII without escapes, as most are. Nothing is consumed of any other value.
func (s *scanner) plainText() (text []byte, ok bool) {
	start := s.pos + 1
	if start >= len(s.data) || s.data[s.pos] != '"' {
		return nil, false
	}
	end, ascii := unescaped(s.data, start)
	if !ascii || end == len(s.data) || s.data[end] != '"' {
		return nil, false
	}
	s.pos = end + 1
	return s.data[start:end], true
}

const (
	eachByte = 0x0101010101010101
	highBits = 0x8080808080808080
)

// special has the high bit of each byte that is a quote, a backslash or a control character: of the first in any case, for
// a borrow goes to those above it. Other bits mean nothing.
func special(x uint64) uint64 {
	quote, slash := x^eachByte*'"', x^eachByte*'\\'
	return (quote-eachByte)&^quote | (slash-eachByte)&^slash | (x-eachByte*' ')&^x
}

// unescaped gives the end of the run of bytes that stand for themselves in a string: up to a quote, a backslash, a control
// character or the end of the data. It looks at many bytes at a time.
func unescaped(data []byte, i int) (end int, ascii bool) {
	var high uint64
	for ; i+8 <= len(data); i += 8 {
		x := binary.LittleEndian.Uint64(data[i:])
		if stop := special(x) & highBits; stop != 0 {
			first := stop & -stop
			return i + bits.TrailingZeros64(first)/8, (high|x&(first-1))&highBits == 0
		}
		high |= x
	}
	for ; i < len(data); i++ {
		c := data[i]
		if c == '"' || c == '\\' || c < ' ' {
			break
		}
		high |= uint64(c)
	}
	return i, high&highBits == 0
}

// validUTF8 puts U+FFFD for each byte that is not UTF-8, as encoding/json does.
func validUTF8(text []byte) []byte {
	if utf8.Valid(text) {
		return text
	}
	return []byte(string([]rune(string(text))))
}

// escaped reads the rest of a string, which begins with head, into the scratch.
func (s *scanner) escaped(head []byte) ([]byte, error) {
	out := s.scratch[:0]
	out = append(out, head...)
	valid := isASCII(head) // what escapes stand for is valid anyway
	for s.pos < len(s.data) {
		switch c := s.data[s.pos]; {
		case c == '"':
			s.pos++
			s.scratch = out
			if valid {
				return out, nil
			}
			return validUTF8(out), nil
		case c < ' ':
			return nil, s.errorf("a control character in a string")
		case c == '\\':
			var err error
			if out, err = s.escape(out); err != nil {
				return nil, err
			}
		default:
			var ascii bool
			out, ascii = s.copied(out)
			valid = valid && ascii
		}
	}
	return nil, s.errorf("the answer ends in a string")
}

func isASCII(text []byte) bool {
	_, ascii := unescaped(text, 0)
	return ascii
}

// copied appends the run of bytes that stand for themselves: unescaped and append in one, since a text has many such runs.
func (s *scanner) copied(out []byte) (longer []byte, ascii bool) {
	i, n, high := s.pos, len(out), uint64(0)
	for ; i+8 <= len(s.data); i, n = i+8, n+8 {
		x := binary.LittleEndian.Uint64(s.data[i:])
		if cap(out)-n < 8 {
			out = slices.Grow(out[:n], max(n, 1024))
		}
		binary.LittleEndian.PutUint64(out[n:n+8], x)
		if stop := special(x) & highBits; stop != 0 {
			first := stop & -stop
			run := bits.TrailingZeros64(first) / 8
			s.pos = i + run
			return out[:n+run], (high|x&(first-1))&highBits == 0
		}
		high |= x
	}
	s.pos, ascii = unescaped(s.data, i)
	return append(out[:n], s.data[i:s.pos]...), ascii && high&highBits == 0
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
	plain := escapes[c]
	if plain == 0 {
		return nil, s.errorf("an unknown escape \\%c", c)
	}
	s.pos += 2
	return append(out, plain), nil
}

// escapes are the bytes that stand for others after a backslash.
var escapes = [256]byte{'"': '"', '\\': '\\', '/': '/', 'b': '\b', 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t'}

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

// The most digits that any int64 can hold, and the most that a float64 holds without rounding.
const (
	intDigits   = 18
	floatDigits = 15
)

// simple reads the digits that a number begins with, without a sign. It gives the number of digits, 0 if there are too
// many or a zero leads others; nothing is consumed.
func (s *scanner) simple(from, most int) (n int64, digits int) {
	i := from
	for i < len(s.data) && s.data[i]-'0' <= 9 {
		n = n*10 + int64(s.data[i]-'0')
		if i++; i-from > most {
			return 0, 0
		}
	}
	if i-from > 1 && s.data[from] == '0' {
		return 0, 0
	}
	return n, i - from
}

// fraction tells whether a number goes on at i with a fraction or an exponent.
func (s *scanner) fraction(i int) bool {
	return i < len(s.data) && (s.data[i] == '.' || s.data[i]|0x20 == 'e')
}

// integer reads a whole number; no value is 0. Odoo sends some as a float (5.0) or in a string.
func (s *scanner) integer() (int64, error) {
	s.peek()
	if n, digits := s.simple(s.pos, intDigits); digits > 0 && !s.fraction(s.pos+digits) {
		s.pos += digits
		return n, nil
	}
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

var powersOfTen = [floatDigits + 1]float64{1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15}

// decimal reads a number without an exponent of so few digits that a float64 holds the digits, and the power of ten that
// divides them, exactly: the quotient is then the nearest float64, as strconv gives it. Nothing is consumed if it is
// another.
func (s *scanner) decimal() (f float64, ok bool) {
	start := s.pos
	if start < len(s.data) && s.data[start] == '-' {
		start++
	}
	whole, digits := s.simple(start, floatDigits)
	if digits == 0 {
		return 0, false
	}
	i, places := start+digits, 0
	for j := i + 1; i < len(s.data) && s.data[i] == '.' && j < len(s.data) && s.data[j]-'0' <= 9; j++ {
		whole = whole*10 + int64(s.data[j]-'0')
		if places++; digits+places > floatDigits {
			return 0, false
		}
	}
	if places > 0 {
		i += 1 + places
	}
	if s.fraction(i) {
		return 0, false
	}
	if f = float64(whole) / powersOfTen[places]; start > s.pos {
		f = -f
	}
	s.pos = i
	return f, true
}

// float reads a number; no value is 0.
func (s *scanner) float() (float64, error) {
	s.peek()
	if f, ok := s.decimal(); ok {
		return f, nil
	}
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
	switch s.peek() {
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

func (s *scanner) literal(text string) error {
	if !s.word(text) {
		return s.want("a value")
	}
	return nil
}

func (s *scanner) skipObject() error {
	if err := s.enter(); err != nil {
		return err
	}
	s.pos++
	for done := s.eat('}'); !done; {
		if s.peek() != '"' {
			return s.want("a string")
		}
		if err := s.skipString(); err != nil {
			return err
		}
		if !s.eat(':') {
			return s.want("a colon")
		}
		if err := s.skip(); err != nil {
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

func (s *scanner) skipList() error {
	if err := s.enter(); err != nil {
		return err
	}
	s.pos++
	for done := s.eat(']'); !done; {
		if err := s.skip(); err != nil {
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
func (s *scanner) skipString() error {
	s.pos++
	for {
		s.pos, _ = unescaped(s.data, s.pos)
		switch {
		case s.pos == len(s.data):
			return s.errorf("the answer ends in a string")
		case s.data[s.pos] == '"':
			s.pos++
			return nil
		case s.data[s.pos] != '\\':
			return s.errorf("a control character in a string")
		}
		out, err := s.escape(s.scratch[:0])
		if err != nil {
			return err
		}
		s.scratch = out
	}
}
