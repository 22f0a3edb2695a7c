package feed

import (
	"cmp"
	"context"
	"math"
	"slices"

	"github.com/odoogen/odoogen/internal/odoofacts"
	orm "github.com/odoogen/odoogen/runtime"
)

const (
	// leaf is the number of known IDs up to which a span is compared ID by ID: an answer of about 80 kB.
	leaf  = 10_000
	maxID = math.MaxInt64
)

// check compares the IDs that match with those that are known, and delivers what became of those that differ. A feed that has
// seen all records that match knows at least those, so that equal numbers mean equal sets; the sum is for records that match
// without a new write_date.
func (r *run[R, M]) check() error {
	all := span{0, maxID}
	if odoofacts.HidesRecords(r.model.Name()) {
		differ, err := r.compareIDs(all)
		return cmp.Or(err, r.settle(differ))
	}
	there, err := r.tally(all)
	if err != nil {
		return err
	}
	differ, err := r.differences(all, there)
	if err != nil {
		return err
	}
	return r.settle(differ)
}

// tally counts the records of a span that match.
func (r *run[R, M]) tally(s span) (tally, error) {
	var rows []tally
	if err := r.model.Group(r.ctx, &rows, both(r.where, s.conditions()...), orm.Archived()); err != nil || len(rows) == 0 {
		return tally{}, err
	}
	return rows[0], nil
}

// conditions are those of a span.
func (s span) conditions() (out []orm.Domain[any]) {
	if s.from > 0 {
		out = append(out, orm.Where[any]("id", ">=", s.from))
	}
	if s.to < maxID {
		out = append(out, orm.Where[any]("id", "<", s.to))
	}
	return out
}

// differences are the IDs of a span that match and are not known, or the other way round. Each halving is one call: what one
// half has, the other one has not.
func (r *run[R, M]) differences(s span, there tally) ([]int64, error) {
	ids := r.known.in(s)
	switch {
	case tallyOf(ids) == there:
		return nil, nil
	case len(ids) <= leaf:
		return r.compareIDs(s)
	}
	middle := ids[len(ids)/2]
	lower, upper := span{s.from, middle}, span{middle, s.to}
	below, err := r.tally(lower)
	if err != nil {
		return nil, err
	}
	left, err := r.differences(lower, below)
	if err != nil {
		return nil, err
	}
	right, err := r.differences(upper, tally{there.Count - below.Count, there.Sum - below.Sum})
	return append(left, right...), err
}

func (r *run[R, M]) compareIDs(s span) ([]int64, error) {
	there, err := r.matching(r.ctx, s)
	if err != nil {
		return nil, err
	}
	known := r.known.in(s)
	var differ []int64
	for _, id := range there {
		if _, ok := slices.BinarySearch(known, id); !ok {
			differ = append(differ, id)
		}
	}
	for _, id := range known {
		if _, ok := slices.BinarySearch(there, id); !ok {
			differ = append(differ, id)
		}
	}
	slices.Sort(differ)
	return differ, nil
}

// matching are the IDs of a span that match, sorted.
func (r *run[R, M]) matching(ctx context.Context, s span) (all []int64, err error) {
	limit := leaf
	if odoofacts.HidesRecords(r.model.Name()) {
		limit = 0
	}
	for {
		var page []int64
		err := r.model.Search(ctx, &page, both(r.where, s.conditions()...), orm.Limit(limit), orm.Asc(orm.Field[any, int64]("id")), orm.Archived())
		if err != nil {
			return nil, err
		}
		all = append(all, page...)
		if len(page) < limit || limit == 0 {
			return all, nil
		}
		s.from = page[len(page)-1] + 1
	}
}
