package orm_test

import (
	"context"
	"fmt"
	"log"
	"time"

	"github.com/odoogen/odoogen/generated/odoo"
	orm "github.com/odoogen/odoogen/runtime"
)

// The turnover of each customer and month, the best first. The struct says what is grouped and added up.
func ExampleGroup() {
	ctx := context.Background()
	c, closeServer := exampleClient(ctx)
	defer closeServer()

	type row struct {
		Customer orm.Ref[odoo.ResPartner]   `odoo:"partner_id"`
		Month    orm.Period                 `odoo:"date_order:month"`
		Total    float64                    `odoo:"amount_total:sum"`
		Orders   int                        `odoo:"__count"`
		Records  orm.Domain[odoo.SaleOrder] `odoo:"__domain"`
	}
	customer := must1(orm.First[odoo.ResPartner](ctx, c, orm.Eq(odoo.ResPartnerF.Name, "Deco Addict")))
	for _, total := range []float64{100, 50} {
		must1(orm.Create(ctx, c, odoo.SaleOrderValues{
			PartnerID: orm.Set(customer.ID), State: orm.Set(odoo.SaleOrderStateSale), AmountTotal: orm.Set(total),
			DateOrder: orm.Set(time.Date(2026, 7, 14, 9, 0, 0, 0, time.UTC)),
		}))
	}
	sold := orm.Eq(odoo.SaleOrderF.State, odoo.SaleOrderStateSale)
	rows, err := orm.Group[row](ctx, c, sold, orm.DescColumn("amount_total:sum"), orm.Limit(10))
	if err != nil {
		log.Fatal(err)
	}
	for _, r := range rows {
		fmt.Println(r.Customer.Name, r.Month.Start.Format("2006-01"), r.Orders, r.Total)
		orders, err := orm.Find[odoo.SaleOrder](ctx, c, r.Records)
		fmt.Println(len(orders), err)
	}
	// Output:
	// Deco Addict 2026-07 2 150
	// 2 <nil>
}

func ExampleNameSearch() {
	ctx := context.Background()
	c, closeServer := exampleClient(ctx)
	defer closeServer()

	found, err := orm.NameSearch(ctx, c, "deco", orm.IsSet(odoo.ResPartnerF.Email), "ilike", orm.Limit(5))
	if err != nil {
		log.Fatal(err)
	}
	for _, partner := range found {
		fmt.Println(partner.Name)
	}
	// Output: Deco Addict
}
