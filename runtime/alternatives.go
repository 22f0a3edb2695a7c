package orm

import (
	"context"
	"fmt"
	"reflect"
	"strings"

	"github.com/odoogen/odoogen/runtime/internal/codec"
)

// A package that was generated from the snapshots of several servers gives a renamed field all of its names,
// "tax_ids|tax_id", and marks a field that only some servers have with a question mark, "x_region?". Descriptors and tags
// use this form, and so can any struct. The client asks fields_get once for each such field, and sends the name that its
// server has.

// names returns the names that fields of a model have on the server; "" for a field that the server lacks.
func (c *Client) names(ctx context.Context, model string, fields ...string) (map[string]string, error) {
	var ask []string
	for _, field := range fields {
		if codec.Varies(field) {
			alternatives, _ := codec.Alternatives(field)
			ask = append(ask, alternatives...)
		}
	}
	known, err := c.attributes(ctx, model, ask...)
	if err != nil {
		return nil, err
	}
	names := make(map[string]string, len(fields))
	for _, field := range fields {
		if !codec.Varies(field) {
			names[field] = field
			continue
		}
		alternatives, _ := codec.Alternatives(field)
		for _, name := range alternatives {
			if known[name] != nil {
				names[field] = name
				break
			}
		}
	}
	return names, nil
}

// typeNames is a struct type and the model of its fields: the cache key for the names that the fields have on the server.
type typeNames struct {
	model string
	typ   reflect.Type
}

// namesOf returns the names on the server of all fields of the plan's struct. It asks for all of them in one call.
func (c *Client) namesOf(ctx context.Context, model string, p *codec.Plan) (map[string]string, error) {
	key := typeNames{model, p.Type}
	if names, ok := c.byType.Load(key); ok {
		return names.(map[string]string), nil
	}
	whole, err := codec.PlanOf(p.Type) // p may be a part of it
	if err != nil {
		return nil, err
	}
	fields := make([]string, len(whole.Fields))
	for i, f := range whole.Fields {
		fields[i] = f.Name
	}
	names, err := c.names(ctx, model, fields...)
	if err == nil {
		c.byType.Store(key, names)
	}
	return names, err
}

// name is the name of a field on the server, which must have it.
func (c *Client) name(ctx context.Context, model, field string) (string, error) {
	if !codec.Varies(field) {
		return field, nil
	}
	names, err := c.names(ctx, model, field)
	if err == nil && names[field] == "" {
		err = c.lacks(model, field)
	}
	return names[field], err
}

// lacks is the error for a field that the server lacks.
func (c *Client) lacks(model, field string) error {
	alternatives, _ := codec.Alternatives(field)
	return fmt.Errorf("orm: %s.%s: %w (Odoo %s)", model, strings.Join(alternatives, " or "), ErrNoField, c.version.Series)
}

// lazyModel returns the name of a model, and looks it up on the server if necessary. A nil lazyModel is an unknown model.
type lazyModel func() (string, error)

func knownModel(model string) lazyModel { return func() (string, error) { return model, nil } }

// target is the model that a relation points to: the known one, or else the one that the server reports.
func (c *Client) target(ctx context.Context, from lazyModel, field, known string) lazyModel {
	if known != "" {
		return knownModel(known)
	}
	if from == nil {
		return nil
	}
	return func() (string, error) {
		model, err := from()
		if err != nil {
			return "", err
		}
		found, err := c.relation(ctx, model, field)
		return found.Relation, err
	}
}

// readNames are the names of the fields of a plan to read. Optional fields that this server lacks are left out.
func (c *Client) readNames(ctx context.Context, from lazyModel, p *codec.Plan, fields []string) ([]string, error) {
	model, err := from()
	if err != nil {
		return nil, err
	}
	names, err := c.namesOf(ctx, model, p)
	if err != nil {
		return nil, err
	}
	out := make([]string, 0, len(fields))
	for _, field := range fields {
		name := names[field]
		if _, optional := codec.Alternatives(field); name == "" && !optional {
			return nil, c.lacks(model, field)
		}
		if name != "" {
			out = append(out, name)
		}
	}
	if len(out) == 0 {
		return []string{codec.NameID}, nil // an empty list means all fields to Odoo
	}
	return out, nil
}

// namedPath is a dotted path with the names of the server, and the model that its last field points to.
func (c *Client) namedPath(ctx context.Context, from lazyModel, path string) (named string, to lazyModel, err error) {
	segments := strings.Split(path, ".")
	for i, segment := range segments {
		if codec.Varies(segment) {
			model, err := from()
			if err != nil {
				return "", nil, err
			}
			if segments[i], err = c.name(ctx, model, segment); err != nil {
				return "", nil, err
			}
		}
		from = c.target(ctx, from, segments[i], "")
	}
	return strings.Join(segments, "."), from, nil
}

// namedOrder is an order, in Odoo's form, with the names of the server.
func (c *Client) namedOrder(ctx context.Context, from lazyModel, order string) (string, error) {
	if !strings.ContainsAny(order, "|?") {
		return order, nil
	}
	keys := strings.Split(order, ",")
	for i, key := range keys {
		field, direction, _ := strings.Cut(strings.TrimSpace(key), " ")
		named, _, err := c.namedPath(ctx, from, field)
		if err != nil {
			return "", err
		}
		keys[i] = strings.TrimSpace(named + " " + direction)
	}
	return strings.Join(keys, ", "), nil
}

// namedCondition is a condition with the names of the server. A choice that the server lacks is an error.
func (c *Client) namedCondition(ctx context.Context, from lazyModel, e Expr) (Expr, error) {
	if !depends(e) {
		return e, nil
	}
	n := *e.node
	if n.kind == kindLeaf || n.kind == kindAny {
		named, to, err := c.namedPath(ctx, from, n.field)
		if err != nil {
			return Expr{}, err
		}
		if err := c.checkLeafChoices(ctx, from, named, n.value); err != nil {
			return Expr{}, err
		}
		n.field, from = named, to
		if n.target != "" {
			from = knownModel(n.target)
		}
	}
	n.kids = make([]Expr, len(e.node.kids))
	for i, kid := range e.node.kids {
		var err error
		if n.kids[i], err = c.namedCondition(ctx, from, kid); err != nil {
			return Expr{}, err
		}
	}
	return Expr{&n}, nil
}

// depends reports whether a condition has a field whose name, or a choice whose existence, depends on the server.
func depends(e Expr) bool {
	if e.node == nil {
		return false
	}
	if strings.ContainsAny(e.node.field, "|?") || len(codec.PartialChoices(reflect.ValueOf(e.node.value))) > 0 {
		return true
	}
	for _, kid := range e.node.kids {
		if depends(kid) {
			return true
		}
	}
	return false
}
