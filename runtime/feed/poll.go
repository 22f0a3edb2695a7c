package feed

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"sync/atomic"
	"time"

	orm "github.com/odoogen/odoogen/runtime"
	"github.com/odoogen/odoogen/runtime/internal/codec"
	"github.com/odoogen/odoogen/runtime/internal/transport"
)

// run is one loop over the batches of a feed.
type run[R, M any] struct {
	*Feed[R, M]
	ctx     context.Context
	known   *known
	cursor  Cursor
	checkAt time.Time // when deletions are looked for
	stamp   string    // of the outbox, or ""
	claimed string    // the claim of the feed on it
	yield   func(*Batch[R, M], error) bool

	calls  atomic.Int64
	looked time.Time // when the last look began
	now    Look      // of the present look
}

// written is the field with the time at which the transaction of the last write began.
const written = "write_date"

var (
	errLeft        = errors.New("the loop was left")
	errUncommitted = errors.New("the loop went on without a commit")
)

// prepare checks the model, and takes the present state as known if that is asked for.
func (r *run[R, M]) prepare() error {
	switch {
	case r.settings.outbox != "":
		if err := r.claim(); err != nil {
			return err
		}
	case !r.settings.whole:
		found, err := r.model.FieldsGet(r.ctx, []string{written})
		if err != nil {
			return err
		}
		if len(found) == 0 {
			return errors.New("the model has no write_date, so that a poll cannot see what has changed: feed.Whole reads all records at each poll")
		}
	}
	if r.settings.fromNow && !r.cursor.Loaded {
		return r.skip()
	}
	return nil
}

// look polls once.
//
// What is delivered is saved as offered before. After a crash the consumer may have handled it or not; without the mark, a record
// that then returns to its state before would not be delivered again, and one that is deleted would never be.
func (r *run[R, M]) look() error {
	if err := r.settle(r.known.uncommitted()); err != nil {
		return err
	}
	if r.settings.whole {
		return r.compareAll()
	}
	began := r.cursor.Loaded
	if err := r.changes(); err != nil {
		return err
	}
	if !began {
		r.checkAt = time.Now().Add(r.settings.deletions)
	}
	if r.settings.deletions == 0 || time.Now().Before(r.checkAt) {
		return nil
	}
	if err := r.checkAll(); err != nil {
		return err
	}
	r.checkAt = time.Now().Add(r.settings.deletions)
	return nil
}

// changes delivers what the source of the feed has. A state of another source says nothing of what has changed since.
func (r *run[R, M]) changes() error {
	if r.cursor == (Cursor{}) {
		r.cursor.Outbox = r.origin()
	}
	polls := r.settings.outbox == ""
	switch {
	case r.cursor.Outbox != r.origin():
		return r.compareAll()
	case polls || !r.cursor.Loaded:
		if err := r.poll(); err != nil || polls {
			return err
		}
	}
	return r.drain()
}

// checkAll looks for records that are deleted, or match no longer, without a change that the source has.
func (r *run[R, M]) checkAll() error {
	if r.settings.outbox != "" {
		if err := r.readStamp(); err != nil {
			return err
		}
	}
	if r.cursor.Outbox != r.origin() {
		return r.compareAll()
	}
	return r.check()
}

// poll delivers what was written since the last poll, or everything if that is not done yet. Pages follow the ID: those of
// write_date could not be distinguished within a second, of which Odoo before 19 matches no more than its beginning.
func (r *run[R, M]) poll() error {
	where, after := r.where, r.cursor.After
	if r.cursor.Loaded {
		where, after = both(where, r.writtenSince()), 0
	}
	var began time.Time
	for {
		page, at, err := r.pageAfter(where, after)
		if err != nil {
			return err
		}
		if began.IsZero() {
			began = at
		}
		next, last := r.cursor, page.last
		switch {
		case next.Loaded && last:
			next.Horizon = began
		case !next.Loaded:
			if next.Horizon.IsZero() {
				next.Horizon = began
			}
			if next.Loaded = last; !last {
				next.After = page.end
			}
		}
		if err := r.deliver(r.compare(page.records), next); err != nil || last {
			return err
		}
		after = page.end
	}
}

