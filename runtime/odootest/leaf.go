package odootest

import (
	"regexp"
	"strconv"
	"strings"
)

// valueLeaf is a condition on a field that is no relation.
func (t *tx) valueLeaf(m *model, f *field, operator string, leaf []any) (predicate, error) {
	value := leaf[2]
	switch operator {
	case "=?":
		if unset(value) || t.modern() && !truthy(value) {
			return always, nil
		}
		return t.equals(m, f, t.list("=", value))
	case "=", "in":
		return t.valueIn(m, f, operator, leaf)
	case "!=", "not in":
		p, err := negated(t.valueIn(m, f, opposites[operator], leaf))
		if err == nil && value == "" && !t.modern() { // here SQL's own rule for nulls comes through
			return func(r *record) bool { return p(r) && !t.isUnset(m, r, f) }, nil
		}
		return p, err
	case "child_of", "parent_of":
		if f.Name != "id" {
			return nil, t.notARelation(m, f, "parent_id")
		}
		return t.hierarchy(m, f, operator, value)
	case "<", "<=", ">", ">=":
		return t.inequality(m, f, operator, leaf)
	}
	return t.likeLeaf(m, f, operator, leaf)
}

func (t *tx) valueIn(m *model, f *field, operator string, leaf []any) (predicate, error) {
	if err := t.checkList(f, operator, leaf); err != nil {
		return nil, err
	}
	if p := t.beforeLists(m, f, operator, leaf); p != nil {
		return p, nil
	}
	values := t.list(operator, leaf[2])
	if _, isList := leaf[2].([]any); isList && !t.modern() {
		values = withoutZeros(values)
	}
	return t.equals(m, f, values)
}

// withoutZeros makes every zero of a list a null, as older versions do.
func withoutZeros(values []any) []any {
	out := make([]any, len(values))
	for i, v := range values {
		if n, ok := number(v); ok && n == 0 && v != false {
			v = nil
		}
		out[i] = v
	}
	return out
}

// equals matches records whose value is one of the list.
func (t *tx) equals(m *model, f *field, values []any) (predicate, error) {
	wanted := map[any]bool{}
	for _, v := range values {
		key, ok, err := t.key(f, v)
		if err != nil {
			return nil, err
		}
		if ok {
			wanted[key] = true
		}
	}
	return func(r *record) bool { return wanted[t.own(m, r, f)] }, nil
}

// own is the value of a record as key makes it of the values to compare with: a string, a float64, a bool, or nil.
func (t *tx) own(m *model, r *record, f *field) any {
	v := t.value(m, r, f)
	switch n, isNumber := number(v); {
	case v == nil, v == "" && t.modern(), isNumber && n == 0 && t.hasNull(f):
		return nil
	case f.Type == "boolean":
		return v
	case isNumber:
		return n
	}
	return str(v)
}

// key is a value to compare with; not ok is one that nothing can equal.
func (t *tx) key(f *field, v any) (key any, ok bool, err error) {
	switch {
	case f.Type == "boolean":
		return truthy(v), v != nil || t.modern(), nil
	case unset(v) && t.hasNull(f):
		return nil, true, nil
	case f.isNumber() && unset(v):
		return 0.0, t.modern() && f.Name != "id", nil
	case f.Name == "id" && t.modern():
		n, ok := number(v)
		return n, ok, nil
	case unset(v):
		return nil, true, nil
	case f.isNumber():
		n, err := t.toNumber(f, v)
		return n, true, err
	case f.Type == "date" || f.Type == "datetime":
		key, err := t.moment(f, v, "00:00:00")
		return key, true, err
	case v == "" && t.modern():
		return nil, true, nil
	}
	return str(v), true, nil
}

// hasNull tells the one number that can be unset, in the versions that know the difference.
func (t *tx) hasNull(f *field) bool { return f.Type == "many2one_reference" && !t.modern() }

func (t *tx) toNumber(f *field, v any) (float64, error) {
	if n, ok := number(v); ok {
		return n, nil
	}
	s, ok := v.(string)
	if !ok {
		return 0, t.notInt(v)
	}
	n, err := strconv.ParseFloat(strings.TrimSpace(s), 64)
	switch {
	case err == nil:
		return n, nil
	case f.Name == "id":
		return 0, fail(classNotANumber, "invalid input syntax for type integer: \"%s\"\n", s)
	case f.Type == "integer" || f.Type == "many2one_reference":
		return 0, fail(classValue, "invalid literal for int() with base 10: %s", repr(v))
	}
	return 0, fail(classValue, "could not convert string to float: %s", repr(v))
}

