package codec

import (
	"fmt"
	"reflect"
	"slices"
	"sync/atomic"
	"unsafe"
)

// The decoding of records, which is where the time goes: Odoo sends the fields of all records of an answer in one order,
// so that what stands between two values is always the same.

// decode reads one record into the struct at base, and gives its id.
func (p *Plan) decode(s *reader, base unsafe.Pointer, sh *shape) (id int64, err error) {
	if err := s.enter(); err != nil {
		return 0, err
	}
	m := members{Plan: p, base: base}
	s.Peek()
	from := s.pos
	if sh.known {
		err = m.alike(s, sh)
	}
	if err == nil && !m.closed {
		err = m.others(s, sh)
	}
	s.leave()
	s.lacking = nil
	if s.asked != nil && err == nil {
		s.lacking = m.lacking(s, sh)
	}
	if p.id != nil {
		m.id = *(*int64)(unsafe.Add(base, p.id.offset))
	}
	if err != nil {
		return m.id, InField(err, m.id, m.field)
	}
	if p.digested {
		return m.id, p.writeDigest(s.data[from:s.pos], m.id, base)
	}
	return m.id, nil
}

// members is the state of reading a record.
type members struct {
	*Plan
	base   unsafe.Pointer
	id     int64
	count  int    // of values that have been read
	field  string // the one being read
	closed bool   // the end has been read

	keys []string // of a record that does not look like the first one, if fields were asked for
}

// alike reads the values for as long as the record looks like the first one.
func (m *members) alike(s *reader, sh *shape) error {
	for i := range sh.steps {
		st := &sh.steps[i]
		if !s.after(st.glue) {
			return nil
		}
		if i == sh.id {
			m.id = s.peekID()
		}
		m.count = i + 1
		if st.zero && s.after("false") {
			continue
		}
		if err := st.decode(s, unsafe.Add(m.base, st.offset)); err != nil {
			m.field = st.name
			return err
		}
	}
	m.closed = s.after(sh.tail)
	return nil
}

// others reads the values that are left, whatever their order, and learns the shape from them if it is the first record.
func (m *members) others(s *reader, sh *shape) error {
	learned := shape{of: sh.of, id: -1, lists: sh.lists}
	if s.asked != nil {
		for _, st := range sh.steps[:m.count] {
			m.keys = append(m.keys, st.name)
		}
	}
	s.Peek()
	from := s.pos
	if m.count == 0 && !s.eat('{') {
		return s.want("an object")
	}
	if m.count == 0 && s.eat('}') {
		return nil
	}
	for done := false; !done; m.count++ {
		if m.count > 0 {
			var err error
			if done, err = s.more('}'); err != nil {
				return err
			}
			if done {
				break
			}
		}
		key, err := s.key()
		if err != nil {
			return err
		}
		s.Peek()
		var f *Field
		if i, ok := m.byName[string(key)]; ok {
			f = &m.Fields[i]
		}
		if !sh.known {
			learned.learn(s.data[from:s.pos], string(key), f)
		}
		if s.asked != nil {
			m.keys = append(m.keys, string(key))
		}
		if err := m.member(s, string(key), f); err != nil {
			return err
		}
		from = s.pos
	}
	if !sh.known {
		learned.settle(s.data[from:s.pos])
		if s.asked != nil {
			learned.lacking = m.lacking(s, sh)
		}
		*sh = learned
	}
	return nil
}

// member reads one value into its field, if it has one.
func (m *members) member(s *reader, key string, f *Field) error {
	if key == NameID {
		m.id = s.peekID()
	}
	if f == nil {
		return s.Skip()
	}
	m.field = key
	target := unsafe.Add(m.base, f.offset)
	reflect.NewAt(f.Type, target).Elem().SetZero() // the field may be there twice
	if err := f.decode(s, target); err != nil {
		return err
	}
	m.field = ""
	return nil
}

// peekID is the whole number that is next, 0 if it is something else.
func (s *Scanner) peekID() (id int64) {
	if here := s.pos; s.Peek() != '{' {
		id, _ = s.integer()
		s.pos = here
	}
	return id
}

// latePlan is a plan that is looked up when it is first used: a struct may hold structs of its own type.
type latePlan struct {
	typ   reflect.Type
	found atomic.Pointer[Plan]
}

func (l *latePlan) get() (*Plan, error) {
	if p := l.found.Load(); p != nil {
		return p, nil
	}
	return l.find()
}

func (l *latePlan) find() (*Plan, error) {
	p, err := PlanOf(l.typ)
	l.found.Store(p)
	return p, err
}

func structDecoder(t reflect.Type) decoder {
	late := &latePlan{typ: t}
	return func(s *reader, at unsafe.Pointer) error {
		if s.Null() {
			return nil
		}
		if s.Peek() == '[' {
			return s.Errorf("want a record, got a list: %s", TargetTypes)
		}
		p, err := late.get()
		if err != nil {
			return err
		}
		return p.decodeTarget(s, at, s.shapeOf(p))
	}
}

// lacking returns the fields that were asked for and that the record does not have. It is known beforehand for a record
// that looks like the first one.
func (m *members) lacking(s *reader, sh *shape) []string {
	if m.closed {
		return sh.lacking
	}
	var out []string
	for _, name := range s.asked[sh.of] {
		if !slices.Contains(m.keys, name) {
			out = append(out, name)
		}
	}
	return out
}

// decodeTarget reads a record within a record. A target that is gone, or that the user cannot read, has its id alone.
func (p *Plan) decodeTarget(s *reader, at unsafe.Pointer, sh *shape) error {
	id, err := p.decode(s, at, sh)
	if lacking := s.lacking; err == nil && lacking != nil && len(lacking) < s.wanted(p) {
		return &Error{Field: lacking[0], Reason: fmt.Sprintf("the field was asked for, but is not in the answer for the target %d", id)}
	}
	return err
}
