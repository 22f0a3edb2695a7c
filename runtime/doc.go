// Package orm is the runtime of the bindings that odoogen generates. It calls an Odoo server (version 14 and later) and
// converts between Go types and Odoo's JSON.
//
// A program dials a server once and shares the client, which is safe for concurrent use:
//
//	c, err := orm.Dial(ctx, "https://erp.example.com", orm.Database("acme"), orm.APIKey("bot@example.com", key))
//
// A query has a condition, built from the field descriptors of a generated package, and a destination: the fields of the
// struct that receives a record are the fields that are read.
//
//	so, partner := odoo.SaleOrderF, odoo.ResPartnerF
//	where := orm.And(
//		orm.Eq(so.State, odoo.SaleOrderStateSale),
//		orm.Any(so.PartnerID, orm.ILike(partner.Email, "@example.com")),
//	)
//	orders, err := orm.Find[odoo.SaleOrder](ctx, c, where, orm.Desc(so.DateOrder), orm.Limit(80))
//
// Any struct with `odoo:"field_name"` tags can be used instead of the generated record:
//
//	type row struct {
//		ID      orm.ID[odoo.SaleOrder]   `odoo:"id"`
//		Partner orm.Ref[odoo.ResPartner] `odoo:"partner_id"`
//	}
//	rows, err := orm.Find[row](ctx, c, where)
//
// # Reading and writing
//
// On reading, Odoo's false for "no value" becomes the zero value of the Go type. On writing, each field of a
// generated Values struct has three states: absent (the zero [Opt], not sent), [Set] and [Clear].
//
// # Overview
//
//   - Reading: [Find], [First], [Get], [Read], [All] page by page, [Count], [IDs], [Group] with sums and periods,
//     [NameSearch]. A nested struct reads the target of a relation; [Fill] reads it later.
//   - Writing: [Create], [CreateMany], [Write], [Unlink], [Copy], and [Commands] for the records of an x2many; package
//     [github.com/odoogen/odoogen/runtime/load] by external ID.
//   - Files: package [github.com/odoogen/odoogen/runtime/files] streams binary fields.
//   - External IDs: package [github.com/odoogen/odoogen/runtime/xmlid].
//   - Business methods: methods of the generated clients, such as ActionConfirm; package
//     [github.com/odoogen/odoogen/runtime/actions] for wizards.
//   - Other methods: Call of a generated client, [Model.Call], or [Client.ExecuteKW]. Models without bindings:
//     [Client.Model]. New models and fields: [github.com/odoogen/odoogen/runtime/admin.CreateModel].
//   - Checks that the bindings match the server, and the labels of selections: package
//     [github.com/odoogen/odoogen/runtime/schema].
//   - Administration of the server and its databases: [github.com/odoogen/odoogen/runtime/admin.NewServer].
//
// # Protocols
//
// The same program runs over JSON-RPC, a web session or JSON-2: [Dial] chooses the best protocol that the server and the
// credential allow, [Client.Protocol] reports it, and [Using] forces one.
//
// # Errors
//
// An [Error] is a failure reported by Odoo or by the connection to it. errors.Is reports its kind, such as [ErrAccess] or
// [ErrCutOff]. A [DecodeError] reports a value that the destination cannot hold. Calls are retried after temporary failures,
// see [Retries], but a write that may have had its effect is never sent again unless the caller allows it: see [Idempotent]
// and [Error.MaybeDone].
package orm
