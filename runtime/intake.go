package orm

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"reflect"
	"slices"
)

// Records are decoded while their answer arrives, so that decoding takes no time of its own, and the answer as a whole is
// never in memory.

// intake takes records off an answer, each as soon as all of it is there. What it leaves is the same answer with one empty
// record in place of those, to be read like any other: whatever is wrong with the answer, or with a record, is found and
// told there. So it need not know why a record can't be taken, but that more of the answer may help.
type intake struct {
	plan   *plan
	within []string // the keys in the result that lead to the list
	path   []string // those in the answer
	taken  rows
}

// at is the intake for a list that stands within the result.
func (in *intake) at(keys ...string) *intake {
	in.within = keys
	return in
}

// receive reads an answer and takes its records.
func (in *intake) receive(w *wire, resp *http.Response) (*answer, error) {
	if resp.ContentLength > w.maxAnswer {
		return nil, w.tooLarge()
	}
	buffer := buffers.Get().(*[]byte)
	a := &arrival{scanner: scanner{data: (*buffer)[:0]}, from: resp.Body, length: resp.ContentLength, most: w.maxAnswer}
	left, err := in.take(a)
	if cap(a.data) <= maxBuffer {
		*buffer = a.data
		buffers.Put(buffer)
	}
	if errors.Is(err, errTooMuch) {
		err = w.tooLarge()
	}
	return &answer{resp.StatusCode, resp.Header, left}, err
}

// take reads all of an answer and gives what it leaves.
func (in *intake) take(a *arrival) (left []byte, err error) {
	in.taken = rows{plan: in.plan}
	var head []byte
	for !a.ended {
		if err := a.fill(); err != nil {
			return nil, err
		}
		if head == nil && a.open(in.path) {
			head = slices.Clone(a.data[:a.pos])
			in.taken.begin(&a.scanner)
		}
		if head != nil {
			in.takeWhole(a)
		}
	}
	if len(in.taken.ids) > 0 {
		head = append(head, "{}"...)
	}
	return append(head, a.data[a.pos:]...), nil
}

// takeWhole takes the records that are there as a whole.
func (in *intake) takeWhole(a *arrival) {
	for len(a.data)-a.pos >= a.enough {
		from := a.pos
		if first := len(in.taken.ids) == 0; a.peek() == ']' || !first && !a.eat(',') || in.taken.next(&a.scanner) != nil {
			a.back(from)
			return
		}
		a.enough = a.pos - from
	}
}

// records reads the list that an answer has left, and puts it behind the records that were taken into the slice dest.
func (in *intake) records(left json.RawMessage, model string, dest reflect.Value) (ids []int64, err error) {
	rest := reflect.New(reflect.SliceOf(in.plan.typ)).Elem()
	ids, err = in.plan.decodeAll(left, model, rest)
	if err != nil {
		return nil, err
	}
	if n := len(in.taken.ids); n > 0 {
		rest, ids = reflect.AppendSlice(in.taken.list.Slice(0, n), rest.Slice(1, rest.Len())), append(in.taken.ids, ids[1:]...)
	}
	dest.Set(rest)
	return ids, nil
}

// arrival is an answer that is still arriving: data is a part of it.
type arrival struct {
	scanner
	from   io.Reader
	length int64 // of the answer, if it says so
	most   int64
	enough int // how much of it there must be to go on
	level  int // how deep the list is
	ended  bool
}

const leastFill = 64 << 10

var errTooMuch = errors.New("too large")

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
		if int64(a.gone+len(a.data)) > a.most {
			return errTooMuch
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

// open reads up to the first value of the list that the path leads to, and tells whether there is one.
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

// member reads up to the value of a key.
func (s *scanner) member(name string) error {
	if !s.eat('{') {
		return s.want("an object")
	}
	for {
		key, err := s.key()
		if err != nil || string(key) == name {
			return err
		}
		if err := s.skip(); err != nil {
			return err
		}
		if done, err := s.more('}'); done || err != nil {
			return s.want(name)
		}
	}
}
