package codec

import (
	"slices"
	"unsafe"
)

// reader is a Scanner that reads values of an answer into Go values.
type reader struct {
	Scanner
	gone   int      // of an answer that is still arriving: how much of it was before data,
	coming int      // and how much is still to come
	keep   arena    // makes the strings and ids that are kept
	shapes []*shape // of the records within records

	asked   Asked    // nil if what was asked for does not matter
	lacking []string // of asked, by the record that was read last
}

func newReader(data []byte) *reader { return &reader{Scanner: Scanner{data: data}} }

// decoder reads one value into the Go value that p points to, which is zero and of the type that the decoder was made
// for. This, and not reflect.Value, is a third of the decoder's speed. What keeps it safe: a plan has the decoder that
// decoderOf made for the type of each of its fields, and the offset that the compiler gave the field; the pointers are
// to whole structs, which they keep alive; and no pointer is made of anything else, the bytes of an answer least of all.
type decoder func(s *reader, p unsafe.Pointer) error

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

// step is a value of a record and the bytes before it: `, "name": `.
type step struct {
	glue   string
	name   string
	offset uintptr
	decode decoder // skips the value of a field that nobody asked for
	zero   bool    // false is the zero value, or is skipped
}

// learn adds a value, which follows the glue and belongs to the key.
func (sh *shape) learn(glue []byte, key string, f *Field) {
	st := step{glue: string(glue), name: key, decode: (*reader).skipped, zero: true}
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

func (s *reader) skipped(unsafe.Pointer) error { return s.Skip() }

// shapeOf is the shape of the records of a plan in this answer. There are few: a search from the first to the last is
// faster than a map.
func (s *reader) shapeOf(p *Plan) *shape {
	for _, sh := range s.shapes {
		if sh.of == p {
			return sh
		}
	}
	sh := &shape{of: p, lists: &lists{}}
	s.shapes = append(s.shapes, sh)
	return sh
}

// Asked are the fields that a call asked for, of the records of each plan. An answer that leaves one out must not be mistaken
// for one that has the zero value.
type Asked map[*Plan][]string

// Gap is a record of an answer without some of the fields that were asked for.
type Gap struct {
	Index  int // of the record
	Fields []string
}

// wanted is the number of fields that were asked for, without the id.
func (s *reader) wanted(p *Plan) int {
	names := s.asked[p]
	if slices.Contains(names, NameID) {
		return len(names) - 1
	}
	return len(names)
}

// room is for how many records there should be room when n of a list that began at start have been read: for as many as
// the rest of the answer holds, if they are as long as those. The fewer have been read, the less that is believed.
func (s *reader) room(n, start int) int {
	if n == 0 {
		return 1
	}
	rest := n * (len(s.data) - s.pos + s.coming) / max(s.gone+s.pos-start, 1)
	return n + min(rest+rest/32, 64*n*n) + 1
}
