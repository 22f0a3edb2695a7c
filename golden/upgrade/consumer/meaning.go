package consumer

import (
	"context"

	"github.com/odoogen/odoogen/golden/upgrade/odoo14"
	orm "github.com/odoogen/odoogen/runtime"
)

// This file compiles with both bindings, and some of it no longer does what it did.

// Open are the orders that are not locked: the choice is a text.
func Open() orm.Domain[odoo.SaleOrder] {
	return orm.And(orm.Ne(odoo.SaleOrderF.State, "done"), orm.Where[odoo.SaleOrder]("state", "in", []string{"sale", "done"}))
}

// Kind returns the kind of a product: a value is added.
func Kind(p odoo.ProductTemplate) string {
	switch p.Type {
	case odoo.ProductTemplateTypeConsu:
		return "goods"
	case odoo.ProductTemplateTypeService:
		return "service"
	}
	return ""
}

// Remark sets a note, which is HTML in 19.
func Remark(ctx context.Context, c *orm.Client, order orm.ID[odoo.SaleOrder], text string) error {
	return orm.Write(ctx, c, orm.On(order), odoo.SaleOrderValues{Note: orm.Set(text)})
}

// Credit is a limit for each company in 19.
func Credit(p odoo.ResPartner) float64 { return p.CreditLimit }

// Sorted sorts by a field that is computed in 19.
func Sorted(ctx context.Context, c *orm.Client) ([]odoo.ResPartner, error) {
	return orm.Find[odoo.ResPartner](ctx, c, orm.And[odoo.ResPartner](), orm.Asc(odoo.ResPartnerF.DisplayName))
}

// Picture is what a move says of itself: computed in 19, and so read only when asked for.
func Picture(m odoo.StockMove) string { return m.DescriptionPicking }

// Gone names in texts what is gone.
func Gone(ctx context.Context, c *orm.Client) (rows []struct {
	Mobile string `odoo:"mobile"`
}, err error) {
	err = c.Model("crm.lead").Find(ctx, &rows, orm.Expr(orm.Where[odoo.CrmLead]("partner_id.mobile", "!=", false)))
	return rows, err
}

// Service makes a product: fields of it are required in 19, which have defaults, so that it is not listed.
func Service(ctx context.Context, c *orm.Client) (orm.ID[odoo.ProductTemplate], error) {
	return orm.Create(ctx, c, odoo.ProductTemplateValues{Name: orm.Set("x"), Type: orm.Set(odoo.ProductTemplateTypeService)})
}

// Confirm runs a method that is the same, and one that is gone.
func Confirm(ctx context.Context, c *orm.Client, orders ...orm.ID[odoo.SaleOrder]) error {
	client := odoo.NewSaleOrderClient(c)
	if err := client.Call(ctx, "action_confirm", orders, nil, nil); err != nil {
		return err
	}
	return client.Call(ctx, "action_done", orders, nil, nil)
}

// Same uses what is the same in both: none of it is listed.
func Same(ctx context.Context, c *orm.Client, customer orm.ID[odoo.ResPartner]) (float64, error) {
	total := 0.0
	for o, err := range odoo.NewSaleOrderClient(c).All(ctx, orm.Eq(odoo.SaleOrderF.PartnerID, customer), orm.Desc(odoo.SaleOrderF.DateOrder)) {
		if err != nil {
			return 0, err
		}
		if o.State == odoo.SaleOrderStateCancel {
			continue
		}
		total += o.AmountTotal
	}
	return total, nil
}
