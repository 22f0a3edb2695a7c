package apikey_test

import (
	"context"
	"fmt"
	"log"
	"time"

	"github.com/odoogen/odoogen/generated"
	"github.com/odoogen/odoogen/introspect/snapshot"
	orm "github.com/odoogen/odoogen/runtime"
	"github.com/odoogen/odoogen/runtime/apikey"
	"github.com/odoogen/odoogen/runtime/odootest"
)

func ExampleNew() {
	schema, err := snapshot.Decode(generated.Snapshot)
	if err != nil {
		log.Fatal(err)
	}
	server, err := odootest.Start(schema)
	if err != nil {
		log.Fatal(err)
	}
	defer server.Close()
	ctx := context.Background()
	c, err := server.Dial(ctx, orm.Using(orm.WebSession))
	if err != nil {
		log.Fatal(err)
	}

	key, err := apikey.New(ctx, c, "admin", "nightly export", time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC))
	if err != nil {
		log.Fatal(err)
	}
	if _, err := server.Dial(ctx, orm.APIKey("admin", key), orm.Using(orm.JSON2)); err != nil {
		log.Fatal(err)
	}
	keys, err := apikey.List(ctx, c)
	if err != nil {
		log.Fatal(err)
	}
	for _, k := range keys {
		fmt.Println(k.Name, "until", k.Expires.Format(time.DateOnly))
	}
	// Output:
	// nightly export until 2027-01-01
}
