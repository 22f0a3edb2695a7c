//go:build live

package livetest

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	orm "github.com/odoogen/odoogen/runtime"
	"github.com/odoogen/odoogen/runtime/internal/automation"
	"github.com/odoogen/odoogen/runtime/webhook"
)

// hookedTag is what the webhooks of these tests send.
type hookedTag struct {
	ID      orm.ID[Tag]  `odoo:"id"`
	Name    string       `odoo:"name"`
	Parent  orm.Ref[Tag] `odoo:"parent_id"`
	Written time.Time    `odoo:"write_date"`
}

// Servers before Odoo 17 have no webhooks, and say so.
func requireWebhooks(t *testing.T, c *orm.Client) bool {
	t.Helper()
	if c.Version().Major >= 17 {
		return true
	}
	_, err := webhook.Install[hookedTag](t.Context(), c, "http://127.0.0.1:1/x", webhook.Written, webhook.On(TagF.Name))
	if !errors.Is(err, webhook.ErrUnsupported) {
		t.Errorf("Odoo %s: %v", c.Version().Series, err)
	}
	return false
}

// A webhook is installed and arrives, with what was changed, within a second.
func TestLiveWebhook(t *testing.T) {
	ctx, c := t.Context(), dialFull(t, env(t, "ODOO_USER"), env(t, "ODOO_PASSWORD"))
	if !requireWebhooks(t, c) {
		return
	}
	events := make(chan webhook.Event[hookedTag], 100)
	secret := rand.Text()
	handler, err := webhook.Handler(secret, func(_ context.Context, e webhook.Event[hookedTag]) error { events <- e; return nil },
		webhook.OnError(func(err error) { t.Error(err) }))
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(handler)
	defer func() {
		server.Close()
		if err := handler.Close(context.Background()); err != nil {
			t.Error(err)
		}
	}()
	address := server.URL + "/odoo/" + secret
	install := func() []webhook.Hook {
		return must[[]webhook.Hook](t)(webhook.Install[hookedTag](ctx, c, address, webhook.Created|webhook.Written|webhook.Deleted,
			webhook.On(TagF.Name), webhook.If(orm.Ne(TagF.Name, "odoogen \"quiet\" ☃"))))
	}
	listed := func() []webhook.Hook {
		var ours []webhook.Hook
		for _, h := range must[[]webhook.Hook](t)(webhook.List(ctx, c)) {
			if h.URL == address {
				ours = append(ours, h)
			}
		}
		return ours
	}
	defer func() {
		if err := webhook.Remove(context.Background(), c, listed()...); err != nil {
			t.Error(err)
		}
		if left := listed(); len(left) != 0 {
			t.Errorf("left: %+v", left)
		}
	}()
	hooks := install()
	if again := install(); len(hooks) != 2 || fmt.Sprint(again) != fmt.Sprint(listed()) || again[0].ID == hooks[0].ID {
		t.Fatalf("installed %+v, then %+v", hooks, again)
	}
	if err := webhook.Check(ctx, c); err != nil {
		t.Error(err)
	}
	receive := func(kinds webhook.Kind, name string, began time.Time) {
		t.Helper()
		select {
		case e := <-events:
			if e.Model != "res.partner.category" || e.Kinds != kinds || e.Record.Name != name || e.Record.ID != orm.ID[Tag](e.ID) || e.Action.ID == 0 || e.Record.Written.IsZero() {
				t.Errorf("received %+v, want %s of %q", e, kinds, name)
			}
			t.Logf("%s: received %v after the call began", kinds, time.Since(began).Round(time.Millisecond))
		case <-time.After(20 * time.Second):
			t.Fatalf("no webhook of %s", kinds)
		}
	}
	saved, began := webhook.Created|webhook.Written, time.Now()
	id := must[orm.ID[Tag]](t)(orm.Create(ctx, c, TagValues{Name: orm.Set("odoogen hook")}))
	receive(saved, "odoogen hook", began)
	write := func(values TagValues) {
		t.Helper()
		if err := orm.Write(ctx, c, orm.On(id), values); err != nil {
			t.Fatal(err)
		}
	}
	began = time.Now()
	write(TagValues{Name: orm.Set("odoogen hook 2")})
	receive(saved, "odoogen hook 2", began)
	write(TagValues{Name: orm.Set("odoogen hook 2")})      // an equal value
	write(TagValues{ParentID: orm.Clear[orm.ID[Tag]]()})   // another field
	write(TagValues{Name: orm.Set("odoogen \"quiet\" ☃")}) // not in the condition
	if err := orm.Unlink(ctx, c, orm.On(id)); err != nil {
		t.Fatal(err)
	}
	select {
	case e := <-events:
		t.Errorf("received %+v of a record that the condition leaves out", e)
	case <-time.After(time.Second):
	}
	began = time.Now()
	id = must[orm.ID[Tag]](t)(orm.Create(ctx, c, TagValues{Name: orm.Set("odoogen hook 3")}))
	receive(saved, "odoogen hook 3", began)
	began = time.Now()
	if err := orm.Unlink(ctx, c, orm.On(id)); err != nil {
		t.Fatal(err)
	}
	receive(webhook.Deleted, "odoogen hook 3", began)
}

