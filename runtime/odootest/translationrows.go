package odootest

import (
	"strings"

	"github.com/odoogen/odoogen/introspect/snapshot"
)

// Until Odoo 15, translations are rows of ir.translation. Here the records have them, and translate_fields makes the rows.

const translationModel = "ir.translation"

// translationsTable is ir.translation for snapshots that lack it.
var translationsTable = snapshot.Model{Name: translationModel, Label: "Translation", Fields: []snapshot.Field{
	displayNameField,
	idField,
	{Name: "lang", Type: "char", Label: "Language"},
	{Name: "name", Type: "char", Label: "Translated field", Required: true},
	{Name: "res_id", Type: "integer", Label: "Record ID"},
	{Name: "src", Type: "text", Label: "Internal Source"},
	{Name: "state", Type: "char", Label: "Status"},
	{Name: "type", Type: "char", Label: "Type"},
	{Name: "value", Type: "text", Label: "Translation Value"},
}}

// translationMethods are those of ir.translation.
var translationMethods = map[scriptKey]method{
	{translationModel, "translate_fields"}: {false, append(needed("model", "id"), optional("field")...), (*tx).translateFields},
	{translationModel, "write"}:            {true, needed("vals"), (*tx).writeTranslations},
}

// translateFields makes the rows of a text, and answers with the window that shows them.
func (t *tx) translateFields(_ *model, a arguments) (any, error) {
	if len(t.languages()) < 2 {
		return nil, fail(classUser, "Translation features are unavailable until you install an extra translation.")
	}
	m := t.models[a.text("model")]
	if m == nil || m.fields[a.text("field")] == nil {
		return nil, fail(classKey, "%s", a.text("field"))
	}
	id, _ := a.named["id"].(int64)
	records, err := t.need(m, []int64{id})
	if err != nil {
		return nil, err
	}
	owner, at := t.locate(m, records[0], m.fields[a.text("field")])
	name := owner.name + "," + at.f.Name
	t.makeRows(name, at)
	return map[string]any{
		"type": "ir.actions.act_window", "res_model": translationModel, "target": "new",
		"domain":  []any{"&", []any{"res_id", "=", at.r.id}, []any{"name", "=like", owner.name + ",%"}},
		"context": map[string]any{"search_default_name": name, "translation_type": "char", "translation_show_src": at.f.byTerms()},
	}, nil
}

// makeRows replaces the rows of a text.
func (t *tx) makeRows(name string, at place) {
	m := t.models[translationModel]
	for _, r := range t.all(m) {
		if r.values["name"] == name && r.values["res_id"] == at.r.id {
			t.remove(m, r)
		}
	}
	kind := "model"
	if at.f.byTerms() {
		kind = "model_terms"
	}
	for _, x := range t.textsOf(at) {
		state := "translated"
		if x.value == nil {
			state = "to_translate"
		}
		r := t.add(m)
		for field, v := range map[string]any{
			"name": name, "res_id": at.r.id, "lang": x.lang, "src": x.source, "value": x.value, "type": kind, "state": state,
		} {
			t.set(r, field, v)
		}
	}
}

// writeTranslations writes rows, and the values of rows to their records.
func (t *tx) writeTranslations(m *model, a arguments) (any, error) {
	rows, err := t.need(m, a.ids)
	if err != nil {
		return nil, err
	}
	done, err := t.writeAll(m, a)
	if err != nil {
		return nil, err
	}
	for _, row := range rows {
		name, field, _ := strings.Cut(str(row.values["name"]), ",")
		owner := t.models[name]
		if owner == nil || owner.fields[field] == nil {
			continue
		}
		id, _ := row.values["res_id"].(int64)
		r := t.get(owner, id)
		if r == nil {
			continue
		}
		value := row.values["value"]
		if value == "" {
			value = nil // Odoo shows the source
		}
		if owner.fields[field].byTerms() {
			value = map[string]any{str(row.values["src"]): value}
		}
		if err := t.translate(place{r, owner.fields[field]}, str(row.values["lang"]), value); err != nil {
			return nil, err
		}
	}
	return done, nil
}
