package introspect

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/odoogen/odoogen/introspect/snapshot"
	orm "github.com/odoogen/odoogen/runtime"
)

// pullModules lists the installed modules, if they are visible to the user.
func (p *pull) pullModules(ctx context.Context) error {
	var installed []struct {
		Name    string `odoo:"name"`
		Version string `odoo:"latest_version"`
	}
	where := orm.Expr(orm.Where[struct{}]("state", "=", "installed"))
	err := p.c.Model("ir.module.module").Find(ctx, &installed, where)
	if errors.Is(err, orm.ErrAccess) {
		p.Unseen.Modules = true
		return nil
	}
	for _, m := range installed {
		p.Modules = append(p.Modules, snapshot.Module(m))
	}
	slices.SortFunc(p.Modules, func(a, b snapshot.Module) int { return strings.Compare(a.Name, b.Name) })
	return err
}

// catalog holds what ir.model reports about the models of the database.
type catalog struct {
	models        []snapshot.Model
	ids           map[string]int64 // of the models in ir.model, by their names; nil if the user cannot read it
	tellsAbstract bool             // whether this version reports which models are abstract
}

// pullCatalog lists the models of the database. Where the user cannot read ir.model, as most users since Odoo 15 or so, the
// models must be named.
func (p *pull) pullCatalog(ctx context.Context) error {
	type row struct {
		ID        int64  `odoo:"id"`
		Model     string `odoo:"model"`
		Name      string `odoo:"name"`
		State     string `odoo:"state"`
		Transient bool   `odoo:"transient"`
		Abstract  bool   `odoo:"abstract,ondemand"`
		Modules   string `odoo:"modules"`
		Order     string `odoo:"order"`
	}
	var rows []row
	options, err := catalogOptions(ctx, p.c)
	if err == nil {
		err = p.c.Model("ir.model").Find(ctx, &rows, orm.Expr{}, options...)
	}
	if errors.Is(err, orm.ErrAccess) {
		p.Unseen.Catalog = true
		p.known.models, err = namedModels(p.options.Models)
		return err
	}
	if err != nil {
		return err
	}
	p.known = catalog{make([]snapshot.Model, len(rows)), make(map[string]int64, len(rows)), len(options) > 0}
	for i, r := range rows {
		p.known.ids[r.Model] = r.ID
		m := snapshot.Model{Name: r.Model, Label: r.Name, Custom: r.State == "manual", Modules: splitList(r.Modules)}
		if r.Order != "id" {
			m.Order = r.Order
		}
		switch {
		case r.Transient:
			m.Kind = snapshot.Transient
		case r.Abstract:
			m.Kind = snapshot.Abstract
		}
		p.known.models[i] = m
	}
	return nil
}

// catalogOptions requests the field that marks abstract models, if this version has it.
func catalogOptions(ctx context.Context, c *orm.Client) ([]orm.FindOption, error) {
	var known map[string]rawField
	args := orm.Args{"allfields": []string{"abstract"}, "attributes": []string{"type"}}
	err := c.Model("ir.model").Call(ctx, "fields_get", nil, args, &known)
	if len(known) == 0 {
		return nil, err
	}
	return []orm.FindOption{orm.Everything()}, err
}

func splitList(s string) []string {
	var out []string
	for part := range strings.SplitSeq(s, ",") {
		if part = strings.TrimSpace(part); part != "" {
			out = append(out, part)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// namedModels returns the models that the patterns name, without globs.
func namedModels(patterns []string) ([]snapshot.Model, error) {
	if len(patterns) == 0 {
		return nil, errors.New("this user cannot list the models (ir.model): name the models to pull, or pull as a user with the group Administration / Access Rights")
	}
	var models []snapshot.Model
	for _, p := range patterns {
		if needsCatalog(p) {
			return nil, fmt.Errorf("this user cannot list the models (ir.model), so that the pattern %q can't be resolved: name the models one by one, or pull as a user with the group Administration / Access Rights", p)
		}
		models = append(models, snapshot.Model{Name: p})
	}
	return models, nil
}

// needsCatalog reports whether a pattern is more than the name of a model.
func needsCatalog(pattern string) bool { return strings.ContainsAny(pattern, "*?[!:") }
