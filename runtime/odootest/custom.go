package odootest

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/odoogen/odoogen/introspect/snapshot"
)

// The models in which custom models and fields are created.
const (
	modelsModel = "ir.model"
	fieldsModel = "ir.model.fields"
)

const stateManual = "manual"

// isMetadata recognises the models whose records are models and fields.
func (m *model) isMetadata() bool { return m.name == modelsModel || m.name == fieldsModel }

// evolve replaces the models by those of another schema; the records stay.
func (t *tx) evolve(schema *snapshot.Schema) error {
	c, err := newCatalog(schema)
	if err != nil {
		return err
	}
	before := *t.store
	tables := make(map[*model]*table, len(c.models))
	for name, m := range c.models {
		tables[m] = &table{records: map[int64]*record{}}
		if was := before.models[name]; was != nil {
			tables[m] = before.tables[was]
		}
	}
	t.schema, t.catalog, t.tables = schema, c, tables
	t.undoing(func() { *t.store = before })
	return nil
}

// withModels is the schema with other models.
func (s *store) withModels(models []snapshot.Model) *snapshot.Schema {
	out := *s.schema
	out.Models = models
	return &out
}

// createMetadata makes a model or a field.
func (t *tx) createMetadata(m *model, values map[string]any) (int64, error) {
	if m.name == fieldsModel {
		return t.createField(values)
	}
	return t.createModel(values)
}

// createModel makes a custom model with its fields and rights.
func (t *tx) createModel(values map[string]any) (int64, error) {
	name := str(values["model"])
	if err := t.customName(name, "The model name must start with 'x_'."); err != nil {
		return 0, err
	}
	if t.models[name] != nil {
		return 0, fail(classValidation, "The operation cannot be completed: Each model must have a unique name.")
	}
	made := snapshot.Model{Name: name, Label: str(values["name"]), Custom: true, Order: orderOf(values["order"]), Fields: customFields()}
	for _, item := range lists(values["field_id"]) {
		if command := lists(item); len(command) == 3 && command[0] == int64(commandCreate) {
			given, _ := command[2].(map[string]any)
			f, err := t.customField(given)
			if err != nil {
				return 0, err
			}
			made.Fields = append(made.Fields, f)
		}
	}
	if err := t.evolve(t.withModels(append(slices.Clone(t.schema.Models), made))); err != nil {
		return 0, err
	}
	r := t.add(t.models[modelsModel])
	for field, v := range modelListing(made) {
		t.set(r, field, v)
	}
	for _, f := range made.Fields {
		t.addListing(r.id, made, f)
	}
	return r.id, t.addAccess(r.id, values["access_ids"])
}

// addAccess keeps the rights that come along with a model.
func (t *tx) addAccess(model int64, commands any) error {
	for _, item := range lists(commands) {
		if command := lists(item); len(command) == 3 && command[0] == int64(commandCreate) {
			given, _ := command[2].(map[string]any)
			values := maps.Clone(given)
			values["model_id"] = model
			if _, err := t.create(t.models[accessModel], values); err != nil {
				return err
			}
		}
	}
	return nil
}

// orderOf is an order as a snapshot has it: nothing for that of the ids.
func orderOf(v any) string {
	if !truthy(v) || v == "id" {
		return ""
	}
	return str(v)
}

// customFields are the fields that every model has.
func customFields() []snapshot.Field {
	by := func(name, label string) snapshot.Field {
		return snapshot.Field{Name: name, Type: "many2one", Label: label, Readonly: true, Relation: "res.users", NoCopy: true}
	}
	on := func(name, label string) snapshot.Field {
		return snapshot.Field{Name: name, Type: "datetime", Label: label, Readonly: true, NoCopy: true}
	}
	return []snapshot.Field{
		idField, {Name: "display_name", Type: "char", Label: "Display Name", Readonly: true, Computed: true},
		by("create_uid", "Created by"), on("create_date", "Created on"), by("write_uid", "Last Updated by"), on("write_date", "Last Updated on"),
	}
}

func (t *tx) addListing(modelID int64, m snapshot.Model, f snapshot.Field) int64 {
	r := t.add(t.models[fieldsModel])
	for field, v := range listing(modelID, m, f) {
		t.set(r, field, v)
	}
	return r.id
}

func (t *tx) customName(name, message string) error {
	if !strings.HasPrefix(name, "x_") {
		return fail(classValidation, "%s", message)
	}
	return nil
}

