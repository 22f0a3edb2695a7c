package odootest

import (
	"regexp"
	"strconv"
	"strings"
	"time"
)

var relativeStep = regexp.MustCompile(`^([+-])(\d+)([dwmyHMS])$`)

// relative is a date in Odoo 19's own words: "today -3d", "now +2H". Weekdays and "=" are not among those known here.
func (t *tx) relative(f *field, text string) (string, bool) {
	words := strings.Fields(text)
	if len(words) == 0 {
		return "", false
	}
	at := t.began.In(t.location())
	switch words[0] {
	case "today":
		at = time.Date(at.Year(), at.Month(), at.Day(), 0, 0, 0, 0, at.Location())
	case "now":
	default:
		return "", false
	}
	for _, word := range words[1:] {
		step := relativeStep.FindStringSubmatch(word)
		if step == nil {
			return "", false
		}
		n, _ := strconv.Atoi(step[1] + step[2])
		at = move(at, n, step[3])
	}
	if f.Type == "date" {
		return at.Format(dateForm), true
	}
	return at.UTC().Format(datetimeForm), true
}

func move(at time.Time, n int, unit string) time.Time {
	switch unit {
	case "d":
		return at.AddDate(0, 0, n)
	case "w":
		return at.AddDate(0, 0, 7*n)
	case "m":
		return at.AddDate(0, n, 0)
	case "y":
		return at.AddDate(n, 0, 0)
	case "H":
		return at.Add(time.Duration(n) * time.Hour)
	case "M":
		return at.Add(time.Duration(n) * time.Minute)
	}
	return at.Add(time.Duration(n) * time.Second)
}

// impossibleDay recognises a date in the right form whose day its month does not have.
func impossibleDay(s string) bool {
	s = s[:min(len(s), len(dateForm))]
	if len(s) != len(dateForm) {
		return false
	}
	_, err := time.Parse(dateForm, s)
	_, first := time.Parse(dateForm, s[:8]+"01")
	return err != nil && first == nil
}
