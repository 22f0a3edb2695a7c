package odootest

import (
	"cmp"
	"regexp"
	"slices"
	"strings"

	"github.com/odoogen/odoogen/internal/odoofacts"
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
	if err != nil && t.matchesNothing(q.domain) {
		return nil, nil // Odoo does not get to the order
	}
	if err != nil {
		return nil, err
	}
	if _, err := window([]*record(nil), q.offset, q.limit); err != nil {
		return nil, err
	}
	permitted, err := t.permitted(m, "read")
	if err != nil {
		return nil, err
	}
	found := slices.DeleteFunc(t.all(m), func(r *record) bool { return !match(r) || permitted != nil && !permitted(r) })
	slices.SortStableFunc(found, order.compare)
	return window(found, q.offset, q.limit)
}

// window is what an offset and a limit leave of a list; a limit of zero leaves all.
func window[E any](all []E, offset, limit int) ([]E, error) {
	switch {
	case limit < 0:
		return nil, fail(classBadLimit, "LIMIT must not be negative\n")
	case offset < 0:
		return nil, fail(classBadOffset, "OFFSET must not be negative\n")
	}
	all = all[min(offset, len(all)):]
	if limit > 0 {
		all = all[:min(limit, len(all))]
	}
	return all, nil
}

// condition is the domain with the filter that hides archived records, unless the context or the domain itself deals
// with these.
func (t *tx) condition(m *model, domain any) (predicate, error) {
	terms, err := t.terms(domain)
	if err != nil {
		return nil, err
	}
	if !t.modern() && t.alwaysFalse(terms) {
		return never, nil
	}
	match, err := t.compile(m, terms)
	if err != nil || !t.activeTest() || m.active == nil || mentions(terms, m.active.Name) {
		return match, err
	}
	return func(r *record) bool { return t.isActive(m, r) && match(r) }, nil
}

