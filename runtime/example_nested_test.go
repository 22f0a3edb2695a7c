package orm_test

import (
	"context"
	"fmt"
	"log"
	"slices"
	"testing"

	"github.com/odoogen/odoogen/generated/odoo"
	orm "github.com/odoogen/odoogen/runtime"
)

// orderWithLines is an order with what a packing list needs of it, three relations deep.
type orderWithLines struct {
	ID      orm.ID[odoo.SaleOrder] `odoo:"id"`
	Partner struct {
		Name string `odoo:"name"`
		Tags []struct {
			Name string `odoo:"name"`
		} `odoo:"category_id"`
	} `odoo:"partner_id"`
	Lines []struct {
		Text  string  `odoo:"name"`
		Qty   float64 `odoo:"product_uom_qty"`
		Order struct {
			Partner orm.Ref[odoo.ResPartner] `odoo:"partner_id"`
		} `odoo:"order_id"`
	} `odoo:"order_line,limit=2,order=sequence;id"`
	Notes []struct {
		Text string `odoo:"name"`
	} `odoo:"website_order_line,ondemand"`
}

// makeOrders makes orders of three lines.
func makeOrders(ctx context.Context, c *orm.Client, n int) error {
	customer, err := orm.First[odoo.ResPartner](ctx, c, orm.Eq(odoo.ResPartnerF.Name, "Deco Addict"))
	if err != nil {
		return err
	}
	line := func(text string, qty float64) orm.Command[odoo.SaleOrderLine] {
		return orm.New(odoo.SaleOrderLineValues{Name: orm.Set(text), ProductUomQty: orm.Set(qty)})
	}
	values := make([]odoo.SaleOrderValues, n)
	for i := range values {
		values[i] = odoo.SaleOrderValues{PartnerID: orm.Set(customer.ID), OrderLine: orm.Commands(line("Desk", 2), line("Lamp", 1), line("Chair", 4))}
	}
	_, err = orm.CreateMany(ctx, c, values)
	return err
}

// A struct within the struct reads along a relation: the whole in one call.
func ExampleFind_nested() {
	ctx := context.Background()
	c, closeServer := exampleClient(ctx)
	defer closeServer()
	if err := makeOrders(ctx, c, 1); err != nil {
		fmt.Println(err)
	}

	orders, err := orm.Find[orderWithLines](ctx, c, orm.Domain[odoo.SaleOrder]{})
	for _, o := range orders {
		fmt.Println(o.Partner.Name)
		for _, line := range o.Lines { // the first two
			fmt.Println(line.Qty, line.Text, "for", line.Order.Partner.Name)
		}
	}
	fmt.Println(err)
	// Output:
	// Deco Addict
	// 2 Desk for Deco Addict
	// 1 Lamp for Deco Addict
	// <nil>
}

// Relations with the option ondemand are read for those records that turn out to need them, in one call for all.
func ExampleFill() {
	ctx := context.Background()
	c, closeServer := exampleClient(ctx)
	defer closeServer()

	type contact struct {
		ID       orm.ID[odoo.ResPartner] `odoo:"id"`
		Name     string                  `odoo:"name"`
		Children []struct {
			Name string `odoo:"name"`
		} `odoo:"child_ids,ondemand"`
	}
	azure := must1(orm.First[odoo.ResPartner](ctx, c, orm.Eq(odoo.ResPartnerF.Name, "Azure Interior")))
	must1(orm.Create(ctx, c, odoo.ResPartnerValues{Name: orm.Set("Brandon"), ParentID: orm.Set(azure.ID)}))

	contacts := must1(orm.Find[contact](ctx, c, orm.Eq(odoo.ResPartnerF.ID, azure.ID)))
	fmt.Println(contacts[0].Name, contacts[0].Children)
	err := orm.Fill(ctx, c, contacts, orm.Include(odoo.ResPartnerF.ChildIDs))
	fmt.Println(contacts[0].Name, contacts[0].Children, err)
	// Output:
	// Azure Interior []
	// Azure Interior [{Brandon}] <nil>
}

// The log of the embedded Odoo shows the calls: one for each page with a specification, and otherwise one for each relation.
func TestCallsOfNestedReads(t *testing.T) {
	ctx := t.Context()
	server := exampleServer()
	defer server.Close()
	c := must1(server.Dial(ctx))
	must1(orm.Create(ctx, c, odoo.ResPartnerValues{Name: orm.Set("Deco Addict")}))
	if err := makeOrders(ctx, c, 500); err != nil {
		t.Fatal(err)
	}
	read := func(opts ...orm.WalkOption) (n int, calls []string) {
		t.Helper()
		server.ForgetCalls()
		for o, err := range orm.All[orderWithLines](ctx, c, orm.Domain[odoo.SaleOrder]{}, append(opts, orm.PageSize(250), orm.Limit(500))...) {
			if err != nil || len(o.Lines) != 2 || o.Partner.Name == "" || o.Lines[1].Order.Partner.ID == 0 {
				t.Fatalf("%+v, %v", o, err)
			}
			n++
		}
		for _, call := range server.Calls() {
			calls = append(calls, call.Model+"."+call.Method)
		}
		return n, calls
	}
	if n, calls := read(); n != 500 || !slices.Equal(calls, []string{"sale.order.web_search_read", "sale.order.web_search_read"}) {
		t.Errorf("%d orders by %v", n, calls)
	}
	read(orm.LevelByLevel())                                                                                         // learns where the relations lead
	page := []string{"sale.order.search_read", "res.partner.read", "sale.order.line.search_read", "sale.order.read"} // nobody has a tag
	if n, calls := read(orm.LevelByLevel()); n != 500 || !slices.Equal(calls, append(page, page...)) {
		t.Errorf("%d orders, level by level, by %v", n, calls)
	}
}

// A walk that was broken off goes on after the last record that was dealt with.
func ExampleAfter() {
	ctx := context.Background()
	c, closeServer := exampleClient(ctx)
	defer closeServer()

	var last orm.ID[odoo.ResPartner] // kept in a file, say
	walk := func(most int) {
		everybody := orm.Gt(odoo.ResPartnerF.Color, 0)
		for p, err := range orm.All[odoo.ResPartner](ctx, c, everybody, orm.After(last), orm.Prefetch()) {
			if err != nil {
				log.Fatal(err)
			}
			fmt.Println(p.Name)
			if last, most = p.ID, most-1; most == 0 {
				return
			}
		}
	}
	walk(2)
	fmt.Println("-- later")
	walk(2)
	// Output:
	// Azure Interior
	// Deco Addict
	// -- later
	// Gemini Furniture
}
