package option

import (
	"context"

	odoo "github.com/odoogen/odoogen/golden/sales/want"
	orm "github.com/odoogen/odoogen/runtime"
)

var so, partner = odoo.SaleOrderF, odoo.ResPartnerF

func reads(ctx context.Context, c *orm.Client, id orm.ID[odoo.ResPartner]) error {
	orders := odoo.NewSaleOrderClient(c)
	_, err := orders.Find(ctx, orm.AllOf[odoo.SaleOrder](), orm.Limit(3), orm.Asc(partner.Name)) // want `order of res.partner in a call on sale.order`
	if err != nil {
		return err
	}
	_, err = orm.Get[odoo.ResPartner](ctx, c, id, orm.Include(so.State)) // want `Include of sale.order in a call on res.partner`
	if err != nil {
		return err
	}
	for _, err := range orders.All(ctx, orm.AllOf[odoo.SaleOrder](), orm.After(id)) { // want `After of res.partner in a call on sale.order`
		if err != nil {
			return err
		}
	}
	last := orm.Desc(partner.Name)
	several := []orm.FindOption{orm.Asc(so.Name), orm.Desc(partner.Name)}           // want `order of res.partner in a call on sale.order`
	if _, err := orders.First(ctx, orm.AllOf[odoo.SaleOrder](), last); err != nil { // want `order of res.partner in a call on sale.order`
		return err
	}
	if _, err := orders.Find(ctx, orm.AllOf[odoo.SaleOrder](), several...); err != nil {
		return err
	}
	var rows []odoo.ResPartner
	return c.Model("res.partner").Find(ctx, &rows, orm.Expr{}, orm.Asc(so.Name)) // want `order of sale.order in a call on res.partner`
}

func right(ctx context.Context, c *orm.Client, id orm.ID[odoo.ResPartner], given []orm.FindOption) error {
	orders := odoo.NewSaleOrderClient(c)
	if _, err := orders.Find(ctx, orm.AllOf[odoo.SaleOrder](), append(given, orm.Asc(so.Name))...); err != nil {
		return err
	}
	var rows []odoo.ResPartner
	return c.Model("res.partner").Find(ctx, &rows, orm.Expr{}, orm.Asc(partner.Name), orm.Include(partner.Image1920))
}
