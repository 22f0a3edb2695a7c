//go:build live

package introspect_test

import (
	"os"
	"slices"
	"testing"

	"github.com/odoogen/odoogen/introspect/snapshot"
)

// What a create does without a required field, as far as the server reports it: texts are not asked for, as the default of one
// may be the next number of a sequence.
func TestLiveDefaultsOfRequiredFields(t *testing.T) {
	db := os.Getenv("ODOO_FULL_DB")
	s := pull(t, dialDatabase(t, db, os.Getenv("ODOO_USER"), os.Getenv("ODOO_PASSWORD")), "sale.order", "sale.order.line", "product.product", "crm.lead", "res.users", "sale.advance.payment.inv")
	for _, want := range []struct {
		model, field string
		is           snapshot.Default
	}{
		{"sale.order", "company_id", snapshot.HasDefault},
		{"sale.order", "date_order", snapshot.HasDefault},
		{"sale.order", "partner_id", snapshot.NoDefault},
		{"sale.order.line", "order_id", snapshot.NoDefault},
		{"product.product", "product_tmpl_id", ""}, // made with the record (_inherits)
		{"res.users", "partner_id", ""},
		{"res.users", "company_id", snapshot.HasDefault},
		{"crm.lead", "name", snapshot.Derived},
		{"crm.lead", "type", snapshot.HasDefault},
		{"sale.order", "name", ""},                                 // a text
		{"sale.advance.payment.inv", "advance_payment_method", ""}, // a wizard
	} {
		m := find(t, s, want.model)
		i := slices.IndexFunc(m.Fields, func(f snapshot.Field) bool { return f.Name == want.field })
		if i < 0 || m.Fields[i].Default != want.is {
			t.Errorf("%s.%s: %q, want %q", want.model, want.field, m.Fields[i].Default, want.is)
		}
	}
}
