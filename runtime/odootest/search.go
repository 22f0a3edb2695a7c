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
	found := slices.DeleteFunc(t.all(m), func(r *record) bool { return !match(r) })
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
	if err != nil || !t.activeTest() || !m.has("active") || mentions(terms, "active") {
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

// order makes a comparison of "name asc, id desc". Without any the records stay in the order of their ids.
func (t *tx) order(m *model, text string) (comparison, error) {
	var keys []comparison
	if strings.TrimSpace(text) != "" {
		for part := range strings.SplitSeq(text, ",") {
			key, err := t.orderKey(m, part, text)
			if err != nil {
				return nil, err
			}
			keys = append(keys, key)
		}
	}
	return func(a, b *record) int {
		for _, key := range keys {
			if c := key(a, b); c != 0 {
				return c
			}
		}
		return 0
	}, nil
}

func (t *tx) orderKey(m *model, part, whole string) (comparison, error) {
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
	return func(a, b *record) int {
		return compareKeys(t.orderValue(m, a, f), t.orderValue(m, b, f), descending, nullsFirst)
	}, nil
}

// isSortable tells whether a database could order by the field.
func (f *field) isSortable() bool { return !f.isToMany() && (!f.Computed || f.Related != "") }

func (t *tx) orderValue(m *model, r *record, f *field) any {
	v := t.value(m, r, f)
	if yes, ok := v.(bool); ok {
		n, _ := number(yes)
		return n
	}
	return v
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
