package orm

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/odoogen/odoogen/runtime/internal/codec"
)

// NameSearch finds records by their display name, as the search boxes of Odoo do. Models can search other fields too, such
// as the email of a partner. The operator is one for strings; the default is "ilike". Without a [Limit] Odoo returns at most
// 100 records.
func NameSearch[M any](ctx context.Context, c *Client, name string, where Domain[M], operator string, opts ...CountOption) ([]Ref[M], error) {
	var found []Ref[M]
	err := modelOf[M](c).NameSearch(ctx, &found, name, Expr(where), operator, opts...)
	return found, err
}

// NameCreate creates a record from a display name.
func NameCreate[M any](ctx context.Context, c *Client, name string, opts ...WriteOption) (Ref[M], error) {
	var made Ref[M]
	err := modelOf[M](c).NameCreate(ctx, &made, name, opts...)
	return made, err
}

// NameSearch finds records by their display name and stores them in the slice of Refs that dest points to: see the function
// [NameSearch].
func (m Model) NameSearch(ctx context.Context, dest any, name string, where Expr, operator string, opts ...CountOption) error {
	q, err := m.prepare(ctx, where, collect(opts))
	if err != nil {
		return err
	}
	if operator == "" {
		operator = "ilike"
	}
	args := []arg{{"name", name}, {"domain", q.where}, {"operator", operator}}
	if q.o.limit > 0 {
		args = append(args, arg{"limit", q.o.limit})
	}
	if err := m.call(ctx, &call{method: "name_search", args: args}, q.o, dest); err != nil {
		return err
	}
	return m.checkLength(dest, q.o.limit)
}

// NameCreate creates a record from a display name and stores it in the [Ref] that dest points to.
func (m Model) NameCreate(ctx context.Context, dest any, name string, opts ...WriteOption) error {
	var raw json.RawMessage
	if err := m.call(ctx, &call{method: "name_create", args: []arg{{"name", name}}}, collect(opts), &raw); err != nil {
		return err
	}
	if codec.NewScanner(raw).Null() {
		return fmt.Errorf("orm: %s.name_create: the model has no field for the name", m.name)
	}
	return decodeInto(raw, m.name, dest)
}
