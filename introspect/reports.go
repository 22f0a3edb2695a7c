package introspect

import (
	"cmp"
	"context"
	"errors"
	"slices"

	"github.com/odoogen/odoogen/introspect/snapshot"
	orm "github.com/odoogen/odoogen/runtime"
)

// pullReports lists the reports of all models, if they are visible to the user. Odoo identifies a report by its name: two
// records of ir.actions.report with the same name are one report.
func (p *pull) pullReports(ctx context.Context) error {
	var all []struct {
		Model string `odoo:"model"`
		Name  string `odoo:"report_name"`
		Label string `odoo:"name"`
	}
	err := p.c.Model("ir.actions.report").Find(ctx, &all, orm.Expr{}, orm.Asc(orm.Field[any, int64]("id")))
	if errors.Is(err, orm.ErrAccess) {
		p.Unseen.Reports = true
		return nil
	}
	p.prints = map[string][]snapshot.ReportAction{}
	for _, r := range all {
		known := p.prints[r.Model]
		if !slices.ContainsFunc(known, func(other snapshot.ReportAction) bool { return other.Name == r.Name }) {
			p.prints[r.Model] = append(known, snapshot.ReportAction{Name: r.Name, Label: r.Label})
		}
	}
	for _, reports := range p.prints {
		slices.SortFunc(reports, func(a, b snapshot.ReportAction) int { return cmp.Compare(a.Name, b.Name) })
	}
	if len(all) > 0 {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.Reports = append(p.Reports, snapshot.ReportActions)
	}
	return err
}
