package orm

import (
	"context"
	"encoding/json"

	"github.com/odoogen/odoogen/internal/odoofacts"
	"github.com/odoogen/odoogen/runtime/internal/codec"
)

// A nested read has, in the struct that it reads into, a struct, a pointer to a struct or a slice of structs for the targets
// of a relation. From 17 on one call reads all levels, by a specification. Older servers take one call for each relation:
// see nestedlevels.go.

// takesSpecification tells whether the tree is read by a specification: a flat one never is.
func (m Model) takesSpecification(t *fieldTree, o callOptions) bool {
	return m.err == nil && len(t.branches) > 0 && odoofacts.Specification.In(m.c.odoo) && !o.levels
}

// searchTree searches records, and gives the list of them with what the tree has of them, but for those that the stream
// has taken.
func (m Model) searchTree(ctx context.Context, t *fieldTree, o callOptions, kwargs map[string]any, in *recordStream) (raw json.RawMessage, err error) {
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
	return m.insertTargets(ctx, raw, t, o)
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
func (m Model) readTree(ctx context.Context, ids any, t *fieldTree, o callOptions, in *recordStream) (raw json.RawMessage, err error) {
	if !m.takesSpecification(t, o) {
		return m.callTree(ctx, t, o, &call{method: "read", ids: ids, args: []arg{{"fields", t.fields}}, delivery: in})
	}
	if err := m.checkOrders(ctx, t); err != nil {
		return nil, err
	}
	err = m.call(ctx, &call{method: "web_read", ids: ids, args: []arg{{"specification", t.specification()}}, delivery: in}, o, &raw)
	return raw, err
}
