package orm

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/odoogen/odoogen/internal/odoofacts"
	"github.com/odoogen/odoogen/runtime/internal/codec"
	"golang.org/x/sync/errgroup"
)

// VerifySchema lets [Dial] compare what the bindings expect with the server, and fail with a [SchemaError] if the server
// differs: see [Client.VerifySchema].
//
//	c, err := orm.Dial(ctx, address, orm.APIKey(login, key), orm.VerifySchema(odoofacts.Schema))
func VerifySchema(s Schema, options ...VerifyOption) DialOption {
	return func(d *dialer) {
		d.verify = func(ctx context.Context, c *Client) error { return c.VerifySchema(ctx, s, options...) }
	}
}

// VerifyOption narrows what is verified.
type VerifyOption func(*verification)

// VerifyModels verifies these models only: orm.VerifyModels((*odoo.SaleOrder)(nil), (*odoo.ResPartner)(nil)).
func VerifyModels(records ...Record) VerifyOption {
	return func(v *verification) {
		for _, r := range records {
			v.only = append(v.only, r.OdooModel())
		}
	}
}

// VerifySchema compares the models that the bindings were generated from with those of the server, and gives a
// [*SchemaError] with all that programs notice: models and fields that are gone, fields of another type or of a relation
// to another model, fields that a create must give now, and stored fields that became computed, by which nothing can be
// ordered and which are read only when asked for. What the server has more, and the choices of selections, which modules
// and settings extend, are not looked at; odoogen diff tells of them.
//
// It is one call of ir.model.fields where the user may read that, as administrators may and, on Odoo 14, all employees,
// one of ir.model if models seem to be gone, and one more for each model that seems to miss a field. For other users it asks fields_get of each model, four at a
// time, and finds out of up to twenty missing fields whether they are gone, or only not visible to this user.
func (c *Client) VerifySchema(ctx context.Context, s Schema, options ...VerifyOption) error {
	models, err := s.Models()
	if err != nil {
		return err
	}
	v := &verification{c: c, probes: maxProbes}
	for _, option := range options {
		option(v)
	}
	if models, err = v.choose(models); err != nil {
		return err
	}
	known, err := v.known(ctx, models)
	if err != nil {
		return err
	}
	if err := v.complete(ctx, models, known); err != nil {
		return err
	}
	for i, m := range models {
		if err := v.compare(ctx, m, known[i]); err != nil {
			return err
		}
	}
	if len(v.found) == 0 {
		return nil
	}
	return &SchemaError{Server: c.version, Differences: v.found}
}

// SchemaError is a server that is not what the bindings were generated from.
type SchemaError struct {
	Server      Version
	Differences []SchemaDifference // in the order of the schema
}

// shownDifferences is how many differences stand in the text of the error.
const shownDifferences = 20

// Error lists the differences, the first twenty of them.
func (e *SchemaError) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "orm: the server, Odoo %s, is not what the bindings were generated from:", e.Server.Series)
	for i, d := range e.Differences {
		if i == shownDifferences {
			fmt.Fprintf(&b, "\n  and %d more", len(e.Differences)-i)
			break
		}
		b.WriteString("\n  " + d.String())
	}
	return b.String()
}

// SchemaDifference is one thing in which a server differs from what bindings expect.
type SchemaDifference struct {
	Model string // sale.order
	Field string // "" if it is about the model
	Kind  DifferenceKind
	Was   string // the type, or the model that a relation points to, when the bindings were generated
	Is    string // and now
}

// DifferenceKind says what differs.
type DifferenceKind string

// The kinds of differences.
const (
	Gone            DifferenceKind = "gone"           // a model or field that the server does not have
	NotVisible      DifferenceKind = "not visible"    // a field that is there, and that this user may not see
	Missing         DifferenceKind = "missing"        // a field that is gone or not visible: the server does not tell
	TypeChanged     DifferenceKind = "other type"     // of a field
	RelationChanged DifferenceKind = "other relation" // a field that points to another model
	NowRequired     DifferenceKind = "required now"   // a field
	NowComputed     DifferenceKind = "not stored now" // a field that the server computes on each read
)

