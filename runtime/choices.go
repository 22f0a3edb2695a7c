package orm

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/odoogen/odoogen/runtime/internal/codec"
)

// In a package that was generated from the snapshots of several servers, a selection type has the method OdooPartial if some
// of the servers lack some of its choices. On a server that lacks a choice, a condition on it would match nothing, and the
// server would refuse a write of it. The client asks fields_get once for the choices of such a field, and refuses both
// before the call.

// checkChoices refuses a value of a field of a model if it is a choice that the server lacks.
func (c *Client) checkChoices(ctx context.Context, model, field string, value reflect.Value) error {
	partial := codec.PartialChoices(value)
	if len(partial) == 0 {
		return nil
	}
	known, err := c.choices(ctx, model, field)
	if err != nil || known == nil {
		return err
	}
	for _, choice := range partial {
		if !slices.ContainsFunc(known, func(pair [2]string) bool { return pair[0] == choice }) {
			return fmt.Errorf("orm: %s.%s: %w: %q (Odoo %s)", model, field, ErrNoChoice, choice, c.version.Series)
		}
	}
	return nil
}

// choices returns the choices of a selection on the server, and asks once for each field. It returns nil for a field that is
// not a selection or not visible to this user.
func (c *Client) choices(ctx context.Context, model, field string) (Labels, error) {
	key := model + "/" + field
	if known, ok := c.selections.Load(key); ok {
		return known.(Labels), nil
	}
	answer, err := c.describe(ctx, model, Args{"allfields": []string{field}, "attributes": []string{"selection"}})
	if err != nil {
		return nil, err
	}
	known := answer[field].choices()
	c.selections.Store(key, known)
	return known, nil
}

// checkLeafChoices refuses a leaf of a condition whose value is a choice that the server lacks. The path uses the field
// names of the server.
func (c *Client) checkLeafChoices(ctx context.Context, from lazyModel, path string, value any) error {
	v := reflect.ValueOf(value)
	if from == nil || len(codec.PartialChoices(v)) == 0 {
		return nil
	}
	field := path
	if i := strings.LastIndexByte(path, '.'); i >= 0 {
		_, owner, err := c.namedPath(ctx, from, path[:i])
		if err != nil || owner == nil {
			return err
		}
		from, field = owner, path[i+1:]
	}
	model, err := from()
	if err != nil {
		return err
	}
	return c.checkChoices(ctx, model, field, v)
}

// checkStructChoices refuses values of a model with a choice that the server lacks.
func (c *Client) checkStructChoices(ctx context.Context, from lazyModel, p *codec.Plan, values reflect.Value) error {
	if from == nil {
		return nil // the server refuses it
	}
	for _, f := range p.Choosing() {
		v := values.FieldByIndex(f.Index)
		if len(codec.PartialChoices(v)) == 0 {
			continue
		}
		model, err := from()
		if err != nil {
			return err
		}
		field, err := c.name(ctx, model, f.Name)
		if err != nil {
			return err
		}
		if err := c.checkChoices(ctx, model, field, v); err != nil {
			return err
		}
	}
	return nil
}
