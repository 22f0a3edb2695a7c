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
	f := &fakeOdoo{object: answerAll(resultOf(`{"ids":[7,8],"messages":[{"type":"warning","message":"hm","rows":{"from":1,"to":1},"field":"name"}],"nextrow":0}`))}
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
	if got := f.log()[0].String(); got != want {
		t.Errorf("sent %s\nwant %s", got, want)
	}
}

func TestLoadRefuses(t *testing.T) {
	f := &fakeOdoo{object: answerAll(resultOf(`{"ids":[],"messages":[]}`))}
	m := dialFake(t, f).Model("sale.order")
	type withID struct {
		ID ID[sale] `odoo:"id"`
	}
	for want, rows := range map[string]any{
		"want a slice of LoadRow":                         []saleValues{{}},
		"row 1: the field partner_id/.id is not in every": []LoadRow[saleValues]{{"m.a", saleValues{Name: Set("x")}}, {"m.b", saleValues{Name: Set("y"), Partner: Set(ID[partner](1))}}},
		"rows 0 and 1 have the same external id m.a":      []LoadRow[saleValues]{{"m.a", saleValues{Name: Set("x")}}, {"m.a", saleValues{Name: Set("y")}}},
		"field order_line: load takes no relations":       []LoadRow[saleValues]{{"m.a", saleValues{Lines: Commands(Link(ID[line](1)))}}},
		"a row is told by the XMLID":                      []LoadRow[withID]{{"m.a", withID{1}}},
		"no values":                                       []LoadRow[*saleValues]{{XMLID: "m.a"}},
		"into structs with":                               []LoadRow[string]{{XMLID: "m.a"}},
	} {
		if _, err := m.Load(t.Context(), new([]int64), rows); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
	done, err := Load[saleValues](t.Context(), &Client{}, nil)
	if err != nil || done.IDs != nil || f.log() != nil {
		t.Errorf("nothing loaded: %v, %v", done, err)
	}
}

func TestLoadErrorsTellTheRow(t *testing.T) {
	rows := []LoadRow[saleValues]{{"m.a", saleValues{Name: Set("x")}}, {"m.b", saleValues{Name: Set("y")}}}
	for _, test := range []struct{ answer, want string }{
		{`{"ids":false,"messages":[{"type":"warning","message":"w"},{"type":"error","message":"bad ","rows":{"from":1,"to":1},"record":1,"field":"name","moreinfo":{"a":[1]}},{"type":"error","message":"x","rows":{"from":9}}]}`,
			"orm: sale.order.load: nothing is loaded, 2 errors: row 1: field name: bad"},
		{`{"ids":false,"messages":[]}`, "orm: sale.order.load: nothing is loaded"},
		{`{"ids":[1,2],"messages":[{"type":"error","message":"odd"}]}`, "orm: sale.order.load: nothing is loaded, 1 error: odd"},
	} {
		c := dialFake(t, &fakeOdoo{object: answerAll(resultOf(test.answer))})
		_, err := Load(t.Context(), c, rows)
		if e, ok := errors.AsType[*LoadError](err); !ok || err.Error() != test.want || !errors.Is(err, ErrValidation) || e.Model != "sale.order" {
			t.Errorf("got %v\nwant %s", err, test.want)
		}
	}
	for _, answer := range []string{`{"ids":[1]}`, `{"ids":"x"}`, `[]`, `{"ids":[1,2,3],"messages":[]}`} {
		c := dialFake(t, &fakeOdoo{object: answerAll(resultOf(answer))})
		if _, err := Load(t.Context(), c, rows); err == nil {
			t.Errorf("%s is taken", answer)
		}
	}
}
