package odootest

import (
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/odoogen/odoogen/internal/odoofacts"
	"github.com/odoogen/odoogen/introspect/snapshot"
)

// The forms of dates on the wire, for Go and for Python's messages.
const (
	dateForm     = "2006-01-02"
	datetimeForm = "2006-01-02 15:04:05"
	minuteForm   = "2006-01-02 15:04"
	hourForm     = "2006-01-02 15"
	pyDate       = "%Y-%m-%d"
	pyDatetime   = "%Y-%m-%d %H:%M:%S"
	pyMinute     = "%Y-%m-%d %H:%M"
	pyHour       = "%Y-%m-%d %H"
)

// convert checks what a create or write gives for a field, and turns it into what is stored.
func (t *tx) convert(m *model, f *field, v any) (any, error) {
	if unset(v) {
		return zero(f), nil
	}
	if f.isMoment() && t.creating && !t.modern() {
		return t.inserted(f, v)
	}
	switch f.Type {
	case "char", "text", "html":
		return cut(str(v), f.Size), nil
	case "selection":
		return t.toChoice(m, f, v)
	case "integer", "many2one_reference":
		return t.toInt(v)
	case "float", "monetary":
		return t.toFloat(v, f.Digits)
	case "boolean":
		return truthy(v), nil
	case "date":
		if t.modern() && impossibleDay(str(v)) {
			return nil, fail(classValue, "day is out of range for month")
		}
		return toDate(v)
	case "datetime":
		if text, ok := v.(string); ok && t.modern() && len(text) < len("2006-1-1") {
			return nil, fail(classValue, "stray %% in format '%%'")
		}
		return toDatetime(v)
	case "many2one":
		return t.toTarget(m, f, v)
	case "reference":
		return t.toReference(m, f, v)
	case "binary":
		if _, isBinary := v.(xmlBinary); isBinary {
			return nil, fail(classType, "argument should be a bytes-like object or ASCII string, not 'Binary'")
		}
		if f.content != nil {
			return t.toContent(v)
		}
		return toFile(str(v))
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
func (t *tx) toChoice(m *model, f *field, v any) (any, error) {
	if v == "" {
		return nil, nil
	}
	text, isText := v.(string)
	if !isText {
		return nil, wrongValue(m, f, v)
	}
	known := func(c snapshot.Choice) bool { return c.Value == text }
	if len(f.Selection) > 0 && !slices.ContainsFunc(f.Selection, known) {
		return nil, wrongValue(m, f, v)
	}
	return text, nil
}

func (t *tx) toInt(v any) (any, error) {
	if v == "" {
		return int64(0), nil
	}
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

func (t *tx) toFloat(v any, digits []int) (any, error) {
	if v == "" {
		return 0.0, nil
	}
	n, ok := number(v)
	if s, isText := v.(string); isText {
		var err error
		if n, err = strconv.ParseFloat(strings.TrimSpace(s), 64); err != nil {
			return nil, fail(classValue, "could not convert string to float: %s", repr(v))
		}
		ok = true
	}
	if !ok {
		return nil, fail(classType, "float() argument must be a string or a %snumber, not '%s'", t.since(odoofacts.QualifiedNames, "", "real "), typeName(v))
	}
	if len(digits) == 2 {
		if rounded := roundTo(n, digits[1]); !math.IsNaN(rounded) && !math.IsInf(rounded, 0) {
			n = rounded
		}
	}
	return n, nil
}

// roundTo rounds to decimals, a half away from zero. What is a half but for the precision of a float is a half: 1.005 is 1.01.
func roundTo(n float64, decimals int) float64 {
	scale := math.Pow10(decimals)
	scaled := n * scale
	if scaled == 0 {
		return 0
	}
	least := math.Exp2(math.Log2(math.Abs(scaled)) - 52)
	return math.Round(scaled+math.Copysign(least, scaled)) / scale
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

// toDatetime takes a datetime in UTC, also one without seconds or minutes, or a date, which is its midnight.
func toDatetime(v any) (any, error) {
	s, ok := v.(string)
	if !ok {
		return nil, fail(classType, "object of type '%s' has no len()", typeName(v))
	}
	form, python := datetimeForm, pyDatetime
	switch {
	case len(s) <= len(dateForm):
		form, python = dateForm, pyDate
	case len(s) == len(minuteForm):
		form, python = minuteForm, pyMinute
	case len(s) == len(hourForm):
		form, python = hourForm, pyHour
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

// toTarget takes the id of a many2one. Of what can be none, a new record is refused by the database; a record that is
// there loses its target.
func (t *tx) toTarget(m *model, f *field, v any) (any, error) {
	switch v := v.(type) {
	case int64:
		switch {
		case v == 0 && (t.modern() || !t.creating && t.does(odoofacts.AnyTextIsNoID)):
			return nil, nil
		case v == 0 || f.target != nil && t.get(f.target, v) == nil:
			return nil, t.brokenLink(m, f)
		}
		return v, nil
	case bool:
		if !t.creating {
			return nil, nil
		}
		return nil, fail(classDatatype, "column \"%s\" is of type integer but expression is of type boolean\n", f.Name)
	case map[string]any:
		return nil, fail(classProgramming, "can't adapt type 'dict'")
	case string:
		if !t.creating && t.does(odoofacts.AnyTextIsNoID) {
			return nil, nil
		}
		return nil, fail(classNotANumber, "invalid input syntax for type integer: \"%s\"\n", v)
	case []any:
		for _, item := range v {
			if text, isText := item.(string); isText && t.creating { // the database gets an array
				return nil, fail(classNotANumber, "invalid input syntax for type integer: \"%s\"\n", text)
			}
		}
		return nil, nil
	}
	return nil, wrongValue(m, f, v)
}

// inserted is a date of a new record before Odoo 19: the database checks it.
func (t *tx) inserted(f *field, v any) (any, error) {
	text := str(v)
	if f.Type == "date" {
		if day, err := toDate(text); err == nil {
			return day, nil
		}
		return nil, badMoment(f, text)
	}
	at, err := toDatetime(text)
	if err == nil || strings.Contains(text, "T") {
		return at, err
	}
	return nil, badMoment(f, text)
}

var notBase64 = regexp.MustCompile(`[^A-Za-z0-9+/]`)

// toFile checks a file as Python decodes it: characters that do not belong there count for nothing.
func toFile(text string) (any, error) {
	n := len(notBase64.ReplaceAllString(text, ""))
	switch {
	case n%4 == 1:
		return nil, fail(classBase64, "Invalid base64-encoded string: number of data characters (%d) cannot be 1 more than a multiple of 4", n)
	case n%4 > 0 && strings.Count(text, "=") < 4-n%4:
		return nil, fail(classBase64, "Incorrect padding")
	}
	return text, nil
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
	choosable := func(c snapshot.Choice) bool { return c.Value == name }
	known := t.models[name] != nil
	if len(f.Selection) > 0 {
		known = slices.ContainsFunc(f.Selection, choosable)
	}
	if _, err := strconv.ParseInt(id, 10, 64); err != nil || !known {
		return nil, wrongValue(m, f, v)
	}
	return s, nil
}
