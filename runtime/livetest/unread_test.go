//go:build live

package livetest

import (
	"encoding/json"
	"errors"
	"slices"
	"testing"

	orm "github.com/odoogen/odoogen/runtime"
)

// Move is an invoice or another entry, with a dictionary that Odoo 19 fails to send.
type Move struct {
	ID    orm.ID[Move]    `odoo:"id"`
	State string          `odoo:"state"`
	Terms json.RawMessage `odoo:"needed_terms"`
}

func (*Move) OdooModel() string { return "account.move" }

// A field that the server fails to read is left out of a read of everything, and named.
func TestLiveEverythingLeavesOutWhatFails(t *testing.T) {
	c := dialLive(t, orm.Database(env(t, "ODOO_FULL_DB")), orm.Password(env(t, "ODOO_USER"), env(t, "ODOO_PASSWORD")))
	facts, err := c.Model("account.move").FieldsGet(t.Context(), []string{"needed_terms"})
	if err != nil {
		t.Fatal(err)
	}
	if _, has := facts["needed_terms"]; !has {
		return // it came with Odoo 16
	}
	moves, err := orm.Find[Move](t.Context(), c, orm.AllOf[Move](), orm.Everything(), orm.Limit(2))
	if unread, ok := errors.AsType[*orm.UnreadError](err); err != nil && (!ok || !slices.Equal(unread.Fields, []string{"needed_terms"})) {
		t.Fatal(err)
	}
	if len(moves) == 0 || moves[0].ID == 0 || moves[0].State == "" {
		t.Errorf("the rest is %+v", moves)
	}
}
