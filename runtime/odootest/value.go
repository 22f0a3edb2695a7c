package odootest

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/odoogen/odoogen/internal/odoofacts"
)

// value is what a field of a record holds, computed where the server computes.
func (t *tx) value(m *model, r *record, f *field) any {
	if v := t.raw(m, r, f); v != nil {
		return shown(f, v)
	}
	return zero(f)
}

// raw is the same, but nil for a number or a boolean that nobody gave: to the database it is NULL.
func (t *tx) raw(m *model, r *record, f *field) any {
	m, at := t.locate(m, r, f)
	r, f = at.r, at.f
	v := t.variant(f, r.values[f.Name])
	switch {
	case f.Name == "id":
		return r.id
	case f.Name == "display_name":
		return t.displayName(m, r)
	case f.Name == "complete_name" && r.values[f.Name] == nil:
		return t.displayName(m, r)
	case f.Name == "__last_update":
		return cmp.Or(r.values["write_date"], r.values["create_date"])
	case f.content != nil:
		return contentText(r.values[f.content.Name])
	case f.inverse != nil:
		return t.visible(f.target, t.children(m, r, f))
	case f.isToMany():
		return t.visible(f.target, t.paired(r, f))
	}
	return v
}

// zero is the value of a field that nobody wrote to.
func zero(f *field) any {
	switch f.Type {
	case "integer", "many2one_reference":
		return int64(0)
	case "float", "monetary":
		return 0.0
	case "boolean":
		return false
	}
	return nil
}

// place is where a value is kept.
type place struct {
	r *record
	f *field
}

// A path of related fields that is longer than this goes round in circles.
const longestPath = 16

// locate follows a related field to the record and the field that hold its value. Where the path breaks off, that is
// the field itself.
func (t *tx) locate(m *model, r *record, f *field) (*model, place) {
	here, at := m, place{r, f}
	for range longestPath {
		if at.f.Related == "" {
			return here, at
		}
		next, found := t.follow(here, at)
		if found == (place{}) {
			return here, at
		}
		here, at = next, found
	}
	return m, place{r, f}
}

// follow goes along one related field.
func (t *tx) follow(m *model, at place) (*model, place) {
	hops := strings.Split(at.f.Related, ".")
	r := at.r
	for _, hop := range hops[:len(hops)-1] {
		f := m.fields[hop]
		if f == nil || f.Type != "many2one" || f.target == nil {
			return nil, place{}
		}
		id, _ := r.values[hop].(int64)
		if m, r = f.target, t.get(f.target, id); r == nil {
			return nil, place{}
		}
	}
	last := m.fields[hops[len(hops)-1]]
	if last == nil || last.Type != at.f.Type || last.Name == "display_name" {
		return nil, place{}
	}
	return m, place{r, last}
}

// children are the ids of the records whose inverse points to r.
func (t *tx) children(m *model, r *record, f *field) []int64 {
	ids := []int64{}
	for _, child := range t.tables[f.target].records {
		if pointsTo(child, f, m, r.id) {
			ids = append(ids, child.id)
		}
	}
	slices.Sort(ids)
	return ids
}

// pointsTo reports whether the inverse of a one2many of a model points to the record with the ID.
func pointsTo(child *record, f *field, whole *model, id int64) bool {
	return child.values[f.inverse.Name] == id && (f.holder == "" || child.values[f.holder] == whole.name)
}

// visible are the ids of those targets of a relation that exist and are not hidden. What is outside the snapshot is
// taken to exist.
func (t *tx) visible(target *model, ids []int64) []int64 {
	out := make([]int64, 0, len(ids))
	for _, id := range ids {
		if target == nil || t.isVisible(target, id) {
			out = append(out, id)
		}
	}
	if target != nil && len(out) > 1 {
		t.sort(target, out)
	}
	return out
}

func (t *tx) isVisible(m *model, id int64) bool {
	r := t.get(m, id)
	return r != nil && (!t.activeTest() || t.isActive(m, r))
}

// displayName is a string, or nil if the field that it comes from is unset.
func (t *tx) displayName(m *model, r *record) any {
	if known := knownNames[m.name]; known != nil {
		if name := known(t, m, r); name != "" {
			return name
		}
	}
	if m.recName == "" {
		return fmt.Sprintf("%s,%d", m.name, r.id)
	}
	v := t.value(m, r, m.fields[m.recName])
	switch {
	case truthy(v):
		return str(v)
	case t.does(odoofacts.NamelessIsUnset):
		return nil
	case v == nil && !t.does(odoofacts.NamelessIsEmpty):
		return "False"
	case v == nil || v == "":
		return ""
	}
	return nil
}

// wire is the value as read sends it; classic gives a many2one its name.
func (t *tx) wire(m *model, r *record, f *field, classic bool) any {
	if f.Type == "properties" {
		if list, ok := t.properties(m, r, f); ok {
			return list
		}
	}
	v := t.value(m, r, f)
	if id, ok := v.(int64); ok && f.Type == "many2one" && classic {
		return []any{f.target.wireID(id), t.targetName(f, id)}
	}
	if id, ok := v.(int64); ok && f.Type == "many2one" {
		return f.target.wireID(id)
	}
	if n, ok := v.(float64); ok && f.isNumber() {
		return float(n)
	}
	if text, ok := v.(string); ok && f.Type == "binary" && truthy(t.context["bin_size"]) {
		return humanSize(base64Size(text))
	}
	if v == nil {
		return false
	}
	return v
}

// targetName is the display name of the target of a many2one, or false.
func (t *tx) targetName(f *field, id int64) any {
	if f.target == nil {
		return fmt.Sprintf("%s,%d", f.Relation, id)
	}
	if r := t.get(f.target, id); r != nil {
		if name := t.displayName(f.target, r); name != nil {
			return name
		}
	}
	return false
}

// read is the records as read sends them.
func (t *tx) read(m *model, records []*record, fields []*field, classic bool) []*row {
	out := make([]*row, len(records))
	for i, r := range records {
		out[i] = &row{}
		out[i].set("id", m.wireID(r.id))
		for _, f := range fields {
			if f.Name != "id" {
				out[i].set(f.Name, t.wire(m, r, f, classic))
			}
		}
	}
	return out
}

// base64Size is the number of bytes that a file in base64 has.
func base64Size(text string) int { return len(notBase64.ReplaceAllString(text, "")) * 3 / 4 }

// humanSize is how Odoo writes the size of a file.
func humanSize(n int) string {
	size, units := float64(n), []string{"bytes", "Kb", "Mb", "Gb", "Tb"}
	i := 0
	for ; size >= 1024 && i < len(units)-1; i++ {
		size /= 1024
	}
	return fmt.Sprintf("%0.2f %s", size, units[i])
}