// String is the difference in a line: sale.order.tax_id: gone.
func (d SchemaDifference) String() string {
	name := d.Model
	if d.Field != "" {
		name += "." + d.Field
	}
	switch d.Kind {
	case TypeChanged, RelationChanged:
		return fmt.Sprintf("%s: %s: %s, was %s", name, d.Kind, d.Is, d.Was)
	case Missing:
		return name + ": gone, or not visible to this user"
	case NotVisible:
		return name + ": not visible to this user"
	}
	return name + ": " + string(d.Kind)
}

// maxProbes is how many missing fields are asked for one by one.
const maxProbes = 20

// verification is one comparison.
type verification struct {
	c      *Client
	only   []string
	seen   bool // what is known is what this user sees
	probes int
	found  []SchemaDifference
}

// choose leaves the models that the options name.
func (v *verification) choose(models []SchemaModel) ([]SchemaModel, error) {
	if v.only == nil {
		return models, nil
	}
	var chosen []SchemaModel
	for _, name := range v.only {
		i := slices.IndexFunc(models, func(m SchemaModel) bool { return m.Name == name })
		if i < 0 {
			return nil, fmt.Errorf("orm: VerifyModels: the schema has no %s", name)
		}
		chosen = append(chosen, models[i])
	}
	return chosen, nil
}

// serverFields are the fields of a model by name; nil of a model that the server does not have.
type serverFields map[string]SchemaField

// find gives the field that has the name, or one of its alternatives.
func (s serverFields) find(name string) (SchemaField, bool) {
	alternatives, _ := codec.Alternatives(name)
	for _, n := range alternatives {
		if f, ok := s[n]; ok {
			return f, true
		}
	}
	return SchemaField{}, false
}

// known is what the server says of the models.
func (v *verification) known(ctx context.Context, models []SchemaModel) ([]serverFields, error) {
	known, err := v.listed(ctx, models)
	var e *Error
	if errors.As(err, &e) && (errors.Is(err, ErrAccess) || e.Class == "" && e.Status == http.StatusInternalServerError) {
		v.seen = true
		return v.described(ctx, models)
	}
	return known, err
}

// listed asks ir.model.fields for all models at once.
func (v *verification) listed(ctx context.Context, models []SchemaModel) ([]serverFields, error) {
	index, names := map[string]int{}, make([]string, len(models))
	for i, m := range models {
		index[m.Name], names[i] = i, m.Name
	}
	var rows []struct {
		Model    string `odoo:"model"`
		Name     string `odoo:"name"`
		Type     string `odoo:"ttype"`
		Relation string `odoo:"relation"`
		Required bool   `odoo:"required"`
		Stored   bool   `odoo:"store"`
		State    string `odoo:"state"`
	}
	if err := v.c.Model("ir.model.fields").Find(ctx, &rows, leaf("model", "in", names)); err != nil {
		return nil, err
	}
	known := make([]serverFields, len(models))
	stale := odoofacts.MirrorsStay.In(v.c.odoo)
	for _, r := range rows {
		i := index[r.Model]
		if known[i] == nil {
			known[i] = serverFields{}
		}
		if stale && r.State != "manual" && strings.HasPrefix(r.Name, "x_") {
			continue // inherited from a custom field, which may be gone: fields_get knows
		}
		known[i][r.Name] = SchemaField{Name: r.Name, Type: r.Type, Relation: r.Relation, Required: r.Required, Computed: !r.Stored}
	}
	return known, v.bare(ctx, models, known)
}

// bare finds the models that exist without a field: Odoo 15 to 18 list none of abstract models that declare none.
func (v *verification) bare(ctx context.Context, models []SchemaModel, known []serverFields) error {
	index := map[string]int{}
	for i, m := range models {
		if known[i] == nil {
			index[m.Name] = i
		}
	}
	if len(index) == 0 {
		return nil
	}
	var rows []struct {
		Model string `odoo:"model"`
	}
	if err := v.c.Model("ir.model").Find(ctx, &rows, leaf("model", "in", slices.Sorted(maps.Keys(index)))); err != nil {
		return err
	}
	for _, r := range rows {
		known[index[r.Model]] = serverFields{}
	}
	return nil
}

