package orm

import (
	"context"
	"encoding/json"
	"fmt"
)

// Copy duplicates a record and returns the id of the copy. The overrides replace values of the original. Fields that Odoo
// does not copy get their defaults; many models append "(copy)" to the name.
func Copy[V Values[M], M any](ctx context.Context, c *Client, id ID[M], overrides V, opts ...WriteOption) (ID[M], error) {
	made, err := modelOf[M](c).Copy(ctx, int64(id), overrides, opts...)
	return ID[M](made), err
}

// Copy duplicates the record with the id and returns the id of the copy. overrides replace values of the original: a
// generated Values, any struct with odoo tags, an [Args], or nil for none.
func (m Model) Copy(ctx context.Context, id int64, overrides any, opts ...WriteOption) (int64, error) {
	r := &call{method: "copy", ids: []int64{id}}
	if overrides != nil {
		if err := checkWrite(m.version(), m.name, overrides); err != nil {
			return 0, err
		}
		r.args = []arg{{"default", overrides}}
	}
	var raw json.RawMessage
	if err := m.call(ctx, r, collect(opts), &raw); err != nil {
		return 0, err
	}
	made, err := oneID(raw, m.name)
	if err == nil && made == id {
		return 0, &DecodeError{Model: m.name, ID: id, done: true, Reason: "the server answered with the record itself in place of its copy"}
	}
	return made, err
}

// oneID reads one id, alone or in a list of length one, as newer versions send it.
func oneID(raw json.RawMessage, model string) (int64, error) {
	var id int64
	if err := decodeInto(raw, model, &id); err == nil && id > 0 {
		return id, nil
	}
	var ids []int64
	if err := decodeInto(raw, model, &ids); err != nil || len(ids) != 1 {
		return 0, &DecodeError{Model: model, done: true, Reason: fmt.Sprintf("want the id of one record, got %.40q", raw)}
	}
	return ids[0], nil
}
