package odootest_test

import (
	"context"
	"fmt"
	"log"
	"testing"

	"github.com/odoogen/odoogen/generated"
	"github.com/odoogen/odoogen/introspect/snapshot"
	orm "github.com/odoogen/odoogen/runtime"
	"github.com/odoogen/odoogen/runtime/odootest"
)

func Example() {
	schema, err := snapshot.Decode(generated.Snapshot)
	if err != nil {
		log.Fatal(err)
	}
	server, err := odootest.Start(schema) // in a test: odootest.New(t, schema)
	if err != nil {
		log.Fatal(err)
	}
	defer server.Close()

	server.Method("sale.order", "action_confirm", func(call odootest.Call) (any, error) {
		return true, call.Write("sale.order", call.IDs, map[string]any{"state": "sale"})
	})
	azure, err := server.Create("res.partner", map[string]any{"name": "Azure Interior"})
	if err != nil {
		log.Fatal(err)
	}

	ctx := context.Background()
	client, err := server.Dial(ctx)
	if err != nil {
		log.Fatal(err)
	}
	orders := client.Model("sale.order")
	id, err := orders.Create(ctx, orm.Args{"partner_id": azure})
	if err != nil {
		log.Fatal(err)
	}
	if err := orders.Call(ctx, "action_confirm", []int64{id}, nil, nil); err != nil {
		log.Fatal(err)
	}
	var order struct {
		Name    string           `odoo:"name"`
		State   string           `odoo:"state"`
		Partner orm.Ref[partner] `odoo:"partner_id"`
	}
	if err := orders.Get(ctx, &order, id); err != nil {
		log.Fatal(err)
	}
	fmt.Println(order.Name, order.State, order.Partner.Name)
	// Output: S00001 sale Azure Interior
}

// A test of code that calls a real server's business methods: recorded with ODOOGEN_RECORD=https://test.example.com, and replayed
// without it.
func ExampleRecorded() {
	test := func(t *testing.T) {
		server := odootest.Recorded(t, "testdata/confirm.recording.json")
		client, err := server.Dial(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if err := client.Model("sale.order").Call(t.Context(), "action_confirm", []int64{17}, nil, nil); err != nil {
			t.Error(err)
		}
	}
	_ = test // a func TestConfirm(t *testing.T)
}
