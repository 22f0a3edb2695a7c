package main

import (
	"context"
	"fmt"

	orm "github.com/odoogen/odoogen/runtime"

	"example.com/shop/odoo"
)

// validate ships what is reserved.
func validate(ctx context.Context, c *orm.Client, picking orm.ID[odoo.StockPicking]) error {
	answer, err := odoo.NewStockPickingClient(c).ButtonValidate(ctx, orm.On(picking))
	if err == nil && !answer.IsTrue() {
		err = fmt.Errorf("validating answered with %s", answer.Raw)
	}
	return err
}

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
