package orm

import (
	"context"
	"encoding/json"

	"github.com/odoogen/odoogen/internal/odoofacts"
	"github.com/odoogen/odoogen/runtime/internal/codec"
)

// In a nested read, the destination struct holds a struct, a pointer to a struct or a slice of structs for the targets of a
// relation. From Odoo 17 on one call with a specification reads all levels. Older servers need one call for each relation:
// see nestedlevels.go.

// takesSpecification reports whether the tree is read with a specification. A flat tree never is.
func (m Model) takesSpecification(t *fieldTree, o callOptions) bool {
	return m.err == nil && len(t.branches) > 0 && odoofacts.Specification.In(m.c.odoo) && !o.levels
}

// searchTree searches records and returns them with the fields of the tree, except the records that the stream has taken.
func (m Model) searchTree(ctx context.Context, t *fieldTree, o callOptions, kwargs map[string]any, in *recordStream) (raw json.RawMessage, err error) {
	if !m.takesSpecification(t, o) {
		kwargs["fields"] = t.fields
		return m.callTree(ctx, t, o, &call{method: "search_read", kwargs: kwargs, delivery: in})
	}
	if err := m.checkOrders(ctx, t); err != nil {
		return nil, err
	}
	kwargs["specification"] = t.specification()
	kwargs["count_limit"] = 1 // otherwise the server counts all matching records
	if err := m.call(ctx, &call{method: "web_search_read", kwargs: kwargs, delivery: in.at("records")}, o, &raw); err != nil {
		return nil, err
	}
	return foundRecords(raw, m.name)
}

// callTree makes a call without a specification, and then inserts the targets of relations into the records.
func (m Model) callTree(ctx context.Context, t *fieldTree, o callOptions, r *call) (raw json.RawMessage, err error) {
	if len(t.branches) > 0 {
		r.delivery = nil
	}
	if err := m.call(ctx, r, o, &raw); err != nil {
		return nil, err
	}
	return m.insertTargets(ctx, raw, t, o)
}

// foundRecords returns the list of records in the response of web_search_read.
func foundRecords(answer json.RawMessage, model string) (records json.RawMessage, err error) {
	s := codec.NewScanner(answer)
	err = s.Object(func(key []byte) (err error) {
		if string(key) != "records" {
			return s.Skip()
		}
		if records != nil {
			return s.Errorf("the response has records twice")
		}
		records, err = s.Raw()
		return err
	})
	if err == nil && records == nil {
		err = s.Errorf("the response has no records")
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
