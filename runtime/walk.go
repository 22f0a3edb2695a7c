package orm

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"reflect"
	"slices"
	"strings"
)

const defaultPageSize = 500

// PageSize is the number of records that [All] reads in one call. The default is 500.
func PageSize(n int) WalkOption {
	return optionFunc(func(o *callOptions) { o.pageSize = o.atLeast(1, "PageSize", n) })
}

// Prefetch makes [All] read the next page while the loop works on the current one, in a goroutine that ends with the loop.
// The next page may then miss changes that the loop makes.
func Prefetch() WalkOption { return optionFunc(func(o *callOptions) { o.prefetch = true }) }

// After resumes [All] after the record with the id, the last one of an interrupted walk: with the same condition and order
// it yields the remaining records. The zero id begins at the start, so that a program can store the last id and always pass
// it.
//
// Without an order, the record itself need not exist any more. With an order or an offset, it must still match the
// condition; otherwise the error is [ErrNoRecord]. A [Limit] counts the records after it.
func After[M any](id ID[M]) WalkOption {
	return optionFunc(func(o *callOptions) { o.after, o.afterModel = int64(id), modelName[M]() })
}

// Each reads the records that match, one by one, into the struct that dest points to, and calls next after each of them
// until next returns false. If it fails, it calls next a last time with the error, which names the last record before it.
//
// Each reads pages of [PageSize] records, decodes them while they arrive, and keeps one page in memory, or two with
// [Prefetch]. If records are added or deleted meanwhile, no other record is skipped or repeated. A record that no longer
// matches when its page is read is left out.
//
// Without an order, the pages follow the id: each page begins after the last id of the previous one. With an order or an
// offset, one call first looks up the ids of all records, about ten bytes for each; the pages then follow that list. Changes
// to the ordering field then have no effect, and records that are added meanwhile are not found.
//
// A page that is not full is not necessarily the last one, because some models (mail.message, mail.activity) remove hidden
// records after they applied the limit. After such a page, Each searches for further records, and usually finds none.
//
// The ids of the model must be numbers; only some SQL views have string IDs.
func (m Model) Each(ctx context.Context, dest any, where Expr, next func(error) bool, opts ...WalkOption) {
	record, err := pointedTo(dest, reflect.Struct)
	if err != nil {
		next(err)
		return
	}
	w, err := m.newWalk(ctx, record.Type(), where, collect(opts))
	if err == nil {
		err = w.run(ctx, func(page reflect.Value) bool {
			for i := range page.Len() {
				record.Set(page.Index(i))
				if !next(nil) {
					return false
				}
			}
			return true
		})
	}
	if err != nil {
		record.SetZero()
		next(err)
	}
}

// How a walk pages.
//
// The problem: a table of a million records cannot be read in one call, and it changes while it is read. Each page is a call
// and a transaction of its own; Odoo offers neither a cursor nor a snapshot over RPC. Still, a program that exports or
// synchronises records has to see each record exactly once, if the record was there all the time.
//
// What was rejected:
//   - Offset and limit, as Odoo's own lists do. A record that is deleted before the offset shifts the others, and one of them
//     is skipped; a record that is added makes another one appear twice. The server also reads and drops all rows before
//     the offset, so that the time grows with the square of the number of pages.
//   - Continuing after the last value of the ordering field. Values are not unique, can be unset, change while the walk runs, and
//     are compared by the collation of the database; a many2one is ordered by the order of its target. The client cannot
//     reproduce this.
//   - Reading all ids first in any case. It costs a large response before the first record arrives, which only a custom
//     order needs.
//
// The decision: without an order, pages follow the id, which is unique, never changes and has an index: each page has the
// condition id > last, ordered by id. With an order or an offset, one search reads the ids of all records in that order, and
// the pages read the records of the next ids of that list. Both continue at the right place whatever happens to other records.
//
// The end needs care. Some models (mail.message, mail.activity) apply the limit and then remove records that are hidden from the
// user, so that a page can be short, or empty, although more records follow. After a page that is not full, the walk therefore
// searches once more, and ends only if nothing is found. For the same reason the search for the ids has no limit. A server
// that ignores the condition would make the walk endless: a page that repeats an id is an error.
//
// The limits: a walk is not a snapshot. Records that are added during a walk by id are found, since their ids are greater; in a
// walk by a list they are not. A record that stops matching before its page is read is left out. The ids have to be numbers.

