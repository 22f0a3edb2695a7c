package odootest

import (
	"fmt"
	"time"

	"github.com/odoogen/odoogen/internal/odoofacts"
)

// period is a granularity that cuts time into pieces.
type period struct {
	start func(time.Time) time.Time
	next  func(time.Time) time.Time
	label func(time.Time) string
}

var periods = map[string]*period{
	"hour": {
		func(at time.Time) time.Time { return dayOf(at).Add(time.Duration(at.Hour()) * time.Hour) },
		func(at time.Time) time.Time { return at.Add(time.Hour) },
		func(at time.Time) string { return at.Format("03:00 02 Jan") },
	},
	"day": {dayOf, days(1), func(at time.Time) string { return at.Format("02 Jan 2006") }},
	"week": {
		func(at time.Time) time.Time { return dayOf(at).AddDate(0, 0, -(int(at.Weekday())+6)%7) },
		days(7),
		func(at time.Time) string {
			year, week := at.AddDate(0, 0, 1).ISOWeek()
			return fmt.Sprintf("W%d %d", week, year)
		},
	},
	"month": {
		func(at time.Time) time.Time { return monthOf(at, at.Month()) },
		func(at time.Time) time.Time { return at.AddDate(0, 1, 0) },
		func(at time.Time) string { return at.Format("January 2006") },
	},
	"quarter": {
		func(at time.Time) time.Time { return monthOf(at, (at.Month()-1)/3*3+1) },
		func(at time.Time) time.Time { return at.AddDate(0, 3, 0) },
		func(at time.Time) string { return fmt.Sprintf("Q%d %d", (at.Month()+2)/3, at.Year()) },
	},
	"year": {
		func(at time.Time) time.Time { return monthOf(at, time.January) },
		func(at time.Time) time.Time { return at.AddDate(1, 0, 0) },
		func(at time.Time) string { return at.Format("2006") },
	},
}

// sundayWeek is the week of English since Odoo 19, where it depends on the language.
var sundayWeek = &period{
	func(at time.Time) time.Time { return dayOf(at).AddDate(0, 0, -int(at.Weekday())) },
	days(7),
	periods["week"].label,
}

func dayOf(at time.Time) time.Time {
	return time.Date(at.Year(), at.Month(), at.Day(), 0, 0, 0, 0, at.Location())
}

func monthOf(at time.Time, month time.Month) time.Time {
	return time.Date(at.Year(), month, 1, 0, 0, 0, 0, at.Location())
}

func days(n int) func(time.Time) time.Time {
	return func(at time.Time) time.Time { return at.AddDate(0, 0, n) }
}

// period of a key; a date without one is grouped by month.
func (g *grouping) period(k groupKey) *period {
	switch {
	case k.granularity == "":
		return periods["month"]
	case k.granularity == "week" && g.does(odoofacts.LanguageWeeks):
		return sundayWeek
	}
	return periods[k.granularity]
}

// limits are the ends of the period that begins at a moment, as a condition has them.
func (k groupKey) limits(p *period, start time.Time) (from, to string) {
	next := p.next(start)
	if k.field.Type == "date" {
		return start.Format(dateForm), next.Format(dateForm)
	}
	return start.UTC().Format(datetimeForm), next.UTC().Format(datetimeForm)
}
