package form

import (
	"encoding/json"
	"fmt"
	"strings"
)

// modifier says when a field is readonly, required or invisible. nil is never.
type modifier func(env map[string]any) (bool, error)

func always(map[string]any) (bool, error) { return true, nil }

// parseModifier reads an attribute of a field of a view: an expression of Python, from Odoo 17 on.
func parseModifier(source string) modifier {
	switch strings.TrimSpace(source) {
	case "", "0", "False", "false":
		return nil
	case "1", "True", "true":
		return always
	}
	e, err := parseExpression(source)
	return func(env map[string]any) (bool, error) {
		if err != nil {
			return false, err
		}
		v, err := e(env)
		if err != nil {
			err = fmt.Errorf("%.100q: %w", source, err)
		}
		return truthy(v), err
	}
}

// domainModifier reads a modifier until Odoo 16: a truth, or a domain.
func domainModifier(raw any) modifier {
	terms, ok := raw.([]any)
	if !ok {
		if truthy(plain(raw)) {
			return always
		}
		return nil
	}
	return func(env map[string]any) (bool, error) {
		d := domain{terms: terms, env: env}
		holds := true
		for len(d.terms) > 0 {
			v, err := d.next()
			if err != nil {
				text, _ := json.Marshal(raw)
				return false, fmt.Errorf("%.100s: %w", text, err)
			}
			holds = holds && v
		}
		return holds, nil
	}
}

// domain evaluates a domain in Polish notation on the values of the form.
type domain struct {
	terms []any
	env   map[string]any
}

func (d *domain) next() (bool, error) {
	if len(d.terms) == 0 {
		return false, errSyntax
	}
	term := d.terms[0]
	d.terms = d.terms[1:]
	sign, ok := term.(string)
	if !ok {
		return d.leaf(term)
	}
	first, err := d.next()
	if err != nil || sign == "!" {
		return !first, err
	}
	second, err := d.next()
	switch sign {
	case "&":
		return first && second, err
	case "|":
		return first || second, err
	}
	return false, errSyntax
}

func (d *domain) leaf(term any) (bool, error) {
	parts, ok := plain(term).([]any)
	if !ok || len(parts) != 3 {
		return false, errSyntax
	}
	operator, _ := parts[1].(string)
	if _, constant := parts[0].(float64); constant {
		return compare(parts[0], operator, parts[2])
	}
	field, _ := parts[0].(string)
	env := d.env
	if name, ofParent := strings.CutPrefix(field, "parent."); ofParent {
		env, _ = d.env["parent"].(map[string]any)
		field = name
	}
	v, known := env[field]
	if !known {
		return false, fmt.Errorf("it names %s, which the form does not have", field)
	}
	return compare(v, operator, parts[2])
}

// either holds if one of the modifiers does, both if each of them does.
func either(a, b modifier) modifier {
	if a == nil || b == nil {
		if a == nil {
			return b
		}
		return a
	}
	return func(env map[string]any) (bool, error) {
		if v, err := a(env); v || err != nil {
			return v, err
		}
		return b(env)
	}
}

func both(a, b modifier) modifier {
	if a == nil || b == nil {
		return nil
	}
	return func(env map[string]any) (bool, error) {
		if v, err := a(env); !v || err != nil {
			return v, err
		}
		return b(env)
	}
}
