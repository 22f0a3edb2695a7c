package odootest_test

import (
	"testing"

	"github.com/odoogen/odoogen/runtime/odootest"
)

// What the commands of a create have done is taken back with it.
func TestRollbackOfCommands(t *testing.T) {
	t.Parallel()
	s := odootest.New(t, small("19.0"))
	c := dial(t, s)
	s.Method("x.node", "fails", func(call odootest.Call) (any, error) {
		lines := []any{[]any{0, 0, map[string]any{}}}
		if _, err := call.Create("x.node", map[string]any{"name": "n", "line_ids": lines}); err != nil {
			t.Error(err)
		}
		return nil, &odootest.Error{Class: "odoo.exceptions.UserError", Message: "no"}
	})
	equal(t, "fails", c.Model("x.node").Call(t.Context(), "fails", nil, nil, nil) != nil, true)
	for _, model := range []string{"x.node", "x.node.line"} {
		kw(t, s, model, "search_count", []any{[]any{}}, nil).result(t, "0")
	}
}
