package orm

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestDatesAreReadAndShown(t *testing.T) {
	for text, want := range map[string]Date{
		"2026-01-31":                 {2026, 1, 31},
		"1-01-01":                    {1, 1, 1},
		"0001-01-01":                 {1, 1, 1},
		"2024-02-29":                 {2024, 2, 29},
		"2026-01-31 23:59:59":        {2026, 1, 31},
		"2026-01-31T23:59:59.123456": {2026, 1, 31},
	} {
		if got, err := ParseDate(text); err != nil || got != want {
			t.Errorf("%s: %v, %v", text, got, err)
		}
	}
	if got := (Date{1, 1, 1}).String(); got != "0001-01-01" {
		t.Errorf("got %s", got)
	}
	if got := (Date{}).String(); got != "" {
		t.Errorf("the zero date is %q", got)
	}
}

func TestDaysAreAddedAcrossMonthsAndYears(t *testing.T) {
	for _, c := range []struct {
		from Date
		days int
		want Date
	}{
		{Date{2026, 1, 31}, 1, Date{2026, 2, 1}},
		{Date{2024, 2, 28}, 1, Date{2024, 2, 29}},
		{Date{2026, 1, 1}, -1, Date{2025, 12, 31}},
		{Date{2026, 1, 1}, 365, Date{2027, 1, 1}},
		{Date{2026, 1, 1}, 0, Date{2026, 1, 1}},
	} {
		if got := c.from.AddDays(c.days); got != c.want {
			t.Errorf("%v + %d = %v, want %v", c.from, c.days, got, c.want)
		}
	}
}

func TestDatesAreCompared(t *testing.T) {
	days := []Date{{}, {1, 1, 1}, {2025, 12, 31}, {2026, 1, 1}, {2026, 1, 2}, {2026, 2, 1}, {9999, 12, 31}}
	for i, d := range days {
		for j, e := range days {
			want := min(1, max(-1, i-j))
			if got := d.Compare(e); got != want {
				t.Errorf("%v.Compare(%v) = %d", d, e, got)
			}
		}
		if d.IsZero() != (i == 0) {
			t.Errorf("%v.IsZero() = %v", d, d.IsZero())
		}
	}
}

func TestADayIsThatOfTheTimesOwnZone(t *testing.T) {
	late := time.Date(2026, 1, 31, 23, 0, 0, 0, west)
	if got, want := DateOf(late), (Date{2026, 1, 31}); got != want {
		t.Errorf("got %v", got)
	}
	if got, want := DateOf(late.UTC()), (Date{2026, 2, 1}); got != want {
		t.Errorf("got %v", got)
	}
	if got := (Date{2026, 1, 31}).In(east); !got.Equal(time.Date(2026, 1, 30, 22, 0, 0, 0, time.UTC)) {
		t.Errorf("got %v", got)
	}
}

func TestReferences(t *testing.T) {
	for text, want := range map[string]Reference{"": {}, "res.partner,7": {"res.partner", 7}, "x,-1": {"x", -1}} {
		got, err := ParseReference(text)
		if err != nil || got != want || got.String() != text {
			t.Errorf("%q: %v, %v", text, got, err)
		}
	}
	if got, want := RefTo(ID[partner](7)), (Reference{"res.partner", 7}); got != want {
		t.Errorf("got %v", got)
	}
}

func TestLabels(t *testing.T) {
	labels := Labels{{"draft", "Quotation"}, {"sale", "Sales Order"}}
	for value, want := range map[string]string{"sale": "Sales Order", "draft": "Quotation", "x_own": "x_own", "": ""} {
		if got := labels.Of(value); got != want {
			t.Errorf("%q is %q", value, got)
		}
	}
}

func TestDateInJSONAndText(t *testing.T) {
	type invoice struct {
		Due  Date         `json:"due"`
		Paid *Date        `json:"paid,omitempty"`
		Days map[Date]int `json:"days,omitempty"`
	}
	day := Date{2026, 3, 1}
	for text, want := range map[string]invoice{
		`{"due":"2026-03-01"}`:                     {Due: day},
		`{"due":null}`:                             {},
		`{"due":"2026-03-01","paid":"2026-03-01"}`: {Due: day, Paid: &day},
		`{"due":null,"days":{"2026-03-01":2}}`:     {Days: map[Date]int{day: 2}},
	} {
		b, err := json.Marshal(want)
		if err != nil || string(b) != text {
			t.Errorf("%+v is %s, %v; want %s", want, b, err, text)
		}
		var got invoice
		if err := json.Unmarshal([]byte(text), &got); err != nil {
			t.Error(text, err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(text, diff)
		}
	}
	got := Date{2026, 3, 1}
	if err := json.Unmarshal([]byte(`""`), &got); err != nil || !got.IsZero() {
		t.Errorf("the empty text is %v, %v", got, err)
	}
	for _, text := range []string{`5`, `"tomorrow"`, `"2026-13-01"`, `{}`} {
		if err := json.Unmarshal([]byte(text), &got); err == nil {
			t.Errorf("%s is %v", text, got)
		}
	}
}
