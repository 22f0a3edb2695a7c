package webhook

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/odoogen/odoogen/internal/odoofacts"
	orm "github.com/odoogen/odoogen/runtime"
	"github.com/odoogen/odoogen/runtime/internal/automation"
	"github.com/odoogen/odoogen/runtime/internal/codec"
	"github.com/odoogen/odoogen/runtime/internal/records"
)

var (
	// ErrUnsupported is wrapped by the error for servers before Odoo 17, which send no webhooks.
	ErrUnsupported = errors.New("webhooks need Odoo 17 or later")
	// ErrNotInstalled is wrapped by the error for servers without the module base_automation.
	ErrNotInstalled = automation.ErrNotInstalled
)

// Setting is a setting of a webhook of the model M.
type Setting[M any] func(*rule)

// rule is what settings set.
type rule struct {
	triggers []string
	filter   string
	err      error
}

// On sends the webhook when the field changes: of an existing record, when it gets another value; of a new one, in any case.
func On[M, T any](f orm.Field[M, T]) Setting[M] {
	return func(r *rule) { r.triggers = append(r.triggers, string(f)) }
}

// If sends the webhook for records that match a condition, with the values after the change.
func If[M any](where orm.Domain[M]) Setting[M] {
	return func(r *rule) {
		filter, err := automation.Filter(where)
		r.filter, r.err = filter, errors.Join(r.err, err)
	}
}

// Install makes Odoo send a webhook to the address, the secret of [Handler] included, when records of M change. The fields
// of R are sent. Created and Written need at least one field that triggers it ([On]): without one, Odoo sends the same
// webhook up to fourteen times. Installing again with the same address replaces the earlier webhook.
//
//	hooks, err := webhook.Install[row](ctx, c, "https://shop.example/odoo/"+secret, webhook.Created|webhook.Written,
//		webhook.On(odoo.SaleOrderF.State), webhook.On(odoo.SaleOrderF.AmountTotal))
//
// The user must be an administrator (base.group_system), and the module base_automation installed. Each worker of Odoo
// reloads its models. On servers before Odoo 17 the error is [ErrUnsupported]. Fields that are restricted to some groups are
// refused: with them, Odoo would refuse each later write of the model.
func Install[R, M any](ctx context.Context, c *orm.Client, address string, on Kind, settings ...Setting[M]) ([]Hook, error) {
	model, err := records.ModelOf[M](c)
	if err != nil {
		return nil, fmt.Errorf("webhook: %w", err)
	}
	names, err := fieldNames[R]()
	var hooks []Hook
	if err == nil {
		hooks, err = install(ctx, c, model, address, on, names, apply(settings))
	}
	if err != nil {
		return nil, fmt.Errorf("webhook: install: %s: %w", model.Name(), err)
	}
	return hooks, nil
}

func apply[M any](settings []Setting[M]) rule {
	var r rule
	for _, s := range settings {
		s(&r)
	}
	return r
}

// fieldNames are the names of the fields of R.
func fieldNames[R any]() ([]string, error) {
	p, err := planFor[R]()
	if err != nil {
		return nil, err
	}
	if p.Model != "" {
		return nil, fmt.Errorf("%s has all fields of its model: send a struct of your own with the fields that you need", p.Type)
	}
	var names []string
	for _, f := range p.Fields {
		if codec.Varies(f.Name) {
			return nil, fmt.Errorf("the name of field %s depends on the server: webhooks need the name on this one", f.Name)
		}
		names = append(names, f.Name)
	}
	return names, nil
}

func install(ctx context.Context, c *orm.Client, model orm.Model, address string, on Kind, names []string, r rule) ([]Hook, error) {
	if err := errors.Join(r.err, checkAddress(address), checkTriggers(on, r.triggers)); err != nil {
		return nil, err
	}
	if err := supported(ctx, c); err != nil {
		return nil, err
	}
	if err := checkFields(ctx, model, names, r.triggers); err != nil {
		return nil, err
	}
	before, err := hooksOf(ctx, c, func(h Hook) bool { return h.Model == model.Name() && h.URL == address })
	if err != nil {
		return nil, err
	}
	rules, err := rulesFor(ctx, c, model.Name(), address, on, names, r)
	if err != nil {
		return nil, err
	}
	ids, err := automation.Create(ctx, c, rules...)
	if err != nil {
		return nil, err
	}
	made, err := hooksOf(ctx, c, func(h Hook) bool { return slices.Contains(ids, h.ID) })
	if err == nil {
		err = problems(made)
	}
	if err != nil {
		return nil, errors.Join(err, Remove(context.WithoutCancel(ctx), c, made...))
	}
	return made, Remove(ctx, c, before...)
}

