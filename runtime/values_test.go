package orm

import (
	"bytes"
	"database/sql"
	"database/sql/driver"
	"encoding/json"
	"fmt"
	"log/slog"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// What the value types are in JSON, in text and in a log, and that JSON reads them back.
func TestValuesInJSONAndText(t *testing.T) {
	for name, test := range map[string]struct {
		value            any
		json, text, slog string
	}{
		"id":                 {ID[sale](7), `7`, "7", "7"},
		"text id":            {TextID[sale]("10"), `"10"`, "10", "10"},
		"many2one":           {Ref[partner]{7, "Azure"}, `{"ID":7,"Name":"Azure"}`, "{7 Azure}", `"{ID:7 Name:Azure}"`},
		"many2one to texts":  {TextRef[partner]{"10", "Cash"}, `{"ID":"10","Name":"Cash"}`, "{10 Cash}", `"{ID:10 Name:Cash}"`},
		"selection":          {state("sale"), `"sale"`, "sale", "sale"},
		"date":               {Date{2026, 7, 1}, `"2026-07-01"`, "2026-07-01", "2026-07-01"},
		"no date":            {Date{}, `null`, "", `""`},
		"reference":          {Reference{"res.partner", 7}, `"res.partner,7"`, "res.partner,7", "res.partner,7"},
		"no reference":       {Reference{}, `null`, "", `""`},
		"value in a write":   {Set("x"), `{"State":"present","Value":"x"}`, "{[] present x}", `"{_:[] State:present Value:x}"`},
		"cleared in a write": {Clear[string](), `{"State":"cleared","Value":""}`, "{[] cleared }", `"{_:[] State:cleared Value:}"`},
		"not in a write":     {Opt[Date]{}, `{"State":"absent","Value":null}`, "{[] absent }", `"{_:[] State:absent Value:}"`},
		"labels":             {Labels{{"draft", "Quotation"}}, `[["draft","Quotation"]]`, "[[draft Quotation]]", `"[[draft Quotation]]"`},
		"many2many":          {[]ID[line]{7, 8}, `[7,8]`, "[7 8]", `"[7 8]"`},
		"record": {
			sale{ID: 7, Name: "S1", Partner: Ref[partner]{3, "A"}, Lines: []ID[line]{1}, Image: []byte("hi")},
			`{"ID":7,"Name":"S1","Partner":{"ID":3,"Name":"A"},"Lines":[1],"Image":"aGk=","Margin":0}`,
			"{7 S1 {3 A} [1] [104 105] 0}", `"{ID:7 Name:S1 Partner:{ID:3 Name:A} Lines:[1] Image:[104 105] Margin:0}"`,
		},
		"values": {
			saleValues{Name: Set("x"), Partner: Clear[ID[partner]]()},
			`{"Name":{"State":"present","Value":"x"},"Partner":{"State":"cleared","Value":0},"Lines":null}`,
			"{{[] present x} {[] cleared 0} []}", `"{Name:{_:[] State:present Value:x} Partner:{_:[] State:cleared Value:0} Lines:[]}"`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			b, err := json.Marshal(test.value)
			if err != nil || string(b) != test.json {
				t.Errorf("JSON is %s, %v; want %s", b, err, test.json)
			}
			back := reflect.New(reflect.TypeOf(test.value))
			if err := json.Unmarshal(b, back.Interface()); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.value, back.Elem().Interface(), cmpopts.IgnoreUnexported(Opt[string]{}, Opt[Date]{}, Opt[ID[partner]]{})); diff != "" {
				t.Errorf("read back: %s", diff)
			}
			if got := fmt.Sprint(test.value); got != test.text {
				t.Errorf("text is %q, want %q", got, test.text)
			}
			var log bytes.Buffer
			slog.New(slog.NewTextHandler(&log, nil)).Info("m", "v", test.value)
			if _, got, _ := strings.Cut(strings.TrimSpace(log.String()), "v="); got != test.slog {
				t.Errorf("the log has %s, want %s", got, test.slog)
			}
		})
	}
}

func TestConditionsInTextAndJSON(t *testing.T) {
	where := And(Eq(saleF.State, state("sale")), Or(Lt(saleF.Total, 5), Not(Eq(saleF.Name, "x"))))
	const want = `["&",["state","=","sale"],"|",["amount_total","<",5],"!",["name","=","x"]]`
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(map[string]any{"domain": Expr(where)}); err != nil || b.String() != `{"domain":`+want+"}\n" {
		t.Errorf("got %s, %v", b.String(), err)
	}
	if got := fmt.Sprint(Expr(where)); got != want {
		t.Errorf("got %s", got)
	}
	if got := fmt.Sprint(Expr(Where[sale]("x", "=", func() {}))); !strings.Contains(got, "condition on x") {
		t.Errorf("got %s", got)
	}
}

func TestOptStatesAreKnown(t *testing.T) {
	var s OptState
	if err := s.UnmarshalText([]byte("gone")); err == nil || OptState(9).String() != "OptState(9)" {
		t.Error(err, OptState(9))
	}
}

// The types are parameters and destinations of package sql.
func TestValuesInDatabases(t *testing.T) {
	day := time.Date(2026, 7, 1, 0, 0, 0, 0, time.UTC)
	for name, test := range map[string]struct {
		value driver.Valuer
		want  driver.Value
		dest  sql.Scanner
		from  []any
	}{
		"date":         {Date{2026, 7, 1}, "2026-07-01", new(Date), []any{"2026-07-01", []byte("2026-07-01"), day}},
		"no date":      {Date{}, nil, &Date{2020, 1, 1}, []any{nil, ""}},
		"reference":    {Reference{"res.partner", 7}, "res.partner,7", new(Reference), []any{"res.partner,7", []byte("res.partner,7")}},
		"no reference": {Reference{}, nil, &Reference{"x", 1}, []any{nil, ""}},
	} {
		if got, err := test.value.Value(); err != nil || got != test.want {
			t.Errorf("%s: got %v, %v", name, got, err)
		}
		for _, from := range test.from {
			if err := test.dest.Scan(from); err != nil || reflect.ValueOf(test.dest).Elem().Interface() != any(test.value) {
				t.Errorf("%s: %v of %T, %v", name, test.dest, from, err)
			}
		}
		if err := test.dest.Scan(7.5); err == nil {
			t.Errorf("%s: a number is taken", name)
		}
	}
	for _, id := range []any{ID[sale](7), TextID[sale]("10"), state("sale")} {
		if _, err := driver.DefaultParameterConverter.ConvertValue(id); err != nil {
			t.Error(err)
		}
	}
}
