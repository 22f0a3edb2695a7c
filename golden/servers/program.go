package servers

import (
	"context"
	"errors"
	"fmt"
	"slices"

	orm "github.com/odoogen/odoogen/runtime"

	"github.com/odoogen/odoogen/golden/servers/odoo"
)

// marker is in the names of all that the program makes.
const marker = "odoogen servers"

var (
	partner, users, groups = odoo.ResPartnerF, odoo.ResUsersF, odoo.ResGroupsF
	order, line, move      = odoo.SaleOrderF, odoo.SaleOrderLineF, odoo.AccountMoveF
)

// orderRow is an order with what its lines lead to, read in one call from Odoo 17 on.
type orderRow struct {
	ID      orm.ID[odoo.SaleOrder]   `odoo:"id"`
	State   odoo.SaleOrderState      `odoo:"state"`
	Partner orm.Ref[odoo.ResPartner] `odoo:"partner_id"`
	Lines   []lineRow                `odoo:"order_line,order=product_uom_id|product_uom;id"`
}

type lineRow struct {
	Name     string               `odoo:"name"`
	Quantity float64              `odoo:"product_uom_qty"`
	Unit     orm.Ref[odoo.UomUom] `odoo:"product_uom_id|product_uom"`
	Taxes    []taxRow             `odoo:"tax_ids|tax_id"`
	Region   orm.Opt[string]      `odoo:"x_no_such_field?"`
}

type taxRow struct {
	Name    string                            `odoo:"name"`
	Country orm.Opt[orm.Ref[odoo.ResCountry]] `odoo:"country_id?"`
}

// Program sells something, on any of the servers.
type Program struct {
	c      *orm.Client
	orders *odoo.SaleOrderClient

	Report []string // what it read, the same on every server
	// The fields that only some servers have.
	Mobile  orm.OptState // of contacts, until 18
	Country orm.OptState // of taxes, from 15 on

	customer orm.ID[odoo.ResPartner]
	order    orm.ID[odoo.SaleOrder]
	invoice  orm.ID[odoo.AccountMove]
	user     orm.ID[odoo.ResUsers]
}

// New makes the program.
func New(c *orm.Client) *Program { return &Program{c: c, orders: odoo.NewSaleOrderClient(c)} }

// Run does all steps and removes what they made.
func (p *Program) Run(ctx context.Context) (err error) {
	defer func() { err = errors.Join(err, p.cleanUp(ctx)) }()
	for _, step := range []func(context.Context) error{p.makeCustomer, p.makeOrder, p.changeTaxes, p.sell, p.makeInvoice, p.makeUser} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	return nil
}

func (p *Program) say(format string, args ...any) {
	p.Report = append(p.Report, fmt.Sprintf(format, args...))
}

// makeCustomer writes the mobile number where the server has a field for it.
func (p *Program) makeCustomer(ctx context.Context) (err error) {
	values := odoo.ResPartnerValues{Name: orm.Set(marker), Ref: orm.Set(marker), Mobile: orm.Set("+32 470 12 34 56")}
	p.customer, err = orm.Create(ctx, p.c, values)
	if errors.Is(err, orm.ErrNoField) {
		values.Phone, values.Mobile = values.Mobile, orm.Opt[string]{}
		p.customer, err = orm.Create(ctx, p.c, values)
	}
	if err != nil {
		return err
	}
	got, err := orm.Get[odoo.ResPartner](ctx, p.c, p.customer)
	if err != nil {
		return err
	}
	p.Mobile = got.Mobile.State
	number := got.Phone + got.Mobile.Value // the one that is set
	byNumber := orm.Eq(partner.Phone, number)
	if p.Mobile == orm.Present {
		byNumber = orm.Eq(partner.Mobile, number)
	}
	n, err := orm.Count(ctx, p.c, orm.And(orm.Eq(partner.Ref, marker), byNumber))
	p.say("customer %s with the number %s: found %d", got.Name, number, n)
	return err
}

// makeOrder makes an order of two lines, the first with a tax.
func (p *Program) makeOrder(ctx context.Context) error {
	tax, err := p.tax(ctx)
	if err != nil {
		return err
	}
	product, err := orm.First[odoo.ProductProduct](ctx, p.c, orm.AllOf[odoo.ProductProduct](), orm.Asc(odoo.ProductProductF.ID))
	if err != nil {
		return err
	}
	p.order, err = p.orders.Create(ctx, odoo.SaleOrderValues{
		PartnerID: orm.Set(p.customer),
		OrderLine: orm.Commands(
			orm.New(odoo.SaleOrderLineValues{Name: orm.Set("taxed"), ProductID: orm.Set(product.ID), ProductUomQty: orm.Set(2.0), TaxIDs: orm.Commands(orm.Replace(tax))}),
			orm.New(odoo.SaleOrderLineValues{Name: orm.Set("free"), ProductID: orm.Set(product.ID), ProductUomQty: orm.Set(1.0), TaxIDs: orm.Commands(orm.RemoveAll[odoo.AccountTax]())}),
		),
	})
	if err != nil {
		return err
	}
	taxed, err := orm.Find[odoo.SaleOrderLine](ctx, p.c, orm.And(orm.Eq(line.OrderID, p.order), orm.Eq(line.TaxIDs, tax)))
	for _, l := range taxed {
		p.say("taxed line %s: %d taxes", l.Name, len(l.TaxIDs))
	}
	return errors.Join(err, p.readOrder(ctx))
}

