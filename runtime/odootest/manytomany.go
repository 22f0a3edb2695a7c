package odootest

import "slices"

// A many2many is kept as a list of ids on the records of one model. Its inverse, which shares the table, reads and
// writes the lists of the other side.

// stored is the list of a record.
func stored(r *record, f *field) []int64 {
	ids, _ := r.values[f.Name].([]int64)
	return ids
}

// paired are the ids that a record is linked to.
func (t *tx) paired(r *record, f *field) []int64 {
	if f.mirror == nil {
		return stored(r, f)
	}
	var out []int64
	for _, other := range t.all(f.target) {
		if slices.Contains(stored(other, f.mirror), r.id) {
			out = append(out, other.id)
		}
	}
	return out
}

// pair links a record to another.
func (t *tx) pair(r *record, f *field, id int64) {
	if f.mirror != nil {
		r, f, id = t.get(f.target, id), f.mirror, r.id
	}
	if ids := stored(r, f); !slices.Contains(ids, id) {
		t.set(r, f.Name, append(slices.Clip(ids), id))
	}
}

// keep cuts the links of a record to those that are wanted.
func (t *tx) keep(r *record, f *field, wanted func(int64) bool) {
	if f.mirror == nil {
		t.set(r, f.Name, filter(stored(r, f), wanted))
		return
	}
	for _, id := range t.paired(r, f) {
		if !wanted(id) {
			other := t.get(f.target, id)
			t.set(other, f.mirror.Name, filter(stored(other, f.mirror), func(mine int64) bool { return mine != r.id }))
		}
	}
}

func filter(ids []int64, wanted func(int64) bool) []int64 {
	var out []int64
	for _, id := range ids {
		if wanted(id) {
			out = append(out, id)
		}
	}
	return out
}

// mirror makes the many2manys of a table one: the first of them keeps the links, those of the other direction read them
// there.
func (c *catalog) mirror() {
	keepers := map[string]*field{}
	for _, m := range c.sorted() {
		for _, f := range m.sorted() {
			if f.Type != "many2many" || f.Table == "" || f.target == nil {
				continue
			}
			keeper := keepers[f.Table]
			switch {
			case keeper == nil:
				keepers[f.Table] = f
				f.owner = m
			case keeper.Column != f.Column && keeper.target == m && keeper.owner == f.target:
				f.mirror = keeper
			}
		}
	}
}
