package odootest_test

import (
	"context"
	"os"
	"strings"
	"testing"

	"github.com/odoogen/odoogen/generated/odoo"
	orm "github.com/odoogen/odoogen/runtime"
	"github.com/odoogen/odoogen/runtime/odootest"
)

// shopConfirm is an example of a consumer's code.
func shopConfirm(ctx context.Context, c *orm.Client, id orm.ID[odoo.SaleOrder]) error {
	return odoo.NewSaleOrderClient(c).Call(ctx, "action_confirm", []orm.ID[odoo.SaleOrder]{id}, nil, nil)
}

func TestConfirm(t *testing.T) {
	server := odootest.NewFrom(t, "../../generated/odoogen.schema.json")
	server.Method("sale.order", "action_confirm", func(call odootest.Call) (any, error) {
		return true, call.Write("sale.order", call.IDs, map[string]any{"state": "sale"})
	})
	ctx, seed := t.Context(), server.Backstage()
	azure, err := orm.Create(ctx, seed, odoo.ResPartnerValues{Name: orm.Set("Azure Interior")})
	if err != nil {
		t.Fatal(err)
	}
	order, err := orm.Create(ctx, seed, odoo.SaleOrderValues{PartnerID: orm.Set(azure)})
	if err != nil {
		t.Fatal(err)
	}

	client, err := server.Dial(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if err := shopConfirm(ctx, client, order); err != nil { // the code under test
		t.Error(err)
	}
	if got, err := orm.Get[odoo.SaleOrder](ctx, seed, order); err != nil || got.State != odoo.SaleOrderStateSale {
		t.Errorf("the order is %q, %v", got.State, err)
	}
	if calls := server.CallsOf("sale.order", "action_confirm"); len(calls) != 1 {
		t.Errorf("confirmed %d times", len(calls))
	}
}

// The test above is the one that the manual shows, but for the names of its surroundings.
func TestTheManualShowsATestThatRuns(t *testing.T) {
	t.Parallel()
	manual, err := os.ReadFile("../../docs/testing.md")
	must(t, err)
	source, err := os.ReadFile("consumer_test.go")
	must(t, err)
	_, shown, found := strings.Cut(string(source), "func TestConfirm(")
	shown, _, ended := strings.Cut(shown, "\n}\n")
	shown = strings.NewReplacer("../../generated/", "", "shopConfirm", "shop.Confirm").Replace(shown)
	if !found || !ended || !strings.Contains(string(manual), shown) {
		t.Errorf("docs/testing.md does not show\n%s", shown)
	}
}
