// Package odootest is an Odoo inside the test: a server made from a schema snapshot that keeps its records in memory
// and speaks Odoo's protocols over real HTTP on the loopback interface: JSON-RPC, the web session, and JSON-2 from 19 on.
//
//	server := odootest.New(t, schema)
//	id, err := server.Create("res.partner", map[string]any{"name": "Azure Interior"})
//	client, err := server.Dial(ctx)
//
// Any client of Odoo can talk to [Server.URL]. The database is "demo" and the login is admin with the password admin and
// the API key admin-key, unless options say otherwise. It answers as the version that the snapshot was taken from: what was measured on
// Odoo 14 holds up to 18, what was measured on 19 from there on, but for differences whose version is known.
//
// # What the snapshot cannot tell
//
// A snapshot has fields but no code, so that the server stands in for a few things with rules of its own:
//
//   - Nothing is computed but display_name (the field name, or x_name, or "model,id"), one2many fields (over their
//     inverse) and related fields (over their path, as long as the records on it exist). Any other computed field
//     keeps what is written to it. A many2many is kept on the record that it was written on.
//   - Defaults: active is true; a required selection, and one named state, takes its first choice; a required date or
//     datetime the time of the call; a few fields that every integration meets, such as the number of a sale order,
//     have the default that Odoo gives them.
//   - A create without a value for a required field fails only if the field is a char that is not readonly: whatever
//     else Odoo requires, it mostly fills in itself. A write that empties a required field always fails.
//   - Records come in the order of their ids unless the call gives an order, and so do the targets of a many2one that
//     is an order key. Texts are ordered by their bytes.
//   - A record that others require can't be deleted, unless those are its parts: the records of a model whose name
//     begins with the name of its own, as sale.order.line and sale.order. Other links to it are emptied.
//   - Relations to models outside the snapshot take any id, show it as "model,id", and can't be looked through.
//   - Nothing is sanitized, unique, translated, or different from one company to the next, and bin_size is ignored.
//   - A condition that compares a field with a value of a wrong kind, such as a list with <, may match other records
//     than on Odoo 14, which leaves such things to its database. A text for a many2one is always refused.
//   - formatted_read_group, which it has as Odoo 19 does, groups dates by day, month and year. load takes no lists.
//   - Everybody who may log in may do everything that is possible. Models listed as unseen refuse everything.
//
// Business methods do not exist until [Server.Method] gives them.
package odootest
