package odootest

import (
	"slices"
	"strings"

	"github.com/odoogen/odoogen/runtime/internal/codec"
	"github.com/odoogen/odoogen/runtime/internal/outbox"
)

// Automation rules run in the transaction of a change, as in Odoo: when create, write and unlink are called. What the database
// itself does, such as the deletion of the parts of a record, they do not see. Of the code of actions, which is Python, the
// server knows the code that this project installs, and refuses any other when the rule is made.

// automation is a rule that runs.
type automation struct {
	rule    *record
	actions []*record
	fields  []string // the trigger fields; none is all
}

// event is a change that rules run on.
type event struct {
	t       *tx
	model   *model
	records []*record
	before  map[int64]map[string]any // the values of a write before it, by record and field
}

// checkAction refuses an action of a rule on a model that run does not know.
func (t *tx) checkAction(model string, action *record) error {
	switch state := str(action.values["state"]); state {
	case "code":
		return checkCode(model, str(action.values["code"]))
	case "webhook":
		return t.checkWebhook()
	default:
		return fail(classUser, "odootest: actions of automation rules with the state %s are not run", state)
	}
}

// run runs an action.
func (e event) run(action *record) error {
	switch str(action.values["state"]) {
	case "code":
		return e.runCode(str(action.values["code"]))
	case "webhook":
		return e.sendWebhook(action)
	}
	return nil // refused by checkAction
}

// The triggers that create, write and unlink pull.
var (
	onCreate = []string{"on_create", "on_create_or_write"}
	onWrite  = []string{"on_write", "on_create_or_write"}
	onUnlink = []string{"on_unlink"}
)

// automations are the active rules on the records of a model with one of the triggers.
func (t *tx) automations(m *model, triggers []string) (out []automation) {
	rules := t.models[rulesModel]
	if rules == nil || len(t.tables[rules].records) == 0 || m == rules {
		return nil
	}
	for _, r := range t.all(rules) {
		if slices.Contains(triggers, str(r.values["trigger"])) && t.isActive(rules, r) && t.modelOf(rules, r) == m.name {
			out = append(out, automation{r, t.actionsOf(r), t.triggerFields(r)})
		}
	}
	return out
}

// modelOf is the model that a rule or an action is for.
func (t *tx) modelOf(m *model, r *record) string {
	id, _ := t.value(m, r, m.fields["model_id"]).(int64)
	if listed := t.get(t.models[modelsModel], id); listed != nil {
		return str(listed.values["model"])
	}
	return ""
}

// actionsOf are the actions of a rule.
func (t *tx) actionsOf(rule *record) (out []*record) {
	actions := t.models[actionsModel]
	if id, ok := rule.values[delegate].(int64); ok {
		return t.existing(actions, []int64{id})
	}
	for _, a := range t.all(actions) {
		if a.values["base_automation_id"] == rule.id {
			out = append(out, a)
		}
	}
	return out
}

func (t *tx) triggerFields(rule *record) (out []string) {
	f := t.models[rulesModel].fields["trigger_field_ids"]
	for _, r := range t.existing(t.models[fieldsModel], t.paired(rule, f)) {
		out = append(out, str(r.values["name"]))
	}
	return out
}

// before are the values that a write is going to replace, if rules run on it.
func (t *tx) before(rules []automation, m *model, records []*record, values map[string]any) map[int64]map[string]any {
	if len(rules) == 0 {
		return nil
	}
	out := map[int64]map[string]any{}
	for _, r := range records {
		out[r.id] = map[string]any{}
		for name := range values {
			if f := m.fields[name]; f != nil {
				out[r.id][name] = t.value(m, r, f)
			}
		}
	}
	return out
}

