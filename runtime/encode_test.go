package orm

import (
	"encoding/json"
	"errors"
	"math"
	"math/big"
	"strings"
	"testing"
	"time"

	"github.com/odoogen/odoogen/runtime/internal/codec"
)

var (
	noon   = time.Date(2026, 1, 31, 12, 0, 0, 0, time.UTC)
	east   = time.FixedZone("east", 2*3600)
	west   = time.FixedZone("west", -5*3600)
	absent map[string]int
)

func TestValuesAreWrittenAsOdooTakesThem(t *testing.T) {
	for name, c := range map[string]struct {
		value any
		want  string
	}{
		"nil":                         {nil, `null`},
		"string":                      {"x", `"x"`},
		"empty string":                {"", `""`},
		"string with escapes":         {"\"\\/\n\x00\x7f<é>😀\u2028", `"\"\\/\u000a\u0000` + "\x7f<é>😀\u2028" + `"`},
		"selection":                   {state("draft"), `"draft"`},
		"empty selection":             {state(""), `false`},
		"int":                         {5, `5`},
		"zero int":                    {0, `0`},
		"named int8":                  {count(-5), `-5`},
		"uint":                        {uint(5), `5`},
		"big int64":                   {int64(math.MaxInt64), `9223372036854775807`},
		"float":                       {1.5, `1.5`},
		"zero float":                  {0.0, `0`},
		"float32":                     {float32(0.1), `0.1`},
		"large float":                 {1e21, `1e+21`},
		"true":                        {true, `true`},
		"false":                       {false, `false`},
		"time":                        {noon, `"2026-01-31 12:00:00"`},
		"time in another zone":        {time.Date(2026, 2, 1, 1, 0, 0, 0, east), `"2026-01-31 23:00:00"`},
		"time with a fraction":        {noon.Add(999 * time.Millisecond), `"2026-01-31 12:00:00"`},
		"zero time":                   {time.Time{}, `false`},
		"first year":                  {time.Date(1, 1, 1, 0, 0, 1, 0, time.UTC), `"0001-01-01 00:00:01"`},
		"last second":                 {time.Date(9999, 12, 31, 18, 59, 59, 0, west), `"9999-12-31 23:59:59"`},
		"date":                        {Date{2026, 1, 31}, `"2026-01-31"`},
		"zero date":                   {Date{}, `false`},
		"date of a year of one digit": {Date{1, 1, 1}, `"0001-01-01"`},
		"binary":                      {[]byte("hello"), `"aGVsbG8="`},
		"empty binary":                {[]byte{}, `false`},
		"named binary":                {blob("hi"), `"aGk="`},
		"raw":                         {json.RawMessage(`{"a": [1]}`), `{"a": [1]}`},
		"empty raw":                   {json.RawMessage(nil), `false`},
		"reference":                   {Reference{"res.partner", 7}, `"res.partner,7"`},
		"typed reference":             {RefTo(ID[partner](7)), `"res.partner,7"`},
		"zero reference":              {Reference{}, `false`},
		"id":                          {ID[partner](7), `7`},
		"zero id":                     {ID[partner](0), `false`},
		"ref":                         {Ref[partner]{7, "x"}, `7`},
		"zero ref":                    {Ref[partner]{}, `false`},
		"ids":                         {[]ID[partner]{1, 2}, `[1,2]`},
		"no ids":                      {[]ID[partner](nil), `[]`},
		"array":                       {[2]string{"a", "b"}, `["a","b"]`},
		"list of anything":            {[]any{1, "a", nil, noon, []any{}}, `[1,"a",null,"2026-01-31 12:00:00",[]]`},
		"sorted map":                  {map[string]any{"b": 1, "a": Date{2026, 1, 31}, "": nil}, `{"":null,"a":"2026-01-31","b":1}`},
		"map with named keys":         {map[state]int{"b": 1, "a": 2}, `{"a":2,"b":1}`},
		"map of ints":                 {map[int]string{2: "b", 1: "a"}, `{"1":"a","2":"b"}`},
		"nil map":                     {absent, `{}`},
		"args":                        {Args{"values": Context{"lang": "fr_FR"}}, `{"values":{"lang":"fr_FR"}}`},
		"nil pointer":                 {(*string)(nil), `null`},
		"pointer":                     {ptr("x"), `"x"`},
		"pointer to time":             {&noon, `"2026-01-31 12:00:00"`},
		"nil pointer to time":         {(*time.Time)(nil), `null`},
		"pointer to raw":              {ptr(json.RawMessage(`[1]`)), `[1]`},
		"pointer to zero id":          {ptr(ID[partner](0)), `false`},
		"text of its own":             {shout("HEY"), `"hey"`},
		"empty text of its own":       {shout(""), `false`},
		"json of its own":             {big.NewInt(5), `5`},
		"struct without tags":         {plain{7, "x"}, `{"id":7,"display_name":"x"}`},
		"struct with tags":            {line2{7, ""}, `{"id":7,"name":""}`},
		"expression":                  {trustedLeaf("a", "=", 1), `[["a","=",1]]`},
		"typed condition":             {Args{"domain": Eq(saleF.Name, "x")}, `{"domain":[["name","=","x"]]}`},
		"condition of no leaf":        {Domain[sale]{}, `[]`},
	} {
		got := jsonOf(c.value)
		if got != c.want {
			t.Errorf("%s: got %s, want %s", name, got, c.want)
		}
		if !json.Valid([]byte(got)) {
			t.Errorf("%s: %s is not JSON", name, got)
		}
	}
}

