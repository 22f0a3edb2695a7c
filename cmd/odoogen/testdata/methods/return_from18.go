package main

import (
	"context"

	orm "github.com/odoogen/odoogen/runtime"
	"github.com/odoogen/odoogen/runtime/actions"

	"example.com/shop/odoo"
)

// giveBack returns a transfer; the wizard knows its lines.
func giveBack(ctx context.Context, c *orm.Client, picking odoo.StockPicking) (orm.ID[odoo.StockPicking], error) {
	wizard, err := actions.OpenOn(ctx, c, orm.On(picking.ID), odoo.StockReturnPickingValues{})
	if err != nil {
		return 0, err
	}
	answer, err := odoo.NewStockReturnPickingClient(wizard.Client).ActionCreateReturnsAll(ctx, orm.On(wizard.ID))
	if err != nil {
		return 0, err
	}
	action, _ := actions.Of(answer)
	return orm.ID[odoo.StockPicking](action.ResID), nil
}
