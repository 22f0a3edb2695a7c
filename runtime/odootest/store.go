package odootest

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/odoogen/odoogen/introspect/snapshot"
)

// store is the database: the records of every model.
//
// The value of a field is nil (unset), a string, int64, float64, bool or []int64, or any JSON for the types that have
// no form of their own. Values are replaced, never changed, so that what was read once may be kept.
type store struct {
	*catalog
	schema *snapshot.Schema // that the catalog is made of
	tables map[*model]*table
	xmlids *xmlids

	leftOut []fieldKey // see [LeaveOut]
	unique  []uniqueKey
}

type table struct {
	records map[int64]*record
	lastID  int64
}

type record struct {
	id     int64
	values map[string]any
}

func newStore(c *catalog, schema *snapshot.Schema) *store {
	s := &store{catalog: c, schema: schema, tables: map[*model]*table{}, xmlids: &xmlids{byName: map[string]int64{}}}
	for _, m := range c.models {
		s.tables[m] = &table{records: map[int64]*record{}}
	}
	return s
}

// insert puts a record in unchanged.
func (s *store) insert(m *model, id int64, values map[string]any) *record {
	r := &record{id, values}
	t := s.tables[m]
	t.records[id] = r
	t.lastID = max(t.lastID, id)
	return r
}

// fill enters what the snapshot knows into the metadata models.
func (s *store) fill(schema *snapshot.Schema) {
	models, modules := s.models["ir.model"], s.models["ir.module.module"]
	for i, m := range schema.Models {
		s.insert(models, int64(i+1), modelListing(m))
	}
	s.fillFields(schema)
	s.fillViews(schema)
	s.fillReports(schema)
	s.fillAccess(schema)
	s.fillKeys(schema)
	s.fillTextIDs(schema)
	for _, u := range schema.Unseen.Models {
		s.insert(models, s.tables[models].lastID+1, map[string]any{"model": u.Name, "name": u.Name, "state": "base"})
	}
	for _, m := range textTargets(schema) {
		s.insert(models, s.tables[models].lastID+1, modelListing(m))
	}
	for i, m := range schema.Modules {
		s.insert(modules, int64(i+1), map[string]any{"name": m.Name, "latest_version": m.Version, "state": "installed"})
	}
}

// fillAccess gives everybody access to all models in the rules of a snapshot that has the model of these: to views, they can
// only be read.
func (s *store) fillAccess(schema *snapshot.Schema) {
	rules := s.models["ir.model.access"]
	if rules == nil || rules.unseen {
		return
	}
	for i, m := range schema.Models {
		if m.Kind == snapshot.Abstract {
			continue // there is nothing to have access to
		}
		writes := m.Kind != snapshot.View
		s.insert(rules, int64(i+1), map[string]any{
			"name": m.Name, "model_id": int64(i + 1), "active": true, "perm_read": true, "perm_write": writes, "perm_create": writes, "perm_unlink": writes,
		})
	}
}

// fillKeys lists a foreign key of each model that has a table and a many2one, if the snapshot has the model of these: a pull
// distinguishes tables from views by them.
func (s *store) fillKeys(schema *snapshot.Schema) {
	keys := s.models["ir.model.constraint"]
	if keys == nil || keys.unseen {
		return
	}
	for i, m := range schema.Models {
		stored := func(f snapshot.Field) bool { return f.Type == "many2one" && !f.Computed }
		j := slices.IndexFunc(m.Fields, stored)
		if m.Kind != "" || j < 0 {
			continue
		}
		name := strings.ReplaceAll(m.Name, ".", "_") + "_" + m.Fields[j].Name + "_fkey"
		s.insert(keys, int64(i+1), map[string]any{"name": name, "model": int64(i + 1), "type": "f"})
	}
}

// modelListing is a model in ir.model.
func modelListing(m snapshot.Model) map[string]any {
	return map[string]any{
		"model": m.Name, "name": m.Label, "state": origin(m.Custom), "modules": strings.Join(m.Modules, ", "),
		"transient": m.Kind == snapshot.Transient, "abstract": m.Kind == snapshot.Abstract, "order": cmp.Or(m.Order, "id"),
	}
}

// fillFields lists the fields of all models, including those that are not visible to the user.
func (s *store) fillFields(schema *snapshot.Schema) {
	for i, m := range schema.Models {
		for _, name := range m.Hidden {
			s.listField(map[string]any{"model": m.Name, "name": name})
		}
		for _, f := range m.Fields {
			s.listField(listing(int64(i+1), m, f))
		}
	}
}

func (s *store) listField(values map[string]any) {
	fields := s.models["ir.model.fields"]
	s.insert(fields, s.tables[fields].lastID+1, values)
}

