package shop

import (
	"bytes"
	"context"
	"errors"
	"fmt"

	orm "github.com/odoogen/odoogen/runtime"
	"github.com/odoogen/odoogen/runtime/actions"
	"github.com/odoogen/odoogen/runtime/form"
	"github.com/odoogen/odoogen/runtime/mail"
	"github.com/odoogen/odoogen/runtime/odoosync"
	"github.com/odoogen/odoogen/runtime/report"

	"github.com/odoogen/odoogen/examples/shop/odoo"
)

// Order is an order of the web shop, which the customer has paid.
type Order struct {
	Number string
	Name   string // of the customer
	Email  string
	Items  []Item
}

// Item is a product and how much of it was sold.
type Item struct {
	SKU      string
	Quantity float64
}

// Sale is what an order has become.
type Sale struct {
	Customer orm.ID[odoo.ResPartner]
	Order    orm.ID[odoo.SaleOrder]
	Invoice  orm.ID[odoo.AccountMove]
	Message  orm.ID[mail.Posted]
	Total    float64
	Format   report.Format // of the document
	Document []byte        // the invoice
}

// Sell makes the sale of an order. When a step fails, the sale has what the steps before it made.
func Sell(ctx context.Context, c *orm.Client, order Order) (*Sale, error) {
	s := &seller{c: c, order: order}
	for _, step := range []struct {
		name string
		run  func(context.Context) error
	}{
		{"customer", s.findCustomer}, {"order", s.enter}, {"confirmation", s.confirm}, {"delivery", s.deliver}, {"invoice", s.invoice},
		{"payment", s.pay}, {"document", s.print}, {"message", s.send},
	} {
		if err := step.run(ctx); err != nil {
			return &s.sale, fmt.Errorf("order %s: %s: %w", order.Number, step.name, err)
		}
	}
	return &s.sale, nil
}

type seller struct {
	c     *orm.Client
	order Order
	sale  Sale
}

// findCustomer finds the customer by the email address.
func (s *seller) findCustomer(ctx context.Context) (err error) {
	s.sale.Customer, _, err = odoosync.FindOrCreate(ctx, s.c, odoosync.By(odoo.ResPartnerF.Email), odoosync.Row[odoo.ResPartnerValues]{
		Values: odoo.ResPartnerValues{Name: orm.Set(s.order.Name), Email: orm.Set(s.order.Email)},
	})
	return err
}

// enter fills in the order as a user would: Odoo gives it payment terms, prices and taxes.
func (s *seller) enter(ctx context.Context) error {
	f, err := form.New(ctx, s.c, odoo.SaleOrderValues{PartnerID: orm.Set(s.sale.Customer), ClientOrderRef: orm.Set(s.order.Number)})
	if err != nil {
		return err
	}
	for _, item := range s.order.Items {
		product, err := orm.First[odoo.ProductProduct](ctx, s.c, orm.Eq(odoo.ProductProductF.DefaultCode, item.SKU), orm.Asc(odoo.ProductProductF.ID))
		if err != nil {
			return fmt.Errorf("product %s: %w", item.SKU, err)
		}
		line := odoo.SaleOrderLineValues{ProductID: orm.Set(product.ID), ProductUomQty: orm.Set(item.Quantity)}
		if _, err := form.Add(ctx, f, odoo.SaleOrderF.OrderLine, line); err != nil {
			return err
		}
	}
	s.sale.Order, err = f.Create(ctx)
	return err
}

func (s *seller) confirm(ctx context.Context) error {
	orders := odoo.NewSaleOrderClient(s.c)
	if _, err := orders.ActionConfirm(ctx, orm.On(s.sale.Order)); err != nil {
		return err
	}
	order, err := orders.Get(ctx, s.sale.Order)
	s.sale.Total = order.AmountTotal
	if err == nil && order.State != odoo.SaleOrderStateSale {
		err = fmt.Errorf("the order is in state %s", order.State)
	}
	return err
}

