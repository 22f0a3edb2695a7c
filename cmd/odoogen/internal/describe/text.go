package describe

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/odoogen/odoogen/internal/printable"
	"github.com/odoogen/odoogen/internal/spelling"
	"github.com/odoogen/odoogen/introspect/snapshot"
)

// table writes rows in columns. Texts of the server are on one line.
type table struct{ *tabwriter.Writer }

func newTable(w io.Writer) table { return table{tabwriter.NewWriter(w, 0, 8, 2, ' ', 0)} }

func (t table) row(cells ...string) {
	for i, c := range cells {
		cells[i] = strings.ReplaceAll(printable.Line(c), "\t", " ")
	}
	fmt.Fprintln(t, strings.TrimRight(strings.Join(cells, "\t"), "\t"))
}

// attribute writes a line if the thing has the attribute.
func (t table) attribute(name, value string) {
	if value != "" {
		t.row("  "+name, value)
	}
}

// WriteTable writes rows in columns, the first of them the heads.
func WriteTable(w io.Writer, rows [][]string) error {
	t := newTable(w)
	for _, r := range rows {
		t.row(r...)
	}
	return t.Flush()
}

// WriteModels writes a table of models.
func WriteModels(w io.Writer, models []Summary) error {
	rows := [][]string{{"MODEL", "LABEL", "KIND", "FIELDS", "METHODS", "GO"}}
	for _, m := range models {
		rows = append(rows, []string{m.Name, m.Label, kind(m), fmt.Sprint(m.Fields), fmt.Sprint(m.Methods), m.Go})
	}
	return WriteTable(w, rows)
}

func kind(m Summary) string {
	if m.Custom {
		return string(m.Kind) + ", custom"
	}
	return string(m.Kind)
}

// WriteModel writes a model.
func WriteModel(w io.Writer, m *Model) error {
	t := newTable(w)
	t.row(m.Name, m.Label)
	t.row("  kind", kind(m.Summary))
	t.attribute("order", m.Order)
	t.attribute("modules", strings.Join(m.Modules, ", "))
	if m.Go == "" {
		t.row("  Go", "not generated")
	} else {
		t.row("  Go", join(m.Go, m.Values, m.Descriptors, m.Client)+" in "+m.File)
	}
	if n := len(m.Hidden); n > 0 {
		t.row("  hidden", fmt.Sprintf("%s, for groups that the user of the snapshot is not in: %s", spelling.Count(n, "field"), strings.Join(m.Hidden, ", ")))
	}
	t.section("FIELD", "TYPE", "GO", "NOTES")
	for _, f := range m.FieldList {
		t.row("  "+f.Name, kindOf(f), f.Go, join(f.Label, Notes(f)))
	}
	if len(m.MethodList) > 0 {
		t.section("METHOD", "GO", "LABEL", "SIGNATURE")
		for _, method := range m.MethodList {
			t.row("  "+method.Name, method.Go, method.Label, method.Signature)
		}
	}
	if len(m.Reports) > 0 {
		t.section("REPORT", "GO", "LABEL")
		for _, r := range m.Reports {
			t.row("  "+r.Name, r.Go, r.Label)
		}
	}
	if m.Alone {
		t.section("POINTED BY")
		t.row("  unknown: only this model was asked for")
	} else if len(m.PointedBy) > 0 {
		t.section("POINTED BY", "TYPE")
		for _, p := range m.PointedBy {
			t.row("  "+p.Model+"/"+p.Field, p.Type)
		}
	}
	return t.Flush()
}

// section starts a table of its own: its columns are as wide as its cells.
func (t table) section(heads ...string) {
	_ = t.Flush() // the last one reports an error again
	fmt.Fprintln(t)
	t.row(append([]string{"  " + heads[0]}, heads[1:]...)...)
}

// join joins the parts that are not empty.
func join(parts ...string) string {
	var there []string
	for _, p := range parts {
		if p != "" {
			there = append(there, p)
		}
	}
	return strings.Join(there, ", ")
}

// kindOf is the type of a field, with the target of a relation.
func kindOf(f Field) string { return strings.TrimSpace(f.Type + " " + f.Relation) }

// Notes are the attributes of a field that a program depends on most.
func Notes(f Field) string {
	return join(when(f.Required, "required"), when(f.Readonly, "readonly"), when(f.Computed, "computed on each read"),
		when(f.Custom, "custom"), when(f.Unsearchable, "not searchable"))
}

func when(is bool, text string) string {
	if is {
		return text
	}
	return ""
}

// WriteField writes a field of a model.
func WriteField(w io.Writer, model string, f *Field) error {
	t := newTable(w)
	t.row(model+"/"+f.Name, f.Label)
	t.attribute("type", kindOf(*f))
	t.attribute("inverse", f.Inverse)
	t.attribute("related", f.Related)
	t.attribute("currency", f.Currency)
	t.attribute("definition", f.Definition)
	t.attribute("digits", digits(f.Field))
	t.attribute("required", required(f.Field))
	t.attribute("stored", stored(f.Field))
	t.attribute("readonly", when(f.Readonly, "yes"))
	t.attribute("search", when(f.Unsearchable, "no condition can be about it"))
	t.attribute("sort", when(f.Unsortable, "no order can be by it"))
	t.attribute("on delete", string(f.OnDelete))
	t.attribute("copy", when(f.NoCopy, "left out"))
	t.attribute("translated", when(f.Translated, "a value for each language"))
	t.attribute("company", when(f.CompanyDependent, "a value for each company"))
	t.attribute("custom", when(f.Custom, "yes"))
	t.attribute("help", f.Help)
	if f.Go == "" {
		t.attribute("Go", "not generated")
	} else {
		t.attribute("record", f.Go+" "+f.RecordType+when(f.OnDemand, ", read when asked for"))
		t.attribute("values", strings.TrimSpace(f.Go+" "+f.ValuesType)+when(f.ValuesType == "", ": nothing can be written"))
		t.attribute("descriptor", f.Descriptor)
	}
	if len(f.Choices) > 0 {
		t.section("CHOICE", "LABEL", "GO")
		for _, c := range f.Choices {
			t.row("  "+c.Name, c.Label, c.Go)
		}
	}
	return t.Flush()
}

func digits(f snapshot.Field) string {
	if len(f.Digits) != 2 {
		return ""
	}
	return fmt.Sprintf("%d, of which %d after the point", f.Digits[0], f.Digits[1])
}

func required(f snapshot.Field) string {
	switch {
	case !f.Required:
		return ""
	case f.Default == snapshot.HasDefault:
		return "yes; the server has a default"
	case f.Default == snapshot.NoDefault:
		return "yes, and the server has no default"
	case f.Default == snapshot.Derived:
		return "yes; computed from other fields if a create leaves it out"
	}
	return "yes"
}

func stored(f snapshot.Field) string {
	if f.Computed {
		return "no: computed on each read"
	}
	return "yes"
}
