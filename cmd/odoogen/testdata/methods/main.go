// Command shop takes an order from the quotation to the payment, as Odoo's own pages would: each step by the method of the
// button, through the generated package. The differences between versions of Odoo are in version.go.
package main

import (
	"context"
	"errors"
	"fmt"
	"log"
	"os"
	"slices"

	orm "github.com/odoogen/odoogen/runtime"
	"github.com/odoogen/odoogen/runtime/actions"

	"example.com/shop/odoo"
)

func main() {
	log.SetFlags(0)
	ctx := context.Background()
	credential := orm.Password(os.Getenv("ODOO_USER"), os.Getenv("ODOO_PASSWORD"))
	if key := os.Getenv("ODOO_API_KEY"); key != "" {
		credential = orm.APIKey(os.Getenv("ODOO_USER"), key)
	}
	c, err := orm.Dial(ctx, os.Getenv("ODOO_URL"), orm.Database(os.Getenv("ODOO_DB")), credential)
	if err != nil {
		log.Fatal(err)
	}
	if err := run(ctx, c); err != nil {
		log.Fatal(err)
	}
}

func run(ctx context.Context, c *orm.Client) error {
	s, err := open(ctx, c)
	if err != nil {
		return err
	}
	steps := []func(context.Context) error{s.confirm, s.deliver, s.returnGoods, s.invoice, s.pay, s.post, s.win}
	for _, step := range steps {
		if err = step(ctx); err != nil {
			break
		}
	}
	return errors.Join(err, s.close(ctx))
}

// shop is an order on its way.
type shop struct {
	c        *orm.Client
	orders   *odoo.SaleOrderClient
	partner  orm.ID[odoo.ResPartner]
	product  orm.ID[odoo.ProductProduct]
	order    orm.ID[odoo.SaleOrder]
	invoices []orm.ID[odoo.AccountMove]
}

func open(ctx context.Context, c *orm.Client) (*shop, error) {
	s := &shop{c: c, orders: odoo.NewSaleOrderClient(c)}
	var err error
	s.partner, err = odoo.NewResPartnerClient(c).Create(ctx, odoo.ResPartnerValues{Name: orm.Set("Odoogen Methods")})
	if err != nil {
		return nil, err
	}
	s.product, err = odoo.NewProductProductClient(c).Create(ctx, odoo.ProductProductValues{
		Name: orm.Set("Odoogen Methods"), Type: orm.Set(odoo.ProductProductTypeConsu),
		InvoicePolicy: orm.Set(odoo.ProductProductInvoicePolicyOrder), ListPrice: orm.Set(50.0),
	})
	if err != nil {
		return nil, err
	}
	s.order, err = s.orders.Create(ctx, odoo.SaleOrderValues{
		PartnerID: orm.Set(s.partner),
		OrderLine: orm.Commands(orm.New(odoo.SaleOrderLineValues{ProductID: orm.Set(s.product), ProductUomQty: orm.Set(2.0)})),
	})
	return s, err
}

// close puts away what can be: posted entries stay.
func (s *shop) close(ctx context.Context) error {
	err := odoo.NewResPartnerClient(s.c).Write(ctx, orm.On(s.partner), odoo.ResPartnerValues{Active: orm.Set(false)})
	return errors.Join(err, odoo.NewProductProductClient(s.c).Write(ctx, orm.On(s.product), odoo.ProductProductValues{Active: orm.Set(false)}))
}

func (s *shop) confirm(ctx context.Context) error {
	if _, err := s.orders.ActionConfirm(ctx, orm.On(s.order)); err != nil {
		return err
	}
	return s.expect(ctx, "confirmed", func(o odoo.SaleOrder) (any, any) { return o.State, odoo.SaleOrderStateSale })
}

// expect reads the order and compares.
func (s *shop) expect(ctx context.Context, what string, got func(odoo.SaleOrder) (got, want any)) error {
	order, err := s.orders.Get(ctx, s.order, orm.Include(odoo.SaleOrderF.InvoiceStatus), orm.Include(odoo.SaleOrderF.InvoiceIDs))
	if err != nil {
		return err
	}
	return expect(what, got, order)
}

func expect[R any](what string, of func(R) (got, want any), record R) error {
	if got, want := of(record); got != want {
		return fmt.Errorf("%s: got %v, want %v", what, got, want)
	}
	fmt.Println(what)
	return nil
}

// transfers are the order's.
func (s *shop) transfers(ctx context.Context) ([]odoo.StockPicking, error) {
	order, err := s.orders.Get(ctx, s.order)
	if err != nil {
		return nil, err
	}
	return odoo.NewStockPickingClient(s.c).Find(ctx, orm.In(odoo.StockPickingF.ID, order.PickingIDs...), orm.Asc(odoo.StockPickingF.ID))
}

func (s *shop) deliver(ctx context.Context) error {
	pickings, err := s.transfers(ctx)
	if err != nil || len(pickings) != 1 {
		return fmt.Errorf("%d transfers, want 1: %w", len(pickings), err)
	}
	if err := validate(ctx, s.c, pickings[0].ID); err != nil {
		return err
	}
	picking, err := odoo.NewStockPickingClient(s.c).Get(ctx, pickings[0].ID)
	if err != nil {
		return err
	}
	return expect("delivered", func(p odoo.StockPicking) (any, any) { return p.State, odoo.StockPickingStateDone }, picking)
}