// walk reads the records that match page by page.
type walk struct {
	m     Model
	q     search
	row   reflect.Type
	pages int   // how many have been read
	last  int64 // the last id of the pages so far, or the id to begin after
	left  int   // how many records are still wanted, if there is a limit
	short bool  // the last page was not full: check whether it was the end
	list  bool  // the pages follow ids
	ids   []int64
}

func (m Model) newWalk(ctx context.Context, row reflect.Type, where Expr, o callOptions) (*walk, error) {
	if o.afterModel != "" && m.err == nil && o.afterModel != m.name {
		return nil, fmt.Errorf("orm: After a record of %s in a walk through %s", o.afterModel, m.name)
	}
	if m.name == attachments && !mentions(where, "id", "res_field") {
		where = and(where, trustedLeaf("res_field", "=", false))
	}
	q, err := m.prepare(ctx, where, o)
	if err != nil {
		return nil, err
	}
	if q.o.pageSize <= 0 {
		q.o.pageSize = defaultPageSize
	}
	return &walk{m: m, q: q, row: row, last: o.after, left: q.o.limit}, nil
}

// A search of ir.attachment leaves out the files of binary fields unless the condition names the id or res_field. The
// condition of a page names the id, which would include these files from the second page on.
const attachments = "ir.attachment"

// mentions reports whether a condition names one of the fields.
func mentions(e Expr, fields ...string) bool {
	if e.node == nil {
		return false
	}
	return slices.Contains(fields, e.node.field) || slices.ContainsFunc(e.node.kids, func(kid Expr) bool {
		return e.node.kind != kindAny && mentions(kid, fields...)
	})
}

// run calls use for one page after the other, until use returns false.
func (w *walk) run(ctx context.Context, use func(page reflect.Value) bool) error {
	if w.q.o.prefetch {
		return w.runAhead(ctx, use)
	}
	for {
		page, more, err := w.next(ctx)
		if err != nil || !use(page) || !more {
			return err
		}
	}
}

// runAhead is run with a goroutine that reads the next page while use handles the current one. When runAhead returns, no
// read is running.
func (w *walk) runAhead(ctx context.Context, use func(page reflect.Value) bool) error {
	type result struct {
		page reflect.Value
		more bool
		err  error
	}
	ctx, cancel := context.WithCancel(ctx)
	pages, reading := make(chan result, 1), false
	read := func() {
		reading = true
		go func() {
			var r result
			r.page, r.more, r.err = w.next(ctx)
			pages <- r
		}()
	}
	defer func() { // however the loop ends: use may panic
		cancel()
		if reading {
			<-pages
		}
	}()
	for read(); ; {
		r := <-pages
		reading = false
		if r.err != nil {
			return r.err
		}
		if r.more {
			read()
		}
		if !use(r.page) || !r.more {
			return nil
		}
	}
}

// next reads the next page, and reports whether there may be another.
func (w *walk) next(ctx context.Context) (page reflect.Value, more bool, err error) {
	page = reflect.New(reflect.SliceOf(w.row)).Elem()
	if !w.list && (w.short || w.q.order != "" || w.q.o.offset > 0) {
		if err := w.lookUp(ctx); err != nil {
			return page, false, w.located(err)
		}
	}
	if w.list {
		more, err = w.pageOfList(ctx, page)
	} else {
		more, err = w.pageByID(ctx, page)
	}
	if err != nil {
		return page, false, w.located(err)
	}
	w.pages++
	return page, more, nil
}

// pageByID reads the records whose ids are greater than the last one.
func (w *walk) pageByID(ctx context.Context, page reflect.Value) (more bool, err error) {
	q := w.q
	q.order, q.where, q.o.limit = "id", w.beyond(), w.q.o.pageSize
	limited := w.q.o.limit > 0
	if limited {
		q.o.limit = min(q.o.limit, w.left)
	}
	ids, err := w.m.read(ctx, page, q)
	if err != nil || len(ids) == 0 {
		w.short = true
		return true, err
	}
	if slices.Contains(ids, 0) {
		return false, w.noNumber()
	}
	if len(ids) > q.o.limit || ids[0] <= w.last || !slices.IsSorted(ids) {
		return false, w.m.malformed("the server does not page: it sent more records than requested, or the same ones again")
	}
	w.last = ids[len(ids)-1]
	w.left -= len(ids)
	w.short = len(ids) < q.o.limit
	return !limited || w.left > 0, nil
}