// writtenSince is the condition for what may have been written since the last poll. A transaction that the poll did not see ends
// later than the horizon, and began at most the overlap before.
func (r *run[R, M]) writtenSince() orm.Domain[any] {
	since := r.cursor.Horizon.Add(-r.settings.overlap)
	return orm.Where[any](written, ">=", since.UTC().Format(time.DateTime))
}

// read reads a page of records by ID. The time is one by the clock of the server, before the call.
func (r *run[R, M]) read(where orm.Expr, limit int) (page []codec.Digested[R], at time.Time, err error) {
	at, err = r.dated(func(ctx context.Context) error {
		return r.model.Find(ctx, &page, where, orm.Limit(limit), orm.Asc(orm.Field[any, int64]("id")), orm.Archived())
	})
	if err != nil {
		return nil, at, err
	}
	last := int64(0)
	for _, p := range page {
		if p.Digest.ID <= last {
			return nil, at, fmt.Errorf("the server sent record %d after record %d: want numbers as IDs, in order", p.Digest.ID, last)
		}
		last = p.Digest.ID
	}
	return page, at, nil
}

// dated makes a call, and gives a time by the clock of the server that is before it. Date headers are in whole seconds, of
// which the fraction is cut off.
func (r *run[R, M]) dated(call func(context.Context) error) (time.Time, error) {
	var date time.Time
	sent := time.Now()
	if err := call(transport.WithDate(r.ctx, &date)); err != nil {
		return time.Time{}, err
	}
	if date.IsZero() {
		return time.Time{}, errors.New("the answers of the server have no header Date, which is the clock of a feed")
	}
	return date.Add(-time.Since(sent)), nil
}

// found is what is to be delivered, and the state when it is committed.
type found[R, M any] struct {
	changes []Change[R, M]
	done    Progress
}

// compare finds the records of a page whose content was not delivered.
func (r *run[R, M]) compare(page []codec.Digested[R]) (f found[R, M]) {
	for i := range page {
		id, sum := page[i].Digest.ID, contentSum(page[i].Digest.Sum)
		kind := Changed
		switch before, ok := r.known.get(id); {
		case !ok || before == offeredNew:
			kind = Created
		case before == sum:
			continue
		}
		f.changes = append(f.changes, Change[R, M]{kind, orm.ID[M](id), page[i].Record})
		f.done.Seen = append(f.done.Seen, Seen{id, sum})
	}
	return f
}

// deliver offers changes to the loop. When they are committed, the feed is at the cursor.
func (r *run[R, M]) deliver(f found[R, M], next Cursor) error {
	if len(f.changes) == 0 {
		r.cursor = next // not saved: a state that is behind is as good
		return nil
	}
	if err := r.save(Progress{Cursor: r.cursor, Seen: r.offers(f.changes)}); err != nil {
		return err
	}
	f.done.Cursor = next
	b := &Batch[R, M]{Changes: f.changes}
	r.now.Batches++
	r.now.Changes += len(b.Changes)
	r.now.MaxBatch = max(r.now.MaxBatch, len(b.Changes))
	b.commit = func(ctx context.Context) error {
		if err := r.settings.store.Save(ctx, f.done); err != nil {
			return err
		}
		r.known.apply(f.done)
		r.cursor = next
		return nil
	}
	store, isSQL := r.settings.store.(*sqlStore)
	if isSQL {
		b.commitTx = func(ctx context.Context, tx *sql.Tx) error { return store.saveIn(ctx, tx, f.done) }
	}
	goOn := r.yield(b, nil)
	b.over = true
	if !goOn {
		return errLeft
	}
	if b.inTx {
		done, err := store.committed(r.ctx)
		if err != nil {
			return err
		}
		if b.committed = done; done {
			r.known.apply(f.done)
			r.cursor = next
		}
	}
	if !b.committed {
		return errUncommitted
	}
	return nil
}

func (r *run[R, M]) save(p Progress) error {
	if err := r.settings.store.Save(r.ctx, p); err != nil {
		return err
	}
	r.known.apply(p)
	r.cursor = p.Cursor
	return nil
}