// returnGoods makes the transfer that brings the goods back, by the wizard of the menu.
func (s *shop) returnGoods(ctx context.Context) error {
	pickings, err := s.transfers(ctx)
	if err != nil {
		return err
	}
	back, err := giveBack(ctx, s.c, pickings[0])
	if err != nil {
		return err
	}
	picking, err := odoo.NewStockPickingClient(s.c).Get(ctx, back)
	if err != nil {
		return err
	}
	return expect("returned", func(p odoo.StockPicking) (any, any) { return p.State, odoo.StockPickingStateAssigned }, picking)
}

func (s *shop) invoice(ctx context.Context) error {
	wizard, err := actions.OpenOn(ctx, s.c, orm.On(s.order), odoo.SaleAdvancePaymentInvValues{
		AdvancePaymentMethod: orm.Set(odoo.SaleAdvancePaymentInvAdvancePaymentMethodDelivered),
	})
	if err != nil {
		return err
	}
	if _, err := odoo.NewSaleAdvancePaymentInvClient(wizard.Client).CreateInvoices(ctx, orm.On(wizard.ID)); err != nil {
		return err
	}
	order, err := s.orders.Get(ctx, s.order, orm.Include(odoo.SaleOrderF.InvoiceIDs))
	if err != nil {
		return err
	}
	s.invoices = order.InvoiceIDs
	moves := odoo.NewAccountMoveClient(s.c)
	if _, err := moves.ActionPost(ctx, s.invoices); err != nil {
		return err
	}
	invoices, err := moves.Find(ctx, orm.In(odoo.AccountMoveF.ID, s.invoices...))
	if err != nil || len(invoices) != 1 {
		return fmt.Errorf("%d invoices, want 1: %w", len(invoices), err)
	}
	return expect("invoiced", func(m odoo.AccountMove) (any, any) { return m.State, odoo.AccountMoveStatePosted }, invoices[0])
}

// pay registers the payment by the wizard that the invoice's button answers with.
func (s *shop) pay(ctx context.Context) error {
	moves := odoo.NewAccountMoveClient(s.c)
	answer, err := moves.ActionRegisterPayment(ctx, s.invoices)
	if err != nil {
		return err
	}
	action, ok := actions.Of(answer)
	if !ok {
		return fmt.Errorf("no action, but %s", answer.Raw)
	}
	wizard, err := actions.Follow(ctx, s.c, action, odoo.AccountPaymentRegisterValues{Communication: orm.Set("Odoogen")})
	if err != nil {
		return err
	}
	if _, err := odoo.NewAccountPaymentRegisterClient(wizard.Client).ActionCreatePayments(ctx, orm.On(wizard.ID)); err != nil {
		return err
	}
	invoice, err := moves.Get(ctx, s.invoices[0])
	if err != nil {
		return err
	}
	paid := []odoo.AccountMovePaymentState{odoo.AccountMovePaymentStatePaid, odoo.AccountMovePaymentStateInPayment}
	return expect("paid", func(m odoo.AccountMove) (any, any) { return slices.Contains(paid, m.PaymentState), true }, invoice)
}

// post posts a message with an attachment.
func (s *shop) post(ctx context.Context) error {
	file, err := odoo.NewIrAttachmentClient(s.c).Create(ctx, odoo.IrAttachmentValues{Name: orm.Set("thanks.txt"), Datas: orm.Set([]byte("Thank you"))})
	if err != nil {
		return err
	}
	_, err = s.orders.MessagePostWith(ctx, orm.On(s.order), odoo.SaleOrderMessagePostArgs{
		Body: orm.Set("Thank you"), AttachmentIDs: orm.Set[any](orm.On(file)),
	})
	if err != nil {
		return err
	}
	messages, err := odoo.NewMailMessageClient(s.c).Find(ctx, orm.And(
		orm.Eq(odoo.MailMessageF.Model, "sale.order"), orm.Eq(odoo.MailMessageF.ResID, int64(s.order)), orm.ILike(odoo.MailMessageF.Body, "Thank you")))
	if err != nil || len(messages) != 1 {
		return fmt.Errorf("%d messages, want 1: %w", len(messages), err)
	}
	return expect("posted", func(m odoo.MailMessage) (any, any) { return fmt.Sprint(m.AttachmentIDs), fmt.Sprint(orm.On(file)) }, messages[0])
}

// win wins an opportunity.
func (s *shop) win(ctx context.Context) error {
	leads := odoo.NewCrmLeadClient(s.c)
	id, err := leads.Create(ctx, odoo.CrmLeadValues{Name: orm.Set("Odoogen Methods"), Type: orm.Set(odoo.CrmLeadTypeOpportunity)})
	if err != nil {
		return err
	}
	if _, err := leads.ActionSetWonRainbowman(ctx, orm.On(id)); err != nil {
		return err
	}
	lead, err := leads.Get(ctx, id)
	if err != nil {
		return err
	}
	return errors.Join(
		expect("won", func(l odoo.CrmLead) (any, any) { return l.Probability, 100.0 }, lead),
		leads.Unlink(ctx, orm.On(id)))
}