// listing is a field in ir.model.fields.
func listing(modelID int64, m snapshot.Model, f snapshot.Field) map[string]any {
	out := map[string]any{
		"model": m.Name, "model_id": modelID, "name": f.Name, "field_description": f.Label, "ttype": f.Type, "state": origin(f.Custom),
		"required": f.Required, "readonly": f.Readonly, "store": !f.Computed, "copied": !f.NoCopy,
	}
	for name, text := range map[string]string{"help": f.Help, "relation": f.Relation, "relation_field": f.Inverse, "related": f.Related} {
		if text != "" {
			out[name] = text
		}
	}
	if f.Type == "many2one" {
		out["on_delete"] = string(f.OnDelete)
	}
	if f.Table != "" {
		out["relation_table"], out["column1"] = f.Table, f.Column
	}
	return out
}

func origin(custom bool) string {
	if custom {
		return stateManual
	}
	return "base"
}

// tx is one call: all of it happens or nothing.
type tx struct {
	*store
	user    *user
	uid     int64
	context map[string]any
	undo    *[]func()        // shared by the copies of the tx that differ in its settings
	after   *[]func(*Server) // what is done after the commit, shared as well
	server  *Server
	began   time.Time
	now     func() time.Time

	creating bool // the values are those of a new record, which the database checks
}

// rollback takes back what the call has done so far.
func (t *tx) rollback() { t.rollbackTo(0) }

// rollbackTo takes back what was done since there were so many steps.
func (t *tx) rollbackTo(steps int) {
	for _, undo := range slices.Backward((*t.undo)[steps:]) {
		undo()
	}
	*t.undo = (*t.undo)[:steps]
}

// undoing notes how a step is taken back.
func (t *tx) undoing(step func()) { *t.undo = append(*t.undo, step) }

// afterCommit does something when the transaction has committed.
func (t *tx) afterCommit(do func(*Server)) {
	n := len(*t.after)
	*t.after = append(*t.after, do)
	t.undoing(func() { *t.after = (*t.after)[:n] })
}

func (t *tx) add(m *model) *record {
	table := t.tables[m]
	r := t.insert(m, table.lastID+1, map[string]any{})
	t.undoing(func() { delete(table.records, r.id) }) // the id is lost, as in a database
	return r
}

func (t *tx) remove(m *model, r *record) {
	table := t.tables[m]
	delete(table.records, r.id)
	t.undoing(func() { table.records[r.id] = r })
	t.renamed(m)
}

func (t *tx) set(r *record, field string, value any) {
	before, was := r.values[field]
	r.values[field] = value
	t.undoing(func() {
		if was {
			r.values[field] = before
		} else {
			delete(r.values, field)
		}
	})
}

func (t *tx) get(m *model, id int64) *record { return t.tables[m].records[id] }

// all are the records of a model by id.
func (t *tx) all(m *model) []*record {
	records := t.tables[m].records
	out := make([]*record, 0, len(records))
	for _, id := range slices.Sorted(maps.Keys(records)) {
		out = append(out, records[id])
	}
	return out
}

// existing are the records with the ids, in their order; the rest is dropped.
func (t *tx) existing(m *model, ids []int64) []*record {
	var out []*record
	for _, id := range ids {
		if r := t.get(m, id); r != nil {
			out = append(out, r)
		}
	}
	return out
}

// need gives the records with the ids, or an error if one does not exist.
func (t *tx) need(m *model, ids []int64) ([]*record, error) {
	var out []*record
	var lost []int64
	for _, id := range ids {
		if r := t.get(m, id); r != nil {
			out = append(out, r)
		} else {
			lost = append(lost, id)
		}
	}
	if len(lost) > 0 {
		return nil, missing(m, t.uid, lost...)
	}
	return out, nil
}

// activeTest reports whether archived records are hidden, which is the default unless the context says otherwise.
func (t *tx) activeTest() bool {
	v, ok := t.context["active_test"]
	return !ok || truthy(v)
}

// location is where the user is: the time zone of the context, or of the user.
func (t *tx) location() *time.Location {
	name := str(t.context["tz"])
	if users := t.models["res.users"]; t.context["tz"] == nil && t.get(users, t.uid) != nil {
		name = str(t.get(users, t.uid).values["tz"])
	}
	if zone, err := time.LoadLocation(name); err == nil {
		return zone
	}
	return time.UTC
}

// contextZone is the time zone of the context, or else UTC.
func (t *tx) contextZone() *time.Location {
	if zone, err := time.LoadLocation(str(t.context["tz"])); err == nil && t.context["tz"] != nil {
		return zone
	}
	return time.UTC
}

func (t *tx) isActive(m *model, r *record) bool {
	f := m.active
	return f == nil || t.value(m, r, f) == true
}
