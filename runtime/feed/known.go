package feed

import (
	"cmp"
	"slices"
)

// known are the records that have been delivered, by ID: 16 bytes each.
type known struct {
	ids  []int64
	sums []uint64
}

func newKnown(seen []Seen) *known {
	k := &known{}
	k.apply(Progress{Seen: seen})
	return k
}

func (k *known) get(id int64) (sum uint64, ok bool) {
	i, ok := slices.BinarySearch(k.ids, id)
	if !ok {
		return 0, false
	}
	return k.sums[i], true
}

func (k *known) all() []Seen {
	out := make([]Seen, len(k.ids))
	for i, id := range k.ids {
		out[i] = Seen{id, k.sums[i]}
	}
	return out
}

// apply makes a step.
func (k *known) apply(p Progress) {
	var added []Seen
	for _, s := range p.Seen {
		if i, ok := slices.BinarySearch(k.ids, s.ID); ok {
			k.sums[i] = s.Sum
		} else {
			added = append(added, s)
		}
	}
	k.insert(added)
	k.remove(p.Gone)
}

// insert merges records from the end, where most of them belong.
func (k *known) insert(added []Seen) {
	slices.SortStableFunc(added, func(a, b Seen) int { return cmp.Compare(a.ID, b.ID) })
	added = lastOfEach(added)
	from := len(k.ids) - 1
	k.ids = append(k.ids, make([]int64, len(added))...)
	k.sums = append(k.sums, make([]uint64, len(added))...)
	for to := len(k.ids) - 1; len(added) > 0; to-- {
		if last := added[len(added)-1]; from < 0 || k.ids[from] < last.ID {
			k.ids[to], k.sums[to] = last.ID, last.Sum
			added = added[:len(added)-1]
			continue
		}
		k.ids[to], k.sums[to] = k.ids[from], k.sums[from]
		from--
	}
}

// lastOfEach keeps the last of the entries of each ID.
func lastOfEach(sorted []Seen) []Seen {
	kept := sorted[:0]
	for i, s := range sorted {
		if i == len(sorted)-1 || sorted[i+1].ID != s.ID {
			kept = append(kept, s)
		}
	}
	return kept
}

func (k *known) remove(gone []int64) {
	if len(gone) == 0 {
		return
	}
	gone = slices.Sorted(slices.Values(gone))
	kept := 0
	for i, id := range k.ids {
		if _, ok := slices.BinarySearch(gone, id); !ok {
			k.ids[kept], k.sums[kept] = id, k.sums[i]
			kept++
		}
	}
	k.ids, k.sums = k.ids[:kept], k.sums[:kept]
}

// uncommitted are the records that were delivered without a commit.
func (k *known) uncommitted() []int64 {
	var out []int64
	for i, sum := range k.sums {
		if sum == offered || sum == offeredNew {
			out = append(out, k.ids[i])
		}
	}
	return out
}

// span is a range of IDs.
type span struct{ from, to int64 } // to is not in it

// in are the known IDs of a span.
func (k *known) in(s span) []int64 {
	from, _ := slices.BinarySearch(k.ids, s.from)
	to, _ := slices.BinarySearch(k.ids, s.to)
	return k.ids[from:to]
}

// tally is the number and the sum of IDs.
type tally struct {
	Count int64 `odoo:"__count"`
	Sum   int64 `odoo:"id:sum"`
}

func tallyOf(ids []int64) tally {
	t := tally{Count: int64(len(ids))}
	for _, id := range ids {
		t.Sum += id
	}
	return t
}
