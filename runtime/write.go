package orm

import (
	"context"
	"errors"
	"fmt"
	"reflect"
)

// Create creates a record and returns its id.
func Create[V Values[M], M any](ctx context.Context, c *Client, v V, opts ...WriteOption) (ID[M], error) {
	id, err := modelOf[M](c).Create(ctx, v, opts...)
	return ID[M](id), err
}

// CreateMany creates records in one call, all of them or none, and returns their ids. With [Batch] it makes several calls;
// if one fails, it returns the ids of the records that the earlier calls created.
func CreateMany[V Values[M], M any](ctx context.Context, c *Client, v []V, opts ...BatchOption) ([]ID[M], error) {
	var ids []ID[M]
	err := modelOf[M](c).CreateMany(ctx, &ids, v, opts...)
	return ids, err
}

// Write changes the records with the ids, in one call: all of them or none. Without ids it does nothing. An id without a
// record is [ErrMissing] on models that read the records they write, such as res.partner; other models ignore it.
func Write[V Values[M], M any](ctx context.Context, c *Client, ids []ID[M], v V, opts ...WriteOption) error {
	return modelOf[M](c).Write(ctx, ids, v, opts...)
}

// Unlink deletes the records with the ids; without ids it does nothing.
func Unlink[M any](ctx context.Context, c *Client, ids []ID[M], opts ...WriteOption) error {
	return modelOf[M](c).Unlink(ctx, ids, opts...)
}

// Create creates a record with the values, which are a generated Values, any struct with odoo tags, or an [Args], and
// returns its id.
func (m Model) Create(ctx context.Context, v any, opts ...WriteOption) (int64, error) {
	var ids []int64
	if err := m.createMany(ctx, &ids, []any{v}, collect(opts)); err != nil {
		return 0, err
	}
	return ids[0], nil
}

// CreateMany creates a record for each of a slice of values in one call, all of them or none, and stores the ids in the
// slice that dest points to. With [Batch] it makes several calls.
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
		if err := checkWrite(m.version(), m.name, list.Index(i).Interface()); err != nil {
			return err
		}
	}
	if err := m.call(ctx, &call{method: "create", args: []arg{{"vals_list", list.Interface()}}}, o, ids.Interface()); err != nil {
		return err
	}
	return m.checkMade(ids.Elem(), list.Len())
}

// checkMade refuses the response to a create unless it has an id for each record.
func (m Model) checkMade(ids reflect.Value, n int) error {
	isMade := make(map[any]bool, n)
	for _, id := range ids.Seq2() {
		if !id.IsZero() {
			isMade[id.Interface()] = true
		}
	}
	if len(isMade) == n && ids.Len() == n {
		return nil
	}
	reason := fmt.Sprintf("create of %d records answered with %d ids", n, ids.Len())
	if ids.Len() == n {
		reason += fmt.Sprintf(", %d of them different and not 0", len(isMade))
	}
	return &DecodeError{Model: m.name, done: true, Reason: reason}
}

// Write changes the records with the ids, a slice of ids; without ids it does nothing. A record that does not exist is
// [ErrMissing] on models that read the records they write, such as res.partner, and then no record is changed; other models
// ignore it.
func (m Model) Write(ctx context.Context, ids, v any, opts ...WriteOption) error {
	if given, err := idList(ids); err != nil || given.Len() == 0 {
		return errors.Join(m.err, err)
	}
	if err := checkWrite(m.version(), m.name, v); err != nil {
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
