package orm

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

type loaded struct {
	Name    Opt[string]      `odoo:"name"`
	Partner Opt[ID[partner]] `odoo:"partner_id"`
	Owner   string           `odoo:"owner_id/id"`
	Date    Date             `odoo:"date"`
	Time    time.Time        `odoo:"time"`
	On      Opt[bool]        `odoo:"on"`
	Count   Opt[int]         `odoo:"count"`
	Total   float64          `odoo:"total"`
	State   state            `odoo:"state"`
	File    []byte           `odoo:"file"`
}

func TestLoadOnTheWire(t *testing.T) {
	f := &fakeOdoo{Object: answerAll(resultOf(`{"ids":[7,8],"messages":[{"type":"warning","message":"hm","rows":{"from":1,"to":1},"field":"name"}],"nextrow":0}`))}
	rows := []LoadRow[loaded]{
		{"m.a", loaded{Set("x"), Set(ID[partner](3)), "base.x", Date{2026, 7, 1}, time.Date(2026, 7, 1, 9, 0, 0, 0, time.UTC), Set(true), Set(5), 2.5, "done", []byte("hi")}},
		{"m.b", loaded{Name: Clear[string](), Partner: Clear[ID[partner]](), On: Set(false), Count: Clear[int]()}},
	}
	var ids []ID[sale]
	warnings, err := dialFake(t, f).Model("sale.order").Load(t.Context(), &ids, rows, Context{"tz": "Asia/Tokyo"})
	if err != nil || !cmp.Equal(ids, []ID[sale]{7, 8}) {
		t.Fatal(ids, err)
	}
	if diff := cmp.Diff([]LoadMessage{{1, "m.b", "name", "hm", true}}, warnings); diff != "" {
		t.Error(diff)
	}
	want := `sale.order.load [["id","name","partner_id/.id","owner_id/id","date","time","on","count","total","state","file"],` +
		`[["m.a","x","3","base.x","2026-07-01","2026-07-01 09:00:00","1","5","2.5","done","aGk="],["m.b","","","","","","0","","0","",""]]] {"context":{"tz":"UTC"}}`
	if got := f.Log()[0].String(); got != want {
		t.Errorf("sent %s\nwant %s", got, want)
	}
}

