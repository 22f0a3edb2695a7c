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
	if err := s.pullListed(ctx, c); err != nil {
		return nil, err
	}
	slices.SortFunc(s.Models, func(a, b Model) int { return strings.Compare(a.Name, b.Name) })
	slices.SortFunc(s.Unseen.Models, func(a, b UnseenModel) int { return strings.Compare(a.Name, b.Name) })
	return s, nil
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
				s.Unseen.Models = append(s.Unseen.Models, UnseenModel{m.Name, reason, len(m.Fields) == 0})
			}
			if done++; progress != nil {
				progress(done, len(models))
			}
			return nil
		})
	}
	return group.Wait()
}
