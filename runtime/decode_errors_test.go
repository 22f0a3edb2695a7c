package orm

import (
	"encoding/json"
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/odoogen/odoogen/runtime/internal/codec"
)

func TestValuesThatDoNotFitAreErrors(t *testing.T) {
	for _, c := range []struct {
		name   string
		decode func(string) (any, error)
		bad    []string
	}{
		{"string", as[string], []string{`true`, `[]`, `{}`, `NaN`, `"a`, `'a'`, `nul`, ``}},
		{"int", as[int], []string{`5.5`, `"x"`, `""`, `" 5"`, `"0x1p4"`, `"+5"`, `"1_000"`, `true`, `[5]`, `{}`, `NaN`, `Infinity`, `1e400`, `9223372036854775808`, `1e17`, `05`, `-`, `5 5`}},
		{"int8", as[int8], []string{`128`, `-129`, `1e3`, `"128"`}},
		{"uint8", as[uint8], []string{`-1`, `256`}},
		{"uint64", as[uint64], []string{`-1`}},
		{"float64", as[float64], []string{`"1.5"`, `true`, `[]`, `1e400`, `.5`, `1.`, `+1`, `1e`, `--1`, `NaNa`, `-NaN`, `Inf`, `-`}},
		{"float32", as[float32], []string{`1e39`, `-1e39`}},
		{"bool", as[bool], []string{`0`, `1`, `"true"`, `truee`, `True`, `[]`}},
		{"time", as[time.Time], []string{`""`, `"2026-01-31 24:00:00"`, `"2026-01-31 23:60:00"`, `"2026-01-31 23:59:60"`, `"2026-02-30 10:00:00"`, `"2026-01-31 10:00"`,
			`"2026-01-31 10:00:00."`, `"2026-01-31 10:00:00.1234567890"`, `"2026-01-31 10:00:00Z"`, `"2026-01-31x10:00:00"`, `"2026-01-31 "`, `5`, `true`}},
		{"date", as[Date], []string{`""`, `"2026-02-29"`, `"2026-13-01"`, `"2026-00-01"`, `"2026-01-00"`, `"0000-01-01"`, `"10000-01-01"`, `"2026-1-1"`, `"2026-01-01x"`,
			`"2026-01-01 25:00:00"`, `"-001-01-01"`, `"20260101"`, `20260101`, `true`}},
		{"binary", as[[]byte], []string{`"12.50 Kb"`, `"3.00 octets"`, `[{"a": 1}]`, `{}`, `"{'menu_id': \u0034}"`, `"née"`, `"abc"`, `"b'"`, `"b'YQ=="`, `"b'YQ'"`, `"b\"YQ==\""`, `[{"a": 1]`, `5`, `true`, `"a`}},
		{"reference", as[Reference], []string{`"res.partner"`, `"res.partner,"`, `",7"`, `"res.partner,x"`, `7`, `["res.partner", 7]`}},
		{"raw", as[json.RawMessage], []string{`[`, `{"a"}`, `nope`, `[1,]`, `{"a":1,}`, `01`, ``}},
		{"many2one", as[Ref[partner]], []string{`[]`, `[7]`, `[7, 8]`, `[7, "x", 1]`, `[7, true]`, `["x", "x"]`, `{}`, `{"display_name": "x"}`, `{"id": "x"}`, `true`, `5.5`, `[[7, "x"], "x"]`}},
		{"id", as[ID[partner]], []string{`[]`, `[7]`, `[7, 8]`, `"x"`, `true`, `{}`}},
		{"ids", as[[]ID[partner]], []string{`7`, `"x"`, `{}`, `[1, true]`, `[1,]`, `[1 2]`, `[1`}},
		{"record", as[sale], []string{`7`, `[]`, `"x"`, `{"id"}`, `{"id": 1,}`, `{id: 1}`, `{"id": 1} x`}},
		{"map", as[map[string]float64], []string{`{"a": true}`, `{"a": 1e400}`, `{"a": 1,}`, `[]`}},
		{"map of any", as[map[string]any], []string{`{"a": NaN}`, `[]`}},
		{"text", as[shout], []string{`""`, `true`, `[]`}},
	} {
		for _, answer := range c.bad {
			if got, err := c.decode(answer); err == nil {
				t.Errorf("%s: %s was read as %v", c.name, answer, got)
			} else if _, ok := errors.AsType[*DecodeError](err); !ok {
				t.Errorf("%s: %s: %T is not a *DecodeError", c.name, answer, err)
			}
		}
	}
}

