// Package schema knows what generated bindings expect of a server, compares it with the server, and has the labels of
// selections.
//
//	c, err := orm.Dial(ctx, address, orm.APIKey(login, key), schema.Verify(odoo.Schema))
//	fmt.Println(schema.Label(odoo.SaleOrderF.State, order.State))
package schema

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	orm "github.com/odoogen/odoogen/runtime"
)

// Text is what a generated package expects of the server: the models that it was generated from, with their fields.
// Generated packages have one as the constant Schema, so that it costs nothing until a program uses it: see [Verify].
//
// It has a line for a model with its name and its Go name; after it one for each field, with its type, the
// model that a relation points to, and the marks below; after a selection one for each choice, with its label where that
// is another text.
type Text string

// The lines of a Text are indented by what they describe.
const (
	fieldIndent  = " "
	choiceIndent = "  "
)

// The marks at the end of the lines of a Text.
const (
	markPartial    = "…" // a model that has fields which the package leaves out
	markOptional   = "?" // a model that servers can lack
	markRequired   = "!" // a field
	markComputed   = "~" // a field
	markUnsortable = "^" // a field
)

// Model is a model of a schema.
type Model struct {
	Name    string // sale.order
	Go      string // SaleOrder, the record type
	Partial bool   // the model has fields that the package leaves out

	Optional bool // the package is for several servers, and some of them lack the model
	Fields   []Field
}

// Field is a field of a [Model].
type Field struct {
	Name       string // partner_id; of a package for several servers also tax_ids|tax_id and x_region?
	Type       string // Odoo's: char, many2one, ...
	Relation   string // the model that a relation points to
	Required   bool
	Computed   bool       // not stored: the server computes it on each read
	Unsortable bool       // the server does not order by it, as far as the snapshot says; for odoogen vet, not verified
	Choices    orm.Labels // of a selection
}

// Make writes a schema.
func Make(models ...Model) Text {
	var b strings.Builder
	for _, m := range models {
		writeLine(&b, "", m.Name, m.Go, mark(m.Partial, markPartial), mark(m.Optional, markOptional))
		for _, f := range m.Fields {
			writeLine(&b, fieldIndent, f.Name, f.Type, relation(f), mark(f.Required, markRequired), mark(f.Computed, markComputed),
				mark(f.Unsortable, markUnsortable))
			for _, c := range f.Choices {
				writeChoice(&b, c[0], c[1])
			}
		}
	}
	return Text(b.String())
}

func mark(set bool, sign string) string {
	if set {
		return sign
	}
	return ""
}

// writeLine writes the words that are not empty; the first two always stand.
func writeLine(b *strings.Builder, indent, first, second string, more ...string) {
	b.WriteString(indent + word(first) + " " + word(second))
	for _, word := range more {
		if word != "" {
			b.WriteString(" " + word)
		}
	}
	b.WriteByte('\n')
}

func writeChoice(b *strings.Builder, value, label string) {
	b.WriteString(choiceIndent + word(value))
	if label != value {
		b.WriteString(" " + word(label))
	}
	b.WriteByte('\n')
}

func relation(f Field) string {
	if f.Relation == "" {
		return ""
	}
	return word(f.Relation)
}

// word writes a text into a line: quoted if it could be read as anything else, and without the backquotes that
// would end the literal of the generated package.
func word(text string) string {
	plain := func(r rune) bool { return r > ' ' && r < 0x7f && !strings.ContainsRune("\"`!~^", r) }
	if text == "" || strings.ContainsFunc(text, func(r rune) bool { return !plain(r) }) {
		return strings.ReplaceAll(strconv.Quote(text), "`", `\x60`)
	}
	return text
}

// Models reads the schema. A text that is none is an error.
func (s Text) Models() ([]Model, error) {
	var r reader
	for line := range strings.Lines(string(s)) {
		if !r.add(strings.TrimSuffix(line, "\n")) {
			return nil, fmt.Errorf("schema: a broken schema: %.80q", line)
		}
	}
	return r.models, nil
}

// reader collects what the lines of a schema declare. Its methods report whether they could read a line.
type reader struct{ models []Model }

func (r *reader) add(line string) bool {
	words, err := wordsOf(strings.TrimLeft(line, fieldIndent))
	switch {
	case err != nil || len(words) == 0:
		return false
	case strings.HasPrefix(line, choiceIndent):
		return r.addChoice(words)
	case len(words) < 2:
		return false
	case strings.HasPrefix(line, fieldIndent):
		return r.addField(fieldOf(words))
	}
	r.models = append(r.models, Model{Name: words[0], Go: words[1],
		Partial: slices.Contains(words[2:], markPartial), Optional: slices.Contains(words[2:], markOptional)})
	return true
}

func (r *reader) addField(f Field) bool {
	if len(r.models) == 0 {
		return false
	}
	m := &r.models[len(r.models)-1]
	m.Fields = append(m.Fields, f)
	return true
}

// addChoice adds a choice to the last field. Without a label of its own the value is the label.
func (r *reader) addChoice(words []string) bool {
	if len(r.models) == 0 || len(r.models[len(r.models)-1].Fields) == 0 {
		return false
	}
	fields := r.models[len(r.models)-1].Fields
	f := &fields[len(fields)-1]
	f.Choices = append(f.Choices, [2]string{words[0], words[len(words)-1]})
	return true
}

func fieldOf(words []string) Field {
	f := Field{Name: words[0], Type: words[1]}
	for _, word := range words[2:] {
		switch word {
		case markRequired:
			f.Required = true
		case markComputed:
			f.Computed = true
		case markUnsortable:
			f.Unsortable = true
		default:
			f.Relation = word
		}
	}
	return f
}

// wordsOf takes a line apart.
func wordsOf(line string) ([]string, error) {
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
