//go:build live

package livetest

import (
	"context"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/odoogen/odoogen/golden/servers"
	"github.com/odoogen/odoogen/golden/servers/odoo"
	orm "github.com/odoogen/odoogen/runtime"
	"github.com/odoogen/odoogen/runtime/odoosync"
	"github.com/odoogen/odoogen/runtime/schema"
)

// One program, generated from the snapshots of 14 to 19, works on the server whatever its version: see golden/servers.
func TestLiveServersProgram(t *testing.T) {
	c := fullLive(t, env(t, "ODOO_USER"), env(t, "ODOO_PASSWORD"), orm.Automatic)
	if err := schema.Check(t.Context(), c, odoo.Schema); err != nil {
		t.Errorf("the server is one of those that the package was generated from: %v", err)
	}
	p := servers.Program{Client: c}
	if err := p.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	want := []string{
		"customer odoogen servers with the number +32 470 12 34 56: found",
		"order of odoogen servers in state draft: line taxed, 2 with a unit true, 1 taxes",
		"order of odoogen servers in state draft: line free, 1 with a unit true, 0 taxes",
		"taxed line taxed: 1 taxes",
		"orders with taxes after the change: 0",
		"order of odoogen servers in state sale: line taxed, 2 with a unit true, 0 taxes",
		"order of odoogen servers in state sale: line free, 1 with a unit true, 0 taxes",
		"invoice in state draft of odoogen servers with 1 lines",
		"user odoogen servers is in the group: true, which has 1 users",
	}
	if diff := cmp.Diff(want, p.Report); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	major := c.Version().Major
	if got, want := p.Mobile == orm.Present, major < 19; got != want {
		t.Errorf("contacts have a mobile number: %v, want %v", got, want)
	}
	if got, want := p.Country == orm.Present, major > 14; got != want {
		t.Errorf("taxes have a country: %v, want %v", got, want)
	}
}

// What the server lacks is an error before the call.
func TestLiveServersFieldThatIsNotThere(t *testing.T) {
	c := fullLive(t, env(t, "ODOO_USER"), env(t, "ODOO_PASSWORD"), orm.Automatic)
	_, err := orm.Count(t.Context(), c, orm.Where[odoo.ResPartner]("parent_id.x_no_such_field?", "=", 1))
	if !errors.Is(err, orm.ErrNoField) {
		t.Error(err)
	}
}

// What the server lacks of the choices of a selection is an error before the call.
func TestLiveServersChoices(t *testing.T) {
	c := fullLive(t, env(t, "ODOO_USER"), env(t, "ODOO_PASSWORD"), orm.Automatic)
	major := c.Version().Major
	_, err := orm.Count(t.Context(), c, orm.Eq(odoo.SaleOrderF.State, odoo.SaleOrderStateDone))
	if lacks := errors.Is(err, orm.ErrNoChoice); lacks != (major > 16) || !lacks && err != nil {
		t.Errorf("orders that are done: %v", err)
	}
	err = orm.Write(t.Context(), c, orm.On(orm.ID[odoo.ProductProduct](1<<30)), odoo.ProductProductValues{Type: orm.Set(odoo.ProductProductTypeProduct)})
	if lacks := errors.Is(err, orm.ErrNoChoice); lacks != (major > 17) {
		t.Errorf("a storable product: %v", err)
	}
}

// A model that the server lacks is an error before the call.
func TestLiveServersModels(t *testing.T) {
	onEach(t, func(t *testing.T, c *orm.Client) {
		_, known := c.Model("res.partner.title").FieldsGet(t.Context(), []string{"id"}) // until 18
		for range 2 {
			_, err := orm.Count(t.Context(), c, orm.AllOf[odoo.ResPartnerTitle]())
			if lacks := errors.Is(err, orm.ErrNoModel); lacks != errors.Is(known, orm.ErrNotFound) || !lacks && err != nil {
				t.Errorf("titles of contacts: %v", err)
			}
			if _, err := c.Model("res.partner?").Count(t.Context(), orm.Expr{}); err != nil {
				t.Error(err)
			}
			if _, err := c.Model("x.no.such.model?").Count(t.Context(), orm.Expr{}); !errors.Is(err, orm.ErrNoModel) {
				t.Error(err)
			}
		}
	})
}

// A method that the server lacks is refused by the server, which does nothing.
func TestLiveServersMethods(t *testing.T) {
	onEach(t, func(t *testing.T, c *orm.Client) {
		model := c.Model("res.partner")
		id := must[int64](t)(model.Create(t.Context(), orm.Args{"name": "odoogen methods"}))
		t.Cleanup(func() { _ = model.Unlink(context.WithoutCancel(t.Context()), []int64{id}) })
		var before, after []struct {
			Written string `odoo:"write_date"`
		}
		for _, dest := range []any{&before, &after} {
			if err := model.Read(t.Context(), dest, []int64{id}); err != nil {
				t.Fatal(err)
			}
			for _, ids := range []any{[]int64{id}, nil} {
				if err := model.Do(t.Context(), nil, "action_no_such_method?", ids); !errors.Is(err, orm.ErrNoMethod) {
					t.Error(err)
				}
			}
		}
		if before[0].Written != after[0].Written {
			t.Errorf("the record was written: %v, %v", before, after)
		}
		if err := model.Do(t.Context(), nil, "fields_get?", nil); err != nil {
			t.Errorf("a method that the server has: %v", err)
		}
	})
}

// One package syncs a relation that has another name on Odoo 19, and refuses a field that the server lacks.
func TestLiveServersSync(t *testing.T) {
	c := fullLive(t, env(t, "ODOO_USER"), env(t, "ODOO_PASSWORD"), orm.Automatic)
	groups := orm.Eq(odoo.ResGroupsF.Name, "odoogen servers sync")
	remove := func() {
		ctx := context.WithoutCancel(t.Context())
		if ids, err := orm.IDs(ctx, c, groups); err == nil {
			_ = orm.Unlink(ctx, c, ids)
		}
	}
	remove()
	t.Cleanup(remove)
	row := odoosync.Row[odoo.ResGroupsValues]{Values: odoo.ResGroupsValues{
		Name: orm.Set("odoogen servers sync"), UserIDs: orm.Commands(orm.Replace(orm.ID[odoo.ResUsers](c.UID()))),
	}}
	for _, want := range []odoosync.Report{{Created: 1}, {Unchanged: 1}} {
		report, err := odoosync.Run(t.Context(), c, odoosync.By(odoo.ResGroupsF.Name), odoosync.Rows(row))
		if err != nil || report.Created != want.Created || report.Unchanged != want.Unchanged || report.Failures != 0 {
			t.Fatalf("%+v, %v, want %+v", report, err, want)
		}
	}
	partner := odoosync.Row[odoo.ResPartnerValues]{Values: odoo.ResPartnerValues{Ref: orm.Set("odoogen servers sync"), Name: orm.Set("x"), Mobile: orm.Set("1")}}
	report, err := odoosync.Run(t.Context(), c, odoosync.By(odoo.ResPartnerF.Ref), odoosync.Rows(partner), odoosync.DryRun())
	lacks := c.Version().Major > 18
	if err != nil || (report.Failures == 1) != lacks || lacks && !errors.Is(report.Failed[0], orm.ErrNoField) {
		t.Errorf("%+v, %v", report, err)
	}
}
