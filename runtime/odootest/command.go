package odootest

import (
	"slices"
	"strings"

	"github.com/odoogen/odoogen/internal/odoofacts"
	"github.com/odoogen/odoogen/introspect/snapshot"
)

// The commands on a relation to many.
const (
	commandCreate = iota
	commandUpdate
	commandDelete
	commandUnlink
	commandLink
	commandClear
	commandSet
)

// command changes a relation to many: by a list of commands, by a list of ids, which replaces it, or by false, which
// empties it.
func (t *tx) command(m *model, r *record, f *field, v any) error {
	list, ok := v.([]any)
	if !ok && !unset(v) {
		return fail(classValue, "Wrong value for %s.%s: %s", m.name, f.Name, str(v))
	}
	if len(list) == 0 && !unset(v) {
		return nil
	}
	if ids := ints(list); len(ids) == len(list) {
		return t.replace(m, r, f, ids)
	}
	commands, err := t.effective(m, f, list)
	if err != nil {
		return err
	}
	for _, c := range commands {
		if err := t.runCommand(m, r, f, c); err != nil {
			return err
		}
	}
	return nil
}

// effective are the commands that Odoo looks at. It empties no list of lines to which it has added, and changes the links of a
// many2many when it knows the last state of them.
func (t *tx) effective(m *model, f *field, list []any) (all [][]any, err error) {
	isLink := func(c []any) bool { return c[0] == int64(commandLink) || c[0] == int64(commandUnlink) }
	added := false
	var linked []int64
	for _, item := range list {
		c, ok := item.([]any)
		switch {
		case !ok || len(c) == 0:
			return nil, fail(classValue, "Wrong value for %s.%s: %s", m.name, f.Name, repr(list))
		case f.inverse != nil && added && clears(c):
			continue
		case f.inverse != nil && replaces(c) && len(linked) > 0 && !t.creating:
			if err := t.checkLines(f, linked, c); err != nil {
				return nil, err
			}
		case f.inverse == nil && replaces(c):
			all = slices.DeleteFunc(all, func(c []any) bool { return isLink(c) || replaces(c) })
		}
		if c[0] == int64(commandLink) && len(c) > 1 {
			linked = append(linked, ints(c[1:2])...)
		}
		added = added || c[0] == int64(commandCreate) || c[0] == int64(commandLink)
		all = append(all, c)
	}
	return all, nil
}

// checkLines refuses missing lines in a set after a link. Odoo 19 names the first of them, 14 a line that was linked.
func (t *tx) checkLines(f *field, linked []int64, set []any) error {
	lines, _ := set[2].([]any)
	for _, id := range ints(lines) {
		switch {
		case t.get(f.target, id) != nil:
		case t.modern():
			return missing(f.target, t.uid, id)
		default:
			return missing(f.target, t.uid, linked[0])
		}
	}
	return nil
}

// replaces recognises the commands that set a whole list.
func replaces(c []any) bool {
	return c[0] == int64(commandClear) || c[0] == int64(commandSet) && len(c) >= commandLength[commandSet]
}

// clears recognises the commands that leave nothing in a list.
func clears(c []any) bool {
	if !replaces(c) || c[0] == int64(commandClear) {
		return replaces(c)
	}
	ids, _ := c[2].([]any)
	return len(ids) == 0
}

// commandLength is how much of a command Odoo looks at.
var commandLength = map[int64]int{
	commandCreate: 3, commandUpdate: 3, commandDelete: 2, commandUnlink: 2, commandLink: 2, commandSet: 3,
}

// runCommand runs [code, id, values]. What Odoo does not know it ignores.
func (t *tx) runCommand(m *model, r *record, f *field, c []any) error {
	var id int64
	var last any
	if len(c) > 1 {
		id, _ = c[1].(int64)
	}
	if len(c) > 2 {
		last = c[2]
	}
	values, _ := last.(map[string]any)
	code, ok := c[0].(int64)
	if !ok {
		code = -1
	}
	if need, known := commandLength[code]; known && len(c) < need {
		return fail(classIndex, "list index out of range")
	}
	switch code {
	case commandCreate:
		return t.createTarget(m, r, f, values)
	case commandUpdate:
		return t.updateTarget(m, f, id, values)
	case commandDelete:
		return t.deleteTarget(m, r, f, id)
	case commandUnlink:
		return t.unlinkTarget(r, f, id)
	case commandLink:
		return t.linkTarget(m, r, f, id)
	case commandClear:
		return t.replace(m, r, f, nil)
	case commandSet:
		list, _ := last.([]any)
		if f.inverse == nil && f.Table != "" && slices.Contains(list, any(false)) {
			return fail(classDatatype, "column \"%s\" is of type integer but expression is of type boolean\n", f.farColumn())
		}
		return t.replace(m, r, f, ints(list))
	}
	return nil
}

