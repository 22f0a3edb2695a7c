package orm

import (
	"context"
	"errors"
	"fmt"
	"reflect"

	"github.com/odoogen/odoogen/internal/odoofacts"
	"github.com/odoogen/odoogen/runtime/internal/codec"
)

// Model calls the methods of one model without its Go types: what the generated clients and the generic functions
// stand on, and a door to models that have no bindings. It is not generic on purpose: see [Field].
//
// Destinations are pointers to structs with odoo tags, or to slices of such structs.
type Model struct {
	c    *Client
	name string
	err  error
}

// Args are named arguments of a method.
type Args map[string]any

// Model is the model with the name, "res.partner".
func (c *Client) Model(name string) Model {
	if c == nil {
		return Model{err: fmt.Errorf("orm: the client for %s is nil: it comes from orm.Dial", name)}
	}
	return Model{c: c, name: name}
}

// Name is the model's name in Odoo.
func (m Model) Name() string { return m.name }

// version is that of the server.
func (m Model) version() odoofacts.Version {
	if m.c == nil {
		return odoofacts.Version{}
	}
	return m.c.version.odoo()
}

// call runs a method under the options.
func (m Model) call(ctx context.Context, r *call, o callOptions, result any) error {
	if m.err != nil {
		return m.err
	}
	r.model, r.context = m.name, o.context
	return m.c.do(ctx, r, o.idempotent, result)
}

// Call runs any public method. ids, a slice of ids, are the records that it is called on; nil for a method of the
// model itself. Arguments go by name. The result is decoded into what result points to; nil drops it.
func (m Model) Call(ctx context.Context, method string, ids any, args Args, result any, opts ...WriteOption) error {
	r := &call{method: method, kwargs: args}
	if ids != nil {
		given, err := idList(ids)
		if err != nil {
			return err
		}
		if !given.IsNil() {
			r.ids = ids
		}
	}
	return m.call(ctx, r, collect(opts), result)
}

// search is a condition and how its records are asked for, ready to be sent.
type search struct {
	where Expr
	order string
	o     callOptions
}

func (m Model) prepare(ctx context.Context, where Expr, o callOptions) (search, error) {
	if m.err != nil {
		return search{}, m.err
	}
	q := search{o: o}
	var err error
	if q.order, err = q.o.orderBy(m.name); err != nil {
		return q, err
	}
	if err := m.checkOrder(ctx, q.order); err != nil {
		return q, err
	}
	q.where, err = m.c.With(q.o.context).lower(ctx, m.name, where)
	return q, err
}

// read searches records for the destination type, decodes them into the slice dest and gives their ids.
func (m Model) read(ctx context.Context, dest reflect.Value, q search) (ids []int64, err error) {
	p, err := codec.PlanOf(dest.Type().Elem())
	if err != nil {
		return nil, err
	}
	t, err := treeOf(m.version(), p, m.name, q.o)
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
	in := newIntake(p, t)
	left, err := m.searchTree(ctx, t, q.o, kwargs, in)
	if err != nil {
		return nil, err
	}
	return m.records(ctx, answered{plan: p, tree: t, o: q.o, intake: in, left: left, again: true}, dest)
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
	ids, err := m.read(ctx, slice, q)
	if err != nil {
		return err
	}
	if err = m.checkLimit(len(ids), q.o.limit); err != nil {
		slice.SetZero()
	}
	return err
}

// First reads the first record that matches into the struct that dest points to; [ErrNoRecord] if none does.
func (m Model) First(ctx context.Context, dest any, where Expr, opts ...FirstOption) error {
	_, err := m.first(ctx, dest, where, collect(opts))
	return err
}

// first gives the id of the record that it reads as well, 0 if that is not a number.
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
	case err != nil:
		return 0, err
	case len(ids) == 0:
		return 0, &noRecordError{m.name}
	case len(ids) > 1:
		return 0, m.checkLimit(len(ids), 1)
	}
	record.Set(page.Index(0))
	return ids[0], nil
}

// Get reads the record with the id into the struct that dest points to; [ErrNoRecord] if there is none. It finds
// archived records too.
func (m Model) Get(ctx context.Context, dest any, id int64, opts ...ReadOption) error {
	got, err := m.get(ctx, dest, leaf("id", "=", id), fmt.Sprint(id), collect(opts))
	if err != nil {
		return err
	}
	if err = m.checkIDs([]int64{got}, id); err != nil {
		reflect.ValueOf(dest).Elem().SetZero()
	}
	return err
}

// get reads the record with the id, which an error names, and gives the id that it has as a number.
func (m Model) get(ctx context.Context, dest any, byID Expr, id string, o callOptions) (int64, error) {
	o.context = o.context.with(Archived())
	got, err := m.first(ctx, dest, byID, o)
	if none, ok := errors.AsType[*noRecordError](err); ok {
		none.record += " " + id
	}
	return got, err
}

// checkLimit refuses an answer with more records than were asked for.
func (m Model) checkLimit(n, limit int) error {
	if limit > 0 && n > limit {
		return m.malformed(fmt.Sprintf("the server sent %d records, and %d at most were asked for", n, limit))
	}
	return nil
}

