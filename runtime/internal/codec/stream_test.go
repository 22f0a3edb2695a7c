package codec

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"
)

// arriving reads an answer of JSON-RPC as it comes from a reader.
func arriving(t testing.TB, from io.Reader, length int64) (got []fuzzed, ids []int64, err error) {
	t.Helper()
	st := NewStream(planFor[fuzzed](t), nil)
	st.At("result")
	a := &arrival{from: from, length: length}
	left, err := st.take(a)
	if err != nil {
		t.Fatal(err)
	}
	for i := range a.data[:cap(a.data)] {
		a.data[:cap(a.data)][i] = '#' // the buffer is for the next answer now
	}
	raw, err := result(left)
	if err != nil {
		return nil, nil, err
	}
	ids, _, err = st.Records(raw, reflect.ValueOf(&got).Elem())
	return got, ids, err
}

// result returns the member of an answer with the list, as a protocol does. One that is there twice is an error.
func result(answer []byte) (list []byte, err error) {
	s := NewScanner(answer)
	err = s.Object(func(key []byte) (err error) {
		switch {
		case string(key) != "result":
			return s.Skip()
		case list != nil:
			return s.Errorf("the result is there twice")
		}
		list, err = s.Raw()
		return err
	})
	if err == nil {
		err = s.End()
	}
	return list, err
}

func planFor[R any](t testing.TB) *Plan {
	t.Helper()
	p, err := PlanOf(reflect.TypeFor[R]())
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// FuzzStream reads answers that arrive in pieces, and the same answers as a whole: the records, their ids and the errors are
// the same.
func FuzzStream(f *testing.F) {
	for _, seed := range []string{
		`{"jsonrpc": "2.0", "id": 12, "result": [{"id": 1, "text": "a", "raw": [1, {"x": "]}"}]}, {"id": 22, "text": "b\u00e9", "kids": [{"text": "c"}]}, {"id": 3}]}`,
		`{"jsonrpc": "2.0", "id": null, "result": []}`,
		`{"result": [{"id": 1}, {"id": 2}], "result": [{"id": 3}]}`,
		`{"result": [{"id": 1},], "x": 1}`,
		`{"result": [{"id": 1} {"id": 2}]}`,
		`{"result": [{"id": 1}, {"id": 2}]} {}`,
		`{"result": [{"id": 1}, {"id": 2, "text": {}}, {"id": 3}]}`,
		`{"result": [{"id": 1}, {"id": 2`,
		`{"error": {"code": 200, "data": {"name": "x"}}, "result": [{"id": 1}]}`,
		`{"result": {"result": [{"id": 1}]}}`,
		`{"result": [[{"id": 1}], null, false, {}]}`,
		`[{"id": 1}]`,
	} {
		f.Add([]byte(seed), uint64(1))
		f.Add([]byte(seed), uint64(7))
	}
	f.Fuzz(func(t *testing.T, body []byte, seed uint64) {
		var want []fuzzed
		var wantIDs []int64
		raw, wantErr := result(body)
		if wantErr == nil {
			wantIDs, wantErr = planFor[fuzzed](t).DecodeRecords(raw, reflect.ValueOf(&want).Elem())
		}
		pieces := &inPieces{bytes.NewReader(body), rand.New(rand.NewPCG(seed, 0))}
		got, ids, err := arriving(t, pieces, []int64{-1, int64(len(body)), 0, 1 << 40}[seed%4])
		if fmt.Sprint(err) != fmt.Sprint(wantErr) {
			t.Fatalf("%q: %v; as a whole: %v", body, err, wantErr)
		}
		if err != nil {
			return
		}
		if diff := cmp.Diff(want, got, sameNaN); diff != "" || !slices.Equal(ids, wantIDs) {
			t.Fatalf("%q: ids %d, as a whole %d (-whole +in pieces)\n%s", body, ids, wantIDs, diff)
		}
	})
}

var sameNaN = cmp.Comparer(func(x, y float64) bool { return x == y || x != x && y != y })

// inPieces gives some bytes at a time.
type inPieces struct {
	io.Reader
	rand *rand.Rand
}

func (p *inPieces) Read(b []byte) (int, error) {
	return p.Reader.Read(b[:min(len(b), 1+p.rand.IntN(20))])
}

// An answer of many pieces is never in memory as a whole, and its records are there before its end.
func TestStreamWhileTheAnswerArrives(t *testing.T) {
	const records = 20_000
	st := NewStream(planFor[fuzzed](t), nil)
	st.At("result")
	var pieces []io.Reader
	pieces = append(pieces, strings.NewReader(`{"jsonrpc": "2.0", "id": 1, "result": [`))
	for i := range records {
		pieces = append(pieces, strings.NewReader(fmt.Sprintf(`{"id": %d, "text": "%s"}`, i+1, strings.Repeat("x", 100))))
		if i+1 < records {
			pieces = append(pieces, strings.NewReader(", "))
		}
	}
	watched := 0
	watch := iotest.ErrReader(io.EOF)
	pieces = append(pieces, readerFunc(func(b []byte) (int, error) {
		watched = len(st.taken.ids)
		return watch.Read(b)
	}), strings.NewReader("]}"))
	a := &arrival{from: io.MultiReader(pieces...), length: -1}
	left, err := st.take(a)
	if err != nil {
		t.Fatal(err)
	}
	if watched != records || cap(a.data) > 2*leastFill || len(left) > 100 {
		t.Errorf("%d records had been taken before the end, the buffer is of %d bytes, %d were left", watched, cap(a.data), len(left))
	}
}

type readerFunc func(b []byte) (int, error)

func (f readerFunc) Read(b []byte) (int, error) { return f(b) }

// A record that is longer than many pieces is not tried again for each of them.
func TestStreamOfLongRecords(t *testing.T) {
	long := strings.Repeat("é", 1<<20)
	body, err := json.Marshal(map[string]any{"result": []map[string]any{{"id": 1, "text": long}, {"id": 2, "text": long + "!"}}})
	if err != nil {
		t.Fatal(err)
	}
	got, ids, err := arriving(t, iotest.HalfReader(bytes.NewReader(body)), -1)
	if err != nil || !slices.Equal(ids, []int64{1, 2}) || got[0].Text != long || got[1].Text != long+"!" {
		t.Errorf("%d: %v", ids, err)
	}
}

func TestStreamReturnsTheErrorOfItsReader(t *testing.T) {
	broken := errors.New("cut off")
	from := io.MultiReader(strings.NewReader(`{"result": [{"id": 1}, {"id"`), iotest.ErrReader(broken))
	st := NewStream(planFor[fuzzed](t), nil)
	st.At("result")
	if _, err := st.Receive(from, -1); !errors.Is(err, broken) {
		t.Errorf("got %v", err)
	}
}
