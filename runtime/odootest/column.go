package odootest

import (
	"strconv"
	"strings"
)

// column is the value of a field as a database compares it: nil for NULL, a string, a float64 for every number and id,
// or a bool.
func (t *tx) column(m *model, r *record, f *field) any {
	v := t.raw(m, r, f)
	if _, isBool := v.(bool); isBool {
		return v
	}
	if n, ok := number(v); ok {
		return n
	}
	if v == nil {
		return nil
	}
	if t.modern() { // whole seconds are compared
		return shown(f, str(v))
	}
	return str(v)
}

// isNull matches records whose field is NULL.
func (t *tx) isNull(m *model, f *field) predicate {
	return func(r *record) bool { return t.column(m, r, f) == nil }
}

// columnIn matches records whose field is one of the values; NULL is none of them.
func (t *tx) columnIn(m *model, f *field, values []any) predicate {
	wanted := make(map[any]bool, len(values))
	for _, v := range values {
		wanted[v] = true
	}
	return func(r *record) bool {
		v := t.column(m, r, f)
		return v != nil && wanted[v]
	}
}

// columnText matches records whose field, as a text, passes a test; NULL does not.
func (t *tx) columnText(m *model, f *field, test func(any) bool) predicate {
	return func(r *record) bool {
		v := t.column(m, r, f)
		if v == nil {
			return false
		}
		return test(columnText(f, v))
	}
}

// columnText is what a database makes of a value that it casts to a text.
func columnText(f *field, v any) string {
	n, isNumber := v.(float64)
	switch {
	case !isNumber:
		if yes, ok := v.(bool); ok {
			return strconv.FormatBool(yes)
		}
		return str(v)
	case f.Type == "monetary" || len(f.Digits) == 2:
		return strconv.FormatFloat(n, 'f', f.scale(), 64)
	}
	return strconv.FormatFloat(n, 'f', -1, 64)
}

// scale is the number of decimals that a database keeps of a number.
func (f *field) scale() int {
	if len(f.Digits) == 2 {
		return f.Digits[1]
	}
	return 2
}

// columnCompare matches records by an inequality between their field and a value; NULL never matches.
func (t *tx) columnCompare(m *model, f *field, operator string, value any) predicate {
	return func(r *record) bool {
		v := t.column(m, r, f)
		return v != nil && value != nil && holds(compareColumns(v, value), operator)
	}
}

func compareColumns(a, b any) int {
	if x, ok := a.(bool); ok {
		a, _ = number(x)
	}
	if y, ok := b.(bool); ok {
		b, _ = number(y)
	}
	return compareValues(a, b)
}

func either(p, q predicate) predicate {
	return func(r *record) bool { return p(r) || q(r) }
}

func both(p, q predicate) predicate {
	return func(r *record) bool { return p(r) && q(r) }
}

// isNegative recognises the operators that are negations of others.
func isNegative(operator string) bool {
	return operator == "!=" || strings.HasPrefix(operator, "not ")
}

// sqlOperator is the operator of a database behind one of the like family.
var sqlOperator = map[string]string{"=like": "~~", "=ilike": "~~*"}
