package odootest

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/odoogen/odoogen/internal/odoofacts"
	"github.com/odoogen/odoogen/introspect/snapshot"
)

// catalog is what the server knows of its models.
type catalog struct {
	dialect
	models  map[string]*model
	reports []snapshot.Report // the attributes of fields that the snapshot knows
}

// model is a model of the snapshot, or one of those that the server has in any case.
type model struct {
	name, label string
	declared    []snapshot.Field  // what fields_get lists
	fields      map[string]*field // these, and id and display_name in any case
	active      *field            // true for the records that are not archived; nil if no record can be archived
	order       string            // the order of its records if a call gives none
	recName     string            // the field that display_name comes from
	referrers   []referrer        // the many2one fields that point here
	abstract    bool
	view        bool   // computed by the database: nobody writes its records
	textIDs     bool   // the ids are texts on the wire: see textid.go
	custom      bool   // made by a user: no code stands behind its fields
	readonly    bool   // answered from the snapshot
	unseen      bool   // this user may do nothing with it
	failure     string // what the server says when it is asked for the fields, if it fails to give them
}

// field is a field with what it leads to.
type field struct {
	snapshot.Field
	target  *model // of a relation, if it is in the snapshot
	inverse *field // of a one2many that is computed
	// holder is the field beside the inverse with the name of the model, where the inverse points to records of any model.
	holder  string
	owner   *model // of a many2many that keeps the links of its table
	mirror  *field // of a many2many whose links another one keeps
	content *field // of ir.attachment.raw: the field with the same content in base64
}

type referrer struct {
	model *model
	field *field
}

// mustModels are there even if the snapshot does not have them: the metadata, and the users that every record names.
// A pull does not see them, as ir.model does not list them.
var mustModels = []snapshot.Model{
	{Name: "ir.model", Label: "Models", Fields: []snapshot.Field{
		{Name: "abstract", Type: "boolean", Label: "Abstract Model"},
		displayNameField,
		idField,
		{Name: "model", Type: "char", Label: "Model", Required: true},
		{Name: "modules", Type: "char", Label: "In Apps", Readonly: true, Computed: true},
		{Name: "name", Type: "char", Label: "Model Description", Required: true, Translated: true},
		{Name: "order", Type: "char", Label: "Order", Required: true},
		{Name: "state", Type: "selection", Label: "Type", Readonly: true, Selection: []snapshot.Choice{
			{Value: "manual", Label: "Custom Object"}, {Value: "base", Label: "Base Object"},
		}},
		{Name: "transient", Type: "boolean", Label: "Transient Model"},
	}},
	{Name: "ir.model.fields", Label: "Fields", Fields: []snapshot.Field{
		{Name: "column1", Type: "char", Label: "Column 1"},
		{Name: "compute", Type: "text", Label: "Compute"},
		{Name: "copied", Type: "boolean", Label: "Copied"},
		displayNameField,
		{Name: "field_description", Type: "char", Label: "Field Label", Required: true, Translated: true},
		{Name: "help", Type: "text", Label: "Field Help", Translated: true},
		idField,
		{Name: "model", Type: "char", Label: "Model Name", Required: true},
		{Name: "model_id", Type: "many2one", Label: "Model", Required: true, Relation: "ir.model"},
		{Name: "name", Type: "char", Label: "Field Name", Required: true},
		{Name: "on_delete", Type: "selection", Label: "On Delete", Selection: []snapshot.Choice{
			{Value: "cascade", Label: "Cascade"}, {Value: "set null", Label: "Set NULL"}, {Value: "restrict", Label: "Restrict"},
		}},
		{Name: "readonly", Type: "boolean", Label: "Readonly"},
		{Name: "related", Type: "char", Label: "Related Field Definition"},
		{Name: "relation", Type: "char", Label: "Related Model"},
		{Name: "relation_field", Type: "char", Label: "Relation Field"},
		{Name: "relation_table", Type: "char", Label: "Relation Table"},
		{Name: "required", Type: "boolean", Label: "Required"},
		{Name: "state", Type: "selection", Label: "Type", Required: true, Readonly: true, Selection: []snapshot.Choice{
			{Value: "manual", Label: "Custom Field"}, {Value: "base", Label: "Base Field"},
		}},
		{Name: "store", Type: "boolean", Label: "Stored"},
		{Name: "ttype", Type: "char", Label: "Field Type", Required: true},
	}},
	{Name: "ir.module.module", Label: "Module", Fields: []snapshot.Field{
		displayNameField,
		idField,
		{Name: "latest_version", Type: "char", Label: "Installed Version", Readonly: true},
		{Name: "name", Type: "char", Label: "Technical Name", Required: true, Readonly: true},
		{Name: "state", Type: "selection", Label: "Status", Readonly: true, Selection: []snapshot.Choice{
			{Value: "uninstallable", Label: "Uninstallable"}, {Value: "uninstalled", Label: "Not Installed"}, {Value: "installed", Label: "Installed"},
			{Value: "to upgrade", Label: "To be upgraded"}, {Value: "to remove", Label: "To be removed"}, {Value: "to install", Label: "To be installed"},
		}},
	}},
	{Name: "res.lang", Label: "Languages", Fields: []snapshot.Field{
		{Name: "active", Type: "boolean", Label: "Active"},
		{Name: "code", Type: "char", Label: "Locale Code", Required: true},
		displayNameField,
		idField,
		{Name: "name", Type: "char", Label: "Name", Required: true},
	}},
	{Name: "res.users", Label: "User", Fields: []snapshot.Field{
		{Name: "active", Type: "boolean", Label: "Active"},
		displayNameField,
		idField,
		{Name: "login", Type: "char", Label: "Login", Required: true},
		{Name: "name", Type: "char", Label: "Name", Required: true},
	}},
}

