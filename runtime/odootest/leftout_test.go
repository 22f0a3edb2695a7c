package odootest_test

import (
	"slices"
	"testing"

	"github.com/odoogen/odoogen/introspect/snapshot"
	orm "github.com/odoogen/odoogen/runtime"
	"github.com/odoogen/odoogen/runtime/odootest"
)

// withUsers is a snapshot with a field of res.users for a group, as Odoo has until 18.
func withUsers(series string) *snapshot.Schema {
	schema := small(series)
	schema.Models = append(schema.Models, snapshot.Model{Name: "res.users", Label: "Users", Fields: []snapshot.Field{
		{Name: "id", Type: "integer", Readonly: true}, {Name: "in_group_1", Type: "boolean"}, {Name: "login", Type: "char"},
		{Name: "name", Type: "char"}, {Name: "sel_groups_1_2", Type: "selection", Selection: []snapshot.Choice{{Value: "1"}, {Value: "2"}}},
	}})
	return schema
}

type groupUser struct {
	ID    int64  `odoo:"id"`
	Login string `odoo:"login"`
	Group bool   `odoo:"in_group_1"`
	Level string `odoo:"sel_groups_1_2"`
}

func (*groupUser) OdooModel() string { return "res.users" }

// The fields of groups arrive, whether search_read gives them, as on 14, 15 and 16, or leaves them out, as on 17 and 18.
func TestGroupFieldsArriveOnEveryVersion(t *testing.T) {
	t.Parallel()
	for series, calls := range map[string]int{"14.0": 1, "15.0": 1, "16.0": 1, "17.0": 2, "18.0": 2, "saas~18.2": 2, "19.0": 1} {
		s := odootest.New(t, withUsers(series))
		id := create(t, s, "res.users", map[string]any{"name": "Ada", "login": "ada", "in_group_1": true, "sel_groups_1_2": "2"})
		c := dial(t, s)
		want := groupUser{ID: id, Login: "ada", Group: true, Level: "2"}
		where := orm.Where[groupUser]("id", "=", id)
		s.ForgetCalls()
		found, err := orm.Find[groupUser](t.Context(), c, where)
		if err != nil || !slices.Equal(found, []groupUser{want}) {
			t.Errorf("%s: Find: %+v, %v", series, found, err)
		}
		equal(t, series+" calls", len(s.Calls()), calls)
		for row, err := range orm.All[groupUser](t.Context(), c, where) {
			if err != nil || row != want {
				t.Errorf("%s: All: %+v, %v", series, row, err)
			}
		}
		if got, err := orm.Get[groupUser](t.Context(), c, orm.ID[groupUser](id)); err != nil || got != want {
			t.Errorf("%s: Get: %+v, %v", series, got, err)
		}
	}
}

func TestLeaveOut(t *testing.T) {
	t.Parallel()
	s := odootest.New(t, small("16.0"), odootest.LeaveOut("x.node", "ref"))
	create(t, s, "x.node", map[string]any{"name": "N", "ref": "R"})
	kw(t, s, "x.node", "search_read", []any{[]any{}, []any{"name", "ref"}}, nil).result(t, `[{"id":1,"name":"N"}]`)
	kw(t, s, "x.node", "read", []any{[]any{1}, []any{"name", "ref"}}, nil).result(t, `[{"id":1,"name":"N","ref":"R"}]`)
	var rows []struct {
		Name string `odoo:"name"`
		Ref  string `odoo:"ref"`
	}
	if err := dial(t, s).Model("x.node").Find(t.Context(), &rows, orm.Expr{}); err != nil || len(rows) != 1 || rows[0].Ref != "R" {
		t.Errorf("got %+v, %v", rows, err)
	}
	for what, option := range map[string]odootest.Option{
		"x.node.no": odootest.LeaveOut("x.node", "no"), "no.model.ref": odootest.LeaveOut("no.model", "ref"),
	} {
		_, err := odootest.Start(small("16.0"), option)
		if want := "odootest: LeaveOut: the snapshot has no field " + what; err == nil || err.Error() != want {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}
