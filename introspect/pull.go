package introspect

import (
	"context"
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
	// Methods says how to look for methods; MethodsAuto if empty.
	Methods MethodSearch
	// MethodReport, if not nil, is filled.
	MethodReport *MethodReport
	// Progress, if not nil, is called as models come in. Calls do not overlap.
	Progress func(done, total int)
}

// Odoo answers fields_get no faster with more calls at once than this.
const callsAtOnce = 4

// pull is a pull under way.
type pull struct {
	*Schema
	c       *orm.Client
	known   catalog
	rights  rights
	options Options
}

// Pull takes a snapshot. A pattern that matches no model is an error; a model whose metadata this user may not have, or
// the server fails to give, is listed in Unseen.
func Pull(ctx context.Context, c *orm.Client, o Options) (*Schema, error) {
	v := c.Version()
	p := &pull{
		Schema:  &Schema{Format: Format, Server: Server{Series: v.Series, Version: v.Full}},
		c:       c.With(orm.Context{"lang": "en_US"}), // labels and helps in one language, whoever pulls
		options: o,
	}
	if err := p.run(ctx); err != nil {
		return nil, err
	}
	p.sort()
	return p.Schema, nil
}

func (p *pull) run(ctx context.Context) error {
	if err := p.pullModules(ctx, p.c); err != nil {
		return err
	}
	chosen, err := p.choose(ctx)
	if err != nil {
		return err
	}
	if p.rights, err = pullRights(ctx, p.c, p.known); err != nil {
		return err
	}
	for _, step := range []func(context.Context) error{
		func(ctx context.Context) error { return p.pullFields(ctx, chosen) },
		p.settle,
		p.pullListed,
		p.pullDefaults,
		p.pullMethods,
	} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	return nil
}

// choose finds the models that are asked for.
func (p *pull) choose(ctx context.Context) ([]Model, error) {
	var err error
	if p.known, err = p.pullCatalog(ctx, p.c, p.options.Models); err != nil {
		return nil, err
	}
	chosen, unmatched, err := Match(p.known.models, p.options.Models)
	if err == nil && len(unmatched) > 0 {
		err = fmt.Errorf("no model matches %s%s", strings.Join(unmatched, ", "), suggest(unmatched[0], p.known.models))
	}
	return chosen, err
}

func (s *Schema) sort() {
	slices.SortFunc(s.Models, func(a, b Model) int { return strings.Compare(a.Name, b.Name) })
	sortUnseen(s.Unseen.Models)
	slices.Sort(s.TextIDs)
}

func sortUnseen(models []UnseenModel) {
	slices.SortFunc(models, func(a, b UnseenModel) int { return strings.Compare(a.Name, b.Name) })
}

// pullFields asks for the fields of the models, a few at a time.
func (p *pull) pullFields(ctx context.Context, models []Model) error {
	var mu sync.Mutex
	done := 0
	return each(ctx, models, func(ctx context.Context, m Model) error {
		reason, err := p.complete(ctx, &m)
		if err != nil {
			return fmt.Errorf("%s: %w", m.Name, err)
		}
		mu.Lock()
		defer mu.Unlock()
		switch {
		case reason == "":
			p.Models = append(p.Models, m)
		case p.Unseen.Catalog && len(m.Fields) == 0:
			return fmt.Errorf("%s: %s", m.Name, reason) // asked for by name, and not known to exist
		default:
			p.Unseen.Models = append(p.Unseen.Models, UnseenModel{m.Name, reason, len(m.Fields) == 0})
		}
		if done++; p.options.Progress != nil {
			p.options.Progress(done, len(models))
		}
		return nil
	})
}

// each calls do for each element, a few at a time, until one fails.
func each[T any](ctx context.Context, elements []T, do func(context.Context, T) error) error {
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(callsAtOnce)
	for _, e := range elements {
		group.Go(func() error { return do(ctx, e) })
	}
	return group.Wait()
}
