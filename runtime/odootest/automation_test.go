package odootest_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/odoogen/odoogen/introspect/snapshot"
	orm "github.com/odoogen/odoogen/runtime"
	"github.com/odoogen/odoogen/runtime/admin"
	"github.com/odoogen/odoogen/runtime/internal/automation"
	"github.com/odoogen/odoogen/runtime/internal/outbox"
	"github.com/odoogen/odoogen/runtime/odootest"
)

// automated is a server with an outbox of x.node, and what has been written to it.
func automated(t *testing.T, series string, rules ...automation.Rule) (*orm.Client, *odootest.Server, func() string) {
	t.Helper()
	schema := small(series)
	schema.Modules = append(schema.Modules, snapshot.Module{Name: "base_automation"})
	s := odootest.New(t, schema)
	c := dial(t, s)
	_, err := admin.CreateModel(t.Context(), c, admin.CustomModel{Model: "x_odoogen_outbox_a", Fields: []admin.CustomField{
		{Name: "x_model", Type: admin.TypeChar}, {Name: "x_res", Type: admin.TypeInteger}, {Name: "x_kind", Type: admin.TypeChar},
	}})
	must(t, err)
	for i := range rules {
		rules[i].Name = fmt.Sprint("rule ", i)
	}
	_, err = automation.Create(t.Context(), c, rules...)
	must(t, err)
	return c, s, func() string {
		t.Helper()
		var rows []struct {
			ID    int64  `odoo:"id"`
			Model string `odoo:"x_model"`
			Res   int64  `odoo:"x_res"`
			Kind  string `odoo:"x_kind"`
		}
		must(t, c.Model("x_odoogen_outbox_a").Find(t.Context(), &rows, orm.Expr{}))
		var out []string
		var ids []int64
		for _, r := range rows {
			out, ids = append(out, fmt.Sprint(r.Model, " ", r.Res, " ", r.Kind)), append(ids, r.ID)
		}
		must(t, c.Model("x_odoogen_outbox_a").Unlink(t.Context(), ids))
		return strings.Join(out, ", ")
	}
}

func writesOf(model, through string, fields ...string) automation.Rule {
	s := outbox.Source{Outbox: "x_odoogen_outbox_a", Model: model, Marks: "x.node", Through: through, Kind: outbox.KindWrite}
	return automation.Rule{Model: model, Trigger: s.Trigger(), Fields: fields, Action: orm.Args{"state": "code", "code": s.Code()}}
}

func TestAutomation(t *testing.T) {
	t.Parallel()
	for _, series := range []string{"14.0", "16.0", "17.0", "19.0"} {
		c, s, rows := automated(t, series, writesOf("x.node", ""))
		nodes := c.Model("x.node")
		id, err := nodes.Create(t.Context(), orm.Args{"name": "a"})
		must(t, err)
		equal(t, "create", rows(), "x.node 1 write")
		must(t, nodes.Write(t.Context(), []int64{id}, orm.Args{"name": "a"}))
		equal(t, "write", rows(), "x.node 1 write")
		must(t, nodes.Unlink(t.Context(), []int64{id}))
		equal(t, "unlink without a rule", rows(), "")
		// A change that is rolled back leaves no row.
		s.Method("x.node", "fails", func(call odootest.Call) (any, error) {
			if _, err := call.Create("x.node", map[string]any{"name": "b"}); err != nil {
				return nil, err
			}
			return nil, &odootest.Error{Class: "odoo.exceptions.UserError", Message: "no"}
		})
		equal(t, "fails", nodes.Call(t.Context(), "fails", nil, nil, nil) != nil, true)
		equal(t, "rolled back", rows(), "")
	}
}

func TestAutomationOfTriggerFields(t *testing.T) {
	t.Parallel()
	for _, series := range []string{"14.0", "19.0"} {
		c, _, rows := automated(t, series, writesOf("x.node", "", "name"))
		nodes := c.Model("x.node")
		id, err := nodes.Create(t.Context(), orm.Args{"name": "a"})
		must(t, err)
		equal(t, "create", rows(), "x.node 1 write")
		for _, step := range []struct {
			values orm.Args
			want   string
		}{{orm.Args{"name": "a"}, ""}, {orm.Args{"ref": "r"}, ""}, {orm.Args{"name": "b", "ref": "s"}, "x.node 1 write"}} {
			must(t, nodes.Write(t.Context(), []int64{id}, step.values))
			equal(t, fmt.Sprint(step.values), rows(), step.want)
		}
	}
}

// A rule that the server would not run as Odoo does is refused, and so is such a change of one.
func TestAutomationThatIsNotRun(t *testing.T) {
	t.Parallel()
	for _, series := range []string{"14.0", "19.0"} {
		c, _, _ := automated(t, series, writesOf("x.node", ""))
		for want, rule := range map[string]automation.Rule{
			"Python is not run": {Name: "r", Model: "x.node", Trigger: "on_write", Action: orm.Args{"state": "code", "code": "record.write({})"}},
			"trigger on_time":   {Name: "r", Model: "x.node", Trigger: "on_time", Action: orm.Args{"state": "code", "code": "pass"}},
			"filter_domain of an automation rule has more of Python": {Name: "r", Model: "x.node", Trigger: "on_write", Filter: "[('create_uid', '=', user.id)]", Action: orm.Args{"state": "code", "code": "pass"}},
			"state object_write": {Name: "r", Model: "x.node", Trigger: "on_write", Action: orm.Args{"state": "object_write"}},
		} {
			if _, err := automation.Create(t.Context(), c, rule); err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("%s: %s: %v", series, want, err)
			}
		}
		found, err := automation.Find(t.Context(), c, "rule 0", "")
		must(t, err)
		equal(t, "found", len(found), 1)
		err = c.Model("ir.actions.server").Write(t.Context(), []int64{found[0].Actions[0].ID}, orm.Args{"code": "record.write({})"})
		equal(t, "a change of the action", err != nil, true)
	}
}
