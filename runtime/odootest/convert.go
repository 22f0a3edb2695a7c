package odootest

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/odoogen/odoogen/introspect"
)

// The forms of dates on the wire, for Go and for Python's messages.
const (
	dateForm     = "2006-01-02"
	datetimeForm = "2006-01-02 15:04:05"
	pyDate       = "%Y-%m-%d"
	pyDatetime   = "%Y-%m-%d %H:%M:%S"
)

// convert checks what a create or write gives for a field, and turns it into what is stored.
func (t *tx) convert(m *model, f *field, v any) (any, error) {
	if unset(v) {
		return zero(f), nil
	}
	switch f.Type {
	case "char", "text", "html":
		return cut(str(v), f.Size), nil
	case "selection":
		return toChoice(m, f, v)
	case "integer", "many2one_reference":
		return t.toInt(v)
	case "float", "monetary":
		return toFloat(v, f.Digits)
	case "boolean":
		return truthy(v), nil
	case "date":
		return toDate(v)
	case "datetime":
		return toDatetime(v)
	case "many2one":
		return t.toTarget(m, f, v)
	case "reference":
		return t.toReference(m, f, v)
	case "binary":
		return str(v), nil
	}
	return v, nil
}

// cut shortens a text to the size of its field, as Odoo does.
func cut(s string, size int) string {
	if runes := []rune(s); size > 0 && len(runes) > size {
		return string(runes[:size])
	}
	return s
}

func wrongValue(m *model, f *field, v any) error {
	return fail(classValue, "Wrong value for %s.%s: %s", m.name, f.Name, repr(v))
}

// toChoice checks a selection. One without choices takes anything: Odoo computes what may stand there.
func toChoice(m *model, f *field, v any) (any, error) {
	if v == "" {
		return nil, nil
	}
	text := str(v)
	known := func(c introspect.Choice) bool { return c.Value == text }
	if len(f.Selection) > 0 && !slices.ContainsFunc(f.Selection, known) {
		return nil, wrongValue(m, f, v)
	}
	return text, nil
}

func (t *tx) toInt(v any) (any, error) {
	n, ok := number(v)
	if s, isText := v.(string); isText {
		whole, err := strconv.ParseInt(strings.TrimSpace(s), 10, 64)
		if err != nil {
			return nil, fail(classValue, "invalid literal for int() with base 10: %s", repr(v))
		}
		n, ok = float64(whole), true
	}
	switch {
	case !ok:
		return nil, t.notInt(v)
	case math.Abs(n) > math.MaxInt32:
		return nil, fail(classOutOfRange, "integer out of range\n")
	}
	return int64(n), nil
}

func toFloat(v any, digits []int) (any, error) {
	n, ok := number(v)
	if s, isText := v.(string); isText {
		var err error
		if n, err = strconv.ParseFloat(strings.TrimSpace(s), 64); err != nil {
			return nil, fail(classValue, "could not convert string to float: %s", repr(v))
		}
		ok = true
	}
	if !ok {
		return nil, fail(classType, "float() argument must be a string or a real number, not '%s'", typeName(v))
	}
	if len(digits) == 2 {
		scale := math.Pow10(digits[1])
		if rounded := math.Round(n*scale) / scale; !math.IsNaN(rounded) && !math.IsInf(rounded, 0) {
			n = rounded
		}
	}
	return n, nil
}

// toDate takes a date, or a datetime whose time it drops.
func toDate(v any) (any, error) {
	s, ok := v.(string)
	if !ok {
		return nil, fail(classType, "'%s' object is not subscriptable", typeName(v))
	}
	day := s[:min(len(s), len(dateForm))]
	if _, err := time.Parse(dateForm, day); err != nil {
		return nil, fail(classValue, "time data %s does not match format '%s'", repr(day), pyDate)
	}
	return day, nil
}

// toDatetime takes a datetime in UTC, or a date, which is its midnight.
func toDatetime(v any) (any, error) {
	s, ok := v.(string)
	if !ok {
		return nil, fail(classType, "object of type '%s' has no len()", typeName(v))
	}
	form, python := datetimeForm, pyDatetime
	if len(s) <= len(dateForm) {
		form, python = dateForm, pyDate
	}
	if len(s) > len(datetimeForm) && s[len(datetimeForm)] == '.' {
		return nil, fail(classValue, "unconverted data remains: %s", s[len(datetimeForm):])
	}
	at, err := time.Parse(form, s)
	if err != nil {
		return nil, fail(classValue, "time data %s does not match format '%s'", repr(v), python)
	}
	return at.Format(datetimeForm), nil
}

// toTarget takes the id of a many2one, or the pair that read gives. A zero is no target.
func (t *tx) toTarget(m *model, f *field, v any) (any, error) {
	if pair, ok := v.([]any); ok && len(pair) > 0 {
		v = pair[0]
	}
	switch id := v.(type) {
	case int64:
		switch {
		case id == 0:
			return nil, nil
		case f.target != nil && t.get(f.target, id) == nil:
			return nil, t.brokenLink(m, f)
		}
		return id, nil
	case string:
		return nil, fail(classNotANumber, "invalid input syntax for type integer: \"%s\"\n", id)
	}
	return nil, wrongValue(m, f, v)
}

// toReference takes "model,id".
func (t *tx) toReference(m *model, f *field, v any) (any, error) {
	s, ok := v.(string)
	if !ok {
		return nil, wrongValue(m, f, v)
	}
	name, id, ok := strings.Cut(s, ",")
	if !ok {
		return nil, fail(classValue, "not enough values to unpack (expected 2, got 1)")
	}
	choosable := func(c introspect.Choice) bool { return c.Value == name }
	if _, err := strconv.ParseInt(id, 10, 64); err != nil || t.models[name] == nil && !slices.ContainsFunc(f.Selection, choosable) {
		return nil, wrongValue(m, f, v)
	}
	return s, nil
}
