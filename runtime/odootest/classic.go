package odootest

import (
	"slices"
	"strings"

	"github.com/odoogen/odoogen/internal/odoofacts"
)

// Conditions before Odoo 19. Each becomes one of SQL, to which NULL is neither equal nor unequal.

// classicLeaf is a condition on a field of the model itself.
func (t *tx) classicLeaf(m *model, f *field, operator string, leaf []any) (predicate, error) {
	value := leaf[2]
	operator = classicOperator(operator, value)
	hierarchical := operator == "child_of" || operator == "parent_of"
	switch {
	case f.Computed && f.Related != "":
		return t.classicRelated(m, f, operator, leaf)
	case f.Name == "display_name" && m.recName != "" && t.does(odoofacts.EmptyIsUnset):
		return t.compileLeaf(m, []any{m.recName, leaf[1], value})
	case f.Computed && !f.CompanyDependent:
		return always, nil // Odoo logs that it can't search, and ignores the condition
	case hierarchical && (f.isRelation() || f.Name == "id"):
		return t.hierarchy(m, f, operator, value)
	case f.isToMany():
		return t.classicToMany(m, f, operator, value)
	case f.Type == "many2one" && areNames(value):
		return t.classicNamed(m, f, operator, value)
	case f.Type == "binary":
		return t.classicBinary(m, f, operator, value), nil
	case f.Type == "datetime":
		value = withClock(operator, value)
	}
	if t.does(odoofacts.EmptyIsUnset) {
		return t.emptyLeaf(m, f, operator, value, leaf)
	}
	if f.Translated && truthy(value) {
		return t.classicTranslated(m, f, operator, value)
	}
	return t.classicColumn(m, f, operator, value, leaf)
}

// classicOperator makes one operator of those that say the same.
func classicOperator(operator string, value any) string {
	_, isBool := value.(bool)
	_, isList := value.([]any)
	switch {
	case operator == "in" && isBool:
		return "="
	case operator == "not in" && isBool:
		return "!="
	case operator == "=" && isList:
		return "in"
	case operator == "!=" && isList:
		return "not in"
	}
	return operator
}

// withClock completes a day to the moment that it means.
func withClock(operator string, value any) any {
	if s, ok := value.(string); ok && len(s) == len(dateForm) {
		return s + " " + dayEdge(operator)
	}
	return value
}

// areNames recognises a text or a list of nothing but texts.
func areNames(value any) bool {
	if list, ok := value.([]any); ok {
		return len(list) > 0 && !slices.ContainsFunc(list, func(v any) bool { _, isText := v.(string); return !isText })
	}
	_, isText := value.(string)
	return isText
}

// classicToMany asks whether the record is linked to one of the targets, whatever the operator, or to none if that is
// a negation. Archived targets count.
func (t *tx) classicToMany(m *model, f *field, operator string, value any) (predicate, error) {
	wanted := map[int64]bool{}
	switch value := value.(type) {
	case bool:
		if !value {
			seen := t.withArchived()
			if t.does(odoofacts.EmptyIsUnset) {
				seen = t
			}
			linked := func(r *record) bool { return len(seen.targets(m, r, f)) > 0 }
			if isNegative(operator) {
				return linked, nil
			}
			return not(linked), nil
		}
		return nil, fail(classNoSuchOperator, "operator does not exist: integer = boolean\n")
	case string:
		positive := operator
		if isNegative(operator) {
			positive = opposites[operator]
		}
		found, err := t.namedTargets(m, f, positive, value, t.context)
		if err != nil {
			return nil, err
		}
		wanted = found
	case []any:
		if i := slices.IndexFunc(value, func(v any) bool { _, isText := v.(string); return isText }); i >= 0 {
			return nil, fail(classNotANumber, "invalid input syntax for type integer: \"%s\"\n", value[i])
		}
		if f.inverse != nil && slices.ContainsFunc(value, func(v any) bool { _, isBool := v.(bool); return isBool }) {
			return nil, fail(classNoSuchOperator, "operator does not exist: integer = boolean\n")
		}
		for _, id := range ints(value) {
			wanted[id] = true
		}
	case int64:
		wanted[value] = true
	}
	linked := func(r *record) bool {
		return slices.ContainsFunc(t.links(m, r, f), func(id int64) bool { return wanted[id] })
	}
	if isNegative(operator) {
		return not(linked), nil
	}
	return linked, nil
}

