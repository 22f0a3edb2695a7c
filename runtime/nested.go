package orm

import (
	"context"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"

	"github.com/odoogen/odoogen/internal/odoofacts"
	"github.com/odoogen/odoogen/runtime/internal/codec"
)

// A struct, a pointer to one or a slice of them in a struct of one's own stands for the targets of a relation: a nested
// read. From 17 on one call reads them all, by a specification. For an older server the answer to that call is put
// together from one call for each relation: see graft.go.

// fieldTree is what a nested read reads of a model.
type fieldTree struct {
	fields   []string
	named    map[string]bool // the many2ones of which the display name is read
	branches []branch
}

// branch is a relation, and what is read of its targets.
type branch struct {
	field string
	*codec.Relation
	*fieldTree
	model string // of the records that the targets are read into, "" if any
}

// treeOf is what a call reads into the structs of a plan.
func treeOf(v odoofacts.Version, p *codec.Plan, model string, o callOptions, within ...reflect.Type) (*fieldTree, error) {
	if slices.Contains(within, p.Type) {
		return nil, fmt.Errorf("orm: %s leads to itself: a nested read of it has no end", p.Type)
	}
	fields, err := fieldsToRead(p, model, o)
	if err != nil {
		return nil, err
	}
	if err := checkRead(v, model, p, fields); err != nil {
		return nil, err
	}
	t := &fieldTree{fields: fields, named: map[string]bool{}}
	o.include = nil // fields of the model of the call
	for _, name := range fields {
		f := p.Field(name)
		t.named[name] = isNamed(f.Type)
		if f.Relation == nil {
			continue
		}
		inner, err := codec.PlanOf(f.Relation.Elem)
		if err != nil {
			return nil, err
		}
		sub, err := treeOf(v, inner, inner.Model, o, append(within, p.Type)...)
		if err != nil {
			return nil, err
		}
		t.branches = append(t.branches, branch{name, f.Relation, sub, inner.Model})
	}
	return t, nil
}

// isNamed tells whether a type holds the name of a target.
func isNamed(t reflect.Type) bool {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
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

// takesSpecification tells whether the tree is read by a specification: a flat one never is.
func (m Model) takesSpecification(t *fieldTree, o callOptions) bool {
	return m.err == nil && len(t.branches) > 0 && odoofacts.Specification.InSeries(m.c.version.Series) && !o.levels
}

// searchTree searches records, and gives the list of them with what the tree has of them, but for those that the intake
// has taken.
func (m Model) searchTree(ctx context.Context, t *fieldTree, o callOptions, kwargs map[string]any, in *intake) (raw json.RawMessage, err error) {
	if !m.takesSpecification(t, o) {
		kwargs["fields"] = t.fields
		return m.callTree(ctx, t, o, &call{method: "search_read", kwargs: kwargs, delivery: in})
	}
	if err := m.checkOrders(ctx, t); err != nil {
		return nil, err
	}
	kwargs["specification"] = t.specification()
	kwargs["count_limit"] = 1 // or the server counts all that match
	if err := m.call(ctx, &call{method: "web_search_read", kwargs: kwargs, delivery: in.at("records")}, o, &raw); err != nil {
		return nil, err
	}
	return foundRecords(raw, m.name)
}

// callTree makes a call that takes no specification. Records with relations are first completed.
func (m Model) callTree(ctx context.Context, t *fieldTree, o callOptions, r *call) (raw json.RawMessage, err error) {
	if len(t.branches) > 0 {
		r.delivery = nil
	}
	if err := m.call(ctx, r, o, &raw); err != nil {
		return nil, err
	}
	return m.graft(ctx, raw, t, o)
}

// foundRecords takes the list of records out of the answer of web_search_read.
func foundRecords(answer json.RawMessage, model string) (records json.RawMessage, err error) {
	s := codec.NewScanner(answer)
	err = s.Object(func(key []byte) (err error) {
		if string(key) != "records" {
			return s.Skip()
		}
		if records != nil {
			return s.Errorf("the answer has records twice")
		}
		records, err = s.Raw()
		return err
	})
	if err == nil && records == nil {
		err = s.Errorf("the answer has no records")
	}
	return records, located(err, model)
}

// readTree is searchTree for the records with the ids.
func (m Model) readTree(ctx context.Context, ids any, t *fieldTree, o callOptions, in *intake) (raw json.RawMessage, err error) {
	if !m.takesSpecification(t, o) {
		return m.callTree(ctx, t, o, &call{method: "read", ids: ids, args: []arg{{"fields", t.fields}}, delivery: in})
	}
	if err := m.checkOrders(ctx, t); err != nil {
		return nil, err
	}
	err = m.call(ctx, &call{method: "web_read", ids: ids, args: []arg{{"specification", t.specification()}}, delivery: in}, o, &raw)
	return raw, err
}
