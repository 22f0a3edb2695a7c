//go:build live

package livetest

import (
	"context"
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
	made := must[int64](t)(c.Model("stock.warehouse").Create(ctx, orm.Args{"name": "odoogen's", "code": "ODOOG"}))
	t.Cleanup(func() { removeWarehouse(t, c, made) })
	onHand := func(in orm.Context) float64 {
		t.Helper()
		return must[Product](t)(orm.Get[Product](ctx, c, quant[0].Product.ID, in)).OnHand
	}
	all := onHand(nil)
	if all == 0 {
		t.Fatal("no stock")
	}
	ofKey := map[string]float64{
		"warehouse":    onHand(orm.Context{"warehouse": made, "warehouse_id": false}),
		"warehouse_id": onHand(orm.Context{"warehouse": false, "warehouse_id": made}),
	}
	v := must[odoofacts.Version](t)(odoofacts.Parse(c.Version().Series))
	for key, n := range ofKey {
		ignored, _ := odoofacts.IgnoredKey(v, map[string]any{key: made})
		if isIgnored := n == all; isIgnored != (ignored == key) {
			t.Errorf("Odoo %s, %s: %v of %v on hand", c.Version().Series, key, n, all)
		}
	}
	if n := onHand(orm.Warehouse(orm.ID[Warehouse](made))); n != 0 {
		t.Errorf("%v on hand in a new warehouse", n)
	}
}

// removeWarehouse archives a warehouse: what it made of locations and operations keeps it from being deleted.
func removeWarehouse(t *testing.T, c *orm.Client, id int64) {
	if err := c.Model("stock.warehouse").Write(context.WithoutCancel(t.Context()), []int64{id}, orm.Args{"active": false}); err != nil {
		t.Error(err)
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
