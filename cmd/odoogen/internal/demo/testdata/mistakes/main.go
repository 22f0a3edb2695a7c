// Mistakes that the compiler finds before your customers do.
package main

import (
	orm "github.com/odoogen/odoogen/runtime"

	"example.com/shop/odoo"
)

var (
	so, partner = odoo.SaleOrderF, odoo.ResPartnerF

	_ = orm.And(orm.Eq(so.State, odoo.SaleOrderStateSale), orm.ILike(partner.Email, "%@azure.example.com"))
	_ = orm.Eq(so.State, odoo.ProductProductTypeService)
	_ = odoo.SaleOrderValues{PartnerID: orm.Set(orm.ID[odoo.ProductProduct](7))}
	_ = orm.Gt(so.Name, 42)
)

func main() {}
