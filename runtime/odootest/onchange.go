package odootest

import (
	"maps"
	"slices"

	"github.com/odoogen/odoogen/internal/odoofacts"
)

// Change is the change of a field in a form, see [Server.OnChange]. Values are those of the wire, see [Call]: a many2one is an ID, and
// a relation to many the commands that the form sends.
type Change struct {
	Call
	Field  string
	Values map[string]any // of the record, as the form shows it
	Parent map[string]any // of the form, if the record is a line in it
}

// Changed is what an onchange answers with.
type Changed struct {
	Values         map[string]any   // IDs for a many2one, lists of them for a relation to many
	Domains        map[string][]any // by field, until Odoo 16
	Title, Warning string           // a warning, if it is not empty
}

// OnChange gives a field of a model an onchange: package form runs it as on a real server. Without one a field changes nothing else.
//
//	server.OnChange("sale.order", "partner_id", func(c odootest.Change) (odootest.Changed, error) {
//		return odootest.Changed{Values: map[string]any{"payment_term_id": 2}}, nil
//	})
func (s *Server) OnChange(model, field string, fn func(c Change) (Changed, error)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.onchanges[scriptKey{model, field}] = fn
}

// changing is an onchange that runs.
type changing struct {
	s       *Server
	t       *tx
	m       *model
	a       arguments
	values  map[string]any
	parent  map[string]any
	changed map[string]bool // by the onchanges
	before  map[string]any  // the values that were changed
	answer  map[string]any
}

// onchange answers onchange: for no field of a new record with its defaults.
func (s *Server) onchange(t *tx, m *model, a arguments) (any, error) {
	given, _ := a.named["values"].(map[string]any)
	c := &changing{s: s, t: t, m: m, a: a, values: map[string]any{}, changed: map[string]bool{}, before: map[string]any{}, answer: map[string]any{}}
	if records := t.existing(m, a.ids); len(records) == 1 {
		for _, f := range m.shown() {
			c.values[f.Name] = t.wire(m, records[0], f, false)
		}
		var err error
		if c.values, err = plainValues(c.values); err != nil {
			return nil, err
		}
	}
	for name, v := range given {
		if parent, ok := v.(map[string]any); ok && m.has(name) && m.fields[name].Type == "many2one" {
			c.parent, v = parent, takenOr(parent, "id", false)
		}
		c.values[name] = c.number(name, v)
	}
	names := c.names()
	first := len(names) == 0
	if first {
		names = c.defaults()
	}
	if err := c.run(names); err != nil {
		return nil, err
	}
	answered := map[string]any{}
	for name, asked := range c.asked() {
		if f := m.fields[name]; f != nil && (first || c.changed[name]) {
			answered[name] = c.wire(f, c.values[name], asked)
		}
	}
	c.answer["value"] = answered
	return c.answer, nil
}

// number gives a whole number the type of its field: JSON has one type of numbers.
func (c *changing) number(name string, v any) any {
	f := c.m.fields[name]
	if n, whole := v.(int64); whole && f != nil && (f.Type == "float" || f.Type == "monetary") {
		return float64(n)
	}
	return v
}

// names are the fields that were changed.
func (c *changing) names() []string {
	v := takenOr(c.a.named, "field_name", c.a.named["field_names"])
	list, ok := v.([]any)
	if !ok && truthy(v) {
		list = []any{v}
	}
	names := make([]string, len(list))
	for i := range list {
		names[i] = str(list[i])
	}
	return names
}

// asked is the specification of each field that the answer may have.
func (c *changing) asked() map[string]any {
	spec, _ := takenOr(c.a.named, "fields_spec", c.a.named["field_onchange"]).(map[string]any)
	return spec
}

// defaults gives the fields their defaults, and the names of those that have a value.
func (c *changing) defaults() []string {
	var names []string
	for _, name := range slices.Sorted(maps.Keys(c.asked())) {
		f := c.m.fields[name]
		if f == nil {
			continue
		}
		if _, has := c.values[name]; !has {
			v, given := c.t.context["default_"+name]
			if !given {
				v = c.t.initial(c.m, f, c.t.tables[c.m].lastID+1)
			}
			c.values[name] = shown(f, v)
		}
		if truthy(c.values[name]) {
			names = append(names, name)
		}
	}
	return names
}

// run runs the onchanges of fields, and of those that they change.
func (c *changing) run(names []string) error {
	done := map[string]bool{}
	for len(names) > 0 {
		name := names[0]
		names = names[1:]
		fn := c.s.onchanges[scriptKey{c.m.name, name}]
		if done[name] || fn == nil {
			continue
		}
		done[name] = true
		call := Call{c.m.name, "onchange", c.a.ids, nil, nil, maps.Clone(c.t.context), c.t.uid, c.t}
		got, err := fn(Change{call, name, maps.Clone(c.values), maps.Clone(c.parent)})
		if err != nil {
			return asOdoo(err)
		}
		values, err := plainValues(got.Values)
		if err != nil {
			return err
		}
		for _, changed := range slices.Sorted(maps.Keys(values)) {
			if !c.m.has(changed) {
				return c.t.noFieldToWrite(c.m, changed)
			}
			if !c.changed[changed] {
				c.before[changed] = c.values[changed]
			}
			c.values[changed], c.changed[changed] = values[changed], true
			names = append(names, changed)
		}
		if got.Warning != "" {
			c.answer["warning"] = map[string]any{"title": got.Title, "message": got.Warning, "type": "dialog"}
		}
		if len(got.Domains) > 0 && !c.t.does(odoofacts.Specification) {
			c.answer["domain"] = got.Domains
		}
	}
	return nil
}

// wire is a value as the answer has it.
func (c *changing) wire(f *field, v, asked any) any {
	classic := !c.t.does(odoofacts.Specification)
	switch {
	case f.isToMany() && classic:
		return append([]any{[]any{commandClear}}, commandsOf(v)...)
	case f.isToMany():
		return append(c.leaving(f.Name), commandsOf(v)...)
	case f.Type == "many2one" && !unset(v):
		id, _ := v.(int64)
		name := c.t.targetName(f, id)
		if classic {
			return []any{id, name}
		}
		if spec, _ := asked.(map[string]any); spec["fields"] != nil {
			return map[string]any{"id": id, "display_name": name}
		}
	}
	if v == nil {
		return false
	}
	return v
}

// commandsOf are the commands for the value of a relation to many: IDs, or the commands that a form sent.
func commandsOf(v any) []any {
	out := []any{}
	list, _ := v.([]any)
	for _, item := range list {
		if id, ok := item.(int64); ok {
			item = []any{commandLink, id, map[string]any{"id": id}}
		}
		out = append(out, item)
	}
	return out
}

// leaving are the commands for the records that an onchange took off a list.
func (c *changing) leaving(name string) []any {
	out := []any{}
	stay := linkedIDs(c.values[name])
	for _, id := range linkedIDs(c.before[name]) {
		if !slices.Contains(stay, id) {
			out = append(out, []any{commandUnlink, id})
		}
	}
	return out
}

func linkedIDs(v any) []int64 {
	list, _ := v.([]any)
	found := ints(list)
	for _, item := range list {
		if command, ok := item.([]any); ok && len(command) > 1 && command[0] == int64(commandLink) {
			found = append(found, ints(command[1:2])...)
		}
	}
	return found
}
