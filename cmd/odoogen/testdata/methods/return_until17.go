package main

import (
	"context"

	orm "github.com/odoogen/odoogen/runtime"
	"github.com/odoogen/odoogen/runtime/actions"

	"example.com/shop/odoo"
)

// giveBack returns a transfer. The lines of the wizard are given: until Odoo 16, only the form fills them in.
func giveBack(ctx context.Context, c *orm.Client, picking odoo.StockPicking) (orm.ID[odoo.StockPicking], error) {
	moves, err := odoo.NewStockMoveClient(c).Find(ctx, orm.In(odoo.StockMoveF.ID, movesOf(picking)...))
	if err != nil {
		return 0, err
	}
	var lines []orm.Command[odoo.StockReturnPickingLine]
	for _, m := range moves {
		lines = append(lines, orm.New(odoo.StockReturnPickingLineValues{
			ProductID: orm.Set(m.ProductID.ID), MoveID: orm.Set(m.ID), Quantity: orm.Set(m.ProductUomQty),
		}))
	}
	wizard, err := actions.OpenOn(ctx, c, orm.On(picking.ID), odoo.StockReturnPickingValues{
		PickingID: orm.Set(picking.ID), LocationID: orm.Set(picking.LocationID.ID), ProductReturnMoves: lines,
	})
	if err != nil {
		return 0, err
	}
	answer, err := odoo.NewStockReturnPickingClient(wizard.Client).CreateReturns(ctx, orm.On(wizard.ID))
	if err != nil {
		return 0, err
	}
	action, _ := actions.Of(answer)
	return orm.ID[odoo.StockPicking](action.ResID), nil
}
