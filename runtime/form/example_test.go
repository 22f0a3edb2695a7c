package form_test

import (
	"context"
	"errors"
	"fmt"
	"log"

	"github.com/odoogen/odoogen/generated"
	"github.com/odoogen/odoogen/generated/odoo"
	"github.com/odoogen/odoogen/introspect/snapshot"
	orm "github.com/odoogen/odoogen/runtime"
	"github.com/odoogen/odoogen/runtime/form"
	"github.com/odoogen/odoogen/runtime/odootest"
)

// An order, as a user would enter it: Odoo gives the line its price.
func Example() {
	ctx := context.Background()
	c, closeServer := orderServer(ctx)
	defer closeServer()

	customer, err := orm.Create(ctx, c, odoo.ResPartnerValues{Name: orm.Set("Azure Interior")})
	chair, err2 := orm.Create(ctx, c, odoo.ProductProductValues{Name: orm.Set("Chair")})
	if err = errors.Join(err, err2); err != nil {
		log.Fatal(err)
	}
	order, err := form.New(ctx, c, odoo.SaleOrderValues{PartnerID: orm.Set(customer)})
	if err != nil {
		log.Fatal(err)
	}
	line, err := form.Add(ctx, order, odoo.SaleOrderF.OrderLine, odoo.SaleOrderLineValues{ProductID: orm.Set(chair), ProductUomQty: orm.Set(2.0)})
	if err != nil {
		log.Fatal(err)
	}
	shown, err := line.Values()
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(shown.Name, shown.ProductUomQty, "at", shown.PriceUnit)

	id, err := order.Create(ctx)
	fmt.Println("created:", id != 0, err)
	// Output:
	// Oak chair 2 at 45
	// created: true <nil>
}

// orderServer is an embedded Odoo with an onchange for the product of a line.
func orderServer(ctx context.Context) (*orm.Client, func()) {
	schema, err := snapshot.Decode(generated.Snapshot)
	if err != nil {
		log.Fatal(err)
	}
	server, err := odootest.Start(schema)
	if err != nil {
		log.Fatal(err)
	}
	server.OnChange("sale.order.line", "product_id", func(odootest.Change) (odootest.Changed, error) {
		return odootest.Changed{Values: map[string]any{"name": "Oak chair", "price_unit": 45.0}}, nil
	})
	c, err := server.Dial(ctx)
	if err != nil {
		log.Fatal(err)
	}
	return c, server.Close
}
