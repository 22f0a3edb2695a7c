package admin

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/odoogen/odoogen/internal/odoofacts"
	orm "github.com/odoogen/odoogen/runtime"
	"github.com/odoogen/odoogen/runtime/internal/codec"
	"github.com/odoogen/odoogen/runtime/xmlid"
)

// FieldType is the type of a field in Odoo's words.
type FieldType string

// The types that a custom field can have. On Odoo 19 there are "json" and "properties" too.
const (
	TypeBinary    FieldType = "binary"
	TypeBoolean   FieldType = "boolean"
	TypeChar      FieldType = "char"
	TypeDate      FieldType = "date"
	TypeDatetime  FieldType = "datetime"
	TypeFloat     FieldType = "float"
	TypeHTML      FieldType = "html"
	TypeInteger   FieldType = "integer"
	TypeMany2many FieldType = "many2many"
	TypeMany2one  FieldType = "many2one"
	TypeMonetary  FieldType = "monetary"
	TypeOne2many  FieldType = "one2many"
	TypeReference FieldType = "reference"
	TypeSelection FieldType = "selection"
	TypeText      FieldType = "text"
)

const (
	customPrefix   = "x_"
	stateManual    = "manual" // not made by a module
	groupEverybody = "base.group_user"
)

// CustomModel is a model made by [CreateModel].
type CustomModel struct {
	Model  string        // its name, which begins with x_: "x_machine"
	Label  string        // "Machine"
	Order  string        // the order of its records, "x_name, id"; by id if empty
	Fields []CustomField // one with the name x_name gives the records their display names
	// Access is who may do what. Without any, every internal user may do everything; a model that nobody has access to
	// is of no use even to an administrator.
	Access []CustomAccess
}

// CustomAccess is what the users of a group may do with a custom model.
type CustomAccess struct {
	Group                       string // the external id of the group, "base.group_user"; "" is everybody, the public too
	Read, Write, Create, Unlink bool
}

// CustomField is a field made by [CreateField] or as part of a [CustomModel]. Name, Label and Type are needed.
type CustomField struct {
	Name  string // begins with x_
	Label string
	Type  FieldType
	Help  string

	Required bool
	Readonly bool
	Indexed  bool
	NotCopy  bool // left out when a record is duplicated
	Computed bool // not stored; see Compute and Related

	Selection     orm.Labels // the choices of a selection, or the models and their labels of a reference
	Relation      string     // the model that a relation points to
	RelationField string     // of a one2many: the many2one of Relation that points back. It must exist
	OnDelete      string     // of a many2one: "set null" (the default), "cascade" or "restrict" (the default if it is required)
	Domain        string     // of a relation: which targets are offered, in Python: "[('active', '=', True)]"
	CurrencyField string     // of a monetary field, from Odoo 17 or so on; until then it is currency_id or x_currency_id
	Size          int        // of a char: the most characters, 0 for any number
	Translated    bool       // of a text: one value for each language
	Related       string     // the path of the field that this one shows: "partner_id.email"
	Compute       string     // Python that computes the field: "for r in self: r['x_total'] = r.x_price * 2"
	Depends       string     // the fields that Compute looks at: "x_price"

	// Attributes are values of further fields of ir.model.fields, of which there are more in some versions than in others.
	Attributes orm.Args
}

// CreateModel makes a model with its fields and rights, in one transaction, and gives its id in ir.model. It can be used at
// once: with [orm.Client.Model] and a struct of the application, or, after generating again, with types. It needs the rights
// of an administrator, and takes the server a second or so, in which other calls wait.
func CreateModel(ctx context.Context, c *orm.Client, m CustomModel) (int64, error) {
	if err := customName(m.Model); err != nil {
		return 0, err
	}
	access, err := accessRules(ctx, c, m)
	if err != nil {
		return 0, err
	}
	fields := make([]any, len(m.Fields))
	for i, f := range m.Fields {
		values, err := fieldValues(c, f)
		if err != nil {
			return 0, fmt.Errorf("%w, in the model %s", err, m.Model)
		}
		fields[i] = created(values)
	}
	values := orm.Args{"model": m.Model, "name": cmp.Or(m.Label, m.Model), "state": stateManual, "field_id": fields, "access_ids": access}
	if m.Order != "" {
		values["order"] = m.Order
	}
	return c.Model("ir.model").Create(ctx, values)
}

// DeleteModel deletes a custom model with its records, its fields, and the fields of other models that point to it. If the
// model does not exist, the error is [orm.ErrNoRecord]; if fields of other models are computed from its fields, it is
// [orm.ErrUser].
func DeleteModel(ctx context.Context, c *orm.Client, name string) error {
	if err := customName(name); err != nil {
		return err
	}
	// Odoo refuses to delete a field that another one looks at, even if both go with the model.
	dependent := orm.Or(where("related", "!=", false), where("compute", "!=", false), where("ttype", "=", TypeOne2many))
	if err := deleteManual(ctx, c, "fields of "+name, "ir.model.fields", orm.And(where("model", "=", name), dependent)); err != nil && !errors.Is(err, orm.ErrNoRecord) {
		return err
	}
	if err := deleteMirrors(ctx, c, name); err != nil {
		return err
	}
	return deleteManual(ctx, c, "the custom model "+name, "ir.model", where("model", "=", name))
}