// matchesNothing reports whether Odoo knows before it asks the database that nothing matches a domain.
func (t *tx) matchesNothing(domain any) bool {
	terms, err := t.terms(domain)
	return err == nil && t.alwaysFalse(terms)
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

// orderKey is one key of an order: a value of each record, nil for none.
type orderKey struct {
	value                  func(*record) any
	descending, nullsFirst bool
}

func (k orderKey) compare(a, b *record) int {
	return compareKeys(k.value(a), k.value(b), k.descending, k.nullsFirst)
}

type order []orderKey

func (o order) compare(a, b *record) int {
	for _, key := range o {
		if c := key.compare(a, b); c != 0 {
			return c
		}
	}
	return 0
}

// order makes an order of "name asc, id desc", or that of the model.
func (t *tx) order(m *model, text string) (order, error) {
	if strings.TrimSpace(text) == "" {
		return t.modelOrder(m, nil), nil
	}
	if !t.does(odoofacts.OrderAnew) && slices.ContainsFunc(strings.Split(text, ","), func(part string) bool { return strings.TrimSpace(part) == "" }) {
		return nil, fail(classIndex, "list index out of range")
	}
	var out order
	for part := range strings.SplitSeq(text, ",") {
		keys, err := t.orderKeys(m, part, text, nil)
		if err != nil {
			return nil, err
		}
		out = append(out, keys...)
	}
	return out, nil
}

// modelOrder is the order that the model itself has. Keys that can't be compared here, such as SQL of its own, count for
// nothing.
func (t *tx) modelOrder(m *model, seen []*field) order {
	var out order
	for part := range strings.SplitSeq(m.order, ",") {
		if keys, err := t.orderKeys(m, part, m.order, seen); err == nil {
			out = append(out, keys...)
		}
	}
	return out
}

// orderKeys are the keys of "name desc": those of the target if it is a many2one. The fields seen are those that led
// here: such an order may come back to itself.
func (t *tx) orderKeys(m *model, part, whole string, seen []*field) (order, error) {
	found := orderForm.FindStringSubmatch(part)
	if found != nil && found[2] != "" && !t.modern() {
		if handled, err := t.oldPath(m, found[1], found[2][1:]); handled {
			return nil, err
		}
	}
	if found == nil || !t.does(odoofacts.OrderAnew) && (found[2] != "" || found[4] != "" && !t.does(odoofacts.NullsOrder)) {
		return nil, fail(classUser, badOrder, whole)
	}
	f := m.fields[found[1]]
	switch {
	case f == nil:
		return nil, fail(classValue, "Invalid field '%s' on model '%s'", found[1], m.name)
	case found[2] == ".id" && f.Type == "many2one":
	case found[2] != "" && f.Type == "properties":
		descending := strings.EqualFold(strings.TrimSpace(found[3]), "desc")
		return order{{func(r *record) any { return t.property(m, r, f, found[2][1:]) }, descending, descending}}, nil
	case found[2] != "":
		return nil, t.notARelation(m, f, found[2][1:])
	case !t.isSortable(f) && t.does(odoofacts.OrderAnew):
		return nil, fail(classValue, "Cannot convert %s.%s to SQL because it is not stored", m.name, f.Name)
	case !t.isSortable(f):
		return nil, nil
	}
	descending := strings.EqualFold(strings.TrimSpace(found[3]), "desc")
	nullsFirst := descending
	if found[4] != "" {
		nullsFirst = strings.HasSuffix(strings.ToLower(found[4]), "first")
	}
	own := orderKey{func(r *record) any { return t.orderValue(m, r, f) }, descending, nullsFirst}
	if f.Type != "many2one" || f.target == nil || found[2] != "" {
		return order{own}, nil
	}
	return t.targetKeys(m, f, own, found[4] != "", seen), nil
}

// oldPath refuses a path in an order where a version before 19 has an error of its own for it.
func (t *tx) oldPath(m *model, field, rest string) (bool, error) {
	whole := field + "." + rest
	switch {
	case t.does(odoofacts.OrderAnew) && rest == "id":
		return false, nil
	case t.does(odoofacts.OrderAnew), t.does(odoofacts.ZeroInLists) && !t.does(odoofacts.SyntaxIsValue) && rest == "id":
		return true, fail(classValue, "Invalid field '%s' on model '%s'", whole, m.name)
	case t.does(odoofacts.SyntaxIsValue):
		return true, fail(classValue, "Order a property ('%s') on a non-properties field ('%s')", rest, field)
	}
	return false, nil
}

// targetKeys are the keys of the target of a many2one, turned around if it is ordered the other way.
func (t *tx) targetKeys(m *model, f *field, own orderKey, nulls bool, seen []*field) order {
	if slices.Contains(seen, f) {
		return nil
	}
	var out order
	if nulls {
		out = append(out, orderKey{func(r *record) any { return own.value(r) == nil }, own.nullsFirst, false})
	}
	for _, key := range t.modelOrder(f.target, append(slices.Clip(seen), f)) {
		value := key.value
		key.value = func(r *record) any {
			id, _ := t.raw(m, r, f).(int64)
			if target := t.get(f.target, id); target != nil {
				return value(target)
			}
			return nil
		}
		if own.descending {
			key.descending, key.nullsFirst = !key.descending, !key.nullsFirst
		}
		out = append(out, key)
	}
	return out
}

// isSortable reports whether a database could order by the field.
func (t *tx) isSortable(f *field) bool {
	if t.does(odoofacts.OrderAnew) {
		return !f.isToMany() && f.Type != "binary" && (!f.Computed || f.Related != "")
	}
	return !f.isToMany() && !f.Computed
}

func (t *tx) orderValue(m *model, r *record, f *field) any {
	if f.Name == "id" {
		return r.id
	}
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
	slices.SortStableFunc(ids, func(a, b int64) int { return cmp.Or(order.compare(t.get(m, a), t.get(m, b)), cmp.Compare(a, b)) })
}
