package odootest

import (
	"slices"
	"strings"

	"github.com/odoogen/odoogen/internal/odoofacts"
)

// relationLeaf is a condition on a relation, since Odoo 19: on the ids or the names of its targets.
func (t *tx) relationLeaf(m *model, f *field, operator string, leaf []any) (predicate, error) {
	value := leaf[2]
	switch operator {
	case "=?":
		if !truthy(value) {
			return always, nil
		}
		return t.oneOf(m, f, listed("=", value))
	case "=", "in":
		return t.oneOf(m, f, listed(operator, value))
	case "!=", "not in":
		values := listed(opposites[operator], value)
		if f.Type == "many2one" && slices.Contains(values, any(int64(0))) { // NULL for the database: what is compared with it is unknown
			return t.oneOf(m, f, []any{false})
		}
		return negated(t.oneOf(m, f, values))
	case "child_of", "parent_of":
		return t.hierarchy(m, f, operator, value)
	case "<", "<=", ">", ">=":
		return t.compareTargets(m, f, operator, leaf)
	}
	return t.named(m, f, operator, leaf)
}

var opposites = map[string]string{"!=": "=", "not in": "in", "not like": "like", "not ilike": "ilike"}

func negated(p predicate, err error) (predicate, error) {
	if err != nil {
		return nil, err
	}
	return not(p), nil
}

// listed is the list of values that "=" or "in" is about.
func listed(operator string, value any) []any {
	list, isList := value.([]any)
	switch {
	case isList && len(list) == 0 && operator == "=":
		return []any{false}
	case isList:
		return list
	case operator == "=":
		return []any{value}
	case !truthy(value):
		return nil
	}
	return []any{value}
}

// oneOf matches records with one of the targets, given as ids, names, or false for none.
func (t *tx) oneOf(m *model, f *field, values []any) (predicate, error) {
	none := false
	wanted := map[int64]bool{}
	for _, v := range values {
		switch v := v.(type) {
		case nil:
			none = true
		case bool:
			if v {
				return nil, fail(classNoSuchOperator, "operator does not exist: integer = boolean\n")
			}
			none = true
		case int64:
			wanted[v] = true
		case string:
			if f.target == nil {
				return nil, notInSnapshot(m, f)
			}
			for _, id := range t.withName(f.target, func(name any) bool { return name == v || v == "" && name == nil }) {
				wanted[id] = !f.isToMany() || t.isVisible(f.target, id)
			}
		}
	}
	return func(r *record) bool {
		ids := t.links(m, r, f)
		return none && len(ids) == 0 || slices.ContainsFunc(ids, func(id int64) bool { return wanted[id] })
	}, nil
}

// withName are the ids of the records whose display name, nil if unset, is right.
func (t *tx) withName(m *model, right func(name any) bool) []int64 {
	var out []int64
	for _, r := range t.all(m) {
		if right(t.displayName(m, r)) {
			out = append(out, r.id)
		}
	}
	return out
}

// named is the like family on a relation: about the display names of its targets.
func (t *tx) named(m *model, f *field, operator string, leaf []any) (predicate, error) {
	text, isText := leaf[2].(string)
	whole := strings.HasPrefix(operator, "=")
	linked := func(r *record) bool { return len(t.links(m, r, f)) > 0 }
	switch {
	case f.target == nil:
		return nil, notInSnapshot(m, f)
	case !truthy(leaf[2]) && isNegative(operator) == whole:
		return linked, nil
	case !truthy(leaf[2]):
		return not(linked), nil
	case isNegative(operator):
		return negated(t.named(m, f, opposites[operator], leaf))
	case whole && !isText:
		return nil, fail(classType, "The pattern to match must be a string in condition %s", tuple(leaf))
	case !whole:
		text = "%" + str(leaf[2]) + "%"
	}
	pattern := like(text, strings.HasSuffix(operator, "ilike"))
	return t.exists(m, f, "", func(r *record) bool { return pattern(t.displayName(f.target, r)) }), nil
}

