package main

import (
	"context"
	"errors"

	orm "github.com/odoogen/odoogen/runtime"

	"example.com/shop/odoo"
)

// validate ships what is reserved: of a transfer on which nobody has noted what was done, Odoo 14 asks whether it was all.
func validate(ctx context.Context, c *orm.Client, picking orm.ID[odoo.StockPicking]) error {
	answer, err := odoo.NewStockPickingClient(c).ButtonValidate(ctx, orm.On(picking))
	if err != nil {
		return err
	}
	action, ok := answer.Action()
	if !ok {
		return errors.New("Odoo did not ask whether all was done")
	}
	wizard, err := orm.Follow(ctx, c, action, odoo.StockImmediateTransferValues{})
	if err != nil {
		return err
	}
	_, err = odoo.NewStockImmediateTransferClient(wizard.Client).Process(ctx, orm.On(wizard.ID))
	return err
}

// giveBack returns a transfer. The lines of the wizard are filled in by the form in Odoo 14, so that they are given here.
func giveBack(ctx context.Context, c *orm.Client, picking odoo.StockPicking) (orm.ID[odoo.StockPicking], error) {
	moves, err := odoo.NewStockMoveClient(c).Find(ctx, orm.In(odoo.StockMoveF.ID, picking.MoveLines...))
	if err != nil {
		return 0, err
	}
	var lines []orm.Command[odoo.StockReturnPickingLine]
	for _, m := range moves {
		lines = append(lines, orm.New(odoo.StockReturnPickingLineValues{
			ProductID: orm.Set(m.ProductID.ID), MoveID: orm.Set(m.ID), Quantity: orm.Set(m.ProductUomQty),
		}))
	}
	wizard, err := orm.OpenOn(ctx, c, orm.On(picking.ID), odoo.StockReturnPickingValues{
		PickingID: orm.Set(picking.ID), LocationID: orm.Set(picking.LocationID.ID), ProductReturnMoves: lines,
	})
	if err != nil {
		return 0, err
	}
	answer, err := odoo.NewStockReturnPickingClient(wizard.Client).CreateReturns(ctx, orm.On(wizard.ID))
	if err != nil {
		return 0, err
	}
	action, _ := answer.Action()
	return orm.ID[odoo.StockPicking](action.ResID), nil
}
