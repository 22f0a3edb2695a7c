package automation

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/odoogen/odoogen/internal/odoofacts"
	orm "github.com/odoogen/odoogen/runtime"
)

// Installed is a rule on the server.
type Installed struct {
	ID      int64 // 0: there are actions without a rule
	Name    string
	Model   string
	Trigger string
	Active  bool
	Filters bool    // it is for some records only
	Fields  []int64 // the trigger fields
	Actions []Action
}

// Action is a server action of a rule.
type Action struct {
	ID    int64  `odoo:"id"`
	Name  string `odoo:"name"`
	Model string `odoo:"model_name"`
	State string `odoo:"state"`
	Code  string `odoo:"code"`
}

type rule struct {
	ID        int64   `odoo:"id"`
	Name      string  `odoo:"name"`
	Model     string  `odoo:"model_name"`
	Trigger   string  `odoo:"trigger"`
	Active    bool    `odoo:"active"`
	Filter    string  `odoo:"filter_domain"`
	PreFilter string  `odoo:"filter_pre_domain"`
	Fields    []int64 `odoo:"trigger_field_ids"`
}

// Find gives the rules whose name begins with a text, and those with an action whose code contains another one, archived rules
// included. An empty text finds nothing. Actions without a rule, which rules of Odoo until 16 leave, have an entry of their own.
func Find(ctx context.Context, c *orm.Client, name, code string) ([]Installed, error) {
	link, err := links(ctx, c, name, code)
	if err != nil {
		return nil, err
	}
	var rules []rule
	if err := c.Model(rulesModel).Read(ctx, &rules, link.rules()); err != nil {
		return nil, err
	}
	var actions []Action
	if err := c.Model(actionsModel).Read(ctx, &actions, link.actions()); err != nil {
		return nil, err
	}
	var out []Installed
	for _, r := range rules {
		i := Installed{ID: r.ID, Name: r.Name, Model: r.Model, Trigger: r.Trigger, Active: r.Active,
			Filters: !isAll(r.Filter) || !isAll(r.PreFilter), Fields: r.Fields}
		for _, a := range actions {
			if link.of[a.ID] == r.ID {
				i.Actions = append(i.Actions, a)
			}
		}
		out = append(out, i)
	}
	for _, a := range actions {
		if link.of[a.ID] == 0 {
			out = append(out, Installed{Name: a.Name, Model: a.Model, Actions: []Action{a}})
		}
	}
	return out, nil
}

// isAll recognises the domains that all records match.
func isAll(domain string) bool {
	domain = strings.TrimSpace(domain)
	return domain == "" || domain == "[]" || domain == "False"
}

// linked are rules and actions, and the rule of each action.
type linked struct {
	ids []int64         // of rules
	of  map[int64]int64 // action → rule, or 0
}

func (l linked) rules() []int64 { return l.ids }

func (l linked) actions() []int64 {
	var out []int64
	for id := range l.of {
		out = append(out, id)
	}
	slices.Sort(out)
	return out
}

// links finds the rules and actions with the texts. The patterns of like match more than the text, if it has one of % and _.
func links(ctx context.Context, c *orm.Client, name, code string) (linked, error) {
	out := linked{of: map[int64]int64{}}
	var named []struct {
		ID   int64  `odoo:"id"`
		Name string `odoo:"name"`
	}
	var coded []Action
	var err error
	if name != "" {
		err = c.Model(rulesModel).Find(ctx, &named, orm.Expr(orm.Where[any]("name", "like", name)), orm.Archived())
	}
	if err == nil && code != "" {
		err = c.Model(actionsModel).Find(ctx, &coded, orm.Expr(orm.Where[any]("code", "like", code)))
	}
	if err != nil {
		return out, err
	}
	for _, r := range named {
		if strings.HasPrefix(r.Name, name) {
			out.ids = append(out.ids, r.ID)
		}
	}
	for _, a := range coded {
		if strings.Contains(a.Code, code) {
			out.of[a.ID] = 0
		}
	}
	return out, out.connect(ctx, c)
}

// connect adds the actions of the rules and the rules of the actions.
func (l *linked) connect(ctx context.Context, c *orm.Client) error {
	table, rule, action := c.Model(rulesModel), "id", "action_server_id"
	if odoofacts.AutomationActions.InSeries(c.Version().Series) {
		table, rule, action = c.Model(actionsModel), "base_automation_id", "id"
	}
	either := orm.Or(orm.Where[any](rule, "in", l.ids), orm.Where[any](action, "in", l.actions()))
	pairs, err := pairsOf(ctx, table, orm.Expr(either))
	for _, p := range pairs {
		l.of[p.action] = p.rule
		if p.rule != 0 && !slices.Contains(l.ids, p.rule) {
			l.ids = append(l.ids, p.rule)
		}
	}
	slices.Sort(l.ids)
	return err
}

type pair struct{ rule, action int64 }

// pairsOf reads which rule has which action, from the one of the two models that has the link.
func pairsOf(ctx context.Context, table orm.Model, where orm.Expr) (out []pair, err error) {
	if table.Name() == rulesModel {
		var rows []struct {
			ID     int64       `odoo:"id"`
			Action orm.ID[any] `odoo:"action_server_id"`
		}
		err = table.Find(ctx, &rows, where, orm.Archived())
		for _, r := range rows {
			out = append(out, pair{r.ID, int64(r.Action)})
		}
		return out, err
	}
	var rows []struct {
		ID   int64       `odoo:"id"`
		Rule orm.ID[any] `odoo:"base_automation_id"`
	}
	err = table.Find(ctx, &rows, where)
	for _, r := range rows {
		out = append(out, pair{int64(r.Rule), r.ID})
	}
	return out, err
}

// Remove deletes rules with their actions.
func Remove(ctx context.Context, c *orm.Client, rules ...Installed) error {
	var ids, actions []int64
	for _, r := range rules {
		if r.ID != 0 {
			ids = append(ids, r.ID)
		}
		for _, a := range r.Actions {
			actions = append(actions, a.ID)
		}
	}
	if err := c.Model(rulesModel).Unlink(ctx, ids); err != nil {
		return err
	}
	var left []int64
	if err := c.Model(actionsModel).Existing(ctx, &left, actions); err != nil {
		return err
	}
	return errors.Join(c.Model(actionsModel).Unlink(ctx, left))
}
