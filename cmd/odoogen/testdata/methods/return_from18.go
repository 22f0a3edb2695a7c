package main

import (
	"context"

	orm "github.com/odoogen/odoogen/runtime"

	"example.com/shop/odoo"
)

// giveBack returns a transfer; the wizard knows its lines.
func giveBack(ctx context.Context, c *orm.Client, picking odoo.StockPicking) (orm.ID[odoo.StockPicking], error) {
	wizard, err := orm.OpenOn(ctx, c, orm.On(picking.ID), odoo.StockReturnPickingValues{})
	if err != nil {
		return 0, err
	}
	answer, err := odoo.NewStockReturnPickingClient(wizard.Client).ActionCreateReturnsAll(ctx, orm.On(wizard.ID))
	if err != nil {
		return 0, err
	}
	action, _ := answer.Action()
	return orm.ID[odoo.StockPicking](action.ResID), nil
}
