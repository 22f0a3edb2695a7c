package odootest

import (
	"time"
)

// dateParts are the numbers that Odoo 19 takes of a date: as granularities of groups, and in conditions such as
// ("date_order.month_number", "=", 2).
var dateParts = map[string]func(time.Time) int{
	"year_number":     time.Time.Year,
	"quarter_number":  func(at time.Time) int { return (int(at.Month()) + 2) / 3 },
	"month_number":    func(at time.Time) int { return int(at.Month()) },
	"iso_week_number": func(at time.Time) int { _, week := at.ISOWeek(); return week },
	"day_of_year":     time.Time.YearDay,
	"day_of_month":    time.Time.Day,
	"day_of_week":     func(at time.Time) int { return int(at.Weekday()) },
	"hour_number":     time.Time.Hour,
	"minute_number":   time.Time.Minute,
	"second_number":   time.Time.Second,
}

func datePart(name string) func(time.Time) int { return dateParts[name] }

func (f *field) isMoment() bool { return f.Type == "date" || f.Type == "datetime" }

// at is the time that a date or datetime holds; a datetime is converted to a time zone.
func (f *field) at(v any, zone *time.Location) (time.Time, bool) {
	text, ok := v.(string)
	if !ok {
		return time.Time{}, false
	}
	if f.Type == "date" {
		at, err := time.Parse(dateForm, text)
		return at, err == nil
	}
	at, err := time.Parse(datetimeForm, text)
	return at.In(zone), err == nil
}

// partLeaf is a condition on a part of a date.
func (t *tx) partLeaf(m *model, f *field, part, operator string, leaf []any) (predicate, error) {
	zone := t.contextZone()
	of := func(r *record) (float64, bool) {
		at, ok := f.at(t.value(m, r, f), zone)
		return float64(datePart(part)(at)), ok
	}
	switch operator {
	case "=", "in":
		return partIn(of, listed(operator, leaf[2])), nil
	case "!=", "not in":
		return not(partIn(of, listed(opposites[operator], leaf[2]))), nil
	case "<", "<=", ">", ">=":
		limit, isNumber := number(leaf[2])
		return func(r *record) bool {
			n, ok := of(r)
			return ok && isNumber && holds(compareValues(n, limit), operator)
		}, nil
	}
	return nil, t.badOperator(leaf)
}

func partIn(of func(*record) (float64, bool), values []any) predicate {
	return func(r *record) bool {
		n, ok := of(r)
		for _, v := range values {
			wanted, isNumber := number(v)
			if unset(v) && !ok || ok && isNumber && v != false && n == wanted {
				return true
			}
		}
		return false
	}
}
