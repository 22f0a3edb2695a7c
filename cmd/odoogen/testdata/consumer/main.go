// A program that uses the package generated from its server in ./odoo: it creates a customer, creates an order, finds the
// order, and deletes both. It prints the same on every version of Odoo.
package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/png"
	"log"
	"os"
	"time"

	orm "github.com/odoogen/odoogen/runtime"
	"github.com/odoogen/odoogen/runtime/schema"

	"example.com/shop/odoo"
)

const marker = "odoogen first light"

func main() {
	log.SetFlags(0)
	if err := run(context.Background()); err != nil {
		log.Fatal(err)
	}
}

func run(ctx context.Context) (err error) {
	c, err := orm.Dial(ctx, os.Getenv("ODOO_URL"), orm.Database(os.Getenv("ODOO_DB")), credential())
	if err != nil {
		return err
	}
	shop := &shop{
		c:        c,
		partners: odoo.NewResPartnerClient(c),
		products: odoo.NewProductProductClient(c),
		orders:   odoo.NewSaleOrderClient(c),
	}
	// What an earlier run left behind when it was interrupted.
	if err := shop.cleanUp(ctx); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, shop.cleanUp(ctx)) }()
	for _, step := range []func(context.Context) error{
		shop.makeCustomer, shop.makeOrder, shop.confirm, shop.findBack, shop.clearField, shop.walk, shop.refused,
	} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	return nil
}

func credential() orm.DialOption {
	if key := os.Getenv("ODOO_API_KEY"); key != "" {
		return orm.APIKey(os.Getenv("ODOO_USER"), key)
	}
	return orm.Password(os.Getenv("ODOO_USER"), os.Getenv("ODOO_PASSWORD"))
}

type shop struct {
	c        *orm.Client
	partners *odoo.ResPartnerClient
	products *odoo.ProductProductClient
	orders   *odoo.SaleOrderClient

	tag      orm.ID[odoo.ResPartnerCategory]
	customer orm.ID[odoo.ResPartner]
	product  orm.ID[odoo.ProductProduct]
	order    orm.ID[odoo.SaleOrder]
}

func (s *shop) makeCustomer(ctx context.Context) error {
	// There are no bindings for tags in this package: the untyped door makes one.
	tag, err := s.c.Model("res.partner.category").Create(ctx, orm.Args{"name": marker})
	if err != nil {
		return err
	}
	s.tag = orm.ID[odoo.ResPartnerCategory](tag)
	portrait := picture()
	s.customer, err = s.partners.Create(ctx, odoo.ResPartnerValues{
		Name:       orm.Set("Zoë \"the\nbuyer\" 👋"),
		Ref:        orm.Set(marker),
		Email:      orm.Set("zoe@example.com"),
		Comment:    orm.Set("<p>pays late</p>"),
		CategoryID: orm.Commands(orm.Link(s.tag)),
		Image1920:  orm.Set(portrait),
	})
	if err != nil {
		return err
	}
	p, err := s.partners.Get(ctx, s.customer, orm.Include(odoo.ResPartnerF.Image1920))
	if err != nil {
		return err
	}
	fmt.Printf("customer: %q, tagged: %v, active: %v, created today: %v\n", p.Name, p.CategoryID[0] == s.tag, p.Active,
		time.Since(p.CreateDate) < 24*time.Hour)
	got, err := png.Decode(bytes.NewReader(p.Image1920))
	if err != nil {
		return err
	}
	_, green, _, _ := got.At(3, 3).RGBA()
	fmt.Printf("picture: %v, green: %d\n", got.Bounds(), green>>8)
	plain, err := s.partners.Get(ctx, s.customer)
	fmt.Printf("picture unless asked for: %d bytes\n", len(plain.Image1920))
	return err
}

func picture() []byte {
	img := image.NewNRGBA(image.Rect(0, 0, 8, 8))
	for i := range img.Pix {
		img.Pix[i] = []byte{0, 200, 0, 255}[i%4]
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		panic(err)
	}
	return b.Bytes()
}

