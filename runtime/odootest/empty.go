package odootest

import (
	"strings"

	"github.com/odoogen/odoogen/internal/odoofacts"
)

// Conditions of Odoo 18, which treats unset texts as empty ones and unset numbers as 0, and is classic otherwise.

// emptyLeaf is a condition on a column.
func (t *tx) emptyLeaf(m *model, f *field, operator string, value any, leaf []any) (predicate, error) {
	null := t.isNull(m, f)
	_, isBool := value.(bool)
	switch {
	case strings.HasSuffix(operator, "like") && !strings.HasPrefix(operator, "=") && !truthy(value):
		if isNegative(operator) {
			return never, nil
		}
		return always, nil
	case operator == "=like" || operator == "=ilike":
		return t.emptyPattern(m, f, operator, value, leaf)
	case operator == "=?" && unset(value):
		return always, nil
	case operator == "in" || operator == "not in":
		return t.emptyIn(m, f, operator, value, leaf)
	case operator == "=?":
		return t.emptyLeaf(m, f, "=", value, leaf)
	case f.Type == "boolean" && !isBool && operator == "=" && !unset(value):
		return t.emptyLeaf(m, f, operator, truthy(value), leaf)
	case f.empty() != nil && f.Type != "boolean" && (operator == "=" || operator == "!=") && (unset(value) || f.isEmpty(value) || value == int64(0) && f.isNumber()):
		found := either(t.columnIn(m, f, []any{f.empty()}), null)
		if operator == "!=" {
			return not(found), nil
		}
		return found, nil
	case strings.ContainsAny(operator, "<>") && f.isNumber():
		return t.emptyInequality(m, f, operator, value)
	}
	return t.classicColumn(m, f, operator, value, leaf)
}

// emptyPattern is =like and =ilike.
func (t *tx) emptyPattern(m *model, f *field, operator string, value any, leaf []any) (predicate, error) {
	null := t.isNull(m, f)
	switch {
	case f.Name == "id" && unset(value):
		return never, nil
	case f.Type == "monetary" && truthy(value):
		return t.columnText(m, f, like(columnText(f, value), operator == "=ilike")), nil
	case f.Type == "monetary":
		return null, nil
	case f.sqlType() != "" && f.Type != "many2one":
		return t.classicColumn(m, f, operator, orZero(value), leaf)
	case unset(value):
		return null, nil
	case value == "" && f.isString():
		return either(t.columnIn(m, f, []any{""}), null), nil
	}
	return t.classicColumn(m, f, operator, value, leaf)
}

func orZero(v any) any {
	if unset(v) {
		return int64(0)
	}
	return v
}

// emptyIn is a condition with a list.
func (t *tx) emptyIn(m *model, f *field, operator string, value any, leaf []any) (predicate, error) {
	list, ok := value.([]any)
	switch {
	case !ok:
		return t.classicIn(m, f, operator, value, leaf)
	case f.Type == "boolean":
		return t.emptyBooleans(m, f, operator, list)
	case f.empty() == nil:
		return t.classicIn(m, f, operator, value, leaf)
	}
	var params []any
	withNull := false
	for _, v := range list {
		withNull = withNull || unset(v) || f.isEmpty(v) || v == int64(0) && f.isNumber()
		if unset(v) {
			continue
		}
		key, err := t.classicKey(f, v)
		if err != nil {
			return nil, err
		}
		params = append(params, key)
	}
	in := t.columnIn(m, f, params)
	if withNull {
		in = either(t.columnIn(m, f, append(params, f.empty())), t.isNull(m, f))
	}
	if operator == "in" {
		return in, nil
	}
	return not(in), nil
}

// emptyBooleans looks whether anything in the list is true.
func (t *tx) emptyBooleans(m *model, f *field, operator string, list []any) (predicate, error) {
	var isTrue, isFalse bool
	for _, v := range list {
		isTrue = isTrue || truthy(v)
		isFalse = isFalse || unset(v)
	}
	in := t.columnIn(m, f, []any{true})
	switch {
	case isTrue && isFalse:
		in = always
	case isFalse:
		in = not(in)
	case !isTrue:
		in = never
	}
	if operator == "in" {
		return in, nil
	}
	return not(in), nil
}

// emptyInequality is <, <=, > and >= of a number.
func (t *tx) emptyInequality(m *model, f *field, operator string, value any) (predicate, error) {
	match, limit := never, any(0.0)
	if f.Type != "monetary" || !unset(value) {
		key, err := t.classicKey(f, value)
		if err != nil {
			return nil, err
		}
		match, limit = t.columnCompare(m, f, operator, key), key
	}
	if holds(compareColumns(0.0, limit), operator) {
		return either(match, t.isNull(m, f)), nil
	}
	return match, nil
}

// classicRelated follows a related field before Odoo 19. On 18 a record whose path is unset matches what its unset field does.
func (t *tx) classicRelated(m *model, f *field, operator string, leaf []any) (predicate, error) {
	match, err := t.compileLeaf(m, []any{f.Related, leaf[1], leaf[2]})
	hop := m.fields[strings.SplitN(f.Related, ".", 2)[0]]
	if err != nil || !t.does(odoofacts.EmptyIsUnset) || hop == nil || hop.Type != "many2one" || isNegative(operator) == takesUnset(leaf[2]) {
		return match, err
	}
	return either(match, func(r *record) bool { return len(t.targets(m, r, hop)) == 0 }), nil
}

// takesUnset reports whether a value of a condition is unset, or a list with such a value.
func takesUnset(v any) bool {
	if list, ok := v.([]any); ok {
		for _, item := range list {
			if unset(item) {
				return true
			}
		}
		return false
	}
	return unset(v)
}
