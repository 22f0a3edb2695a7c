package odoofacts

import "slices"

// Encoding is what the values of a binary field are on the wire. fields_get does not report it.
type Encoding string

// The encodings of binary fields.
const (
	Base64 Encoding = "base64"
	// Text is the content itself, as if it were UTF-8. A text of this kind may look like base64.
	Text Encoding = "text"
	// JSON is a list or an object.
	JSON Encoding = "JSON"
)

// RawIsText says that ir.attachment.raw is text: the fields raw and db_datas of ir.attachment and of the models that inherit it. Odoo 14 and 15 refuse a text in
// create, 19 refuses it in write; content that is not UTF-8 is decoded as Latin-1 by 14, and is HTTP 500 on 19. From
// saas-19.3 on raw is said to be base64, and datas to be gone.
var RawIsText = add(Behaviour{Name: "ir.attachment.raw is text, not base64", Last: Version{Major: 19, Minor: 2}, Known: Read})

type binaryField struct {
	encoding Encoding
	name     string
	models   []string
}

var (
	attachments = []string{"ir.attachment", "documents.document", "mrp.document", "product.document", "quotation.document"}
	moves       = []string{"account.move", "account.payment", "account.bank.statement.line"}
	orders      = []string{"sale.order", "purchase.order"}
	moveLines   = []string{"account.move.line"}
)

// notBase64 are the binary fields that are not base64. Found by a read of every binary field of every model of a full
// Odoo 14 and 19, and in the sources of both for what is empty there.
var notBase64 = []binaryField{
	{Text, "raw", append([]string{"spreadsheet.dashboard"}, attachments...)},
	{Text, "db_datas", attachments},
	{Text, "params_store", []string{"ir.actions.client"}}, // a dictionary of Python
	{Text, "file", []string{"base_import.import"}},

	{JSON, "params", []string{"ir.actions.client"}},
	{JSON, "views", []string{"ir.actions.act_window"}},
	{JSON, "account_templates", []string{"ir.module.module"}},
	{JSON, "account_map", []string{"account.fiscal.position"}},
	{JSON, "tax_map", []string{"account.fiscal.position"}},
	{JSON, "tag_ids_domain", []string{"account.tax.repartition.line"}},
	{JSON, "batches", []string{"account.payment.register"}},
	{JSON, "duplicate_applicant_ids_domain", []string{"applicant.get.refuse.reason"}},

	{JSON, "amount_by_group", append(orders, moves...)},
	{JSON, "tax_totals", append(orders, moves...)},
	{JSON, "invoice_outstanding_credits_debits_widget", moves},
	{JSON, "invoice_payments_widget", moves},
	{JSON, "needed_terms", moves},
	{JSON, "payment_term_details", moves},
	{JSON, "quick_encoding_vals", moves},
	{JSON, "l10n_tr_exemption_code_domain_list", moves},

	{JSON, "compute_all_tax", moveLines},
	{JSON, "tax_key", moveLines},
	{JSON, "term_key", moveLines},
	{JSON, "epd_key", moveLines},
	{JSON, "epd_needed", moveLines},
	{JSON, "discount_allocation_key", moveLines},
	{JSON, "discount_allocation_needed", moveLines},
}

// BinaryEncoding returns the encoding of a binary field. Where the model is not known, "", only the fields of
// [IsRawContent] are distinguished: text in a JSON field cannot be mistaken for base64.
func BinaryEncoding(v Version, model, field string) Encoding {
	if IsRawContent(field) && !RawIsText.In(v) {
		return Base64
	}
	for _, b := range notBase64 {
		if b.name == field && (slices.Contains(b.models, model) || model == "" && IsRawContent(field)) {
			return b.encoding
		}
	}
	return Base64
}

// OtherBinaries returns the names of the binary fields of the model that are not base64.
func OtherBinaries(v Version, model string) []string {
	var names []string
	for _, b := range notBase64 {
		if slices.Contains(b.models, model) && BinaryEncoding(v, model, b.name) != Base64 {
			names = append(names, b.name)
		}
	}
	return names
}

// IsRawContent reports whether the field, where it is text, has the content of another field that is base64 and can be
// relied on: "datas" of attachments.
func IsRawContent(field string) bool { return field == "raw" || field == "db_datas" }
