package diff

import "github.com/odoogen/odoogen/internal/odoo"

// known are renames that Odoo's own code tells and that the snapshots alone do not: the names, the labels and often the
// types have nothing in common. They are clues like others, and strong ones.
var known = map[string]string{
	"account.move.line/analytic_account_id>analytic_distribution": "16.0, 7064c95aa04e",
	"hr.employee/address_home_id>work_contact_id":                 "17.0, e8c48f824e07",
	"stock.move.line/qty_done>quantity":                           "17.0",
	"res.groups/trans_implied_ids>all_implied_ids":                "18.2, #179354",
}

// replacement is what to use instead of a field that went without a successor of its own.
func replacement(model, field string) string {
	if field == odoo.LastUpdateField {
		return "write_date" // of every model, since 17.0
	}
	return replacements[model+"/"+field]
}

var replacements = map[string]string{
	"account.account/internal_type":   "account_type", // 16.0, 26b2472f4977
	"hr.expense/total_amount_company": "total_amount", // 17.0, 68fbdc964038
	"res.partner/mobile":              "phone",        // 19.0
}
