// Package explore writes a snapshot as one HTML page that works offline: a search over everything, a page for each model with Go
// names and code to copy, and a map of the relations around it.
package explore

import (
	_ "embed"
	"encoding/json"
	"html/template"
	"io"

	"github.com/odoogen/odoogen/cmd/odoogen/internal/describe"
	"github.com/odoogen/odoogen/introspect/snapshot"
)

//go:embed page.html
var page string

var pageTemplate = template.Must(template.New("page").Parse(page))

// content is the snapshot as the page reads it. Each model, field, method, report and choice is a list, since their keys would
// be half of the page.
type content struct {
	Package string `json:"package"` // the name of the generated package
	Models  []any  `json:"models"`
}

// Write writes the page. pkg is the name of the generated package.
func Write(out io.Writer, schema *snapshot.Schema, guide *describe.Guide, pkg string) error {
	c := content{Package: pkg}
	for _, m := range schema.Models {
		c.Models = append(c.Models, modelRow(guide.Describe(m)))
	}
	data, err := json.Marshal(c) // <, > and & are escaped
	if err != nil {
		return err
	}
	return pageTemplate.Execute(out, struct {
		Series string
		Models int
		Fields int
		Data   template.JS
	}{schema.SeriesText(), len(schema.Models), schema.FieldCount(), template.JS(data)}) //nolint:gosec // JSON with HTML escaped
}

func modelRow(m *describe.Model) []any {
	fields, methods, reports := []any{}, []any{}, []any{}
	for _, f := range m.FieldList {
		fields = append(fields, fieldRow(f))
	}
	for _, method := range m.MethodList {
		methods = append(methods, []any{method.Name, method.Label, method.Go, method.Signature})
	}
	for _, r := range m.Reports {
		reports = append(reports, []any{r.Name, r.Label, r.Go})
	}
	return []any{m.Name, m.Label, m.Kind, m.Custom, m.Modules, m.Go, m.Values, m.Client, m.Order, m.Hidden, fields, methods, reports}
}

func fieldRow(f describe.Field) []any {
	choices := []any{}
	for _, c := range f.Choices {
		choices = append(choices, []any{c.Name, c.Label, c.Go})
	}
	return []any{f.Name, f.Label, f.Type, f.Relation, f.Inverse, f.Go, f.RecordType, f.ValuesType, describe.Notes(f), f.Help, choices, f.Unsearchable}
}