// tax is a tax on sales.
func (p *Program) tax(ctx context.Context) (orm.ID[odoo.AccountTax], error) {
	f := odoo.AccountTaxF
	tax, err := orm.First[odoo.AccountTax](ctx, p.c, orm.Eq(f.TypeTaxUse, odoo.AccountTaxTypeTaxUseSale), orm.Asc(f.ID))
	p.Country = tax.CountryID.State
	return tax.ID, err
}

func (p *Program) readOrder(ctx context.Context) error {
	row, err := orm.Get[orderRow](ctx, p.c, p.order)
	if err != nil {
		return err
	}
	for _, l := range row.Lines {
		p.say("order of %s in state %s: line %s, %v with a unit %v, %d taxes", row.Partner.Name, row.State, l.Name, l.Quantity, l.Unit.ID != 0, len(l.Taxes))
		if l.Region.State != orm.Absent {
			return errors.New("a field that no server has was read")
		}
	}
	return nil
}

// changeTaxes takes the taxes off all lines, by an update within the order.
func (p *Program) changeTaxes(ctx context.Context) error {
	ids, err := orm.IDs(ctx, p.c, orm.And(orm.Eq(line.OrderID, p.order), orm.IsSet(line.TaxIDs)))
	if err != nil {
		return err
	}
	none := odoo.SaleOrderLineValues{TaxIDs: orm.Commands(orm.RemoveAll[odoo.AccountTax]())}
	for _, id := range ids {
		err = errors.Join(err, p.orders.Write(ctx, orm.On(p.order), odoo.SaleOrderValues{OrderLine: orm.Commands(orm.Update(id, none))}))
	}
	n, countErr := p.orders.Count(ctx, orm.And(orm.Eq(order.ID, p.order), orm.Any(order.OrderLine, orm.IsSet(line.TaxIDs))))
	p.say("orders with taxes after the change: %d", n)
	return errors.Join(err, countErr)
}

func (p *Program) sell(ctx context.Context) error {
	_, err := p.orders.ActionConfirm(ctx, orm.On(p.order))
	return errors.Join(err, p.readOrder(ctx))
}

// makeInvoice makes a draft invoice of one line.
func (p *Program) makeInvoice(ctx context.Context) (err error) {
	p.invoice, err = orm.Create(ctx, p.c, odoo.AccountMoveValues{
		MoveType:  orm.Set(odoo.AccountMoveMoveTypeOutInvoice),
		PartnerID: orm.Set(p.customer),
		InvoiceLineIDs: orm.Commands(orm.New(odoo.AccountMoveLineValues{
			Name: orm.Set("work"), Quantity: orm.Set(3.0), PriceUnit: orm.Set(5.0), TaxIDs: orm.Commands(orm.RemoveAll[odoo.AccountTax]()),
		})),
	})
	if err != nil {
		return err
	}
	drafts, err := orm.Find[odoo.AccountMove](ctx, p.c, orm.And(orm.Eq(move.PartnerID, p.customer), orm.Eq(move.State, odoo.AccountMoveStateDraft)))
	for _, d := range drafts {
		p.say("invoice in state %s of %s with %d lines", d.State, d.PartnerID.Name, len(d.InvoiceLineIDs))
	}
	return err
}

// makeUser makes a user, gives it a group, and finds it by the group.
func (p *Program) makeUser(ctx context.Context) error {
	group, err := orm.Create(ctx, p.c, odoo.ResGroupsValues{Name: orm.Set(marker)})
	if err != nil {
		return err
	}
	defer func() { _ = orm.Unlink(ctx, p.c, orm.On(group)) }()
	quiet := orm.Context{"no_reset_password": true}
	p.user, err = orm.Create(ctx, p.c, odoo.ResUsersValues{Name: orm.Set(marker), Login: orm.Set(marker)}, quiet)
	if err != nil {
		return err
	}
	if err := orm.Write(ctx, p.c, orm.On(p.user), odoo.ResUsersValues{GroupIDs: orm.Commands(orm.Link(group))}); err != nil {
		return err
	}
	found, err := orm.Find[odoo.ResUsers](ctx, p.c, orm.Any(users.GroupIDs, orm.Eq(groups.Name, marker)))
	if err != nil {
		return err
	}
	of, err := orm.Get[odoo.ResGroups](ctx, p.c, group)
	for _, u := range found {
		p.say("user %s is in the group: %v, which has %d users", u.Login, slices.Contains(u.GroupIDs, group), len(of.UserIDs))
	}
	return err
}

func (p *Program) cleanUp(ctx context.Context) error {
	var errs []error
	if p.order != 0 {
		errs = append(errs, p.orders.Call(ctx, "action_cancel", orm.On(p.order), nil, nil, orm.Context{"disable_cancel_warning": true}))
		errs = append(errs, p.orders.Unlink(ctx, orm.On(p.order)))
	}
	if p.invoice != 0 {
		errs = append(errs, orm.Unlink(ctx, p.c, orm.On(p.invoice)))
	}
	if p.user != 0 {
		errs = append(errs, orm.Unlink(ctx, p.c, orm.On(p.user)))
	}
	if p.customer != 0 {
		errs = append(errs, orm.Unlink(ctx, p.c, orm.On(p.customer)))
	}
	return errors.Join(errs...)
}
