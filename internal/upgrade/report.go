package upgrade

import (
	"go/token"
	"path/filepath"

	"github.com/odoogen/odoogen/introspect/diff"
)

// Narrow leaves in a report the changes that some line of the code notices, with these lines. Files are shown as seen
// from the folder.
func (i *Impact) Narrow(r *diff.Report, folder string) {
	r.Changes = make([]diff.Change, len(i.Findings))
	for n, f := range i.Findings {
		r.Changes[n] = f.Change
		for _, a := range f.Uses {
			u := place(a.Use.Pos, folder)
			u.How, u.Code, u.Instead, u.Fixable, u.Error = string(a.Use.How), a.Use.Code, a.Instead, a.Fixable, a.Error
			r.Changes[n].Uses = append(r.Changes[n].Uses, u)
		}
	}
	r.Usage = i.count()
	for _, p := range i.Other {
		u := place(p.Pos, folder)
		u.Error = p.Text
		r.Usage.Other = append(r.Usage.Other, u)
	}
}

func place(p token.Position, folder string) diff.Use {
	return diff.Use{File: filepath.ToSlash(seenFrom(folder, p.Filename)), Line: p.Line, Column: p.Column}
}

// What becomes of a place in the code, the worst first.
const (
	stopsCompiling = iota
	fails
	changesMeaning
)

// count counts the places in the code: one that several changes touch counts once, for the worst.
func (i *Impact) count() *diff.Usage {
	worst, fixable := map[string]int{}, map[string]bool{}
	for _, f := range i.Findings {
		for _, a := range f.Uses {
			at := a.Use.Pos.String()
			if was, ok := worst[at]; !ok || f.fate(a) < was {
				worst[at] = f.fate(a)
			}
			fixable[at] = fixable[at] || a.Fixable
		}
	}
	var n [3]int
	for _, fate := range worst {
		n[fate]++
	}
	u := &diff.Usage{Uses: i.Uses, Compile: n[stopsCompiling] + len(i.Other), Fail: n[fails], Behave: n[changesMeaning], Unused: i.Unused}
	for _, is := range fixable {
		if is {
			u.Fixable++
		}
	}
	return u
}

func (f Finding) fate(a Affected) int {
	switch {
	case a.Error != "":
		return stopsCompiling
	case f.Change.Class.Breaking():
		return fails
	}
	return changesMeaning
}
