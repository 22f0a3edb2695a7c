package report

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/odoogen/odoogen/internal/odoofacts"
	orm "github.com/odoogen/odoogen/runtime"
	"github.com/odoogen/odoogen/runtime/files"
	"github.com/odoogen/odoogen/runtime/internal/records"
)

const (
	invoiceModel  = "account.move"
	invoiceReport = "account.report_invoice_with_payments"
	sendWizard    = "account.move.send.wizard"
	attachments   = "ir.attachment"
)

// ErrNotStored means that Odoo has stored no document of an invoice, and that the package cannot have it made.
var ErrNotStored = errors.New("Odoo has stored no document of the invoice") //nolint:staticcheck // the name begins with a capital

// Invoice writes the official PDF of a posted invoice: the document that Odoo has stored, which needs no web session. If there is none, Odoo
// makes and stores it, so that every later call gives the same bytes:
//
//   - From Odoo 17, the document is the field invoice_pdf_report_id, which the window "Send & Print" fills in. Invoice runs this window
//     on 18 and 19, sending nothing. Where the window would also send the invoice to an authority or a network, and on Odoo 17, the error is
//     [ErrNotStored], and nothing is made.
//   - Until Odoo 16, printing the report "account.report_invoice_with_payments" for the first time stores the document as an attachment. Invoice prints it
//     by the ways of [Write].
//
// [Write] renders an invoice anew, with the payments since, and stores nothing from Odoo 17 on.
func Invoice[M any](ctx context.Context, c *orm.Client, id orm.ID[M], w io.Writer) (Printed, error) {
	model, err := records.ModelOf[M](c)
	if err == nil && model.Name() != invoiceModel {
		err = fmt.Errorf("invoices are records of %s, not of %s", invoiceModel, model.Name())
	}
	if err != nil {
		return Printed{}, fmt.Errorf("report: %w", err)
	}
	j := &job{c: c, model: model, name: invoiceReport, format: PDF, ids: []int64{int64(id)}, to: w}
	written, err := j.invoice(ctx)
	return written, j.failed(j.explained(ctx, err))
}

func (j *job) invoice(ctx context.Context) (Printed, error) {
	move, err := j.move(ctx)
	if err != nil {
		return Printed{}, err
	}
	if !odoofacts.InvoiceDocument.InSeries(j.c.Version().Series) {
		return j.attachedInvoice(ctx, move)
	}
	way := ByStored
	stored, err := j.storedInvoice(ctx)
	if err == nil && stored.ID == 0 {
		way = BySending
		if err = j.sendInvoice(ctx); err == nil {
			stored, err = j.storedInvoice(ctx)
		}
		if err == nil && stored.ID == 0 {
			err = ErrNotStored
		}
	}
	if err != nil {
		return Printed{}, err
	}
	n, err := files.DownloadFrom(ctx, j.c, invoiceModel, j.ids[0], "invoice_pdf_report_file", j.to)
	return Printed{Way: way, Size: n, Name: stored.Name}, err
}

type move struct {
	Name  string `odoo:"name"`
	State string `odoo:"state"`
	Type  string `odoo:"move_type"`
}

// move is the record, which must be a posted invoice.
func (j *job) move(ctx context.Context) (move, error) {
	var found []move
	if err := j.model.Read(ctx, &found, j.ids); err != nil {
		return move{}, err
	}
	switch {
	case len(found) == 0:
		return move{}, records.Missing(j.model, j.ids[0])
	case found[0].Type == "entry":
		return move{}, fmt.Errorf("%s %d is no invoice", invoiceModel, j.ids[0])
	case found[0].State != "posted":
		return move{}, fmt.Errorf("%s %d is in state %s: only posted invoices have an official document", invoiceModel, j.ids[0], found[0].State)
	}
	return found[0], nil
}

// attachedInvoice is the attachment of the first print, or that print. Odoo looks for it by the name as well.
func (j *job) attachedInvoice(ctx context.Context, m move) (Printed, error) {
	name := strings.ReplaceAll(m.Name, "/", "_") + ".pdf"
	var found []struct {
		ID int64 `odoo:"id"`
	}
	stored := orm.Expr(orm.And(orm.Where[any]("res_model", "=", invoiceModel), orm.Where[any]("res_id", "=", j.ids[0]), orm.Where[any]("name", "=", name)))
	if err := j.c.Model(attachments).Find(ctx, &found, stored); err != nil {
		return Printed{}, err
	}
	if len(found) == 0 {
		return j.run(ctx)
	}
	n, err := files.DownloadFrom(ctx, j.c, attachments, found[0].ID, "datas", j.to)
	return Printed{Way: ByStored, Size: n, Name: name}, err
}

// storedInvoice is the document that is stored, the zero value if there is none.
func (j *job) storedInvoice(ctx context.Context) (orm.Ref[any], error) {
	var found []struct {
		Document orm.Ref[any] `odoo:"invoice_pdf_report_id"`
	}
	if err := j.model.Read(ctx, &found, j.ids); err != nil || len(found) == 0 {
		return orm.Ref[any]{}, err
	}
	return found[0].Document, nil
}

// sendInvoice runs the window "Send & Print" without any way of sending.
func (j *job) sendInvoice(ctx context.Context) error {
	if !odoofacts.SendWizard.InSeries(j.c.Version().Series) {
		return fmt.Errorf("%w: use Send & Print on Odoo %s, or report.Write for a print that is not stored", ErrNotStored, j.c.Version().Series)
	}
	wizard := j.c.Model(sendWizard)
	id, err := wizard.Create(ctx, orm.Args{"move_id": j.ids[0], "sending_methods": []string{}})
	if err != nil {
		return err
	}
	var found []struct {
		Extra any `odoo:"extra_edis"`
	}
	if err := wizard.Read(ctx, &found, []int64{id}); err != nil {
		return err
	}
	if len(found) != 1 {
		return records.Missing(wizard, id)
	}
	if list, _ := found[0].Extra.([]any); len(list) > 0 {
		return fmt.Errorf("%w: Send & Print would also send it by %v", ErrNotStored, list)
	}
	return wizard.Call(ctx, "action_send_and_print", []int64{id}, nil, nil)
}
