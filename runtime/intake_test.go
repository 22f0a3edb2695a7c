package orm

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
	in := &intake{plan: planFor[fuzzed](t), path: rpcPath}
	a := &arrival{from: from, length: length, most: 1 << 30}
	left, err := in.take(a)
	if err != nil {
		t.Fatal(err)
	}
	for i := range a.data[:cap(a.data)] {
		a.data[:cap(a.data)][i] = '#' // the buffer is for the next answer now
	}
	raw, _, err := rpcMembers(left)
	if err != nil {
		return nil, nil, err
	}
	ids, err = in.records(raw, "some.model", reflect.ValueOf(&got).Elem())
	return got, ids, err
}

func planFor[R any](t testing.TB) *plan {
	t.Helper()
	p, err := planOf(reflect.TypeFor[R]())
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// FuzzIntake reads answers that arrive in pieces, and the same answers as a whole: the records, their ids and the errors are
// the same.
func FuzzIntake(f *testing.F) {
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
		raw, _, wantErr := rpcMembers(body)
		if wantErr == nil {
			wantIDs, wantErr = decodeRecords(raw, "some.model", reflect.ValueOf(&want).Elem())
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
func TestIntakeWhileTheAnswerArrives(t *testing.T) {
	const records = 20_000
	in := &intake{plan: planFor[fuzzed](t), path: rpcPath}
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
		watched = len(in.taken.ids)
		return watch.Read(b)
	}), strings.NewReader("]}"))
	a := &arrival{from: io.MultiReader(pieces...), length: -1, most: 1 << 30}
	left, err := in.take(a)
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
func TestIntakeOfLongRecords(t *testing.T) {
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

func TestIntakeOfTooMuch(t *testing.T) {
	in := &intake{plan: planFor[fuzzed](t), path: rpcPath}
	body := `{"result": [` + strings.Repeat(`{"id": 1}, `, 100)
	if _, err := in.take(&arrival{from: strings.NewReader(body), length: -1, most: 1000}); !errors.Is(err, errTooMuch) {
		t.Errorf("got %v", err)
	}
}

// Read asks in another way when a record is missing. What was taken off the first answer is not a part of the second one.
func TestReadForgetsAnAnswerThatWasRefused(t *testing.T) {
	type row struct {
		ID      int64 `odoo:"id"`
		Partner struct {
			Name string `odoo:"name"`
		} `odoo:"partner_id"`
	}
	for _, second := range []string{`[]`, `[{"id":2,"partner_id":false}]`} {
		c := dialFake(t, &fakeOdoo{object: func(call fakeCall) string {
			switch call.Method {
			case "web_read":
				return resultOf(`[{"id":1,"partner_id":false}]`) + "," + faultOf("odoo.exceptions.MissingError", "gone")
			case "fields_get":
				return resultOf(`{"partner_id":{"type":"many2one","relation":"res.partner"}}`)
			}
			return resultOf(second)
		}})
		var rows []row
		if err := c.Model("sale.order").Read(t.Context(), &rows, []int64{1, 2}); err != nil {
			t.Fatal(err)
		}
		if n := strings.Count(second, `"id"`); len(rows) != n || n == 1 && rows[0].ID != 2 {
			t.Errorf("%s: got %v", second, rows)
		}
	}
}