// moment checks a date or a datetime to compare with; a date without a time gets the one given.
func (t *tx) moment(f *field, v any, clock string) (string, error) {
	s := str(v)
	var err error
	switch {
	case f.Type == "date":
		_, err = toDate(s)
		s = s[:min(len(s), len(dateForm))]
	case len(s) == len(dateForm):
		_, err = toDate(s)
		s += " " + clock
	default:
		_, err = toDatetime(s)
	}
	switch {
	case err == nil:
		return s, nil
	case t.modern():
		return "", fail(classValue, "Invalid term %s in expression date: %s", repr(s), repr(s))
	}
	return "", fail(classNotADate, "invalid input syntax for type %s: \"%s\"\n", map[string]string{"date": "date", "datetime": "timestamp"}[f.Type], s)
}

// inequality is <, <=, > and >=. An unset text is the empty one in newer versions; otherwise what is unset is neither
// less nor greater.
func (t *tx) inequality(m *model, f *field, operator string, leaf []any) (predicate, error) {
	limit, ok, err := t.limit(f, operator, leaf)
	if err != nil {
		return nil, err
	}
	return func(r *record) bool {
		v := t.own(m, r, f)
		if v == nil && f.isText() && t.modern() {
			v = ""
		}
		return ok && v != nil && holds(compareValues(v, limit), operator)
	}, nil
}

// limit is the value of an inequality; not ok is one that nothing compares with.
func (t *tx) limit(f *field, operator string, leaf []any) (limit any, ok bool, err error) {
	v := leaf[2]
	switch {
	case f.Type == "boolean" && t.modern():
		return nil, false, fail(classValue, "Cannot compare '%s' to <class '%s'> which is not a collection of length 1 in condition %s", f.Name, typeName(v), tuple(leaf))
	case f.Type == "boolean":
		return nil, false, nil
	case f.Name == "id" && unset(v):
		if t.modern() {
			return nil, false, fail(classNoSuchOperator, "operator does not exist: integer %s boolean\n", operator)
		}
		return nil, false, nil
	case f.isNumber() && unset(v):
		return 0.0, true, nil
	case f.isNumber():
		limit, err := t.toNumber(f, v)
		return limit, true, err
	case f.Type == "date" || f.Type == "datetime":
		if unset(v) {
			return nil, false, nil
		}
		limit, err := t.moment(f, v, dayEdge(operator))
		return limit, true, err
	case unset(v):
		return "", t.modern(), nil
	}
	return str(v), true, nil
}

// dayEdge is the time that a day without one stands for in an inequality.
func dayEdge(operator string) string {
	if operator == ">" || operator == "<=" {
		return "23:59:59"
	}
	return "00:00:00"
}

// likeLeaf is the like family.
func (t *tx) likeLeaf(m *model, f *field, operator string, leaf []any) (predicate, error) {
	value := leaf[2]
	whole := strings.HasPrefix(operator, "=")
	if !truthy(value) {
		switch {
		case whole && t.modern():
			return func(r *record) bool { return !truthy(t.own(m, r, f)) }, nil
		case strings.HasPrefix(operator, "not ") && t.modern():
			return never, nil
		case strings.HasPrefix(operator, "not "):
			return func(r *record) bool { return t.isUnset(m, r, f) }, nil
		case !whole:
			return always, nil
		}
	}
	if opposite := opposites[operator]; opposite != "" {
		return negated(t.likeLeaf(m, f, opposite, leaf))
	}
	pattern, err := t.pattern(operator, leaf)
	if err != nil {
		return nil, err
	}
	return func(r *record) bool { return pattern(t.value(m, r, f)) }, nil
}

// pattern is the test that like, ilike, =like or =ilike makes of a value. What is unset is like nothing.
func (t *tx) pattern(operator string, leaf []any) (func(any) bool, error) {
	value := leaf[2]
	if !strings.HasPrefix(operator, "=") {
		text := ""
		if truthy(value) {
			text = str(value)
		}
		return like("%"+text+"%", operator == "ilike"), nil
	}
	if text, ok := value.(string); ok {
		return like(text, operator == "=ilike"), nil
	}
	if t.modern() {
		return nil, fail(classType, "The pattern to match must be a string in condition %s", tuple(leaf))
	}
	return func(any) bool { return false }, nil
}

// like matches a text with a pattern in which % is any text, _ any character, and \ takes the next as it is.
func like(pattern string, fold bool) func(any) bool {
	var b strings.Builder
	b.WriteString(`(?s)^`)
	if fold {
		b.WriteString(`(?i)`)
	}
	escaped := false
	for _, r := range pattern {
		switch {
		case !escaped && r == '\\':
			escaped = true
			continue
		case !escaped && r == '%':
			b.WriteString(`.*`)
		case !escaped && r == '_':
			b.WriteString(`.`)
		default:
			b.WriteString(regexp.QuoteMeta(string(r)))
		}
		escaped = false
	}
	b.WriteString(`$`)
	form, err := regexp.Compile(b.String())
	return func(v any) bool { return v != nil && err == nil && form.MatchString(str(v)) }
}