// offers mark changes as delivered without a commit.
func (r *run[R, M]) offers(changes []Change[R, M]) []Seen {
	out := make([]Seen, len(changes))
	for i, c := range changes {
		out[i] = Seen{int64(c.ID), offered}
		if before, ok := r.known.get(int64(c.ID)); !ok || before == offeredNew {
			out[i].Sum = offeredNew
		}
	}
	return out
}

// settle delivers what became of records, by their IDs.
func (r *run[R, M]) settle(ids []int64) error {
	for part := range slices.Chunk(ids, r.settings.page) {
		page, _, err := r.read(both(r.where, orm.Where[any]("id", "in", part)), len(part))
		if err != nil {
			return err
		}
		f := r.compare(page)
		if err := r.addGone(&f, part, page); err != nil {
			return err
		}
		if err := r.deliver(f, r.cursor); err != nil {
			return err
		}
	}
	return nil
}

// addGone adds the known ones of the IDs that are not in the page: they do not match.
func (r *run[R, M]) addGone(f *found[R, M], ids []int64, page []codec.Digested[R]) error {
	var gone []int64
	for _, id := range ids {
		_, matches := slices.BinarySearchFunc(page, id, func(p codec.Digested[R], id int64) int { return cmp.Compare(p.Digest.ID, id) })
		if _, ok := r.known.get(id); ok && !matches {
			gone = append(gone, id)
		}
	}
	var exist []int64
	if err := r.model.Existing(r.ctx, &exist, gone); err != nil {
		return err
	}
	for _, id := range gone {
		kind := Deleted
		if slices.Contains(exist, id) {
			kind = Left
		}
		f.changes = append(f.changes, Change[R, M]{Kind: kind, ID: orm.ID[M](id)})
	}
	f.done.Gone = gone
	return nil
}

// compareAll reads all records that match, and delivers what differs. The state is then one of the source of the feed.
func (r *run[R, M]) compareAll() error {
	done := Cursor{Loaded: true, Outbox: r.origin()}
	var seen []int64
	for after, last := int64(0), false; !last; {
		page, at, err := r.pageAfter(r.where, after)
		if err != nil {
			return err
		}
		if done.Horizon.IsZero() {
			done.Horizon = at
		}
		for _, p := range page.records {
			seen = append(seen, p.Digest.ID)
		}
		if err := r.deliver(r.compare(page.records), r.cursor); err != nil {
			return err
		}
		after, last = page.end, page.last
	}
	var missing []int64
	for _, id := range r.known.ids {
		if _, ok := slices.BinarySearch(seen, id); !ok {
			missing = append(missing, id)
		}
	}
	if err := r.settle(missing); err != nil {
		return err
	}
	if r.cursor.Loaded && r.cursor.Outbox == done.Outbox {
		r.cursor = done // not saved: a state that is behind is as good
		return nil
	}
	return r.save(Progress{Cursor: done})
}

// skip notes the present records as known. Of those that were written within the overlap the content is read, so that
// a later poll sees which of them change.
func (r *run[R, M]) skip() error {
	old, err := r.rows()
	if err != nil {
		return err
	}
	var p Progress
	began, err := r.dated(func(ctx context.Context) error {
		ids, err := r.matching(ctx, span{0, maxID})
		for _, id := range ids {
			p.Seen = append(p.Seen, Seen{id, unread})
		}
		return err
	})
	if err != nil {
		return err
	}
	p.Cursor = Cursor{Horizon: began, Loaded: true, Outbox: r.origin()}
	if r.settings.outbox != "" {
		if err := r.save(p); err != nil {
			return err
		}
		return r.unlink(old)
	}
	where := r.where
	if !r.settings.whole {
		r.cursor.Horizon = began
		where = both(where, r.writtenSince())
	}
	for after := int64(0); ; {
		page, _, err := r.pageAfter(where, after)
		if err != nil {
			return err
		}
		for _, d := range page.records {
			p.Seen = append(p.Seen, Seen{d.Digest.ID, contentSum(d.Digest.Sum)})
		}
		if after = page.end; page.last {
			return r.save(p)
		}
	}
}
