package odootest_test

import (
	"errors"
	"testing"

	"github.com/odoogen/odoogen/introspect"
	orm "github.com/odoogen/odoogen/runtime"
	"github.com/odoogen/odoogen/runtime/admin"
	"github.com/odoogen/odoogen/runtime/odootest"
	"github.com/odoogen/odoogen/runtime/xmlid"
)

var machineModel = admin.CustomModel{
	Model: "x_machine", Label: "Machine", Order: "x_name desc",
	Fields: []admin.CustomField{
		{Name: "x_name", Label: "Name", Type: admin.TypeChar, Required: true},
		{Name: "x_state", Label: "State", Type: admin.TypeSelection, Selection: orm.Labels{{"on", "On"}, {"off", "Off"}}},
		{Name: "x_node_id", Label: "Node", Type: admin.TypeMany2one, Relation: "x.node", OnDelete: "cascade"},
	},
}

func TestCustomModels(t *testing.T) {
	t.Parallel()
	for _, series := range []string{"14.0", "19.0"} {
		s := odootest.New(t, small(series))
		ctx, c := t.Context(), dial(t, s)
		_, err := admin.CreateModel(ctx, c, machineModel)
		must(t, err)
		node := create(t, s, "x.node", map[string]any{"name": "hall"})
		machines := c.Model("x_machine")
		for _, name := range []string{"a", "b"} {
			_, err := machines.Create(ctx, orm.Args{"x_name": name, "x_state": "on", "x_node_id": node})
			must(t, err)
		}
		_, err = machines.Create(ctx, orm.Args{"x_name": "c", "x_state": "broken"})
		equal(t, "a wrong choice", err != nil, true)
		kw(t, s, "x_machine", "search_read", []any{[]any{[]any{"x_node_id.name", "=", "hall"}}, []any{"x_name", "x_node_id"}}, nil).
			result(t, `[{"id":2,"x_name":"b","x_node_id":[1,"hall"]},{"id":1,"x_name":"a","x_node_id":[1,"hall"]}]`)
		got, err := introspect.Pull(ctx, c, introspect.Options{Models: []string{"x_machine"}})
		must(t, err)
		equal(t, "pulled", got.Models[0].Label, "Machine")
		equal(t, "custom", got.Models[0].Custom, true)
		must(t, admin.DeleteModel(ctx, c, "x_machine"))
		if err := admin.DeleteModel(ctx, c, "x_machine"); !errors.Is(err, orm.ErrNoRecord) {
			t.Errorf("deleted twice: %v", err)
		}
		if _, err := machines.Create(ctx, orm.Args{"x_name": "a"}); !errors.Is(err, orm.ErrNotFound) {
			t.Errorf("a record of a deleted model: %v", err)
		}
	}
}

func TestCustomFields(t *testing.T) {
	t.Parallel()
	s := odootest.New(t, small("19.0"))
	ctx, c := t.Context(), dial(t, s)
	tag := create(t, s, "x.tag", map[string]any{"name": "a"})
	_, err := admin.CreateField(ctx, c, "x.tag", admin.CustomField{Name: "x_code", Type: admin.TypeChar})
	must(t, err)
	must(t, c.Model("x.tag").Write(ctx, []int64{tag}, orm.Args{"x_code": "A1"}))
	kw(t, s, "x.tag", "search_read", []any{[]any{[]any{"x_code", "=", "A1"}}, []any{"name", "x_code"}}, nil).result(t, `[{"id":1,"name":"a","x_code":"A1"}]`)
	if _, err := admin.CreateField(ctx, c, "x.tag", admin.CustomField{Name: "x_code", Type: admin.TypeChar}); !errors.Is(err, orm.ErrValidation) {
		t.Errorf("a field twice: %v", err)
	}
	must(t, admin.DeleteField(ctx, c, "x.tag", "x_code"))
	kw(t, s, "x.tag", "read", []any{[]any{1}, []any{"x_code"}}, nil).fails(t, "builtins.ValueError", "Invalid field 'x_code' on 'x.tag'")
	var ids []int64
	must(t, c.Model("ir.model").Search(ctx, &ids, orm.Expr(orm.Where[any]("model", "=", "x.tag"))))
	if err := c.Model("ir.model").Unlink(ctx, ids); !errors.Is(err, orm.ErrUser) {
		t.Errorf("a model of a module is deleted: %v", err)
	}
}

// A call that fails leaves no model behind.
func TestCustomModelsAreTransactional(t *testing.T) {
	t.Parallel()
	s := odootest.New(t, small("19.0"))
	s.Method("x.tag", "make", func(call odootest.Call) (any, error) {
		if _, err := call.Create("ir.model", map[string]any{"model": "x_gone", "name": "Gone"}); err != nil {
			return nil, err
		}
		if _, err := call.Create("x_gone", map[string]any{}); err != nil {
			return nil, err
		}
		return nil, errors.New("no")
	})
	kw(t, s, "x.tag", "make", nil, nil).fails(t, "odoo.exceptions.UserError", "no")
	kw(t, s, "x_gone", "search", []any{[]any{}}, nil).fails(t, "odoo.exceptions.UserError", "Object x_gone doesn't exist")
	kw(t, s, "ir.model", "search_count", []any{[]any{[]any{"model", "=", "x_gone"}}}, nil).result(t, `0`)
}

func TestExternalIDs(t *testing.T) {
	t.Parallel()
	s := odootest.New(t, small("19.0"))
	ctx, c := t.Context(), dial(t, s)
	must(t, s.SeedJSON([]byte(`{"x.tag": [{"id": "t.a", "name": "a"}]}`)))
	found, err := xmlid.Reference(ctx, c, "t.a")
	must(t, err)
	equal(t, "t.a", found, orm.Reference{Model: "x.tag", ID: 1})
	kw(t, s, "ir.model.data", "check_object_reference", []any{"t", "b"}, nil).fails(t, "builtins.ValueError", "External ID not found in the system: t.b")
	_, err = c.Model("ir.model.data").Create(ctx, orm.Args{"module": "t", "name": "b", "model": "x.tag", "res_id": 1})
	must(t, err)
	kw(t, s, "ir.model.data", "check_object_reference", []any{"t", "b"}, nil).result(t, `["x.tag",1]`)
	kw(t, s, "x.tag", "get_external_id", []any{[]any{1, 2}}, nil).result(t, `{"1":"t.a","2":""}`)
	must(t, c.Model("ir.model.data").Write(ctx, []int64{4}, orm.Args{"name": "renamed"}))
	kw(t, s, "ir.model.data", "check_object_reference", []any{"t", "renamed"}, nil).result(t, `["x.tag",1]`)
	kw(t, s, "ir.model.data", "check_object_reference", []any{"t", "a"}, nil).fails(t, "builtins.ValueError", "External ID not found in the system: t.a")
}
