package feed

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"iter"
	"reflect"
	"slices"
	"strings"
	"time"

	orm "github.com/odoogen/odoogen/runtime"
	"github.com/odoogen/odoogen/runtime/internal/codec"
	"github.com/odoogen/odoogen/runtime/internal/records"
	"github.com/odoogen/odoogen/runtime/internal/transport"
)

// Feed delivers the changes of records of the model M, read into values of type R. It is made by [New].
type Feed[R, M any] struct {
	client   *orm.Client
	model    orm.Model
	where    orm.Expr
	of       Identity
	settings settings
}

// New makes a feed of the records that match the condition, archived ones included. R is the generated record, or any struct
// with `odoo:"field"` tags, as in [orm.Find]. It makes no call.
//
// The condition and the fields are part of what a [Store] is kept for: a condition with the present time in it is another one
// each time. Context of the client, such as a language, applies to the reads.
func New[R, M any](c *orm.Client, where orm.Domain[M], opts ...Option) (*Feed[R, M], error) {
	model, err := records.ModelOf[M](c)
	if err != nil {
		return nil, fmt.Errorf("feed: %w", err)
	}
	f := &Feed[R, M]{client: c, model: model, where: orm.Expr(where), settings: defaults()}
	for _, o := range opts {
		o(&f.settings)
	}
	f.settings.complete()
	if err := errors.Join(f.settings.err, f.identify()); err != nil {
		return nil, fmt.Errorf("feed: %s: %w", f.model.Name(), err)
	}
	return f, nil
}

// identify sets the identity of the feed.
func (f *Feed[R, M]) identify() error {
	condition, err := codec.Append(nil, f.where)
	if err != nil {
		return err
	}
	names, err := fieldNames(reflect.TypeFor[R]())
	if err != nil {
		return err
	}
	f.of = Identity{Database: f.client.Database(), Model: f.model.Name(), Condition: string(condition), Fields: strings.Join(names, " ")}
	if f.model.Name() == attachments && !bytes.Contains(condition, []byte(`"res_field"`)) {
		f.where = both(f.where, orm.Where[any]("res_field", "=", false))
	}
	return nil
}

// attachments leave out the files of binary fields unless a condition names one of two fields, of which the pages name one.
const attachments = "ir.attachment"

// fieldNames are the fields that are read into a struct, those of nested records with a path, sorted.
func fieldNames(t reflect.Type) ([]string, error) {
	p, err := codec.PlanOf(t)
	if err != nil {
		return nil, err
	}
	var names []string
	for _, field := range p.Fields {
		if field.OnDemand {
			continue
		}
		names = append(names, field.Name)
		if field.Relation == nil || field.Relation.Elem == t {
			continue
		}
		inner, err := fieldNames(field.Relation.Elem)
		if err != nil {
			return nil, err
		}
		for _, name := range inner {
			names = append(names, field.Name+"."+name)
		}
	}
	slices.Sort(names)
	return names, nil
}

// both is a condition with another one added.
func both(where orm.Expr, further ...orm.Domain[any]) orm.Expr {
	return orm.Expr(orm.And(append([]orm.Domain[any]{orm.Domain[any](where)}, further...)...))
}

// Batches yields the changes in batches, each to be committed before the loop goes on. It polls once, with as many batches as
// that takes, and ends; with [Every] or [Wake] it goes on until the context ends or the loop is left. A loop over a feed has
// its store for itself.
//
// An error is yielded with a nil batch. If the loop goes on after an error of a poll, the feed tries again at the next one; an
// error of the beginning, such as a store of another feed, ends it.
func (f *Feed[R, M]) Batches(ctx context.Context, when ...When) iter.Seq2[*Batch[R, M], error] {
	return func(yield func(*Batch[R, M], error) bool) {
		var s schedule
		for _, w := range when {
			w(&s)
		}
		r, err := f.begin(ctx, s.err, yield)
		if err != nil {
			yield(nil, f.located(err))
			return
		}
		goOn := true
		defer func() {
			if err := f.settings.store.Close(); err != nil && goOn {
				yield(nil, f.located(err))
			}
		}()
		for {
			err := r.observed(r.look)
			switch {
			case errors.Is(err, errLeft):
				goOn = false
			case err != nil && ctx.Err() == nil && !errors.Is(err, errUncommitted):
				goOn = yield(nil, f.located(err))
			}
			if !goOn || !s.wait(ctx) {
				return
			}
		}
	}
}

func (f *Feed[R, M]) located(err error) error { return fmt.Errorf("feed: %s: %w", f.model.Name(), err) }

// begin opens the store.
func (f *Feed[R, M]) begin(ctx context.Context, err error, yield func(*Batch[R, M], error) bool) (*run[R, M], error) {
	if err != nil {
		return nil, err
	}
	state, err := f.settings.store.Open(ctx, f.of)
	if err != nil {
		return nil, err
	}
	r := &run[R, M]{Feed: f, known: newKnown(state.Seen), cursor: state.Cursor, yield: yield}
	r.ctx = transport.WithCount(ctx, &r.calls)
	if err := r.prepare(); err != nil {
		return nil, errors.Join(err, f.settings.store.Close())
	}
	return r, nil
}

// wait waits for the next poll, and reports whether there is one.
func (s *schedule) wait(ctx context.Context) bool {
	if ctx.Err() != nil || s.every == 0 && s.wake == nil {
		return false
	}
	var tick <-chan time.Time
	if s.every > 0 {
		timer := time.NewTimer(s.every)
		defer timer.Stop()
		tick = timer.C
	}
	select {
	case <-ctx.Done():
		return false
	case <-tick:
		return true
	case _, open := <-s.wake:
		if !open {
			s.wake = nil
			return s.wait(ctx)
		}
		return true
	}
}
