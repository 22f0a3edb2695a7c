//go:build live

package livetest

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/odoogen/odoogen/golden/servers"
	"github.com/odoogen/odoogen/golden/servers/odoo"
	orm "github.com/odoogen/odoogen/runtime"
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
