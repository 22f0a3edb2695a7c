package orm

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"reflect"

	"github.com/odoogen/odoogen/internal/odoofacts"
	"github.com/odoogen/odoogen/runtime/internal/codec"
)

// Find reads the records that match the condition into values of type R: the generated record of M, or any struct with
// `odoo:"field"` tags. It reads the fields that R has.
func Find[R, M any](ctx context.Context, c *Client, where Domain[M], opts ...FindOption) ([]R, error) {
	var out []R
	err := modelOf[M](c).Find(ctx, &out, Expr(where), opts...)
	return out, err
}

// First reads the first record that matches. The error is [ErrNoRecord] if no record matches.
func First[R, M any](ctx context.Context, c *Client, where Domain[M], opts ...FirstOption) (R, error) {
	var out R
	err := modelOf[M](c).First(ctx, &out, Expr(where), opts...)
	return out, err
}

// Get reads the record with the id. The error is [ErrNoRecord] if the record does not exist. Give the type to read into; the
// model is inferred from a typed id, so a plain number needs a conversion:
//
//	order, err := orm.Get[odoo.SaleOrder](ctx, c, line.OrderID.ID)
//	order, err := orm.Get[odoo.SaleOrder](ctx, c, orm.ID[odoo.SaleOrder](7))
func Get[R, M any](ctx context.Context, c *Client, id ID[M], opts ...ReadOption) (R, error) {
	var out R
	err := modelOf[M](c).Get(ctx, &out, int64(id), opts...)
	return out, err
}

// Count is the number of records that match. With a [Limit] it stops counting there, which saves the server time from Odoo
// 16 on.
func Count[M any](ctx context.Context, c *Client, where Domain[M], opts ...CountOption) (int, error) {
	return modelOf[M](c).Count(ctx, Expr(where), opts...)
}

// IDs are the ids of the records that match.
func IDs[M any](ctx context.Context, c *Client, where Domain[M], opts ...IDsOption) ([]ID[M], error) {
	var ids []ID[M]
	err := modelOf[M](c).Search(ctx, &ids, Expr(where), opts...)
	return ids, err
}

// search is a condition with the options of the call, ready to be sent.
type search struct {
	where Expr
	order string
	o     callOptions
}

func (m Model) prepare(ctx context.Context, where Expr, o callOptions) (search, error) {
	if err := cmp.Or(m.err, o.err); err != nil {
		return search{}, err
	}
	q := search{o: o}
	var err error
	if q.order, err = q.o.orderBy(m.name); err != nil {
		return q, err
	}
	if q.order, err = m.c.namedOrder(ctx, knownModel(m.name), q.order); err != nil {
		return q, err
	}
	if err := m.checkOrder(ctx, q.order); err != nil {
		return q, err
	}
	q.where, err = m.c.With(q.o.context).rewrite(ctx, m.name, where)
	return q, err
}

// read searches records for the destination type, decodes them into the slice dest and returns their ids. It returns an
// [*UnreadError] together with the records.
func (m Model) read(ctx context.Context, dest reflect.Value, q search) ([]int64, error) {
	return m.isolate(dest, q.o, func(dest reflect.Value, o callOptions) ([]int64, error) {
		return m.readOnce(ctx, dest, search{q.where, q.order, o})
	})
}

func (m Model) readOnce(ctx context.Context, dest reflect.Value, q search) (ids []int64, err error) {
	p, err := codec.PlanOf(dest.Type().Elem())
	if err != nil {
		return nil, err
	}
	t, err := m.treeOf(ctx, p, q.o)
	if err != nil {
		return nil, err
	}
	kwargs := map[string]any{"domain": q.where}
	if q.o.limit > 0 {
		kwargs["limit"] = q.o.limit
	}
	if q.o.offset > 0 {
		kwargs["offset"] = q.o.offset
	}
	if q.order != "" {
		kwargs["order"] = q.order
	}
	in := newRecordStream(p, t)
	left, err := m.searchTree(ctx, t, q.o, kwargs, in)
	if err != nil {
		return nil, err
	}
	return m.records(ctx, answered{plan: p, tree: t, o: q.o, stream: in, left: left, again: true}, dest)
}

// Find reads the records that match into the slice that dest points to.
func (m Model) Find(ctx context.Context, dest any, where Expr, opts ...FindOption) error {
	slice, err := pointedTo(dest, reflect.Slice)
	if err != nil {
		return err
	}
	q, err := m.prepare(ctx, where, collect(opts))
	if err != nil {
		return err
	}
	if _, err = m.read(ctx, slice, q); err != nil && !isUnread(err) {
		return err
	}
	return cmp.Or(m.checkLength(dest, q.o.limit), err)
}

