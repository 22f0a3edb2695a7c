package orm

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/odoogen/odoogen/runtime/internal/codec"
)

// NameSearch finds records by their display name, as Odoo's own search boxes do: models decide what is looked at, for
// a partner the email too. The operator is one of a text, "ilike" if empty. Without a [Limit] Odoo gives 100.
func NameSearch[M any](ctx context.Context, c *Client, name string, where Domain[M], operator string, opts ...CountOption) ([]Ref[M], error) {
	var found []Ref[M]
	err := modelOf[M](c).NameSearch(ctx, &found, name, Expr(where), operator, opts...)
	return found, err
}

// NameCreate makes a record of which only the display name is given.
func NameCreate[M any](ctx context.Context, c *Client, name string, opts ...WriteOption) (Ref[M], error) {
	var made Ref[M]
	err := modelOf[M](c).NameCreate(ctx, &made, name, opts...)
	return made, err
}

// NameSearch sets the slice of Refs that dest points to, to the records found by their display name: see the function
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

// NameCreate makes a record with the display name and sets the [Ref] that dest points to.
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