func TestErrorsNameModelFieldAndRecord(t *testing.T) {
	for name, c := range map[string]struct {
		answer string
		want   DecodeError
	}{
		"field":               {`[{"id": 4}, {"id": 5, "name": true}]`, DecodeError{Model: "sale.order", Field: "name", ID: 5, Reason: `want a string, got "true"`}},
		"many2one":            {`[{"id": 5, "partner_id": {}}]`, DecodeError{Model: "sale.order", Field: "partner_id", ID: 5, Reason: "want a many2one, got an object without an id"}},
		"item of a list":      {`[{"id": 5, "order_line": [1, "x"]}]`, DecodeError{Model: "sale.order", Field: "order_line", ID: 5, Reason: `want a whole number, got "\"x\""`}},
		"the id itself":       {`[{"id": "x", "name": "a"}]`, DecodeError{Model: "sale.order", Field: "id", ID: 0, Reason: `want a whole number, got "\"x\""`}},
		"before the id":       {`[{"name": true, "id": 5}]`, DecodeError{Model: "sale.order", Field: "name", ID: 0, Reason: `want a string, got "true"`}},
		"between fields":      {`[{"id": 5, "name": "a" "x"}]`, DecodeError{Model: "sale.order", Field: "", ID: 5, Reason: `want a comma or }, got "\"x\""`}},
		"in an unknown field": {`[{"id": 5, "x": nope}]`, DecodeError{Model: "sale.order", Field: "", ID: 5, Reason: `want a value, got "nope}]"`}},
		"a broken value":      {`[{"id": 5, "name": [1, {]}]`, DecodeError{Model: "sale.order", Field: "name", ID: 5, Reason: `want a string, got "[1, {]}]"`}},
		"a long value":        {`[{"id": 5, "name": [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13]}]`, DecodeError{Model: "sale.order", Field: "name", ID: 5, Reason: `want a string, got "[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, "`}},
		"no list":             {`{"id": 5}`, DecodeError{Model: "sale.order", Field: "", ID: 0, Reason: `want a list, got "{\"id\": 5}"`}},
		"after the list":      {`[] []`, DecodeError{Model: "sale.order", Field: "", ID: 0, Reason: `want the end of the answer, got "[]"`}},
		"nothing":             {` `, DecodeError{Model: "sale.order", Field: "", ID: 0, Reason: "the answer ends where a list should be"}},
	} {
		_, err := decodeRecords([]byte(c.answer), "sale.order", reflect.ValueOf(new([]sale)).Elem())
		if got, ok := errors.AsType[*DecodeError](err); !ok || *got != c.want {
			t.Errorf("%s: got %#v\nwant %#v", name, err, c.want)
		}
	}
}

// ownID is of the kind of an id, and keeps something else.
type ownID int64

func (i *ownID) UnmarshalJSON([]byte) error { *i = 77; return nil }

func TestRecordsAreToldByTheirIDWhateverHoldsIt(t *testing.T) {
	type id struct {
		ID   ID[sale] `odoo:"id"`
		Name string   `odoo:"name"`
	}
	type small struct {
		ID   int16  `odoo:"id"`
		Name string `odoo:"name"`
	}
	type none struct {
		Name string `odoo:"name"`
	}
	type own struct {
		ID   ownID  `odoo:"id"`
		Name string `odoo:"name"`
	}
	for _, dest := range []any{new([]id), new([]small), new([]none), new([]own)} {
		list := reflect.ValueOf(dest).Elem()
		ids, err := decodeRecords([]byte(`[{"id": 5, "name": "a"}, {"name": "b", "id": 6}, {"id": 7, "name": "c"}]`), "sale.order", list)
		if !slices.Equal(ids, []int64{5, 6, 7}) || err != nil {
			t.Errorf("%T: %v, %v", dest, ids, err)
		}
		_, err = decodeRecords([]byte(`[{"id": 5, "name": "a"}, {"id": 6, "name": []}]`), "sale.order", list)
		if e, ok := errors.AsType[*DecodeError](err); !ok || e.ID != 6 || e.Field != "name" {
			t.Errorf("%T: %v", dest, err)
		}
	}
}