func TestLoadRefuses(t *testing.T) {
	f := &fakeOdoo{Object: answerAll(resultOf(`{"ids":[],"messages":[]}`))}
	m := dialFake(t, f).Model("sale.order")
	type withID struct {
		ID ID[sale] `odoo:"id"`
	}
	for want, rows := range map[string]any{
		"want a slice of LoadRow": []saleValues{{}},
		"row 1: the field partner_id is in this row, but not in the first one": []LoadRow[saleValues]{{"m.a", saleValues{Name: Set("x")}}, {"m.b", saleValues{Name: Set("y"), Partner: Set(ID[partner](1))}}},
		"row 1: the field name is not in this row, but in the first one":       []LoadRow[saleValues]{{"m.a", saleValues{Name: Set("x")}}, {"m.b", saleValues{Partner: Set(ID[partner](1))}}},
		"row 2: the field partner_id is not in this row": []LoadRow[saleValues]{{"m.a", saleValues{Name: Set("x"), Partner: Set(ID[partner](1))}},
			{"m.b", saleValues{Name: Set("x"), Partner: Set(ID[partner](1))}}, {"m.c", saleValues{Name: Set("x")}}},
		"rows 0 and 1 have the same external id m.a": []LoadRow[saleValues]{{"m.a", saleValues{Name: Set("x")}}, {"m.a", saleValues{Name: Set("y")}}},
		"field order_line: load takes the whole set": []LoadRow[saleValues]{{"m.a", saleValues{Lines: Commands(Link(ID[line](1)))}}},
		"a row is told by the XMLID":                 []LoadRow[withID]{{"m.a", withID{1}}},
		"no values":                                  []LoadRow[*saleValues]{{XMLID: "m.a"}},
		"into structs with":                          []LoadRow[string]{{XMLID: "m.a"}},
	} {
		if _, err := m.Load(t.Context(), new([]int64), rows); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
	done, err := Load[saleValues](t.Context(), &Client{}, nil)
	if err != nil || done.IDs != nil || f.Log() != nil {
		t.Errorf("nothing loaded: %v, %v", done, err)
	}
}

func TestLoadErrorsNameTheRow(t *testing.T) {
	rows := []LoadRow[saleValues]{{"m.a", saleValues{Name: Set("x")}}, {"m.b", saleValues{Name: Set("y")}}}
	for _, test := range []struct{ answer, want string }{
		{`{"ids":false,"messages":[{"type":"warning","message":"w"},{"type":"error","message":"bad ","rows":{"from":1,"to":1},"record":1,"field":"name","moreinfo":{"a":[1]}},{"type":"error","message":"x","rows":{"from":9}}]}`,
			"orm: sale.order.load: nothing is loaded, 2 errors: row 1: field name: bad"},
		{`{"ids":false,"messages":[]}`, "orm: sale.order.load: nothing is loaded"},
		{`{"ids":[1,2],"messages":[{"type":"error","message":"odd"}]}`, "orm: sale.order.load: nothing is loaded, 1 error: odd"},
	} {
		c := dialFake(t, &fakeOdoo{Object: answerAll(resultOf(test.answer))})
		_, err := Load(t.Context(), c, rows)
		if e, ok := errors.AsType[*LoadError](err); !ok || err.Error() != test.want || !errors.Is(err, ErrValidation) || e.Model != "sale.order" {
			t.Errorf("got %v\nwant %s", err, test.want)
		}
	}
	for _, answer := range []string{`{"ids":[1]}`, `{"ids":"x"}`, `[]`, `{"ids":[1,2,3],"messages":[]}`} {
		c := dialFake(t, &fakeOdoo{Object: answerAll(resultOf(answer))})
		if _, err := Load(t.Context(), c, rows); err == nil {
			t.Errorf("%s is taken", answer)
		}
	}
}

// Rows of different types are one table, whatever the order of their fields.
func TestLoadPutsCellsUnderTheirHeaders(t *testing.T) {
	type one struct {
		Name  string `odoo:"name"`
		Email string `odoo:"email"`
	}
	type other struct {
		Email string `odoo:"email"`
		Name  string `odoo:"name"`
	}
	f := &fakeOdoo{Object: answerAll(resultOf(`{"ids":[1,2],"messages":[]}`))}
	rows := []LoadRow[any]{{"m.a", one{"Ann", "ann@example.com"}}, {"m.b", other{"bob@example.com", "Bob"}}}
	if _, err := dialFake(t, f).Model("res.partner").Load(t.Context(), new([]int64), rows); err != nil {
		t.Fatal(err)
	}
	want := `res.partner.load [["id","name","email"],[["m.a","Ann","ann@example.com"],["m.b","Bob","bob@example.com"]]] {}`
	if got := f.Log()[0].String(); got != want {
		t.Errorf("sent %s\nwant %s", got, want)
	}
}

func TestLoadInBatches(t *testing.T) {
	answers := []string{`{"ids":[1,2],"messages":[]}`, `{"ids":[3,4],"messages":[{"type":"warning","message":"w","rows":{"from":1}}]}`, `{"ids":[5],"messages":[]}`}
	rows := make([]LoadRow[saleValues], 5)
	for i := range rows {
		rows[i] = LoadRow[saleValues]{"m." + string(rune('a'+i)), saleValues{Name: Set("x")}}
	}
	load := func(last string) (LoadResult[sale], int, error) {
		calls := 0
		f := &fakeOdoo{Object: func(fakeCall) string {
			calls++
			if calls == 3 {
				return resultOf(last)
			}
			return resultOf(answers[calls-1])
		}}
		done, err := Load(t.Context(), dialFake(t, f), rows, Batch(2))
		return done, calls, err
	}
	done, calls, err := load(answers[2])
	want := LoadResult[sale]{[]ID[sale]{1, 2, 3, 4, 5}, []LoadMessage{{3, "m.d", "", "w", true}}}
	if diff := cmp.Diff(want, done); diff != "" || calls != 3 || err != nil {
		t.Errorf("%d calls, %v\n%s", calls, err, diff)
	}
	done, _, err = load(`{"ids":false,"messages":[{"type":"error","message":"bad","rows":{"from":0}}]}`)
	text := "orm: sale.order.load: nothing is loaded after the first 4 rows, 1 error: row 4: bad"
	if err == nil || err.Error() != text || !cmp.Equal(done.IDs, []ID[sale]{1, 2, 3, 4}) {
		t.Errorf("got %v with the ids %v, want %s", err, done.IDs, text)
	}
}
