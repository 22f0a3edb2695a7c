package orm

import (
	"context"
	"errors"
	"reflect"
	"slices"

	"github.com/odoogen/odoogen/runtime/internal/codec"
)

// Read reads the records with the ids into values of type R, in the order of the ids, archived ones included. An id
// without a record is left out; one that is given twice is read twice. A record that the user may not see makes the
// whole call an [ErrAccess].
func Read[R, M any](ctx context.Context, c *Client, ids []ID[M], opts ...ReadOption) ([]R, error) {
	var out []R
	err := modelOf[M](c).Read(ctx, &out, ids, opts...)
	return out, err
}

// Existing gives those of the ids whose records exist and are such that the user may see them, archived ones included,
// in the order given.
func Existing[M any](ctx context.Context, c *Client, ids []ID[M], contexts ...Context) ([]ID[M], error) {
	var found []ID[M]
	err := modelOf[M](c).Existing(ctx, &found, ids, contexts...)
	return found, err
}

// Read reads the records with the ids, a slice of ids, into the slice that dest points to: see the function [Read].
func (m Model) Read(ctx context.Context, dest, ids any, opts ...ReadOption) error {
	slice, err := pointedTo(dest, reflect.Slice)
	if err != nil {
		return err
	}
	given, err := idList(ids)
	if err != nil {
		return err
	}
	p, err := codec.PlanOf(slice.Type().Elem())
	if err != nil {
		return err
	}
	o := collect(opts)
	t, err := treeOf(m.version(), p, m.name, o)
	if err != nil || given.Len() == 0 {
		slice.SetZero()
		return errors.Join(m.err, err)
	}
	if slices.Equal(t.fields, []string{"id"}) {
		t = t.withDisplayName()
	}
	in := newRecordStream(p, t)
	left, err := m.readTree(ctx, ids, t, o, in)
	if errors.Is(err, ErrMissing) {
		o.levels = true // web_read refuses them whatever it reads
		in = newRecordStream(p, t)
		left, err = m.readTree(ctx, ids, t.withDisplayName(), o, in)
	}
	if err != nil {
		return err
	}
	got, err := m.records(ctx, answered{plan: p, tree: t, o: o, stream: in, left: left, again: m.takesSpecification(t, o)}, slice)
	if err != nil || !given.Type().Elem().ConvertibleTo(reflect.TypeFor[int64]()) {
		return err
	}
	asked := make([]int64, given.Len())
	for i := range asked {
		asked[i] = given.Index(i).Convert(reflect.TypeFor[int64]()).Int()
	}
	if err = m.checkIDs(got, asked...); err != nil {
		slice.SetZero()
	}
	return err
}

// Existing sets the slice of ids that dest points to, to those of the ids whose records exist: see the function
// [Existing]. It is a search: Odoo's own method exists is closed to the outside since version 19.
func (m Model) Existing(ctx context.Context, dest, ids any, contexts ...Context) error {
	out, err := pointedTo(dest, reflect.Slice)
	if err != nil {
		return err
	}
	given, err := idList(ids)
	if err != nil {
		return err
	}
	out.SetZero()
	if given.Len() == 0 {
		return m.err
	}
	var found []int64
	q, err := m.prepare(ctx, leaf("id", "in", ids), collect(append(slices.Clone(contexts), Archived())))
	if err != nil {
		return err
	}
	if err := m.search(ctx, &found, q); err != nil {
		return err
	}
	for i := range given.Len() {
		if id := given.Index(i); slices.Contains(found, id.Int()) {
			out.Set(reflect.Append(out, id.Convert(out.Type().Elem())))
		}
	}
	return nil
}