// deliver validates the deliveries. Odoo 14 asks in a wizard whether everything was delivered.
func (s *seller) deliver(ctx context.Context) error {
	order, err := odoo.NewSaleOrderClient(s.c).Get(ctx, s.sale.Order, orm.Include(odoo.SaleOrderF.PickingIDs))
	if err != nil {
		return err
	}
	for _, id := range order.PickingIDs {
		answer, err := odoo.NewStockPickingClient(s.c).ButtonValidate(ctx, orm.On(id))
		if err != nil {
			return err
		}
		action, asks := actions.Of(answer)
		if !asks {
			continue
		}
		wizard, err := actions.Follow(ctx, s.c, action, odoo.StockImmediateTransferValues{})
		if err != nil {
			return err
		}
		if _, err := odoo.NewStockImmediateTransferClient(wizard.Client).Process(ctx, orm.On(wizard.ID)); err != nil {
			return err
		}
	}
	return nil
}

// invoice makes the invoice of what was delivered, and posts it.
func (s *seller) invoice(ctx context.Context) error {
	wizard, err := actions.OpenOn(ctx, s.c, orm.On(s.sale.Order), odoo.SaleAdvancePaymentInvValues{
		AdvancePaymentMethod: orm.Set(odoo.SaleAdvancePaymentInvAdvancePaymentMethodDelivered),
	})
	if err != nil {
		return err
	}
	if _, err := odoo.NewSaleAdvancePaymentInvClient(wizard.Client).CreateInvoices(ctx, orm.On(wizard.ID)); err != nil {
		return err
	}
	order, err := odoo.NewSaleOrderClient(s.c).Get(ctx, s.sale.Order, orm.Include(odoo.SaleOrderF.InvoiceIDs))
	if err != nil {
		return err
	}
	if len(order.InvoiceIDs) != 1 {
		return fmt.Errorf("the order has %d invoices", len(order.InvoiceIDs))
	}
	s.sale.Invoice = order.InvoiceIDs[0]
	_, err = odoo.NewAccountMoveClient(s.c).ActionPost(ctx, orm.On(s.sale.Invoice))
	return err
}

// pay registers the payment of the whole invoice.
func (s *seller) pay(ctx context.Context) error {
	invoices := odoo.NewAccountMoveClient(s.c)
	answer, err := invoices.ActionRegisterPayment(ctx, orm.On(s.sale.Invoice))
	if err != nil {
		return err
	}
	action, _ := actions.Of(answer)
	wizard, err := actions.Follow(ctx, s.c, action, odoo.AccountPaymentRegisterValues{Communication: orm.Set(s.order.Number)})
	if err != nil {
		return err
	}
	if _, err := odoo.NewAccountPaymentRegisterClient(wizard.Client).ActionCreatePayments(ctx, orm.On(wizard.ID)); err != nil {
		return err
	}
	invoice, err := invoices.Get(ctx, s.sale.Invoice)
	if err == nil && invoice.AmountResidual != 0 {
		err = fmt.Errorf("%v of %v is due", invoice.AmountResidual, invoice.AmountTotal)
	}
	return err
}

// print renders the invoice: as HTML if the server cannot make PDF files.
func (s *seller) print(ctx context.Context) error {
	for _, format := range []report.Format{report.PDF, report.HTML} {
		var document bytes.Buffer
		_, err := report.Write(ctx, s.c, odoo.AccountMoveReportInvoice, format, orm.On(s.sale.Invoice), &document)
		if errors.Is(err, report.ErrNoWkhtmltopdf) {
			continue
		}
		s.sale.Format, s.sale.Document = format, document.Bytes()
		return err
	}
	return report.ErrNoWkhtmltopdf
}

// send posts a message on the order, with the invoice attached. The followers of the order receive it.
func (s *seller) send(ctx context.Context) error {
	file, err := mail.Attach(ctx, s.c, s.sale.Order, s.order.Number+"."+string(s.sale.Format), bytes.NewReader(s.sale.Document))
	if err != nil {
		return err
	}
	s.sale.Message, err = mail.Post(ctx, s.c, s.sale.Order, mail.Message{
		Text: "Thank you for your order. The invoice is attached.", Subtype: mail.Comment, Attachments: []orm.ID[mail.Attachment]{file},
	})
	return err
}
