package orm

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Schema is what a generated package expects of the server: the models that it was generated from, with their fields.
// Generated packages have one as a constant, so that it costs nothing until a program uses it: see [VerifySchema].
//
// It is a text of lines: one for a model with its name and its Go name; after it one for each field, with its type, the
// model that a relation points to, and the marks below; after a selection one for each choice, with its label where that
// is another text.
type Schema string

// The lines of a Schema are indented by what they describe.
const (
	fieldIndent  = " "
	choiceIndent = "  "
)

// The marks at the end of the lines of a Schema.
const (
	schemaPartial    = "…" // a model that has fields which the package leaves out
	schemaOptional   = "?" // a model that servers can lack
	schemaRequired   = "!" // a field
	schemaComputed   = "~" // a field
	schemaUnsortable = "^" // a field
)

// SchemaModel is a model of a [Schema].
type SchemaModel struct {
	Name    string // sale.order
	Go      string // SaleOrder, the record type
	Partial bool   // the model has fields that the package leaves out

	Optional bool // the package is for several servers, and some of them lack the model
	Fields   []SchemaField
}

// SchemaField is a field of a [SchemaModel].
type SchemaField struct {
	Name       string // partner_id; of a package for several servers also tax_ids|tax_id and x_region?
	Type       string // Odoo's: char, many2one, ...
	Relation   string // the model that a relation points to
	Required   bool
	Computed   bool   // not stored: the server computes it on each read
	Unsortable bool   // the server does not order by it, as far as the snapshot says; for odoogen vet, not verified
	Choices    Labels // of a selection
}

// MakeSchema writes a schema.
func MakeSchema(models ...SchemaModel) Schema {
	var b strings.Builder
	for _, m := range models {
		schemaLine(&b, "", m.Name, m.Go, mark(m.Partial, schemaPartial), mark(m.Optional, schemaOptional))
		for _, f := range m.Fields {
			schemaLine(&b, fieldIndent, f.Name, f.Type, schemaRelation(f), mark(f.Required, schemaRequired), mark(f.Computed, schemaComputed),
				mark(f.Unsortable, schemaUnsortable))
			for _, c := range f.Choices {
				schemaChoice(&b, c[0], c[1])
			}
		}
	}
	return Schema(b.String())
}

func mark(set bool, sign string) string {
	if set {
		return sign
	}
	return ""
}

// schemaLine writes the words that are not empty; the first two always stand.
func schemaLine(b *strings.Builder, indent, first, second string, more ...string) {
	b.WriteString(indent + schemaWord(first) + " " + schemaWord(second))
	for _, word := range more {
		if word != "" {
			b.WriteString(" " + word)
		}
	}
	b.WriteByte('\n')
}

func schemaChoice(b *strings.Builder, value, label string) {
	b.WriteString(choiceIndent + schemaWord(value))
	if label != value {
		b.WriteString(" " + schemaWord(label))
	}
	b.WriteByte('\n')
}

func schemaRelation(f SchemaField) string {
	if f.Relation == "" {
		return ""
	}
	return schemaWord(f.Relation)
}

// schemaWord writes a text into a line: quoted if it could be read as anything else, and without the backquotes that
// would end the literal of the generated package.
func schemaWord(text string) string {
	plain := func(r rune) bool { return r > ' ' && r < 0x7f && !strings.ContainsRune("\"`!~^", r) }
	if text == "" || strings.ContainsFunc(text, func(r rune) bool { return !plain(r) }) {
		return strings.ReplaceAll(strconv.Quote(text), "`", `\x60`)
	}
	return text
}

// Models reads the schema. A text that is none is an error.
func (s Schema) Models() ([]SchemaModel, error) {
	var r schemaReader
	for line := range strings.Lines(string(s)) {
		if !r.add(strings.TrimSuffix(line, "\n")) {
			return nil, fmt.Errorf("orm: a broken schema: %.80q", line)
		}
	}
	return r.models, nil
}

// schemaReader collects what the lines of a schema declare. Its methods report whether they could read a line.
type schemaReader struct{ models []SchemaModel }

func (r *schemaReader) add(line string) bool {
	words, err := schemaWords(strings.TrimLeft(line, fieldIndent))
	switch {
	case err != nil || len(words) == 0:
		return false
	case strings.HasPrefix(line, choiceIndent):
		return r.addChoice(words)
	case len(words) < 2:
		return false
	case strings.HasPrefix(line, fieldIndent):
		return r.addField(schemaField(words))
	}
	r.models = append(r.models, SchemaModel{Name: words[0], Go: words[1],
		Partial: slices.Contains(words[2:], schemaPartial), Optional: slices.Contains(words[2:], schemaOptional)})
	return true
}

func (r *schemaReader) addField(f SchemaField) bool {
	if len(r.models) == 0 {
		return false
	}
	m := &r.models[len(r.models)-1]
	m.Fields = append(m.Fields, f)
	return true
}

// addChoice adds a choice to the last field. Without a label of its own the value is the label.
func (r *schemaReader) addChoice(words []string) bool {
	if len(r.models) == 0 || len(r.models[len(r.models)-1].Fields) == 0 {
		return false
	}
	fields := r.models[len(r.models)-1].Fields
	f := &fields[len(fields)-1]
	f.Choices = append(f.Choices, [2]string{words[0], words[len(words)-1]})
	return true
}

func schemaField(words []string) SchemaField {
	f := SchemaField{Name: words[0], Type: words[1]}
	for _, word := range words[2:] {
		switch word {
		case schemaRequired:
			f.Required = true
		case schemaComputed:
			f.Computed = true
		case schemaUnsortable:
			f.Unsortable = true
		default:
			f.Relation = word
		}
	}
	return f
}

// schemaWords takes a line apart.
func schemaWords(line string) ([]string, error) {
	var words []string
	for line = strings.TrimPrefix(line, " "); line != ""; line = strings.TrimPrefix(line, " ") {
		if line[0] != '"' {
			word, rest, _ := strings.Cut(line, " ")
			words, line = append(words, word), rest
			continue
		}
		quoted, err := strconv.QuotedPrefix(line)
		if err != nil {
			return nil, err
		}
		word, err := strconv.Unquote(quoted)
		if err != nil {
			return nil, err
		}
		words, line = append(words, word), line[len(quoted):]
	}
	return words, nil
}