// customField is a field as a snapshot has it, of its values in ir.model.fields.
func (t *tx) customField(values map[string]any) (snapshot.Field, error) {
	text := func(name string) string {
		if !truthy(values[name]) {
			return ""
		}
		return str(values[name])
	}
	size, _ := values["size"].(int64)
	f := snapshot.Field{
		Name: text("name"), Type: text("ttype"), Label: text("field_description"), Help: text("help"), Custom: true,
		Required: truthy(values["required"]), Readonly: truthy(values["readonly"]), Computed: !truthy(takenOr(values, "store", true)),
		Relation: text("relation"), Inverse: text("relation_field"), Currency: text("currency_field"), Related: text("related"),
		NoCopy: !truthy(takenOr(values, "copied", true)), Translated: truthy(values["translate"]), Size: int(size),
	}
	if d := snapshot.OnDelete(text("on_delete")); d == snapshot.Cascade || d == snapshot.Restrict {
		f.OnDelete = d
	}
	for _, item := range lists(values["selection_ids"]) {
		if command := lists(item); len(command) == 3 && command[0] == int64(commandCreate) {
			choice, _ := command[2].(map[string]any)
			f.Selection = append(f.Selection, snapshot.Choice{Value: str(choice["value"]), Label: str(choice["name"])})
		}
	}
	if f.Type == "monetary" {
		f.Currency = cmp.Or(f.Currency, "x_currency_id")
	}
	if f.Type == "reference" { // its choices are models
		f.Selection = nil
	}
	return f, t.customName(f.Name, "Custom fields must have a name that starts with 'x_'!")
}

func takenOr(values map[string]any, key string, otherwise any) any {
	if v, ok := values[key]; ok {
		return v
	}
	return otherwise
}

// createField adds a field to a model.
func (t *tx) createField(values map[string]any) (int64, error) {
	modelID, _ := values["model_id"].(int64)
	owner := t.get(t.models[modelsModel], modelID)
	if owner == nil {
		return 0, t.missingValue(t.models[fieldsModel], &field{Field: snapshot.Field{Name: "model_id", Label: "Model"}})
	}
	f, err := t.customField(values)
	if err != nil {
		return 0, err
	}
	models := slices.Clone(t.schema.Models)
	i := slices.IndexFunc(models, func(m snapshot.Model) bool { return m.Name == owner.values["model"] })
	if i < 0 {
		return 0, fail(classUser, "odootest: the model %v is not in the snapshot", owner.values["model"])
	}
	if slices.ContainsFunc(models[i].Fields, func(other snapshot.Field) bool { return other.Name == f.Name }) {
		return 0, fail(classValidation, "The operation cannot be completed: Field names must be unique per model.")
	}
	models[i].Fields = append(slices.Clip(models[i].Fields), f)
	if err := t.evolve(t.withModels(models)); err != nil {
		return 0, err
	}
	return t.addListing(modelID, models[i], f), nil
}

// unlinkMetadata deletes custom models or fields.
func (t *tx) unlinkMetadata(m *model, records []*record) error {
	for _, r := range records {
		if r.values["state"] != stateManual {
			return fail(classUser, "odootest: %v is not a custom model or field: it cannot be deleted", r.values["name"])
		}
		var err error
		if m.name == modelsModel {
			err = t.unlinkModel(str(r.values["model"]))
		} else {
			err = t.unlinkField(str(r.values["model"]), str(r.values["name"]))
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// unlinkModel deletes a model with its records, its fields, and the fields of others that point to it.
func (t *tx) unlinkModel(name string) error {
	for _, r := range t.all(t.models[name]) {
		t.remove(t.models[name], r)
	}
	for _, m := range t.schema.Models {
		for _, f := range m.Fields {
			if m.Name == name || f.Relation == name && f.Custom {
				if err := t.unlinkField(m.Name, f.Name); err != nil {
					return err
				}
			}
		}
	}
	t.removeListings(accessModel, func(r *record) bool {
		id, _ := r.values["model_id"].(int64)
		owner := t.get(t.models[modelsModel], id)
		return owner != nil && owner.values["model"] == name
	})
	t.removeListings(modelsModel, func(r *record) bool { return r.values["model"] == name })
	models := slices.DeleteFunc(slices.Clone(t.schema.Models), func(m snapshot.Model) bool { return m.Name == name })
	return t.evolve(t.withModels(models))
}

// unlinkField deletes a field with its values.
func (t *tx) unlinkField(model, name string) error {
	for _, r := range t.all(t.models[model]) {
		t.set(r, name, nil)
	}
	t.removeListings(fieldsModel, func(r *record) bool { return r.values["model"] == model && r.values["name"] == name })
	models := slices.Clone(t.schema.Models)
	for i, m := range models {
		if m.Name == model {
			models[i].Fields = slices.DeleteFunc(slices.Clone(m.Fields), func(f snapshot.Field) bool { return f.Name == name })
		}
	}
	return t.evolve(t.withModels(models))
}

func (t *tx) removeListings(model string, which func(*record) bool) {
	m := t.models[model]
	for _, r := range t.all(m) {
		if which(r) {
			t.remove(m, r)
		}
	}
}
