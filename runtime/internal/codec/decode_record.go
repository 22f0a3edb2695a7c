package codec

import (
	"reflect"
	"slices"
	"sync/atomic"
	"unsafe"
)

// The decoding of records, which is where the time goes: Odoo sends the fields of all records of an answer in one order,
// so that what stands between two values is always the same.

// shape is how the records of an answer look, as learned from the first one that was read.
type shape struct {
	of    *Plan
	steps []step
	tail  string // from the last value to the end of the record
	id    int    // the step that is the record's id, -1 if there is none or the struct has it
	known bool
	lists *lists // of these records within others

	lacking []string // the fields that were asked for and that such a record does not have
}

// step is a value of a record and what stands before it: `, "name": `.
type step struct {
	glue   string
	name   string
	offset uintptr
	decode decoder // skips the value of a field that nobody asked for
	zero   bool    // false is the zero value, or is skipped
}

// learn adds a value, which stands after the glue and is the key's.
func (sh *shape) learn(glue []byte, key string, f *Field) {
	st := step{glue: string(glue), name: key, decode: (*Scanner).skipped, zero: true}
	if f != nil {
		st.offset, st.decode, st.zero = f.offset, f.decode, f.zero
	}
	if key == NameID && sh.of.id == nil {
		sh.id = len(sh.steps)
	}
	sh.steps = append(sh.steps, st)
}

// settle ends the learning. A shape with a field twice is of no use: the second value must take the place of the first.
func (sh *shape) settle(tail []byte) {
	seen := make(map[string]bool, len(sh.steps))
	for _, st := range sh.steps {
		seen[st.name] = true
	}
	sh.tail, sh.known = string(tail), len(seen) == len(sh.steps) && len(seen) > 0
}

func (s *Scanner) skipped(unsafe.Pointer) error { return s.Skip() }

// shapeOf is the shape of the records of a plan in this answer. There are few: a search from the first to the last is
// faster than a map.
func (s *Scanner) shapeOf(p *Plan) *shape {
	for _, sh := range s.shapes {
		if sh.of == p {
			return sh
		}
	}
	sh := &shape{of: p, lists: &lists{}}
	s.shapes = append(s.shapes, sh)
	return sh
}

// decode reads one record into the struct at base, and gives its id.
func (p *Plan) decode(s *Scanner, base unsafe.Pointer, sh *shape) (id int64, err error) {
	if err := s.enter(); err != nil {
		return 0, err
	}
	m := members{Plan: p, base: base}
	if s.Peek(); sh.known {
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
func (m *members) alike(s *Scanner, sh *shape) error {
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
func (m *members) others(s *Scanner, sh *shape) error {
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
func (m *members) member(s *Scanner, key string, f *Field) error {
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

// NameID is the name of the field that holds the id of a record.
const NameID = "id"

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
	return func(s *Scanner, at unsafe.Pointer) error {
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

// recordsDecoder reads a list of records within a record, or one that is not from a call for records.
func recordsDecoder(t reflect.Type) decoder {
	late := &latePlan{typ: t.Elem()}
	return func(s *Scanner, at unsafe.Pointer) error {
		if s.Null() {
			return nil
		}
		if s.Peek() == '{' {
			return s.Errorf("want a list of records, got one: %s", TargetTypes)
		}
		p, err := late.get()
		if err != nil {
			return err
		}
		list, err := p.decodeTargets(s)
		*(*recordList)(at) = list
		return err
	}
}

// decodeList reads a list of records into the slice out.
func (p *Plan) decodeList(s *Scanner, out reflect.Value) (ids []int64, gaps []Gap, err error) {
	r := rows{plan: p}
	r.begin(s)
	err = s.Array(func() error { return r.next(s) })
	out.Set(r.list.Slice(0, len(r.ids)))
	return r.ids, r.gaps, err
}

// rows are the records of a list while it is read.
type rows struct {
	plan  *Plan
	shape *shape
	start int           // of the list in the answer
	list  reflect.Value // as many records as there is room for
	ids   []int64       // of the records that have been read
	gaps  []Gap
}

func (r *rows) begin(s *Scanner) {
	s.keep.list = true
	r.shape, r.start = s.shapeOf(r.plan), s.gone+s.pos
	r.list = reflect.Zero(reflect.SliceOf(r.plan.Type))
}

// next reads a record. One that can't be read leaves nothing behind.
func (r *rows) next(s *Scanner) error {
	n := len(r.ids)
	if n == r.list.Len() {
		r.grow(s)
	}
	id, err := r.plan.decode(s, unsafe.Add(r.list.UnsafePointer(), uintptr(n)*r.plan.Type.Size()), r.shape)
	if err != nil {
		r.list.Index(n).SetZero()
		return err
	}
	if s.lacking != nil {
		r.gaps = append(r.gaps, Gap{n, s.lacking})
	}
	r.ids = append(r.ids, id)
	return nil
}

// grow makes room for as many records as the rest of the answer holds, if they are as long as those that have been read.
func (r *rows) grow(s *Scanner) {
	room := s.room(len(r.ids), r.start)
	grown := reflect.MakeSlice(r.list.Type(), room, room)
	reflect.Copy(grown, r.list)
	r.list, r.ids = grown, slices.Grow(r.ids, room-len(r.ids))
}

// room is for how many records there should be room when n of a list that began at start have been read: for as many as
// the rest of the answer holds, if they are as long as those. The fewer have been read, the less that is believed.
func (s *Scanner) room(n, start int) int {
	if n == 0 {
		return 1
	}
	rest := n * (len(s.data) - s.pos + s.coming) / max(s.gone+s.pos-start, 1)
	return n + min(rest+rest/32, 64*n*n) + 1
}

// decodeTargets reads a list of records within a record, or the one that is the answer. No value among them is the zero
// record.
func (p *Plan) decodeTargets(s *Scanner) (recordList, error) {
	sh, start, size, n := s.shapeOf(p), s.gone+s.pos, p.Type.Size(), 0
	l := sh.lists.begin()
	s.keep.list = true
	err := s.Array(func() error {
		if l.used+n == l.capacity {
			room := 2 * n
			if s.depth == 1 {
				room = s.room(n, start)
			}
			l.grow(p.Type, n, room)
		}
		at := unsafe.Add(l.first, uintptr(l.used+n)*size)
		n++
		if s.Null() {
			return nil
		}
		return p.decodeTarget(s, at, sh)
	})
	return l.end(n, size), err
}
