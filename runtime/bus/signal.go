package bus

import (
	"context"
	"crypto/rand"
	"fmt"

	"github.com/odoogen/odoogen/internal/odoofacts"
	orm "github.com/odoogen/odoogen/runtime"
	"github.com/odoogen/odoogen/runtime/internal/automation"
	"github.com/odoogen/odoogen/runtime/internal/outbox"
	"github.com/odoogen/odoogen/runtime/internal/records"
)

// ErrNotInstalled means that the module base_automation is not installed on the server.
var ErrNotInstalled = automation.ErrNotInstalled

// Changed is the payload of the notifications of [Signal], which have the type "odoogen/changed" from Odoo 15 on.
type Changed struct {
	Model string  `odoo:"model"`
	IDs   []int64 `odoo:"ids"`
}

// Trigger is a field of M that signals.
type Trigger[M any] func(*[]string)

// On signals when the field gets another value.
func On[M, T any](f orm.Field[M, T]) Trigger[M] {
	return func(fields *[]string) { *fields = append(*fields, string(f)) }
}

// Signal makes Odoo put a notification, a [Changed], on the bus when records of M are created, changed in one of the fields (in
// any, without triggers), or deleted. It returns the name of the channel: a random one, which is the only protection. Installing
// again keeps the channel, and replaces the triggers.
//
// The user must be an administrator (base.group_system), and the module base_automation installed ([ErrNotInstalled]). Each worker
// of Odoo loads its models again.
func Signal[M any](ctx context.Context, c *orm.Client, triggers ...Trigger[M]) (channel string, err error) {
	model, err := records.ModelOf[M](c)
	if err != nil {
		return "", fmt.Errorf("bus: %w", err)
	}
	var fields []string
	for _, t := range triggers {
		t(&fields)
	}
	if channel, err = signal(ctx, c, model.Name(), fields); err != nil {
		return "", fmt.Errorf("bus: signal: %s: %w", model.Name(), err)
	}
	return channel, nil
}

// RemoveSignal removes what [Signal] has installed for M, if it is there.
func RemoveSignal[M any](ctx context.Context, c *orm.Client) error {
	model, err := records.ModelOf[M](c)
	if err != nil {
		return fmt.Errorf("bus: %w", err)
	}
	rules, err := automation.Find(ctx, c, "", outbox.SignalMark(model.Name()))
	if err == nil {
		err = automation.Remove(ctx, c, rules...)
	}
	if err != nil {
		return fmt.Errorf("bus: remove the signal: %s: %w", model.Name(), err)
	}
	return nil
}

func signal(ctx context.Context, c *orm.Client, model string, fields []string) (string, error) {
	if err := automation.Require(ctx, c); err != nil {
		return "", err
	}
	before, err := automation.Find(ctx, c, "", outbox.SignalMark(model))
	if err != nil {
		return "", err
	}
	channel := channelOf(before)
	if channel == "" {
		channel = "odoogen-" + rand.Text()
	}
	action := orm.Args{"state": "code", "code": outbox.SignalCode(odoofacts.BusTypes.InSeries(c.Version().Series), model, channel)}
	name := "odoogen signal: " + model
	_, err = automation.Create(ctx, c,
		automation.Rule{Name: name, Model: model, Trigger: "on_create_or_write", Fields: fields, Action: action},
		automation.Rule{Name: name + " deleted", Model: model, Trigger: "on_unlink", Action: action})
	if err != nil {
		return "", err
	}
	return channel, automation.Remove(ctx, c, before...)
}

// channelOf is the channel of rules that are installed, "" if there are none.
func channelOf(rules []automation.Installed) string {
	for _, r := range rules {
		for _, a := range r.Actions {
			if channel, ok := outbox.SignalChannel(a.Code); ok {
				return channel
			}
		}
	}
	return ""
}
