//go:build live

package introspect

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"testing"
	"time"

	orm "github.com/odoogen/odoogen/runtime"
	"github.com/odoogen/odoogen/runtime/admin"
)

// scratchDatabase is a copy of the small database, so that nobody else changes it.
func scratchDatabase(t *testing.T) *orm.Client {
	t.Helper()
	server, err := admin.NewServer(os.Getenv("ODOO_URL"))
	if err != nil {
		t.Fatal(err)
	}
	d, name := server.Databases(os.Getenv("ODOO_MASTER_PASSWORD")), fmt.Sprintf("odoogen_mark_%d", time.Now().UnixNano())
	if err := d.Duplicate(t.Context(), os.Getenv("ODOO_DB"), name, admin.CopyOptions{}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.Drop(context.Background(), name); err != nil {
			t.Error(err)
		}
	})
	c, err := orm.Dial(t.Context(), os.Getenv("ODOO_URL"), orm.Database(name), orm.Password(os.Getenv("ODOO_USER"), os.Getenv("ODOO_PASSWORD")))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// Whatever changes the snapshot changes the mark, and nothing else does.
func TestLiveMarkSeesEveryChange(t *testing.T) {
	c := scratchDatabase(t)
	ctx := t.Context()
	if _, err := admin.CreateModel(ctx, c, admin.CustomModel{Model: "x_first", Label: "First"}); err != nil {
		t.Fatal(err)
	}
	options := Options{Models: []string{"res.partner", "x_*"}, Methods: MethodsNone}
	look := func() (mark string, snapshot []byte) {
		t.Helper()
		mark, err := Mark(ctx, c, options)
		if err != nil || mark == "" {
			t.Fatal(mark, err)
		}
		s, err := Pull(ctx, c, options)
		if err != nil {
			t.Fatal(err)
		}
		if snapshot, err = s.Encode(); err != nil {
			t.Fatal(err)
		}
		return mark, snapshot
	}
	idOf := func(model string, where orm.Domain[struct{}]) int64 {
		t.Helper()
		var ids []int64
		if err := c.Model(model).Search(ctx, &ids, orm.Expr(where), orm.Limit(1)); err != nil || len(ids) != 1 {
			t.Fatal(model, ids, err)
		}
		return ids[0]
	}
	write := func(model string, id int64, values orm.Args) error {
		return c.Model(model).Write(ctx, []int64{id}, values)
	}
	is := orm.Where[struct{}]
	field := func(model, name string) orm.Domain[struct{}] {
		return orm.And(is("model", "=", model), is("name", "=", name))
	}

	mark, snapshot := look()
	if again, _ := look(); again != mark {
		t.Error("the mark changed, and nothing else")
	}
	for _, change := range []struct {
		what string
		do   func() error
	}{
		{"a custom field", func() error {
			_, err := admin.CreateField(ctx, c, "res.partner", admin.CustomField{Name: "x_kind", Label: "Kind", Type: admin.TypeSelection, Selection: orm.Labels{{"a", "A"}}})
			return err
		}},
		{"its label", func() error {
			return write("ir.model.fields", idOf("ir.model.fields", field("res.partner", "x_kind")), orm.Args{"field_description": "Sort"})
		}},
		{"a choice", func() error {
			_, err := c.Model("ir.model.fields.selection").Create(ctx, orm.Args{
				"field_id": idOf("ir.model.fields", field("res.partner", "x_kind")), "value": "b", "name": "B", "sequence": 2,
			})
			return err
		}},
		{"the label of a choice", func() error {
			return write("ir.model.fields.selection", idOf("ir.model.fields.selection", is("value", "=", "b")), orm.Args{"name": "Bee"})
		}},
		{"a custom model", func() error {
			_, err := admin.CreateModel(ctx, c, admin.CustomModel{Model: "x_machine", Label: "Machine"})
			return err
		}},
		{"access", func() error {
			return write("ir.model.access", idOf("ir.model.access", is("model_id.model", "=", "x_machine")), orm.Args{"perm_read": false})
		}},
		{"a report", func() error {
			_, err := c.Model("ir.actions.report").Create(ctx, orm.Args{"name": "Labels", "model": "res.partner", "report_name": "x_odoogen.labels"})
			return err
		}},
		{"a language", func() error {
			var ids []int64
			err := c.Model("res.lang").Search(ctx, &ids, orm.Expr(is("code", "=", "fr_FR")), orm.Context{"active_test": false})
			if err == nil {
				err = c.Model("res.lang").Write(ctx, ids, orm.Args{"active": true})
			}
			return err
		}},
		{"a required field", func() error {
			_, err := admin.CreateField(ctx, c, "x_first", admin.CustomField{Name: "x_must", Label: "Must", Type: admin.TypeSelection, Selection: orm.Labels{{"a", "A"}}, Required: true})
			return err
		}},
		{"its default", func() error {
			return c.Model("ir.default").Call(ctx, "set", nil, orm.Args{"model_name": "x_first", "field_name": "x_must", "value": "a"}, nil)
		}},
		{"a deleted field", func() error { return admin.DeleteField(ctx, c, "res.partner", "x_kind") }},
		{"a module", func() error {
			return c.Model("ir.module.module").Call(ctx, "button_immediate_install", []int64{idOf("ir.module.module", is("name", "=", "base_vat"))}, nil, nil)
		}},
	} {
		time.Sleep(time.Second) // Odoo's times have a resolution of a second
		if err := change.do(); err != nil {
			t.Fatalf("%s: %v", change.what, err)
		}
		newMark, newSnapshot := look()
		if bytes.Equal(snapshot, newSnapshot) {
			t.Errorf("%s: the snapshot is the same", change.what)
		}
		if mark == newMark {
			t.Errorf("%s: the mark is the same", change.what)
		}
		mark, snapshot = newMark, newSnapshot
	}
	// An update to the same version may change everything.
	time.Sleep(time.Second)
	if err := c.Model("ir.module.module").Call(ctx, "button_immediate_upgrade", []int64{idOf("ir.module.module", is("name", "=", "base_vat"))}, nil, nil); err != nil {
		t.Fatal(err)
	}
	if newMark, _ := look(); newMark == mark {
		t.Error("an update of a module: the mark is the same")
	}
}
