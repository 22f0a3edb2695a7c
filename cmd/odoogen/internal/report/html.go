package report

import (
	_ "embed"
	"html/template"
	"io"
	"math"
	"strings"

	"github.com/odoogen/odoogen/internal/upgrade"
	"github.com/odoogen/odoogen/introspect/diff"
)

//go:embed page.html
var page string

var pageTemplate = template.Must(template.New("page").Parse(page))

// WriteHTML writes the report as one page that needs nothing else: a search, filters and the changes of each model.
// Everything in it that comes from a database is escaped.
func (r *Report) WriteHTML(out io.Writer) error {
	groups := r.groups()
	data := struct {
		Old, New string
		Unknown  []string
		Counts   Counts
		Groups   []pageGroup
		Usage    string
		Other    []pageUse
	}{Old: sideName(r.Old), New: sideName(r.New), Unknown: r.Unknown, Counts: r.Count(), Groups: make([]pageGroup, len(groups))}
	if r.Usage != nil {
		data.Usage, data.Other = summary(r.Usage), pageUses(r.Usage.Other)
	}
	for i, g := range groups {
		data.Groups[i] = pageGroup{Title: g.Title, Label: g.Label, Counts: g.Counts}
		for _, it := range g.Changes {
			data.Groups[i].Changes = append(data.Groups[i].Changes, row(it))
		}
	}
	return pageTemplate.Execute(out, data)
}

type pageGroup struct {
	Title, Label string
	Counts       Counts
	Changes      []pageRow
}

// pageRow is a row of a group's table.
type pageRow struct {
	What, Did, Class, Reason, Instead string
	Some, All                         string // what is reported as one: the first few, and all
	Style                             string // a class of the page's style sheet
	Bits                              int    // 1 readers, 2 writers, 4 behavioural, 8 safe
	Match                             *pageMatch
	Uses                              []pageUse
}

// pageUse is a place in the code.
type pageUse struct{ Place, Effect string }

func pageUses(uses []upgrade.Place) []pageUse {
	out := make([]pageUse, len(uses))
	for i, u := range uses {
		out[i] = pageUse{u.String(), effect(u)}
	}
	return out
}

type pageMatch struct {
	Percent  int
	Evidence []string
}

func row(it item) pageRow {
	out := pageRow{What: it.What, Did: it.Did, Class: it.Class.String(), Reason: it.Reason, Uses: pageUses(it.Uses)}
	if it.Action == diff.Removed {
		out.Instead = it.Instead
	}
	if it.Match != nil {
		out.Match = &pageMatch{int(math.Round(100 * it.Match.Confidence)), it.Match.Evidence}
	}
	if len(it.Others) > 0 {
		out.Some, out.All = others(it), strings.Join(it.Others, ", ")
	}
	for _, part := range []struct {
		holds bool
		style string
		bit   int
	}{{it.Class.Readers, "r", 1}, {it.Class.Writers, "w", 2}, {it.Class.Behavioural, "b", 4}, {it.Class.Safe(), "s", 8}} {
		if part.holds {
			out.Bits |= part.bit
			if out.Style == "" {
				out.Style = part.style
			}
		}
	}
	return out
}
