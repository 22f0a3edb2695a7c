package orm

import (
	"context"
	"encoding/json"
)

// FieldInfo describes a field as fields_get does, in the language of the call.
type FieldInfo struct {
	Name          string
	Type          string // Odoo's ttype: "char", "many2one"
	Label         string
	Help          string
	Relation      string // the model that a relation points to
	RelationField string // the many2one on the other side of a one2many
	CurrencyField string // of a monetary field
	Selection     Labels // the choices; numeric keys are given as strings
	Digits        int    // decimals of a float, 0 if the field has no fixed number of them
	Aggregator    string // the default aggregate of the field in Odoo: "sum"; "" if it has none
	Required      bool
	Readonly      bool
	Stored        bool
	Sortable      bool
	Searchable    bool
	Translated    bool
	PerCompany    bool // company_dependent: each company has a value of its own

	// Raw is the whole response for the field, including attributes that models and modules add.
	Raw json.RawMessage
}

// FieldsGet describes the named fields of the model, or all fields that are visible to this user. A name that does not exist
// is left out.
//
// The shapes of the attributes vary between versions and modules: "readonly" can be a bool, a number or a string. FieldsGet
// applies Python's rule: every value but false, 0 and empty values is true.
func (m Model) FieldsGet(ctx context.Context, fields []string, contexts ...Context) (map[string]FieldInfo, error) {
	r := &call{method: "fields_get"}
	if len(fields) > 0 {
		r.args = []arg{{"allfields", fields}}
	}
	var raw map[string]json.RawMessage
	if err := m.call(ctx, r, collect(contexts), &raw); err != nil {
		return nil, err
	}
	out := make(map[string]FieldInfo, len(raw))
	for name, field := range raw {
		attributes := fieldAttributes{}
		if err := json.Unmarshal(field, &attributes); err != nil {
			return nil, &DecodeError{Model: m.name, Field: name, Reason: err.Error()}
		}
		out[name] = attributes.info(name, field)
	}
	return out, nil
}

func (a fieldAttributes) info(name string, raw json.RawMessage) FieldInfo {
	return FieldInfo{
		Name: name, Type: a.text("type"), Label: a.text("string"), Help: a.text("help"),
		Relation: a.text("relation"), RelationField: a.text("relation_field"), CurrencyField: a.text("currency_field"),
		Selection: a.choices(), Digits: a.decimals(), Aggregator: a.text("aggregator") + a.text("group_operator"),
		Required: a.truth("required"), Readonly: a.truth("readonly"), Stored: a.truth("store"), Sortable: a.truth("sortable"),
		Searchable: a.truth("searchable"), Translated: a.truth("translate"), PerCompany: a.truth("company_dependent"),
		Raw: raw,
	}
}
