package form

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// This file has what the operators of [expression] do with values: nil, bool, float64, string, []any, map[string]any and
// function.

func truthy(v any) bool {
	switch v := v.(type) {
	case nil:
		return false
	case bool:
		return v
	case float64:
		return v != 0
	case string:
		return v != ""
	case []any:
		return len(v) > 0
	case map[string]any:
		return len(v) > 0
	}
	return true
}

// plain turns a value of JSON into one of expressions.
func plain(v any) any {
	switch v := v.(type) {
	case json.Number:
		n, _ := v.Float64() // JSON has no number that is none, but for its size
		return n
	case int64:
		return float64(v)
	case int:
		return float64(v)
	case []any:
		out := make([]any, len(v))
		for i := range v {
			out[i] = plain(v[i])
		}
		return out
	case map[string]any:
		out := make(map[string]any, len(v))
		for key := range v {
			out[key] = plain(v[key])
		}
		return out
	}
	return v
}

// number is a value as a number, where Python would treat it as one.
func number(v any) (float64, bool) {
	switch v := v.(type) {
	case float64:
		return v, true
	case bool:
		if v {
			return 1, true
		}
		return 0, true
	}
	return 0, false
}

func equal(a, b any) bool {
	if n, ok := number(a); ok {
		m, also := number(b)
		return also && n == m
	}
	switch a := a.(type) {
	case nil:
		return b == nil
	case string:
		text, ok := b.(string)
		return ok && a == text
	case []any:
		list, ok := b.([]any)
		return ok && slices.EqualFunc(a, list, equal)
	}
	return false
}

func compare(a any, operator string, b any) (bool, error) {
	switch operator {
	case "=", "==":
		return equal(a, b), nil
	case "!=", "<>":
		return !equal(a, b), nil
	case "in":
		return contains(b, a)
	case "not in":
		has, err := contains(b, a)
		return !has, err
	}
	order, err := ordered(a, b)
	switch operator {
	case "<":
		return order < 0, err
	case "<=":
		return order <= 0, err
	case ">":
		return order > 0, err
	case ">=":
		return order >= 0, err
	}
	return false, fmt.Errorf("the operator %q is not supported", operator)
}

func contains(in, v any) (bool, error) {
	switch in := in.(type) {
	case []any:
		return slices.ContainsFunc(in, func(e any) bool { return equal(e, v) }), nil
	case map[string]any:
		text, _ := v.(string)
		_, has := in[text]
		return has, nil
	case string:
		if text, ok := v.(string); ok {
			return strings.Contains(in, text), nil
		}
	}
	return false, errors.New("it looks for a value in what is no list")
}

func ordered(a, b any) (int, error) {
	n, ok := number(a)
	m, also := number(b)
	if ok && also {
		switch {
		case n < m:
			return -1, nil
		case n > m:
			return 1, nil
		}
		return 0, nil
	}
	text, ok := a.(string)
	other, also := b.(string)
	if ok && also {
		return strings.Compare(text, other), nil
	}
	return 0, errors.New("it compares values that have no order")
}

func calculate(a any, sign string, b any) (any, error) {
	if list, ok := a.([]any); ok && sign == "+" {
		if more, also := b.([]any); also {
			return slices.Concat(list, more), nil
		}
	}
	if text, ok := a.(string); ok && sign == "+" {
		if more, also := b.(string); also {
			return text + more, nil
		}
	}
	n, ok := number(a)
	m, also := number(b)
	if ok && also {
		switch {
		case sign == "+":
			return n + m, nil
		case sign == "-":
			return n - m, nil
		case sign == "*":
			return n * m, nil
		case sign == "/" && m != 0:
			return n / m, nil
		}
	}
	return nil, errors.New("it calculates with values that are no numbers")
}

// attribute is an attribute of a dictionary: of the parent's values, or the method get of a context.
func attribute(e expression, name string) expression {
	return func(env map[string]any) (any, error) {
		v, err := e(env)
		if err != nil {
			return nil, err
		}
		switch v := v.(type) {
		case []any:
			if name == "length" {
				return float64(len(v)), nil
			}
		case map[string]any:
			if value, has := v[name]; has {
				return value, nil
			}
			if name == "get" {
				return getter(v), nil
			}
		}
		return nil, fmt.Errorf("it names the attribute %s, which the form does not have", name)
	}
}

func getter(m map[string]any) function {
	return func(args []any) (any, error) {
		if len(args) == 0 {
			return nil, errSyntax
		}
		key, _ := args[0].(string)
		if v, has := m[key]; has || len(args) == 1 {
			return v, nil
		}
		return args[1], nil
	}
}

// item is an item of a list or dictionary. In the web client a key that is not there, or of a field that is empty, gives none.
func item(e, key expression) expression {
	return func(env map[string]any) (any, error) {
		v, err := e(env)
		if err != nil {
			return nil, err
		}
		k, err := key(env)
		if err != nil {
			return nil, err
		}
		switch v := v.(type) {
		case map[string]any:
			name, _ := k.(string)
			return v[name], nil
		case nil, bool:
			return nil, nil
		case []any:
			if n, ok := k.(float64); ok && n >= 0 && int(n) < len(v) {
				return v[int(n)], nil
			}
		}
		return nil, fmt.Errorf("there is no item %v", k)
	}
}

func call(e expression, arguments []expression) expression {
	return func(env map[string]any) (any, error) {
		v, err := e(env)
		if err != nil {
			return nil, err
		}
		args, err := evaluated(arguments, env)
		if err != nil {
			return nil, err
		}
		fn, ok := v.(function)
		if !ok {
			return nil, errors.New("it calls what is no function that is supported")
		}
		return fn(args)
	}
}