// checkIDs refuses an answer with other records than those that were asked for. Ids that are not numbers are 0.
func (m Model) checkIDs(got []int64, asked ...int64) error {
	known := make(map[int64]bool, len(asked))
	for _, id := range asked {
		known[id] = true
	}
	for _, id := range got {
		if id != 0 && !known[id] {
			return &DecodeError{Model: m.name, ID: id, Reason: "the server sent this record, which was not asked for"}
		}
	}
	return nil
}

// Count is the number of records that match.
func (m Model) Count(ctx context.Context, where Expr, opts ...CountOption) (n int, err error) {
	q, err := m.prepare(ctx, where, collect(opts))
	if err != nil {
		return 0, err
	}
	r := &call{method: "search_count", args: []arg{{"domain", q.where}}}
	if q.o.limit > 0 && odoofacts.SearchCountLimit.InSeries(m.c.version.Series) {
		r.kwargs = map[string]any{"limit": q.o.limit}
	}
	if err = m.call(ctx, r, q.o, &n); err != nil || q.o.limit <= 0 {
		return n, err
	}
	return min(n, q.o.limit), nil
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
	ids := reflect.ValueOf(dest).Elem()
	if ids.Kind() != reflect.Slice {
		return nil
	}
	err := m.checkLimit(ids.Len(), q.o.limit)
	if err != nil {
		ids.SetZero()
	}
	return err
}

// Create makes a record of the values: a generated Values, any struct with odoo tags, or an [Args].
func (m Model) Create(ctx context.Context, v any, opts ...WriteOption) (int64, error) {
	var ids []int64
	if err := m.createMany(ctx, &ids, []any{v}, collect(opts)); err != nil {
		return 0, err
	}
	return ids[0], nil
}

// CreateMany makes records of a slice of values in one call, all of them or none, and sets the slice of ids that
// dest points to. With [Batch] it takes several calls.
func (m Model) CreateMany(ctx context.Context, dest, v any, opts ...BatchOption) error {
	return m.createMany(ctx, dest, v, collect(opts))
}

func (m Model) createMany(ctx context.Context, dest, v any, o callOptions) error {
	made, err := pointedTo(dest, reflect.Slice)
	if err != nil {
		return err
	}
	list := reflect.ValueOf(v)
	if list.Kind() != reflect.Slice {
		return fmt.Errorf("orm: %s.create: want a slice of values, got %T", m.name, v)
	}
	if list.Len() == 0 {
		return m.err
	}
	made.SetZero()
	for from, size := 0, orAll(o.batch, list.Len()); from < list.Len(); from += size {
		to := min(from+size, list.Len())
		ids := reflect.New(made.Type())
		if err := m.createBatch(ctx, ids, list.Slice(from, to), o); err != nil {
			return err
		}
		made.Set(reflect.AppendSlice(made, ids.Elem()))
	}
	return nil
}

func (m Model) createBatch(ctx context.Context, ids, list reflect.Value, o callOptions) error {
	for i := range list.Len() {
		if err := m.checkWrite(list.Index(i).Interface()); err != nil {
			return err
		}
	}
	if err := m.call(ctx, &call{method: "create", args: []arg{{"vals_list", list.Interface()}}}, o, ids.Interface()); err != nil {
		return err
	}
	if made, n := ids.Elem().Len(), list.Len(); made != n {
		return &DecodeError{Model: m.name, done: true, Reason: fmt.Sprintf("create of %d records answered with %d ids", n, made)}
	}
	return nil
}

func orAll(n, all int) int {
	if n > 0 {
		return n
	}
	return all
}

// Write changes the records with the ids, a slice of ids; without ids it does nothing. A record that does not exist
// is [ErrMissing] on the models that look at what they write, such as res.partner, and then none is changed; others
// pass over it.
func (m Model) Write(ctx context.Context, ids, v any, opts ...WriteOption) error {
	if given, err := idList(ids); err != nil || given.Len() == 0 {
		return errors.Join(m.err, err)
	}
	if err := m.checkWrite(v); err != nil {
		return err
	}
	return m.call(ctx, &call{method: "write", ids: ids, args: []arg{{"vals", v}}}, collect(opts), nil)
}

// Unlink deletes the records with the ids, a slice of ids; without ids it does nothing.
func (m Model) Unlink(ctx context.Context, ids any, opts ...WriteOption) error {
	if given, err := idList(ids); err != nil || given.Len() == 0 {
		return errors.Join(m.err, err)
	}
	return m.call(ctx, &call{method: "unlink", ids: ids}, collect(opts), nil)
}

// idList checks that ids are a slice of ids, of int64, of an ID or of a TextID.
func idList(ids any) (reflect.Value, error) {
	v := reflect.ValueOf(ids)
	if v.Kind() != reflect.Slice || !v.Type().Elem().ConvertibleTo(reflect.TypeFor[int64]()) && !codec.Is(v.Type().Elem(), "TextID") {
		return v, fmt.Errorf("orm: want a slice of ids, got %T", ids)
	}
	for i := range v.Len() {
		if v.Index(i).IsZero() {
			return v, errors.New("orm: 0 is not the id of a record")
		}
	}
	return v, nil
}

// pointedTo checks a destination and gives what it points to.
func pointedTo(dest any, kind reflect.Kind) (reflect.Value, error) {
	v := reflect.ValueOf(dest)
	if v.Kind() != reflect.Pointer || v.IsNil() || v.Elem().Kind() != kind {
		return reflect.Value{}, fmt.Errorf("orm: the destination must be a pointer to a %s, got %T", kind, dest)
	}
	return v.Elem(), nil
}