// First reads the first record that matches into the struct that dest points to. The error is [ErrNoRecord] if no record
// matches.
func (m Model) First(ctx context.Context, dest any, where Expr, opts ...FirstOption) error {
	_, err := m.first(ctx, dest, where, collect(opts))
	return err
}

// first also returns the id of the record, 0 if the id is not a number.
func (m Model) first(ctx context.Context, dest any, where Expr, o callOptions) (id int64, err error) {
	record, err := pointedTo(dest, reflect.Struct)
	if err != nil {
		return 0, err
	}
	page := reflect.New(reflect.SliceOf(record.Type())).Elem()
	q, err := m.prepare(ctx, where, o)
	if err != nil {
		return 0, err
	}
	q.o.limit = 1
	ids, err := m.read(ctx, page, q)
	switch {
	case err != nil && !isUnread(err):
		return 0, err
	case len(ids) == 0:
		return 0, &noRecordError{m.name}
	case len(ids) > 1:
		return 0, m.checkLimit(len(ids), 1)
	}
	record.Set(page.Index(0))
	return ids[0], err
}

// Get reads the record with the id into the struct that dest points to. The error is [ErrNoRecord] if the record does not
// exist. It finds archived records too.
func (m Model) Get(ctx context.Context, dest any, id int64, opts ...ReadOption) error {
	got, err := m.get(ctx, dest, trustedLeaf("id", "=", id), fmt.Sprint(id), collect(opts))
	if err != nil && !isUnread(err) {
		return err
	}
	return cmp.Or(emptied(dest, m.checkIDs([]int64{got}, id)), err)
}

// emptied clears dest and returns the error of a response with other records than those that were requested.
func emptied(dest any, foreign error) error {
	if foreign != nil {
		reflect.ValueOf(dest).Elem().SetZero()
	}
	return foreign
}

// GetText is [Model.Get] for a model with a [TextID].
func (m Model) GetText(ctx context.Context, dest any, id string, opts ...ReadOption) error {
	// account.root can be searched by this condition alone.
	_, err := m.get(ctx, dest, trustedLeaf("id", "in", []string{id}), id, collect(opts))
	if err != nil && !isUnread(err) {
		return err
	}
	record := reflect.ValueOf(dest).Elem()
	one := reflect.Append(reflect.MakeSlice(reflect.SliceOf(record.Type()), 0, 1), record)
	return cmp.Or(emptied(dest, m.checkTextIDs(one, id)), err)
}

// get reads the record with the id, which errors name, and returns its id as a number.
func (m Model) get(ctx context.Context, dest any, byID Expr, id string, o callOptions) (int64, error) {
	o.context = o.context.with(Archived())
	got, err := m.first(ctx, dest, byID, o)
	if none, ok := errors.AsType[*noRecordError](err); ok {
		none.record += " " + id
	}
	return got, err
}

// Count is the number of records that match.
func (m Model) Count(ctx context.Context, where Expr, opts ...CountOption) (n int, err error) {
	q, err := m.prepare(ctx, where, collect(opts))
	if err != nil {
		return 0, err
	}
	r := &call{method: "search_count", args: []arg{{"domain", q.where}}}
	isLimited := q.o.limit > 0 && odoofacts.SearchCountLimit.In(m.c.odoo)
	if isLimited {
		r.kwargs = map[string]any{"limit": q.o.limit}
	}
	if err := m.call(ctx, r, q.o, &n); err != nil {
		return 0, err
	}
	switch {
	case n < 0:
		return 0, m.malformed(fmt.Sprintf("the server counted %d records", n))
	case isLimited && n > q.o.limit:
		return 0, m.checkLimit(n, q.o.limit)
	case q.o.limit > 0:
		n = min(n, q.o.limit)
	}
	return n, nil
}

// Search sets the slice of ids that dest points to, of int64 or of an ID, to the ids of the records that match.
func (m Model) Search(ctx context.Context, dest any, where Expr, opts ...IDsOption) error {
	q, err := m.prepare(ctx, where, collect(opts))
	if err != nil {
		return err
	}
	return m.search(ctx, dest, q)
}

func (m Model) search(ctx context.Context, dest any, q search) error {
	var limit, order any
	if q.o.limit > 0 {
		limit = q.o.limit
	}
	if q.order != "" {
		order = q.order
	}
	args := []arg{{"domain", q.where}, {"offset", q.o.offset}, {"limit", limit}, {"order", order}}
	if err := m.call(ctx, &call{method: "search", args: args}, q.o, dest); err != nil {
		return err
	}
	return m.checkLength(dest, q.o.limit)
}
