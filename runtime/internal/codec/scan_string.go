package codec

import (
	"encoding/binary"
	"math/bits"
	"slices"
	"unicode/utf16"
	"unicode/utf8"
)

// str reads a string. The bytes are valid until the next one is read: a span of the buffer, or of the scratch.
func (s *Scanner) str() ([]byte, error) {
	if !s.eat('"') {
		return nil, s.want("a string")
	}
	start := s.pos
	end, ascii := unescaped(s.data, start)
	if end == len(s.data) || s.data[end] != '"' {
		s.pos = end
		return s.escaped(s.data[start:end], ascii)
	}
	s.pos = end + 1
	if ascii {
		return s.data[start:end], nil
	}
	return validUTF8(s.data[start:end]), nil
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

// unescaped gives the end of the run of literal bytes in a string: up to a quote, a backslash, a control
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

// escaped reads the rest of a string, which begins with head, into the scratch. It need not be looked through for what is
// not UTF-8 if it is all ASCII but for its escapes.
func (s *Scanner) escaped(head []byte, valid bool) ([]byte, error) {
	out := s.scratch[:0]
	out = append(out, head...)
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
			return nil, s.Errorf("a control character in a string")
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
	return nil, s.Errorf("the answer ends in a string")
}

// copied appends the run of literal bytes: unescaped and append in one, since a text has many such runs.
func (s *Scanner) copied(out []byte) (longer []byte, ascii bool) {
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
func (s *Scanner) escape(out []byte) ([]byte, error) {
	if s.pos+1 >= len(s.data) {
		return nil, s.Errorf("the answer ends in a string")
	}
	c := s.data[s.pos+1]
	if c == 'u' {
		r, ok := s.unicode()
		if !ok {
			return nil, s.Errorf("a broken \\u escape")
		}
		return utf8.AppendRune(out, r), nil
	}
	plain := escapes[c]
	if plain == 0 {
		return nil, s.Errorf("an unknown escape \\%c", c)
	}
	s.pos += 2
	return append(out, plain), nil
}

// escapes are the bytes that mean others after a backslash.
var escapes = [256]byte{'"': '"', '\\': '\\', '/': '/', 'b': '\b', 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t'}

// unicode reads \uXXXX, and a second one if both are a surrogate pair. A lone surrogate is U+FFFD.
func (s *Scanner) unicode() (rune, bool) {
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
