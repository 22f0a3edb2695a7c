package odoosync

import (
	"fmt"
	"maps"
	"slices"
)

// Outcome is what became of a row.
type Outcome string

// The outcomes of a row.
const (
	Created   Outcome = "created"
	Changed   Outcome = "changed"
	Unchanged Outcome = "unchanged"
	Failed    Outcome = "failed"
)

// Report counts what a [Run] did, or with [DryRun] what it would do.
type Report struct {
	Created, Changed, Unchanged int
	Removed                     int            // records that were archived or deleted since no row matches them
	Fields                      map[string]int // how many records each field was changed of, without new records
	Failures                    int            // the number of rows that failed
	Failed                      []*RowError    // the first [MaxFailed] of them
	// Unsettled counts the fields that Odoo stores differently from the row even after the write: HTML that it sanitizes, a value
	// that a constraint or a computation changes. The next Run writes them again. See [Results] for the rows.
	Unsettled map[string]int
	DryRun    bool
}

// MaxFailed is the most rows that [Report.Failed] lists. [Results] reports all.
const MaxFailed = 1000

// Result is what became of one row.
type Result struct {
	Row       int    // its index in the source, from 0
	Key       string // its external ID, or the values of its key in JSON
	ID        int64  // of the record, 0 if there is none
	Outcome   Outcome
	Fields    []string // written, of Created and Changed
	Unsettled []string // written, and read back with another value
	Err       error    // of Failed: a [*RowError]
}

// RowError is why a row was not written.
type RowError struct {
	Row int    // its index in the source, from 0
	Key string // its external ID, or the values of its key in JSON
	Err error  // a [*FieldError] if a field is to blame, or Odoo's error
}

// Error names row and key.
func (e *RowError) Error() string {
	if e.Key == "" {
		return fmt.Sprintf("row %d: %v", e.Row, e.Err)
	}
	return fmt.Sprintf("row %d (%s): %v", e.Row, e.Key, e.Err)
}

// Unwrap gives the cause.
func (e *RowError) Unwrap() error { return e.Err }

// FieldError is a fault of one field.
type FieldError struct {
	Field string
	Err   error
}

// Error names the field.
func (e *FieldError) Error() string { return "field " + e.Field + ": " + e.Err.Error() }

// Unwrap gives the cause.
func (e *FieldError) Unwrap() error { return e.Err }

func (j *job) fail(r *row, err error) {
	e := &RowError{r.index, r.name, err}
	if j.report.Failures++; len(j.report.Failed) < MaxFailed {
		j.report.Failed = append(j.report.Failed, e)
	}
	j.send(Result{Row: r.index, Key: r.name, ID: r.id, Outcome: Failed, Err: e})
}

func (j *job) done(r *row, outcome Outcome, fields []string, unsettled ...string) {
	switch outcome {
	case Created:
		j.report.Created++
	case Changed:
		j.report.Changed++
		for _, f := range fields {
			j.report.Fields[f]++
		}
	default:
		j.report.Unchanged++
	}
	for _, f := range unsettled {
		if j.report.Unsettled == nil {
			j.report.Unsettled = map[string]int{}
		}
		j.report.Unsettled[f]++
	}
	j.send(Result{Row: r.index, Key: r.name, ID: r.id, Outcome: outcome, Fields: fields, Unsettled: unsettled})
}

func (j *job) send(r Result) {
	if j.settings.results != nil {
		j.settings.results(r)
	}
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
