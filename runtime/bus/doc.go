// Package bus receives the notifications of Odoo's bus: by websocket from Odoo 16 on, by long polling on 14 and 15.
//
//	for n, err := range bus.Listen(ctx, c, bus.Channel(secret)) {
//		if err != nil {
//			log.Print(err) // the loop goes on: it connects again
//			continue
//		}
//		log.Print(n.Type, string(n.Payload))
//	}
//
// The bus is a way to be quick, not a record of what happened. Changes of records are not on it, unless a rule of [Signal] puts a
// signal there. Anybody may listen to a channel whose name they know, without a login: names are secrets. The server keeps
// notifications for a limited time, and a slow transaction's can be lost; use package feed where nothing must be missed, and [Wake]
// to make it quick.
package bus