func (t *tx) compareTargets(m *model, f *field, operator string, leaf []any) (predicate, error) {
	_, isList := leaf[2].([]any)
	_, isText := leaf[2].(string)
	limit, _ := number(leaf[2])
	switch {
	case isText:
		return nil, fail(classType, "Inequality not supported for relational field using a string in condition %s", tuple(leaf))
	case f.isToMany():
		return nil, fail(classAssertion, "Relational field %s.%s expects 'any' operator", m.name, f.Name)
	case isList:
		return nil, fail(classNoSuchOperator, "operator does not exist: integer %s integer[]\n", operator)
	case unset(leaf[2]):
		return never, nil
	}
	return t.columnCompare(m, f, operator, limit), nil
}

// holds reports whether an inequality is true for the outcome of a comparison.
func holds(c int, operator string) bool {
	switch operator {
	case "<":
		return c < 0
	case "<=":
		return c <= 0
	case ">":
		return c > 0
	}
	return c >= 0
}

// hierarchy is child_of and parent_of: the target, or the record itself where the relation is the model's own, stands
// below or above one of the values.
func (t *tx) hierarchy(m *model, f *field, operator string, value any) (predicate, error) {
	target, parent := f.target, "parent_id"
	switch {
	case f.Name == "id":
		target = m
	case target == nil:
		return nil, notInSnapshot(m, f)
	case target == m && (f.Type != "many2many" || t.modern()):
		parent = f.Name
	}
	start, err := t.roots(target, value)
	if err != nil || len(start) == 0 {
		return never, err
	}
	up := target.fields[parent]
	if up == nil {
		return nil, t.noParent(target, operator, start)
	}
	reached := t.below(target, up, start)
	if operator == "parent_of" {
		reached = t.above(target, up, start)
	}
	if target == m && (f.Type == "many2one" || f.Name == "id" || !t.modern()) {
		return func(r *record) bool { return reached[r.id] }, nil
	}
	return func(r *record) bool {
		return slices.ContainsFunc(t.links(m, r, f), func(id int64) bool { return reached[id] })
	}, nil
}

// noParent is the error for a model without a hierarchy.
func (t *tx) noParent(m *model, operator string, start []int64) error {
	if operator == "parent_of" || t.does(odoofacts.NegatedPaths) && !t.modern() {
		return fail(classKey, "parent_id")
	}
	ids := repr(anys(start))
	if t.modern() {
		ids = "OrderedSet(" + ids + ")"
	}
	return fail(classValue, t.pick("Invalid field %s.parent_id in leaf ('parent_id', 'in', %s)", "Invalid field %s.parent_id in condition ('parent_id', 'in', %s)"), m.name, ids)
}

// roots are the ids that a hierarchy starts from: given as ids, or as parts of names.
func (t *tx) roots(m *model, value any) ([]int64, error) {
	values, ok := value.([]any)
	if !ok {
		values = []any{value}
	}
	out := ints(values)
	for _, v := range values {
		switch v := v.(type) {
		case bool:
			if v {
				return nil, fail(classNoSuchOperator, "operator does not exist: integer = boolean\n")
			}
		case string:
			out = append(out, t.withName(m, like("%"+v+"%", true))...)
		}
	}
	return out, nil
}

// below are the records and all that have one of them above.
func (t *tx) below(m *model, up *field, start []int64) map[int64]bool {
	reached := map[int64]bool{}
	for _, r := range t.existing(m, start) {
		reached[r.id] = true
	}
	for grew := true; grew; {
		grew = false
		for _, r := range t.all(m) {
			if !reached[r.id] && slices.ContainsFunc(t.links(m, r, up), func(id int64) bool { return reached[id] }) {
				reached[r.id], grew = true, true
			}
		}
	}
	return reached
}

// above are the records and all that they have above.
func (t *tx) above(m *model, up *field, start []int64) map[int64]bool {
	reached := map[int64]bool{}
	for todo := start; len(todo) > 0; {
		r := t.get(m, todo[0])
		todo = todo[1:]
		if r != nil && !reached[r.id] {
			reached[r.id] = true
			todo = append(slices.Clip(todo), t.links(m, r, up)...)
		}
	}
	return reached
}
