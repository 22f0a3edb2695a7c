package diff

import (
	"slices"

	"github.com/odoogen/odoogen/introspect/snapshot"
)

// This file compares the reports of a model. A report is its name: one with another name is another report.

func reportName(r snapshot.ReportAction) string { return r.Name }

func (c *comparison) compareReports(p modelPair) {
	if !slices.Contains(c.recorded.reports, snapshot.ReportActions) {
		return
	}
	old, new := byName(p.old.Reports, reportName), byName(p.new.Reports, reportName)
	note := func(action Action, names Names, label string, class Class, reason string) *Change {
		c.add(Change{Subject: Print, Action: action, Model: p.names, Report: names, Label: label, Class: class, Reason: reason})
		return &c.report.Changes[len(c.report.Changes)-1]
	}
	for _, r := range p.old.Reports {
		n, ok := new[r.Name]
		switch {
		case !ok:
			note(Removed, Names{Old: r.Name}, r.Label, Class{Readers: true}, "The report is gone: printing it fails.")
		case n.Label != r.Label:
			change := note(Changed, Names{r.Name, r.Name}, n.Label, Class{}, "Programs do not read labels.")
			change.Property, change.Was, change.Is = Label, r.Label, n.Label
		}
	}
	for _, r := range p.new.Reports {
		if _, ok := old[r.Name]; !ok {
			note(Added, Names{New: r.Name}, r.Label, Class{}, "Nothing printed it before.")
		}
	}
}
