package orm

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestTheThreeStatesOfEachType(t *testing.T) {
	testStates(t, "x", `"x"`, `""`)
	testStates(t, 5, `5`, `0`)
	testStates(t, int64(5), `5`, `0`)
	testStates(t, 1.5, `1.5`, `0`)
	testStates(t, true, `true`, `false`)
	testStates(t, noon, `"2026-01-31 12:00:00"`, `false`)
	testStates(t, Date{2026, 1, 31}, `"2026-01-31"`, `false`)
	testStates(t, []byte("hi"), `"aGk="`, `false`)
	testStates(t, Reference{"res.partner", 7}, `"res.partner,7"`, `false`)
	testStates(t, json.RawMessage(`[1]`), `[1]`, `false`)
	testStates(t, ID[partner](7), `7`, `false`)
	testStates(t, state("draft"), `"draft"`, `false`)
	testStates(t, shout("HEY"), `"hey"`, `false`)
	testStates[any](t, "x", `"x"`, `null`)
}

// testStates writes a Values struct of one field of the type T in each state of it.
func testStates[T any](t *testing.T, v T, wantSet, wantZero string) {
	t.Helper()
	type values struct {
		F Opt[T] `odoo:"f"`
	}
	var zero T
	for _, c := range []struct {
		name string
		opt  Opt[T]
		want string
	}{
		{"absent", Opt[T]{}, `{}`},
		{"absent with a value", Opt[T]{Value: v}, `{}`},
		{"set", Set(v), `{"f":` + wantSet + `}`},
		{"set to zero", Set(zero), `{"f":` + wantZero + `}`},
		{"cleared", Clear[T](), `{"f":false}`},
		{"cleared with a value", Opt[T]{State: Cleared, Value: v}, `{"f":false}`},
	} {
		if got := jsonOf(values{c.opt}); got != c.want {
			t.Errorf("%T %s: got %s, want %s", v, c.name, got, c.want)
		}
	}
}

func TestAbsentFieldsAreLeftOutOfAWrite(t *testing.T) {
	for want, v := range map[string]saleValues{
		`{}`:                                    {},
		`{"name":"S1"}`:                         {Name: Set("S1")},
		`{"partner_id":7}`:                      {Partner: Set(ID[partner](7))},
		`{"name":"S1","partner_id":false}`:      {Name: Set("S1"), Partner: Clear[ID[partner]]()},
		`{"order_line":[]}`:                     {Lines: []Command[line]{}},
		`{"name":false,"order_line":[[5,0,0]]}`: {Name: Clear[string](), Lines: Commands(RemoveAll[line]())},
	} {
		if got := jsonOf(v); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

func TestCommands(t *testing.T) {
	three := lineValues{Quantity: Set(3.0)}
	for want, commands := range map[string][]Command[line]{
		`[]`:                            {},
		`[[0,0,{"product_uom_qty":3}]]`: Commands(New(three)),
		`[[0,0,{}]]`:                    Commands(New(lineValues{})),
		`[[1,7,{"product_uom_qty":3}]]`: Commands(Update(7, three)),
		`[[2,7,0]]`:                     Commands(Delete[line](7)),
		`[[2,7,0],[2,8,0]]`:             Commands(Delete[line](7, 8)),
		`[[3,7,0]]`:                     Commands(Remove[line](7)),
		`[[3,7,0],[3,8,0],[3,9,0]]`:     Commands(Remove[line](7, 8, 9)),
		`[[4,7,0]]`:                     Commands(Link[line](7)),
		`[[4,7,0],[4,8,0]]`:             Commands(Link[line](7, 8)),
		`[[5,0,0]]`:                     Commands(RemoveAll[line]()),
		`[[6,0,[7,8]]]`:                 Commands(Replace[line](7, 8)),
		`[[6,0,[]]]`:                    Commands(Replace[line]()),
		`[[6,0,[7]],[0,0,{"product_uom_qty":3}]]`: Commands(Replace[line](7), New(three)),
		`[[5,0,0],[4,7,0],[4,8,0],[2,9,0]]`:       Commands(RemoveAll[line](), Link[line](7, 8), Delete[line](9)),
		`[[1,7,{"product_uom_qty":3}],[3,8,0]]`:   Commands(Update(7, three), Remove[line](8)),
	} {
		if got := jsonOf(commands); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

func TestACommandAloneIsAListOfOne(t *testing.T) {
	if got, want := jsonOf(Args{"line_ids": Link[line](7, 8)}), `{"line_ids":[[4,7,0],[4,8,0]]}`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestCommandsWithoutARecordAreErrors(t *testing.T) {
	for name, command := range map[string]Command[line]{
		"update 0":         Update(0, lineValues{}),
		"delete nothing":   Delete[line](),
		"remove nothing":   Remove[line](),
		"link nothing":     Link[line](),
		"link 0":           Link[line](7, 0),
		"delete 0":         Delete[line](0),
		"replace with 0":   Replace[line](7, 0),
		"no such command":  {Code: 7},
		"negative command": {Code: -1},
	} {
		if got := jsonOf(Commands(command)); !strings.HasPrefix(got, "error: ") {
			t.Errorf("%s was written as %s", name, got)
		}
	}
}

func TestWhatWasReadCanBeWrittenBack(t *testing.T) {
	type record struct {
		Name    string          `odoo:"name"`
		State   state           `odoo:"state"`
		Partner Ref[partner]    `odoo:"partner_id"`
		Date    Date            `odoo:"date"`
		Time    time.Time       `odoo:"time"`
		Data    []byte          `odoo:"data"`
		Any     Reference       `odoo:"any"`
		Props   json.RawMessage `odoo:"props"`
		Total   float64         `odoo:"total"`
		Number  int             `odoo:"number"`
		Active  bool            `odoo:"active"`
		Verb    shout           `odoo:"verb"`
	}
	for _, answer := range []string{
		`{"name":"x","state":"draft","partner_id":7,"date":"2026-01-31","time":"2026-01-31 12:00:00","data":"aGk=","any":"a.b,1","props":[1],"total":1.5,"number":-3,"active":true,"verb":"hey"}`,
		`{"name":"","state":false,"partner_id":false,"date":false,"time":false,"data":false,"any":false,"props":false,"total":0,"number":0,"active":false,"verb":false}`,
	} {
		got, err := as[record](answer)
		if err != nil {
			t.Fatal(err)
		}
		if back := jsonOf(got); back != answer {
			t.Errorf("got  %s\nwant %s", back, answer)
		}
	}
}

func TestCreateManyInBatches(t *testing.T) {
	n := 0
	f := &fakeOdoo{Object: func(fakeCall) string {
		if n++; n == 3 {
			return faultOf("odoo.exceptions.ValidationError", "no")
		}
		return resultOf(fmt.Sprintf("[%d,%d]", 10*n, 10*n+1))
	}}
	ids, err := CreateMany(t.Context(), dialFake(t, f), make([]saleValues, 7), Batch(2))
	if !errors.Is(err, ErrValidation) || !cmp.Equal(ids, []ID[sale]{10, 11, 20, 21}) {
		t.Errorf("%v, %v", ids, err)
	}
	for _, call := range f.Log() {
		if got, want := call.String(), `sale.order.create [[{},{}]] {}`; got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}
