package odootest

import (
	"encoding/base64"
	"slices"
	"strings"

	"github.com/odoogen/odoogen/internal/odoofacts"
	"github.com/odoogen/odoogen/introspect/snapshot"
)

// The official documents of invoices: the attachment of the first print, and later the document that the window "Send & Print" stores. They
// need account.move in the snapshot, and ir.attachment; those of later versions need the fields invoice_pdf_report_id and
// invoice_pdf_report_file too.

const (
	moveModel     = "account.move"
	sendModel     = "account.move.send.wizard"
	invoiceReport = "account.report_invoice_with_payments"
	invoiceID     = "invoice_pdf_report_id"
	invoiceFile   = "invoice_pdf_report_file"
)

// invoiceMethods are those of the window "Send & Print".
var invoiceMethods = map[scriptKey]method{
	{sendModel, "action_send_and_print"}: {true, nil, (*tx).sendAndPrint},
}

// sendModels is the window "Send & Print" for snapshots that have invoices and lack it.
func (c *catalog) sendModels() []snapshot.Model {
	if c.models[moveModel] == nil || !c.does(odoofacts.SendWizard) {
		return nil
	}
	return []snapshot.Model{{Name: sendModel, Kind: snapshot.Transient, Label: "Account Move Send Wizard", Fields: []snapshot.Field{
		displayNameField,
		{Name: "extra_edis", Type: "json", Label: "Extra Edis"},
		idField,
		{Name: "move_id", Type: "many2one", Label: "Move", Required: true, Relation: moveModel},
		{Name: "sending_methods", Type: "json", Label: "Sending Methods"},
	}}}
}

// sendAndPrint stores the document of the invoice of a window, if there is none. Nothing is sent.
func (t *tx) sendAndPrint(m *model, a arguments) (any, error) {
	windows, err := t.need(m, a.ids)
	if err != nil {
		return nil, err
	}
	moves := t.models[moveModel]
	for _, window := range windows {
		id, _ := window.values["move_id"].(int64)
		found, err := t.need(moves, []int64{id})
		if err != nil {
			return nil, err
		}
		if found[0].values["state"] != "posted" || truthy(found[0].values[invoiceFile]) {
			continue
		}
		content, err := t.content(t.server, "pdf", invoiceReport, []int64{id})
		if err != nil {
			return nil, err
		}
		encoded := base64.StdEncoding.EncodeToString([]byte(str(content)))
		document, err := t.attach(found[0], encoded)
		if err != nil {
			return nil, err
		}
		for name, v := range map[string]any{invoiceFile: encoded, invoiceID: document} {
			if moves.fields[name] != nil {
				t.set(found[0], name, v)
			}
		}
	}
	return map[string]any{"type": "ir.actions.act_window_close"}, nil
}

// attach stores the document of an invoice as an attachment.
func (t *tx) attach(move *record, encoded string) (int64, error) {
	values := map[string]any{"name": documentName(move), "res_model": moveModel, "res_id": move.id, "datas": encoded}
	return t.sudo().createFrom(attachmentModel, values)
}

func documentName(move *record) string {
	return strings.ReplaceAll(str(move.values["name"]), "/", "_") + ".pdf"
}

// keepFirstPrints attaches the documents of invoices that are printed for the first time.
func (t *tx) keepFirstPrints(format, report string, ids []int64, content any) error {
	m, attachments := t.models[moveModel], t.models[attachmentModel]
	if format != "pdf" || m == nil || attachments == nil || t.does(odoofacts.InvoiceDocument) ||
		!slices.Contains([]string{invoiceReport, "account.report_invoice"}, report) || len(ids) != 1 {
		return nil
	}
	move := t.get(m, ids[0])
	if move == nil || move.values["state"] != "posted" {
		return nil
	}
	for _, r := range t.all(attachments) {
		if r.values["res_model"] == moveModel && r.values["res_id"] == move.id && r.values["name"] == documentName(move) {
			return nil
		}
	}
	_, err := t.attach(move, base64.StdEncoding.EncodeToString([]byte(str(content))))
	return err
}