func newCatalog(s *snapshot.Schema) (*catalog, error) {
	d, err := dialectOf(s.Server.Series)
	if err != nil {
		return nil, err
	}
	c := &catalog{dialect: d, models: map[string]*model{}, reports: s.Reports}
	for _, m := range slices.Concat(s.Models, textTargets(s)) {
		c.models[m.Name] = newModel(m)
		c.models[m.Name].textIDs = slices.Contains(s.TextIDs, m.Name)
	}
	for _, u := range s.Unseen.Models {
		c.models[u.Name] = newModel(snapshot.Model{Name: u.Name, Fields: []snapshot.Field{{Name: "create_uid", Type: "many2one", Relation: "res.users"}}})
		c.models[u.Name].unseen = true
		if u.Failed {
			c.models[u.Name].failure = u.Reason
		}
	}
	must := append([]snapshot.Model{dataModel, viewModel, reportFields}, mustModels...)
	must = append(must, keyModels(d)...)
	must = append(must, automationModels(s, d)...)
	must = append(must, c.sendModels()...)
	if !c.does(odoofacts.FieldTranslations) {
		must = append(must, translationsTable)
	}
	for _, m := range must {
		if c.models[m.Name] == nil {
			c.models[m.Name] = newModel(c.asKnown(m))
		}
	}
	c.models["ir.module.module"].readonly = true
	if s.Unseen.Catalog {
		c.models["ir.model"].unseen = true
	}
	if s.Unseen.Fields {
		c.models["ir.model.fields"].unseen = true
	}
	if s.Unseen.Modules {
		c.models["ir.module.module"].unseen = true
	}
	if s.Unseen.Reports {
		c.models[reportModel].unseen = true
	}
	c.link()
	c.mirror()
	return c, nil
}

// asKnown leaves out of a model of the server's own what its version does not have.
func (c *catalog) asKnown(m snapshot.Model) snapshot.Model {
	if !c.modern() {
		m.Fields = slices.DeleteFunc(slices.Clone(m.Fields), func(f snapshot.Field) bool { return f.Name == "abstract" })
	}
	return m
}

// The fields of every model.
var (
	idField          = snapshot.Field{Name: "id", Type: "integer", Label: "ID", Readonly: true}
	displayNameField = snapshot.Field{Name: "display_name", Type: "char", Label: "Display Name", Readonly: true, Computed: true}
)

func newModel(m snapshot.Model) *model {
	out := &model{name: m.Name, label: m.Label, declared: m.Fields, fields: map[string]*field{}, abstract: m.Kind == snapshot.Abstract, view: m.Kind == snapshot.View, order: cmp.Or(m.Order, "id"), custom: m.Custom}
	if out.label == "" {
		out.label = m.Name
	}
	out.fields["id"] = &field{Field: idField}
	out.fields["display_name"] = &field{Field: displayNameField}
	for _, f := range m.Fields {
		out.fields[f.Name] = &field{Field: f}
	}
	for _, name := range []string{"x_active", "active"} {
		if f := out.fields[name]; f != nil {
			out.active = f
		}
	}
	for _, name := range []string{"x_name", "name"} {
		if out.fields[name] != nil {
			out.recName = name
		}
	}
	return out
}

// link finds the targets and inverses of relations. A model that can't be seen, or has no records, is none.
func (c *catalog) link() {
	for _, m := range c.models {
		for _, f := range m.fields {
			if target := c.models[f.Relation]; target != nil && !target.unseen && !target.abstract {
				f.target = target
			}
			switch {
			case f.target == nil:
			case f.Type == "many2one":
				f.target.referrers = append(f.target.referrers, referrer{m, f})
			case f.Type == "one2many" && f.Related == "":
				f.inverse = f.target.inverse(f.Inverse)
				f.holder = f.target.modelField(f.inverse)
			}
		}
	}
	c.bindContent()
}

func (c *catalog) sorted() []*model {
	out := make([]*model, 0, len(c.models))
	for _, name := range slices.Sorted(maps.Keys(c.models)) {
		out = append(out, c.models[name])
	}
	return out
}

func (m *model) sorted() []*field {
	out := make([]*field, 0, len(m.fields))
	for _, name := range slices.Sorted(maps.Keys(m.fields)) {
		out = append(out, m.fields[name])
	}
	return out
}

// inverse is the field that a one2many to this model stands on, if it can.
func (m *model) inverse(name string) *field {
	f := m.fields[name]
	if f == nil || f.Type != "many2one" && f.Type != "many2one_reference" {
		return nil
	}
	return f
}

// modelField is the field with the name of the model that a many2one_reference points to. Odoo reports it from 18 on; before,
// it is known by its name.
func (m *model) modelField(inverse *field) string {
	if inverse == nil || inverse.Type == "many2one" {
		return ""
	}
	if inverse.ModelField != "" {
		return inverse.ModelField
	}
	for _, name := range []string{"res_model", "model"} {
		if m.has(name) {
			return name
		}
	}
	return ""
}

// isPartOf reports whether the records of the model are parts of those of another.
func (m *model) isPartOf(whole *model) bool { return strings.HasPrefix(m.name, whole.name+".") }

func (m *model) has(field string) bool { return m.fields[field] != nil }

// isRelation reports whether the values of the field are ids.
func (f *field) isRelation() bool { return f.Type == "many2one" || f.isToMany() }

func (f *field) isToMany() bool { return f.Type == "one2many" || f.Type == "many2many" }

// isString recognises the texts of which an unset one is the same as the empty one.
func (f *field) isString() bool {
	switch f.Type {
	case "char", "text", "html":
		return true
	}
	return false
}

func (f *field) isNumber() bool {
	switch f.Type {
	case "integer", "float", "monetary", "many2one_reference":
		return true
	}
	return false
}
