package odootest_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/odoogen/odoogen/golden/servers/odoo"
	orm "github.com/odoogen/odoogen/runtime"
	"github.com/odoogen/odoogen/runtime/form"
	"github.com/odoogen/odoogen/runtime/odootest"
)

// The onchanges of a test run as those of Odoo do, in the protocol of each version. Without them a form has its defaults.
func TestOnChange(t *testing.T) {
	for _, version := range []string{"14", "15", "16", "17", "18", "19"} {
		t.Run(version, func(t *testing.T) { testOnChange(t, version) })
	}
}

func testOnChange(t *testing.T, version string) {
	server := odootest.NewFrom(t, "../../golden/servers/snapshots/"+version+".json")
	ctx, seed := t.Context(), server.Backstage()
	tax, taxErr := orm.Create(ctx, seed, odoo.AccountTaxValues{Name: orm.Set("VAT"), TypeTaxUse: orm.Set(odoo.AccountTaxTypeTaxUseSale)})
	other, otherErr := orm.Create(ctx, seed, odoo.AccountTaxValues{Name: orm.Set("none"), TypeTaxUse: orm.Set(odoo.AccountTaxTypeTaxUseSale)})
	partner, partnerErr := orm.Create(ctx, seed, odoo.ResPartnerValues{Name: orm.Set("Ann")})
	product, productErr := orm.Create(ctx, seed, odoo.ProductProductValues{Name: orm.Set("Desk")})
	c, err := server.Dial(ctx)
	if err := errors.Join(taxErr, otherErr, partnerErr, productErr, err); err != nil {
		t.Fatal(err)
	}
	taxes := "tax_ids"
	if version < "19" {
		taxes = "tax_id"
	}
	server.OnChange("sale.order", "partner_id", func(c odootest.Change) (odootest.Changed, error) {
		ref := fmt.Sprintf("of partner %v", c.Values[c.Field])
		return odootest.Changed{Values: map[string]any{"client_order_ref": ref}, Domains: map[string][]any{"company_id": {[]any{"id", "=", 1}}}}, nil
	})
	server.OnChange("sale.order", "order_line", func(c odootest.Change) (odootest.Changed, error) {
		return odootest.Changed{Values: map[string]any{"note": fmt.Sprintf("%d lines", len(c.Values["order_line"].([]any)))}}, nil
	})
	server.OnChange("sale.order.line", "product_id", func(c odootest.Change) (odootest.Changed, error) {
		return odootest.Changed{Values: map[string]any{"price_unit": 9.5, "name": fmt.Sprint(c.Parent["client_order_ref"]), taxes: []any{int64(tax)}}}, nil
	})
	server.OnChange("sale.order.line", "price_unit", func(c odootest.Change) (odootest.Changed, error) {
		if c.Values["price_unit"] == 0.0 {
			return odootest.Changed{}, errors.New("for free")
		}
		return odootest.Changed{Title: "Price", Warning: "it is new"}, nil
	})

	f, err := form.New(ctx, c, odoo.SaleOrderValues{PartnerID: orm.Set(partner)})
	if err != nil {
		t.Fatal(err)
	}
	line, err := form.Add(ctx, f, odoo.SaleOrderF.OrderLine, odoo.SaleOrderLineValues{ProductID: orm.Set(product)})
	if err != nil {
		t.Fatal(err)
	}
	ref := fmt.Sprintf("of partner %d", partner)
	if v, err := f.Values(); err != nil || v.ClientOrderRef != ref || v.Note != "1 lines" || v.PartnerID.ID != partner {
		t.Errorf("the form shows %+v, %v", v, err)
	}
	if v, err := line.Values(); err != nil || v.PriceUnit != 9.5 || v.Name != ref || v.ProductUomQty != 1 || !slices.Equal(v.TaxIDs, orm.On(tax)) {
		t.Errorf("the line shows %+v, %v", v, err)
	}
	if w := f.Warnings(); len(w) != 1 || w[0].String() != "Price: it is new" {
		t.Errorf("the warnings are %v", w)
	}
	if _, has, err := form.Domain(f, odoo.SaleOrderF.CompanyID); has != (version < "17") || err != nil {
		t.Errorf("there is a domain: %v, %v", has, err)
	}
	if err := line.Set(ctx, odoo.SaleOrderLineValues{PriceUnit: orm.Set(0.0)}); !errors.Is(err, orm.ErrUser) {
		t.Errorf("the error of an onchange: %v", err)
	}
	if err := line.Set(ctx, odoo.SaleOrderLineValues{PriceUnit: orm.Set(8.0), TaxIDs: orm.Commands(orm.Replace(other))}); err != nil {
		t.Fatal(err)
	}
	// The taxes of the line are those of its product again.
	if err := line.Set(ctx, odoo.SaleOrderLineValues{ProductID: orm.Set(product)}); err != nil {
		t.Fatal(err)
	}
	f.Warnings()
	id, err := f.Create(ctx)
	if err != nil {
		t.Fatal(err)
	}
	saved, err := orm.Find[odoo.SaleOrderLine](ctx, seed, orm.Eq(odoo.SaleOrderLineF.OrderID, id))
	if err != nil || len(saved) != 1 || saved[0].PriceUnit != 9.5 || !slices.Equal(saved[0].TaxIDs, orm.On(tax)) {
		t.Errorf("saved as %+v, %v", saved, err)
	}
}
