package main

import (
	"context"
	"errors"

	orm "github.com/odoogen/odoogen/runtime"
	"github.com/odoogen/odoogen/runtime/actions"

	"example.com/shop/odoo"
)

// validate ships what is reserved. Until Odoo 16, a wizard asks whether all was done if nobody has noted it.
func validate(ctx context.Context, c *orm.Client, picking orm.ID[odoo.StockPicking]) error {
	answer, err := odoo.NewStockPickingClient(c).ButtonValidate(ctx, orm.On(picking))
	if err != nil {
		return err
	}
	action, ok := actions.Of(answer)
	if !ok {
		return errors.New("Odoo did not ask whether all was done")
	}
	wizard, err := actions.Follow(ctx, c, action, odoo.StockImmediateTransferValues{})
	if err != nil {
		return err
	}
	_, err = odoo.NewStockImmediateTransferClient(wizard.Client).Process(ctx, orm.On(wizard.ID))
	return err
}
