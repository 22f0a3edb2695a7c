package load_test

import (
	"context"
	"errors"
	"fmt"
	"log"

	"github.com/odoogen/odoogen/generated"
	"github.com/odoogen/odoogen/generated/odoo"
	"github.com/odoogen/odoogen/introspect/snapshot"
	orm "github.com/odoogen/odoogen/runtime"
	"github.com/odoogen/odoogen/runtime/load"
	"github.com/odoogen/odoogen/runtime/odootest"
)

// Partners from another system, by the keys that they have there. Done again, it changes what has changed.
func ExampleRows() {
	ctx := context.Background()
	c, closeServer := exampleClient(ctx)
	defer closeServer()

	done, err := load.Rows(ctx, c, []load.Row[odoo.ResPartnerValues]{
		{XMLID: "crm_import.c1001", Values: odoo.ResPartnerValues{Name: orm.Set("Azure Interior"), Email: orm.Set("azure@example.com")}},
		{XMLID: "crm_import.c1002", Values: odoo.ResPartnerValues{Name: orm.Set("Deco Addict"), Email: orm.Clear[string]()}},
	})
	if failed, ok := errors.AsType[*load.Error](err); ok {
		for _, m := range failed.Messages { // nothing is loaded
			fmt.Println(m.XMLID, m.Field, m.Message)
		}
		return
	}
	if err != nil {
		log.Fatal(err)
	}
	azure, err := orm.Get[odoo.ResPartner](ctx, c, done.IDs[0])
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(len(done.IDs), azure.Email)
	// Output: 2 azure@example.com
}

// exampleClient logs in to an embedded Odoo.
func exampleClient(ctx context.Context) (*orm.Client, func()) {
	schema, err := snapshot.Decode(generated.Snapshot)
	if err != nil {
		log.Fatal(err)
	}
	server, err := odootest.Start(schema)
	if err != nil {
		log.Fatal(err)
	}
	c, err := server.Dial(ctx)
	if err != nil {
		log.Fatal(err)
	}
	return c, server.Close
}