// deleteMirrors deletes the fields of models that inherit a custom field, as res.users does those of res.partner, and
// that point to the custom model target. Where [odoofacts.MirrorsStay] they keep the model from being deleted.
func deleteMirrors(ctx context.Context, c *orm.Client, target string) error {
	if !odoofacts.MirrorsStay.InSeries(c.Version().Series) {
		return nil
	}
	var ids []int64
	if err := c.Model("ir.model.fields").Search(ctx, &ids, orm.Expr(orm.And(where("relation", "=", target), where("state", "!=", stateManual)))); err != nil {
		return err
	}
	return unlinkMirrors(ctx, c, ids)
}

// deleteStaleMirrors deletes the fields of that name that other models inherited from a custom field which is gone. Where
// [odoofacts.MirrorsStay] they stay in ir.model.fields, and fields_get does not have them.
func deleteStaleMirrors(ctx context.Context, c *orm.Client, name string) error {
	if !odoofacts.MirrorsStay.InSeries(c.Version().Series) {
		return nil
	}
	var mirrors []struct {
		ID    int64  `odoo:"id"`
		Model string `odoo:"model"`
	}
	named := orm.And(where("name", "=", name), where("state", "!=", stateManual), where("related", "!=", false))
	if err := c.Model("ir.model.fields").Find(ctx, &mirrors, orm.Expr(named)); err != nil {
		return err
	}
	var stale []int64
	for _, m := range mirrors {
		var described map[string]json.RawMessage
		if err := c.Model(m.Model).Call(ctx, "fields_get", nil, orm.Args{"allfields": []string{name}, "attributes": []string{"type"}}, &described); err != nil {
			return err
		}
		if len(described) == 0 {
			stale = append(stale, m.ID)
		}
	}
	return unlinkMirrors(ctx, c, stale)
}

// unlinkMirrors deletes fields that Odoo takes for those of its modules.
func unlinkMirrors(ctx context.Context, c *orm.Client, ids []int64) error {
	return c.Model("ir.model.fields").Unlink(ctx, ids, orm.Context{"_force_unlink": true})
}

// CreateField adds a field to a model, a custom one or any other, and gives its id in ir.model.fields. It can be used at
// once. It needs the rights of an administrator.
func CreateField(ctx context.Context, c *orm.Client, model string, f CustomField) (int64, error) {
	values, err := fieldValues(c, f)
	if err != nil {
		return 0, err
	}
	var ids []int64
	if err := c.Model("ir.model").Search(ctx, &ids, orm.Expr(where("model", "=", model))); err != nil {
		return 0, err
	}
	if len(ids) == 0 {
		return 0, fmt.Errorf("admin: no model %s to add the field %s to: %w", model, f.Name, orm.ErrNotFound)
	}
	values["model_id"] = ids[0]
	return c.Model("ir.model.fields").Create(ctx, values)
}

// DeleteField deletes a custom field with its values. One that does not exist is [orm.ErrNoRecord].
func DeleteField(ctx context.Context, c *orm.Client, model, name string) error {
	if err := customName(name); err != nil {
		return err
	}
	if err := deleteManual(ctx, c, "the custom field "+name+" of "+model, "ir.model.fields", orm.And(where("model", "=", model), where("name", "=", name))); err != nil {
		return err
	}
	return deleteStaleMirrors(ctx, c, name)
}

func deleteManual(ctx context.Context, c *orm.Client, what, model string, which orm.Domain[any]) error {
	var ids []int64
	if err := c.Model(model).Search(ctx, &ids, orm.Expr(orm.And(which, where("state", "=", stateManual)))); err != nil {
		return err
	}
	if len(ids) == 0 {
		return fmt.Errorf("admin: delete %s: %w", what, orm.ErrNoRecord)
	}
	return c.Model(model).Unlink(ctx, ids)
}

func customName(name string) error {
	if !strings.HasPrefix(name, customPrefix) {
		return fmt.Errorf("admin: %q can't be the name of a custom model or field: it must begin with %s", name, customPrefix)
	}
	return nil
}

// where is a condition on models and fields.
func where(field, operator string, value any) orm.Domain[any] {
	return orm.Where[any](field, operator, value)
}

// created is the command that makes a record of the values.
func created(values orm.Args) []any { return []any{codec.CommandCreate, 0, values} }

