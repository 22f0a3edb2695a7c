package odootest

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/odoogen/odoogen/introspect/snapshot"
)

// Conditions since Odoo 19, in which an unset text, number or boolean is the empty one, zero or false.

// valueLeaf is a condition on a field that is no relation.
func (t *tx) valueLeaf(m *model, f *field, operator string, leaf []any) (predicate, error) {
	value := leaf[2]
	if f.Type == "binary" && truthy(value) {
		return always, nil // Odoo logs that it can only check whether there is a file
	}
	switch operator {
	case "=?":
		if !truthy(value) {
			return always, nil
		}
		return t.equals(m, f, listed("=", value))
	case "=", "in":
		return t.equals(m, f, listed(operator, value))
	case "!=", "not in":
		return negated(t.equals(m, f, listed(opposites[operator], value)))
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

// relatedLeaf follows a related field along its path, on which a many2one may be unset if the condition takes an unset
// value.
func (t *tx) relatedLeaf(m *model, f *field, operator string, leaf []any) (predicate, error) {
	if list, ok := leaf[2].([]any); ok && len(list) == 0 && strings.HasSuffix(operator, "in") {
		return t.valueLeaf(m, f, operator, leaf)
	}
	takesUnset := slices.ContainsFunc(listed("=", leaf[2]), func(v any) bool { return unset(v) || v == "" && f.isString() })
	if isNegative(operator) && !takesUnset {
		return negated(t.relatedLeaf(m, f, opposites[operator], []any{leaf[0], opposites[operator], leaf[2]}))
	}
	match, err := t.compileLeaf(m, []any{f.Related, operator, leaf[2]})
	if err != nil || isNegative(operator) || !takesUnset {
		return match, err
	}
	hop := m.fields[strings.SplitN(f.Related, ".", 2)[0]]
	if hop == nil || hop.Type != "many2one" {
		return match, nil
	}
	return either(match, func(r *record) bool { return len(t.targets(m, r, hop)) == 0 }), nil
}

// equals matches records whose value is one of the list.
func (t *tx) equals(m *model, f *field, values []any) (predicate, error) {
	var keys []any
	withUnset := false
	for _, v := range values {
		if f.Name == "id" && unset(v) {
			continue
		}
		key, err := t.key(f, v)
		if err != nil {
			return nil, err
		}
		withUnset = withUnset || unset(v) || f.isEmpty(v) || key == false
		keys = append(keys, key)
	}
	in := t.columnIn(m, f, keys)
	if withUnset {
		return either(in, t.isNull(m, f)), nil
	}
	return in, nil
}

// isEmpty recognises the value that an unset field is the same as. Of a monetary field that is 0.0, but not 0.
func (f *field) isEmpty(v any) bool {
	n, isNumber := number(v)
	_, isInt := v.(int64)
	switch {
	case f.Type == "monetary":
		return isNumber && n == 0 && !isInt
	case f.isNumber():
		return isNumber && n == 0
	case f.Type == "boolean":
		return !truthy(v)
	}
	return v == "" && f.isString()
}

// key is a value to compare with, as the column would hold it.
func (t *tx) key(f *field, v any) (key any, err error) {
	switch {
	case f.Type == "boolean":
		if text, isText := v.(string); isText {
			return slices.Contains([]string{"y", "yes", "1", "true", "t", "on"}, strings.ToLower(text)), nil
		}
		return truthy(v), nil
	case f.Name == "id":
		if n, ok := number(v); ok {
			return n, nil
		}
		return nil, nil
	case f.isNumber() && unset(v):
		return 0.0, nil
	case f.isNumber():
		return t.toNumber(f, v)
	case f.isString() && unset(v):
		return "", nil
	case unset(v):
		return nil, nil
	case f.Type == "datetime":
		return t.instant(v)
	case f.Type == "date":
		return t.moment(f, v)
	}
	return str(v), nil
}

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

// moment checks a date or a datetime to compare with.
func (t *tx) moment(f *field, v any) (string, error) {
	s := str(v)
	var err error
	if _, isText := v.(string); !isText && t.modern() {
		return "", fail(classValue, "Failed to cast %s into a %s", repr(v), f.Type)
	}
	if relative, ok := t.relative(f, s); ok && t.modern() {
		return relative, nil
	}
	if t.modern() && looksLikeDate.MatchString(s) && impossibleDay(s) {
		return "", fail(classValue, "day is out of range for month")
	}
	if f.Type == "date" {
		_, err = toDate(s)
		s = s[:min(len(s), len(dateForm))]
	} else {
		_, err = toDatetime(s)
	}
	switch {
	case err == nil:
		return s, nil
	case t.modern():
		return "", fail(classValue, "Invalid term %s in expression date: %s", repr(s), repr(s))
	}
	return "", badMoment(f, s)
}

// badMoment is what a database says of a text that is no date: of one that looks like one, that it can't be.
func badMoment(f *field, s string) error {
	if looksLikeDate.MatchString(s) {
		return fail(classDateOverflow, "date/time field value out of range: \"%s\"\n", s)
	}
	return fail(classNotADate, "invalid input syntax for type %s: \"%s\"\n", map[string]string{"date": "date", "datetime": "timestamp"}[f.Type], s)
}

var looksLikeDate = regexp.MustCompile(`^\d+[-/]\d+[-/]\d+`)

// instant is a datetime to compare with; a day is its beginning where the user is.
func (t *tx) instant(v any) (string, error) {
	s := str(v)
	if len(s) != len(dateForm) {
		return t.moment(&field{Field: snapshot.Field{Type: "datetime"}}, v)
	}
	day, err := time.ParseInLocation(dateForm, s, t.location())
	if err != nil {
		return t.moment(&field{Field: snapshot.Field{Type: "date"}}, v)
	}
	return day.UTC().Format(datetimeForm), nil
}

// inequality is <, <=, > and >=: what is unset is neither less nor greater, but for what it is the same as.
func (t *tx) inequality(m *model, f *field, operator string, leaf []any) (predicate, error) {
	v := leaf[2]
	switch {
	case f.Type == "boolean":
		return nil, t.notComparable(f, operator, v)
	case f.Name == "id" && unset(v):
		return nil, fail(classNoSuchOperator, "operator does not exist: integer %s boolean\n", operator)
	case f.Type == "datetime" && len(str(v)) == len(dateForm) && !unset(v):
		return t.dayInequality(m, f, operator, v)
	case unset(v) && !f.isNumber() && !f.isString():
		return never, nil
	}
	limit, err := t.key(f, v)
	if err != nil {
		return nil, err
	}
	match := t.columnCompare(m, f, operator, limit)
	if empty := f.empty(); empty != nil && holds(compareColumns(empty, limit), operator) {
		return either(match, t.isNull(m, f)), nil
	}
	return match, nil
}

// dayInequality compares with a whole day: after it, or until its end, is from or before the next.
func (t *tx) dayInequality(m *model, f *field, operator string, v any) (predicate, error) {
	day, err := time.ParseInLocation(dateForm, str(v), t.location())
	if err != nil {
		_, err = t.instant(v)
		return nil, err
	}
	switch operator {
	case ">":
		operator, day = ">=", day.Add(24*time.Hour)
	case "<=":
		operator, day = "<", day.Add(24*time.Hour)
	}
	return t.columnCompare(m, f, operator, day.UTC().Format(datetimeForm)), nil
}

// empty is what an unset value is the same as, nil for nothing.
func (f *field) empty() any {
	switch {
	case f.Name == "id":
		return nil
	case f.isNumber():
		return 0.0
	case f.isString():
		return ""
	}
	return nil
}

func (t *tx) notComparable(f *field, operator string, v any) error {
	return fail(classValue, "Cannot compare '%s' to <class '%s'> which is not a collection of length 1 in condition %s",
		f.Name, typeName(v), tuple([]any{f.Name, operator, v}))
}

// dayEdge is the time that a day without one means in an inequality.
func dayEdge(operator string) string {
	if operator == ">" || operator == "<=" {
		return "23:59:59"
	}
	return "00:00:00"
}

// likeLeaf is the like family.
func (t *tx) likeLeaf(m *model, f *field, operator string, leaf []any) (predicate, error) {
	whole := strings.HasPrefix(operator, "=")
	switch {
	case truthy(leaf[2]):
	case whole:
		return t.equals(m, f, []any{false})
	case isNegative(operator):
		return never, nil
	default:
		return always, nil
	}
	text, isText := leaf[2].(string)
	switch {
	case whole && !isText:
		return nil, fail(classType, "The pattern to match must be a string in condition %s", tuple(leaf))
	case f.Type == "boolean":
		return nil, t.notComparable(f, operator, str(leaf[2]))
	case isNegative(operator):
		return negated(t.likeLeaf(m, f, opposites[operator], leaf))
	case !whole:
		text = "%" + str(leaf[2]) + "%"
	}
	return t.columnText(m, f, like(text, strings.HasSuffix(operator, "ilike"))), nil
}

// like matches a text with a pattern in which % is any text, _ any character, and \ makes the next character literal.
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
