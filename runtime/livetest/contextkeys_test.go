//go:build live

package livetest

import (
	"errors"
	"slices"
	"testing"

	"github.com/odoogen/odoogen/internal/odoofacts"
	orm "github.com/odoogen/odoogen/runtime"
)

// Warehouse is one of the module stock.
type Warehouse struct {
	ID orm.ID[Warehouse] `odoo:"id"`
}

func (*Warehouse) OdooModel() string { return "stock.warehouse" }

// Product is a variant of a product.
type Product struct {
	ID     orm.ID[Product] `odoo:"id"`
	OnHand float64         `odoo:"qty_available"`
}

func (*Product) OdooModel() string { return "product.product" }

// Odoo 14 and 19 read the warehouse of quantities under different keys, and the other key is ignored. That is measured with
// both keys, of which one is empty, since the client refuses the ignored key alone.
func TestLiveContextKeysOfWarehouses(t *testing.T) {
	c := dialLive(t, orm.Database(env(t, "ODOO_FULL_DB")), orm.Password(env(t, "ODOO_USER"), env(t, "ODOO_PASSWORD")))
	ctx := t.Context()
	var quant []struct {
		Product orm.Ref[Product] `odoo:"product_id"`
	}
	inStock := orm.And(orm.Where[Product]("quantity", ">", 0), orm.Where[Product]("location_id.usage", "=", "internal"))
	if err := c.Model("stock.quant").Find(ctx, &quant, orm.Expr(inStock), orm.Limit(1)); err != nil || len(quant) == 0 {
		t.Fatal(quant, err)
	}
	onHand := func(in orm.Context) float64 {
		t.Helper()
		return must[Product](t)(orm.Get[Product](ctx, c, quant[0].Product.ID, in)).OnHand
	}
	all := onHand(nil)
	if all == 0 {
		t.Fatal("no stock")
	}
	const nowhere = "odoogen has no warehouse of this name" // Odoo takes names, too
	ofKey := map[string]float64{
		"warehouse":    onHand(orm.Context{"warehouse": nowhere, "warehouse_id": false}),
		"warehouse_id": onHand(orm.Context{"warehouse": false, "warehouse_id": nowhere}),
	}
	v := must[odoofacts.Version](t)(odoofacts.Parse(c.Version().Series))
	for key, n := range ofKey {
		ignored, _ := odoofacts.IgnoredKey(v, map[string]any{key: nowhere})
		if isIgnored := n == all; isIgnored != (ignored == key) {
			t.Errorf("Odoo %s, %s: %v of %v on hand", c.Version().Series, key, n, all)
		}
	}
	sum := 0.0
	for _, id := range must[[]orm.ID[Warehouse]](t)(orm.IDs(ctx, c, orm.AllOf[Warehouse]())) {
		sum += onHand(orm.Warehouse(id))
	}
	if sum != all {
		t.Errorf("%v on hand in all warehouses, want %v", sum, all)
	}
}

// Creates without tracking leave no messages and no followers.
func TestLiveWithoutTracking(t *testing.T) {
	c := dialLive(t, orm.Password(env(t, "ODOO_USER"), env(t, "ODOO_PASSWORD")))
	type chatter struct {
		Messages  []int64 `odoo:"message_ids"`
		Followers []int64 `odoo:"message_follower_ids"`
	}
	ctx := t.Context()
	read := func(opts ...orm.WriteOption) chatter {
		t.Helper()
		id := must[orm.ID[Partner]](t)(orm.Create(ctx, c, PartnerValues{Name: orm.Set("odoogen tracked")}, opts...))
		defer func() {
			if err := orm.Unlink(ctx, c, orm.On(id)); err != nil {
				t.Error(err)
			}
		}()
		return must[chatter](t)(orm.Get[chatter](ctx, c, id))
	}
	if quiet := read(orm.WithoutTracking()); len(quiet.Messages)+len(quiet.Followers) > 0 {
		t.Errorf("without tracking: %+v", quiet)
	}
	if tracked := read(); slices.Max([]int{len(tracked.Messages), len(tracked.Followers)}) == 0 {
		t.Errorf("with tracking: %+v, so that the test shows nothing", tracked)
	}
}

// The client refuses the key that the version ignores.
func TestLiveContextKeyErrors(t *testing.T) {
	c := dialLive(t, orm.Password(env(t, "ODOO_USER"), env(t, "ODOO_PASSWORD")))
	_, err := orm.Count(t.Context(), c, orm.AllOf[Partner](), orm.Context{"force_company": 1})
	if e, ok := errors.AsType[*orm.ContextKeyError](err); !ok || e.Instead != "allowed_company_ids" {
		t.Error(err)
	}
}