func (s *shop) makeOrder(ctx context.Context) (err error) {
	s.product, err = s.products.Create(ctx, odoo.ProductProductValues{
		Name:        orm.Set("Consultation"),
		DefaultCode: orm.Set(marker),
		Type:        orm.Set(odoo.ProductProductTypeService),
		ListPrice:   orm.Set(12.5),
	})
	if err != nil {
		return err
	}
	s.order, err = s.orders.Create(ctx, odoo.SaleOrderValues{
		PartnerID:      orm.Set(s.customer),
		ClientOrderRef: orm.Set(marker),
		OrderLine: orm.Commands(
			orm.New(odoo.SaleOrderLineValues{ProductID: orm.Set(s.product), ProductUomQty: orm.Set(3.0), PriceUnit: orm.Set(12.5)}),
			orm.New(odoo.SaleOrderLineValues{ProductID: orm.Set(s.product), ProductUomQty: orm.Set(1.0), PriceUnit: orm.Set(100.0)}),
		),
	})
	if err != nil {
		return err
	}
	o, err := s.orders.Get(ctx, s.order)
	fmt.Printf("order: %s, %d lines, untaxed %.2f\n", schema.Label(odoo.SaleOrderF.State, o.State), len(o.OrderLine), o.AmountUntaxed)
	return err
}

func (s *shop) confirm(ctx context.Context) error {
	if err := s.orders.Call(ctx, "action_confirm", []orm.ID[odoo.SaleOrder]{s.order}, nil, nil); err != nil {
		return err
	}
	o, err := s.orders.Get(ctx, s.order)
	fmt.Printf("confirmed: %s\n", schema.Label(odoo.SaleOrderF.State, o.State))
	return err
}

// findBack crosses two relations, and asks for two things of the same line.
func (s *shop) findBack(ctx context.Context) error {
	so, partner, line, product := odoo.SaleOrderF, odoo.ResPartnerF, odoo.SaleOrderLineF, odoo.ProductProductF
	lineOf := func(least, price float64) orm.Domain[odoo.SaleOrder] {
		return orm.Any(so.OrderLine, orm.Ge(line.ProductUomQty, least), orm.Eq(line.PriceUnit, price),
			orm.Any(line.ProductID, orm.EqLike(product.DefaultCode, "odoogen%")))
	}
	customers := orm.Any(so.PartnerID, orm.Or(orm.ILike(partner.Email, "ZOE@"), orm.Eq(partner.Name, "nobody")),
		orm.Eq(partner.CategoryID, s.tag))
	type row struct {
		ID       orm.ID[odoo.SaleOrder]   `odoo:"id"`
		Customer orm.Ref[odoo.ResPartner] `odoo:"partner_id"`
		Date     time.Time                `odoo:"date_order"`
	}
	rows, err := orm.Find[row](ctx, s.c, orm.And(orm.Eq(so.State, odoo.SaleOrderStateSale), customers, lineOf(2, 12.5)), orm.Desc(so.DateOrder))
	if err != nil {
		return err
	}
	for _, r := range rows {
		fmt.Printf("found back: the same: %v, of the customer: %v\n", r.ID == s.order, r.Customer.ID == s.customer)
	}
	// Neither line is both that many and that dear.
	n, err := s.orders.Count(ctx, orm.And(customers, lineOf(2, 100)))
	if err != nil {
		return err
	}
	others, err := s.orders.IDs(ctx, orm.And(orm.Eq(so.ID, s.order), orm.NotAny(so.OrderLine, orm.Gt(line.ProductUomQty, 5), orm.IsSet(line.ProductID))))
	fmt.Printf("with a line of both: %d, with no large line: %d\n", n, len(others))
	return err
}

func (s *shop) clearField(ctx context.Context) error {
	err := s.partners.Write(ctx, orm.On(s.customer), odoo.ResPartnerValues{Email: orm.Clear[string](), Function: orm.Set("Head of buying")})
	if err != nil {
		return err
	}
	p, err := s.partners.Get(ctx, s.customer)
	fmt.Printf("email: %q, function: %q, comment kept: %v\n", p.Email, p.Function, p.Comment == "<p>pays late</p>")
	return err
}

