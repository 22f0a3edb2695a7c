// Package automation installs automation rules (base.automation), each with one server action, and removes them without a trace.
package automation

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/odoogen/odoogen/internal/odoofacts"
	orm "github.com/odoogen/odoogen/runtime"
	"github.com/odoogen/odoogen/runtime/access"
	"github.com/odoogen/odoogen/runtime/internal/codec"
)

// ErrNotInstalled is wrapped by the error for a server without the module base_automation.
var ErrNotInstalled = errors.New("the module base_automation (Automation Rules) is not installed")

const (
	rulesModel   = "base.automation"
	actionsModel = "ir.actions.server"
)

// Rule is an automation rule with its action.
type Rule struct {
	Name    string
	Model   string
	Trigger string   // "on_create_or_write", "on_unlink", …
	Fields  []string // the names of the trigger fields; none is all fields
	Filter  string   // filter_domain, in Python
	Action  orm.Args // of the server action, without name and model_id: state, code, …
}

// Require reports why rules cannot be installed: [ErrNotInstalled], or [orm.ErrAccess].
func Require(ctx context.Context, c *orm.Client) error {
	may, err := access.ToModel(ctx, c, rulesModel, nil, access.Create)
	switch {
	case errors.Is(err, orm.ErrNotFound):
		return fmt.Errorf("%w: install it in Odoo's list of applications, where its technical name is base_automation", ErrNotInstalled)
	case err == nil && !may, errors.Is(err, orm.ErrAccess):
		return fmt.Errorf("the user has no right to make automation rules, which administrators (base.group_system) have: %w", orm.ErrAccess)
	}
	return err
}

// Create makes rules in one transaction, and gives their IDs. Each worker of Odoo loads its models again, which takes a second or so.
func Create(ctx context.Context, c *orm.Client, rules ...Rule) ([]int64, error) {
	if len(rules) == 0 {
		return nil, nil
	}
	models, err := modelIDs(ctx, c, rules)
	if err != nil {
		return nil, err
	}
	var values []orm.Args
	for _, r := range rules {
		v, err := r.values(ctx, c, models[r.Model])
		if err != nil {
			return nil, err
		}
		values = append(values, v)
	}
	var ids []int64
	err = c.Model(rulesModel).CreateMany(ctx, &ids, values)
	return ids, err
}

// values are those of the rule in base.automation, which until Odoo 16 is its own action.
func (r Rule) values(ctx context.Context, c *orm.Client, model int64) (orm.Args, error) {
	action := orm.Args{"name": r.Name, "model_id": model}
	maps.Copy(action, r.Action)
	values := orm.Args{"name": r.Name, "model_id": model, "trigger": r.Trigger}
	if r.Filter != "" {
		values["filter_domain"] = r.Filter
	}
	if len(r.Fields) > 0 {
		ids, err := FieldIDs(ctx, c, r.Model, r.Fields)
		if err != nil {
			return nil, err
		}
		values["trigger_field_ids"] = []any{[]any{codec.CommandSet, 0, ids}}
	}
	if odoofacts.AutomationActions.InSeries(c.Version().Series) {
		values["action_server_ids"] = []any{[]any{codec.CommandCreate, 0, action}}
	} else {
		maps.Copy(values, action)
	}
	return values, nil
}

func modelIDs(ctx context.Context, c *orm.Client, rules []Rule) (map[string]int64, error) {
	var names []string
	for _, r := range rules {
		names = append(names, r.Model)
	}
	var rows []struct {
		ID    int64  `odoo:"id"`
		Model string `odoo:"model"`
	}
	if err := c.Model("ir.model").Find(ctx, &rows, orm.Expr(orm.Where[any]("model", "in", names))); err != nil {
		return nil, err
	}
	ids := map[string]int64{}
	for _, row := range rows {
		ids[row.Model] = row.ID
	}
	for _, name := range names {
		if ids[name] == 0 {
			return nil, fmt.Errorf("the server has no model %s: %w", name, orm.ErrNotFound)
		}
	}
	return ids, nil
}

// FieldIDs are the records of ir.model.fields of the fields with the names.
func FieldIDs(ctx context.Context, c *orm.Client, model string, names []string) ([]int64, error) {
	var rows []struct {
		ID   int64  `odoo:"id"`
		Name string `odoo:"name"`
	}
	where := orm.And(orm.Where[any]("model", "=", model), orm.Where[any]("name", "in", names))
	if err := c.Model("ir.model.fields").Find(ctx, &rows, orm.Expr(where)); err != nil {
		return nil, err
	}
	var ids []int64
	for _, row := range rows {
		ids = append(ids, row.ID)
		names = slices.DeleteFunc(slices.Clone(names), func(name string) bool { return name == row.Name })
	}
	if len(names) > 0 {
		return nil, fmt.Errorf("the model %s has no field %s: %w", model, names[0], orm.ErrNoField)
	}
	return ids, nil
}