// beyond adds to the condition that the id is greater than the last one.
func (w *walk) beyond() Expr {
	if w.last == 0 {
		return w.q.where
	}
	return and(w.q.where, trustedLeaf("id", ">", w.last))
}

// lookUp searches the remaining ids, without a limit, because Odoo applies a limit before it removes hidden records.
func (w *walk) lookUp(ctx context.Context) error {
	q := w.q
	if q.o.limit = 0; w.short {
		q.order, q.where = "id", w.beyond()
	} else if w.last == 0 {
		q.o.limit = w.q.o.limit
	}
	var ids []int64
	if err := w.m.search(ctx, &ids, q); err != nil {
		if _, ok := errors.AsType[*DecodeError](err); ok {
			return w.noNumber()
		}
		return err
	}
	if w.last != 0 && !w.short {
		at := slices.Index(ids, w.last)
		if at < 0 {
			return fmt.Errorf("orm: After(%d): %s has no such record that still matches: a walk with an order or an offset cannot resume there: %w", w.last, w.m.name, ErrNoRecord)
		}
		ids = ids[at+1:]
	}
	if w.q.o.limit > 0 {
		ids = ids[:min(len(ids), w.left)]
	}
	w.ids, w.list = ids, true
	return nil
}

// pageOfList reads the records with the next ids. It searches them, because read would fail as a whole if one of them were
// no longer visible to the user.
func (w *walk) pageOfList(ctx context.Context, page reflect.Value) (more bool, err error) {
	n := min(len(w.ids), w.q.o.pageSize)
	if n == 0 {
		return false, nil
	}
	wanted := w.ids[:n]
	q := w.q
	q.where, q.order, q.o.limit, q.o.offset = and(w.q.where, trustedLeaf("id", "in", wanted)), "id", 0, 0
	got, err := w.m.read(ctx, page, q)
	if err != nil {
		return false, err
	}
	if err := w.arrange(page, got, wanted); err != nil {
		return false, err
	}
	w.last, w.ids = wanted[n-1], w.ids[n:]
	return len(w.ids) > 0, nil
}

// arrange puts the records of a page, which have the ids got, in the order of wanted.
func (w *walk) arrange(page reflect.Value, got, wanted []int64) error {
	at := make(map[int64]int, len(got))
	for i, id := range got {
		at[id] = i
	}
	sorted := reflect.MakeSlice(page.Type(), 0, len(got))
	for _, id := range wanted {
		if i, ok := at[id]; ok {
			sorted = reflect.Append(sorted, page.Index(i))
			delete(at, id)
		}
	}
	if sorted.Len() != len(got) {
		return w.m.malformed("the server sent other records than those requested")
	}
	page.Set(sorted)
	return nil
}

func (w *walk) noNumber() error {
	return w.m.malformed("the id of a record is not a number: pages need one; read the model with Find")
}

// located adds the position in the walk to an error.
func (w *walk) located(err error) error {
	if w.pages == 0 {
		return err
	}
	return &pageError{w.pages + 1, w.last, err}
}

// pageError is an error during a walk.
type pageError struct {
	page int
	last int64
	err  error
}

func (e *pageError) Error() string {
	return fmt.Sprintf("orm: page %d, after record %d: %s", e.page, e.last, strings.TrimPrefix(e.err.Error(), "orm: "))
}

func (e *pageError) Unwrap() error { return e.err }

// All reads the records that match, page by page, in the given order or by id. It neither skips nor repeats records when
// others are added or deleted meanwhile. It ends after an error. Its own options are [PageSize], [Prefetch] and [After];
// [Model.Each] explains the paging.
func All[R, M any](ctx context.Context, c *Client, where Domain[M], opts ...WalkOption) iter.Seq2[R, error] {
	return func(yield func(R, error) bool) {
		var record R
		modelOf[M](c).Each(ctx, &record, Expr(where), func(err error) bool { return yield(record, err) }, opts...)
	}
}
