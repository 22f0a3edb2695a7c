package orm

import (
	"encoding/json"
	"math"
	"net/netip"
	"reflect"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/odoogen/odoogen/runtime/internal/codec"
)

// as decodes an answer into the type T.
func as[T any](answer string) (any, error) {
	var out T
	err := decodeInto([]byte(answer), "some.model", &out)
	return out, err
}

// decodeRecords reads a list of records into the slice v.
func decodeRecords(data []byte, model string, v reflect.Value) (ids []int64, err error) {
	p, err := codec.PlanOf(v.Type().Elem())
	if err != nil {
		return nil, err
	}
	ids, err = p.DecodeRecords(data, v)
	return ids, located(err, model)
}

type decodeCase struct {
	name   string
	answer string
	decode func(string) (any, error)
	want   any
}

func runDecodeCases(t *testing.T, cases []decodeCase) {
	t.Helper()
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			got, err := c.decode(c.answer)
			if err != nil {
				t.Fatalf("%s: %v", c.answer, err)
			}
			if diff := cmp.Diff(c.want, got, cmpopts.EquateNaNs(), cmpopts.EquateEmpty(), cmpopts.EquateComparable(netip.Addr{})); diff != "" {
				t.Errorf("%s (-want +got)\n%s", c.answer, diff)
			}
		})
	}
}

func TestEveryRowOfTheWireTableIsRead(t *testing.T) {
	runDecodeCases(t, []decodeCase{
		{"char", `"Azure Interior"`, as[string], "Azure Interior"},
		{"char with a tab between", "\t\"x\"\n", as[string], "x"},
		{"selection", `"draft"`, as[state], state("draft")},
		{"selection with an integer key", `14`, as[state], state("14")},
		{"selection with a negative key", `-1`, as[state], state("-1")},
		{"integer", `42`, as[int], 42},
		{"negative integer", `-42`, as[int], -42},
		{"integer as a float", `5.0`, as[int], 5},
		{"integer with an exponent", `1e3`, as[int], 1000},
		{"integer in a string", `"10"`, as[int], 10},
		{"many2one_reference", `9007199254740993`, as[int64], int64(9007199254740993)},
		{"unset many2one_reference", `0`, as[int64], int64(0)},
		{"smallest integer", `-9223372036854775808`, as[int64], int64(math.MinInt64)},
		{"float", `12.5`, as[float64], 12.5},
		{"monetary without a fraction", `100`, as[float64], 100.0},
		{"small float", `1e-07`, as[float64], 1e-7},
		{"NaN", `NaN`, as[float64], math.NaN()},
		{"Infinity", `Infinity`, as[float64], math.Inf(1)},
		{"-Infinity", `-Infinity`, as[float64], math.Inf(-1)},
		{"true", `true`, as[bool], true},
		{"false", `false`, as[bool], false},
		{"date", `"2026-01-31"`, as[Date], Date{2026, time.January, 31}},
		{"date of a single digit year", `"1-01-01"`, as[Date], Date{1, time.January, 1}},
		{"last date", `"9999-12-31"`, as[Date], Date{9999, time.December, 31}},
		{"date sent as a datetime", `"2026-01-31 22:15:00"`, as[Date], Date{2026, time.January, 31}},
		{"datetime", `"2026-01-31 22:15:09"`, as[time.Time], time.Date(2026, 1, 31, 22, 15, 9, 0, time.UTC)},
		{"datetime with a fraction", `"2026-01-31 22:15:09.250000"`, as[time.Time], time.Date(2026, 1, 31, 22, 15, 9, 250e6, time.UTC)},
		{"datetime sent as a date", `"2026-01-31"`, as[time.Time], time.Date(2026, 1, 31, 0, 0, 0, 0, time.UTC)},
		{"last datetime", `"9999-12-31 23:59:59"`, as[time.Time], time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC)},
		{"binary", `"aGVsbG8="`, as[[]byte], []byte("hello")},
		{"binary in Python's form", `"b'aGVsbG8='"`, as[[]byte], []byte("hello")},
		{"binary in lines", `"aGVs\nbG8="`, as[[]byte], []byte("hello")},
		{"computed binary", `[{"a": 1}]`, as[json.RawMessage], json.RawMessage(`[{"a": 1}]`)},
		{"base64 in lines", `"aGVs\nbG8="`, as[[]byte], []byte("hello")},
		{"empty binary", `""`, as[[]byte], []byte{}},
		{"reference", `"res.partner,7"`, as[Reference], Reference{"res.partner", 7}},
		{"properties", `[{"name":"x","value":false}]`, as[json.RawMessage], json.RawMessage(`[{"name":"x","value":false}]`)},
		{"json", ` {"a": [1, 2]} `, as[json.RawMessage], json.RawMessage(`{"a": [1, 2]}`)},
		{"json false", `false`, as[json.RawMessage], json.RawMessage(`false`)},
		{"one2many", `[3, 1, 2]`, as[[]ID[line]], []ID[line]{3, 1, 2}},
		{"empty many2many", `[]`, as[[]ID[line]], []ID[line](nil)},
		{"one2many of web_search_read", `[{"id": 3}, {"id": 4, "name": "x"}]`, as[[]ID[line]], []ID[line]{3, 4}},
	})
}

