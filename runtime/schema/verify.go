package schema

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"

	"github.com/odoogen/odoogen/internal/odoofacts"
	orm "github.com/odoogen/odoogen/runtime"
	"github.com/odoogen/odoogen/runtime/internal/codec"
	"github.com/odoogen/odoogen/runtime/internal/door"
)

// Verify lets [orm.Dial] compare what the bindings expect with the server, and fail with an [*Error] if the server
// differs: see [Check].
//
//	c, err := orm.Dial(ctx, address, orm.APIKey(login, key), schema.Verify(odoo.Schema))
func Verify(s Text, options ...Option) orm.DialOption {
	check := func(ctx context.Context, c any) error { return Check(ctx, c.(*orm.Client), s, options...) }
	return door.AfterDial("schema.Verify", check).(orm.DialOption)
}

// Option narrows what is verified.
type Option func(*verification)

// Only verifies these models and no others: schema.Only((*odoo.SaleOrder)(nil), (*odoo.ResPartner)(nil)).
func Only(records ...orm.Record) Option {
	return func(v *verification) {
		for _, r := range records {
			v.only = append(v.only, r.OdooModel())
		}
	}
}

// Check compares the models that the bindings were generated from with those of the server, and gives an
// [*Error] with all that programs notice: models and fields that are gone, fields of another type or of a relation
// to another model, fields that a create must give now, and stored fields that became computed, by which nothing can be
// ordered and which are read only when asked for. What the server has more, and the choices of selections, which modules
// and settings extend, are not looked at; odoogen diff shows them.
//
// It is one call of ir.model.fields where the user can read that, as administrators can and, on Odoo 14, all employees,
// one of ir.model if models seem to be gone, and one more for each model that seems to miss a field. For other users it asks
// fields_get of each model, six at a time, and finds out of up to twenty missing fields whether they are gone, or only not
// visible to this user.
func Check(ctx context.Context, c *orm.Client, s Text, options ...Option) error {
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
	return &Error{Server: c.Version(), Differences: v.found}
}

// maxProbes is how many missing fields are asked for one by one.
const maxProbes = 20

// verification is one comparison.
type verification struct {
	c      *orm.Client
	only   []string
	seen   bool // what is known is what this user sees
	probes int
	found  []Difference
}

// choose leaves the models that the options name.
func (v *verification) choose(models []Model) ([]Model, error) {
	if v.only == nil {
		return models, nil
	}
	var chosen []Model
	for _, name := range v.only {
		i := slices.IndexFunc(models, func(m Model) bool { return m.Name == name })
		if i < 0 {
			return nil, fmt.Errorf("schema: Only: the schema has no %s", name)
		}
		chosen = append(chosen, models[i])
	}
	return chosen, nil
}

// serverFields are the fields of a model by name; nil of a model that the server does not have.
type serverFields map[string]Field

// find gives the field that has the name, or one of its alternatives.
func (s serverFields) find(name string) (Field, bool) {
	alternatives, _ := codec.Alternatives(name)
	for _, n := range alternatives {
		if f, ok := s[n]; ok {
			return f, true
		}
	}
	return Field{}, false
}

// known is what the server says of the models.
func (v *verification) known(ctx context.Context, models []Model) ([]serverFields, error) {
	known, err := v.listed(ctx, models)
	var e *orm.Error
	if errors.As(err, &e) && (errors.Is(err, orm.ErrAccess) || e.Class == "" && e.Status == http.StatusInternalServerError) {
		v.seen = true
		return v.described(ctx, models)
	}
	return known, err
}

// listed asks ir.model.fields for all models at once.
func (v *verification) listed(ctx context.Context, models []Model) ([]serverFields, error) {
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
	if err := v.c.Model("ir.model.fields").Find(ctx, &rows, modelIn(names)); err != nil {
		return nil, err
	}
	known := make([]serverFields, len(models))
	stale := odoofacts.MirrorsStay.InSeries(v.c.Version().Series)
	for _, r := range rows {
		i := index[r.Model]
		if known[i] == nil {
			known[i] = serverFields{}
		}
		if stale && r.State != "manual" && strings.HasPrefix(r.Name, "x_") {
			continue // inherited from a custom field, which may be gone: fields_get knows
		}
		known[i][r.Name] = Field{Name: r.Name, Type: r.Type, Relation: r.Relation, Required: r.Required, Computed: !r.Stored}
	}
	return known, v.bare(ctx, models, known)
}

// bare finds the models that exist without a field: Odoo 15 to 18 list none of abstract models that declare none.
func (v *verification) bare(ctx context.Context, models []Model, known []serverFields) error {
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
	if err := v.c.Model("ir.model").Find(ctx, &rows, modelIn(slices.Sorted(maps.Keys(index)))); err != nil {
		return err
	}
	for _, r := range rows {
		known[index[r.Model]] = serverFields{}
	}
	return nil
}

// complete adds the fields that ir.model.fields does not list, those that Odoo makes of groups, to the models that seem to
// miss some.
func (v *verification) complete(ctx context.Context, models []Model, known []serverFields) error {
	if v.seen {
		return nil
	}
	for i, m := range models {
		if known[i] == nil || !slices.ContainsFunc(m.Fields, func(f Field) bool { _, ok := known[i].find(f.Name); return !ok }) {
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
func (v *verification) described(ctx context.Context, models []Model) ([]serverFields, error) {
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
	var raw map[string]map[string]any
	wanted := orm.Args{"attributes": []string{"type", "relation", "required", "store"}}
	err := v.c.Model(model).Call(ctx, "fields_get", nil, wanted, &raw)
	if errors.Is(err, orm.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	fields := serverFields{}
	for name, a := range raw {
		fields[name] = Field{Name: name, Type: text(a["type"]), Relation: text(a["relation"]), Required: codec.Truth(a["required"]), Computed: !codec.Truth(a["store"])}
	}
	return fields, nil
}

func (v *verification) compare(ctx context.Context, m Model, known serverFields) error {
	if known == nil && m.Optional {
		return nil
	}
	if known == nil {
		v.found = append(v.found, Difference{Model: m.Name, Kind: Gone})
		return nil
	}
	for _, f := range m.Fields {
		is, ok := known.find(f.Name)
		alternatives, optional := codec.Alternatives(f.Name)
		d := Difference{Model: m.Name, Field: alternatives[0]}
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
	return (field == "id" || field == "display_name") && odoofacts.BareAbstract.InSeries(v.c.Version().Series)
}

// absence finds out whether a field that is not among those known is gone, or only not visible: Odoo refuses to read, of no
// record at all, the one for its name, and the other for the rights of the user.
func (v *verification) absence(ctx context.Context, d Difference) (Kind, error) {
	if !v.seen {
		return Gone, nil
	}
	if v.probes == 0 {
		return Missing, nil
	}
	v.probes--
	err := v.c.Model(d.Model).Call(ctx, "read", []int64{}, orm.Args{"fields": []string{d.Field}}, nil)
	var e *orm.Error
	switch {
	case err == nil, errors.Is(err, orm.ErrAccess):
		return NotVisible, nil
	case errors.As(err, &e) && e.Class != "":
		return Gone, nil
	case errors.As(err, &e) && e.Status == http.StatusInternalServerError:
		return Missing, nil // a page in place of an answer
	}
	return "", err
}

// modelIn is a condition on ir.model and ir.model.fields.
func modelIn(names []string) orm.Expr { return door.Condition("model", "in", names).(orm.Expr) }

// text is an attribute that is a text; false is "".
func text(attribute any) string {
	s, _ := attribute.(string)
	return s
}
