package introspect

import (
	"context"
	"errors"
	"slices"

	orm "github.com/odoogen/odoogen/runtime"
)

// The operations that Odoo checks the access to.
const (
	opRead   = "read"
	opCreate = "create"
	opWrite  = "write"
	opUnlink = "unlink"
)

// rights are the operations that the user may do on the models: operation → model. nil if they are unknown, and each
// model must be asked.
type rights map[string]map[string]bool

// pullRights reads the access rules at once, as Odoo itself does for a call: those without a group and those for one
// of the user's groups. Only who may list the models may read the rules.
func pullRights(ctx context.Context, c *orm.Client, known catalog) (rights, error) {
	if known.names == nil {
		return nil, nil
	}
	groups, err := groupsOf(ctx, c)
	if err != nil {
		return nil, unlessRefused(err)
	}
	var rules []struct {
		Model  orm.Ref[struct{}] `odoo:"model_id"`
		Group  orm.Ref[struct{}] `odoo:"group_id"`
		Read   bool              `odoo:"perm_read"`
		Create bool              `odoo:"perm_create"`
		Write  bool              `odoo:"perm_write"`
		Unlink bool              `odoo:"perm_unlink"`
	}
	if err := c.Model("ir.model.access").Find(ctx, &rules, orm.Expr{}); err != nil {
		return nil, unlessRefused(err)
	}
	r := rights{opRead: {}, opCreate: {}, opWrite: {}, opUnlink: {}}
	for _, rule := range rules {
		if rule.Group.ID != 0 && !slices.Contains(groups, int64(rule.Group.ID)) {
			continue
		}
		model := known.names[int64(rule.Model.ID)]
		for operation, may := range map[string]bool{opRead: rule.Read, opCreate: rule.Create, opWrite: rule.Write, opUnlink: rule.Unlink} {
			if may {
				r[operation][model] = true
			}
		}
	}
	return r, nil
}

// groupsOf are the groups that the user is in, those included that others imply.
func groupsOf(ctx context.Context, c *orm.Client) ([]int64, error) {
	where := orm.Expr(orm.Where[struct{}]("id", "=", c.UID()))
	if c.Version().Major < 19 {
		var user struct {
			Groups []int64 `odoo:"groups_id"`
		}
		err := c.Model("res.users").First(ctx, &user, where)
		return user.Groups, err
	}
	var user struct {
		Groups []int64 `odoo:"all_group_ids"`
	}
	err := c.Model("res.users").First(ctx, &user, where)
	return user.Groups, err
}

// unlessRefused drops the error of a server that refuses: what it would have told is found out in another way.
func unlessRefused(err error) error {
	if _, refused := refusal(err); refused || errors.Is(err, orm.ErrNoRecord) {
		return nil
	}
	return err
}

// may tells whether the user may do the operation on some records of the model.
func (p *pull) may(ctx context.Context, m *Model, operation string) (may bool, err error) {
	if p.rights != nil {
		return p.rights[operation][m.Name], nil
	}
	model := p.c.Model(m.Name)
	if p.c.Version().Major >= 18 {
		err = model.Call(ctx, "has_access", []int64{}, orm.Args{"operation": operation}, &may)
		return may, err
	}
	err = model.Call(ctx, "check_access_rights", nil, orm.Args{"operation": operation, "raise_exception": false}, &may)
	return may, err
}
