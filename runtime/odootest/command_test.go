package odootest_test

import (
	"fmt"
	"testing"

	"github.com/odoogen/odoogen/runtime/odootest"
)

func TestCommandsOnLines(t *testing.T) {
	t.Parallel()
	s := odootest.New(t, small("19.0"))
	other := create(t, s, "x.node", map[string]any{"name": "other"})
	write := func(commands ...any) answer {
		return kw(t, s, "x.node", "write", []any{[]any{2}, map[string]any{"line_ids": commands}}, nil)
	}
	lines := func(want string) {
		t.Helper()
		kw(t, s, "x.node", "read", []any{[]any{2}, []any{"line_ids"}}, nil).result(t, fmt.Sprintf(`[{"id":2,"line_ids":%s}]`, want))
	}
	create(t, s, "x.node", map[string]any{"name": "N", "line_ids": []any{[]any{0, 0, map[string]any{"quantity": 1}}, []any{0, 0, map[string]any{"quantity": 2}}}})
	lines(`[1,2]`)
	write([]any{1, 2, map[string]any{"quantity": 5}}).result(t, "true")
	kw(t, s, "x.node.line", "read", []any{[]any{2}, []any{"quantity", "node_id"}}, nil).result(t, `[{"id":2,"quantity":5.0,"node_id":[2,"N"]}]`)
	write([]any{2, 1, 0}).result(t, "true")
	lines(`[2]`)
	foreign := create(t, s, "x.node.line", map[string]any{"node_id": other})
	write([]any{4, foreign, 0}).result(t, "true")
	lines(`[2,3]`)
	write([]any{3, 2, 0}).result(t, "true") // a line can't be without its node
	lines(`[3]`)
	kw(t, s, "x.node.line", "search", []any{[]any{}}, nil).result(t, `[3]`)
	fresh := create(t, s, "x.node.line", map[string]any{"node_id": other})
	write([]any{6, 0, []any{fresh}}).result(t, "true")
	lines(`[4]`)
	write([]any{5, 0, 0}).result(t, "true")
	lines(`[]`)
}

func TestCommandsOnTags(t *testing.T) {
	t.Parallel()
	s := odootest.New(t, small("19.0"))
	create(t, s, "x.node", map[string]any{"name": "N"})
	step := func(value any, want string) {
		t.Helper()
		kw(t, s, "x.node", "write", []any{[]any{1}, map[string]any{"tag_ids": value}}, nil).result(t, "true")
		kw(t, s, "x.node", "read", []any{[]any{1}, []any{"tag_ids"}}, nil).result(t, fmt.Sprintf(`[{"id":1,"tag_ids":%s}]`, want))
	}
	step([]any{[]any{0, 0, map[string]any{"name": "a"}}, []any{0, 0, map[string]any{"name": "b"}}}, `[1,2]`)
	step([]any{[]any{1, 2, map[string]any{"name": "B"}}}, `[1,2]`)
	kw(t, s, "x.tag", "read", []any{[]any{2}, []any{"name"}}, nil).result(t, `[{"id":2,"name":"B"}]`)
	step([]any{[]any{3, 1, 0}}, `[2]`)
	step([]any{[]any{4, 1, 0}, []any{4, 1, 0}}, `[1,2]`)
	step([]any{[]any{2, 2, 0}}, `[1]`)
	kw(t, s, "x.tag", "search", []any{[]any{}}, nil).result(t, `[1]`)
	step([]any{[]any{5, 0, 0}}, `[]`)
	step([]any{[]any{6, 0, []any{1}}}, `[1]`)
	step(false, `[]`)
	step([]any{1}, `[1]`)
	step([]any{[]any{9, 0, 0}, []any{1, 99, map[string]any{"name": "x"}}}, `[1]`) // Odoo ignores both
	kw(t, s, "x.tag", "unlink", []any{[]any{1}}, nil).result(t, "true")
	step([]any{[]any{5}}, `[]`)
	kw(t, s, "x.node", "write", []any{[]any{1}, map[string]any{"tag_ids": []any{[]any{4, 99}}}}, nil).fails(t, "odoo.exceptions.ValidationError",
		"The operation cannot be completed: Another model is using the record you are trying to delete.\n\n"+
			"The troublemaker is: Unknown\nThanks to the following constraint: x_node_x_tag_rel_x_tag_id_fkey\nHow about archiving the record instead?")
}

func TestCommandsOutsideTheSnapshot(t *testing.T) {
	t.Parallel()
	s := odootest.New(t, small("19.0"))
	id := create(t, s, "x.values", map[string]any{"nowhere_ids": []any{[]any{4, 8, 0}, []any{4, 9, 0}}})
	kw(t, s, "x.values", "read", []any{[]any{id}, []any{"nowhere_ids"}}, nil).result(t, `[{"id":1,"nowhere_ids":[8,9]}]`)
	kw(t, s, "x.values", "create", []any{map[string]any{"nowhere_ids": []any{[]any{0, 0, map[string]any{}}}}}, nil).
		fails(t, "builtins.KeyError", "odootest: res.nowhere, the target of x.values.nowhere_ids, is not in the snapshot")
}