// complete adds the fields that ir.model.fields does not list, those that Odoo makes of groups, to the models that seem to
// miss some.
func (v *verification) complete(ctx context.Context, models []SchemaModel, known []serverFields) error {
	if v.seen {
		return nil
	}
	for i, m := range models {
		if known[i] == nil || !slices.ContainsFunc(m.Fields, func(f SchemaField) bool { _, ok := known[i].find(f.Name); return !ok }) {
			continue
		}
		described, err := v.describe(ctx, m.Name)
		if err != nil {
			return err
		}
		for name, f := range described {
			if _, ok := known[i][name]; !ok {
				known[i][name] = f
			}
		}
	}
	return nil
}

// callsAtOnce is how many calls to make at once: with more, one process of Odoo gets no faster (measured for pull).
const callsAtOnce = 6

// described asks each model for its fields.
func (v *verification) described(ctx context.Context, models []SchemaModel) ([]serverFields, error) {
	known := make([]serverFields, len(models))
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(callsAtOnce)
	for i, m := range models {
		group.Go(func() (err error) {
			known[i], err = v.describe(ctx, m.Name)
			return err
		})
	}
	return known, group.Wait()
}

func (v *verification) describe(ctx context.Context, model string) (serverFields, error) {
	var raw map[string]attributes
	wanted := Args{"attributes": []string{"type", "relation", "required", "store"}}
	err := v.c.Model(model).Call(ctx, "fields_get", nil, wanted, &raw)
	if errors.Is(err, ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	fields := serverFields{}
	for name, a := range raw {
		fields[name] = SchemaField{Name: name, Type: a.text("type"), Relation: a.text("relation"), Required: a.truth("required"), Computed: !a.truth("store")}
	}
	return fields, nil
}

func (v *verification) compare(ctx context.Context, m SchemaModel, known serverFields) error {
	if known == nil && m.Optional {
		return nil
	}
	if known == nil {
		v.found = append(v.found, SchemaDifference{Model: m.Name, Kind: Gone})
		return nil
	}
	for _, f := range m.Fields {
		is, ok := known.find(f.Name)
		alternatives, optional := codec.Alternatives(f.Name)
		d := SchemaDifference{Model: m.Name, Field: alternatives[0]}
		switch {
		case !ok && optional:
			continue
		case !ok && v.isBare(f.Name):
			continue
		case !ok:
			kind, err := v.absence(ctx, d)
			if err != nil {
				return err
			}
			d.Kind = kind
		case odoofacts.ShapeOf(f.Type) != odoofacts.ShapeOf(is.Type):
			d.Kind, d.Was, d.Is = TypeChanged, f.Type, is.Type
		case f.Relation != is.Relation && f.Relation != "":
			d.Kind, d.Was, d.Is = RelationChanged, f.Relation, is.Relation
		case is.Required && !f.Required:
			d.Kind = NowRequired
		case is.Computed && !f.Computed:
			d.Kind = NowComputed
		default:
			continue
		}
		v.found = append(v.found, d)
	}
	return nil
}

// isBare reports whether the server may list a model without this field although every model has it.
func (v *verification) isBare(field string) bool {
	return (field == "id" || field == "display_name") && odoofacts.BareAbstract.In(v.c.odoo)
}

// absence finds out whether a field that is not among those known is gone, or only not visible: Odoo refuses to read, of no
// record at all, the one for its name, and the other for the rights of the user.
func (v *verification) absence(ctx context.Context, d SchemaDifference) (DifferenceKind, error) {
	if !v.seen {
		return Gone, nil
	}
	if v.probes == 0 {
		return Missing, nil
	}
	v.probes--
	probe := &call{method: "read", ids: []int64{}, args: []arg{{"fields", []string{d.Field}}}}
	err := v.c.Model(d.Model).call(ctx, probe, callOptions{}, nil)
	var e *Error
	switch {
	case err == nil, errors.Is(err, ErrAccess):
		return NotVisible, nil
	case errors.As(err, &e) && e.Class != "":
		return Gone, nil
	case errors.As(err, &e) && e.Status == http.StatusInternalServerError:
		return Missing, nil // a page in place of an answer
	}
	return "", err
}
