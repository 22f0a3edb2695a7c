package odootest

import (
	"slices"
	"strings"

	"github.com/odoogen/odoogen/introspect"
)

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
	key := ""
	for i, column := range header {
		cell := ""
		if i < len(cells) {
			cell = cells[i]
		}
		name, part, _ := strings.Cut(column, "/")
		switch {
		case column == "id":
			key = t.importedXMLID(cell)
			continue
		case m.fields[name] == nil:
			return 0, name, fail(classValue, "Invalid field %s on model %s", repr(name), repr(m.name))
		}
		if values[name], err = t.cell(m.fields[name], part, cell); err != nil {
			return 0, name, err
		}
	}
	if model, known := t.withXMLID(key); key != "" && known != 0 {
		if model != m.name {
			return 0, "", fail(classValidation, "For external id %s when trying to create/update a record of model %s found record of different model %s (%d)",
				key, m.name, model, t.dataRecord(key).id)
		}
		return known, "", t.write(m, []int64{known}, values)
	}
	if id, err = t.create(m, values); err == nil && key != "" {
		t.nameRecord(key, m.name, id)
	}
	return id, "", err
}

// importedXMLID is an external id with its module, which for an import is __import__ unless it says.
func (t *tx) importedXMLID(name string) string {
	if name == "" || strings.Contains(name, ".") {
		return name
	}
	return "__import__." + name
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
		model, id := t.withXMLID(t.importedXMLID(cell))
		if id == 0 || model != f.Relation {
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