func TestValuesThatOdooCannotTakeAreErrors(t *testing.T) {
	for name, value := range map[string]any{
		"NaN":                    math.NaN(),
		"Inf":                    math.Inf(1),
		"-Inf":                   float32(math.Inf(-1)),
		"bytes in a string":      "a\xffb",
		"half a character":       "\xe2\x82",
		"a surrogate":            "\xed\xa0\xbd",
		"bytes in a selection":   state("\xff"),
		"bytes in a key":         map[string]int{"\xff": 1},
		"bytes in a reference":   Reference{"\xff", 1},
		"year 0":                 time.Date(0, 12, 31, 23, 59, 59, 0, time.UTC),
		"year 10000":             time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC),
		"year 10000 in UTC":      time.Date(9999, 12, 31, 23, 0, 0, 0, west),
		"year 0 in UTC":          time.Date(1, 1, 1, 0, 0, 0, 0, east),
		"date of the year 0":     Date{0, 1, 1},
		"date of the year 10000": Date{10000, 1, 1},
		"30 February":            Date{2026, 2, 30},
		"a date without a day":   Date{2026, 2, 0},
		"broken raw":             json.RawMessage(`{"a":`),
		"two raw values":         json.RawMessage(`1 2`),
		"raw NaN":                json.RawMessage(`NaN`),
		"a channel":              make(chan int),
		"a function":             func() {},
		"deep in a list":         []any{map[string]any{"a": []float64{math.NaN()}}},
		"deep in a map":          map[string]map[string]float64{"a": {"b": math.NaN()}},
		"a wrong struct":         taggedTwice{},
		"a bad operator":         trustedLeaf("a", "\xff", 1),
		"a bad value":            trustedLeaf("a", "=", math.NaN()),
	} {
		if got := jsonOf(value); !strings.HasPrefix(got, "error: ") {
			t.Errorf("%s was written as %s", name, got)
		}
	}
}

func TestAWriteErrorNamesTheField(t *testing.T) {
	err := jsonOf(saleValues{Lines: Commands(New(lineValues{Quantity: Set(math.NaN())}))})
	if want := "error: order_line: product_uom_qty: NaN is not a number that Odoo takes"; err != want {
		t.Errorf("got %s", err)
	}
	err = jsonOf(Eq(saleF.Total, math.Inf(1)))
	if want := "error: condition on amount_total: +Inf is not a number that Odoo takes"; err != want {
		t.Errorf("got %s", err)
	}
}

func TestAnEncodeErrorDoesNotRepeatTheText(t *testing.T) {
	if _, err := codec.AppendString(nil, "s3cret\xff"); err == nil || strings.Contains(err.Error(), "s3cret") {
		t.Errorf("got %v", err)
	}
}

type failing struct{}

var errFailing = errors.New("no JSON today")

func (failing) MarshalJSON() ([]byte, error) { return nil, errFailing }

func TestAnErrorOfOnesOwnMarshalerIsKept(t *testing.T) {
	if _, err := codec.Append(nil, Args{"a": failing{}}); !errors.Is(err, errFailing) {
		t.Errorf("got %v", err)
	}
}
