// Package shop sells what a web shop has sold: it finds or creates the customer, enters the order through a form, confirms it,
// delivers it, invoices it, posts and pays the invoice, and sends the customer a message with the invoice attached.
//
// The same lines run on Odoo 14 and 19, with a password or with an API key. No model, field, method or report is named by a text:
// what an upgrade of Odoo changes does not compile.
package shop

//go:generate go tool odoogen generate