// links are the targets of a relation, with the archived ones.
func (t *tx) links(m *model, r *record, f *field) []int64 {
	return t.withArchived().targets(m, r, f)
}

// withArchived is the same transaction for a caller who sees archived records.
func (t *tx) withArchived() *tx {
	all := *t
	all.context = map[string]any{"active_test": false}
	return &all
}

// namedTargets are the ids of the targets whose name matches.
func (t *tx) namedTargets(m *model, f *field, operator string, name any, context map[string]any) (map[int64]bool, error) {
	if f.target == nil {
		return nil, notInSnapshot(m, f)
	}
	asker := *t
	asker.context = context
	var domain []any
	if name != "" || operator != "ilike" {
		domain = []any{[]any{t.nameField(f.target), operator, name}}
	}
	found, err := asker.search(f.target, query{domain: domain, order: "id"})
	if err != nil {
		return nil, err
	}
	out := map[int64]bool{}
	for _, r := range found {
		out[r.id] = true
	}
	return out, nil
}

// classicNamed is a condition on the name of a many2one's target: a record without one matches a negation.
func (t *tx) classicNamed(m *model, f *field, operator string, value any) (predicate, error) {
	_, isList := value.([]any)
	switch {
	case strings.ContainsAny(operator, "<>") && !isList:
		operator = "="
	case strings.ContainsAny(operator, "<>"):
		operator = "in"
	case !isList && operator == "in":
		operator = "="
	case !isList && operator == "not in":
		operator = "!="
	}
	found, err := t.namedTargets(m, f, operator, value, map[string]any{"active_test": false})
	if err != nil {
		return nil, err
	}
	return func(r *record) bool {
		id, set := t.raw(m, r, f).(int64)
		return set && found[id] || !set && isNegative(operator)
	}, nil
}

// classicBinary can only ask whether there is a file.
func (t *tx) classicBinary(m *model, f *field, operator string, value any) predicate {
	switch {
	case operator == "=" && !truthy(value):
		return t.isNull(m, f)
	case operator == "!=" && !truthy(value):
		return not(t.isNull(m, f))
	}
	return always
}

// classicTranslated compares a translated text, without a thought for NULL.
func (t *tx) classicTranslated(m *model, f *field, operator string, value any) (predicate, error) {
	switch {
	case operator == "=?" && t.does(odoofacts.SyntaxIsValue):
		return nil, fail(classKey, "=?")
	case operator == "=?":
		return nil, fail(classNoSuchOperator, "operator does not exist: %s =? unknown\n", t.since(odoofacts.TranslatedUnset, "character varying", "text"))
	}
	switch operator {
	case "in", "not in":
		list, _ := value.([]any)
		in := t.columnIn(m, f, list)
		if operator == "in" {
			return in, nil
		}
		return both(not(in), not(t.isNull(m, f))), nil
	}
	match, err := t.classicTerm(m, f, operator, str(value))
	if err == nil && isNegative(operator) && t.does(odoofacts.TranslatedUnset) {
		return either(match, t.isNull(m, f)), nil
	}
	return match, err
}

// classicColumn is the condition of SQL on a column.
func (t *tx) classicColumn(m *model, f *field, operator string, value any, leaf []any) (predicate, error) {
	null := t.isNull(m, f)
	if operator == "=?" {
		if unset(value) {
			return always, nil
		}
		operator = "="
	}
	switch {
	case operator == "in" || operator == "not in":
		return t.classicIn(m, f, operator, value, leaf)
	case f.Type == "boolean" && (operator == "=" && value == false || operator == "!=" && value == true):
		return not(t.columnIn(m, f, []any{true})), nil
	case operator == "=" && unset(value):
		return null, nil
	case f.Type == "boolean" && operator == "!=" && value == false:
		return t.columnIn(m, f, []any{true}), nil
	case operator == "!=" && unset(value):
		return not(null), nil
	}
	match, err := t.classicTerm(m, f, operator, value)
	if err != nil {
		return nil, err
	}
	wildcard := strings.HasSuffix(operator, "like") && !strings.HasPrefix(operator, "=")
	if wildcard && !truthy(value) || truthy(value) && isNegative(operator) {
		return either(match, null), nil
	}
	return match, nil
}

