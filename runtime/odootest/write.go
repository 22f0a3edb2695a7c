package odootest

import (
	"maps"
	"slices"
	"time"
)

// ownFields are written by the server alone; what a call gives for them is dropped.
var ownFields = []string{"id", "display_name", "create_date", "create_uid", "write_date", "write_uid", "__last_update"}

// may refuses what nobody may do with the records of a model.
func (t *tx) may(m *model, operation string) error {
	if m.unseen || m.abstract || m.readonly && operation != "read" || !t.user.mayDo(m.name, operation) {
		return refused(m, operation)
	}
	return nil
}

// create makes a record.
func (t *tx) create(m *model, values map[string]any) (int64, error) {
	if err := t.may(m, "create"); err != nil {
		return 0, err
	}
	if m.isMetadata() {
		return t.createMetadata(m, values)
	}
	fields, err := writable(m, values, t.noFieldToCreate)
	if err != nil {
		return 0, err
	}
	r := t.add(m)
	t.stamp(m, r, "create_date", "create_uid")
	t.stamp(m, r, "write_date", "write_uid")
	for _, f := range m.fields {
		if v := t.initial(m, f, r.id); v != nil {
			t.set(r, f.Name, v)
		}
	}
	if err := t.assign(m, r, fields, values); err != nil {
		return 0, err
	}
	for _, name := range slices.Sorted(maps.Keys(m.fields)) {
		if f := m.fields[name]; f.mustBeGiven() && unset(t.value(m, r, f)) {
			return 0, t.missingValue(m, f)
		}
	}
	return r.id, t.obey(m, "create", []*record{r})
}

// mustBeGiven tells the required fields that Odoo is not likely to fill in by itself.
func (f *field) mustBeGiven() bool {
	return f.Required && f.Type == "char" && !f.Computed && !f.Readonly
}

// write changes records.
func (t *tx) write(m *model, ids []int64, values map[string]any) error {
	if err := t.may(m, "write"); err != nil {
		return err
	}
	records, err := t.need(m, ids)
	if err == nil {
		err = t.obey(m, "write", records)
	}
	if m.isMetadata() {
		return fail(classUser, "odootest: models and fields can be made and deleted, not changed")
	}
	if err != nil {
		return err
	}
	fields, err := writable(m, values, t.noFieldToWrite)
	if err != nil {
		return err
	}
	for _, f := range fields {
		if f.Required && !f.Computed && f.Type != "boolean" && !f.isNumber() && unset(values[f.Name]) {
			return t.missingValue(m, f)
		}
	}
	for _, r := range records {
		if err := t.assign(m, r, fields, values); err != nil {
			return err
		}
		t.stamp(m, r, "write_date", "write_uid")
	}
	return nil
}

// writable are the fields that the values name: relations to many after what they may depend on, and related fields,
// whose path the other values may lay, last.
func writable(m *model, values map[string]any, unknown func(model, field string) error) ([]*field, error) {
	var stages [3][]*field
	for _, name := range slices.Sorted(maps.Keys(values)) {
		f := m.fields[name]
		switch {
		case slices.Contains(ownFields, name):
		case f == nil:
			return nil, unknown(m.name, name)
		case f.Related != "":
			stages[2] = append(stages[2], f)
		case f.isToMany():
			stages[1] = append(stages[1], f)
		default:
			stages[0] = append(stages[0], f)
		}
	}
	return slices.Concat(stages[:]...), nil
}

func (t *tx) assign(m *model, r *record, fields []*field, values map[string]any) error {
	for _, f := range fields {
		if err := t.assignOne(m, r, f, values[f.Name]); err != nil {
			return err
		}
	}
	return nil
}

// assignOne sets a field; a related one where its value is kept, unless it is readonly.
func (t *tx) assignOne(m *model, r *record, f *field, v any) error {
	if f.Related != "" && !f.Readonly {
		owner, at := t.locate(m, r, f)
		m, r, f = owner, at.r, at.f
	}
	if f.isToMany() {
		return t.command(m, r, f, v)
	}
	converted, err := t.convert(m, f, v)
	if err != nil {
		return err
	}
	t.set(r, f.Name, converted)
	return nil
}

// stamp notes who wrote the record, and when.
func (t *tx) stamp(m *model, r *record, date, uid string) {
	if m.has(date) {
		t.set(r, date, time.Now().UTC().Format(datetimeForm))
	}
	if m.has(uid) {
		t.set(r, uid, t.uid)
	}
}

// unlink deletes records with their parts, and empties what pointed to them.
func (t *tx) unlink(m *model, ids []int64) error {
	if err := t.may(m, "unlink"); err != nil {
		return err
	}
	records, err := t.need(m, ids)
	if err == nil {
		err = t.obey(m, "unlink", records)
	}
	if err != nil {
		return err
	}
	if m.isMetadata() {
		return t.unlinkMetadata(m, records)
	}
	for _, r := range records {
		t.remove(m, r)
	}
	for _, r := range records {
		for _, from := range m.referrers {
			if err := t.release(m, r.id, from); err != nil {
				return err
			}
		}
	}
	return nil
}

// release deals with the records that point to one that is gone.
func (t *tx) release(m *model, id int64, from referrer) error {
	for _, r := range t.all(from.model) {
		switch {
		case r.values[from.field.Name] != id, t.get(from.model, r.id) == nil: // another, or gone with its whole
		case !from.field.Required || from.field.Computed:
			t.set(r, from.field.Name, nil)
		case !from.model.isPartOf(m):
			return t.brokenLink(from.model, from.field)
		default:
			if err := t.unlink(from.model, []int64{r.id}); err != nil {
				return err
			}
		}
	}
	return nil
}

// copy makes a record with the values of another: not those that are readonly, numbered, or parts of their own.
func (t *tx) copy(m *model, r *record, over map[string]any) (int64, error) {
	values := map[string]any{}
	for name, f := range m.fields {
		numbered := name == "name" && sequences[m.name] != ""
		if v := r.values[name]; v != nil && !f.Readonly && !f.Computed && !numbered && f.Type != "one2many" {
			values[name] = v
		}
		if ids, ok := values[name].([]int64); ok {
			values[name] = []any{[]any{int64(commandSet), int64(0), anys(ids)}}
		}
	}
	maps.Copy(values, over)
	return t.create(m, values)
}

func anys(ids []int64) []any {
	out := make([]any, len(ids))
	for i, id := range ids {
		out[i] = id
	}
	return out
}
