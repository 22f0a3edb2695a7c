package xmlid_test

import (
	"context"
	"errors"
	"fmt"
	"log"

	"github.com/odoogen/odoogen/generated"
	"github.com/odoogen/odoogen/generated/odoo"
	"github.com/odoogen/odoogen/introspect/snapshot"
	orm "github.com/odoogen/odoogen/runtime"
	"github.com/odoogen/odoogen/runtime/odootest"
	"github.com/odoogen/odoogen/runtime/xmlid"
)

func ExampleLookup() {
	ctx := context.Background()
	c, closeServer := exampleClient(ctx)
	defer closeServer()

	company, err := xmlid.Lookup[odoo.ResPartner](ctx, c, "base.main_partner")
	fmt.Println(company, err)
	_, err = xmlid.Lookup[odoo.ResPartner](ctx, c, "base.partner_of_nobody")
	fmt.Println(errors.Is(err, orm.ErrNoRecord), err)
	// Output:
	// 1 <nil>
	// true xmlid: no record has the external ID base.partner_of_nobody
}

// exampleClient logs in to an embedded Odoo with a partner.
func exampleClient(ctx context.Context) (*orm.Client, func()) {
	schema, err := snapshot.Decode(generated.Snapshot)
	if err != nil {
		log.Fatal(err)
	}
	server, err := odootest.Start(schema)
	if err != nil {
		log.Fatal(err)
	}
	if err := server.SeedJSON([]byte(`{"res.partner": [{"id": "base.main_partner", "name": "YourCompany"}]}`)); err != nil {
		log.Fatal(err)
	}
	c, err := server.Dial(ctx)
	if err != nil {
		log.Fatal(err)
	}
	return c, server.Close
}
