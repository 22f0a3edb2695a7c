package choice

import (
	"context"

	odoo "github.com/odoogen/odoogen/golden/sales/want"
	orm "github.com/odoogen/odoogen/runtime"
)

func choices(ctx context.Context, o odoo.SaleOrder) bool {
	_ = orm.Eq(odoo.SaleOrderF.State, "sale")
	_ = orm.Eq(odoo.SaleOrderF.State, "sold")                              // want `"sold" is no choice of sale.order.state: want cancel, draft, sale, sent`
	_ = odoo.SaleOrderState("done")                                        // want `"done" is no choice of sale.order.state`
	_ = orm.Where[odoo.SaleOrder]("state", "in", []string{"sale", "done"}) // want `"done" is no choice`
	switch o.State {
	case "draft", odoo.SaleOrderStateSent:
	case "cancelled": // want `"cancelled" is no choice`
	}
	return o.State == "" || ctx == nil
}
