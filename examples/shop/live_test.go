//go:build live

package shop_test

import (
	"errors"
	"fmt"
	"os"
	"testing"
	"time"

	"github.com/odoogen/odoogen/examples/shop"
	"github.com/odoogen/odoogen/examples/shop/odoo"
	orm "github.com/odoogen/odoogen/runtime"
	"github.com/odoogen/odoogen/runtime/report"
	"github.com/odoogen/odoogen/runtime/schema"
)

// The sale on a real server, with a password, and with a key.
func TestLiveSell(t *testing.T) {
	ways := map[string]orm.DialOption{
		"password": orm.Password(os.Getenv("ODOO_USER"), os.Getenv("ODOO_PASSWORD")),
		"key":      orm.APIKey(os.Getenv("ODOO_USER"), os.Getenv("ODOO_FULL_API_KEY")),
	}
	for name, login := range ways {
		t.Run(name, func(t *testing.T) { liveSell(t, login) })
	}
}

func liveSell(t *testing.T, login orm.DialOption) {
	ctx := t.Context()
	c, err := orm.Dial(ctx, os.Getenv("ODOO_URL"), orm.Database(os.Getenv("ODOO_FULL_DB")), login, schema.Verify(odoo.Schema))
	if err != nil {
		t.Fatal(err)
	}
	if c.Protocol() != orm.WebSession { // a key prints by a server action
		if err := report.Install(ctx, c); err != nil {
			t.Fatal(err)
		}
		defer func() { _ = report.Uninstall(ctx, c) }()
	}
	mark := fmt.Sprintf("shop-%d", time.Now().UnixNano())
	if _, err := orm.Create(ctx, c, odoo.ProductProductValues{Name: orm.Set(mark), DefaultCode: orm.Set(mark), ListPrice: orm.Set(45.0)}); err != nil {
		t.Fatal(err)
	}
	sale, err := shop.Sell(ctx, c, shop.Order{Number: mark, Name: mark, Email: mark + "@example.com", Items: []shop.Item{{SKU: mark, Quantity: 2}}})
	if err != nil {
		t.Fatal(err)
	}
	order, orderErr := orm.Get[odoo.SaleOrder](ctx, c, sale.Order)
	invoice, invoiceErr := orm.Get[odoo.AccountMove](ctx, c, sale.Invoice)
	if err := errors.Join(orderErr, invoiceErr); err != nil {
		t.Fatal(err)
	}
	if order.State != odoo.SaleOrderStateSale || order.AmountTotal != sale.Total || sale.Total == 0 || order.ClientOrderRef != mark {
		t.Errorf("the order is %+v", order)
	}
	if invoice.State != odoo.AccountMoveStatePosted || invoice.AmountTotal != sale.Total || invoice.AmountResidual != 0 {
		t.Errorf("the invoice is %+v", invoice)
	}
	if len(sale.Document) == 0 || sale.Message == 0 {
		t.Errorf("the sale is %+v", sale)
	}
}
