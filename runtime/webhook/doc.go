// Package webhook receives the webhooks that Odoo 17 and later send when records change.
//
//	type row struct {
//		ID    orm.ID[odoo.SaleOrder] `odoo:"id"`
//		State odoo.SaleOrderState    `odoo:"state"`
//		Total float64                `odoo:"amount_total"`
//	}
//	orders, err := webhook.Handler(secret, func(ctx context.Context, e webhook.Event[row]) error {
//		return ship(ctx, e.Record)
//	})
//	…
//	http.Handle("/odoo/", orders) // Odoo sends to https://shop.example/odoo/SECRET
//
// Odoo waits one second for the answer, for each record, while its user waits too. It does not sign what it sends, does not send
// again what failed, and sends some changes several times. Odoo 17 and 18 send before the transaction is committed: the receiver
// still reads the old data, and a transaction that fails has sent nonetheless. A handler therefore puts events into a bounded queue
// and answers at once. Use [Wake] with package feed where no change must be missed.
package webhook
