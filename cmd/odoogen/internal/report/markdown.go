package report

import (
	"bufio"
	"fmt"
	"io"
	"regexp"
	"strings"

	"github.com/odoogen/odoogen/internal/spelling"
	"github.com/odoogen/odoogen/internal/upgrade"
	"github.com/odoogen/odoogen/introspect/diff"
)

// WriteMarkdown writes the report for a merge request: a table for each model. Safe changes are only counted.
func (r *Report) WriteMarkdown(out io.Writer) error {
	w := bufio.NewWriter(out)
	fmt.Fprintf(w, "# %s → %s\n\n", cell(sideName(r.Old)), cell(sideName(r.New)))
	n := r.Count()
	fmt.Fprintf(w, "%s: **%d breaking** (%d for readers, %d for writers), %d that may behave otherwise, %d safe.\n",
		spelling.Count(n.All, "change"), n.Breaking, n.Readers, n.Writers, n.Behavioural, n.Safe)
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
			did += fmt.Sprintf(" (%s sure: %s)", percent(it.Match), cell(strings.Join(it.Match.Evidence, ", ")))
		}
		if len(it.Others) > 0 {
			did += ": " + cell(others(it))
		}
		why := cell(it.Reason)
		if it.Instead != "" && it.Action == diff.Removed {
			why += " Use " + code(it.Instead) + "."
		}
		for _, u := range it.Uses {
			why += markdownUse(u)
		}
		fmt.Fprintf(w, "| %s | %s | %s | %s |\n", it.Class, cell(it.What), did, why)
	}
	if g.Counts.Safe > 0 {
		fmt.Fprintf(w, "\nAnd %s.\n", spelling.Count(g.Counts.Safe, "safe change"))
	}
}

func markdownUsage(w io.Writer, u *upgrade.Summary) {
	fmt.Fprintf(w, "\n%s\n", cell(summary(u)))
	for _, o := range u.Other {
		fmt.Fprintf(w, "- %s %s\n", cell(o.String()), cell(effect(o)))
	}
}

// markdownUse is a place in the code, on a line of its own in a cell.
func markdownUse(u upgrade.Place) string { return "<br>" + cell(u.String()) + " " + cell(effect(u)) }

// noBreak is a character without width. It keeps what is around it apart.
const noBreak = "&#8203;"

var (
	// reference is what GitHub and GitLab make a link of, which notifies people or other issues: @someone, #12, !12.
	reference = regexp.MustCompile(`@|[#!]([0-9])`)
	// address is the beginning of what they make a link to another site of.
	address = regexp.MustCompile(`(?i)(https?|ftp|mailto|xmpp)(:)|(www)(\.)`)
	// special are the characters that Markdown or HTML gives a meaning.
	special = regexp.MustCompile("[\\\\`*_{}\\[\\]|~]")
)

// cell is text from a database in a cell of a table: nothing in it is treated as Markdown, HTML, a link or a mention.
func cell(text string) string {
	text = strings.NewReplacer("&", "&amp;", "<", "&lt;").Replace(plain(text))
	text = special.ReplaceAllString(text, `\$0`)
	text = reference.ReplaceAllStringFunc(text, func(found string) string { return found[:1] + noBreak + found[1:] })
	return address.ReplaceAllString(text, "$1$3"+noBreak+"$2$4")
}

// name is what a code span shows without escapes, and in a table.
var name = regexp.MustCompile(`^[A-Za-z0-9_./ -]+$`)

// code is a name in a code span, where Markdown knows no escapes; other text is a cell's.
func code(text string) string {
	if name.MatchString(text) {
		return "`" + text + "`"
	}
	return cell(text)
}
