package orm

import (
	"errors"
	"fmt"
	"time"
)

// Date is the value of a date field: a day without a time or a zone. The zero Date is unset. Years run from 1
// to 9999, as in Odoo.
type Date struct {
	Year  int
	Month time.Month
	Day   int
}

// DateOf is the day of t in t's own zone.
func DateOf(t time.Time) Date {
	y, m, d := t.Date()
	return Date{y, m, d}
}

// IsZero tells whether the date is unset.
func (d Date) IsZero() bool { return d == Date{} }

// In is the start of the day in a zone.
func (d Date) In(loc *time.Location) time.Time {
	return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, loc)
}

// AddDays is the day n days later, or earlier if n is negative.
func (d Date) AddDays(n int) Date { return DateOf(d.In(time.UTC).AddDate(0, 0, n)) }

// Compare is -1, 0 or +1 as d is before, the same as or after e.
func (d Date) Compare(e Date) int { return d.In(time.UTC).Compare(e.In(time.UTC)) }

// String gives Odoo's form, 2006-01-02, or "" if unset.
func (d Date) String() string {
	if d.IsZero() {
		return ""
	}
	return fmt.Sprintf("%04d-%02d-%02d", d.Year, int(d.Month), d.Day)
}

var errDate = errors.New("not a date of the form 2006-01-02")
var errTime = errors.New("not a time of the form 2006-01-02 15:04:05")

// ParseDate reads Odoo's form. It takes a year of fewer than four digits (Odoo sends 1-01-01), and the date of
// a datetime, which some computed date fields send.
func ParseDate(s string) (Date, error) {
	d, rest, ok := cutDate(s)
	if !ok {
		return Date{}, errDate
	}
	if rest != "" {
		if _, err := parseTime(s); err != nil {
			return Date{}, errDate
		}
	}
	return d, nil
}

// cutDate reads the date at the start of s and gives the rest.
func cutDate(s string) (d Date, rest string, ok bool) {
	year, s, ok1 := cutDigits(s, 1, 4, '-')
	month, s, ok2 := cutDigits(s, 2, 2, '-')
	day, s, ok3 := cutDigits(s, 2, 2, 0)
	d = Date{year, time.Month(month), day}
	return d, s, ok1 && ok2 && ok3 && year > 0 && DateOf(d.In(time.UTC)) == d
}

// cutDigits reads between least and most digits, and the byte that must follow them unless that is 0.
func cutDigits(s string, least, most int, follow byte) (n int, rest string, ok bool) {
	i := 0
	for i < len(s) && i < most && s[i] >= '0' && s[i] <= '9' {
		n = n*10 + int(s[i]-'0')
		i++
	}
	if i < least {
		return 0, s, false
	}
	if follow != 0 {
		if i == len(s) || s[i] != follow {
			return 0, s, false
		}
		i++
	}
	return n, s[i:], true
}

// parseTime reads a datetime in UTC, with or without a fraction, or a date alone, which is its midnight.
func parseTime(s string) (time.Time, error) {
	d, rest, ok := cutDate(s)
	if !ok {
		return time.Time{}, errTime
	}
	if rest == "" {
		return d.In(time.UTC), nil
	}
	if rest[0] != ' ' && rest[0] != 'T' {
		return time.Time{}, errTime
	}
	hour, rest, ok1 := cutDigits(rest[1:], 2, 2, ':')
	minute, rest, ok2 := cutDigits(rest, 2, 2, ':')
	second, rest, ok3 := cutDigits(rest, 2, 2, 0)
	if !ok1 || !ok2 || !ok3 || hour > 23 || minute > 59 || second > 59 {
		return time.Time{}, errTime
	}
	nanos := 0
	if rest != "" {
		n, tail, ok := cutDigits(rest[1:], 1, 9, 0)
		if rest[0] != '.' || !ok || tail != "" {
			return time.Time{}, errTime
		}
		for i := len(rest) - 1; i < 9; i++ {
			n *= 10
		}
		nanos = n
	}
	return time.Date(d.Year, d.Month, d.Day, hour, minute, second, nanos, time.UTC), nil
}

// appendTime writes a time as Odoo takes it: UTC, to the second.
func appendTime(b []byte, t time.Time) ([]byte, error) {
	t = t.UTC()
	if t.Year() < 1 || t.Year() > 9999 {
		return b, fmt.Errorf("the year %d is outside 1 to 9999", t.Year())
	}
	return t.AppendFormat(b, "2006-01-02 15:04:05"), nil
}

// appendDate writes a date as Odoo takes it.
func appendDate(b []byte, d Date) ([]byte, error) {
	if d.Year < 1 || d.Year > 9999 || DateOf(d.In(time.UTC)) != d {
		return b, fmt.Errorf("%d-%d-%d is not a day of the years 1 to 9999", d.Year, int(d.Month), d.Day)
	}
	return append(b, d.String()...), nil
}
