package introspect

import (
	"context"
	"errors"

	"github.com/odoogen/odoogen/internal/odoofacts"
	"github.com/odoogen/odoogen/introspect/snapshot"
	orm "github.com/odoogen/odoogen/runtime"
	"github.com/odoogen/odoogen/runtime/access"
)

// rights are the permitted operations of the user on models, by the ids of the models in ir.model. If rights are nil, they
// are unknown, and the server must be asked for each model.
type rights map[int64]map[access.Operation]bool

// pullRights reads the access rules of all models, and evaluates them as Odoo does for a call: rules without a group and
// rules for a group of the user apply, and one rule that allows the operation is enough. Only users who can list the models
// can read the rules.
func (p *pull) pullRights(ctx context.Context) error {
	groups, err := groupsOf(ctx, p.c)
	if err != nil {
		return unlessRefused(err)
	}
	var rules []struct {
		Model  orm.Ref[struct{}] `odoo:"model_id"`
		Read   bool              `odoo:"perm_read:bool_or"`
		Create bool              `odoo:"perm_create:bool_or"`
		Write  bool              `odoo:"perm_write:bool_or"`
		Unlink bool              `odoo:"perm_unlink:bool_or"`
	}
	where := orm.Expr(orm.Or(orm.Where[struct{}]("group_id", "=", false), orm.Where[struct{}]("group_id", "in", groups)))
	if err := p.c.Model("ir.model.access").Group(ctx, &rules, where); err != nil {
		return unlessRefused(err)
	}
	p.rights = rights{}
	for _, r := range rules {
		p.rights[int64(r.Model.ID)] = map[access.Operation]bool{
			access.Read: r.Read, access.Create: r.Create, access.Write: r.Write, access.Unlink: r.Unlink,
		}
	}
	return nil
}

// groupsOf returns the groups that the user is in, including implied groups.
func groupsOf(ctx context.Context, c *orm.Client) ([]int64, error) {
	where := orm.Expr(orm.Where[struct{}]("id", "=", c.UID()))
	if !odoofacts.AllGroupIDs.InSeries(c.Version().Series) {
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

// unlessRefused drops the error if the server refused the call: the information is then obtained in another way.
func unlessRefused(err error) error {
	if _, refused := refusal(err); refused || errors.Is(err, orm.ErrNoRecord) {
		return nil
	}
	return err
}

// may reports whether the user is allowed to do the operation on some records of the model.
func (p *pull) may(ctx context.Context, m *snapshot.Model, operation access.Operation) (may bool, err error) {
	if p.rights != nil && p.known.ids != nil {
		return p.rights[p.known.ids[m.Name]][operation], nil
	}
	return access.ToModel(ctx, p.c, m.Name, nil, operation)
}
