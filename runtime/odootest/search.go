package odootest

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
)

// query is what search is asked for.
type query struct {
	domain        any
	offset, limit int
	order         string
}

// search finds the records that match, in order.
func (t *tx) search(m *model, q query) ([]*record, error) {
	if err := t.may(m, "read"); err != nil {
		return nil, err
	}
	match, err := t.condition(m, q.domain)
	if err != nil {
		return nil, err
	}
	order, err := t.order(m, q.order)
	if err != nil {
		return nil, err
	}
	if q.limit < 0 || q.offset < 0 {
		return nil, fail(classBadLimit, "LIMIT must not be negative\n")
	}
	permitted, err := t.permitted(m, "read")
	if err != nil {
		return nil, err
	}
	found := slices.DeleteFunc(t.all(m), func(r *record) bool { return !match(r) || permitted != nil && !permitted(r) })
	slices.SortStableFunc(found, order)
	found = found[min(q.offset, len(found)):]
	if q.limit > 0 {
		found = found[:min(q.limit, len(found))]
	}
	return found, nil
}

// condition is the domain with the filter that hides archived records, unless the context or the domain itself deals
// with these.
func (t *tx) condition(m *model, domain any) (predicate, error) {
	terms, err := t.terms(domain)
	if err != nil {
		return nil, err
	}
	match, err := t.compile(m, terms)
	if err != nil || !t.activeTest() || m.active == nil || mentions(terms, m.active.Name) {
		return match, err
	}
	return func(r *record) bool { return t.isActive(m, r) && match(r) }, nil
}

func ids(records []*record) []int64 {
	out := make([]int64, len(records))
	for i, r := range records {
		out[i] = r.id
	}
	return out
}

// orderForm is a key of an order: field, path, direction, nulls. Older versions know neither paths nor nulls.
var orderForm = regexp.MustCompile(`(?i)^\s*(\w+)(\.\w+)?(\s+(?:asc|desc))?(\s+nulls\s+(?:first|last))?\s*$`)

const badOrder = `Invalid "order" specified (%s). A valid "order" specification is a comma-separated list of valid field names (optionally followed by asc/desc for the direction)`

type comparison func(a, b *record) int

// order makes a comparison of "name asc, id desc", or of the order of the model.
func (t *tx) order(m *model, text string) (comparison, error) {
	if strings.TrimSpace(text) == "" {
		return t.modelOrder(m, nil), nil
	}
	var keys []comparison
	for part := range strings.SplitSeq(text, ",") {
		key, err := t.orderKey(m, part, text, nil)
		if err != nil {
			return nil, err
		}
		keys = append(keys, key)
	}
	return lexical(keys), nil
}

// modelOrder is the order that the model itself has. Keys that can't be compared here, such as SQL of its own, count for
// nothing.
func (t *tx) modelOrder(m *model, seen []*field) comparison {
	var keys []comparison
	for part := range strings.SplitSeq(m.order, ",") {
		if key, err := t.orderKey(m, part, m.order, seen); err == nil {
			keys = append(keys, key)
		}
	}
	return lexical(keys)
}

// lexical compares by the first key that tells.
func lexical(keys []comparison) comparison {
	return func(a, b *record) int {
		for _, key := range keys {
			if c := key(a, b); c != 0 {
				return c
			}
		}
		return 0
	}
}

// orderKey is one key. The fields seen are those that led here: an order by a many2one, which is that of its target,
// may come back to itself.
func (t *tx) orderKey(m *model, part, whole string, seen []*field) (comparison, error) {
	found := orderForm.FindStringSubmatch(part)
	if found == nil || !t.modern() && found[2]+found[4] != "" {
		return nil, fail(classUser, badOrder, whole)
	}
	f := m.fields[found[1]]
	switch {
	case f == nil:
		return nil, fail(classValue, "Invalid field '%s' on model '%s'", found[1], m.name)
	case found[2] != "":
		return nil, t.notARelation(m, f, found[2][1:])
	case !f.isSortable() && t.modern():
		return nil, fail(classValue, "Cannot convert %s.%s to SQL because it is not stored", m.name, f.Name)
	case !f.isSortable():
		return func(*record, *record) int { return 0 }, nil
	}
	descending := strings.EqualFold(strings.TrimSpace(found[3]), "desc")
	nullsFirst := descending
	if found[4] != "" {
		nullsFirst = strings.HasSuffix(strings.ToLower(found[4]), "first")
	}
	if f.Type == "many2one" && f.target != nil {
		return t.targetOrder(m, f, descending, nullsFirst, seen), nil
	}
	return func(a, b *record) int {
		return compareKeys(t.orderValue(m, a, f), t.orderValue(m, b, f), descending, nullsFirst)
	}, nil
}

// targetOrder compares by the targets of a many2one, in their own order.
func (t *tx) targetOrder(m *model, f *field, descending, nullsFirst bool, seen []*field) comparison {
	if slices.Contains(seen, f) {
		return func(*record, *record) int { return 0 }
	}
	order := t.modelOrder(f.target, append(slices.Clip(seen), f))
	target := func(r *record) *record {
		id, _ := t.raw(m, r, f).(int64)
		return t.get(f.target, id)
	}
	return func(a, b *record) int {
		x, y := target(a), target(b)
		switch {
		case x == nil || y == nil:
			return compareKeys(presence(x), presence(y), descending, nullsFirst)
		case descending:
			return order(y, x)
		}
		return order(x, y)
	}
}

// presence is nil for no record.
func presence(r *record) any {
	if r == nil {
		return nil
	}
	return true
}

// isSortable tells whether a database could order by the field.
func (f *field) isSortable() bool { return !f.isToMany() && (!f.Computed || f.Related != "") }

func (t *tx) orderValue(m *model, r *record, f *field) any {
	if f.Type == "boolean" {
		n, _ := number(t.value(m, r, f))
		return n
	}
	return t.raw(m, r, f)
}

func compareKeys(a, b any, descending, nullsFirst bool) int {
	if a == nil || b == nil {
		c := cmp.Compare(rank(a), rank(b))
		if nullsFirst {
			return -c
		}
		return c
	}
	c := compareValues(a, b)
	if descending {
		return -c
	}
	return c
}

// rank puts unset values last.
func rank(v any) int {
	if v == nil {
		return 1
	}
	return 0
}

// compareValues compares two values of one field.
func compareValues(a, b any) int {
	x, isNumber := number(a)
	if y, ok := number(b); ok && isNumber {
		return cmp.Compare(x, y)
	}
	return cmp.Compare(str(a), str(b))
}

// sort puts ids into the order of their model.
func (t *tx) sort(m *model, ids []int64) {
	order := t.modelOrder(m, nil)
	slices.SortStableFunc(ids, func(a, b int64) int { return cmp.Or(order(t.get(m, a), t.get(m, b)), cmp.Compare(a, b)) })
}
