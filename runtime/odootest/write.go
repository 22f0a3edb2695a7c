package odootest

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/odoogen/odoogen/internal/odoofacts"
	"github.com/odoogen/odoogen/introspect/snapshot"
)

// may refuses what nobody may do with the records of a model.
func (t *tx) may(m *model, operation string) error {
	readonly := m.readonly || m.view && !t.user.super
	if m.unseen || m.abstract || readonly && operation != "read" || !t.mayDo(m, operation) {
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
	values, err := t.delegated(m, t.withDefaults(m, values))
	if err != nil {
		return 0, err
	}
	fields, err := writable(m, values, t.noFieldToCreate)
	if err != nil {
		return 0, err
	}
	columns, err := t.columns(m, fields, values)
	if err != nil {
		return 0, err
	}
	r := t.add(m)
	t.stamp(m, r, "create_date", "create_uid")
	t.stamp(m, r, "write_date", "write_uid")
	for _, f := range m.sorted() {
		if v := t.initial(m, f, r.id); v != nil {
			t.set(r, f.Name, v)
		}
	}
	for name, v := range columns {
		t.put(r, m.fields[name], v)
	}
	t.renamed(m)
	for name, v := range columns {
		if m.fields[name].Type == "monetary" {
			t.put(r, m.fields[name], t.rounded(m, r, m.fields[name], v))
		}
	}
	for _, f := range m.sorted() {
		if f.mustBeGiven(m) && unset(t.raw(m, r, f)) && unset(values[f.Name]) {
			return 0, t.missingValue(m, f)
		}
	}
	rest := slices.DeleteFunc(fields, func(f *field) bool { _, done := columns[f.Name]; return done })
	if err := t.inserting().assign(m, r, rest, values); err != nil {
		return 0, err
	}
	made := []*record{r}
	if err := t.checkUnique(m, made); err != nil {
		return 0, err
	}
	if err := t.checkRules(m, made); err != nil {
		return 0, err
	}
	if err := t.trigger(t.automations(m, onCreate), m, made, nil); err != nil {
		return 0, err
	}
	return r.id, t.obey(m, "create", made)
}

// columns converts the values of a new record that are kept on itself. Nothing has happened if one of them is wrong.
func (t *tx) columns(m *model, fields []*field, values map[string]any) (map[string]any, error) {
	out := map[string]any{}
	for _, f := range fields {
		if f.isToMany() || f.Related != "" {
			continue
		}
		v, err := t.inserting().convert(m, f, values[f.Name])
		if err != nil {
			return nil, err
		}
		out[f.Name] = v
	}
	return out, nil
}

// withDefaults adds the defaults that the context gives.
func (t *tx) withDefaults(m *model, values map[string]any) map[string]any {
	out := maps.Clone(values)
	for key, v := range t.context {
		name, isDefault := strings.CutPrefix(key, "default_")
		if _, given := values[name]; isDefault && !given && m.fields[name] != nil {
			if out == nil {
				out = map[string]any{}
			}
			out[name] = v
		}
	}
	return out
}

// mustBeGiven recognises the required fields that Odoo is not likely to fill in by itself.
func (f *field) mustBeGiven(m *model) bool {
	return f.Required && !f.Computed && (m.custom || f.Type == "char" && !f.Readonly)
}

// write changes records.
func (t *tx) write(m *model, ids []int64, values map[string]any) error {
	if err := t.may(m, "write"); err != nil {
		return err
	}
	records, err := t.writtenTo(m, "write", ids)
	if err == nil {
		err = t.obey(m, "write", records)
	}
	if m.isMetadata() {
		return fail(classUser, "odootest: models and fields can be made and deleted, not changed")
	}
	if err != nil {
		return err
	}
	fields, err := writable(m, values, func(_, name string) error { return t.noFieldToWrite(m, name) })
	if err != nil {
		return err
	}
	for _, f := range fields {
		if f.Required && !f.Computed && f.Type != "boolean" && !f.isNumber() && unset(values[f.Name]) {
			return t.missingValue(m, f)
		}
	}
	rules := t.automations(m, onWrite)
	before := t.before(rules, m, records, values)
	for _, r := range records {
		if err := t.assign(m, r, fields, values); err != nil {
			return err
		}
		t.stamp(m, r, "write_date", "write_uid")
	}
	t.renamed(m)
	if err := t.checkUnique(m, records); err != nil {
		return err
	}
	if err := t.checkRules(m, records); err != nil {
		return err
	}
	return t.trigger(rules, m, records, before)
}

// inserting is the same transaction while it makes a record.
func (t *tx) inserting() *tx {
	c := *t
	c.creating = true
	return &c
}

// writable are the fields that the values name: relations to many after what they may depend on, and related fields,
// whose path the other values may lay, last.
func writable(m *model, values map[string]any, unknown func(model, field string) error) ([]*field, error) {
	var stages [3][]*field
	for _, name := range slices.Sorted(maps.Keys(values)) {
		f := m.fields[name]
		switch {
		case odoofacts.IsMagic(name):
		case f == nil:
			return nil, unknown(m.name, name)
		case f.Related != "":
			stages[2] = append(stages[2], f)
		case f.isToMany() || f.Type == "monetary": // an amount is rounded as its currency is
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
	t.put(r, f, t.rounded(m, r, f, converted))
	return t.checkParents(m, r, f)
}

// stamp notes who wrote the record, and when: at the time at which the transaction began. A transaction that meets a record
// that another one wrote meanwhile is run again by Odoo, and so begins anew.
func (t *tx) stamp(m *model, r *record, date, uid string) {
	if m.has(date) {
		if before, _ := r.values[date].(string); before > momentOf(t.began) {
			t.began = t.now()
		}
		t.set(r, date, momentOf(t.began))
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
	records, err := t.writtenTo(m, "unlink", ids)
	if err == nil {
		err = t.obey(m, "unlink", records)
	}
	if err != nil {
		return err
	}
	if m.isMetadata() {
		return t.unlinkMetadata(m, records)
	}
	if err := t.trigger(t.automations(m, onUnlink), m, records, nil); err != nil {
		return err
	}
	return t.delete(m, records)
}

// delete deletes records as the database does.
func (t *tx) delete(m *model, records []*record) error {
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
	var parts []int64
	for _, r := range t.all(from.model) {
		if r.values[from.field.Name] != id {
			continue
		}
		switch from.onDelete(m) {
		case snapshot.Cascade:
			parts = append(parts, r.id)
		case snapshot.Restrict:
			return t.brokenLink(from.model, from.field)
		default:
			t.set(r, from.field.Name, nil)
		}
	}
	return t.delete(from.model, t.existing(from.model, parts))
}

// onDelete is what happens to the records of a many2one. If the snapshot does not say it, parts are deleted with their whole.
func (from referrer) onDelete(whole *model) snapshot.OnDelete {
	f := from.field
	switch {
	case f.OnDelete != "":
		return f.OnDelete
	case !f.Required || f.Computed:
		return ""
	case from.model.isPartOf(whole):
		return snapshot.Cascade
	}
	return snapshot.Restrict
}

// copy makes a record with the values of another, but for its number and its parts, in all languages.
func (t *tx) copy(m *model, r *record, over map[string]any) (int64, error) {
	values := map[string]any{}
	for name, f := range m.fields {
		if numbered := name == "name" && sequences[m.name] != ""; numbered || !t.isCopied(m, f) {
			continue
		}
		values[name] = t.value(m, r, f)
		if ids, ok := values[name].([]int64); ok {
			values[name] = []any{[]any{int64(commandSet), int64(0), anys(ids)}}
		}
	}
	maps.Copy(values, over)
	id, err := t.create(m, values)
	if err != nil {
		return 0, err
	}
	for name, f := range m.fields {
		if _, given := over[name]; f.Translated && t.isCopied(m, f) && !given {
			t.set(t.get(m, id), name, r.values[name])
		}
	}
	return id, nil
}

func anys(ids []int64) []any {
	out := make([]any, len(ids))
	for i, id := range ids {
		out[i] = id
	}
	return out
}

// isCopied recognises the fields that a copy takes over: where the snapshot does not say it, none that are readonly.
func (t *tx) isCopied(m *model, f *field) bool {
	if odoofacts.IsMagic(f.Name) || f.NoCopy || f.Computed || f.Related != "" || f.Type == "one2many" {
		return false
	}
	return !f.Readonly || m.custom
}

// rounded rounds an amount to the decimals of its currency, if it has one.
func (t *tx) rounded(m *model, r *record, f *field, v any) any {
	n, ok := v.(float64)
	if f.Type != "monetary" || !ok {
		return v
	}
	currency := cmp.Or(m.fields[f.Currency], m.fields["currency_id"], m.fields["x_currency_id"])
	if currency == nil || len(t.targets(m, r, currency)) == 0 {
		return v
	}
	return roundTo(n, 2)
}
