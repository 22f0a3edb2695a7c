package introspect

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"slices"

	"github.com/odoogen/odoogen/introspect/snapshot"
	orm "github.com/odoogen/odoogen/runtime"
)

// Mark returns a string that changes when the database records a change of anything that Pull would report: modules that are
// installed, updated or removed, models and fields that are added, removed or changed, choices, access rules, the groups of
// the user, active languages, views, reports, defaults that users set. It costs a dozen calls of a few milliseconds each. It
// is "" if this user cannot read all of these.
//
// It does not notice changes that no table of the database records: code that was changed without an update of its module;
// choices and defaults that code computes from records, except the choices of languages; labels of modules' own fields that
// were changed through ir.translation (Odoo 14, 15); and the second of two changes within a second.
func Mark(ctx context.Context, c *orm.Client, o Options) (string, error) {
	groups, err := groupsOf(ctx, c)
	if err != nil {
		return "", unlessRefused(err)
	}
	slices.Sort(groups)
	modules, err := markModules(ctx, c)
	if err != nil {
		return "", unlessRefused(err)
	}
	marks := make([]tableMark, len(markedTables))
	for i, table := range markedTables {
		if marks[i], err = markTable(ctx, c, table); err != nil {
			return "", unlessRefused(err)
		}
	}
	text, err := json.Marshal([]any{snapshot.Format, c.Version().Full, c.Database(), c.UID(), o.Models, o.Methods, groups, modules, marks})
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:]), err
}

// markedTables are the tables that snapshots are made from.
var markedTables = []string{
	"ir.model", "ir.model.fields", "ir.model.fields.selection", "ir.model.access", "ir.model.constraint", "res.groups", "res.lang", "ir.ui.view",
	"ir.default", "ir.actions.report",
}

// tableMark changes with each record that is created, changed or deleted: new records have ever higher ids.
type tableMark struct {
	Count   int    `odoo:"__count"`
	Last    int    `odoo:"id:max"`
	Written string `odoo:"write_date:max"`
}

func markTable(ctx context.Context, c *orm.Client, table string) (tableMark, error) {
	var rows []tableMark
	err := c.Model(table).Group(ctx, &rows, orm.Expr{}, orm.Context{"active_test": false})
	if err == nil && len(rows) != 1 {
		err = errors.New(table + ": the server sent no total")
	}
	if err != nil {
		return tableMark{}, err
	}
	return rows[0], nil
}

type moduleMark struct {
	ID      int64  `odoo:"id"`
	State   string `odoo:"state"`
	Version string `odoo:"latest_version"`
	Written string `odoo:"write_date"`
}

// markModules lists for each module the values that an update changes, even an update to the same version.
func markModules(ctx context.Context, c *orm.Client) (modules []moduleMark, err error) {
	where := orm.Expr(orm.Where[struct{}]("state", "not in", []string{"uninstalled", "uninstallable"}))
	err = c.Model("ir.module.module").Find(ctx, &modules, where, orm.Asc(orm.Field[any, any]("id")))
	return modules, err
}
