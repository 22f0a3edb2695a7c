// Package introspect reads the models, fields and methods of a live Odoo into a snapshot.
package introspect

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"

	"golang.org/x/sync/errgroup"

	"github.com/odoogen/odoogen/internal/odoofacts"
	"github.com/odoogen/odoogen/introspect/snapshot"
	orm "github.com/odoogen/odoogen/runtime"
)

// Options configure a pull.
type Options struct {
	// Models are the names or globs ("sale.*") of the models to pull. An empty list means all models.
	Models []string
	// Methods is how to find methods. The default is MethodsAuto.
	Methods MethodSearch
	// MethodReport, if not nil, receives the counts of methods.
	MethodReport *MethodReport
	// AtOnce is the number of concurrent calls. The default is CallsAtOnce.
	AtOnce int
	// Missing, if not nil, receives the patterns of Models that match no model of the server. They are then not an error,
	// unless no model remains to pull.
	Missing *[]string
	// Progress, if not nil, is called after each model. Calls do not overlap.
	Progress func(done, total int)
}

// CallsAtOnce is the best number of concurrent calls for one process of Odoo: its Python computes one response at a time,
// and concurrent calls only use the time in which it would wait for the database and the network.
const CallsAtOnce = 6

// pull is the state of a running pull.
type pull struct {
	*snapshot.Schema
	c       *orm.Client
	options Options

	known  catalog
	chosen []snapshot.Model
	rights rights
	listed listing
	prints map[string][]snapshot.ReportAction // the reports of all models, by model
	views  []view
	unseen struct{ listing, views error } // why they are not visible to the user

	mu sync.Mutex // for the lists of the Schema
}

// Pull takes a snapshot. A pattern that matches no model is an error; a model whose metadata is not visible to this user, or
// the server fails to give, is listed in Unseen.
func Pull(ctx context.Context, c *orm.Client, o Options) (*snapshot.Schema, error) {
	v := c.Version()
	if o.Methods == MethodsDocs && !odoofacts.MethodDocs.InSeries(v.Series) {
		return nil, noDocs(fmt.Sprintf("it came with Odoo %d, and this is %s", odoofacts.MethodDocs.First.Major, v.Series))
	}
	p := &pull{
		Schema:  &snapshot.Schema{Format: snapshot.Format, Server: snapshot.Server{Series: v.Series, Version: v.Full}},
		c:       c.With(orm.Context{"lang": "en_US"}), // labels and helps in one language for all users
		options: o,
	}
	p.options.AtOnce = cmp.Or(o.AtOnce, CallsAtOnce)
	if err := p.run(ctx); err != nil {
		return nil, err
	}
	sortSchema(p.Schema)
	return p.Schema, nil
}

func (p *pull) run(ctx context.Context) error {
	for _, step := range []func(context.Context) error{p.pullTogether, p.settle, p.pullDefaults, p.pullMethods} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	return nil
}

// pullTogether makes independent calls concurrently, the slow ones first, so that the server is never idle: the fields of
// the models are read as soon as the models and the permissions of the user are known.
func (p *pull) pullTogether(ctx context.Context) error {
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(p.options.AtOnce)
	var known sync.WaitGroup
	for _, first := range []func(context.Context) error{p.choose, p.pullRights} {
		known.Add(1)
		group.Go(func() error {
			defer known.Done()
			return first(ctx)
		})
	}
	for _, beside := range []func(context.Context) error{p.pullListing, p.pullViews, p.pullModules, p.pullReports} {
		group.Go(func() error { return beside(ctx) })
	}
	known.Wait()
	for i := range p.chosen {
		group.Go(func() error { return p.pullModel(ctx, &p.chosen[i]) })
	}
	if err := group.Wait(); err != nil {
		return err
	}
	if missing := p.options.Missing; missing != nil && len(*missing) > 0 && len(p.Models) == 0 {
		return fmt.Errorf("the server has none of the models %s", strings.Join(*missing, ", "))
	}
	for i := range p.Models {
		complement(&p.Models[i], p.listed[p.Models[i].Name])
		p.Models[i].Reports = p.prints[p.Models[i].Name]
	}
	return nil
}

// choose finds the requested models.
func (p *pull) choose(ctx context.Context) error {
	if err := p.pullCatalog(ctx); err != nil {
		return err
	}
	chosen, unmatched, err := snapshot.Match(p.known.models, p.options.Models)
	switch {
	case err != nil || len(unmatched) == 0:
	case p.options.Missing == nil || len(chosen) == 0:
		err = fmt.Errorf("no model matches %s%s", strings.Join(unmatched, ", "), snapshot.Suggest(unmatched[0], p.known.models))
	default:
		*p.options.Missing = unmatched
	}
	p.chosen = chosen
	return err
}

func sortSchema(s *snapshot.Schema) {
	slices.SortFunc(s.Models, func(a, b snapshot.Model) int { return strings.Compare(a.Name, b.Name) })
	sortUnseen(s.Unseen.Models)
	slices.Sort(s.TextIDs)
	slices.Sort(s.Reports)
}

func sortUnseen(models []snapshot.UnseenModel) {
	slices.SortFunc(models, func(a, b snapshot.UnseenModel) int { return strings.Compare(a.Name, b.Name) })
}

// pullModel reads the fields of a model, and adds the model to the snapshot.
func (p *pull) pullModel(ctx context.Context, m *snapshot.Model) error {
	reason, err := p.complete(ctx, m)
	if err != nil {
		return fmt.Errorf("%s: %w", m.Name, err)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case reason == "":
		p.Models = append(p.Models, *m)
	case p.Unseen.Catalog && reason == noSuchModel && p.options.Missing != nil:
		*p.options.Missing = append(*p.options.Missing, m.Name)
	case p.Unseen.Catalog && len(m.Fields) == 0:
		return fmt.Errorf("%s: %s", m.Name, reason) // requested by name, and not known to exist
	default:
		p.Unseen.Models = append(p.Unseen.Models, snapshot.UnseenModel{Name: m.Name, Reason: reason, Failed: len(m.Fields) == 0})
	}
	if p.options.Progress != nil {
		p.options.Progress(len(p.Models)+len(p.Unseen.Models), len(p.chosen))
	}
	return nil
}

// each calls do for each element, with as many concurrent calls as the options allow, until one fails.
func each[T any](ctx context.Context, o Options, elements []T, do func(context.Context, T) error) error {
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(o.AtOnce)
	for _, e := range elements {
		group.Go(func() error { return do(ctx, e) })
	}
	return group.Wait()
}
