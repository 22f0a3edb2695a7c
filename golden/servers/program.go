package servers

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/odoogen/odoogen/golden/servers/odoo"
	orm "github.com/odoogen/odoogen/runtime"
)

const marker = "odoogen servers" // in the names of all that the program makes

var (
	partner, users, groups   = odoo.ResPartnerF, odoo.ResUsersF, odoo.ResGroupsF
	order, line, move, taxes = odoo.SaleOrderF, odoo.SaleOrderLineF, odoo.AccountMoveF, odoo.AccountTaxF
	untaxed                  = orm.Commands(orm.RemoveAll[odoo.AccountTax]())
	quiet                    = orm.Context{"disable_cancel_warning": true, "no_reset_password": true}
)

// orderRow is an order with what its lines lead to, read in one call from Odoo 17 on.
type orderRow struct {
	ID      orm.ID[odoo.SaleOrder]   `odoo:"id"`
	State   odoo.SaleOrderState      `odoo:"state"`
	Partner orm.Ref[odoo.ResPartner] `odoo:"partner_id"`
	Lines   []struct {
		Name     string               `odoo:"name"`
		Quantity float64              `odoo:"product_uom_qty"`
		Unit     orm.Ref[odoo.UomUom] `odoo:"product_uom_id|product_uom"`
		Taxes    []struct {
			Country orm.Opt[orm.Ref[odoo.ResCountry]] `odoo:"country_id?"`
		} `odoo:"tax_ids|tax_id"`
		Region orm.Opt[string] `odoo:"x_no_such_field?"`
	} `odoo:"order_line,order=product_uom_id|product_uom;id"`
}

// Program sells something, on any of the servers.
type Program struct {
	Client  *orm.Client
	Report  []string     // what it read, the same on every server
	Mobile  orm.OptState // whether contacts have a mobile number: until 18
	Country orm.OptState // whether taxes have a country: from 15 on
	undo    []func(context.Context) error
}

// Run does all steps and removes what they made.
func (p *Program) Run(ctx context.Context) error {
	customer, err := p.makeCustomer(ctx)
	for _, step := range []func(context.Context, orm.ID[odoo.ResPartner]) error{p.sell, p.makeInvoice, p.makeUser} {
		if err == nil {
			err = step(ctx, customer)
		}
	}
	for _, undo := range slices.Backward(p.undo) {
		err = errors.Join(err, undo(ctx))
	}
	return err
}

func (p *Program) say(format string, args ...any) {
	p.Report = append(p.Report, fmt.Sprintf(format, args...))
}

// create makes a record that is removed in the end.
func create[V orm.Values[M], M any](ctx context.Context, p *Program, values V, opts ...orm.WriteOption) (orm.ID[M], error) {
	id, err := orm.Create(ctx, p.Client, values, opts...)
	if err == nil {
		p.undo = append(p.undo, func(ctx context.Context) error { return orm.Unlink(ctx, p.Client, orm.On(id)) })
	}
	return id, err
}

// makeCustomer writes the mobile number where the server has a field for it.
func (p *Program) makeCustomer(ctx context.Context) (orm.ID[odoo.ResPartner], error) {
	values := odoo.ResPartnerValues{Name: orm.Set(marker), Ref: orm.Set(marker), Mobile: orm.Set("+32 470 12 34 56")}
	byNumber := orm.Eq(partner.Mobile, values.Mobile.Value)
	id, err := create(ctx, p, values)
	if errors.Is(err, orm.ErrNoField) {
		values.Phone, values.Mobile = values.Mobile, orm.Opt[string]{}
		byNumber = orm.Eq(partner.Phone, values.Phone.Value)
		id, err = create(ctx, p, values)
	}
	got, readErr := orm.First[odoo.ResPartner](ctx, p.Client, orm.And(orm.Eq(partner.Ref, marker), byNumber))
	p.Mobile = got.Mobile.State
	p.say("customer %s with the number %s: found", got.Name, got.Phone+got.Mobile.Value)
	return id, errors.Join(err, readErr)
}

