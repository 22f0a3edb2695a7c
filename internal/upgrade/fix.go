package upgrade

import (
	"bytes"
	"cmp"
	"fmt"
	"go/format"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/rogpeppe/go-internal/diff"
	"golang.org/x/tools/go/packages"

	"github.com/odoogen/odoogen/internal/output"
)

// Fix is what Fix would write: the files with the certain renames in place, and nothing else changed.
type Fix struct {
	Files  []FixedFile
	Uses   int      // that are rewritten
	ByHand []string // the other uses that fail or do not compile, a line each
	root   string
}

// FixedFile is a file before and after.
type FixedFile struct {
	Name          string
	Before, After []byte
}

// edit is a text to put in place of another.
type edit struct {
	from, to int // offsets
	old, new string
}

// Fix rewrites the uses whose new names are certain. Files outside of the module that is worked on, and generated ones,
// stay unchanged. ByHand shows files as seen from the folder.
func (c *Code) Fix(i *Impact, folder string) (*Fix, error) {
	edits := map[string][]edit{}
	fix := &Fix{root: c.root}
	for _, f := range i.Findings {
		for _, a := range f.Uses {
			if e := (edit{a.Use.Pos.Offset, a.Use.End.Offset, a.Use.Code, a.Instead}); a.Fixable && c.mayWrite(a.Use.Pos.Filename) {
				edits[a.Use.Pos.Filename] = append(edits[a.Use.Pos.Filename], e)
			} else if f.fate(a) != changesMeaning {
				fix.ByHand = append(fix.ByHand, f.byHand(a, folder))
			}
		}
	}
	slices.Sort(fix.ByHand)
	fix.ByHand = slices.Compact(fix.ByHand)
	for name, list := range edits {
		before, err := os.ReadFile(name)
		if err != nil {
			return nil, err
		}
		after, n, err := apply(before, list)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		fix.Uses += n
		fix.Files = append(fix.Files, FixedFile{name, before, after})
	}
	slices.SortFunc(fix.Files, func(a, b FixedFile) int { return strings.Compare(a.Name, b.Name) })
	return fix, nil
}

// byHand says where a use is and why it fails.
func (f Finding) byHand(a Affected, folder string) string {
	return fmt.Sprintf("%s: %s %s: %s", placeOf(a.Use.Pos, folder), a.Use.How, a.Use.Code, cmp.Or(a.Error, f.Change.Reason))
}

// mayWrite reports whether a file belongs to a package that was asked for.
func (c *Code) mayWrite(file string) bool {
	return slices.ContainsFunc(c.sources, func(s *source) bool {
		return s.root && slices.Contains(s.GoFiles, file) && !isDependency(s.Package)
	})
}

// isDependency reports whether a package is another module's.
func isDependency(p *packages.Package) bool { return p.Module != nil && !p.Module.Main }

// apply makes the edits of a file, each once.
func apply(before []byte, edits []edit) (after []byte, n int, err error) {
	slices.SortFunc(edits, func(a, b edit) int { return a.from - b.from })
	var out bytes.Buffer
	at := 0
	for _, e := range slices.Compact(edits) {
		if e.from < at || e.to > len(before) || string(before[e.from:e.to]) != e.old {
			return nil, 0, fmt.Errorf("the text at offset %d is no longer %q: it was changed meanwhile, or two renames meet there", e.from, e.old)
		}
		out.Write(before[at:e.from])
		out.WriteString(e.new)
		at, n = e.to, n+1
	}
	out.Write(before[at:])
	return formatted(before, out.Bytes()), n, nil
}

// formatted aligns the text as gofmt does, if it was so before.
func formatted(before, after []byte) []byte {
	if was, err := format.Source(before); err != nil || !bytes.Equal(was, before) {
		return after
	}
	if is, err := format.Source(after); err == nil {
		return is
	}
	return after
}

// Diff shows what changes, in the form of a unified diff. Names are shown as seen from the folder.
func (f *Fix) Diff(folder string) string {
	var b strings.Builder
	for _, file := range f.Files {
		name := seenFrom(folder, file.Name)
		b.Write(diff.Diff(name, file.Before, name, file.After))
	}
	return b.String()
}

// seenFrom is a file's name as seen from a folder, if it is below.
func seenFrom(folder, name string) string {
	if full, err := filepath.Abs(folder); err == nil {
		folder = full
	}
	if r, err := filepath.Rel(folder, name); err == nil && filepath.IsLocal(r) {
		return r
	}
	return name
}

// Write replaces all the files, or none.
func (f *Fix) Write() error {
	changes := make([]output.Change, len(f.Files))
	for i, file := range f.Files {
		changes[i] = output.Change{File: file.Name, Data: file.After}
	}
	return output.Apply(f.root, changes)
}
