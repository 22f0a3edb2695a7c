package codec

import "bytes"

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
		key = bytes.Clone(key) // it had escapes, and is in the scratch
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

// member reads up to the value of a key.
func (s *Scanner) member(name string) error {
	if !s.eat('{') {
		return s.want("an object")
	}
	for {
		key, err := s.key()
		if err != nil || string(key) == name {
			return err
		}
		if err := s.Skip(); err != nil {
			return err
		}
		if done, err := s.more('}'); done || err != nil {
			return s.want(name)
		}
	}
}
