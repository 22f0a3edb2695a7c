package codec

import (
	"math"
	"strconv"
)

// number gives the text of a JSON number.
func (s *Scanner) number() ([]byte, error) {
	s.Peek()
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

func (s *Scanner) digits() bool {
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
func (s *Scanner) simple(from, most int) (n int64, digits int) {
	text := s.data[from:]
	for digits < len(text) && text[digits]-'0' <= 9 {
		n = n*10 + int64(text[digits]-'0')
		digits++
	}
	if digits > most || digits > 1 && text[0] == '0' {
		return 0, 0
	}
	return n, digits
}

// fraction reports whether a number goes on at i with a fraction or an exponent.
func (s *Scanner) fraction(i int) bool {
	return i < len(s.data) && (s.data[i] == '.' || s.data[i]|0x20 == 'e')
}

// whole reads a number that is nothing but digits. Nothing is consumed of any other value.
func (s *Scanner) whole() (n int64, ok bool) {
	n, digits := s.simple(s.pos, intDigits)
	if digits == 0 || s.fraction(s.pos+digits) {
		return 0, false
	}
	s.pos += digits
	return n, true
}

// integer reads a whole number; no value is 0. Odoo sends some as a float (5.0) or in a string.
func (s *Scanner) integer() (int64, error) {
	s.Peek()
	if n, ok := s.whole(); ok {
		return n, nil
	}
	if s.Null() {
		return 0, nil
	}
	start := s.pos
	var text []byte
	var err error
	if s.Peek() == '"' {
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
func (s *Scanner) quotedNumber() ([]byte, error) {
	start := s.pos
	text, err := s.str()
	if err != nil {
		return nil, err
	}
	inner := Scanner{data: text}
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
func (s *Scanner) decimal() (f float64, ok bool) {
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
func (s *Scanner) float() (float64, error) {
	s.Peek()
	if f, ok := s.decimal(); ok {
		return f, nil
	}
	switch {
	case s.Null():
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
		return 0, s.Errorf("the number %.40s is out of range", text)
	}
	return f, nil
}
