package codec

import (
	"errors"
	"fmt"
	"time"
)

// Date is the layout of orm.Date.
type Date struct {
	Year  int
	Month time.Month
	Day   int
}

// midnight returns the start of the day in UTC.
func (d Date) midnight() time.Time {
	return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC)
}

// String gives Odoo's form, 2006-01-02, or "" if unset.
func (d Date) String() string {
	if d == (Date{}) {
		return ""
	}
	return fmt.Sprintf("%04d-%02d-%02d", d.Year, int(d.Month), d.Day)
}

// exists reports whether the month has such a day.
func (d Date) exists() bool {
	if d.Month < time.January || d.Month > time.December || d.Day < 1 {
		return false
	}
	return d.Day <= 28 || d.Day <= daysIn(d.Month, d.Year)
}

func daysIn(m time.Month, year int) int {
	switch {
	case m == time.February && year%4 == 0 && (year%100 != 0 || year%400 == 0):
		return 29
	case m == time.February:
		return 28
	case m == time.April, m == time.June, m == time.September, m == time.November:
		return 30
	}
	return 31
}

var errDate = errors.New("not a date of the form 2006-01-02")
var errTime = errors.New("not a time of the form 2006-01-02 15:04:05")

// ParseDate reads a date of the form 2006-01-02.
func ParseDate(s []byte) (Date, error) {
	d, rest, ok := cutDate(s)
	if !ok {
		return Date{}, errDate
	}
	if len(rest) > 0 {
		if _, err := ParseTime(s); err != nil {
			return Date{}, errDate
		}
	}
	return d, nil
}

// cutDate reads the date at the start of s and gives the rest.
func cutDate(s []byte) (d Date, rest []byte, ok bool) {
	year, s, ok1 := cutDigits(s, 1, 4, '-')
	month, s, ok2 := cutDigits(s, 2, 2, '-')
	day, s, ok3 := cutDigits(s, 2, 2, 0)
	d = Date{year, time.Month(month), day}
	return d, s, ok1 && ok2 && ok3 && year > 0 && d.exists()
}

// cutDigits reads between least and most digits, and the byte that must follow them unless that is 0.
func cutDigits(s []byte, least, most int, follow byte) (n int, rest []byte, ok bool) {
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

// ParseTime reads a datetime in UTC, with or without a fraction, or a date alone, which is its midnight.
func ParseTime(s []byte) (time.Time, error) {
	if t, ok := parsePlainTime(s); ok {
		return t, nil
	}
	d, rest, ok := cutDate(s)
	if !ok {
		return time.Time{}, errTime
	}
	if len(rest) == 0 {
		return d.midnight(), nil
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
	if len(rest) > 0 {
		n, tail, ok := cutDigits(rest[1:], 1, 9, 0)
		if rest[0] != '.' || !ok || len(tail) > 0 {
			return time.Time{}, errTime
		}
		for i := len(rest) - 1; i < 9; i++ {
			n *= 10
		}
		nanos = n
	}
	return time.Date(d.Year, d.Month, d.Day, hour, minute, second, nanos, time.UTC), nil
}

// parsePlainTime reads the form that Odoo sends nearly always.
func parsePlainTime(s []byte) (time.Time, bool) {
	if len(s) != len("2006-01-02 15:04:05") || s[4] != '-' || s[7] != '-' || s[10] != ' ' || s[13] != ':' || s[16] != ':' {
		return time.Time{}, false
	}
	century, ok1 := pair(s[0:])
	year, ok2 := pair(s[2:])
	month, ok3 := pair(s[5:])
	day, ok4 := pair(s[8:])
	hour, ok5 := pair(s[11:])
	minute, ok6 := pair(s[14:])
	second, ok7 := pair(s[17:])
	d := Date{century*100 + year, time.Month(month), day}
	ok := ok1 && ok2 && ok3 && ok4 && ok5 && ok6 && ok7 && d.Year > 0 && d.exists() && hour < 24 && minute < 60 && second < 60
	return time.Date(d.Year, d.Month, d.Day, hour, minute, second, 0, time.UTC), ok
}

// pair reads two digits.
func pair(s []byte) (n int, ok bool) {
	tens, ones := s[0]-'0', s[1]-'0'
	return int(tens)*10 + int(ones), tens <= 9 && ones <= 9
}

// appendTime writes a time as Odoo takes it: UTC, to the second.
func appendTime(b []byte, t time.Time) ([]byte, error) {
	t = t.UTC()
	if t.Year() < 1 || t.Year() > 9999 {
		return b, fmt.Errorf("the year %d is outside 1 to 9999", t.Year())
	}
	return t.AppendFormat(b, "2006-01-02 15:04:05"), nil
}

// AppendDate writes a date as Odoo takes it.
func AppendDate(b []byte, d Date) ([]byte, error) {
	if d.Year < 1 || d.Year > 9999 || !d.exists() {
		return b, fmt.Errorf("%d-%d-%d is not a day of the years 1 to 9999", d.Year, int(d.Month), d.Day)
	}
	return append(b, d.String()...), nil
}
