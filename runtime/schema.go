package orm

import (
	"fmt"
	"strconv"
	"strings"
)

// Schema is what a generated package expects of the server: the models that it was generated from, with their fields.
// Generated packages have one as a constant, so that it costs nothing until a program uses it: see [VerifySchema].
//
// It is a text of lines: a model's with its name and its Go name, and after it one for each field, with its type, the
// model that a relation points to, and the marks below.
type Schema string

// The marks at the end of the lines of a Schema.
const (
	schemaPartial    = "…" // a model that has fields which the package leaves out
	schemaRequired   = "!" // a field
	schemaComputed   = "~" // a field
	schemaUnsortable = "^" // a field
)

// SchemaModel is a model of a [Schema].
type SchemaModel struct {
	Name    string // sale.order
	Go      string // SaleOrder, the record type
	Partial bool   // the model has fields that the package leaves out
	Fields  []SchemaField
}

// SchemaField is a field of a [SchemaModel].
type SchemaField struct {
	Name       string // partner_id
	Type       string // Odoo's: char, many2one, ...
	Relation   string // the model that a relation points to
	Required   bool
	Computed   bool // not stored: the server computes it on each read
	Unsortable bool // the server does not order by it, as far as the snapshot says; for odoogen vet, not verified
}

// MakeSchema writes a schema.
func MakeSchema(models ...SchemaModel) Schema {
	var b strings.Builder
	for _, m := range models {
		schemaLine(&b, "", m.Name, m.Go, mark(m.Partial, schemaPartial))
		for _, f := range m.Fields {
			schemaLine(&b, " ", f.Name, f.Type, schemaRelation(f), mark(f.Required, schemaRequired), mark(f.Computed, schemaComputed),
				mark(f.Unsortable, schemaUnsortable))
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

func schemaRelation(f SchemaField) string {
	if f.Relation == "" {
		return ""
	}
	return schemaWord(f.Relation)
}

// schemaWord is a name as a line has it: as it is, or quoted if it could be taken for something else.
func schemaWord(name string) string {
	plain := func(r rune) bool { return r > ' ' && r < 0x7f && !strings.ContainsRune(`"!~^`, r) }
	if name == "" || strings.ContainsFunc(name, func(r rune) bool { return !plain(r) }) {
		return strconv.QuoteToASCII(name)
	}
	return name
}

// Models reads the schema. A text that is none is an error.
func (s Schema) Models() ([]SchemaModel, error) {
	var models []SchemaModel
	for line := range strings.Lines(string(s)) {
		words, err := schemaWords(strings.TrimSuffix(line, "\n"))
		switch isField := strings.HasPrefix(line, " "); {
		case err != nil || len(words) < 2 || isField && models == nil:
			return nil, fmt.Errorf("orm: a broken schema: %.80q", line)
		case isField:
			m := &models[len(models)-1]
			m.Fields = append(m.Fields, schemaField(words))
		default:
			models = append(models, SchemaModel{Name: words[0], Go: words[1], Partial: len(words) > 2})
		}
	}
	return models, nil
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
