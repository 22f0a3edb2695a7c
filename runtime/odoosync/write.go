package odoosync

import (
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"

	orm "github.com/odoogen/odoogen/runtime"
)

// This file writes. What Odoo refuses is halved until the rows that are to blame are alone; every other error ends the
// run, since the outcome of the call may be unknown.

// refused reports whether an error is Odoo's answer to the values, and the call has had no effect.
func refused(err error) bool {
	if _, ok := errors.AsType[*loadRefusal](err); ok {
		return true
	}
	e, ok := errors.AsType[*orm.Error](err)
	if !ok || e.MaybeDone() || e.Class == "" {
		return false
	}
	for _, other := range []error{orm.ErrAccessDenied, orm.ErrNoDatabase, orm.ErrSessionExpired, orm.ErrNotFound, orm.ErrArguments} {
		if errors.Is(err, other) {
			return false
		}
	}
	return true
}

// attempt is what became of rows that were sent.
type attempt struct {
	written []*row
	refused []refusal
	err     error // of a call whose outcome may be unknown: it ends the run
}

type refusal struct {
	row *row
	err error
}

// halving writes rows in one call, or in parts where Odoo refuses some of them. write makes one call, so that its error says
// what became of all rows.
func halving(rows []*row, write func([]*row) error) attempt {
	err := write(rows)
	switch {
	case err == nil:
		return attempt{written: rows}
	case !refused(err):
		return attempt{err: err}
	case len(rows) == 1:
		return attempt{refused: []refusal{{rows[0], err}}}
	}
	half := len(rows) / 2
	first := halving(rows[:half], write)
	if first.err != nil {
		return first
	}
	second := halving(rows[half:], write)
	return attempt{slices.Concat(first.written, second.written), slices.Concat(first.refused, second.refused), second.err}
}

// fewAtOnce is the number of rows for which a call of its own pays.
const fewAtOnce = 50

// write writes rows in as many calls at once as [Parallel] allows, reports those that Odoo refuses, and gives back the others.
func (j *job) write(rows []*row, write func([]*row) error) (written []*row, err error) {
	if len(rows) == 0 {
		return nil, nil
	}
	calls := max(1, min(j.settings.parallel, len(rows)/fewAtOnce))
	parts := slices.Collect(slices.Chunk(rows, (len(rows)+calls-1)/calls))
	done := make([]attempt, len(parts))
	var group sync.WaitGroup
	for i, part := range parts {
		group.Go(func() { done[i] = halving(part, write) })
	}
	group.Wait()
	for _, d := range done {
		written, err = append(written, d.written...), errors.Join(err, d.err)
		for _, r := range d.refused {
			j.fail(r.row, r.err)
		}
	}
	return written, err
}

// put writes rows and reports them.
func (j *job) put(rows []*row, outcome Outcome, write func([]*row) error) error {
	written, err := j.write(rows, write)
	return errors.Join(err, j.settled(written, outcome))
}

// create makes the records of new rows.
func (j *job) create(rows []*row) error {
	if j.key.byXMLID() {
		return j.createByXMLID(rows)
	}
	return j.put(rows, Created, func(part []*row) error {
		values := make([]orm.Args, len(part))
		for i, r := range part {
			values[i] = args(r.values)
		}
		var ids []int64
		if err := j.model.CreateMany(j.ctx, &ids, values); err != nil {
			return err
		}
		for i, r := range part {
			r.id = ids[i]
		}
		return nil
	})
}

// createByXMLID makes records with their external IDs in one call, so that none is left without. Fields that load does not
// take are written after it.
func (j *job) createByXMLID(rows []*row) error {
	for _, group := range groupBy(rows, func(r *row) string { return strings.Join(j.loadable(r.values), ",") }) {
		created, err := j.write(group, j.loadNew)
		if err != nil {
			return errors.Join(err, j.settled(created, Created))
		}
		names := j.loadable(group[0].values)
		var whole []*row
		for _, r := range created {
			r.changes = without(r.values, names)
			if len(r.changes) == 0 {
				whole = append(whole, r)
				continue
			}
			rest, err := j.write([]*row{r}, j.writeSame)
			if whole = append(whole, rest...); err != nil {
				return errors.Join(err, j.settled(whole, Created))
			}
		}
		if err := j.settled(whole, Created); err != nil {
			return err
		}
	}
	return nil
}

