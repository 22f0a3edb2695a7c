package codec

import (
	"errors"
	"io"
	"reflect"
	"slices"
)

// This file decodes records while their response arrives.
//
// The problem: the response to a read can have hundreds of megabytes. A client that reads all of it and then decodes it needs the
// memory for the text and for the records at the same time, and starts to decode only when the last byte has arrived, although
// the server and the network are the slow parts. On the other hand, everything that is known about errors needs the whole
// response: an error of Odoo comes in the place of the result, a record may lack fields, an id may be missing, and a
// [DecodeError] names the record.
//
// What was rejected:
//   - json.Decoder with tokens. It allocates for each token and is slower than reading the whole response first.
//   - A second decoder for streams. It would have to make every decision about errors and missing fields again, and the two
//     would differ sooner or later.
//   - Handing each record to the caller as it arrives. A response that breaks off in the middle, or that ends with an error,
//     would have had an effect already.
//
// The decision: a [Stream] only does the easy part. It takes a record from the response when all of it has arrived and it
// decodes without an error, and otherwise leaves it alone. At the end, the rest is the same response with one empty record in
// the place of the records that were taken, and the ordinary decoder reads this rest: errors of Odoo, malformed
// responses and bad records are found and reported there, and only there. A Stream need not know why a record cannot be taken;
// it only waits for more data, because the record may be incomplete. Once the rest decodes, Records joins both.
//
// The limits: the list of records must be at a path that is known before (At). One record has to fit into memory. All decoded
// records are in memory until the response has ended: programs that cannot afford this read pages. Reads that need to see
// the response as a whole, such as nested reads before Odoo 17, do not use a Stream.

// Stream takes the complete records from a response while it arrives.
type Stream struct {
	plan  *Plan
	path  []string // the keys in the answer that lead to the list
	asked Asked
	taken rows
}

// NewStream returns a Stream for records of the plan, of which the fields in asked should be in the answer.
func NewStream(p *Plan, asked Asked) *Stream { return &Stream{plan: p, asked: asked} }

// At sets the keys in the answer that lead to the list of records.
func (st *Stream) At(path ...string) { st.path = path }

// Receive reads an answer to its end, takes its records, and returns the rest. length is that of the answer, or -1 if it is
// not known.
func (st *Stream) Receive(from io.Reader, length int64) (rest []byte, err error) {
	buffer := buffers.Get().(*[]byte)
	a := &arrival{reader: reader{Scanner: Scanner{data: (*buffer)[:0]}, asked: st.asked}, from: from, length: length}
	rest, err = st.take(a)
	if cap(a.data) <= maxBuffer {
		*buffer = a.data
		buffers.Put(buffer)
	}
	return rest, err
}

// take reads all of an answer and returns the rest of it.
func (st *Stream) take(a *arrival) (rest []byte, err error) {
	st.taken = rows{plan: st.plan}
	var head []byte
	for !a.ended {
		if err := a.fill(); err != nil {
			return nil, err
		}
		if head == nil && a.open(st.path) {
			head = slices.Clone(a.data[:a.pos])
			st.taken.begin(&a.reader)
		}
		if head != nil {
			st.takeWhole(a)
		}
	}
	if len(st.taken.ids) > 0 {
		head = append(head, "{}"...)
	}
	return append(head, a.data[a.pos:]...), nil
}

// takeWhole takes the records that are there as a whole.
func (st *Stream) takeWhole(a *arrival) {
	for len(a.data)-a.pos >= a.enough {
		from := a.pos
		if first := len(st.taken.ids) == 0; a.Peek() == ']' || !first && !a.eat(',') || st.taken.next(&a.reader) != nil {
			a.back(from)
			return
		}
		a.enough = a.pos - from
	}
}

// Records reads the list of records in the rest of an answer, and sets dest, a slice, to the records that were taken and
// those. The gaps are the records without some of the fields that were asked for.
func (st *Stream) Records(rest []byte, dest reflect.Value) (ids []int64, gaps []Gap, err error) {
	left := reflect.New(reflect.SliceOf(st.plan.Type)).Elem()
	ids, gaps, err = st.plan.decodeRecords(&reader{Scanner: Scanner{data: rest}, asked: st.asked}, left)
	if err != nil {
		return nil, nil, err
	}
	if n := len(st.taken.ids); n > 0 {
		left, ids = reflect.AppendSlice(st.taken.list.Slice(0, n), left.Slice(1, left.Len())), slices.Concat(st.taken.ids, ids[1:])
		gaps = slices.Concat(st.taken.gaps, after(gaps, n))
	}
	dest.Set(left)
	return ids, gaps, nil
}

// after moves the gaps of the rest of an answer behind the n records that were taken: the first record of the rest is the
// empty one in their place.
func after(gaps []Gap, n int) (moved []Gap) {
	for _, g := range gaps {
		if g.Index > 0 {
			moved = append(moved, Gap{g.Index - 1 + n, g.Fields})
		}
	}
	return moved
}

// arrival is an answer that is still arriving: data is a part of it.
type arrival struct {
	reader
	from   io.Reader
	length int64 // of the answer, if it says so
	enough int   // how much of it there must be to go on
	level  int   // how deep the list is
	ended  bool
}

const leastFill = 64 << 10

// trustedLength is how much memory an answer gets because it says that it is so long.
const trustedLength = 64 << 20

// fill waits for more of the answer, and drops what has been read of it.
func (a *arrival) fill() error {
	a.gone += a.pos
	a.data, a.pos = a.data[:copy(a.data, a.data[a.pos:])], 0
	for first := true; !a.ended && (first || len(a.data) < a.enough); first = false {
		if len(a.data) == cap(a.data) {
			a.data = slices.Grow(a.data, max(leastFill, len(a.data)))
		}
		n, err := a.from.Read(a.data[len(a.data):cap(a.data)])
		a.data = a.data[:len(a.data)+n]
		if a.ended = errors.Is(err, io.EOF); err != nil && !a.ended {
			return err
		}
	}
	a.expect()
	return nil
}

// expect says how much is to come: what the answer says of its length, as far as that is trusted, or else as much again.
func (a *arrival) expect() {
	switch arrived := int64(a.gone + len(a.data)); {
	case a.ended:
		a.coming, a.enough = 0, 0
	case a.length < 0:
		a.coming = int(arrived)
	default:
		a.coming = int(max(0, min(a.length-arrived, trustedLength)))
	}
}

// back goes back to where a value begins that is not there as a whole, and asks for enough that trying again and again
// takes no longer than trying once.
func (a *arrival) back(to int) {
	a.pos, a.depth = to, a.level
	a.enough = 2 * (len(a.data) - to)
}

// open reads up to the first value of the list that the path leads to, and reports whether there is one.
func (a *arrival) open(path []string) bool {
	for _, name := range path {
		if a.member(name) != nil {
			a.back(0)
			return false
		}
	}
	if !a.eat('[') {
		a.back(0)
		return false
	}
	a.level, a.enough = len(path)+1, 0
	a.depth = a.level
	return true
}