// sell makes an order of two lines, the first with a tax, takes the tax off by an update within the order, and confirms.
func (p *Program) sell(ctx context.Context, customer orm.ID[odoo.ResPartner]) error {
	orders := odoo.NewSaleOrderClient(p.Client)
	product, productErr := orm.First[odoo.ProductProduct](ctx, p.Client, orm.AllOf[odoo.ProductProduct](), orm.Asc(odoo.ProductProductF.ID))
	tax, taxErr := orm.First[odoo.AccountTax](ctx, p.Client, orm.Eq(taxes.TypeTaxUse, odoo.AccountTaxTypeTaxUseSale), orm.Asc(taxes.ID))
	p.Country = tax.CountryID.State
	id, err := create(ctx, p, odoo.SaleOrderValues{PartnerID: orm.Set(customer), OrderLine: orm.Commands(
		orm.New(odoo.SaleOrderLineValues{Name: orm.Set("taxed"), ProductID: orm.Set(product.ID), ProductUomQty: orm.Set(2.0), TaxIDs: orm.Commands(orm.Replace(tax.ID))}),
		orm.New(odoo.SaleOrderLineValues{Name: orm.Set("free"), ProductID: orm.Set(product.ID), ProductUomQty: orm.Set(1.0), TaxIDs: untaxed}),
	)})
	if err := errors.Join(productErr, taxErr, err, p.readOrder(ctx, id)); err != nil {
		return err
	}
	p.undo = append(p.undo, func(ctx context.Context) error { return orders.Call(ctx, "action_cancel", orm.On(id), nil, nil, quiet) })
	taxed, err := orm.Find[odoo.SaleOrderLine](ctx, p.Client, orm.And(orm.Eq(line.OrderID, id), orm.Eq(line.TaxIDs, tax.ID)))
	for _, l := range taxed {
		p.say("taxed line %s: %d taxes", l.Name, len(l.TaxIDs))
		change := orm.Commands(orm.Update(l.ID, odoo.SaleOrderLineValues{TaxIDs: untaxed}))
		err = errors.Join(err, orders.Write(ctx, orm.On(id), odoo.SaleOrderValues{OrderLine: change}))
	}
	n, countErr := orders.Count(ctx, orm.And(orm.Eq(order.ID, id), orm.Any(order.OrderLine, orm.IsSet(line.TaxIDs))))
	p.say("orders with taxes after the change: %d", n)
	_, confirmErr := orders.ActionConfirm(ctx, orm.On(id))
	return errors.Join(err, countErr, confirmErr, p.readOrder(ctx, id))
}

func (p *Program) readOrder(ctx context.Context, id orm.ID[odoo.SaleOrder]) error {
	row, err := orm.Get[orderRow](ctx, p.Client, id)
	for _, l := range row.Lines {
		p.say("order of %s in state %s: line %s, %v with a unit %v, %d taxes", row.Partner.Name, row.State, l.Name, l.Quantity, l.Unit.ID != 0, len(l.Taxes))
		if l.Region.State != orm.Absent || len(l.Taxes) > 0 && l.Taxes[0].Country.State != p.Country {
			return errors.New("a field that the server lacks was read, or one that it has was not")
		}
	}
	return err
}

// makeInvoice makes a draft invoice of one line.
func (p *Program) makeInvoice(ctx context.Context, customer orm.ID[odoo.ResPartner]) error {
	work := orm.New(odoo.AccountMoveLineValues{Name: orm.Set("work"), Quantity: orm.Set(3.0), PriceUnit: orm.Set(5.0), TaxIDs: untaxed})
	invoice := odoo.AccountMoveValues{MoveType: orm.Set(odoo.AccountMoveMoveTypeOutInvoice), PartnerID: orm.Set(customer), InvoiceLineIDs: orm.Commands(work)}
	_, createErr := create(ctx, p, invoice)
	drafts, err := orm.Find[odoo.AccountMove](ctx, p.Client, orm.And(orm.Eq(move.PartnerID, customer), orm.Eq(move.State, odoo.AccountMoveStateDraft)))
	for _, d := range drafts {
		p.say("invoice in state %s of %s with %d lines", d.State, d.PartnerID.Name, len(d.InvoiceLineIDs))
	}
	return errors.Join(createErr, err)
}

// makeUser makes a user, gives it a group, and finds it by the group.
func (p *Program) makeUser(ctx context.Context, _ orm.ID[odoo.ResPartner]) error {
	group, groupErr := create(ctx, p, odoo.ResGroupsValues{Name: orm.Set(marker)})
	user, userErr := create(ctx, p, odoo.ResUsersValues{Name: orm.Set(marker), Login: orm.Set(marker)}, quiet)
	writeErr := orm.Write(ctx, p.Client, orm.On(user), odoo.ResUsersValues{GroupIDs: orm.Commands(orm.Link(group))})
	found, err := orm.Find[odoo.ResUsers](ctx, p.Client, orm.Any(users.GroupIDs, orm.Eq(groups.Name, marker)))
	of, groupReadErr := orm.Get[odoo.ResGroups](ctx, p.Client, group)
	for _, u := range found {
		p.say("user %s is in the group: %v, which has %d users", u.Login, slices.Contains(u.GroupIDs, group), len(of.UserIDs))
	}
	return errors.Join(groupErr, userErr, writeErr, err, groupReadErr)
}
