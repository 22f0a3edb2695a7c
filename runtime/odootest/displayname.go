package odootest

import "strings"

// knownNames are the display names that Odoo computes otherwise than from one field, of the models that nearly every
// integration meets. An empty one is the name alone.
var knownNames = map[string]func(*tx, *model, *record) string{
	"res.partner":          (*tx).partnerName,
	"res.partner.category": (*tx).pathName,
	"product.category":     (*tx).pathName,
	"stock.location":       (*tx).locationName,
}

// partnerName is "Azure Interior, Brandon Freeman" for somebody at a company.
func (t *tx) partnerName(m *model, r *record) string {
	parent := t.parent(m, r)
	name, _ := r.values["name"].(string)
	if parent == nil || name == "" || r.values["is_company"] == true {
		return name
	}
	return str(parent.values["name"]) + ", " + name
}

// pathName is "All / Saleable".
func (t *tx) pathName(m *model, r *record) string { return t.joined(m, r, " / ") }

// locationName is "WH/Stock".
func (t *tx) locationName(m *model, r *record) string { return t.joined(m, r, "/") }

func (t *tx) joined(m *model, r *record, separator string) string {
	var names []string
	for range longestPath {
		if r == nil {
			break
		}
		name, _ := r.values["name"].(string)
		names = append([]string{name}, names...)
		r = t.parent(m, r)
	}
	return strings.Join(names, separator)
}

func (t *tx) parent(m *model, r *record) *record {
	id, _ := r.values["parent_id"].(int64)
	return t.get(m, id)
}
