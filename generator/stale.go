package generator

import (
	"bytes"
	"maps"
	"slices"

	"github.com/odoogen/odoogen/templates"
)

// Stale is a file of a package that is not what would be generated now.
type Stale struct {
	File string // without its folder
	Why  StaleReason
	Line int // the first line that differs, from 1
}

// StaleReason says in which way it is not.
type StaleReason string

// The reasons.
const (
	Missing  StaleReason = "is missing"
	Differs  StaleReason = "differs"
	LeftOver StaleReason = "is no longer generated"
)

// FindStale compares a package with its folder, and changes nothing. Files that KeepLeftOver emptied are up to date.
func FindStale(folder, pkg string, files map[string][]byte) ([]Stale, error) {
	ours, err := survey(folder, pkg, files)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(stale(ours, files), func(s Stale) bool {
		return s.Why == LeftOver && bytes.Equal(ours[s.File], emptied(pkg))
	}), nil
}

// KeepLeftOver adds to the files, for each file of the folder that is no longer generated, one with nothing but the package
// clause, and returns their names. go generate needs this: it lists all files of all packages first, and fails when it
// later opens one that a command of its own has removed.
func KeepLeftOver(folder, pkg string, files map[string][]byte) (kept []string, err error) {
	ours, err := survey(folder, pkg, files)
	if err != nil {
		return nil, err
	}
	for _, s := range stale(ours, files) {
		if s.Why == LeftOver {
			kept = append(kept, s.File)
			files[s.File] = emptied(pkg)
		}
	}
	return kept, nil
}

// emptied is the content of a file that is no longer generated and that go generate still reads.
func emptied(pkg string) []byte {
	return []byte(templates.HeaderPrefix + ". DO NOT EDIT.\n\n" +
		"// This file is no longer generated. odoogen generate removes it when go generate does not run it.\n\n" +
		"package " + pkg + "\n")
}

// stale compares the files that are there with those that are generated: what is missing or differs, then what is left
// over, both sorted by name.
func stale(ours, files map[string][]byte) []Stale {
	var out []Stale
	for _, name := range slices.Sorted(maps.Keys(files)) {
		old, ok := ours[name]
		switch {
		case !ok:
			out = append(out, Stale{name, Missing, 1})
		case !bytes.Equal(old, files[name]):
			out = append(out, Stale{name, Differs, firstDifference(old, files[name])})
		}
	}
	for _, name := range slices.Sorted(maps.Keys(ours)) {
		if _, ok := files[name]; !ok {
			out = append(out, Stale{name, LeftOver, 1})
		}
	}
	return out
}

// firstDifference is the first line in which two texts differ, from 1.
func firstDifference(a, b []byte) int {
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			return 1 + bytes.Count(a[:i], []byte("\n"))
		}
	}
	return 1 + bytes.Count(a[:min(len(a), len(b))], []byte("\n"))
}
