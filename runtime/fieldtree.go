package orm

import (
	"context"
	"fmt"
	"reflect"
	"slices"

	"github.com/odoogen/odoogen/runtime/internal/codec"
)

// fieldTree is the fields of a model that a nested read reads.
type fieldTree struct {
	fields   []string
	named    map[string]bool // the many2ones of which the display name is read
	branches []branch
}

// branch is a relation, and the fields of its targets to read.
type branch struct {
	field string
	*codec.Relation
	*fieldTree
	model string // the model of the structs that the targets are read into, "" for any
}

// treeOf returns what a call reads into the structs of a plan.
func (m Model) treeOf(ctx context.Context, p *codec.Plan, o callOptions) (*fieldTree, error) {
	if m.err != nil {
		return nil, m.err
	}
	return m.c.treeOf(ctx, p, m.name, knownModel(m.name), o)
}

// treeOf returns what a call reads of a model into the structs of a plan. The name of the model is "" where only the server
// knows it; from looks the name up if it is needed.
func (c *Client) treeOf(ctx context.Context, p *codec.Plan, model string, from lazyModel, o callOptions, within ...reflect.Type) (*fieldTree, error) {
	if slices.Contains(within, p.Type) {
		return nil, fmt.Errorf("orm: %s is recursive: nested reads must be finite", p.Type)
	}
	fields, err := fieldsToRead(p, model, o)
	if err != nil {
		return nil, err
	}
	if p.Varies {
		if fields, err = c.readNames(ctx, from, p, fields); err != nil {
			return nil, err
		}
	}
	if err := checkRead(c.odoo, model, p, fields); err != nil {
		return nil, err
	}
	t := &fieldTree{fields: fields, named: map[string]bool{}}
	o.include, o.only = nil, nil // these are fields of the model of the call
	for _, name := range fields {
		f := p.Field(name)
		if f == nil {
			continue // a struct without an id asks for the id alone
		}
		t.named[name] = isNamed(f.Type)
		if f.Relation == nil {
			continue
		}
		inner, err := codec.PlanOf(f.Relation.Elem)
		if err != nil {
			return nil, err
		}
		target := c.target(ctx, from, name, inner.Model)
		sub, err := c.treeOf(ctx, inner, inner.Model, target, o, append(within, p.Type)...)
		if err != nil {
			return nil, err
		}
		relation := *f.Relation
		if relation.Order, err = c.namedOrder(ctx, target, relation.Order); err != nil {
			return nil, err
		}
		t.branches = append(t.branches, branch{name, &relation, sub, inner.Model})
	}
	return t, nil
}

// fieldsToRead returns the names of the fields that a call reads into the structs of a plan.
func fieldsToRead(p *codec.Plan, model string, o callOptions) ([]string, error) {
	if p.Model != "" && p.Model != model {
		return nil, fmt.Errorf("orm: %s holds records of %s, not of %s", p.Type, p.Model, model)
	}
	asked := map[string]bool{}
	for _, field := range o.include {
		if err := field.check(model, "Include"); err != nil {
			return nil, err
		}
		f := p.Field(field.field)
		if f == nil {
			return nil, fmt.Errorf("orm: Include(%s): %s has no such field to read it into", field.field, p.Type)
		}
		asked[f.Name] = true
	}
	names := make([]string, 0, len(p.Fields))
	for _, f := range p.Fields {
		if (!f.OnDemand || o.everything || asked[f.Name]) && (o.only == nil || o.only[f.Name]) {
			names = append(names, f.Name)
		}
	}
	return names, nil
}

// isNamed reports whether a type holds the name of a target.
func isNamed(t reflect.Type) bool {
	t = codec.Plain(t)
	return codec.Is(t, "Ref") || codec.Is(t, "TextRef")
}

// specification is the tree in Odoo's form.
func (t *fieldTree) specification() map[string]any {
	spec := make(map[string]any, len(t.fields))
	for _, name := range t.fields {
		spec[name] = map[string]any{}
		if t.named[name] {
			spec[name] = map[string]any{"fields": map[string]any{"display_name": map[string]any{}}}
		}
	}
	for _, b := range t.branches {
		target := map[string]any{"fields": b.specification()}
		if b.Limit > 0 {
			target["limit"] = b.Limit
		}
		if b.Order != "" {
			target["order"] = b.Order
		}
		spec[b.field] = target
	}
	return spec
}

// asked returns the fields of a tree that the struct of the plan has, and the fields of its branches.
func (t *fieldTree) asked(p *codec.Plan, all codec.Asked) codec.Asked {
	for _, name := range t.fields {
		if p.Field(name) != nil {
			all[p] = append(all[p], name)
		}
	}
	for _, b := range t.branches {
		if inner, err := codec.PlanOf(b.Elem); err == nil && all[inner] == nil {
			b.asked(inner, all)
		}
	}
	return all
}

// withDisplayName also reads the display name, which makes Odoo leave out records that do not exist. If only the id is read,
// Odoo 14 refuses missing records and Odoo 19 returns them as if they existed; if only relations to many are read, Odoo 14
// refuses them too.
func (t *fieldTree) withDisplayName() *fieldTree {
	const displayName = "display_name"
	with := *t
	if !slices.Contains(t.fields, displayName) {
		with.fields = append(slices.Clone(t.fields), displayName)
	}
	return &with
}
