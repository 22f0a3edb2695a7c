package codec

import (
	"reflect"
	"slices"
	"unsafe"
)

// decodeList reads a list of records into the slice out.
func (p *Plan) decodeList(s *reader, out reflect.Value) (ids []int64, gaps []Gap, err error) {
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

func (r *rows) begin(s *reader) {
	s.keep.list = true
	r.shape, r.start = s.shapeOf(r.plan), s.gone+s.pos
	r.list = reflect.Zero(reflect.SliceOf(r.plan.Type))
}

// next reads a record. One that can't be read leaves nothing behind.
func (r *rows) next(s *reader) error {
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
func (r *rows) grow(s *reader) {
	room := s.room(len(r.ids), r.start)
	grown := reflect.MakeSlice(r.list.Type(), room, room)
	reflect.Copy(grown, r.list)
	r.list, r.ids = grown, slices.Grow(r.ids, room-len(r.ids))
}

// decodeTargets reads a list of records within a record, or the one that is the answer. No value among them is the zero
// record.
func (p *Plan) decodeTargets(s *reader) (recordList, error) {
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

// recordsDecoder reads a list of records within a record, or one that is not from a call for records.
func recordsDecoder(t reflect.Type) decoder {
	late := &latePlan{typ: t.Elem()}
	return func(s *reader, at unsafe.Pointer) error {
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

// DecodeRecords reads a list of records into v, a slice of the struct of the plan, and returns their ids: 0 for a record
// whose id is not a number.
func (p *Plan) DecodeRecords(data []byte, v reflect.Value) (ids []int64, err error) {
	ids, _, err = p.decodeRecords(newReader(data), v)
	return ids, err
}

func (p *Plan) decodeRecords(s *reader, v reflect.Value) (ids []int64, gaps []Gap, err error) {
	out := reflect.New(v.Type()).Elem()
	ids, gaps, err = p.decodeList(s, out)
	if err == nil {
		err = s.End()
	}
	if err != nil {
		return nil, nil, err
	}
	v.Set(out)
	return ids, gaps, nil
}
