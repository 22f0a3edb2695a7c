package introspect

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"golang.org/x/sync/errgroup"

	orm "github.com/odoogen/odoogen/runtime"
)

// Options say what to pull.
type Options struct {
	// Models are the names or globs ("sale.*") of the models to pull; none is all of them.
	Models []string
	// Progress, if not nil, is called as models come in. Calls do not overlap.
	Progress func(done, total int)
}

// Odoo answers fields_get no faster with more calls at once than this.
const callsAtOnce = 4

// Pull takes a snapshot. A pattern that matches no model is an error; a model whose metadata this user may not have, or
// the server fails to give, is listed in Unseen.
func Pull(ctx context.Context, c *orm.Client, o Options) (*Schema, error) {
	// Labels and helps in one language, whoever pulls.
	c = c.With(orm.Context{"lang": "en_US"})
	v := c.Version()
	s := &Schema{Format: Format, Server: Server{Series: v.Series, Version: v.Full}}
	if err := s.pullModules(ctx, c); err != nil {
		return nil, err
	}
	known, err := s.pullCatalog(ctx, c, o.Models)
	if err != nil {
		return nil, err
	}
	chosen, unmatched, err := Match(known, o.Models)
	if err != nil {
		return nil, err
	}
	if len(unmatched) > 0 {
		return nil, fmt.Errorf("no model matches %s%s", strings.Join(unmatched, ", "), suggest(unmatched[0], known))
	}
	if err := s.pullFields(ctx, c, chosen, o.Progress); err != nil {
		return nil, err
	}
	if err := s.pullHidden(ctx, c); err != nil {
		return nil, err
	}
	slices.SortFunc(s.Models, func(a, b Model) int { return strings.Compare(a.Name, b.Name) })
	slices.SortFunc(s.Unseen.Models, func(a, b UnseenModel) int { return strings.Compare(a.Name, b.Name) })
	return s, nil
}

func (s *Schema) pullModules(ctx context.Context, c *orm.Client) error {
	var installed []struct {
		Name    string `odoo:"name"`
		Version string `odoo:"latest_version"`
	}
	where := orm.Expr(orm.Where[struct{}]("state", "=", "installed"))
	err := c.Model("ir.module.module").Find(ctx, &installed, where)
	if errors.Is(err, orm.ErrAccess) {
		s.Unseen.Modules = true
		return nil
	}
	for _, m := range installed {
		s.Modules = append(s.Modules, Module(m))
	}
	slices.SortFunc(s.Modules, func(a, b Module) int { return strings.Compare(a.Name, b.Name) })
	return err
}

// pullCatalog lists the models of the database. Where the user may not read ir.model, as most may not since Odoo 15 or
// so, the names asked for must do.
func (s *Schema) pullCatalog(ctx context.Context, c *orm.Client, patterns []string) ([]Model, error) {
	type row struct {
		Model     string `odoo:"model"`
		Name      string `odoo:"name"`
		State     string `odoo:"state"`
		Transient bool   `odoo:"transient"`
		Abstract  bool   `odoo:"abstract,ondemand"`
		Modules   string `odoo:"modules"`
	}
	var rows []row
	options, err := catalogOptions(ctx, c)
	if err == nil {
		err = c.Model("ir.model").Find(ctx, &rows, orm.Expr{}, options...)
	}
	if errors.Is(err, orm.ErrAccess) {
		s.Unseen.Catalog = true
		return namedModels(patterns)
	}
	if err != nil {
		return nil, err
	}
	models := make([]Model, len(rows))
	for i, r := range rows {
		models[i] = Model{Name: r.Model, Label: r.Name, Custom: r.State == "manual", Modules: splitList(r.Modules)}
		switch {
		case r.Transient:
			models[i].Kind = Transient
		case r.Abstract:
			models[i].Kind = Abstract
		}
	}
	return models, nil
}

