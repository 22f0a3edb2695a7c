package main

import (
	orm "github.com/odoogen/odoogen/runtime"

	"example.com/shop/odoo"
)

// movesOf are the stock moves of a transfer, under the name that the field has from Odoo 16 on.
func movesOf(picking odoo.StockPicking) []orm.ID[odoo.StockMove] { return picking.MoveIDs }
