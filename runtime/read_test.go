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
