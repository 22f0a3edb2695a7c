package odootest

import (
	"bytes"
	"encoding/xml"
	"fmt"

	"github.com/odoogen/odoogen/introspect/snapshot"
)

// viewModel holds the views: of each model one, with the buttons that the snapshot lists.
var viewModel = snapshot.Model{Name: "ir.ui.view", Label: "View", Fields: []snapshot.Field{
	{Name: "arch_db", Type: "text", Label: "Arch Blob"},
	displayNameField,
	idField,
	{Name: "model", Type: "char", Label: "Model"},
	{Name: "name", Type: "char", Label: "View Name", Required: true},
	{Name: "type", Type: "char", Label: "View Type"},
}}

func (s *store) fillViews(schema *snapshot.Schema) {
	for i, m := range schema.Models {
		if arch := formOf(m); arch != "" {
			s.insert(s.models[viewModel.Name], int64(i+1), map[string]any{
				"name": m.Name + ".form", "type": "form", "model": m.Name, "arch_db": arch, "active": true,
			})
		}
	}
}

// formOf is a form with the buttons of a model; "" without any.
func formOf(m snapshot.Model) string {
	var b bytes.Buffer
	for _, method := range m.Methods {
		if method.Source == snapshot.SourceButton || method.Label != "" {
			fmt.Fprintf(&b, `<button type="object" name="%s" string="%s"/>`, escaped(method.Name), escaped(method.Label))
		}
	}
	if b.Len() == 0 {
		return ""
	}
	return "<form>" + b.String() + "</form>"
}

func escaped(text string) string {
	var b bytes.Buffer
	_ = xml.EscapeText(&b, []byte(text)) // a buffer takes everything
	return b.String()
}
