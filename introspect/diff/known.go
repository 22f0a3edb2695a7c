package diff

import "github.com/odoogen/odoogen/internal/odoofacts"

// known are renames that Odoo's own code shows and that the snapshots alone do not: the names, the labels and often the
// types have nothing in common. They are clues like others, and strong ones.
var known = map[string]string{
	"account.move.line/analytic_account_id>analytic_distribution": "16.0, 7064c95aa04e",
	"hr.employee/address_home_id>work_contact_id":                 "17.0, e8c48f824e07",
	"stock.move.line/qty_done>quantity":                           "17.0",
	"payment.transaction/date>last_state_change":                  "15.0",
	"payment.transaction/invoice_ids_nbr>invoices_count":          "15.0",
	"project.task/subtask_planned_hours>subtask_allocated_hours":  "17.0",
	"stock.lot/repair_order_count>repair_part_count":              "17.0",
	"stock.warehouse.orderpoint/lead_days_date>lead_horizon_date": "19.0",
	"account.move/tax_totals_json>tax_totals":                     "16.0",
	"account.payment/ref>memo":                                    "18.0",
	"mail.activity.type/default_description>default_note":         "15.0",
	"project.project/analytic_account_id>account_id":              "18.0",
	"project.task/planned_hours>allocated_hours":                  "17.0",
	"purchase.order/tax_totals_json>tax_totals":                   "16.0",
	"sale.order/tax_totals_json>tax_totals":                       "16.0",
	"res.groups/trans_implied_ids>all_implied_ids":                "18.2, #179354",
}

// succeeded are renames of the same kind that changed what the values mean: too little for code to be rewritten by them.
var succeeded = map[string]string{
	"account.journal/inbound_payment_method_ids>inbound_payment_method_line_ids":        "15.0",
	"account.journal/outbound_payment_method_ids>outbound_payment_method_line_ids":      "15.0",
	"account.move/send_and_print_values>sending_data":                                   "18.0",
	"account.reconcile.model/match_total_amount_param>payment_tolerance_param":          "15.0",
	"account.reconcile.model/match_total_amount>allow_payment_tolerance":                "15.0",
	"account.reconcile.model.template/match_total_amount_param>payment_tolerance_param": "15.0",
	"account.reconcile.model.template/match_total_amount>allow_payment_tolerance":       "15.0",
	"payment.token/name>payment_details":                                                "16.0",
	"product.product/priority>is_favorite":                                              "saas~17.2, related to product.template",
	"product.template/priority>is_favorite":                                             "saas~17.2, its upgrade script: favorites are those with priority 1",
	"project.task/kanban_state>state":                                                   "17.0",
	"stock.quant/priority>is_favorite":                                                  "saas~17.2, related to product.template",
}

// knownModels are such renames of models.
var knownModels = map[string]string{
	"account.tax.report>account.report":           "16.0",
	"account.tax.report.line>account.report.line": "16.0",
	"mail.notification.web.push>mail.push":        "18.0",
}

// knownMerges are models that became part of another one.
var knownMerges = map[string]string{
	"product.packaging": "uom.uom", // 19.0: a packaging is a unit of measure, with relative_factor for qty
}

// replacement is what to use instead of a field that went without a successor of its own.
func replacement(model, field string) string {
	if field == odoofacts.LastUpdateField {
		return "write_date" // of every model, since 17.0
	}
	return replacements[model+"/"+field]
}

var replacements = map[string]string{
	"account.account/internal_type":   "account_type", // 16.0, 26b2472f4977
	"hr.expense/total_amount_company": "total_amount", // 17.0, 68fbdc964038
	"res.partner/mobile":              "phone",        // 19.0
}
