package generator

import (
	"slices"
	"strings"

	"github.com/odoogen/odoogen/internal/ir"
	"github.com/odoogen/odoogen/introspect/snapshot"
	runtime "github.com/odoogen/odoogen/runtime"
	"github.com/odoogen/odoogen/runtime/schema"
)

// schemaOf names the parts of the schema in an order that no snapshot decides.
func schemaOf(models []*ir.Model) ir.Schema {
	s := ir.Schema{Const: ir.SchemaConst}
	for _, m := range models {
		s.Parts = append(s.Parts, m.Schema)
	}
	slices.Sort(s.Parts)
	return s
}

// schemaText is the model's part of the package's schema.
func (p *planner) schemaText(m snapshot.Model, out *ir.Model) string {
	all := p.fieldCount[m.Name]
	s := schema.Model{Name: m.Name, Go: out.Record, Partial: len(m.Fields) < all || len(m.Hidden) > 0, Optional: m.In != ""}
	for _, f := range m.Fields {
		s.Fields = append(s.Fields, schema.Field{
			Name: f.AnyName(), Type: f.Type, Relation: f.Relation, Required: f.Required, Computed: f.Computed, Unsortable: f.Unsortable,
			Choices: labels(f.Selection),
		})
	}
	return string(schema.Make(s))
}

func labels(choices []snapshot.Choice) runtime.Labels {
	var out runtime.Labels
	for _, c := range choices {
		out = append(out, [2]string{c.Value, strings.ToValidUTF8(c.Label, "�")})
	}
	return out
}
