package odootest

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
)

// Odoo's messages quote values as Python writes them.

// repr is Python's repr of a JSON value.
func repr(v any) string {
	switch v := v.(type) {
	case nil:
		return "None"
	case bool:
		if v {
			return "True"
		}
		return "False"
	case string:
		return quote(v)
	case int64:
		return strconv.FormatInt(v, 10)
	case float64:
		return reprFloat(v)
	case []any:
		return "[" + reprs(v) + "]"
	case map[string]any:
		parts := make([]string, 0, len(v))
		for _, key := range slices.Sorted(maps.Keys(v)) {
			parts = append(parts, quote(key)+": "+repr(v[key]))
		}
		return "{" + strings.Join(parts, ", ") + "}"
	}
	return fmt.Sprint(v)
}

func reprs(v []any) string {
	parts := make([]string, len(v))
	for i, e := range v {
		parts[i] = repr(e)
	}
	return strings.Join(parts, ", ")
}

func tuple(v []any) string {
	if len(v) == 1 {
		return "(" + repr(v[0]) + ",)"
	}
	return "(" + reprs(v) + ")"
}

// The escapes of the texts in each kind of quotes.
var (
	inSingle = escapes(`'`)
	inDouble = escapes(`"`)
)

func escapes(mark string) *strings.Replacer {
	return strings.NewReplacer(`\`, `\\`, mark, `\`+mark, "\n", `\n`, "\r", `\r`, "\t", `\t`)
}

func quote(s string) string {
	if strings.Contains(s, `'`) && !strings.Contains(s, `"`) {
		return `"` + inDouble.Replace(s) + `"`
	}
	return `'` + inSingle.Replace(s) + `'`
}

// reprFloat is Python's repr of a float, which has an exponent from 1e16 on and below 0.0001.
func reprFloat(f float64) string {
	format := byte('f')
	if size := math.Abs(f); size >= 1e16 || size < 1e-4 && size > 0 {
		format = 'e'
	}
	s := strconv.FormatFloat(f, format, -1, 64)
	if !strings.ContainsAny(s, ".eIN") {
		s += ".0"
	}
	return s
}

// str is Python's str.
func str(v any) string {
	if s, ok := v.(string); ok {
		return s
	}
	return repr(v)
}

// truthy is Python's bool.
func truthy(v any) bool {
	switch v := v.(type) {
	case nil:
		return false
	case bool:
		return v
	case string:
		return v != ""
	case int64:
		return v != 0
	case float64:
		return v != 0
	case []any:
		return len(v) > 0
	case map[string]any:
		return len(v) > 0
	}
	return true
}

// unset recognises the two values that mean "no value" on the wire.
func unset(v any) bool { return v == nil || v == false }

// typeName is Python's name for the type of a JSON value.
func typeName(v any) string {
	switch v.(type) {
	case nil:
		return "NoneType"
	case bool:
		return "bool"
	case string:
		return "str"
	case int64:
		return "int"
	case float64:
		return "float"
	case []any:
		return "list"
	}
	return "dict"
}

// number is a JSON value as a number, where Python would take it for one.
func number(v any) (float64, bool) {
	switch v := v.(type) {
	case bool:
		if v {
			return 1, true
		}
		return 0, true
	case int64:
		return float64(v), true
	case float64:
		return v, true
	}
	return 0, false
}

// ints are the whole numbers of a list.
func ints(v []any) []int64 {
	var out []int64
	for _, e := range v {
		if n, ok := e.(int64); ok {
			out = append(out, n)
		}
	}
	return out
}
