//go:build live

package livetest

import (
	"errors"
	"fmt"
	"testing"
	"time"

	orm "github.com/odoogen/odoogen/runtime"
	"github.com/odoogen/odoogen/runtime/internal/automation"
)

// dialFull logs in to the database with the applications.
func dialFull(t *testing.T, user, password string) *orm.Client {
	t.Helper()
	return dialLive(t, orm.Database(env(t, "ODOO_FULL_DB")), orm.Password(user, password))
}

// Rules are made with their action, found by name and by code, and removed with it.
func TestLiveAutomation(t *testing.T) {
	ctx, c := t.Context(), dialFull(t, env(t, "ODOO_USER"), env(t, "ODOO_PASSWORD"))
	name := fmt.Sprint("odoogen test ", time.Now().UnixNano())
	code := "# " + name
	if err := automation.Require(ctx, c); err != nil {
		t.Fatal(err)
	}
	rules := []automation.Rule{
		{Name: name + " 1", Model: "res.partner.category", Trigger: "on_create_or_write", Fields: []string{"name", "color"}, Action: orm.Args{"state": "code", "code": code}},
		{Name: name + " 2", Model: "res.partner.category", Trigger: "on_unlink", Action: orm.Args{"state": "code", "code": code}},
	}
	must[[]int64](t)(automation.Create(ctx, c, rules...))
	find := func() []automation.Installed {
		return must[[]automation.Installed](t)(automation.Find(ctx, c, name, ""))
	}
	found := find()
	byCode := must[[]automation.Installed](t)(automation.Find(ctx, c, "", code))
	if fmt.Sprint(found) != fmt.Sprint(byCode) || len(found) != 2 {
		t.Fatalf("by name %v, by code %v", found, byCode)
	}
	for i, r := range found {
		if r.Name != rules[i].Name || r.Model != rules[i].Model || r.Trigger != rules[i].Trigger || !r.Active || r.Filters ||
			len(r.Fields) != 2-2*i || len(r.Actions) != 1 || r.Actions[0].Code != code || r.Actions[0].State != "code" {
			t.Errorf("%+v", r)
		}
	}
	if err := automation.Remove(ctx, c, found...); err != nil {
		t.Fatal(err)
	}
	if left := must[[]automation.Installed](t)(automation.Find(ctx, c, name, code)); len(left) != 0 {
		t.Errorf("left: %+v", left)
	}
	bad := automation.Rule{Name: name, Model: "res.partner.category", Trigger: "on_write", Fields: []string{"nome"}}
	if _, err := automation.Create(ctx, c, bad); !errors.Is(err, orm.ErrNoField) {
		t.Errorf("an unknown trigger field: %v", err)
	}
	demo := dialFull(t, "demo", "demo")
	if err := automation.Require(ctx, demo); !errors.Is(err, orm.ErrAccess) {
		t.Errorf("without rights: %v", err)
	}
}
