package consumer

import (
	"context"
	"fmt"

	sales "github.com/odoogen/odoogen/golden/upgrade/odoo14" // another name for the same package
	orm "github.com/odoogen/odoogen/runtime"
)

// This file uses what is gone in 19, or of another type: it no longer compiles.

// Closed are the orders that were locked.
func Closed(ctx context.Context, c *orm.Client) ([]sales.SaleOrder, error) {
	return sales.NewSaleOrderClient(c).Find(ctx, orm.In(sales.SaleOrderF.State, sales.SaleOrderStateDone, sales.SaleOrderStateSale))
}

// Account is the analytic account of an order.
func Account(o sales.SaleOrder) orm.Ref[sales.AccountAnalyticAccount] { return o.AnalyticAccountID }

// Options are those of an order that customers may add.
func Options(o sales.SaleOrder) int { return len(o.SaleOrderOptionIDs) }

// Mobile is how to reach somebody.
func Mobile(p sales.ResPartner) string {
	if p.Mobile != "" {
		return p.Mobile
	}
	return p.Phone
}

// Packs are the packagings of a product, of a model that is gone.
func Packs(ctx context.Context, c *orm.Client, product orm.ID[sales.ProductTemplate]) (packs []sales.ProductPackaging, err error) {
	p, err := sales.NewProductTemplateClient(c).Get(ctx, product, orm.Include(sales.ProductTemplateF.PackagingIDs))
	if err != nil {
		return nil, err
	}
	for _, id := range p.PackagingIDs {
		pack, err := orm.Get[sales.ProductPackaging](ctx, c, id)
		if err != nil {
			return nil, err
		}
		packs = append(packs, pack)
	}
	return packs, nil
}

// Delivered describes a stock move, by fields that were replaced.
func Delivered(m sales.StockMove) string {
	return fmt.Sprint(m.Name, m.QuantityDone, m.ReservedAvailability, m.ProductID.Name)
}

// Delay is how long a customer waits: a whole number of days in 19.
func Delay(p sales.ProductTemplate) float64 { return p.SaleDelay * 1.5 }

// AutoPost lets an invoice post itself: a choice in 19.
func AutoPost(ctx context.Context, c *orm.Client, invoice orm.ID[sales.AccountMove]) error {
	return orm.Write(ctx, c, orm.On(invoice), sales.AccountMoveValues{AutoPost: orm.Set(true), ToCheck: orm.Set(false)})
}

// Storable are the products that are kept in stock.
func Storable() orm.Domain[sales.ProductTemplate] {
	return orm.Eq(sales.ProductTemplateF.Type, sales.ProductTemplateTypeProduct)
}

// Effective is the day of the first delivery: a time in 19.
func Effective(o sales.SaleOrder) orm.Date { return o.EffectiveDate }

// Lock confirms and locks orders, by methods of the client: the second is gone.
func Lock(ctx context.Context, c *orm.Client, orders ...orm.ID[sales.SaleOrder]) error {
	client := sales.NewSaleOrderClient(c)
	if _, err := client.ActionConfirm(ctx, orders); err != nil {
		return err
	}
	_, err := client.ActionDone(ctx, orders)
	return err
}

// Analytic is gone from a projection of the configuration.
func Analytic(o sales.OrderTotals) string { return o.AnalyticAccountID.Name }