func (t *tx) createTarget(m *model, r *record, f *field, values map[string]any) error {
	if f.target == nil {
		return notInSnapshot(m, f)
	}
	given := map[string]any{}
	for name, v := range values {
		given[name] = v
	}
	if f.inverse != nil {
		given[f.inverse.Name] = r.id
		if f.holder != "" {
			given[f.holder] = m.name
		}
	}
	id, err := t.create(f.target, given)
	if err != nil || f.inverse != nil {
		return err
	}
	return t.linkTarget(m, r, f, id)
}

func (t *tx) updateTarget(m *model, f *field, id int64, values map[string]any) error {
	switch {
	case f.target == nil:
		return notInSnapshot(m, f)
	case t.get(f.target, id) == nil:
		return nil
	}
	return t.write(f.target, []int64{id}, values)
}

func (t *tx) deleteTarget(m *model, r *record, f *field, id int64) error {
	if f.target == nil {
		return notInSnapshot(m, f)
	}
	if f.inverse == nil {
		t.keep(r, f, func(other int64) bool { return other != id })
	}
	return t.unlink(f.target, []int64{id})
}

// unlinkTarget takes a target off the list. A line whose link is required can't be without: it is deleted.
func (t *tx) unlinkTarget(r *record, f *field, id int64) error {
	switch {
	case f.inverse == nil:
		t.keep(r, f, func(other int64) bool { return other != id })
	case f.inverse.Required || f.inverse.OnDelete == snapshot.Cascade:
		return t.unlink(f.target, []int64{id})
	default:
		if child := t.get(f.target, id); child != nil {
			t.set(child, f.inverse.Name, nil)
		}
	}
	return nil
}

func (t *tx) linkTarget(m *model, r *record, f *field, id int64) error {
	if f.target != nil && t.get(f.target, id) == nil {
		return t.noTarget(m, f, id)
	}
	if f.inverse == nil {
		t.pair(r, f, id)
		return nil
	}
	child := t.get(f.target, id)
	t.set(child, f.inverse.Name, r.id)
	if f.holder != "" {
		t.set(child, f.holder, m.name)
	}
	return t.checkParents(f.target, child, f.inverse)
}

// checkParents refuses a record that is below itself, in models that keep the path of their parents.
func (t *tx) checkParents(m *model, r *record, f *field) error {
	if f.Name != "parent_id" || m.fields["parent_path"] == nil || f.target != m {
		return nil
	}
	for above := r; ; {
		id, _ := above.values[f.Name].(int64)
		if above = t.get(m, id); above == nil {
			return nil
		}
		if above.id == r.id {
			return fail(classUser, "Recursion Detected.")
		}
	}
}

// replace makes the ids the whole list.
func (t *tx) replace(m *model, r *record, f *field, ids []int64) error {
	if f.inverse == nil {
		t.keep(r, f, func(id int64) bool { return slices.Contains(ids, id) })
	} else {
		for _, id := range t.children(m, r, f) {
			if slices.Contains(ids, id) {
				continue
			}
			if err := t.unlinkTarget(r, f, id); err != nil {
				return err
			}
		}
	}
	forgiven := f.inverse != nil && (!t.creating || !t.does(odoofacts.SetOfMissing))
	for _, id := range ids {
		if forgiven && t.get(f.target, id) == nil {
			continue
		}
		if err := t.linkTarget(m, r, f, id); err != nil {
			return err
		}
	}
	return nil
}

// noTarget is the error for a link to a record that does not exist.
func (t *tx) noTarget(m *model, f *field, id int64) error {
	switch {
	case f.inverse != nil:
		return missing(f.target, t.uid, id)
	case f.Table == "":
		return t.brokenLink(m, f)
	}
	return t.brokenPair(f.Table + "_" + f.farColumn() + "_fkey")
}

// farColumn is the column of a many2many's table that has the targets.
func (f *field) farColumn() string {
	for _, other := range f.target.fields {
		if other.Table == f.Table {
			return other.Column
		}
	}
	return strings.ReplaceAll(f.target.name, ".", "_") + "_id"
}
