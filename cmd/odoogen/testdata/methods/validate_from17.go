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
