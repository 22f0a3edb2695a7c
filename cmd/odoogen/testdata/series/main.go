// Command shop is a consumer's program: it creates, searches, groups, changes and deletes records through bindings of a version
// of Odoo, and prints the same for each version.
package main

import (
	"context"
	"errors"
	"fmt"
	"log"
	"os"

	orm "github.com/odoogen/odoogen/runtime"
	"github.com/odoogen/odoogen/runtime/schema"

	"example.com/shop/odoo"
)

func main() {
	log.SetFlags(0)
	ctx := context.Background()
	c, err := orm.Dial(ctx, os.Getenv("ODOO_URL"), orm.Database(os.Getenv("ODOO_DB")),
		orm.Password(os.Getenv("ODOO_USER"), os.Getenv("ODOO_PASSWORD")))
	if err != nil {
		log.Fatal(err)
	}
	s := &shop{c: c, partners: odoo.NewResPartnerClient(c), orders: odoo.NewSaleOrderClient(c)}
	for _, step := range []func(context.Context) error{s.seed, s.search, s.nested, s.group, s.change, s.end} {
		if err := step(ctx); err != nil {
			log.Fatal(err)
		}
	}
}

type shop struct {
	c        *orm.Client
	partners *odoo.ResPartnerClient
	orders   *odoo.SaleOrderClient

	customer orm.ID[odoo.ResPartner]
	order    orm.ID[odoo.SaleOrder]
}

func (s *shop) seed(ctx context.Context) error {
	country, err := orm.Create(ctx, s.c, odoo.ResCountryValues{Name: orm.Set("Testland"), Code: orm.Set("TL")})
	if err != nil {
		return err
	}
	s.customer, err = s.partners.Create(ctx, odoo.ResPartnerValues{
		Name: orm.Set("Zoë <&> \"the\nbuyer\""), Ref: orm.Set("Z1"), CountryID: orm.Set(country), Type: orm.Set(odoo.ResPartnerTypeContact),
		ChildIDs: orm.Commands(orm.New(odoo.ResPartnerValues{Name: orm.Set("Ann")}), orm.New(odoo.ResPartnerValues{Name: orm.Set("Bob"), Color: orm.Set(3)})),
	})
	if err != nil {
		return err
	}
	product, err := orm.Create(ctx, s.c, odoo.ProductProductValues{Name: orm.Set("Hour"), DefaultCode: orm.Set("H")})
	if err != nil {
		return err
	}
	s.order, err = s.orders.Create(ctx, odoo.SaleOrderValues{
		PartnerID: orm.Set(s.customer), ClientOrderRef: orm.Set("O1"),
		OrderLine: orm.Commands(
			orm.New(odoo.SaleOrderLineValues{Name: orm.Set("one"), ProductID: orm.Set(product), ProductUomQty: orm.Set(3.0), PriceUnit: orm.Set(12.5)}),
			orm.New(odoo.SaleOrderLineValues{Name: orm.Set("two"), ProductID: orm.Set(product), ProductUomQty: orm.Set(1.0), PriceUnit: orm.Set(100.0)})),
	})
	return err
}

func (s *shop) search(ctx context.Context) error {
	so, partner, line, country := odoo.SaleOrderF, odoo.ResPartnerF, odoo.SaleOrderLineF, odoo.ResCountryF
	where := orm.And(
		orm.Any(so.PartnerID, orm.ILike(partner.Name, "zoë"), orm.Any(partner.CountryID, orm.Eq(country.Code, "TL"))),
		orm.Any(so.OrderLine, orm.Ge(line.ProductUomQty, 3), orm.Lt(line.PriceUnit, 20)))
	found, err := s.orders.IDs(ctx, where)
	if err != nil {
		return err
	}
	// Neither line has both.
	n, err := s.orders.Count(ctx, orm.Any(so.OrderLine, orm.Ge(line.ProductUomQty, 3), orm.Gt(line.PriceUnit, 20)))
	fmt.Printf("found: %v, with both in one line: %d\n", len(found) == 1 && found[0] == s.order, n)
	return err
}