// walk makes 2,000 partners and reads them page by page.
func (s *shop) walk(ctx context.Context) error {
	const many = 2000
	values := make([]odoo.ResPartnerValues, many)
	for i := range values {
		values[i] = odoo.ResPartnerValues{Name: orm.Set(fmt.Sprintf("Walker %04d", i)), Ref: orm.Set(marker), Color: orm.Set(i % 11)}
	}
	ids, err := s.partners.CreateMany(ctx, values)
	if err != nil {
		return err
	}
	partner := odoo.ResPartnerF
	walkers := orm.And(orm.Eq(partner.Ref, marker), orm.Like(partner.Name, "Walker"))
	type row struct {
		ID    orm.ID[odoo.ResPartner] `odoo:"id"`
		Name  string                  `odoo:"name"`
		Color int                     `odoo:"color"`
	}
	for _, options := range [][]orm.WalkOption{nil, {orm.Desc(partner.Name), orm.PageSize(300)}, {orm.Limit(1234)}} {
		seen, inOrder, colors := map[orm.ID[odoo.ResPartner]]bool{}, true, 0
		last := row{}
		for w, err := range orm.All[row](ctx, s.c, walkers, options...) {
			if err != nil {
				return err
			}
			inOrder = inOrder && (last.ID == 0 || (w.Name > last.Name) == (len(options) != 2))
			seen[w.ID] = true
			colors += w.Color
			last = w
		}
		fmt.Printf("walked: %d of %d, in order: %v, colors: %d\n", len(seen), len(ids), inOrder, colors)
	}
	for p, err := range s.partners.All(ctx, walkers, orm.PageSize(7)) {
		fmt.Printf("and stopped at %s: %v\n", p.Name, err)
		break
	}
	return nil
}

// refused shows what errors come back as.
func (s *shop) refused(ctx context.Context) error {
	err := s.orders.Unlink(ctx, orm.On(s.order))
	fmt.Printf("deleting a confirmed order: user error: %v\n", errors.Is(err, orm.ErrUser))
	_, err = s.partners.Get(ctx, 999999999)
	fmt.Printf("a partner that does not exist: %v\n", err)
	err = s.partners.Write(ctx, []orm.ID[odoo.ResPartner]{999999999}, odoo.ResPartnerValues{Name: orm.Set("x")})
	fmt.Printf("changing it: missing: %v\n", errors.Is(err, orm.ErrMissing))
	return nil
}

// withoutWizard lets action_cancel of Odoo 17 cancel an order without asking.
var withoutWizard = orm.Context{"disable_cancel_warning": true}

// cleanUp deletes everything that carries the marker.
func (s *shop) cleanUp(ctx context.Context) error {
	so, partner, product := odoo.SaleOrderF, odoo.ResPartnerF, odoo.ProductProductF
	orders, err := s.orders.IDs(ctx, orm.Eq(so.ClientOrderRef, marker))
	if err != nil {
		return err
	}
	for _, id := range orders {
		if err := s.orders.Call(ctx, "action_cancel", []orm.ID[odoo.SaleOrder]{id}, nil, nil, withoutWizard); err != nil {
			return err
		}
	}
	if err := s.orders.Unlink(ctx, orders); err != nil {
		return err
	}
	products, err := s.products.IDs(ctx, orm.Eq(product.DefaultCode, marker))
	if err != nil {
		return err
	}
	if err := s.products.Unlink(ctx, products); err != nil {
		return err
	}
	partners, err := s.partners.IDs(ctx, orm.Eq(partner.Ref, marker), orm.Context{"active_test": false})
	if err != nil {
		return err
	}
	if err := s.partners.Unlink(ctx, partners); err != nil {
		return err
	}
	tags := s.c.Model("res.partner.category")
	var ids []int64
	if err := tags.Search(ctx, &ids, orm.Expr(orm.Where[odoo.ResPartnerCategory]("name", "=", marker))); err != nil {
		return err
	}
	if err := tags.Unlink(ctx, ids); err != nil {
		return err
	}
	fmt.Printf("cleaned up: %d orders, %d products, %d partners, %d tags\n", len(orders), len(products), len(partners), len(ids))
	return nil
}
