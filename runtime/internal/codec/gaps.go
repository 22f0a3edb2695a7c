package codec

import (
	"fmt"
	"slices"
	"unsafe"
)

// Asked are the fields that a call asked for, of the records of each plan. An answer that leaves one out must not be mistaken
// for one that has the zero value.
type Asked map[*Plan][]string

// Gap is a record of an answer without some of the fields that were asked for.
type Gap struct {
	Index  int // of the record
	Fields []string
}

// lacking returns the fields that were asked for and that the record does not have. It is known beforehand for a record
// that looks like the first one.
func (m *members) lacking(s *Scanner, sh *shape) []string {
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
func (p *Plan) decodeTarget(s *Scanner, at unsafe.Pointer, sh *shape) error {
	id, err := p.decode(s, at, sh)
	if lacking := s.lacking; err == nil && lacking != nil && len(lacking) < s.wanted(p) {
		return &Error{Field: lacking[0], Reason: fmt.Sprintf("the field was asked for, but is not in the answer for the target %d", id)}
	}
	return err
}

// wanted is the number of fields that were asked for, without the id.
func (s *Scanner) wanted(p *Plan) int {
	names := s.asked[p]
	if slices.Contains(names, NameID) {
		return len(names) - 1
	}
	return len(names)
}