// Fields that only some groups may see would make Odoo refuse each write of the model. They are refused before.
func TestLiveWebhookOfAFieldForGroups(t *testing.T) {
	ctx, c := t.Context(), dialFull(t, env(t, "ODOO_USER"), env(t, "ODOO_PASSWORD"))
	if !requireWebhooks(t, c) {
		return
	}
	type signup struct {
		Type string `odoo:"signup_type"`
	}
	_, err := webhook.Install[signup](ctx, c, "http://127.0.0.1:1/x", webhook.Written, webhook.On(PartnerF.Name))
	if err == nil || !strings.Contains(err.Error(), "field signup_type is for the groups base.group_erp_manager only") {
		t.Error(err)
	}
}

// Odoo's own incoming webhooks are called, and their errors are recognized.
func TestLiveIncomingWebhook(t *testing.T) {
	ctx, c := t.Context(), dialFull(t, env(t, "ODOO_USER"), env(t, "ODOO_PASSWORD"))
	if !requireWebhooks(t, c) {
		return
	}
	rules := must[[]int64](t)(automation.Create(ctx, c, automation.Rule{
		Name: "odoogen incoming", Model: "res.partner.category", Trigger: "on_webhook",
		Action: orm.Args{"state": "code", "code": "record.write({'name': payload['name']})"},
	}))
	defer func() {
		if err := automation.Remove(context.Background(), c, must[[]automation.Installed](t)(automation.Find(ctx, c, "odoogen incoming", ""))...); err != nil {
			t.Error(err)
		}
	}()
	var found []struct {
		UUID string `odoo:"webhook_uuid"`
	}
	if err := c.Model("base.automation").Read(ctx, &found, rules); err != nil || len(found) != 1 {
		t.Fatal(found, err)
	}
	hook := webhook.Incoming{URL: env(t, "ODOO_URL") + "/web/hook/" + found[0].UUID, Database: env(t, "ODOO_FULL_DB")}
	id := must[orm.ID[Tag]](t)(orm.Create(ctx, c, TagValues{Name: orm.Set("odoogen before")}))
	defer func() {
		if err := orm.Unlink(context.Background(), c, orm.On(id)); err != nil {
			t.Error(err)
		}
	}()
	if err := webhook.CallOn(ctx, hook, id, TagValues{Name: orm.Set("odoogen after ☃")}); err != nil {
		t.Fatal(err)
	}
	if tag := must[Tag](t)(orm.Get[Tag](ctx, c, id)); tag.Name != "odoogen after ☃" {
		t.Errorf("the name is %q", tag.Name)
	}
	if err := hook.Call(ctx, map[string]any{"name": "x"}); !errors.Is(err, webhook.ErrFailed) {
		t.Errorf("without a record: %v", err)
	}
	if err := webhook.CallOn(ctx, hook, id, map[string]any{}); !errors.Is(err, webhook.ErrFailed) {
		t.Errorf("an action that fails: %v", err)
	}
	hook.URL += "x"
	if err := webhook.CallOn(ctx, hook, id, map[string]any{}); !errors.Is(err, webhook.ErrUnknownHook) || strings.Contains(err.Error(), found[0].UUID) {
		t.Errorf("another address: %v", err)
	}
}
