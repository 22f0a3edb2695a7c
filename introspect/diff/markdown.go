package diff

import (
	"bufio"
	"fmt"
	"io"
	"strings"
)

// WriteMarkdown writes the report for a merge request: a table for each model. Safe changes are only counted.
func (r *Report) WriteMarkdown(out io.Writer) error {
	w := bufio.NewWriter(out)
	fmt.Fprintf(w, "# %s → %s\n\n", cell(r.Old.String()), cell(r.New.String()))
	n := r.Count()
	fmt.Fprintf(w, "%s: **%d breaking** (%d for readers, %d for writers), %d that may behave otherwise, %d safe.\n",
		counted(n.All, "change"), n.Breaking, n.Readers, n.Writers, n.Behavioural, n.Safe)
	if r.Usage != nil {
		markdownUsage(w, r.Usage)
	}
	for _, note := range r.Unknown {
		fmt.Fprintf(w, "\n> %s\n", cell(note))
	}
	for _, g := range r.groups() {
		if g.Counts.All > g.Counts.Safe {
			markdownGroup(w, g)
		}
	}
	return w.Flush()
}

func markdownGroup(w io.Writer, g group) {
	fmt.Fprintf(w, "\n## %s\n\n", cell(strings.TrimSuffix(g.Title+" — "+g.Label, " — ")))
	fmt.Fprint(w, "| | what | change | why |\n| --- | --- | --- | --- |\n")
	for _, it := range g.Changes {
		if it.Class.Safe() {
			continue
		}
		did := cell(it.Did)
		if it.Match != nil {
			did += fmt.Sprintf(" (%s sure: %s)", it.Match.percent(), cell(list(it.Match.Evidence)))
		}
		if len(it.Others) > 0 {
			did += ": " + cell(others(it))
		}
		why := cell(it.Reason)
		if it.Instead != "" && it.Action == Removed {
			why += " Use `" + cell(it.Instead) + "`."
		}
		for _, u := range it.Uses {
			why += markdownUse(u)
		}
		fmt.Fprintf(w, "| %s | %s | %s | %s |\n", it.Class, cell(it.What), did, why)
	}
	if g.Counts.Safe > 0 {
		fmt.Fprintf(w, "\nAnd %s.\n", counted(g.Counts.Safe, "safe change"))
	}
}

func markdownUsage(w io.Writer, u *Usage) {
	fmt.Fprintf(w, "\n%s\n", cell(u.summary()))
	for _, o := range u.Other {
		fmt.Fprintf(w, "- %s %s\n", cell(o.Place()), cell(o.told()))
	}
}

// markdownUse is a place in the code, on a line of its own in a cell.
func markdownUse(u Use) string { return "<br>" + cell(u.Place()) + " " + cell(u.told()) }

// cell is text from a database in a cell of a table: nothing in it is taken for Markdown or HTML.
func cell(text string) string {
	var b strings.Builder
	for _, r := range plain(text) {
		switch {
		case r == '<':
			b.WriteString("&lt;")
		case r == '&':
			b.WriteString("&amp;")
		case strings.ContainsRune("\\`*_{}[]|~", r):
			b.WriteRune('\\')
			b.WriteRune(r)
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}
