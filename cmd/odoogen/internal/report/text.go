package report

import (
	"bufio"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/odoogen/odoogen/internal/printable"
	"github.com/odoogen/odoogen/internal/spelling"
	"github.com/odoogen/odoogen/internal/upgrade"
	"github.com/odoogen/odoogen/introspect/diff"
)

// TextOptions say how a report is written as text.
type TextOptions struct {
	Color bool // with the escape codes of terminals
	Safe  bool // with each safe change; otherwise they are only counted
}

// WriteText writes the report for a terminal: a paragraph for each model, the most serious first, and a summary.
func (r *Report) WriteText(out io.Writer, o TextOptions) error {
	w := &textWriter{Writer: bufio.NewWriter(out), TextOptions: o}
	w.line("%s → %s", w.style(bold, sideName(r.Old)), w.style(bold, sideName(r.New)))
	for _, note := range r.Unknown {
		w.line("%s", w.style(yellow, note))
	}
	for _, g := range r.groups() {
		w.group(g)
	}
	w.line("")
	if r.Usage != nil {
		w.usage(r.Usage)
		return w.Flush()
	}
	w.line("%s", w.summary(r))
	return w.Flush()
}

// sideName names a snapshot: Odoo 14.0 (old.json).
func sideName(s diff.Side) string {
	out := "Odoo " + plain(s.Series)
	if s.Name != "" {
		out += " (" + plain(s.Name) + ")"
	}
	return out
}

type textWriter struct {
	*bufio.Writer
	TextOptions
}

func (w *textWriter) line(format string, args ...any) {
	fmt.Fprintf(w, format, args...)
	_ = w.WriteByte('\n') // an error stays in the writer, and Flush gives it
}

// The styles of a terminal.
const (
	bold   = "1"
	dim    = "2"
	red    = "31"
	yellow = "33"
	green  = "32"
)

func (w *textWriter) style(code, text string) string {
	if !w.Color || text == "" {
		return text
	}
	return "\x1b[" + code + "m" + text + "\x1b[0m"
}

func (w *textWriter) group(g group) {
	shown := g.Changes
	if !w.Safe {
		shown = nil
		for _, it := range g.Changes {
			if !it.Class.Safe() {
				shown = append(shown, it)
			}
		}
		if len(shown) == 0 {
			return // counted in the summary
		}
	}
	w.line("")
	title := w.style(bold, plain(g.Title))
	if g.Label != "" {
		title += "  " + w.style(dim, plain(g.Label))
	}
	w.line("%s", title)
	width := 0
	for _, it := range shown {
		width = max(width, min(widestName, utf8.RuneCountInString(it.What)))
	}
	var class diff.Class
	for i, it := range shown {
		if i == 0 || it.Class.String() != class.String() {
			class = it.Class
			w.line("  %s", w.style(colorOf(class), class.String()))
		}
		w.item(it, width)
	}
	if !w.Safe && g.Counts.Safe > 0 {
		w.line("  %s", w.style(dim, fmt.Sprintf("and %s", spelling.Count(g.Counts.Safe, "safe change"))))
	}
}

// widestName is where longer names push their line to the right.
const widestName = 44

func colorOf(c diff.Class) string {
	switch {
	case c.Breaking():
		return red
	case c.Behavioural:
		return yellow
	}
	return green
}

func (w *textWriter) item(it item, width int) {
	pad := strings.Repeat(" ", max(0, width-utf8.RuneCountInString(it.What)))
	text := "    " + plain(it.What) + pad + "  " + plain(it.Did)
	if it.Match != nil {
		text += fmt.Sprintf(", %s sure: %s", percent(it.Match), plain(strings.Join(it.Match.Evidence, ", ")))
	}
	if len(it.Others) > 0 {
		text += w.style(dim, "  "+plain(others(it)))
	}
	if it.Instead != "" && it.Action == diff.Removed {
		text += ": use " + plain(it.Instead)
	}
	if !it.obvious() {
		text += w.style(dim, "  "+plain(it.Reason))
	}
	w.line("%s", text)
	for _, u := range it.Uses {
		w.line("      %s  %s", plain(u.String()), plain(effect(u)))
	}
}

// usage writes what the changes do to the code.
func (w *textWriter) usage(u *upgrade.Summary) {
	if len(u.Other) > 0 {
		w.line("%s", w.style(bold, "Other compile errors"))
		for _, o := range u.Other {
			w.line("      %s  %s", plain(o.String()), plain(effect(o)))
		}
		w.line("")
	}
	w.line("%s", summary(u))
}

// obvious reports whether the reason of a change says no more than what happened.
func (c Change) obvious() bool {
	gone := c.Action == diff.Removed || c.Action == diff.Renamed || c.Action == diff.Merged
	return c.Class.Safe() || gone && c.Subject != diff.Choice
}

// others names the first few of what is reported with an item.
func others(it item) string {
	if it.Alike {
		return first(it.Others, 6)
	}
	return fmt.Sprintf("in %d models: %s", len(it.Others), first(it.Others, 4))
}

func first(names []string, n int) string {
	if len(names) <= n+1 {
		return strings.Join(names, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(names[:n], ", "), len(names)-n)
}

func (w *textWriter) summary(r *Report) string {
	n := r.Count()
	if n.All == 0 {
		return "No difference."
	}
	return fmt.Sprintf("%s: %s, %s, %s.", spelling.Count(n.All, "change"),
		w.style(colorIf(n.Breaking, red), fmt.Sprintf("%d breaking (%d for readers, %d for writers)", n.Breaking, n.Readers, n.Writers)),
		w.style(colorIf(n.Behavioural, yellow), fmt.Sprintf("%d that may behave otherwise", n.Behavioural)),
		w.style(colorIf(n.Safe, green), fmt.Sprintf("%d safe", n.Safe)))
}

func colorIf(n int, color string) string {
	if n == 0 {
		return dim
	}
	return color
}

// plain is text from a database on one line of a terminal: without what could move the cursor, or turn the text around.
func plain(text string) string { return printable.Line(text) }
