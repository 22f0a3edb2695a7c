package usage

import (
	"fmt"
	"io"
	"strings"

	"github.com/odoogen/odoogen/introspect/diff"
)

// Counts are how many of the affected uses stop compiling, fail when they run, and come to other results.
type Counts struct {
	Compile   int `json:"stop_compiling"`
	Fail      int `json:"fail_at_run_time"`
	Behave    int `json:"change_meaning"`
	Rewritten int `json:"fixable"` // of all of them
}

// Counts counts the places in the code: one that several changes affect counts once, for the worst.
func (i *Impact) Counts() Counts {
	const (
		compile = iota
		fail
		behave
	)
	worst := map[string]int{}
	fixable := map[string]bool{}
	for _, f := range i.Findings {
		for _, a := range f.Uses {
			how := behave
			switch {
			case a.Error != "":
				how = compile
			case f.Change.Class.Breaking():
				how = fail
			}
			place := a.Use.Pos.String()
			if was, ok := worst[place]; !ok || how < was {
				worst[place] = how
			}
			if a.Fixable {
				fixable[place] = true
			}
		}
	}
	n := Counts{Rewritten: len(fixable)}
	for _, how := range worst {
		*[]*int{&n.Compile, &n.Fail, &n.Behave}[how]++
	}
	return n
}

// What names what a change is about, and what became of it, in a line.
func What(c diff.Change) string {
	old, new := address(c, c.Model.Old, c.Field.Old, c.Choice.Old, c.Method.Old), address(c, c.Model.New, c.Field.New, c.Choice.New, c.Method.New)
	switch c.Action {
	case diff.Added:
		return new + " was added"
	case diff.Removed:
		return old + " is gone"
	case diff.Renamed:
		if c.Match != nil && c.Match.Confidence < Certain {
			return fmt.Sprintf("%s is perhaps %s now (%.0f %%)", old, new, 100*c.Match.Confidence)
		}
		return old + " is " + new + " now"
	case diff.Merged:
		return old + " went into " + new
	case diff.Split:
		return old + " was split: " + new
	case diff.Hidden:
		return old + " is not visible"
	}
	return fmt.Sprintf("%s: %s: %s → %s", old, c.Property, orNone(c.Was), orNone(c.Is))
}

func orNone(s string) string {
	if s == "" {
		return "none"
	}
	return s
}

// WriteText writes the findings for people. Files are shown as seen from the folder.
func (i *Impact) WriteText(w io.Writer, folder string) error {
	var b strings.Builder
	for _, f := range i.Findings {
		fmt.Fprintf(&b, "%s\n", What(f.Change))
		fmt.Fprintf(&b, "  %s\n", f.Change.Reason)
		if f.Change.Instead != "" {
			fmt.Fprintf(&b, "  Instead: %s\n", f.Change.Instead)
		}
		for _, a := range f.Uses {
			fmt.Fprintf(&b, "    %s\n", a.line(folder))
		}
		b.WriteByte('\n')
	}
	for n, p := range i.Other {
		if n == 0 {
			b.WriteString("What follows from that:\n")
		}
		fmt.Fprintf(&b, "    %s:%d:%d: %s\n", seenFrom(folder, p.Pos.Filename), p.Pos.Line, p.Pos.Column, p.Text)
	}
	if len(i.Other) > 0 {
		b.WriteByte('\n')
	}
	b.WriteString(i.Summary() + "\n")
	_, err := io.WriteString(w, b.String())
	return err
}

// line is a place in the code, as compilers write it.
func (a Affected) line(folder string) string {
	text := fmt.Sprintf("%s:%d:%d: %s", seenFrom(folder, a.Use.Pos.Filename), a.Use.Pos.Line, a.Use.Pos.Column, a.Use.How)
	if a.Use.Code != "" {
		text += " " + a.Use.Code
	}
	if a.Instead != "" {
		text += " → " + a.Instead
	}
	if a.Error != "" {
		text += ": does not compile: " + a.Error
	}
	return text
}

// Summary says in a sentence or two what the changes come to.
func (i *Impact) Summary() string {
	n := i.Counts()
	s := fmt.Sprintf("Of %d uses of Odoo, %d stop compiling, %d fail when they run, and %d change their meaning; %d of them can be rewritten by --fix.",
		i.Uses, n.Compile+len(i.Other), n.Fail, n.Behave, n.Rewritten)
	if i.Unused > 0 {
		s += fmt.Sprintf(" %d other changes touch no line of this code.", i.Unused)
	}
	return s
}
