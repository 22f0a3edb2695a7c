package generator

import (
	"cmp"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/odoogen/odoogen/internal/ir"
	"github.com/odoogen/odoogen/introspect/snapshot"
)

// modelDoc returns the comment of a record type.
func modelDoc(m snapshot.Model, out *ir.Model) []string {
	what := fmt.Sprintf("%s is a record of %s.", out.Record, out.Title)
	if m.Label != "" {
		what = fmt.Sprintf("%s is a record of %s (%s).", out.Record, quoted(m.Label), out.Title)
	}
	doc := wrap(what)
	switch m.Kind {
	case snapshot.Abstract:
		doc = append(doc, "", "The model is abstract: it has no records of its own, only fields and methods that other models share.")
	case snapshot.View:
		doc = append(doc, "", "The model is read-only: the database computes its records, or only the server writes them.")
	case snapshot.Transient:
		doc = append(doc, "", "The model is transient, a wizard: the server deletes its records after a while.")
	}
	if out.TextIDs {
		doc = append(doc, "", "Its records have string IDs.")
	}
	if m.In != "" {
		doc = append(doc, "")
		doc = append(doc, wrap(clean("Only some servers have the model: "+m.In+".", helpLength))...)
	}
	if m.Custom {
		doc = append(doc, "", "The model is custom: made in the user interface or through the API, not by a module.")
	}
	if len(m.Modules) > 0 {
		doc = append(doc, "")
		doc = append(doc, wrap(clean("Defined or extended by "+strings.Join(m.Modules, ", ")+".", helpLength))...)
	}
	return doc
}

// fieldDocLength limits the comment of a field to five lines, so that a new field in Odoo is a small change of the package,
// however long its help is.
const fieldDocLength = 480

// fieldDoc returns the comment of a field: its label and name in Odoo, its properties, and Odoo's help.
func fieldDoc(f snapshot.Field, more ...string) []string {
	name := opening(clean(f.Name, labelLength))
	if label := clean(f.Label, labelLength); label != "" {
		name = fmt.Sprintf("%s (%s)", opening(label), clean(f.Name, labelLength))
	}
	doc := clean(fmt.Sprintf("%s: %s.", name, strings.Join(append(facts(f), more...), ", ")), fieldDocLength)
	if help := sentences(f.Help, fieldDocLength-utf8.RuneCountInString(doc)); help != "" {
		doc += " Help: " + help
	}
	return wrap(doc)
}

// facts returns the properties of a field that its users need to know.
func facts(f snapshot.Field) []string {
	facts := []string{cmp.Or(f.Type, "of no type")}
	add := func(yes bool, format string, args ...any) {
		if yes {
			facts = append(facts, fmt.Sprintf(format, args...))
		}
	}
	if f.Relation != "" {
		facts[0] += " to " + f.Relation
	}
	add(f.Inverse != "", "the inverse of %s", f.Inverse)
	add(f.Currency != "", "in the currency of %s", f.Currency)
	add(f.ModelField != "", "of the model in %s", f.ModelField)
	add(f.Definition != "", "defined in %s", f.Definition)
	add(f.Size > 0, "at most %d characters", f.Size)
	if len(f.Digits) == 2 && f.Digits[0] > 0 {
		facts = append(facts, fmt.Sprintf("%d digits, %d of them after the decimal point", f.Digits[0], f.Digits[1]))
	}
	add(f.Required, "required")
	add(f.Readonly, "readonly")
	add(f.Computed, "computed on each read")
	add(f.Unsearchable, "not searchable")
	add(f.Related != "", "related to %s", f.Related)
	add(f.CompanyDependent, "one value for each company")
	add(f.Translated, "translated")
	add(f.Custom, "custom")
	add(len(f.Older) > 0, "named %s on other servers", strings.Join(f.Older, " or "))
	add(f.In != "", "only on %s", f.In)
	return facts
}
