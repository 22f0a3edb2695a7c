package jetstream_test

import (
	"context"
	"fmt"
	"log"
	"os"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"

	"github.com/odoogen/odoogen/generated"
	"github.com/odoogen/odoogen/generated/odoo"
	"github.com/odoogen/odoogen/introspect/snapshot"
	orm "github.com/odoogen/odoogen/runtime"
	"github.com/odoogen/odoogen/runtime/feed"
	"github.com/odoogen/odoogen/runtime/feed/jetstream"
	"github.com/odoogen/odoogen/runtime/odootest"
)

func Example() {
	schema, err := snapshot.Decode(generated.Snapshot)
	if err != nil {
		log.Fatal(err)
	}
	odooServer, err := odootest.Start(schema)
	if err != nil {
		log.Fatal(err)
	}
	defer odooServer.Close()
	natsServer, folder := startExampleNATS()
	defer os.RemoveAll(folder)
	defer natsServer.Shutdown()

	ctx, stop := context.WithCancel(context.Background())
	c, err := odooServer.Dial(ctx)
	if err != nil {
		log.Fatal(err)
	}
	if _, err := orm.Create(ctx, c, odoo.ResPartnerValues{Name: orm.Set("Azure Interior")}); err != nil {
		log.Fatal(err)
	}
	type row struct {
		Name string `odoo:"name" json:"name"`
	}
	report := func(err error) { log.Print(err) }

	nc, err := nats.Connect(natsServer.ClientURL(), nats.MaxReconnects(-1), nats.ReconnectBufSize(-1))
	if err != nil {
		log.Fatal(err)
	}
	defer nc.Close()
	group, err := jetstream.Join(ctx, nc, "shop") // with a cluster, jetstream.Replicas(3)
	if err != nil {
		log.Fatal(err)
	}

	// A worker, of which any number may run.
	partners := func(ctx context.Context, store *jetstream.Store) error {
		f, err := feed.New[row](c, orm.AllOf[odoo.ResPartner](), feed.StoreIn(store))
		if err != nil {
			return err
		}
		for batch, err := range f.Batches(ctx, feed.Every(30*time.Second)) {
			if err == nil {
				err = jetstream.Publish(ctx, store, batch)
			}
			if err != nil {
				return err // the worker runs the feed again
			}
		}
		return nil
	}
	ended := make(chan error)
	go func() { ended <- group.Run(ctx, map[string]jetstream.Work{"partners": partners}, report) }()

	// A consumer, anywhere.
	err = jetstream.Consume(ctx, group, "partners", "index", func(_ context.Context, change feed.Change[row, odoo.ResPartner]) error {
		fmt.Println(change.Kind, change.ID, change.Record.Name)
		stop()
		return nil
	}, report)
	if err != nil {
		log.Fatal(err)
	}
	if err := <-ended; err != nil {
		log.Fatal(err)
	}
	// Output: created 1 Azure Interior
}

func startExampleNATS() (s *server.Server, folder string) {
	folder, err := os.MkdirTemp("", "")
	if err != nil {
		log.Fatal(err)
	}
	s, err = server.NewServer(&server.Options{Host: "127.0.0.1", Port: -1, JetStream: true, StoreDir: folder, NoSigs: true, NoLog: true})
	if err != nil {
		log.Fatal(err)
	}
	s.Start()
	if !s.ReadyForConnections(10 * time.Second) {
		log.Fatal("the server does not start")
	}
	return s, folder
}
