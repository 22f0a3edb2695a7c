package orm_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"time"

	"github.com/odoogen/odoogen/generated"
	"github.com/odoogen/odoogen/generated/odoo"
	"github.com/odoogen/odoogen/introspect/snapshot"
	orm "github.com/odoogen/odoogen/runtime"
	"github.com/odoogen/odoogen/runtime/odootest"
)

// The examples use the bindings in generated/odoo, and an Odoo in memory in place of yours.

func exampleServer() *odootest.Server {
	schema, err := snapshot.Decode(generated.Snapshot)
	if err != nil {
		log.Fatal(err)
	}
	server, err := odootest.Start(schema)
	if err != nil {
		log.Fatal(err)
	}
	return server
}

// exampleClient logs in to an Odoo with three partners.
func exampleClient(ctx context.Context) (*orm.Client, func()) {
	server := exampleServer()
	c, err := server.Dial(ctx)
	if err != nil {
		log.Fatal(err)
	}
	if err := server.SeedJSON([]byte(`{"res.partner": [{"id": "base.main_partner", "name": "YourCompany"}]}`)); err != nil {
		log.Fatal(err)
	}
	_, err = odoo.NewResPartnerClient(c).CreateMany(ctx, []odoo.ResPartnerValues{
		{Name: orm.Set("Azure Interior"), Email: orm.Set("azure@example.com"), Color: orm.Set(4)},
		{Name: orm.Set("Deco Addict"), Email: orm.Set("deco@example.com"), Color: orm.Set(2)},
		{Name: orm.Set("Gemini Furniture"), Color: orm.Set(7)},
	})
	if err != nil {
		log.Fatal(err)
	}
	return c, server.Close
}

func ExampleDial() {
	server := exampleServer() // in place of https://erp.example.com
	defer server.Close()

	c, err := orm.Dial(context.Background(), server.URL,
		orm.Database("demo"),
		orm.Password("admin", "admin"), // or orm.APIKey(login, key)
		orm.WithContext(orm.Context{"lang": "en_US"}),
	)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("Odoo", c.Version().Series)
	// Output: Odoo 19.0
}

func ExampleFind() {
	ctx := context.Background()
	c, closeServer := exampleClient(ctx)
	defer closeServer()

	partner := odoo.ResPartnerF
	where := orm.And(orm.IsSet(partner.Email), orm.Or(orm.Gt(partner.Color, 3), orm.ILike(partner.Name, "deco")))
	partners, err := orm.Find[odoo.ResPartner](ctx, c, where, orm.Desc(partner.Name), orm.Limit(10))
	if err != nil {
		log.Fatal(err)
	}
	for _, p := range partners {
		fmt.Println(p.Name, p.Email)
	}
	// Output:
	// Deco Addict deco@example.com
	// Azure Interior azure@example.com
}

// A struct of the application reads the fields that its tags name, and no others.
func ExampleFind_projection() {
	ctx := context.Background()
	c, closeServer := exampleClient(ctx)
	defer closeServer()

	type row struct {
		ID    orm.ID[odoo.ResPartner] `odoo:"id"`
		Name  string                  `odoo:"name"`
		Email *string                 `odoo:"email"` // a pointer distinguishes "no value" from ""
	}
	rows, err := orm.Find[row](ctx, c, orm.Eq(odoo.ResPartnerF.Name, "Gemini Furniture"))
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(rows[0].Name, rows[0].Email == nil)
	// Output: Gemini Furniture true
}

// All reads page by page; the loop may end it at any record.
func ExampleAll() {
	ctx := context.Background()
	c, closeServer := exampleClient(ctx)
	defer closeServer()

	everybody := orm.Gt(odoo.ResPartnerF.Color, 0)
	for p, err := range orm.All[odoo.ResPartner](ctx, c, everybody, orm.PageSize(2)) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(p.Name)
	}
	// Output:
	// Azure Interior
	// Deco Addict
	// Gemini Furniture
}