// loadNew creates records that have the same loadable fields.
func (j *job) loadNew(rows []*row) error {
	names := j.loadable(rows[0].values)
	t := j.table("id", names)
	for _, r := range rows {
		t.rows = append(t.rows, append([]string{r.xmlID}, j.cells(r.values, names)...))
	}
	ids, err := j.load(t)
	for i, id := range ids {
		rows[i].id = id
	}
	return err
}

// fewWrites is the number of records with changes of their own from which one load takes the place of a write each.
const fewWrites = 3

// update writes what differs: one call for records with the same changes, and a load for those of which each has its own.
func (j *job) update(rows []*row) error {
	var single []*row
	for _, group := range groupBy(rows, func(r *row) string { return string(mustJSON(r.changes)) }) {
		if len(group) == 1 {
			single = append(single, group...)
		} else if err := j.put(group, Changed, j.writeSame); err != nil {
			return err
		}
	}
	for _, group := range groupBy(single, func(r *row) string { return strings.Join(sortedKeys(r.changes), ",") }) {
		if len(group) >= fewWrites && len(j.loadable(group[0].changes)) == len(group[0].changes) {
			if err := j.put(group, Changed, j.loadChanges); err != nil {
				return err
			}
			continue
		}
		for _, r := range group {
			if err := j.put([]*row{r}, Changed, j.writeSame); err != nil {
				return err
			}
		}
	}
	return nil
}

func (j *job) writeSame(rows []*row) error {
	ids := make([]int64, len(rows))
	for i, r := range rows {
		ids[i] = r.id
	}
	return j.model.Write(j.ctx, ids, args(rows[0].changes))
}

func (j *job) loadChanges(rows []*row) error {
	names := sortedKeys(rows[0].changes)
	t := j.table(".id", names)
	for _, r := range rows {
		t.rows = append(t.rows, append([]string{strconv.FormatInt(r.id, 10)}, j.cells(r.changes, names)...))
	}
	_, err := j.load(t)
	return err
}

// settled reads written rows back and reports them.
func (j *job) settled(rows []*row, outcome Outcome) error {
	written := func(r *row) map[string]json.RawMessage {
		if outcome == Created {
			return r.values
		}
		return r.changes
	}
	stored, err := j.readStored(rows)
	if err != nil {
		return err
	}
	for _, r := range rows {
		var unsettled []string
		if rec := stored[r.id]; rec != nil {
			differ, err := j.differences(r, rec)
			if err != nil {
				return err
			}
			for name := range differ {
				if _, ours := written(r)[name]; ours {
					unsettled = append(unsettled, name)
				}
			}
		}
		j.ids[r.id] = true
		j.done(r, outcome, sortedKeys(written(r)), unsettled...)
	}
	return nil
}

// args are values as a write takes them.
func args(values map[string]json.RawMessage) orm.Args {
	out := make(orm.Args, len(values))
	for name, v := range values {
		out[name] = v
	}
	return out
}

func without(values map[string]json.RawMessage, names []string) map[string]json.RawMessage {
	out := maps.Clone(values)
	for _, name := range names {
		delete(out, name)
	}
	return out
}

// groupBy parts rows by a text, in the order of the first row of each group.
func groupBy(rows []*row, of func(*row) string) [][]*row {
	place := map[string]int{}
	var out [][]*row
	for _, r := range rows {
		k := of(r)
		i, ok := place[k]
		if !ok {
			i = len(out)
			place[k], out = i, append(out, nil)
		}
		out[i] = append(out[i], r)
	}
	return out
}
