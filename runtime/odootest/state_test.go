package odootest_test

import (
	"testing"

	orm "github.com/odoogen/odoogen/runtime"
	"github.com/odoogen/odoogen/runtime/admin"
	"github.com/odoogen/odoogen/runtime/odootest"
)

func TestSnapshotAndRestore(t *testing.T) {
	t.Parallel()
	s := odootest.New(t, small("19.0"))
	ctx, c := t.Context(), dial(t, s)
	must(t, s.SeedJSON([]byte(`{"x.tag": [{"id": "t.a", "name": "a"}, {"name": "b"}]}`)))
	state := s.Snapshot()
	for range 2 {
		_, err := admin.CreateModel(ctx, c, machineModel)
		must(t, err)
		tags := c.Model("x.tag")
		must(t, tags.Write(ctx, []int64{1}, orm.Args{"name": "changed"}))
		must(t, tags.Unlink(ctx, []int64{2}))
		equal(t, "the next id", create(t, s, "x.tag", map[string]any{"name": "c"}), 3)
		must(t, s.SeedJSON([]byte(`{"x.tag": [{"id": "t.b", "name": "b"}]}`)))

		s.Restore(state)
		kw(t, s, "x.tag", "search_read", []any{[]any{}, []any{"name"}}, nil).result(t, `[{"id":1,"name":"a"},{"id":2,"name":"b"}]`)
		kw(t, s, "x_machine", "search", []any{[]any{}}, nil).fails(t, "odoo.exceptions.UserError", "Object x_machine doesn't exist")
		kw(t, s, "ir.model.data", "check_object_reference", []any{"t", "b"}, nil).fails(t, "builtins.ValueError", "External ID not found in the system: t.b")
		kw(t, s, "ir.model.data", "check_object_reference", []any{"t", "a"}, nil).result(t, `["x.tag",1]`)
	}
}
