package fidelity

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/odoogen/odoogen/introspect/snapshot"
	orm "github.com/odoogen/odoogen/runtime"
)

// The kinds of findings, each of which is a fault of odoogen.
const (
	notGenerated = "models or fields not generated"
	panicFinding = "panics"
	decodeError  = "decoding errors"
	changed      = "values dropped or changed"
	otherFailure = "other failures"
)

var kinds = []string{notGenerated, panicFinding, decodeError, changed, otherFailure}

// report is what came of a run.
type report struct {
	generated, generatedFields                            int
	abstract, empty, refusedModels, read, records, fields int
	values                                                int
	withoutID                                             []string
	byRule, byType                                        map[string]int
	findings                                              []finding
	refusals                                              []refusal
}

// finding is a fault; count is how often it was met.
type finding struct {
	kind, model, field, detail string
	count                      int
}

// refusal is what the server refused to send.
type refusal struct{ model, field, records, class, message string }

func newReport() *report { return &report{byRule: map[string]int{}, byType: map[string]int{}} }

// find notes a finding, and counts it if there is one of its kind for the field.
func (r *report) find(kind, model, field, detail string) {
	for i := range r.findings {
		if f := &r.findings[i]; f.kind == kind && f.model == model && f.field == field {
			f.count++
			return
		}
	}
	r.findings = append(r.findings, finding{kind, model, field, detail, 1})
}

// value notes that a value of a field type came through, by a rule.
func (r *report) value(fieldType, rule string) {
	r.values++
	r.byRule[rule]++
	r.byType[fieldType]++
}

func (r *report) refuse(model, field, records string, err error) {
	out := refusal{model: model, field: field, records: records, message: err.Error()}
	var e *orm.Error
	if errors.As(err, &e) {
		out.class, out.message = e.Class, e.Message
		if e.Class == "" {
			out.class = fmt.Sprintf("HTTP %d", e.Status)
		}
	}
	out.message, _, _ = strings.Cut(strings.TrimSpace(out.message), "\n")
	r.refusals = append(r.refusals, out)
}

// count is how often findings of a kind were met.
func (r *report) count(kind string) int {
	n := 0
	for _, f := range r.findings {
		if f.kind == kind {
			n += f.count
		}
	}
	return n
}

// summary is a table of numbers.
func (r *report) summary(s *snapshot.Schema) string {
	var b strings.Builder
	row := func(what string, n int) { fmt.Fprintf(&b, "| %s | %d |\n", what, n) }
	fmt.Fprintf(&b, "| Odoo %s | |\n| --- | ---: |\n", s.Server.Series)
	row("models that the user may see", len(s.Models))
	row("… generated, compiled and vetted", r.generated)
	row("fields of these models", s.FieldCount())
	row("… generated", r.generatedFields)
	row("abstract models, which have no records", r.abstract)
	row("models that are empty", r.empty)
	row("models that the server refused to read", r.refusedModels)
	row("models read", r.read)
	row("… records, at most 200 of a model", r.records)
	row("… fields", r.fields)
	row("… values compared", r.values)
	for _, kind := range kinds {
		row(kind, r.count(kind))
	}
	row("fields that the server refused for some or all records, or for many at once", len(r.refusals)-r.refusedModels)
	return b.String()
}

func (r *report) markdown(s *snapshot.Schema) string {
	var b strings.Builder
	fmt.Fprintf(&b, "# Every record of Odoo %s, read and compared\n\n", s.Server.Version)
	fmt.Fprintf(&b, "The first %d records of every model, through the generated types, with every field asked for; each value\n", depth)
	b.WriteString("encoded again and compared with the JSON that the server sent. Made by `make fidelity`.\n\n")
	b.WriteString(r.summary(s))
	r.writeFindings(&b)
	r.writeRefusals(&b)
	r.writeCounts(&b, "## How the values compare", "rule", r.byRule)
	r.writeCounts(&b, "## What was compared", "type of the field", r.byType)
	writeModels(&b, "Models with texts for ids", "Their records have an `orm.TextID`.", s.TextIDs)
	writeModels(&b, "Models without an id", "They cannot be read.", r.withoutID)
	writeUnseen(&b, s)
	return b.String()
}

func (r *report) writeFindings(b *strings.Builder) {
	if len(r.findings) == 0 {
		return
	}
	b.WriteString("\n## Findings\n\n| what | model | field | times | |\n| --- | --- | --- | ---: | --- |\n")
	for _, f := range r.findings {
		fmt.Fprintf(b, "| %s | %s | %s | %d | %s |\n", f.kind, f.model, f.field, f.count, cell(f.detail))
	}
}

func (r *report) writeRefusals(b *strings.Builder) {
	b.WriteString("\n## What the server refused\n\n| model | field | records | class | message |\n| --- | --- | --- | --- | --- |\n")
	for _, x := range r.refusals {
		fmt.Fprintf(b, "| %s | %s | %s | %s | %s |\n", x.model, x.field, x.records, x.class, cell(x.message))
	}
}

// writeCounts writes a table of counts, the greatest first.
func (r *report) writeCounts(b *strings.Builder, title, what string, counts map[string]int) {
	fmt.Fprintf(b, "\n%s\n\n| %s | values |\n| --- | ---: |\n", title, what)
	names := slices.SortedFunc(maps.Keys(counts), func(x, y string) int {
		if counts[x] != counts[y] {
			return counts[y] - counts[x]
		}
		return strings.Compare(x, y)
	})
	for _, name := range names {
		fmt.Fprintf(b, "| %s | %d |\n", name, counts[name])
	}
}

func writeModels(b *strings.Builder, title, text string, models []string) {
	if len(models) > 0 {
		fmt.Fprintf(b, "\n## %s\n\n%s\n\n- %s\n", title, text, strings.Join(models, "\n- "))
	}
}

func writeUnseen(b *strings.Builder, s *snapshot.Schema) {
	b.WriteString("\n## Models that the user is not allowed to see\n\n")
	for _, m := range s.Unseen.Models {
		fmt.Fprintf(b, "- %s: %s\n", m.Name, cell(m.Reason))
	}
}

// cell makes a text fit into a cell of a table.
func cell(text string) string {
	text = strings.Join(strings.Fields(text), " ")
	if len(text) > 400 {
		text = strings.ToValidUTF8(text[:400], "") + " …"
	}
	return strings.ReplaceAll(text, "|", `\|`)
}
