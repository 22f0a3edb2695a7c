package orm

import (
	"database/sql/driver"
	"time"

	"github.com/odoogen/odoogen/runtime/internal/codec"
)

// Date is the value of a date field: a day without a time or a zone. The zero Date is unset. Years run from 1
// to 9999, as in Odoo.
type Date struct {
	Year  int
	Month time.Month
	Day   int
}

// DateOf returns the day of t in the time zone of t.
func DateOf(t time.Time) Date {
	y, m, d := t.Date()
	return Date{y, m, d}
}

// IsZero reports whether the date is unset.
func (d Date) IsZero() bool { return d == Date{} }

// In is the start of the day in a zone.
func (d Date) In(loc *time.Location) time.Time {
	return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, loc)
}

// AddDays is the day n days later, or earlier if n is negative.
func (d Date) AddDays(n int) Date { return DateOf(d.In(time.UTC).AddDate(0, 0, n)) }

// Compare returns -1, 0 or +1 if d is before, equal to or after e.
func (d Date) Compare(e Date) int { return d.In(time.UTC).Compare(e.In(time.UTC)) }

// String returns Odoo's form, 2006-01-02, or "" if unset.
func (d Date) String() string {
	return codec.Date(d).String()
}

// MarshalText returns [Date.String], for XML, map keys, flags and so on.
func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText accepts what [ParseDate] accepts, and an empty text for the unset date.
func (d *Date) UnmarshalText(text []byte) (err error) {
	if len(text) == 0 {
		*d = Date{}
		return nil
	}
	*d, err = ParseDate(string(text))
	return err
}

// MarshalJSON returns a string such as "2006-01-02", and null for the unset date.
func (d Date) MarshalJSON() ([]byte, error) { return jsonText(d.String()) }

// UnmarshalJSON accepts a string as [Date.UnmarshalText] does, or null for the unset date.
func (d *Date) UnmarshalJSON(b []byte) error { return fromJSONText(b, d) }

// Value returns [Date.String] for a database of package sql, and NULL for the unset date.
func (d Date) Value() (driver.Value, error) { return sqlText(d.String()) }

// Scan reads a date from a database of package sql: a string, or a time.Time, of which it takes the day in the zone of that
// time.
func (d *Date) Scan(value any) error {
	if t, ok := value.(time.Time); ok {
		*d = DateOf(t)
		return nil
	}
	return fromSQL(value, d)
}

// ParseDate reads Odoo's form, 2006-01-02. It accepts a year of fewer than four digits (Odoo sends 1-01-01), and a datetime,
// of which it takes the date, because some computed date fields send datetimes.
func ParseDate(s string) (Date, error) {
	d, err := codec.ParseDate([]byte(s))
	return Date(d), err
}
