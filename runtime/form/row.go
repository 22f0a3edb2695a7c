package form

import (
	"encoding/json"
	"fmt"
	"slices"
)

// row is a record in the form: the main one, or a line.
type row struct {
	s       *session
	view    *view // nil of a line that the form does not show
	id      int64 // 0 of a new record
	virtual string
	list    *list // that the row is a line of; nil for the main record

	values  map[string]any // as JSON has them, except *list, and link for a many2one
	changed map[string]bool
	domains map[string]json.RawMessage // of fields, as onchanges gave them
}

// link is the value of a many2one.
type link struct {
	id   int64
	name string
}

// list is the value of a one2many or many2many.
type list struct {
	owner *row
	field *field
	rows  []*row
	given []int64 // the IDs of the lines that the server has
}

func (s *session) newRow(v *view, id int64) *row {
	return &row{s: s, view: v, id: id, values: map[string]any{}, changed: map[string]bool{}, domains: map[string]json.RawMessage{}}
}

func (r *row) ids() []int64 {
	if r.id == 0 {
		return []int64{}
	}
	return []int64{r.id}
}

// newLine makes a line. virtual names a new one; if it is empty, the line gets a name.
func (l *list) newLine(id int64, virtual string) *row {
	s := l.owner.s
	line := s.newRow(l.field.lines, id)
	if line.list = l; id == 0 {
		if line.virtual = virtual; virtual == "" {
			s.lastVirtual++
			line.virtual = fmt.Sprintf("virtual_%d", s.lastVirtual)
		}
		line.fill()
	}
	l.rows = append(l.rows, line)
	return line
}

// fill gives the fields without a value an empty one.
func (r *row) fill() {
	if r.view == nil {
		return
	}
	for _, f := range r.view.fields {
		if _, has := r.values[f.name]; has {
			continue
		}
		switch {
		case f.isList():
			r.values[f.name] = &list{owner: r, field: f}
		case f.kind == "many2one":
			r.values[f.name] = link{}
		default:
			r.values[f.name] = false
		}
	}
}

func (r *row) listOf(f *field) *list {
	l, _ := r.values[f.name].(*list)
	if l == nil {
		l = &list{owner: r, field: f}
		r.values[f.name] = l
	}
	return l
}

// apply takes the values that onchange answered with, and marks them as changed.
func (r *row) apply(values map[string]any) error {
	for name, v := range values {
		f := r.field(name)
		if f == nil {
			continue
		}
		if err := r.assign(f, v); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		r.changed[name] = true
	}
	return nil
}

// field is a field of the row's view, nil if the view does not have it.
func (r *row) field(name string) *field {
	if r.view == nil {
		return &field{name: name} // kept as it came
	}
	return r.view.byName[name]
}

// assign gives a field a value in one of the forms that servers send and take.
func (r *row) assign(f *field, v any) error {
	switch {
	case f.isList():
		commands, ok := v.([]any)
		if !ok && v != nil && v != false {
			return fmt.Errorf("want a list of commands, got %.80v", v)
		}
		return r.listOf(f).run(commands)
	case f.kind == "many2one":
		target, err := readLink(v)
		r.values[f.name] = target
		return err
	}
	if v == nil {
		v = false
	}
	r.values[f.name] = v
	return nil
}

// readLink reads false, an ID, [ID, name], and an object.
func readLink(v any) (link, error) {
	switch v := v.(type) {
	case nil, bool:
		return link{}, nil
	case json.Number:
		id, err := v.Int64()
		return link{id: id}, err
	case []any:
		if len(v) == 2 {
			target, err := readLink(v[0])
			target.name, _ = v[1].(string)
			return target, err
		}
	case map[string]any:
		target, err := readLink(v["id"])
		target.name, _ = v["display_name"].(string)
		return target, err
	}
	return link{}, fmt.Errorf("want a record, got %.80v", v)
}

// plainValue is the value of a field for expressions.
func (r *row) plainValue(f *field) any {
	switch v := r.values[f.name].(type) {
	case link:
		return idOrFalse(v.id)
	case *list:
		ids := []any{}
		for _, line := range v.rows {
			ids = append(ids, idOrName(line))
		}
		return ids
	case nil:
		return false
	default:
		return plain(v)
	}
}

func idOrName(r *row) any {
	if r.id == 0 {
		return r.virtual
	}
	return float64(r.id)
}

// onchangeValues are the values that onchange is called with: all of them until Odoo 16 and for a new record, and else those that
// were changed.
func (r *row) onchangeValues() map[string]any {
	values := r.valuesToShow(r.s.classic)
	r.addParent(values)
	return values
}

// addParent adds the values of the main record to those of a line.
func (r *row) addParent(values map[string]any) {
	if r.list == nil || r.list.field.inverse == "" {
		return
	}
	owner := r.list.owner
	parent := owner.onchangeValues()
	if owner.id != 0 {
		parent["id"] = owner.id
	}
	values[r.list.field.inverse] = parent
}

// valuesToShow are the values of a new record, and of another one those that were changed, or all.
func (r *row) valuesToShow(all bool) map[string]any {
	values := map[string]any{}
	for name, v := range r.values {
		if r.id != 0 && !all && !r.changed[name] {
			continue
		}
		if l, ok := v.(*list); ok {
			// Until Odoo 16 lines without a command are not in the list.
			v, _ = l.commands(func(line *row) (map[string]any, error) { return line.valuesToShow(false), nil }, r.s.classic)
		}
		values[name] = wire(v)
	}
	return values
}

// wire is a value in the form in which it is sent, but for lists. What came as JSON is sent with the same digits.
func wire(v any) any {
	switch v := v.(type) {
	case link:
		if v.id == 0 {
			return false
		}
		return v.id
	case json.Number:
		return json.RawMessage(v)
	case []any, map[string]any:
		raw, _ := json.Marshal(v) // it was JSON
		return json.RawMessage(raw)
	}
	return v
}

// sameValue reports whether two values of a field are the same to Odoo.
func sameValue(a, b any) bool {
	if l, ok := a.(*list); ok {
		m, _ := b.(*list)
		return slices.Equal(l.ids(), m.ids())
	}
	if l, ok := a.(link); ok {
		m, _ := b.(link)
		return l.id == m.id
	}
	a, b = plain(a), plain(b)
	return equal(a, b) || !truthy(a) && !truthy(b)
}
