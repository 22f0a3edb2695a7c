package schema_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/odoogen/odoogen/generated/odoo"
	orm "github.com/odoogen/odoogen/runtime"
	"github.com/odoogen/odoogen/runtime/schema"
)

func TestLabelsOfSelections(t *testing.T) {
	for value, want := range map[odoo.SaleOrderState]string{
		odoo.SaleOrderStateDraft: "Quotation", odoo.SaleOrderStateCancel: "Cancelled", "": "", "x_custom": "x_custom",
	} {
		if got := schema.Label(odoo.SaleOrderF.State, value); got != want {
			t.Errorf("the label of %q is %q, want %q", value, got, want)
		}
	}
}

func TestChoicesOfSelections(t *testing.T) {
	want := orm.Labels{{"draft", "Quotation"}, {"sent", "Quotation Sent"}, {"sale", "Sales Order"}, {"cancel", "Cancelled"}}
	for range 2 { // read, then known
		if diff := cmp.Diff(want, schema.Choices(odoo.SaleOrderF.State)); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	}
	if got := schema.Choices(odoo.SaleOrderF.Name); got != nil {
		t.Errorf("a field without choices has %v", got)
	}
}
