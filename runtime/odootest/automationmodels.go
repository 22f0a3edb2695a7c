package odootest

import (
	"slices"

	"github.com/odoogen/odoogen/internal/odoofacts"
	"github.com/odoogen/odoogen/introspect/snapshot"
)

const (
	rulesModel   = "base.automation"
	actionsModel = "ir.actions.server"
	accessModel  = "ir.model.access"

	// delegate is the field of a rule with the action that it is, until Odoo 16.
	delegate = "action_server_id"
)

// accessRules is ir.model.access for snapshots that lack it.
var accessRules = snapshot.Model{Name: accessModel, Label: "Model Access", Fields: []snapshot.Field{
	{Name: "active", Type: "boolean", Label: "Active"}, displayNameField,
	{Name: "group_id", Type: "many2one", Label: "Group", Relation: "res.groups"}, idField,
	{Name: "model_id", Type: "many2one", Label: "Model", Required: true, Relation: modelsModel},
	{Name: "name", Type: "char", Label: "Name", Required: true},
	{Name: "perm_create", Type: "boolean", Label: "Create Access"}, {Name: "perm_read", Type: "boolean", Label: "Read Access"},
	{Name: "perm_unlink", Type: "boolean", Label: "Delete Access"}, {Name: "perm_write", Type: "boolean", Label: "Write Access"},
}}

// automationModels are the models of automation rules for snapshots that lack them. A server whose modules the snapshot lists has
// rules only with base_automation.
func automationModels(s *snapshot.Schema, d dialect) []snapshot.Model {
	shared := []snapshot.Field{
		{Name: "model_id", Type: "many2one", Label: "Model", Required: true, Relation: modelsModel},
		{Name: "model_name", Type: "char", Label: "Model Name", Readonly: true, Computed: true, Related: "model_id.model"},
		{Name: "name", Type: "char", Label: "Name", Required: true},
	}
	own := []snapshot.Field{
		{Name: "code", Type: "text", Label: "Python Code"},
		{Name: "state", Type: "selection", Label: "Type", Required: true, Selection: []snapshot.Choice{
			{Value: "code", Label: "Execute Code"}, {Value: "multi", Label: "Execute several actions"}, {Value: "object_create", Label: "Create Record"},
			{Value: "object_write", Label: "Update Record"}, {Value: "webhook", Label: "Send Webhook Notification"},
		}},
	}
	if d.does(odoofacts.OutgoingWebhooks) {
		own = append(own, snapshot.Field{Name: "webhook_field_ids", Type: "many2many", Label: "Webhook Fields", Relation: fieldsModel},
			snapshot.Field{Name: "webhook_url", Type: "char", Label: "Webhook URL"})
	}
	rule := []snapshot.Field{
		{Name: "active", Type: "boolean", Label: "Active"}, displayNameField,
		{Name: "filter_domain", Type: "char", Label: "Apply on"}, {Name: "filter_pre_domain", Type: "char", Label: "Before Update Domain"}, idField,
		{Name: "trigger", Type: "selection", Label: "Trigger", Required: true, Selection: triggerChoices(d)},
		{Name: "trigger_field_ids", Type: "many2many", Label: "Trigger Fields", Relation: fieldsModel},
	}
	actions := snapshot.Model{Name: actionsModel, Label: "Server Action", Fields: slices.Concat([]snapshot.Field{displayNameField, idField}, shared, own)}
	if d.does(odoofacts.AutomationActions) {
		actions.Fields = append(actions.Fields, snapshot.Field{Name: "base_automation_id", Type: "many2one", Label: "Automation Rule", Relation: rulesModel, OnDelete: snapshot.Cascade})
		rule = append(rule, shared...)
		rule = append(rule, snapshot.Field{Name: "action_server_ids", Type: "one2many", Label: "Actions", Relation: actionsModel, Inverse: "base_automation_id"})
	} else {
		rule = append(rule, snapshot.Field{Name: delegate, Type: "many2one", Label: "Server Action", Required: true, Relation: actionsModel, OnDelete: snapshot.Restrict})
		for _, f := range slices.Concat(shared, own) {
			f.Related = delegate + "." + f.Name
			rule = append(rule, f)
		}
	}
	hasRules := func(m snapshot.Module) bool { return m.Name == "base_automation" }
	if len(s.Modules) > 0 && !slices.ContainsFunc(s.Modules, hasRules) {
		return []snapshot.Model{accessRules, actions}
	}
	return []snapshot.Model{accessRules, actions, {Name: rulesModel, Label: "Automation Rule", Fields: rule}}
}

func triggerChoices(d dialect) (out []snapshot.Choice) {
	values := []string{"on_create", "on_write", "on_create_or_write", "on_unlink", "on_change", "on_time"}
	if d.does(odoofacts.AutomationActions) {
		values = append(values, "on_archive", "on_unarchive", "on_webhook")
	}
	for _, v := range values {
		out = append(out, snapshot.Choice{Value: v, Label: v})
	}
	return out
}
