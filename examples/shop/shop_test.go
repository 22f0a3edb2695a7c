package shop_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/odoogen/odoogen/examples/shop"
	"github.com/odoogen/odoogen/examples/shop/odoo"
	orm "github.com/odoogen/odoogen/runtime"
	"github.com/odoogen/odoogen/runtime/odootest"
	"github.com/odoogen/odoogen/runtime/report"
)

// The sale on an Odoo within the test, which knows of sales, deliveries and payments what this test declares.
func TestSell(t *testing.T) {
	for _, version := range []string{"14", "19"} {
		t.Run(version, func(t *testing.T) {
			t.Parallel()
			testSell(t, version)
		})
	}
}

func testSell(t *testing.T, version string) {
	server := odoo14or19(t, version)
	ctx, seed := t.Context(), server.Backstage()
	if _, err := orm.Create(ctx, seed, odoo.ProductProductValues{Name: orm.Set("Chair"), DefaultCode: orm.Set("CHAIR"), ListPrice: orm.Set(45.0)}); err != nil {
		t.Fatal(err)
	}
	c, err := server.Dial(ctx)
	if err != nil {
		t.Fatal(err)
	}
	order := shop.Order{Number: "W1", Name: "Ann", Email: "ann@example.com", Items: []shop.Item{{SKU: "CHAIR", Quantity: 2}}}
	sale, err := shop.Sell(ctx, c, order)
	if err != nil {
		t.Fatal(err)
	}
	if sale.Total != 90 || sale.Format != report.PDF || string(sale.Document) != "%PDF-1.4 the invoice" {
		t.Errorf("sold for %v, with the %s %q", sale.Total, sale.Format, sale.Document)
	}
	invoice, err := orm.Get[odoo.AccountMove](ctx, seed, sale.Invoice)
	if err != nil || invoice.State != odoo.AccountMoveStatePosted || invoice.PaymentState != odoo.AccountMovePaymentStatePaid {
		t.Errorf("the invoice is %+v, %v", invoice, err)
	}
	pickings, err := orm.Find[odoo.StockPicking](ctx, seed, orm.AllOf[odoo.StockPicking]())
	if err != nil || len(pickings) != 1 || pickings[0].State != odoo.StockPickingStateDone {
		t.Errorf("the deliveries are %+v, %v", pickings, err)
	}
	again, err := shop.Sell(ctx, c, order)
	if err != nil || again.Customer != sale.Customer || again.Order == sale.Order {
		t.Errorf("sold again to %v as %v, %v", again.Customer, again.Order, err)
	}
	order.Items[0].SKU = "TABLE"
	if _, err := shop.Sell(ctx, c, order); !errors.Is(err, orm.ErrNoRecord) || !strings.Contains(err.Error(), "product TABLE") {
		t.Errorf("a product that does not exist: %v", err)
	}
}

// odoo14or19 is a server with the business methods of the sale.
func odoo14or19(t *testing.T, version string) *odootest.Server {
	server := odootest.NewFrom(t, "snapshots/"+version+".json")
	if err := server.SeedJSON([]byte(`{"mail.message.subtype": [{"id": "mail.mt_comment", "name": "Discussions"}]}`)); err != nil {
		t.Fatal(err)
	}
	server.OnChange("sale.order.line", "product_id", func(c odootest.Change) (odootest.Changed, error) {
		product, _ := c.Values[c.Field].(int64)
		found, err := c.Read("product.product", []int64{product}, "name", "list_price")
		if err != nil || len(found) == 0 {
			return odootest.Changed{}, err
		}
		return odootest.Changed{Values: map[string]any{"name": found[0]["name"], "price_unit": found[0]["list_price"]}}, nil
	})
	write := func(values map[string]any) func(odootest.Call) (any, error) {
		return func(c odootest.Call) (any, error) { return true, c.Write(c.Model, c.IDs, values) }
	}
	server.Method("sale.order", "action_confirm", confirm)
	server.Method("stock.picking", "button_validate", write(map[string]any{"state": "done"}))
	if version == "14" {
		server.Method("stock.picking", "button_validate", func(c odootest.Call) (any, error) {
			return window("stock.immediate.transfer", map[string]any{"pickings": c.IDs}), nil
		})
		server.Method("stock.immediate.transfer", "process", func(c odootest.Call) (any, error) {
			return true, c.Write("stock.picking", idsOf(c.Context["pickings"]), map[string]any{"state": "done"})
		})
	}
	server.Method("sale.advance.payment.inv", "create_invoices", invoice)
	server.Method("account.move", "action_post", write(map[string]any{"state": "posted"}))
	server.Method("account.move", "action_register_payment", func(c odootest.Call) (any, error) {
		return window("account.payment.register", map[string]any{"active_ids": c.IDs}), nil
	})
	server.Method("account.payment.register", "action_create_payments", func(c odootest.Call) (any, error) {
		return true, c.Write("account.move", idsOf(c.Context["active_ids"]), map[string]any{"payment_state": "paid", "amount_residual": 0})
	})
	server.Method("ir.actions.report", "render", func(odootest.Call) (any, error) { return "%PDF-1.4 the invoice", nil })
	return server
}

// confirm gives an order its total and a delivery.
func confirm(c odootest.Call) (any, error) {
	for _, id := range c.IDs {
		lines, err := c.Search("sale.order.line", []any{"order_id", "=", id})
		if err != nil {
			return nil, err
		}
		rows, err := c.Read("sale.order.line", lines, "product_uom_qty", "price_unit")
		if err != nil {
			return nil, err
		}
		total := 0.0
		for _, row := range rows {
			total += row["product_uom_qty"].(float64) * row["price_unit"].(float64)
		}
		picking, err := c.Create("stock.picking", map[string]any{"state": "assigned", "name": fmt.Sprint("OUT/", id)})
		if err != nil {
			return nil, err
		}
		values := map[string]any{"state": "sale", "amount_total": total, "picking_ids": []any{[]any{4, picking}}}
		if err := c.Write("sale.order", []int64{id}, values); err != nil {
			return nil, err
		}
	}
	return true, nil
}

// invoice makes an invoice for each order that the wizard was opened on.
func invoice(c odootest.Call) (any, error) {
	for _, id := range idsOf(c.Context["active_ids"]) {
		move, err := c.Create("account.move", map[string]any{"move_type": "out_invoice", "name": fmt.Sprint("INV/", id)})
		if err != nil {
			return nil, err
		}
		if err := c.Write("sale.order", []int64{id}, map[string]any{"invoice_ids": []any{[]any{4, move}}}); err != nil {
			return nil, err
		}
	}
	return true, nil
}

func window(model string, context map[string]any) map[string]any {
	return map[string]any{"type": "ir.actions.act_window", "res_model": model, "target": "new", "context": context}
}

func idsOf(v any) (ids []int64) {
	list, _ := v.([]any)
	for _, id := range list {
		ids = append(ids, id.(int64))
	}
	return ids
}