func TestMany2oneIsReadHoweverItIsSent(t *testing.T) {
	for answer, want := range map[string]Ref[partner]{
		`[7, "Azure"]`:                          {7, "Azure"},
		`[7, false]`:                            {7, ""},
		`[7, null]`:                             {7, ""},
		`["10", "10"]`:                          {10, "10"},
		`7`:                                     {7, ""},
		`"7"`:                                   {7, ""},
		`false`:                                 {},
		`null`:                                  {},
		`[false, ""]`:                           {},
		`{"id": 7}`:                             {7, ""},
		`{"id": 7, "display_name": "Azure"}`:    {7, "Azure"},
		`{"display_name": false, "id": 7}`:      {7, ""},
		`{"x": [1], "id": 7, "color": {"a":1}}`: {7, ""},
	} {
		if got, err := as[Ref[partner]](answer); err != nil || got != want {
			t.Errorf("Ref of %s = %v, %v; want %v", answer, got, err, want)
		}
		if got, err := as[ID[partner]](answer); err != nil || got != want.ID {
			t.Errorf("ID of %s = %v, %v; want %v", answer, got, err, want.ID)
		}
	}
}

func TestNoValueIsTheZeroValue(t *testing.T) {
	for _, answer := range []string{"false", "null", " false "} {
		runDecodeCases(t, []decodeCase{
			{"string", answer, as[string], ""},
			{"selection", answer, as[state], state("")},
			{"int", answer, as[int], 0},
			{"float64", answer, as[float64], 0.0},
			{"bool", answer, as[bool], false},
			{"time", answer, as[time.Time], time.Time{}},
			{"date", answer, as[Date], Date{}},
			{"binary", answer, as[[]byte], []byte(nil)},
			{"reference", answer, as[Reference], Reference{}},
			{"id", answer, as[ID[partner]], ID[partner](0)},
			{"ref", answer, as[Ref[partner]], Ref[partner]{}},
			{"ids", answer, as[[]ID[partner]], []ID[partner](nil)},
			{"record", answer, as[sale], sale{}},
		})
	}
}

func TestWhatWasInTheDestinationIsGone(t *testing.T) {
	got := sale{Name: "old", Lines: []ID[line]{1}, Partner: Ref[partner]{7, "old"}}
	answer := `{"id": 1, "name": false, "partner_id": [8, false], "order_line": []}`
	if err := decodeInto([]byte(answer), "sale.order", &got); err != nil {
		t.Fatal(err)
	}
	want := sale{ID: 1, Partner: Ref[partner]{8, ""}}
	if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
		t.Error(diff)
	}
}

func TestDatetimesAreInUTC(t *testing.T) {
	got, err := as[time.Time](`"2026-01-31 22:15:09"`)
	if err != nil || got.(time.Time).Location() != time.UTC {
		t.Errorf("got %v, %v", got, err)
	}
}

func TestRecordsAreReadWhateverTheOrderOfTheirKeys(t *testing.T) {
	want := []sale{{ID: 5, Name: "S5", Partner: Ref[partner]{7, "Azure"}, Lines: []ID[line]{1, 2}}}
	for name, answer := range map[string]string{
		"in order":      `[{"id":5,"name":"S5","partner_id":[7,"Azure"],"order_line":[1,2]}]`,
		"backwards":     `[{"order_line":[1,2],"partner_id":[7,"Azure"],"name":"S5","id":5}]`,
		"unknown keys":  `[{"x":{"id":9},"id":5,"y":[[]],"name":"S5","z":NaN,"partner_id":[7,"Azure"],"order_line":[1,2],"w":"}"}]`,
		"twice":         `[{"id":5,"name":"S4","name":"S5","order_line":[9,9,9],"partner_id":[7,"Azure"],"order_line":[1,2]}]`,
		"escaped key":   `[{"\u0069d":5,"nam\u0065":"S5","partner_id":[7,"Azure"],"order_line":[1,2]}]`,
		"spaces":        " [ { \"id\" : 5 ,\n\"name\":\t\"S5\" , \"partner_id\" : [ 7 , \"Azure\" ] , \"order_line\" : [ 1 , 2 ] } ] \r\n",
		"missing field": `[{"id":5,"name":"S5","partner_id":[7,"Azure"],"order_line":[1,2],"image":false}]`,
	} {
		got, err := as[[]sale](answer)
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
}
