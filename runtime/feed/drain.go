package feed

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	orm "github.com/odoogen/odoogen/runtime"
	"github.com/odoogen/odoogen/runtime/internal/outbox"
)

// row is one of an outbox: a change of a record.
type row struct {
	ID     int64     `odoo:"id"`
	Record int64     `odoo:"x_res"`
	At     time.Time `odoo:"create_date"` // when the transaction began
}

// mostRows is how many rows of an outbox are read at once.
const mostRows = 5_000

// notes are what the outbox says of the model of the feed.
func (f *Feed[R, M]) notes(ctx context.Context) ([]note, error) {
	notes, err := notesOf(ctx, f.client, f.settings.table, f.model.Name())
	switch {
	case errors.Is(err, orm.ErrNotFound) || err == nil && len(notes) == 0:
		return nil, fmt.Errorf("%w: %s, for %s: feed.Install or odoogen feed install does it", ErrNoOutbox, f.settings.outbox, f.model.Name())
	case errors.Is(err, orm.ErrAccess):
		return nil, fmt.Errorf("the user has no right to read the outbox %s: install it with feed.Readers for a group of the user: %w", f.settings.outbox, err)
	}
	return notes, err
}

// openOutbox reads the stamp of the outbox.
func (r *run[R, M]) openOutbox() error {
	notes, err := r.notes(r.ctx)
	if err != nil {
		return err
	}
	var stamps []string
	for _, n := range notes {
		info, err := n.info()
		if err != nil {
			return err
		}
		stamps = append(stamps, info.Stamp)
	}
	r.stamp = strings.Join(stamps, " ")
	return nil
}

// drain delivers the changes that the outbox has, and deletes their rows when they are committed. A row is seen when its
// transaction has committed, so that what is read after it is at least as new. A crash before the rows are deleted leaves them: the
// records are read again, and do not differ.
func (r *run[R, M]) drain() error {
	for {
		var rows []row
		at, err := r.dated(func(ctx context.Context) error {
			return r.table().Find(ctx, &rows, orm.Expr(r.mine()), orm.Limit(mostRows), orm.Asc(orm.Field[any, int64]("id")))
		})
		if err != nil || len(rows) == 0 {
			return err
		}
		r.now.Rows += len(rows)
		var records, done []int64
		for _, row := range rows {
			records, done = append(records, row.Record), append(done, row.ID)
			r.now.Lag = max(r.now.Lag, at.Sub(row.At))
		}
		slices.Sort(records)
		if err := r.settle(slices.Compact(records)); err != nil {
			return err
		}
		if err := r.unlink(done); err != nil || len(rows) < mostRows {
			return err
		}
	}
}

func (r *run[R, M]) table() orm.Model { return r.client.Model(r.settings.table) }

// mine is the condition for the rows of the feed.
func (r *run[R, M]) mine() orm.Domain[any] {
	return orm.And(orm.Where[any](outbox.FieldModel, "=", r.model.Name()), isChange())
}

// rows are the IDs of the rows that the outbox has.
func (r *run[R, M]) rows() (ids []int64, err error) {
	if r.stamp != "" {
		err = r.table().Search(r.ctx, &ids, orm.Expr(r.mine()))
	}
	return ids, err
}

func (r *run[R, M]) unlink(rows []int64) error {
	for part := range slices.Chunk(rows, mostRows) {
		if err := r.table().Unlink(r.ctx, part); err != nil {
			return fmt.Errorf("delete rows of the outbox %s, which are handled: %w", r.settings.outbox, err)
		}
	}
	return nil
}

// observed looks for changes, and reports what that took.
func (r *run[R, M]) observed(look func() error) error {
	began, calls := time.Now(), r.calls.Load()
	r.now = Look{Model: r.model.Name()}
	err := look()
	if r.settings.observe != nil {
		if r.stamp == "" && r.now.Changes > 0 && !r.looked.IsZero() {
			r.now.Lag = time.Since(r.looked)
		}
		r.now.Took, r.now.Calls = time.Since(began), int(r.calls.Load()-calls)
		if !errors.Is(err, errLeft) && !errors.Is(err, errUncommitted) {
			r.now.Err = err
		}
		r.settings.observe(r.now)
	}
	r.looked = began
	return err
}
