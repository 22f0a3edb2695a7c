package schema_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	orm "github.com/odoogen/odoogen/runtime"
	"github.com/odoogen/odoogen/runtime/schema"
)

func TestSchemaIsReadAsWritten(t *testing.T) {
	models := []schema.Model{
		{Name: "sale.order", Go: "SaleOrder", Partial: true, Fields: []schema.Field{
			{Name: "partner_id", Type: "many2one", Relation: "res.partner", Required: true},
			{Name: "amount", Type: "monetary", Computed: true, Required: true},
			{Name: "order_line", Type: "one2many", Relation: "sale.order.line", Unsortable: true},
		}},
		{Name: "a \"b\"\n…", Go: "AB", Fields: []schema.Field{{Name: "!", Type: ""}, {Name: "^", Type: "x^", Relation: "y^"}, {Name: "~", Type: "…", Relation: "größe `x`"}}},
		{Name: "choices", Go: "Choices", Fields: []schema.Field{
			{Name: "state", Type: "selection", Required: true, Choices: orm.Labels{
				{"draft", "Draft"}, {"same", "same"}, {"", ""}, {" a\nb", "`x` \"größe\" \\"}, {"!", "~"}, {"without label", ""},
			}},
			{Name: "after", Type: "char"},
		}},
		{Name: "empty", Go: "Empty"},
	}
	got, err := schema.Make(models...).Models()
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(models, got); diff != "" {
		t.Errorf("(-written +read):\n%s", diff)
	}
}

func TestBrokenSchemasAreRefused(t *testing.T) {
	for _, s := range []schema.Text{"sale.order\n", " name char\n", "\"x SaleOrder\n", "m M\n name\n", "m M\n  draft Draft\n", "  draft Draft\n", "m M\n state selection\n  \n"} {
		if models, err := s.Models(); err == nil {
			t.Errorf("%q is read as %v", s, models)
		}
	}
}
