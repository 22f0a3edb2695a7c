package odootest

import (
	"slices"
	"strings"
)

// relationLeaf is a condition on a relation: on the ids or the names of its targets.
func (t *tx) relationLeaf(m *model, f *field, operator string, leaf []any) (predicate, error) {
	value := leaf[2]
	switch operator {
	case "=?":
		if unset(value) || t.modern() && !truthy(value) {
			return always, nil
		}
		return t.oneOf(m, f, t.list("=", value))
	case "=", "in":
		return t.membership(m, f, operator, leaf)
	case "!=", "not in":
		return negated(t.membership(m, f, opposites[operator], leaf))
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

// membership is "=" and "in": one of the values. Their negations are made of it.
func (t *tx) membership(m *model, f *field, operator string, leaf []any) (predicate, error) {
	if err := t.checkList(f, operator, leaf); err != nil {
		return nil, err
	}
	if p := t.beforeLists(m, f, operator, leaf); p != nil {
		return p, nil
	}
	return t.oneOf(m, f, t.list(operator, leaf[2]))
}

// checkList refuses "in" with a single value, where the version does; the name of a target it takes.
func (t *tx) checkList(f *field, operator string, leaf []any) error {
	switch leaf[2].(type) {
	case []any, bool:
		return nil
	case string:
		if f.isRelation() {
			return nil
		}
	}
	if operator != "in" || t.modern() || leaf[1] == "in" && !truthy(leaf[2]) {
		return nil
	}
	return fail(classValue, "Invalid domain term %s", tuple(leaf))
}

// beforeLists is what older versions make of ('field', 'not in', False): the field is set.
func (t *tx) beforeLists(m *model, f *field, operator string, leaf []any) predicate {
	if t.modern() || operator != "in" || leaf[1] != "not in" || leaf[2] != false {
		return nil
	}
	return func(r *record) bool { return t.isUnset(m, r, f) }
}

func (t *tx) isUnset(m *model, r *record, f *field) bool {
	if f.isRelation() {
		return len(t.linked(m, r, f)) == 0
	}
	return unset(t.value(m, r, f))
}

// list is the list of values that "=" or "in" is about.
func (t *tx) list(operator string, value any) []any {
	list, isList := value.([]any)
	switch {
	case isList && len(list) == 0 && operator == "=" && t.modern():
		return []any{false}
	case isList:
		return list
	case operator == "=":
		return []any{value}
	case !truthy(value) || value == true && !t.modern():
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
			for _, id := range t.withName(f.target, func(name any) bool { return name == v }) {
				wanted[id] = true
			}
		}
	}
	return func(r *record) bool {
		ids := t.linked(m, r, f)
		return none && len(ids) == 0 || slices.ContainsFunc(ids, func(id int64) bool { return wanted[id] })
	}, nil
}

// linked are the targets that a relation is compared by: before Odoo 19 the archived ones as well.
func (t *tx) linked(m *model, r *record, f *field) []int64 {
	if t.modern() || !f.isToMany() {
		return t.targets(m, r, f)
	}
	all := *t
	all.context = map[string]any{"active_test": false}
	return all.targets(m, r, f)
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
	if f.target == nil {
		return nil, notInSnapshot(m, f)
	}
	if strings.HasPrefix(operator, "=") && t.modern() && !truthy(leaf[2]) {
		return func(r *record) bool { return t.isUnset(m, r, f) }, nil
	}
	if opposite := opposites[operator]; opposite != "" {
		return negated(t.named(m, f, opposite, leaf))
	}
	pattern, err := t.pattern(operator, leaf)
	if err != nil {
		return nil, err
	}
	return t.exists(m, f, func(r *record) bool { return pattern(t.displayName(f.target, r)) }), nil
}

func (t *tx) compareTargets(m *model, f *field, operator string, leaf []any) (predicate, error) {
	limit, ok := leaf[2].(int64)
	switch leaf[2].(type) {
	case string:
		return nil, fail(classType, "Inequality not supported for relational field using a string in condition %s", tuple(leaf))
	case []any:
		return nil, fail(classNoSuchOperator, "operator does not exist: integer %s integer[]\n", operator)
	}
	return func(r *record) bool {
		return ok && slices.ContainsFunc(t.targets(m, r, f), func(id int64) bool { return holds(compareValues(id, limit), operator) })
	}, nil
}

// holds tells whether an inequality is true for the outcome of a comparison.
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
	target, up := f.target, "parent_id"
	switch {
	case f.Name == "id":
		target = m
	case target == nil:
		return nil, notInSnapshot(m, f)
	case target == m:
		up = f.Name
	}
	start, err := t.roots(target, value)
	if err != nil {
		return nil, err
	}
	reached := t.below(target, up, start)
	if operator == "parent_of" {
		reached = t.above(target, up, start)
	}
	if target == m {
		return func(r *record) bool { return reached[r.id] }, nil
	}
	return func(r *record) bool {
		return slices.ContainsFunc(t.targets(m, r, f), func(id int64) bool { return reached[id] })
	}, nil
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
func (t *tx) below(m *model, up string, start []int64) map[int64]bool {
	reached := map[int64]bool{}
	for _, r := range t.existing(m, start) {
		reached[r.id] = true
	}
	for grew := true; grew; {
		grew = false
		for _, r := range t.tables[m].records {
			if parent, ok := r.values[up].(int64); ok && reached[parent] && !reached[r.id] {
				reached[r.id], grew = true, true
			}
		}
	}
	return reached
}

// above are the records and all that they have above.
func (t *tx) above(m *model, up string, start []int64) map[int64]bool {
	reached := map[int64]bool{}
	for _, id := range start {
		for r := t.get(m, id); r != nil && !reached[r.id]; {
			reached[r.id] = true
			parent, _ := r.values[up].(int64)
			r = t.get(m, parent)
		}
	}
	return reached
}
