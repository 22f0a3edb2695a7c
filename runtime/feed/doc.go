// Package feed delivers the changes of the records that match a condition: first all of them, then what is created, changed
// and deleted, and what no longer matches.
//
//	type row struct {
//		ID    orm.ID[odoo.SaleOrder] `odoo:"id"`
//		Name  string                 `odoo:"name"`
//		Total float64                `odoo:"amount_total"`
//	}
//	f, err := feed.New[row](c, orm.Eq(odoo.SaleOrderF.State, odoo.SaleOrderStateSale), feed.StoreIn(feed.File("orders.feed")))
//	…
//	for batch, err := range f.Batches(ctx, feed.Every(30*time.Second)) {
//		if err != nil {
//			log.Print(err) // the loop goes on with the next poll
//			continue
//		}
//		for _, change := range batch.Changes {
//			… // change.Kind, change.ID, change.Record
//		}
//		if err := batch.Commit(ctx); err != nil {
//			log.Print(err)
//		}
//	}
//
// It needs no rights but to read the records. What it promises:
//
//   - The last committed state of each record is delivered at least once, also of records that are written by transactions
//     that commit late, within one second, or while the program does not run.
//   - What [Batch.Commit] has committed is not delivered again.
//   - Several changes of a record between two polls are delivered as one.
//
// # How it looks for changes
//
// Odoo sets write_date to the time at which the transaction began, and shows it in seconds. Records therefore appear with an
// older write_date than others that are already there, and two writes in one second look alike. A poll reads all records with
// a write_date of at least the time of the poll before, less the [Overlap], and delivers those whose content differs from what
// was delivered last, by a hash of the fields that are read. The time is the clock of the server, from the header Date of its
// answers. The clock of this machine is not used.
//
// Deleted records, and those that no longer match, leave no trace that a poll could read. Every so often ([Deletions]) the
// feed compares the number and the sum of the IDs that match with those that it has delivered, and where they differ it halves
// the range of IDs until it has found the records. It finds the records that match without a new write_date as well.
//
// # An outbox
//
// An administrator can install an outbox once ([Install]): a model of the database that automation rules write each change to, in
// its transaction. A feed with the option [Outbox] reads its rows instead of polling, and deletes those that it has handled. It sees
// deletions at the next look, and changes of child records.
//
// [Feed.Limits] lists what a feed cannot see.
package feed
