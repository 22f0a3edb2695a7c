// The program of odoogen demo: what an integration with an Odoo looks like.
package main

import (
	"context"
	"fmt"
	"log"
	"os"

	orm "github.com/odoogen/odoogen/runtime"
	"github.com/odoogen/odoogen/runtime/schema"

	"example.com/shop/odoo"
)

func main() {
	if err := run(context.Background()); err != nil {
		log.Fatal(err)
	}
}

func run(ctx context.Context) error {
	c, err := orm.Dial(ctx, os.Getenv("ODOO_URL"), orm.Password(os.Getenv("ODOO_USER"), os.Getenv("ODOO_PASSWORD")))
	if err != nil {
		return err
	}
	partners, orders := odoo.NewResPartnerClient(c), odoo.NewSaleOrderClient(c)
	partner, so, line := odoo.ResPartnerF, odoo.SaleOrderF, odoo.SaleOrderLineF

	// demo:begin
	// Who buys, and what?
	azure, err := partners.First(ctx, orm.ILike(partner.Email, "%@azure.example.com"))
	if err != nil {
		return err
	}
	desk, err := orm.First[odoo.ProductProduct](ctx, c, orm.Eq(odoo.ProductProductF.DefaultCode, "DESK-01"))
	if err != nil {
		return err
	}

	// An order with two lines, in one call.
	id, err := orders.Create(ctx, odoo.SaleOrderValues{
		PartnerID: orm.Set(azure.ID),
		OrderLine: orm.Commands(
			orm.New(odoo.SaleOrderLineValues{ProductID: orm.Set(desk.ID), ProductUomQty: orm.Set(3.0), PriceUnit: orm.Set(450.0)}),
			orm.New(odoo.SaleOrderLineValues{ProductID: orm.Set(desk.ID), ProductUomQty: orm.Set(12.0), PriceUnit: orm.Set(399.0)}),
		),
	})
	if err != nil {
		return err
	}
	if err := orders.Call(ctx, "action_confirm", []orm.ID[odoo.SaleOrder]{id}, nil, nil); err != nil {
		return err
	}

	// Find it back: confirmed orders of customers in Belgium with a line of more than ten pieces.
	where := orm.And(
		orm.Eq(so.State, odoo.SaleOrderStateSale),
		orm.Any(so.PartnerID, orm.Any(partner.CountryID, orm.Eq(odoo.ResCountryF.Code, "BE"))),
		orm.Any(so.OrderLine, orm.Gt(line.ProductUomQty, 10)),
	)
	for o, err := range orders.All(ctx, where) {
		if err != nil {
			return err
		}
		fmt.Printf("%s of %s: %s, %d lines\n", o.DisplayName, o.PartnerID.Name, schema.Label(odoo.SaleOrderF.State, o.State), len(o.OrderLine))
	}
	// demo:end

	// A projection reads the fields that it names, and nothing else.
	type row struct {
		Product orm.Ref[odoo.ProductProduct] `odoo:"product_id"`
		Qty     float64                      `odoo:"product_uom_qty"`
		Price   float64                      `odoo:"price_unit"`
	}
	lines, err := orm.Find[row](ctx, c, orm.Eq(line.OrderID, id), orm.Desc(line.ProductUomQty))
	if err != nil {
		return err
	}
	for _, l := range lines {
		fmt.Printf("  %4.0f × %-20s at %7.2f\n", l.Qty, l.Product.Name, l.Price)
	}

	// Changing and deleting.
	if err := partners.Write(ctx, orm.On(azure.ID), odoo.ResPartnerValues{Email: orm.Clear[string]()}); err != nil {
		return err
	}
	if err := orders.Unlink(ctx, orm.On(id)); err != nil {
		return err
	}
	left, err := orders.Count(ctx, orm.Domain[odoo.SaleOrder]{})
	fmt.Printf("after deleting it: %d orders\n", left)
	return err
}
