package webhook

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strings"

	orm "github.com/odoogen/odoogen/runtime"
	"github.com/odoogen/odoogen/runtime/internal/automation"
)

// Hook is a webhook that [Install] has created: an automation rule with a server action.
type Hook struct {
	ID       int64 // of base.automation
	Name     string
	Model    string
	Kinds    Kind
	URL      string   // where it is sent to, which includes the secret
	Action   int64    // of ir.actions.server, the ID in [Event.Action]
	Problems []string // what keeps it from being sent, or records of the model from being written
}

const actionsModel = "ir.actions.server"

// List gives the webhooks that [Install] has made.
func List(ctx context.Context, c *orm.Client) ([]Hook, error) {
	if err := supported(ctx, c); err != nil {
		return nil, fmt.Errorf("webhook: %w", err)
	}
	hooks, err := hooksOf(ctx, c, func(Hook) bool { return true })
	if err != nil {
		return nil, fmt.Errorf("webhook: %w", err)
	}
	return hooks, nil
}

// Check reports webhooks that are switched off or incomplete, and those with a warning of Odoo's: with one, Odoo refuses each
// write of the model. A warning appears when a field is restricted to groups later, for example by a module.
func Check(ctx context.Context, c *orm.Client) error {
	hooks, err := List(ctx, c)
	if err != nil {
		return err
	}
	if err := problems(hooks); err != nil {
		return fmt.Errorf("webhook: %w", err)
	}
	return nil
}

// Remove deletes webhooks with their rules and server actions.
func Remove(ctx context.Context, c *orm.Client, hooks ...Hook) error {
	if len(hooks) == 0 {
		return nil
	}
	found, err := automation.Find(ctx, c, namePrefix, "")
	if err == nil {
		ours := slices.DeleteFunc(found, func(r automation.Installed) bool {
			return !slices.ContainsFunc(hooks, func(h Hook) bool { return h.ID == r.ID })
		})
		err = automation.Remove(ctx, c, ours...)
	}
	if err != nil {
		return fmt.Errorf("webhook: remove: %w", err)
	}
	return nil
}

// action is what is read of a server action.
type action struct {
	ID  int64  `odoo:"id"`
	URL string `odoo:"webhook_url"`
}

type warning struct {
	ID      int64  `odoo:"id"`
	Warning string `odoo:"warning"`
}

// hooksOf reads the webhooks that a function accepts.
func hooksOf(ctx context.Context, c *orm.Client, accept func(Hook) bool) ([]Hook, error) {
	rules, err := automation.Find(ctx, c, namePrefix, "")
	if err != nil || len(rules) == 0 {
		return nil, err
	}
	var ids []int64
	for _, r := range rules {
		for _, a := range r.Actions {
			ids = append(ids, a.ID)
		}
	}
	var actions []action
	if err := c.Model(actionsModel).Read(ctx, &actions, ids); err != nil {
		return nil, err
	}
	warnings, err := warningsOf(ctx, c, ids)
	if err != nil {
		return nil, err
	}
	var out []Hook
	for _, r := range rules {
		if h := hookOf(r, actions, warnings); accept(h) {
			out = append(out, h)
		}
	}
	return out, nil
}

// warningsOf reads the warnings of server actions, which Odoo has from 19 on.
func warningsOf(ctx context.Context, c *orm.Client, ids []int64) ([]warning, error) {
	fields, err := c.Model(actionsModel).FieldsGet(ctx, []string{"warning"})
	if err != nil || len(fields) == 0 {
		return nil, err
	}
	var out []warning
	err = c.Model(actionsModel).Read(ctx, &out, ids)
	return out, err
}

func hookOf(r automation.Installed, actions []action, warnings []warning) Hook {
	h := Hook{ID: r.ID, Name: r.Name, Model: r.Model}
	if !r.Active {
		h.Problems = append(h.Problems, "the rule is archived")
	}
	if len(r.Actions) != 1 || r.Actions[0].State != "webhook" {
		h.Problems = append(h.Problems, "the rule has other actions than one webhook")
		return h
	}
	h.Action = r.Actions[0].ID
	if i := slices.IndexFunc(actions, func(a action) bool { return a.ID == h.Action }); i >= 0 {
		h.URL, h.Kinds = addressOf(actions[i].URL)
	}
	if h.URL == "" {
		h.Problems = append(h.Problems, "the server action has no address: Odoo refuses each write of the model")
	}
	for _, w := range warnings {
		if w.ID == h.Action && w.Warning != "" {
			h.Problems = append(h.Problems, "Odoo refuses each write of the model: "+strings.Join(strings.Fields(w.Warning), " "))
		}
	}
	return h
}

// addressOf separates the kinds of changes from the address that was given to Install.
func addressOf(text string) (address string, k Kind) {
	address, query, _ := strings.Cut(text, "?")
	values, err := url.ParseQuery(query)
	if err != nil {
		return text, 0
	}
	return address, kindOf(values.Get(kindParameter))
}
