package odootest

import (
	"slices"
	"strings"

	"github.com/odoogen/odoogen/introspect"
)

// externalID names a record for load; it has a module before its point, as in Odoo.
type externalID struct{ model, name string }

// load creates or changes records from a table of texts, by their external ids: all of them, or none if a row fails.
// Cells of many2ones are external ids ("partner_id/id") or ids ("partner_id/.id"); lists are not taken.
func (t *tx) load(m *model, a arguments) (any, error) {
	header, table := texts(a.named["fields"]), lists(a.named["data"])
	before := len(t.undo)
	made, messages := []int64{}, []any{}
	for i, cells := range table {
		id, field, err := t.loadRow(m, header, texts(cells))
		if err != nil {
			messages = append(messages, map[string]any{
				"type": "error", "message": exception(err).Message, "field": field, "record": int64(i),
				"rows": map[string]any{"from": int64(i), "to": int64(i)},
			})
			continue
		}
		made = append(made, id)
	}
	if len(messages) > 0 {
		t.rollbackTo(before)
		return map[string]any{"ids": false, "messages": messages}, nil
	}
	return map[string]any{"ids": made, "messages": messages}, nil
}

// loadRow creates or changes the record of a row. An error may be about one field.
func (t *tx) loadRow(m *model, header, cells []string) (id int64, field string, err error) {
	values := map[string]any{}
	var key externalID
	for i, column := range header {
		cell := ""
		if i < len(cells) {
			cell = cells[i]
		}
		name, part, _ := strings.Cut(column, "/")
		switch {
		case column == "id":
			key = externalID{m.name, cell}
			continue
		case m.fields[name] == nil:
			return 0, name, fail(classValue, "Invalid field %s on model %s", repr(name), repr(m.name))
		}
		if values[name], err = t.cell(m.fields[name], part, cell); err != nil {
			return 0, name, err
		}
	}
	if known, ok := t.external[key]; ok && t.get(m, known) != nil {
		return known, "", t.write(m, []int64{known}, values)
	}
	if id, err = t.create(m, values); err == nil && key.name != "" {
		t.external[key] = id
		t.undo = append(t.undo, func() { delete(t.external, key) })
	}
	return id, "", err
}

// cell is the value of a text.
func (t *tx) cell(f *field, part, cell string) (any, error) {
	switch {
	case cell == "":
		return false, nil
	case f.Type == "boolean":
		return slices.Contains([]string{"1", "true", "yes"}, strings.ToLower(cell)), nil
	case f.Type == "selection":
		labelled := func(c introspect.Choice) bool { return strings.EqualFold(c.Label, cell) }
		if i := slices.IndexFunc(f.Selection, labelled); i >= 0 {
			return f.Selection[i].Value, nil
		}
	case part == "id":
		id, ok := t.external[externalID{f.Relation, cell}]
		if !ok {
			return nil, fail(classValue, "No matching record found for external id '%s' in field '%s'", cell, f.Label)
		}
		return id, nil
	case part == ".id":
		return t.toInt(cell)
	}
	return cell, nil
}

func texts(v any) []string {
	var out []string
	for _, item := range lists(v) {
		out = append(out, str(item))
	}
	return out
}

func lists(v any) []any {
	list, _ := v.([]any)
	return list
}
