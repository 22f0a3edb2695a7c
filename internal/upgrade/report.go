package upgrade

import (
	"fmt"
	"go/token"
	"path/filepath"

	"github.com/odoogen/odoogen/internal/usage"
)

// This file describes an impact for reports.

// Place is a place in the code.
type Place struct {
	File    string `json:"file"`
	Line    int    `json:"line"`
	Column  int    `json:"column"`
	How     string `json:"how,omitempty"`     // read, write, condition, ...
	Code    string `json:"code,omitempty"`    // the name in the code
	Instead string `json:"instead,omitempty"` // the new name, if it is certain
	Fixable bool   `json:"fixable"`           // whether --fix writes the new name
	Error   string `json:"error,omitempty"`   // what the compiler says with the new bindings
}

// String is the place as compilers write it.
func (p Place) String() string { return fmt.Sprintf("%s:%d:%d", p.File, p.Line, p.Column) }

// placeOf is a position, with the file relative to the folder.
func placeOf(p token.Position, folder string) Place {
	return Place{File: filepath.ToSlash(seenFrom(folder, p.Filename)), Line: p.Line, Column: p.Column}
}

// Places are the places in the code that notice the change. Files are relative to the folder.
func (f Finding) Places(folder string) []Place {
	out := make([]Place, len(f.Uses))
	for i, a := range f.Uses {
		out[i] = placeOf(a.Use.Pos, folder)
		out[i].How, out[i].Code, out[i].Instead, out[i].Fixable, out[i].Error = string(a.Use.How), a.Use.Code, a.Instead, a.Fixable, a.Error
	}
	return out
}

// Summary counts the places in the code that the changes affect: a place that several changes affect counts once, for the worst.
type Summary struct {
	Uses    int     `json:"uses"`             // of anything of Odoo in the code
	Compile int     `json:"stop_compiling"`   // places that the compiler refuses with the new bindings
	Fail    int     `json:"fail_at_run_time"` // places that fail when they run
	Behave  int     `json:"change_meaning"`   // places that give other results
	Fixable int     `json:"fixable"`          // places that --fix rewrites
	Unused  int     `json:"unused_changes"`   // changes that are not safe, and that no place in the code notices
	Other   []Place `json:"other,omitempty"`  // other compile errors: most follow from the rest
}

// What happens to a place in the code, the worst first.
const (
	stopsCompiling = iota
	fails
	changesMeaning
)

// Summary sums up the impact. Files are relative to the folder.
func (i *Impact) Summary(folder string) *Summary {
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
	s := &Summary{Uses: i.Uses, Compile: n[stopsCompiling] + len(i.Other), Fail: n[fails], Behave: n[changesMeaning], Unused: i.Unused}
	for _, is := range fixable {
		if is {
			s.Fixable++
		}
	}
	for _, p := range i.Other {
		place := placeOf(p.Pos, folder)
		place.Error = p.Text
		s.Other = append(s.Other, place)
	}
	return s
}

func (f Finding) fate(a Affected) int {
	switch {
	case a.Error != "":
		return stopsCompiling
	case f.Change.Class.Breaking() && !isAbsent(a.Use):
		return fails
	}
	return changesMeaning
}

// isAbsent reports whether a use reads a field that servers can lack: without the field it reads orm.Absent.
func isAbsent(u usage.Use) bool {
	_, optional := u.FieldNames()
	return optional && (u.How == usage.Reads || u.How == usage.Projection || u.How == usage.Includes)
}
