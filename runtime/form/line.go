package form

import (
	"context"
	"errors"
	"fmt"
	"slices"

	orm "github.com/odoogen/odoogen/runtime"
)

// Line is a record of a one2many of a form.
type Line[L any] struct{ r *row }

// Add adds a line to a one2many: with its defaults, the values, and what the onchanges of their fields give.
func Add[M, L any](ctx context.Context, f *Form[M], list orm.Rel[M, L], values orm.Values[L]) (*Line[L], error) {
	in, err := f.r.lists(string(list))
	if err != nil {
		return nil, failed(f.r, err)
	}
	if _, err := f.r.writable(in.name); err != nil {
		return nil, failed(f.r, err)
	}
	asked := map[string]any{}
	if values != nil {
		if asked, err = encoded(ctx, f.r.s, in.relation, values); err != nil {
			return nil, failed(f.r, err)
		}
	}
	line, err := f.r.add(ctx, in, asked)
	if err != nil {
		return nil, failed(f.r, err)
	}
	return &Line[L]{line}, nil
}

// Lines are the lines of a one2many, in their order.
func Lines[M, L any](f *Form[M], list orm.Rel[M, L]) ([]*Line[L], error) {
	in, err := f.r.lists(string(list))
	if err != nil {
		return nil, failed(f.r, err)
	}
	var out []*Line[L]
	for _, r := range f.r.listOf(in).rows {
		if r.view == nil {
			return nil, failed(f.r, fmt.Errorf("%s: the form does not show its lines", in.name))
		}
		out = append(out, &Line[L]{r})
	}
	return out, nil
}

// lists is a one2many of the form, which is still open.
func (r *row) lists(name string) (*field, error) {
	if r.s.done {
		return nil, ErrSaved
	}
	f, err := r.need(name)
	if err == nil && f.kind != "one2many" {
		err = fmt.Errorf("%s is a %s, and has no lines", f.name, f.kind)
	}
	return f, err
}

func (l *Line[L]) record(*L) *row { return l.r }

// ID is the ID of the line, 0 of a new one.
func (l *Line[L]) ID() orm.ID[L] { return orm.ID[L](l.r.id) }

// Set sets fields of the line, as [Form.Set] does, and runs the onchanges of the line and of its list.
func (l *Line[L]) Set(ctx context.Context, values orm.Values[L]) error {
	r := l.r
	err := l.open()
	if err != nil {
		return failed(r, err)
	}
	asked, err := encoded(ctx, r.s, r.view.model.Name(), values)
	if err == nil {
		err = r.setLine(ctx, asked)
	}
	return failed(r, err)
}

// Values are the values of the line. Fields that the form does not show are zero.
func (l *Line[L]) Values() (L, error) {
	var out L
	err := l.r.decode(&out)
	return out, failed(l.r, err)
}

// Remove removes the line. Saving the form deletes its record.
func (l *Line[L]) Remove(ctx context.Context) error {
	if err := l.open(); err != nil {
		return failed(l.r, err)
	}
	in := l.r.list
	if _, err := in.owner.writable(in.field.name); err != nil {
		return failed(l.r, err)
	}
	in.rows = slices.DeleteFunc(in.rows, func(r *row) bool { return r == l.r })
	return failed(l.r, in.owner.listChanged(ctx, in.field))
}

// open reports that the line is not part of an open form.
func (l *Line[L]) open() error {
	switch {
	case l.r.s.done:
		return ErrSaved
	case !slices.Contains(l.r.list.rows, l.r):
		return errors.New("the line is no longer in the form")
	}
	return nil
}
