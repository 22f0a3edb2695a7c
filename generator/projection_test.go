package generator_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/odoogen/odoogen/generator"
	"github.com/odoogen/odoogen/introspect/snapshot"
)

func TestProjectionsKeepTheirLines(t *testing.T) {
	file := writeConfig(t, `# a comment
projections:
  Row:
    sale.order:
      - name
      - partner_id: [name, country_id: [code]]
      - order_line,limit=5,order=sequence desc;id:
          - 'name,ondemand'
`)
	c, err := generator.ReadConfig(file)
	if err != nil {
		t.Fatal(err)
	}
	field := func(name string, line int, of ...generator.ProjectedField) generator.ProjectedField {
		return generator.ProjectedField{Name: name, Line: line, Fields: of}
	}
	lines := field("order_line", 7, field("name", 8))
	lines.Options, lines.Fields[0].Options = ",limit=5,order=sequence desc;id", ",ondemand"
	want := generator.Projections{{Name: "Row", Model: "sale.order", File: file, Line: 4, Fields: []generator.ProjectedField{
		field("name", 5), field("partner_id", 6, field("name", 6), field("country_id", 6, field("code", 6))), lines,
	}}}
	if diff := cmp.Diff(want, c.Projections); diff != "" {
		t.Error(diff)
	}
}

func TestProjectionsThatAreNone(t *testing.T) {
	for text, want := range map[string]string{
		"projections: 3":                               "want projections by the names",
		"projections:\n  Row: 3":                       "want a model with a list",
		"projections:\n  Row:\n    a: 3":               "want a list of fields",
		"projections:\n  Row:\n    a: []":              "want a list of fields",
		"projections:\n  Row:\n    a: [[b]]":           "want a field, or a relation",
		"projections:\n  Row:\n    a: [b: c]":          "want a list of fields",
		"projections:\n  Row:\n    a: ['b,limit=0']":   "want limit=100",
		"projections:\n  Row:\n    a: ['b,order=x y']": "want limit=100",
		"projections:\n  Row:\n    a: [b]\n    c: [d]": "has a second model",
		"projections:\n  row:\n    a: [b]":             "not the name of an exported Go type",
		"projections:\n  A B:\n    a: [b]":             "not the name of an exported Go type",
	} {
		_, err := generator.ReadConfig(writeConfig(t, text))
		if err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "settings.yaml") {
			t.Errorf("%q: the error is %v", text, err)
		}
	}
}

// A field that the model does not have is reported with the most similar name.
func TestProjectionOfALostField(t *testing.T) {
	field := func(name string) snapshot.Field { return snapshot.Field{Name: name, Type: "char", Label: "L"} }
	schema := schemaOf(model("m", field("commercial_company_name"), field("name"), field("product_id"), field("product_uom_qty")))
	for lost, want := range map[string]string{
		"nam":         "m has no field nam; did you mean name?",
		"qty_product": "m has no field qty_product; did you mean product_uom_qty?",
		"colour":      "m has no field colour",
	} {
		c := defaults()
		c.Projections = generator.Projections{{Name: "Row", File: "odoogen.yaml", Line: 1, Model: "m", Fields: []generator.ProjectedField{{Name: lost, Line: 2}}}}
		if _, err := generator.Generate(schema, c); err == nil || !strings.HasSuffix(err.Error(), want) {
			t.Errorf("%s: got %v, want %s", lost, err, want)
		}
	}
}