func (s *shop) nested(ctx context.Context) error {
	type row struct {
		Name     string `odoo:"name"`
		Customer struct {
			Name     string                   `odoo:"name"`
			Country  orm.Ref[odoo.ResCountry] `odoo:"country_id"`
			Contacts []struct {
				Name string `odoo:"name"`
			} `odoo:"child_ids,order=name"`
		} `odoo:"partner_id"`
		Lines []struct {
			Name     string  `odoo:"name"`
			Quantity float64 `odoo:"product_uom_qty"`
		} `odoo:"order_line,order=name"`
	}
	r, err := orm.Get[row](ctx, s.c, s.order)
	if err != nil {
		return err
	}
	fmt.Printf("%q of %s, contacts %v, lines %v\n", r.Customer.Name, r.Customer.Country.Name, r.Customer.Contacts, r.Lines)
	return nil
}

func (s *shop) group(ctx context.Context) error {
	type row struct {
		Order    orm.Ref[odoo.SaleOrder] `odoo:"order_id"`
		Count    int                     `odoo:"__count"`
		Quantity float64                 `odoo:"product_uom_qty:sum"`
	}
	rows, err := orm.Group[row](ctx, s.c, orm.Gt(odoo.SaleOrderLineF.PriceUnit, 0))
	for _, r := range rows {
		fmt.Printf("group: the order: %v, %d lines, %.1f hours\n", r.Order.ID == s.order, r.Count, r.Quantity)
	}
	return err
}

func (s *shop) change(ctx context.Context) error {
	o, err := s.orders.Get(ctx, s.order)
	if err != nil {
		return err
	}
	err = s.orders.Write(ctx, orm.On(s.order), odoo.SaleOrderValues{OrderLine: orm.Commands(
		orm.Update(o.OrderLine[0], odoo.SaleOrderLineValues{ProductUomQty: orm.Set(5.0)}), orm.Delete(o.OrderLine[1]))})
	if err != nil {
		return err
	}
	lines, err := orm.Find[odoo.SaleOrderLine](ctx, s.c, orm.Eq(odoo.SaleOrderLineF.OrderID, s.order))
	if err != nil || len(lines) != 1 {
		return fmt.Errorf("%d lines: %w", len(lines), err)
	}
	fmt.Printf("left: %s, %.1f\n", lines[0].Name, lines[0].ProductUomQty)
	if err := s.partners.Write(ctx, orm.On(s.customer), odoo.ResPartnerValues{Ref: orm.Clear[string](), Active: orm.Set(false)}); err != nil {
		return err
	}
	visible, err := s.partners.Count(ctx, orm.Eq(odoo.ResPartnerF.ID, s.customer))
	if err != nil {
		return err
	}
	p, err := s.partners.Get(ctx, s.customer)
	fmt.Printf("archived: %d visible, active %v, ref %q, type %s\n", visible, p.Active, p.Ref, schema.Label(odoo.ResPartnerF.Type, p.Type))
	return err
}

// end shows that errors are the same too.
func (s *shop) end(ctx context.Context) error {
	if err := s.orders.Unlink(ctx, orm.On(s.order)); err != nil {
		return err
	}
	_, err := s.orders.Get(ctx, s.order)
	fmt.Printf("deleted: %v\n", errors.Is(err, orm.ErrNoRecord))
	_, err = s.orders.Count(ctx, orm.Where[odoo.SaleOrder]("no_such_field", "=", 1))
	fmt.Printf("unknown field: an error: %v\n", err != nil)
	err = s.orders.Call(ctx, "no_such_method", nil, nil, nil)
	fmt.Printf("unknown method: not found: %v\n", errors.Is(err, orm.ErrNotFound))
	return nil
}
