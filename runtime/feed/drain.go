package feed

import (
	"context"
	"crypto/rand"
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
	Kind   string    `odoo:"x_kind"`
	Info   string    `odoo:"x_info"`
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

// ErrTaken is wrapped by the error of a feed when another one takes the changes of the model from the same outbox.
var ErrTaken = errors.New("another feed has begun on the outbox")

// claim takes the changes of the model for this feed. If its state is that of another claim, or of none, changes may have gone to
// another feed, which notices at its next look that its claim is gone.
func (r *run[R, M]) claim() error {
	if err := r.readStamp(); err != nil {
		return err
	}
	claims := orm.And(orm.Where[any](outbox.FieldKind, "=", outbox.KindClaim), orm.Where[any](outbox.FieldModel, "=", r.model.Name()))
	var have []note
	if err := r.table().Find(r.ctx, &have, orm.Expr(claims)); err != nil {
		return err
	}
	var old []int64
	for _, n := range have {
		if old = append(old, n.ID); len(have) == 1 && strings.HasSuffix(r.cursor.Outbox, " "+n.Info) {
			r.claimed = n.Info
			return nil
		}
	}
	r.claimed = rand.Text()
	values := orm.Args{outbox.FieldModel: r.model.Name(), outbox.FieldKind: outbox.KindClaim, outbox.FieldInfo: r.claimed}
	if err := r.unlink(old); err != nil {
		return err
	}
	_, err := r.table().Create(r.ctx, values)
	return err
}

// origin is what the cursor of the feed has of its source: empty, or the outbox and the claim.
func (r *run[R, M]) origin() string {
	if r.settings.outbox == "" {
		return ""
	}
	return r.stamp + " " + r.claimed
}

// readStamp reads the stamp of the outbox, which changes when it was not complete for a time.
func (r *run[R, M]) readStamp() error {
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
			return r.table().Find(ctx, &rows, orm.Expr(r.mine()), orm.Limit(mostRows), orm.Asc(orm.Field[any, string](outbox.FieldKind)), orm.Asc(orm.Field[any, int64]("id")))
		})
		if err != nil {
			return err
		}
		if len(rows) == 0 || rows[0].Kind != outbox.KindClaim || rows[0].Info != r.claimed {
			return fmt.Errorf("%w %s for %s: give each feed of a model an outbox of its own", ErrTaken, r.settings.outbox, r.model.Name())
		}
		full := len(rows) == mostRows
		if rows = rows[1:]; len(rows) == 0 {
			return nil
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
		if err := r.unlink(done); err != nil || !full {
			return err
		}
	}
}

func (r *run[R, M]) table() orm.Model { return r.client.Model(r.settings.table) }

// mine is the condition for the rows of the model: changes, and the claim.
func (r *run[R, M]) mine() orm.Domain[any] {
	return orm.And(orm.Where[any](outbox.FieldModel, "=", r.model.Name()), orm.Where[any](outbox.FieldKind, "!=", outbox.KindWatch))
}

// rows are the IDs of the changes that the outbox has.
func (r *run[R, M]) rows() (ids []int64, err error) {
	if r.settings.outbox != "" {
		err = r.table().Search(r.ctx, &ids, orm.Expr(orm.And(r.mine(), isChange())))
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
		if r.settings.outbox == "" && r.now.Changes > 0 && !r.looked.IsZero() {
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
