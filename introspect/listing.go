package introspect

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/odoogen/odoogen/internal/odoofacts"
	"github.com/odoogen/odoogen/introspect/snapshot"
	orm "github.com/odoogen/odoogen/runtime"
)

// listing holds what ir.model.fields reports about the fields of all models, by model.
type listing map[string][]listedField

// listedField is a field of the listing, with the properties that fields_get does not report.
type listedField struct {
	name     string
	relation string
	onDelete string
	table    string
	column   string
	copied   bool
	related  string // the path of a related field
}

// listedFields holds the fields of a model as one list for each attribute. Grouping by model lets the database aggregate the
// values, which takes a tenth of the time that Odoo needs to read them as records.
type listedFields struct {
	Model    string   `odoo:"model"`
	Name     []string `odoo:"name:array_agg"`
	Relation []string `odoo:"relation:array_agg"`
	OnDelete []string `odoo:"on_delete:array_agg"`
	Table    []string `odoo:"relation_table:array_agg"`
	Column   []string `odoo:"column1:array_agg"`
	Copied   []bool   `odoo:"copied:array_agg"`
	Related  []string `odoo:"related:array_agg"`
}

// pullListing lists the fields of all models, if they are visible to the user: views contain fields of models that are not
// pulled.
func (p *pull) pullListing(ctx context.Context) error {
	var models []listedFields
	err := p.c.Model("ir.model.fields").Group(ctx, &models, orm.Expr{})
	if errors.Is(err, orm.ErrAccess) {
		p.Unseen.Fields, p.unseen.listing = true, err
		return nil
	}
	p.listed = make(listing, len(models))
	for _, m := range models {
		if p.listed[m.Model], err = m.fields(); err != nil {
			return err
		}
	}
	if odoofacts.MirrorsStay.InSeries(p.c.Version().Series) {
		p.listed.dropStaleMirrors()
	}
	return err
}

// dropStaleMirrors drops delegated fields of a custom field that no longer exists: see [odoofacts.MirrorsStay].
func (l listing) dropStaleMirrors() {
	for dropped := true; dropped; { // a delegated field can be delegated again
		dropped = false
		for model, fields := range l {
			l[model] = slices.DeleteFunc(fields, func(f listedField) bool { return l.isStaleMirror(model, f) })
			dropped = dropped || len(l[model]) < len(fields)
		}
	}
}

func (l listing) isStaleMirror(model string, f listedField) bool {
	through, origin, ok := strings.Cut(f.related, ".")
	if !ok || origin != f.name || !strings.HasPrefix(f.name, "x_") {
		return false
	}
	i := slices.IndexFunc(l[model], func(r listedField) bool { return r.name == through })
	return i >= 0 && l[l[model][i].relation] != nil && !l.has(l[model][i].relation, origin)
}

func (l listedFields) fields() ([]listedField, error) {
	n := len(l.Name)
	if len(l.Relation) != n || len(l.OnDelete) != n || len(l.Table) != n || len(l.Column) != n || len(l.Copied) != n || len(l.Related) != n {
		return nil, fmt.Errorf("ir.model.fields: the server's lists of the fields of %s differ in length", l.Model)
	}
	out := make([]listedField, n)
	for i, name := range l.Name {
		out[i] = listedField{name, l.Relation[i], l.OnDelete[i], l.Table[i], l.Column[i], l.Copied[i], l.Related[i]}
	}
	return out, nil
}

// has reports whether a model has a field.
func (l listing) has(model, field string) bool {
	return slices.ContainsFunc(l[model], func(f listedField) bool { return f.name == field })
}

// relations returns the models that relational fields point to.
func (l listing) relations() relations {
	leads := relations{}
	for model, fields := range l {
		leads[model] = map[string]string{}
		for _, f := range fields {
			if f.relation != "" {
				leads[model][f.name] = f.relation
			}
		}
	}
	return leads
}

// complement adds the listed properties to the fields that are visible to the user, and adds the names of the other listed
// fields to the hidden ones: they are for groups that the user is not in.
func complement(m *snapshot.Model, listed []listedField) {
	for _, l := range listed {
		i := slices.IndexFunc(m.Fields, func(f snapshot.Field) bool { return f.Name == l.name })
		if i < 0 {
			m.Hidden = append(m.Hidden, l.name)
			continue
		}
		l.complement(&m.Fields[i])
	}
	slices.Sort(m.Hidden)
}

func (l listedField) complement(f *snapshot.Field) {
	if d := snapshot.OnDelete(l.onDelete); f.Type == "many2one" && !f.Computed && (d == snapshot.Cascade || d == snapshot.Restrict && !f.Required) {
		f.OnDelete = d
	}
	if f.Type == "many2many" && !f.Computed {
		f.Table, f.Column = l.table, l.column
	}
	f.NoCopy = !l.copied && !f.Computed && f.Type != "one2many" && !slices.Contains(neverCopied, f.Name)
}

// neverCopied are the fields that Odoo maintains itself.
var neverCopied = []string{"id", "create_uid", "create_date", "write_uid", "write_date", "parent_path"}