// classicIn is a condition with a list. Every zero in it is treated as false, which means NULL.
func (t *tx) classicIn(m *model, f *field, operator string, value any, leaf []any) (predicate, error) {
	list, ok := value.([]any)
	if !ok {
		return nil, fail(classValue, "Invalid domain term %s", tuple([]any{leaf[0], operator, value}))
	}
	var params []any
	withNull := false
	for _, v := range list {
		n, isNumber := number(v)
		if f.Type == "boolean" && !isNumber {
			continue
		}
		_, isBool := v.(bool)
		zero := isNumber && n == 0 && (isBool || f.Type == "boolean" || !t.does(odoofacts.ZeroInLists))
		withNull = withNull || zero
		if zero && f.Type != "boolean" {
			continue
		}
		key, err := t.classicKey(f, v)
		if err != nil {
			return nil, err
		}
		params = append(params, key)
	}
	in, null := t.columnIn(m, f, params), t.isNull(m, f)
	switch {
	case operator == "in" && withNull:
		return either(in, null), nil
	case operator == "in":
		return in, nil
	case withNull:
		return both(not(in), not(null)), nil
	}
	return not(in), nil
}

// classicTerm compares a column with a value; NULL does not match.
func (t *tx) classicTerm(m *model, f *field, operator string, value any) (predicate, error) {
	if strings.HasSuffix(operator, "like") {
		return t.classicLike(m, f, operator, value)
	}
	if f.Type == "many2one" && !truthy(value) {
		return never, nil // 0 is NULL to the database, with which every comparison is unknown
	}
	key, err := t.classicKey(f, value)
	if err != nil {
		return nil, err
	}
	switch operator {
	case "=":
		return t.columnIn(m, f, []any{key}), nil
	case "!=":
		return func(r *record) bool {
			v := t.column(m, r, f)
			return v != nil && key != nil && v != key
		}, nil
	case "<", "<=", ">", ">=":
		return t.columnCompare(m, f, operator, key), nil
	}
	return nil, fail(classSyntax, "syntax error at or near \"%s\"\n", operator)
}

func (t *tx) classicLike(m *model, f *field, operator string, value any) (predicate, error) {
	fold := strings.HasSuffix(operator, "ilike")
	if !strings.HasPrefix(operator, "=") {
		text := ""
		if !unset(value) {
			text = str(value)
		}
		match := t.columnText(m, f, like("%"+text+"%", fold))
		if isNegative(operator) {
			return both(not(match), not(t.isNull(m, f))), nil
		}
		return match, nil
	}
	key, err := t.classicKey(f, value)
	if err != nil {
		return nil, err
	}
	if kind := f.sqlType(); kind != "" && key != nil {
		return nil, fail(classNoSuchOperator, "operator does not exist: text %s %s\n", sqlOperator[operator], kind)
	}
	if key == nil {
		return never, nil
	}
	return t.columnText(m, f, like(columnText(f, key), fold)), nil
}

// sqlType is the type of a literal for the field that a database does not take for a text.
func (f *field) sqlType() string {
	switch f.Type {
	case "integer", "many2one", "many2one_reference":
		if f.Name == "id" {
			return ""
		}
		return "integer"
	case "float", "monetary":
		return "numeric"
	case "boolean":
		return "boolean"
	}
	return ""
}

// classicKey is a value as its column would hold it.
func (t *tx) classicKey(f *field, v any) (any, error) {
	switch {
	case f.Type == "boolean":
		return truthy(v), nil
	case f.Name == "id", f.Type == "many2one":
		return t.classicID(v)
	case f.Type == "float" || f.Type == "monetary" || f.Type == "integer":
		if !truthy(v) {
			return 0.0, nil
		}
		n, err := t.toNumber(f, v)
		if f.Type == "integer" {
			n = float64(int64(n))
		}
		return n, err
	case f.Type == "many2one_reference" && !unset(v):
		n, err := t.toNumber(f, v)
		return n, err
	case unset(v):
		return nil, nil
	case f.Type == "date" || f.Type == "datetime":
		return t.moment(f, v)
	}
	return cut(str(v), f.Size), nil
}

// classicID is an id to compare with.
func (t *tx) classicID(v any) (any, error) {
	switch v := v.(type) {
	case bool:
		if v {
			return nil, fail(classNoSuchOperator, "operator does not exist: integer = boolean\n")
		}
	case string:
		return t.toNumber(&field{Field: idField}, v)
	case []any:
		return nil, fail(classNoSuchOperator, "operator does not exist: integer = integer[]\n")
	case int64, float64:
		n, _ := number(v)
		return n, nil
	}
	return nil, nil
}
