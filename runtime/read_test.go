package orm

import (
	"strings"
	"testing"
)

// Read asks in another way when a record is missing. What was taken off the first answer is not a part of the second one.
func TestReadForgetsAnAnswerThatWasRefused(t *testing.T) {
	type row struct {
		ID      int64 `odoo:"id"`
		Partner struct {
			Name string `odoo:"name"`
		} `odoo:"partner_id"`
	}
	for _, second := range []string{`[]`, `[{"id":2,"partner_id":false}]`} {
		c := dialFake(t, &fakeOdoo{Object: func(call fakeCall) string {
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

// From Odoo 14 to 18, where a method says at once which records there are, ids without one cost no read.
func TestReadLooksFirstWhichRecordsExist(t *testing.T) {
	many := make([]int64, lookFrom)
	for i := range many {
		many[i] = int64(i + 1)
	}
	for name, test := range map[string]struct {
		major  int
		ids    []int64
		exist  string
		wanted []string
	}{
		"14":          {14, many, `[7,3]`, []string{"exists", "read [3,7]"}},
		"18":          {18, many, `[7,3]`, []string{"exists", "read [3,7]"}},
		"none left":   {14, many, `[]`, []string{"exists", "read [1]"}},
		"19":          {19, many, `[]`, []string{"read"}},
		"few":         {14, many[1:], `[]`, []string{"read"}},
		"given twice": {14, append([]int64{7}, many...), `[7]`, []string{"exists", "read [7,7]"}},
	} {
		f := &fakeOdoo{Major: test.major, Object: func(call fakeCall) string {
			if call.Method == "exists" {
				return resultOf(test.exist)
			}
			return resultOf(`[]`)
		}}
		var rows []sale
		if err := dialFake(t, f).Model("sale.order").Read(t.Context(), &rows, test.ids); err != nil {
			t.Fatal(name, err)
		}
		calls := f.Log()
		if len(calls) != len(test.wanted) {
			t.Fatalf("%s: %d calls, want %d", name, len(calls), len(test.wanted))
		}
		for i, want := range test.wanted {
			method, ids, _ := strings.Cut(want, " ")
			if got := calls[i].String(); !strings.HasPrefix(got, "sale.order."+method+" ["+ids) {
				t.Errorf("%s: call %d is %.80s, want %s", name, i, got, want)
			}
		}
	}
}

func TestExistingOfTextIDsThatAreGone(t *testing.T) {
	c := dialFake(t, &fakeOdoo{Object: answerAll(resultOf(`["b"]`))})
	var found []TextID[sale]
	if err := c.Model("account.root").Existing(t.Context(), &found, []TextID[sale]{"a", "b"}); err != nil || len(found) != 1 || found[0] != "b" {
		t.Error(found, err)
	}
}