func checkAddress(address string) error {
	u, err := url.Parse(address)
	switch {
	case err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https":
		return errors.New("the address is not a URL with http or https")
	case u.RawQuery != "" || u.Fragment != "":
		return errors.New("the address has a query or a fragment: give one without")
	}
	return nil
}

func checkTriggers(on Kind, triggers []string) error {
	switch {
	case on == 0 || on.String() == "":
		return errors.New("the kinds of changes are missing: webhook.Created, Written, Deleted")
	case on&(Created|Written) != 0 && len(triggers) == 0:
		return errors.New("give the fields that trigger it with webhook.On: without one, Odoo sends the same webhook several times")
	case on&(Created|Written) == 0 && len(triggers) > 0:
		return errors.New("webhook.On has no effect on deletions")
	}
	return nil
}

// supported reports servers that send no webhooks, and users that cannot install them.
func supported(ctx context.Context, c *orm.Client) error {
	if v := c.Version().Series; !odoofacts.OutgoingWebhooks.InSeries(v) {
		return fmt.Errorf("%w: on Odoo %s, the outbox of package feed reports changes in the transaction (feed.Install)", ErrUnsupported, v)
	}
	return automation.Require(ctx, c)
}

// checkFields refuses fields that Odoo does not send, and triggers that never fire.
func checkFields(ctx context.Context, model orm.Model, names, triggers []string) error {
	infos, err := model.FieldsGet(ctx, slices.Concat(names, triggers))
	if err != nil {
		return err
	}
	for _, name := range slices.Concat(names, triggers) {
		info, ok := infos[name]
		if !ok {
			return fmt.Errorf("field %s: %w", name, orm.ErrNoField)
		}
		var attributes struct {
			Groups any `json:"groups"`
		}
		if err := json.Unmarshal(info.Raw, &attributes); err != nil {
			return err
		}
		if groups, ok := attributes.Groups.(string); ok && groups != "" {
			return fmt.Errorf("field %s is for the groups %s only: Odoo does not send such fields", name, groups)
		}
		if slices.Contains(triggers, name) && !info.Stored {
			return fmt.Errorf("field %s is not stored: no change of it triggers anything", name)
		}
	}
	return nil
}

// namePrefix begins the names of the rules that Install makes.
const namePrefix = "odoogen webhook: "

// rulesFor are the rules of a webhook: Odoo has a trigger of its own for deletions.
func rulesFor(ctx context.Context, c *orm.Client, model, address string, on Kind, names []string, r rule) ([]automation.Rule, error) {
	ids, err := automation.FieldIDs(ctx, c, model, names)
	if err != nil {
		return nil, err
	}
	var rules []automation.Rule
	for _, kinds := range []Kind{on & (Created | Written), on & Deleted} {
		if kinds == 0 {
			continue
		}
		action := orm.Args{
			"state": "webhook", "webhook_url": address + "?" + kindParameter + "=" + url.QueryEscape(kinds.String()),
			"webhook_field_ids": []any{[]any{codec.CommandSet, 0, ids}},
		}
		out := automation.Rule{Name: namePrefix + model + " " + kinds.String(), Model: model, Trigger: triggerOf[kinds], Filter: r.filter, Action: action}
		if kinds != Deleted {
			out.Fields = r.triggers
		}
		rules = append(rules, out)
	}
	return rules, nil
}

// triggerOf is Odoo's name of the trigger for kinds of changes.
var triggerOf = map[Kind]string{Created: "on_create", Written: "on_write", Created | Written: "on_create_or_write", Deleted: "on_unlink"}

// problems joins the problems of webhooks.
func problems(hooks []Hook) error {
	var errs []error
	for _, h := range hooks {
		if len(h.Problems) > 0 {
			errs = append(errs, fmt.Errorf("%s: %s", h.Name, strings.Join(h.Problems, "; ")))
		}
	}
	return errors.Join(errs...)
}
