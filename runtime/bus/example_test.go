package bus_test

import (
	"context"
	"log"
	"time"

	"github.com/odoogen/odoogen/generated/odoo"
	orm "github.com/odoogen/odoogen/runtime"
	"github.com/odoogen/odoogen/runtime/bus"
	"github.com/odoogen/odoogen/runtime/feed"
)

// An administrator installs the signal once: channel, err := bus.Signal(ctx, admin, bus.On(odoo.SaleOrderF.State)).
// Programs that know the channel see changes within a second, and miss none, since the feed looks once a minute as well.
func ExampleWake() {
	run := func(ctx context.Context, c *orm.Client, channel string) error {
		type row struct {
			Name  string              `odoo:"name"`
			State odoo.SaleOrderState `odoo:"state"`
		}
		orders, err := feed.New[row](c, orm.AllOf[odoo.SaleOrder](), feed.StoreIn(feed.File("orders.feed")))
		if err != nil {
			return err
		}
		signals := bus.Wake(ctx, c, func(err error) { log.Print(err) }, bus.Channel(channel))
		for batch, err := range orders.Batches(ctx, feed.Every(time.Minute), feed.Wake(signals)) {
			if err != nil {
				return err
			}
			for _, change := range batch.Changes {
				log.Print(change.Kind, change.Record.Name, change.Record.State)
			}
			if err := batch.Commit(ctx); err != nil {
				return err
			}
		}
		return nil
	}
	_ = run
}
