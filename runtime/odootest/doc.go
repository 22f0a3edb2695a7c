// Package odootest is an Odoo inside the test: a server made from a schema snapshot that keeps its records in memory
// and speaks Odoo's protocols over real HTTP on the loopback interface: XML-RPC, JSON-RPC, the web session, and JSON-2 from 19 on.
//
//	server := odootest.New(t, schema)
//	id, err := server.Create("res.partner", map[string]any{"name": "Azure Interior"})
//	client, err := server.Dial(ctx)
//
// Any client of Odoo can talk to [Server.URL]. The database is "demo" and the login is admin with the password admin and
// the API key admin-key, unless options say otherwise. It answers as the version that the snapshot was taken from, 14 to
// 19; what the versions do differently is in internal/odoofacts.
//
// What a test does itself, it does through [Server.Backstage], a client that is not logged: seeding with typed values, and
// looking at what came of it. [Server.SeedFile] takes records from JSON and CSV. [Server.Calls] are the calls of the code
// under test, [Server.Inject] lets some of them fail, and [Server.Snapshot] keeps what the server holds.
//
// # What the snapshot does not contain
//
// A snapshot has fields but no code, so the server replaces a few things with rules of its own:
//
//   - Nothing is computed but display_name (the field name, or x_name, or "model,id"), one2many fields (over their
//     inverse) and related fields (over their path, as long as the records on it exist). Any other computed field
//     keeps what is written to it; ir.attachment.raw is the content of datas. A few models that every integration meets have the display names that Odoo computes.
//   - Defaults: active is true; a required selection, and one named state, takes its first choice; a required date or
//     datetime the time of the call; a few fields that every integration meets, such as the number of a sale order,
//     have the default that Odoo gives them. default_get gives no default of a required field if the snapshot was pulled
//     without defaults.
//   - Views of the database have the records that [Server.Create], [Server.SeedFile] and [Server.Backstage] give them;
//     clients can only read them. A model with string IDs has one record, "1", from the start.
//   - A create without a value for a required field fails only if the model is a custom one, or the field a char that is
//     not readonly: whatever else Odoo requires, it mostly fills in itself. A write that empties a required field always
//     fails.
//   - Records come in the order of their model, as far as it names fields. Texts are ordered by their bytes.
//   - Where an older snapshot does not say what a deletion does, a record that others require can't be deleted, unless
//     those are its parts: the records of a model whose name begins with the name of its own, as sale.order.line and
//     sale.order. Other links to it are emptied.
//   - Relations to models outside the snapshot take any id, show it as "model,id", and can't be looked through.
//   - Nothing is sanitized, and nothing but what [Unique] declares is unique.
//   - Whether a write or a deletion of ids that are gone fails depends on record rules and code, which a snapshot does not
//     show: the models of the applications do as they were seen to do, others fail if they have a stored company_id.
//   - Users have full access unless given [Rights]. Models listed as unseen refuse everything.
//
// The package differential beside this one compares its answers with those of real servers of 14 to 19.
//
// Automation rules run on create, write and unlink if they send a webhook (webhook.Install), or if their code is that of an outbox
// (feed.Install) or a signal (bus.Signal); a rule with other code is refused. [Server.Notify] puts notifications on the bus, and
// [Server.Deliver] loses, repeats or delays webhooks and notifications. The server has no rules if the snapshot lists the modules of its server, and base_automation is not one of them.
//
// Business methods do not exist until [Server.Method] gives them. [Recorded] replays what a real server answered.
package odootest
