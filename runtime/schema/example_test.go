package schema_test

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
	"github.com/odoogen/odoogen/runtime/schema"
)

// A program that starts only if the server is what its bindings were generated from.
func ExampleVerify() {
	server := exampleServer() // in place of https://erp.example.com
	defer server.Close()

	c, err := orm.Dial(context.Background(), server.URL, orm.Database("demo"), orm.Password("admin", "admin"),
		schema.Verify(odoo.Schema, schema.Only((*odoo.SaleOrder)(nil), (*odoo.ResPartner)(nil))))
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("as expected:", c.Version().Series)
	// Output: as expected: 19.0
}

// Bindings of an older server.
func ExampleCheck() {
	ctx := context.Background()
	server := exampleServer()
	defer server.Close()
	c, err := server.Dial(ctx)
	if err != nil {
		log.Fatal(err)
	}

	const expected schema.Text = "res.partner ResPartner\n email char\n mobile char\n title many2one res.partner.title\n"
	err = schema.Check(ctx, c, expected)
	fmt.Println(err)
	if e := new(schema.Error); errors.As(err, &e) {
		for _, d := range e.Differences {
			fmt.Println(d.Model, d.Field, d.Kind == schema.Gone)
		}
	}
	// Output:
	// schema: the server, Odoo 19.0, is not what the bindings were generated from:
	//   res.partner.mobile: gone
	//   res.partner.title: gone
	// res.partner mobile true
	// res.partner title true
}

// exampleServer is an embedded Odoo.
func exampleServer() *odootest.Server {
	models, err := snapshot.Decode(generated.Snapshot)
	if err != nil {
		log.Fatal(err)
	}
	server, err := odootest.Start(models)
	if err != nil {
		log.Fatal(err)
	}
	return server
}
