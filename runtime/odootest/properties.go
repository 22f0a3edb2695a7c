package odootest

import (
	"maps"
	"slices"
	"strings"
)

// Properties are kept in the form in which they were written, and read with the definitions of the record that a relation leads to.

// definitions are those of the properties of a record; ok is false if its field does not say where they are, or there are none.
func (t *tx) definitions(m *model, r *record, f *field) (list []any, ok bool) {
	relation, name, _ := strings.Cut(f.Definition, ".")
	to := m.fields[relation]
	if to == nil || to.target == nil || to.target.fields[name] == nil {
		return nil, false
	}
	id, _ := t.value(m, r, to).(int64)
	container := t.get(to.target, id)
	if container == nil {
		return nil, false
	}
	list, ok = container.values[name].([]any)
	return list, ok
}

// properties are the definitions of the properties of a record, with the values.
func (t *tx) properties(m *model, r *record, f *field) (list []any, ok bool) {
	definitions, ok := t.definitions(m, r, f)
	if !ok {
		return nil, false
	}
	values := propertyValues(r.values[f.Name])
	list = []any{}
	for _, d := range definitions {
		definition, isObject := d.(map[string]any)
		name, isNamed := definition["name"].(string)
		if !isObject || !isNamed {
			continue
		}
		property := maps.Clone(definition)
		if v, has := values[name]; has {
			property["value"] = t.withTargetNames(property, v)
		}
		list = append(list, property)
	}
	return list, true
}

// withTargetNames gives the targets of a many2one or many2many their names.
func (t *tx) withTargetNames(property map[string]any, v any) any {
	target := t.models[str(property["comodel"])]
	if target == nil {
		return v
	}
	f := &field{target: target}
	if id, ok := v.(int64); ok && property["type"] == "many2one" {
		return []any{id, t.targetName(f, id)}
	}
	ids, ok := v.([]any)
	if !ok || property["type"] != "many2many" {
		return v
	}
	out := make([]any, len(ids))
	for i, v := range ids {
		id, _ := v.(int64)
		out[i] = []any{id, t.targetName(f, id)}
	}
	return out
}

// propertyValues are the values by name of what was written: an object, or a list of properties with values.
func propertyValues(written any) map[string]any {
	if values, ok := written.(map[string]any); ok {
		return values
	}
	values := map[string]any{}
	list, _ := written.([]any)
	for _, item := range list {
		property, _ := item.(map[string]any)
		v, has := property["value"]
		if name, ok := property["name"].(string); ok && has {
			values[name] = propertyValue(str(property["type"]), v)
		}
	}
	return values
}

// propertyValue leaves out the names of targets.
func propertyValue(kind string, v any) any {
	list, ok := v.([]any)
	switch {
	case !ok || len(list) == 0:
	case kind == "many2one":
		return list[0]
	case kind == "many2many":
		ids := slices.Clone(list)
		for i, target := range ids {
			if pair, ok := target.([]any); ok && len(pair) > 0 {
				ids[i] = pair[0]
			}
		}
		return ids
	}
	return v
}

// property is the value of a property of a record, nil if it has none.
func (t *tx) property(m *model, r *record, f *field, name string) any {
	m, at := t.locate(m, r, f)
	definitions, ok := t.definitions(m, at.r, at.f)
	if !ok || !slices.ContainsFunc(definitions, func(d any) bool { p, _ := d.(map[string]any); return p["name"] == name }) {
		return nil
	}
	v := propertyValues(at.r.values[at.f.Name])[name]
	if unset(v) {
		return nil
	}
	return v
}

// propertyLeaf is a condition on a property.
func (t *tx) propertyLeaf(m *model, f *field, name, operator string, leaf []any) (predicate, error) {
	if strings.Contains(name, ".") {
		return nil, fail(classValue, "Wrong property field value name %s.", repr(name))
	}
	var match func(v any) bool
	switch operator {
	case "=", "in", "!=", "not in":
		negative := isNegative(operator)
		if negative {
			operator = opposites[operator]
		}
		wanted := listed(operator, leaf[2])
		match = func(v any) bool {
			return slices.ContainsFunc(wanted, func(w any) bool { return hasProperty(v, w) }) != negative
		}
	case "<", "<=", ">", ">=":
		match = func(v any) bool { return v != nil && compared(operator, v, leaf[2]) }
	default:
		return nil, fail(classValue, "odootest: the operator %s is not supported for properties", operator)
	}
	return func(r *record) bool { return match(t.property(m, r, f, name)) }, nil
}

// hasProperty reports whether the value of a property is, or contains, the wanted one. False is no value.
func hasProperty(v, wanted any) bool {
	if list, ok := v.([]any); ok && !unset(wanted) {
		return slices.ContainsFunc(list, func(item any) bool { return hasProperty(item, wanted) })
	}
	a, isNumber := number(v)
	b, isNumberToo := number(wanted)
	switch {
	case unset(v) || unset(wanted):
		return unset(v) == unset(wanted)
	case isNumber && isNumberToo:
		return a == b
	}
	return v == wanted
}

// compared compares two numbers, or two texts.
func compared(operator string, v, with any) bool {
	c := 0
	a, isNumber := number(v)
	b, isNumberToo := number(with)
	switch {
	case isNumber != isNumberToo:
		return false
	case isNumber && a < b:
		c = -1
	case isNumber && a > b:
		c = 1
	case !isNumber:
		c = strings.Compare(str(v), str(with))
	}
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
