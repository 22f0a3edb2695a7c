package generator_test

import (
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/odoogen/odoogen/generator"
	"github.com/odoogen/odoogen/introspect/snapshot"
)

// words make names that meet: with dots and underscores between them, alone, and as what is made of other names.
var words = []string{"sale", "order", "model", "unit", "state", "2", "f", "values", "client", "new", "labels", "test", "x"}

// keys are choices that meet.
var keys = []string{"draft", "Draft", "DRAFT", "d raft", "d\nraft", "d-raft", "d.raft", "1", "+1", "-1", "1.5", "15", "", "-", "labels",
	"true", "null", "1e5", "0x1f", "2", "Draft2", "a: b", "a#b", "? a", "\"", "'", "\\", "\t", "größe", "GRÖSSE", "数", "\u202e"}

// source makes the same random snapshots for the same seed.
type source struct{ *rand.Rand }

func newSource(seed uint64) source { return source{rand.New(rand.NewPCG(seed, 1))} }

func (r source) name(separators string, parts int) string {
	var b strings.Builder
	for i := range 1 + r.IntN(parts) {
		if i > 0 {
			b.WriteByte(separators[r.IntN(len(separators))])
		}
		b.WriteString(words[r.IntN(len(words))])
	}
	return b.String()
}

func (r source) field(models []snapshot.Model) snapshot.Field {
	f := snapshot.Field{Name: r.name("_", 3), Type: "char", Label: "Field"}
	switch r.IntN(4) {
	case 0:
		f.Type, f.Relation = "many2one", models[r.IntN(len(models))].Name
	case 1:
		f.Type = "selection"
		for range r.IntN(5) {
			c := snapshot.Choice{Value: keys[r.IntN(len(keys))], Label: "Choice"}
			if !slices.Contains(f.Selection, c) {
				f.Selection = append(f.Selection, c)
			}
		}
	}
	return f
}

// schema makes models of a few fields. Their names may be in conflict.
func (r source) schema(models, fields int) *snapshot.Schema {
	s := &snapshot.Schema{Format: snapshot.Format, Server: snapshot.Server{Series: "19.0"}}
	for range models {
		m := snapshot.Model{Name: r.name("._", 4)}
		if !slices.ContainsFunc(s.Models, func(known snapshot.Model) bool { return known.Name == m.Name }) {
			s.Models = append(s.Models, m)
		}
	}
	for i := range s.Models {
		m := &s.Models[i]
		m.Fields = []snapshot.Field{{Name: "id", Type: "integer"}}
		for range r.IntN(fields) {
			f := r.field(s.Models)
			if !slices.ContainsFunc(m.Fields, func(known snapshot.Field) bool { return known.Name == f.Name }) {
				m.Fields = append(m.Fields, f)
			}
		}
	}
	return s
}

// defaults is a configuration that generates everything.
func defaults() generator.Config { return generator.Config{Package: "odoo", Clients: true} }
