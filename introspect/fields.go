package introspect

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/odoogen/odoogen/introspect/snapshot"
)

// attributes are the attributes to request from fields_get. A version leaves out attributes that it does not know.
var attributes = []string{
	"type", "string", "help", "required", "readonly", "store", "relation", "relation_field", "currency_field",
	"model_field", "definition_record", "definition_record_field", "related", "company_dependent", "translate",
	"manual", "size", "digits", "selection", "searchable", "sortable", "groupable",
}

// rawField is a field as fields_get sends it. Odoo's attributes have no stable types: see loose.
type rawField struct {
	Type             loose           `json:"type"`
	String           loose           `json:"string"`
	Help             loose           `json:"help"`
	Required         loose           `json:"required"`
	Readonly         loose           `json:"readonly"`
	Store            loose           `json:"store"`
	Relation         loose           `json:"relation"`
	RelationField    loose           `json:"relation_field"`
	CurrencyField    loose           `json:"currency_field"`
	ModelField       loose           `json:"model_field"`
	DefinitionRecord loose           `json:"definition_record"`
	DefinitionField  loose           `json:"definition_record_field"`
	Related          loose           `json:"related"`
	Depends          loose           `json:"depends"`
	CompanyDependent loose           `json:"company_dependent"`
	Translate        loose           `json:"translate"`
	Manual           loose           `json:"manual"`
	Size             loose           `json:"size"`
	Digits           json.RawMessage `json:"digits"`
	Selection        json.RawMessage `json:"selection"`
	Searchable       *loose          `json:"searchable"`
	Sortable         *loose          `json:"sortable"`
	Groupable        *loose          `json:"groupable"`
}

// reports lists the attributes that the server sent for the field.
func (r rawField) reports() (out []snapshot.Report) {
	for _, a := range []struct {
		value *loose
		name  snapshot.Report
	}{{r.Groupable, snapshot.Groupable}, {r.Searchable, snapshot.Searchable}, {r.Sortable, snapshot.Sortable}} {
		if a.value != nil {
			out = append(out, a.name)
		}
	}
	return out
}

// denied reports whether the server reported that the attribute does not hold, in contrast to not reporting the attribute.
func denied(l *loose) bool { return l != nil && (*l == "" || strings.EqualFold(string(*l), "false")) }

// loose is an attribute that can be a bool, a number, a string or a list of strings, depending on the version and on the
// author of the field. It holds the value as a string, and "" for every value that is false in Python.
type loose string

// UnmarshalJSON reads any JSON.
func (l *loose) UnmarshalJSON(data []byte) error {
	switch string(data) { // most are one of these
	case "true":
		*l = "true"
		return nil
	case "false", "null":
		*l = ""
		return nil
	}
	var v any
	if err := json.Unmarshal(data, &v); err != nil {
		return err
	}
	*l = looseText(v)
	return nil
}

func looseText(v any) loose {
	switch v := v.(type) {
	case string:
		return loose(v)
	case bool:
		if v {
			return "true"
		}
	case float64:
		if v != 0 {
			return loose(fmt.Sprint(v))
		}
	case []any:
		parts := make([]string, len(v))
		for i, part := range v {
			parts[i] = string(looseText(part))
		}
		return loose(strings.Join(parts, "."))
	}
	return ""
}

// field converts the response of fields_get for a field.
func (r rawField) field(name string) snapshot.Field {
	f := snapshot.Field{
		Name:             name,
		Type:             string(r.Type),
		Label:            string(r.String),
		Required:         r.Required != "",
		Readonly:         r.Readonly != "",
		Computed:         r.Store == "",
		Relation:         string(r.Relation),
		Inverse:          string(r.RelationField),
		Currency:         string(r.CurrencyField),
		ModelField:       string(r.ModelField),
		Related:          string(r.Related),
		CompanyDependent: r.CompanyDependent != "",
		Translated:       r.Translate != "",
		Custom:           r.Manual != "",
		Help:             strings.TrimSpace(string(r.Help)),
		Selection:        choices(r.Selection),
		Unsearchable:     denied(r.Searchable),
		Unsortable:       denied(r.Sortable),
		Ungroupable:      denied(r.Groupable),
	}
	if f.Required && !f.Computed && r.Depends != "" {
		f.Default = snapshot.Derived
	}
	if r.DefinitionRecord != "" && r.DefinitionField != "" {
		f.Definition = string(r.DefinitionRecord + "." + r.DefinitionField)
	}
	fmt.Sscan(string(r.Size), &f.Size) //nolint:errcheck // a size that is not a number is no size
	var digits []int
	if json.Unmarshal(r.Digits, &digits) == nil && len(digits) == 2 {
		f.Digits = digits
	}
	return f
}

// choices reads a selection, a list of pairs of a value and a label. Values can be integers. Anything else, such as the name
// of a method, gives no choices.
func choices(raw json.RawMessage) []snapshot.Choice {
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	var pairs []any
	if d.Decode(&pairs) != nil {
		return nil
	}
	var out []snapshot.Choice
	for _, p := range pairs {
		pair, ok := p.([]any)
		if !ok || len(pair) != 2 {
			continue
		}
		c := snapshot.Choice{Value: choiceText(pair[0]), Label: choiceText(pair[1])}
		same := func(known snapshot.Choice) bool { return known.Value == c.Value }
		if !slices.ContainsFunc(out, same) {
			out = append(out, c)
		}
	}
	return out
}

func choiceText(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case json.Number:
		return v.String()
	case nil, bool:
		return ""
	}
	return fmt.Sprint(v)
}

// fields converts the response of fields_get to sorted fields.
func fields(answer map[string]rawField) []snapshot.Field {
	out := make([]snapshot.Field, 0, len(answer))
	for name, raw := range answer {
		out = append(out, raw.field(name))
	}
	slices.SortFunc(out, func(a, b snapshot.Field) int { return strings.Compare(a.Name, b.Name) })
	return out
}
