package orm_test

import (
	"context"
	"errors"
	"fmt"
	"log"

	"github.com/odoogen/odoogen/generated/odoo"
	orm "github.com/odoogen/odoogen/runtime"
)

// A program that starts only if the server is what its bindings were generated from.
func ExampleVerifySchema() {
	server := exampleServer() // in place of https://erp.example.com
	defer server.Close()

	c, err := orm.Dial(context.Background(), server.URL, orm.Database("demo"), orm.Password("admin", "admin"),
		orm.VerifySchema(odoo.Schema, orm.VerifyModels((*odoo.SaleOrder)(nil), (*odoo.ResPartner)(nil))))
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("as expected:", c.Version().Series)
	// Output: as expected: 19.0
}

// Bindings of an older server.
func ExampleClient_VerifySchema() {
	ctx := context.Background()
	c, end := exampleClient(ctx)
	defer end()

	const schema orm.Schema = "res.partner ResPartner\n email char\n mobile char\n title many2one res.partner.title\n"
	err := c.VerifySchema(ctx, schema)
	fmt.Println(err)
	if e := new(orm.SchemaError); errors.As(err, &e) {
		for _, d := range e.Differences {
			fmt.Println(d.Model, d.Field, d.Kind == orm.Gone)
		}
	}
	// Output:
	// orm: the server, Odoo 19.0, is not what the bindings were generated from:
	//   res.partner.mobile: gone
	//   res.partner.title: gone
	// res.partner mobile true
	// res.partner title true
}