// trigger runs rules on a change. They have all rights.
func (t *tx) trigger(rules []automation, m *model, records []*record, before map[int64]map[string]any) error {
	if len(rules) == 0 {
		return nil
	}
	user := t.user
	all := *user
	all.super = true
	t.user = &all
	defer func() { t.user = user }()
	for _, rule := range rules {
		matches, err := t.filterOf(rule.rule, m)
		if err != nil {
			return err
		}
		for _, r := range records {
			if before != nil && !t.pulls(rule, m, r, before[r.id]) || !matches(r) {
				continue
			}
			for _, action := range rule.actions {
				if err := (event{t, m, []*record{r}, before}).run(action); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// pulls reports whether a write has changed one of the trigger fields.
func (t *tx) pulls(rule automation, m *model, r *record, before map[string]any) bool {
	return len(rule.fields) == 0 || slices.ContainsFunc(rule.fields, func(name string) bool {
		was, written := before[name]
		return written && repr(was) != repr(t.value(m, r, m.fields[name]))
	})
}

// delegated makes the action of a rule that is its own action, and gives the values of the rule.
func (t *tx) delegated(m *model, values map[string]any) (map[string]any, error) {
	if m.name != rulesModel || !m.has(delegate) || truthy(values[delegate]) {
		return values, nil
	}
	own, action := map[string]any{}, map[string]any{}
	for name, v := range values {
		if f := m.fields[name]; f != nil && f.Related == delegate+"."+name {
			action[name] = v
		} else {
			own[name] = v
		}
	}
	id, err := t.create(t.models[actionsModel], action)
	own[delegate] = id
	return own, err
}

// checkRules refuses rules, and actions of rules, that the server cannot run as Odoo does.
func (t *tx) checkRules(m *model, records []*record) error {
	for _, r := range records {
		var err error
		switch {
		case m.name == rulesModel:
			err = t.checkRule(m, r)
		case m.name == actionsModel && t.isOfRule(r):
			err = t.checkAction(t.modelOf(m, r), r)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// isOfRule recognises the actions of rules.
func (t *tx) isOfRule(action *record) bool {
	rules := t.models[rulesModel]
	return rules != nil && slices.ContainsFunc(t.all(rules), func(r *record) bool {
		return r.values[delegate] == action.id || action.values["base_automation_id"] == r.id
	})
}

func (t *tx) checkRule(m *model, r *record) error {
	if trigger := str(r.values["trigger"]); !slices.Contains(slices.Concat(onCreate, onWrite, onUnlink), trigger) {
		return fail(classUser, "odootest: automation rules with the trigger %s are not run", trigger)
	}
	if filter := str(r.values["filter_pre_domain"]); truthy(r.values["filter_pre_domain"]) && filter != "[]" {
		return fail(classUser, "odootest: the filter_pre_domain of automation rules is not evaluated: %s", filter)
	}
	if _, err := t.filterOf(r, t.models[t.modelOf(m, r)]); err != nil {
		return err
	}
	for _, a := range t.actionsOf(r) {
		if err := t.checkAction(t.modelOf(t.models[actionsModel], a), a); err != nil {
			return err
		}
	}
	return nil
}

func checkCode(model, code string) error {
	_, isOutbox := outbox.Parse(model, code)
	_, isSignal := outbox.SignalChannel(code)
	if !isOutbox && !isSignal && !isComment(code) {
		return fail(classUser, "odootest: Python is not run, other than the code that odoogen installs: the code of the automation rule on %s is\n%s", model, code)
	}
	return nil
}

// isComment recognises Python that does nothing.
func isComment(code string) bool {
	for line := range strings.Lines(code) {
		if line = strings.TrimSpace(line); line != "" && line != "pass" && line[0] != '#' {
			return false
		}
	}
	return true
}

// filterOf is the filter_domain of a rule, which is judged on the values after a change.
func (t *tx) filterOf(rule *record, m *model) (predicate, error) {
	filter := str(rule.values["filter_domain"])
	if !truthy(rule.values["filter_domain"]) || m == nil {
		return always, nil
	}
	domain, err := codec.ParsePython(filter)
	if err != nil {
		return nil, fail(classUser, "odootest: the filter_domain of an automation rule has more of Python than values: %s", filter)
	}
	return t.withArchived().condition(m, domain)
}

// runCode runs the code of an outbox, or of a signal on the bus.
func (e event) runCode(code string) error {
	if channel, ok := outbox.SignalChannel(code); ok {
		e.t.notify(channel, outbox.SignalType, map[string]any{"model": e.model.name, "ids": ids(e.records)})
		return nil
	}
	s, _ := outbox.Parse(e.model.name, code)
	table := e.t.models[s.Outbox]
	if table == nil { // the code looks for it, or is a comment
		return nil
	}
	for _, id := range e.marked(s) {
		if _, err := e.t.create(table, map[string]any{outbox.FieldModel: s.Marks, outbox.FieldID: id, outbox.FieldKind: s.Kind}); err != nil {
			return err
		}
	}
	return nil
}

// marked are the records that a change is one of.
func (e event) marked(s outbox.Source) (out []int64) {
	if s.Through == "" {
		return ids(e.records)
	}
	f := e.model.fields[s.Through]
	for _, r := range e.records {
		out = append(out, e.t.targets(e.model, r, f)...)
		switch before := e.before[r.id][s.Through].(type) {
		case int64:
			out = append(out, before)
		case []int64:
			out = append(out, before...)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}
