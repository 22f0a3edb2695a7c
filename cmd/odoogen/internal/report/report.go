// Package report shows what changed between two snapshots, and the places in Go code that notice it: as text, Markdown, a page or
// JSON.
//
// view.go prepares a report; text.go, markdown.go and html.go, with page.html, write it.
package report

import (
	"github.com/odoogen/odoogen/internal/upgrade"
	"github.com/odoogen/odoogen/introspect/diff"
)

// Report is a comparison of two snapshots. Its JSON is the format json of odoogen diff.
type Report struct {
	*diff.Report
	Changes []Change         `json:"changes"`
	Usage   *upgrade.Summary `json:"usage,omitempty"` // what the changes do to some code, if that was asked
}

// Change is a change, with the places in the code that notice it.
type Change struct {
	diff.Change
	Uses []upgrade.Place `json:"uses,omitempty"`
}

// New makes a report of all changes.
func New(r *diff.Report) *Report {
	out := &Report{Report: r, Changes: make([]Change, len(r.Changes))}
	for i, c := range r.Changes {
		out.Changes[i] = Change{Change: c}
	}
	return out
}

// OfCode makes a report of the changes that some code notices, with the places. Files are shown relative to a folder.
func OfCode(r *diff.Report, impact *upgrade.Impact, folder string) *Report {
	out := &Report{Report: r, Changes: make([]Change, len(impact.Findings)), Usage: impact.Summary(folder)}
	for i, f := range impact.Findings {
		out.Changes[i] = Change{f.Change, f.Places(folder)}
	}
	return out
}