func TestErrorsInARecordWithinARecordNameThePath(t *testing.T) {
	_, err := as[[]tree](`[{"id": 5, "child_ids": [{"id": 6}, {"id": 7, "child_ids": [{"id": 8, "name": 1.5}, {"id": 9, "name": []}]}]}]`)
	want := `orm: some.model, record 5, field child_ids.child_ids.name: want a string, got "[]"`
	if err == nil || err.Error() != want {
		t.Errorf("got  %v\nwant %s", err, want)
	}
}

func TestDecodeErrorText(t *testing.T) {
	for want, e := range map[string]DecodeError{
		"orm: sale.order, record 5, field name: odd": {Model: "sale.order", Field: "name", ID: 5, Reason: "odd"},
		"orm: sale.order, field name: odd":           {Model: "sale.order", Field: "name", ID: 0, Reason: "odd"},
		"orm: sale.order: odd":                       {Model: "sale.order", Field: "", ID: 0, Reason: "odd"},
		"orm: odd":                                   {Model: "", Field: "", ID: 0, Reason: "odd"},
	} {
		if got := e.Error(); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

const sampleAnswer = `[{"id":1,"name":"S\u00e91\ud83d\ude00","partner_id":[7,"Azure \"I\""],"order_line":[1,-2,3.0],"image":"aGVsbG8=","margin":-1.5e-3,` +
	`"x":{"a":[true,false,null,NaN,Infinity,-Infinity,"\\"],"b":{}}},{"id":2,"name":false,"partner_id":false,"order_line":[],"image":null}]`

func TestATruncatedAnswerIsAnErrorWhereverItEnds(t *testing.T) {
	decode := func(answer string) error {
		_, err := decodeRecords([]byte(answer), "sale.order", reflect.ValueOf(new([]sale)).Elem())
		return err
	}
	if err := decode(sampleAnswer); err != nil {
		t.Fatal(err)
	}
	for n := range len(sampleAnswer) {
		if decode(sampleAnswer[:n]) == nil {
			t.Errorf("the first %d bytes were read without an error", n)
		}
		if _, err := as[json.RawMessage](sampleAnswer[:n]); err == nil {
			t.Errorf("the first %d bytes are raw JSON without an error", n)
		}
	}
}

func TestNothingIsReadOfAnAnswerWithAnError(t *testing.T) {
	rows := []sale{{Name: "old"}}
	_, err := decodeRecords([]byte(`[{"id":1,"name":"new"},{"id":2,"name":5.0,"order_line":7}]`), "sale.order", reflect.ValueOf(&rows).Elem())
	if err == nil || len(rows) != 1 || rows[0].Name != "old" {
		t.Errorf("got %v, %v", rows, err)
	}
}

func TestDeepNestingIsAnErrorNotTheEndOfTheStack(t *testing.T) {
	const deep = 1_000_000
	for name, c := range map[string]struct {
		decode func(string) (any, error)
		answer string
	}{
		"lists":             {as[json.RawMessage], strings.Repeat("[", deep)},
		"objects":           {as[json.RawMessage], strings.Repeat(`{"a":`, deep)},
		"unknown field":     {as[sale], `{"x":` + strings.Repeat("[", deep)},
		"recursive struct":  {as[tree], strings.Repeat(`{"child_ids":[`, deep)},
		"recursive pointer": {as[tree], strings.Repeat(`{"parent_id":`, deep)},
		"own type":          {as[map[string]any], strings.Repeat(`{"a":`, deep)},
	} {
		_, err := c.decode(c.answer)
		if err == nil || !strings.Contains(err.Error(), "nested more than 10000 deep") {
			t.Errorf("%s: got %.200v", name, err)
		}
	}
}

func TestAsMuchNestingAsEncodingJSONTakes(t *testing.T) {
	for depth, want := range map[int]bool{codec.MaxDepth: true, codec.MaxDepth + 1: false} {
		answer := strings.Repeat("[", depth) + strings.Repeat("]", depth)
		if _, err := as[json.RawMessage](answer); (err == nil) != want || json.Valid([]byte(answer)) != want {
			t.Errorf("depth %d: %.100v", depth, err)
		}
	}
}

type (
	untagged   struct{ Name string }
	unexported struct {
		name string `odoo:"name"` //nolint:unused // the tag on it is what is tested
	}
	taggedTwice struct {
		A string `odoo:"name"`
		B string `odoo:"name"`
	}
	badOption struct {
		Name string `odoo:"name,omitempty"`
	}
	embedded struct {
		Name string `odoo:"name"`
	}
	embeddedPointer struct{ *embedded }
	withChannel     struct {
		C chan int `odoo:"name"`
	}
	endlessList    []endlessList
	endlessPointer *endlessPointer
	withEndless    struct {
		L []endlessList `odoo:"name"`
	}
)

func TestAWrongDestinationIsAnError(t *testing.T) {
	for name, dest := range map[string]any{
		"nil":                          nil,
		"no pointer":                   sale{},
		"nil pointer":                  (*sale)(nil),
		"a channel":                    new(chan int),
		"a function":                   new(func()),
		"an unexported field":          new(unexported),
		"a tag twice":                  new(taggedTwice),
		"an unknown option":            new(badOption),
		"an embedded pointer":          new(embeddedPointer),
		"a channel in a struct":        new(withChannel),
		"a list of itself":             new(endlessList),
		"a pointer to itself":          new(endlessPointer),
		"a list of itself in a struct": new(withEndless),
		"a complex number":             new(complex128),
	} {
		if err := decodeInto([]byte(`{"id": 1, "name": "x"}`), "sale.order", dest); err == nil {
			t.Errorf("%s was taken", name)
		}
	}
}

func TestAWrongDestinationOfRecordsIsAnErrorBeforeTheCall(t *testing.T) {
	f := &fakeOdoo{Object: answerAll(resultOf("[]"))}
	model := dialFake(t, f).Model("sale.order")
	for name, dest := range map[string]any{
		"nil":                   nil,
		"a slice":               []sale{},
		"a nil pointer":         (*[]sale)(nil),
		"no list":               new(sale),
		"a list of ints":        new([]int),
		"a list of pointers":    new([]*sale),
		"no tags":               new([]untagged),
		"an unexported field":   new([]unexported),
		"a tag twice":           new([]taggedTwice),
		"an unknown option":     new([]badOption),
		"an embedded pointer":   new([]embeddedPointer),
		"a channel in a struct": new([]withChannel),
	} {
		if err := model.Find(t.Context(), dest, Expr{}); err == nil {
			t.Errorf("%s was taken", name)
		}
	}
	for name, dest := range map[string]any{"nil": nil, "no tags": new(untagged), "a list": new([]sale), "an int": new(int), "no pointer": sale{}} {
		if err := model.First(t.Context(), dest, Expr{}); err == nil {
			t.Errorf("First took %s", name)
		}
		var errs []error
		model.Each(t.Context(), dest, Expr{}, func(err error) bool { errs = append(errs, err); return true })
		if len(errs) != 1 || errs[0] == nil {
			t.Errorf("Each of %s: %v", name, errs)
		}
	}
	if calls := f.Log(); calls != nil {
		t.Errorf("the server was called: %v", calls)
	}
}

func TestThePlanErrorNamesTheField(t *testing.T) {
	for want, typ := range map[string]reflect.Type{
		"orm.unexported.name has an odoo tag but is not exported": reflect.TypeFor[unexported](),
		`orm.taggedTwice has the tag odoo:"name" twice`:           reflect.TypeFor[taggedTwice](),
		`orm.badOption.Name: unknown option "omitempty"`:          reflect.TypeFor[badOption](),
		"orm.embeddedPointer.Name is reached through an embedded": reflect.TypeFor[embeddedPointer](),
		"orm.untagged has no field with an":                       reflect.TypeFor[untagged](),
		"into structs with `odoo:\"field\"` tags, not into int":   reflect.TypeFor[int](),
		"no value of Odoo fits the Go type chan int":              reflect.TypeFor[withChannel](),
		"the Go type []orm.endlessList holds nothing but itself":  reflect.TypeFor[withEndless](),
	} {
		if _, err := codec.PlanOf(typ); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}