// catalogOptions asks for the field that tells abstract models, if this version has it.
func catalogOptions(ctx context.Context, c *orm.Client) ([]orm.Option, error) {
	var known map[string]rawField
	args := orm.Args{"allfields": []string{"abstract"}, "attributes": []string{"type"}}
	err := c.Model("ir.model").Call(ctx, "fields_get", nil, args, &known)
	if len(known) == 0 {
		return nil, err
	}
	return []orm.Option{orm.Everything()}, err
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

// namedModels are the models that are asked for by name.
func namedModels(patterns []string) ([]Model, error) {
	if len(patterns) == 0 {
		return nil, errors.New("this user may not list the models (ir.model): name the models to pull, or pull as a user with the group Administration / Access Rights")
	}
	var models []Model
	for _, p := range patterns {
		if isGlob(p) {
			return nil, fmt.Errorf("this user may not list the models (ir.model), so that the pattern %q can't be resolved: name the models one by one, or pull as a user with the group Administration / Access Rights", p)
		}
		models = append(models, Model{Name: p})
	}
	return models, nil
}

// pullFields asks for the fields of the models, a few at a time.
func (s *Schema) pullFields(ctx context.Context, c *orm.Client, models []Model, progress func(done, total int)) error {
	var mu sync.Mutex
	done := 0
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(callsAtOnce)
	for _, m := range models {
		group.Go(func() error {
			reason, err := m.complete(ctx, c)
			if err != nil {
				return fmt.Errorf("%s: %w", m.Name, err)
			}
			mu.Lock()
			defer mu.Unlock()
			switch {
			case reason == "":
				s.Models = append(s.Models, m)
			case s.Unseen.Catalog && len(m.Fields) == 0:
				return fmt.Errorf("%s: %s", m.Name, reason) // asked for by name, and not known to exist
			default:
				s.Unseen.Models = append(s.Unseen.Models, UnseenModel{m.Name, reason})
			}
			if done++; progress != nil {
				progress(done, len(models))
			}
			return nil
		})
	}
	return group.Wait()
}

// complete asks for the fields of a model, and finds out whether the user may read it. The reason says why the model is
// left out; an error ends the pull.
func (m *Model) complete(ctx context.Context, c *orm.Client) (reason string, err error) {
	var answer map[string]rawField
	err = c.Model(m.Name).Call(ctx, "fields_get", nil, orm.Args{"attributes": attributes}, &answer)
	if reason, refused := refusal(err); refused {
		return reason, nil
	}
	if err != nil {
		return "", err
	}
	m.Fields = fields(answer)
	if m.Kind == Abstract {
		return "", nil
	}
	may, err := mayRead(ctx, c, m.Name)
	if reason, refused := refusal(err); refused {
		return reason, nil
	}
	if err != nil || may {
		return "", err
	}
	// Before Odoo told which models are abstract: those that nobody may read, and that do not keep who wrote them.
	if m.Kind == "" && !slices.ContainsFunc(m.Fields, func(f Field) bool { return f.Name == "create_uid" }) {
		m.Kind = Abstract
		return "", nil
	}
	return "this user may not read it", nil
}

func mayRead(ctx context.Context, c *orm.Client, model string) (may bool, err error) {
	if c.Version().Major >= 18 {
		return may, c.ExecuteKW(ctx, model, "has_access", []any{[]int{}, "read"}, nil, &may)
	}
	return may, c.ExecuteKW(ctx, model, "check_access_rights", []any{"read", false}, nil, &may)
}

// refusal is Odoo's own reason for not answering; anything else, such as a broken connection, is none.
func refusal(err error) (reason string, refused bool) {
	var e *orm.Error
	if !errors.As(err, &e) || e.Class == "" {
		return "", false
	}
	first, _, _ := strings.Cut(strings.TrimSpace(e.Message), "\n")
	return first, true
}

// pullHidden compares what fields_get told with the list of all fields: it leaves out those for groups that the user is
// not in.
func (s *Schema) pullHidden(ctx context.Context, c *orm.Client) error {
	names := make([]string, len(s.Models))
	for i, m := range s.Models {
		names[i] = m.Name
	}
	var all []struct {
		Model string `odoo:"model"`
		Name  string `odoo:"name"`
	}
	err := c.Model("ir.model.fields").Find(ctx, &all, orm.Expr(orm.Where[struct{}]("model", "in", names)))
	if errors.Is(err, orm.ErrAccess) {
		s.Unseen.Fields = true
		return nil
	}
	listed := map[string][]string{}
	for _, f := range all {
		listed[f.Model] = append(listed[f.Model], f.Name)
	}
	for i := range s.Models {
		s.Models[i].hide(listed[s.Models[i].Name])
	}
	return err
}

// hide notes which of the listed fields are not among those that the user sees.
func (m *Model) hide(listed []string) {
	for _, name := range listed {
		if !slices.ContainsFunc(m.Fields, func(f Field) bool { return f.Name == name }) {
			m.Hidden = append(m.Hidden, name)
		}
	}
	slices.Sort(m.Hidden)
}
