package field

import (
	"context"

	odoo "github.com/odoogen/odoogen/golden/sales/want"
	orm "github.com/odoogen/odoogen/runtime"
)

func domains(ctx context.Context, c *orm.Client) error {
	_ = orm.Where[odoo.SaleOrder]("partner_id.email", "!=", false)
	_ = orm.Where[odoo.SaleOrder]("partner_id.mail", "!=", false) // want `res.partner has no field mail; did you mean email\?`
	_ = orm.Where[odoo.SaleOrder]("currency_id.rounding", ">", 0) // a model without bindings
	_ = orm.Where[odoo.SaleOrder]("x_own", "=", 1)
	_ = orm.Where[odoo.SaleOrder]("stat", "=", "sale") // want `sale.order has no field stat; did you mean state\?`
	const name = "amount_totals"
	_ = orm.Where[odoo.SaleOrder](name, ">", 1) // want `sale.order has no field amount_totals; did you mean amount_total\?`

	orders := odoo.NewSaleOrderClient(c)
	if err := orders.Call(ctx, "search_read", nil, orm.Args{
		"domain": []any{"|", []any{"name", "=", "x"}, []any{"nam", "=", "x"}}, // want `sale.order has no field nam; did you mean name\?`
		"fields": []string{"state", "no_such_field_here"},                     // want `sale.order has no field no_such_field_here$`
		"order":  "date_order desc, dat asc",                                  // want `sale.order has no field dat`
	}, nil); err != nil {
		return err
	}
	if err := orders.Call(ctx, "my_method", nil, orm.Args{"anything": 1}, nil); err != nil {
		return err
	}
	partners := c.Model("res.partner")
	if _, err := partners.Create(ctx, orm.Args{"name": "x", "emial": "y"}); err != nil { // want `res.partner has no field emial; did you mean email\?`
		return err
	}
	if err := partners.Write(ctx, []int64{1}, orm.Args{"colour": 1}); err != nil { // want `res.partner has no field colour; did you mean color\?`
		return err
	}
	_, err := orders.Find(ctx, orm.IsSet(odoo.SaleOrderF.Note), orm.Context{"default_partner": 1, "lang": "fr_FR"}) // want `sale.order has no field partner`
	return err
}