// accessRules are the commands that make the rights of a model.
func accessRules(ctx context.Context, c *orm.Client, m CustomModel) ([]any, error) {
	rules := m.Access
	if rules == nil {
		rules = []CustomAccess{{groupEverybody, true, true, true, true}}
	}
	var names []string
	for _, rule := range rules {
		if rule.Group != "" && !slices.Contains(names, rule.Group) {
			names = append(names, rule.Group)
		}
	}
	groups, err := xmlid.References(ctx, c, names)
	if err != nil {
		return nil, err
	}
	out := make([]any, len(rules))
	for i, rule := range rules {
		values := orm.Args{"name": m.Model + " " + cmp.Or(rule.Group, "everybody"), "perm_read": rule.Read, "perm_write": rule.Write,
			"perm_create": rule.Create, "perm_unlink": rule.Unlink}
		if rule.Group != "" {
			values["group_id"] = groups[rule.Group].ID
		}
		out[i] = created(values)
	}
	return out, nil
}

// fieldValues are the values of a field in ir.model.fields.
func fieldValues(c *orm.Client, f CustomField) (orm.Args, error) {
	if err := f.check(); err != nil {
		return nil, err
	}
	values := orm.Args{
		"name": f.Name, "field_description": cmp.Or(f.Label, f.Name), "ttype": f.Type, "state": stateManual,
		"required": f.Required, "readonly": f.Readonly, "index": f.Indexed, "copied": !f.NotCopy, "store": !f.Computed,
	}
	for name, text := range map[string]string{
		"help": f.Help, "relation": f.Relation, "relation_field": f.RelationField, "domain": f.Domain,
		"currency_field": f.CurrencyField, "related": f.Related, "compute": f.Compute, "depends": f.Depends, "on_delete": f.onDelete(),
	} {
		if text != "" {
			values[name] = text
		}
	}
	if f.Size > 0 && f.Translated && odoofacts.SizedTranslation.InSeries(c.Version().Series) {
		return nil, fmt.Errorf("admin: the custom field %s is translated and has a Size: Odoo %s would create it and skip it: leave out one of the two",
			f.Name, c.Version().Series)
	}
	if f.Size > 0 {
		values["size"] = f.Size
	}
	if f.Translated {
		values["translate"] = f.translation(c.Version())
	}
	if len(f.Selection) > 0 {
		values["selection_ids"] = f.choices()
	}
	maps.Copy(values, f.Attributes)
	return values, nil
}

// check finds what Odoo would only report in a traceback.
func (f CustomField) check() error {
	if err := customName(f.Name); err != nil {
		return err
	}
	lacks := ""
	switch f.Type {
	case "":
		lacks = "a Type"
	case TypeSelection, TypeReference:
		if len(f.Selection) == 0 && f.Related == "" {
			lacks = "a Selection"
		}
	case TypeMany2one, TypeMany2many:
		if f.Relation == "" {
			lacks = "a Relation"
		}
	case TypeOne2many:
		if f.Relation == "" || f.RelationField == "" {
			lacks = "a Relation and a RelationField"
		}
	}
	if lacks != "" {
		return fmt.Errorf("admin: the custom field %s needs %s", f.Name, lacks)
	}
	if useless := f.withoutEffect(); useless != "" {
		return fmt.Errorf("admin: the custom field %s is a %s: %s has no effect on it", f.Name, f.Type, useless)
	}
	return nil
}

// withoutEffect is what is set and the type of the field does not have, "" if there is nothing.
func (f CustomField) withoutEffect() string {
	isOf := func(types ...FieldType) bool { return slices.Contains(types, f.Type) }
	isRelation := isOf(TypeMany2one, TypeOne2many, TypeMany2many)
	switch {
	case len(f.Selection) > 0 && !isOf(TypeSelection, TypeReference):
		return "Selection"
	case f.Relation != "" && !isRelation:
		return "Relation"
	case f.RelationField != "" && !isOf(TypeOne2many):
		return "RelationField"
	case f.OnDelete != "" && !isOf(TypeMany2one):
		return "OnDelete"
	case f.Domain != "" && !isRelation:
		return "Domain"
	case f.CurrencyField != "" && !isOf(TypeMonetary):
		return "CurrencyField"
	case f.Size > 0 && !isOf(TypeChar):
		return "Size"
	case f.Translated && !isOf(TypeChar, TypeText, TypeHTML):
		return "Translated"
	case f.Depends != "" && f.Compute == "":
		return "Depends without Compute"
	}
	return ""
}

// onDelete is what becomes of the field when its target is deleted. One that is required can't be emptied.
func (f CustomField) onDelete() string {
	if f.OnDelete == "" && f.Type == TypeMany2one && f.Required {
		return "restrict"
	}
	return f.OnDelete
}

// translation is the way that a field is translated: a yes until 18, a choice since.
func (f CustomField) translation(v orm.Version) any {
	switch {
	case !odoofacts.TranslateChoice.InSeries(v.Series):
		return true
	case f.Type == TypeHTML:
		return "html_translate"
	}
	return "standard"
}

func (f CustomField) choices() []any {
	out := make([]any, len(f.Selection))
	for i, choice := range f.Selection {
		out[i] = created(orm.Args{"value": choice[0], "name": choice[1], "sequence": i + 1})
	}
	return out
}