// An order with its lines is one call. Each field of a write is absent, set or cleared.
func ExampleCreate() {
	ctx := context.Background()
	c, closeServer := exampleClient(ctx)
	defer closeServer()

	customer, err := orm.First[odoo.ResPartner](ctx, c, orm.Eq(odoo.ResPartnerF.Name, "Deco Addict"))
	if err != nil {
		log.Fatal(err)
	}
	desk, err := orm.Create(ctx, c, odoo.ProductProductValues{Name: orm.Set("Desk")})
	if err != nil {
		log.Fatal(err)
	}
	id, err := orm.Create(ctx, c, odoo.SaleOrderValues{
		PartnerID: orm.Set(customer.ID),
		DateOrder: orm.Set(time.Date(2026, 7, 1, 12, 0, 0, 0, time.UTC)),
		OrderLine: orm.Commands(
			orm.New(odoo.SaleOrderLineValues{ProductID: orm.Set(desk), ProductUomQty: orm.Set(3.0)}),
			orm.New(odoo.SaleOrderLineValues{ProductID: orm.Set(desk), ProductUomQty: orm.Set(1.0)}),
		),
	})
	if err != nil {
		log.Fatal(err)
	}
	order, err := orm.Get[odoo.SaleOrder](ctx, c, id)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(order.PartnerID.Name, order.DateOrder.Format(time.DateOnly), len(order.OrderLine))
	// Output: Deco Addict 2026-07-01 2
}

// Commands change a list of records in place.
func ExampleCommands() {
	ctx := context.Background()
	c, closeServer := exampleClient(ctx)
	defer closeServer()

	orders := odoo.NewSaleOrderClient(c)
	id, err := orders.Create(ctx, odoo.SaleOrderValues{
		PartnerID: orm.Set(orm.ID[odoo.ResPartner](1)),
		OrderLine: orm.Commands(
			orm.New(odoo.SaleOrderLineValues{Name: orm.Set("desks"), ProductUomQty: orm.Set(1.0)}),
			orm.New(odoo.SaleOrderLineValues{Name: orm.Set("chairs"), ProductUomQty: orm.Set(4.0)}),
		),
	})
	if err != nil {
		log.Fatal(err)
	}
	order, err := orders.Get(ctx, id)
	if err != nil {
		log.Fatal(err)
	}
	desks, chairs := order.OrderLine[0], order.OrderLine[1]
	err = orders.Write(ctx, orm.On(id), odoo.SaleOrderValues{OrderLine: orm.Commands(
		orm.Update(desks, odoo.SaleOrderLineValues{ProductUomQty: orm.Set(2.0)}),
		orm.Delete(chairs),
		orm.New(odoo.SaleOrderLineValues{Name: orm.Set("lamps"), ProductUomQty: orm.Set(2.0)}),
	)})
	if err != nil {
		log.Fatal(err)
	}
	lines, err := orm.Find[odoo.SaleOrderLine](ctx, c, orm.Eq(odoo.SaleOrderLineF.OrderID, id))
	if err != nil {
		log.Fatal(err)
	}
	for _, l := range lines {
		fmt.Println(l.ProductUomQty, l.Name)
	}
	// Output:
	// 2 desks
	// 2 lamps
}

func ExampleError() {
	ctx := context.Background()
	c, closeServer := exampleClient(ctx)
	defer closeServer()

	_, err := orm.First[odoo.ResPartner](ctx, c, orm.Eq(odoo.ResPartnerF.Name, "Nobody"))
	fmt.Println(errors.Is(err, orm.ErrNoRecord))

	err = c.Model("res.partner").Call(ctx, "no_such_method", nil, nil, nil)
	var refused *orm.Error
	if errors.As(err, &refused) {
		fmt.Println(refused.Class)
	}
	// Output:
	// true
	// builtins.AttributeError
}

// Model and Args reach what has no bindings.
func ExampleClient_Model() {
	ctx := context.Background()
	c, closeServer := exampleClient(ctx)
	defer closeServer()

	var names [][]any // id and display name
	args := orm.Args{"name": "deco", "limit": 5}
	if err := c.Model("res.partner").Call(ctx, "name_search", nil, args, &names); err != nil {
		log.Fatal(err)
	}
	fmt.Println(len(names), names[0][1])
	// Output: 1 Deco Addict
}

// must1 ends an example at an error, where the error is not what it is about.
func must1[T any](v T, err error) T {
	if err != nil {
		log.Fatal(err)
	}
	return v
}

// The model is inferred from an id that has its type. A number that comes from elsewhere is converted to one, and a struct of
// your own is named as the destination.
func ExampleGet() {
	ctx := context.Background()
	c, closeServer := exampleClient(ctx)
	defer closeServer()

	ids, err := orm.IDs(ctx, c, orm.Eq(odoo.ResPartnerF.Name, "Deco Addict"))
	if err != nil {
		log.Fatal(err)
	}
	partner, err := orm.Get[odoo.ResPartner](ctx, c, ids[0])
	fmt.Println(partner.Email, err)

	number := int64(ids[0]) // from a URL, say
	type row struct {
		Color int `odoo:"color"`
	}
	found, err := orm.Get[row](ctx, c, orm.ID[odoo.ResPartner](number))
	fmt.Println(found.Color, err)
	// Output:
	// deco@example.com <nil>
	// 2 <nil>
}
