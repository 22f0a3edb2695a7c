package servers_test

import (
	"bytes"
	"errors"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/odoogen/odoogen/golden/servers"
	"github.com/odoogen/odoogen/golden/servers/odoo"
	orm "github.com/odoogen/odoogen/runtime"
	"github.com/odoogen/odoogen/runtime/load"
	"github.com/odoogen/odoogen/runtime/odootest"
	"github.com/odoogen/odoogen/runtime/schema"
)

// The report is the same on every version.
func TestProgram(t *testing.T) {
	var report []string
	for _, version := range []string{"14", "15", "16", "17", "18", "19"} {
		t.Run(version, func(t *testing.T) {
			server := start(t, version)
			c, err := server.Dial(t.Context(), schema.Verify(odoo.Schema))
			if err != nil {
				t.Fatal(err)
			}
			p := servers.Program{Client: c}
			if err := p.Run(t.Context()); err != nil {
				t.Fatal(err)
			}
			if report == nil {
				report = p.Report
			}
			if diff := cmp.Diff(report, p.Report); diff != "" || len(report) != 9 {
				t.Errorf("%d lines (-14 +%s):\n%s", len(report), version, diff)
			}
			if want := version < "19"; (p.Mobile == orm.Present) != want {
				t.Errorf("the mobile number is there: %v, want %v", !want, want)
			}
			if want := version > "14"; (p.Country == orm.Present) != want {
				t.Errorf("the country of taxes is there: %v, want %v", !want, want)
			}
		})
	}
}

// mostLines is how long a program for six versions is at most.
const mostLines = 150

func TestProgramIsShort(t *testing.T) {
	source, err := os.ReadFile("program.go")
	if err != nil {
		t.Fatal(err)
	}
	if n := bytes.Count(source, []byte("\n")); n > mostLines {
		t.Errorf("%d lines, %d are allowed", n, mostLines)
	}
}

// start makes a server of a version with a product and a tax, which typed values of the package seed.
func start(t *testing.T, version string) *odootest.Server {
	t.Helper()
	server := odootest.NewFrom(t, "snapshots/"+version+".json")
	for method, state := range map[string]string{"action_confirm": "sale", "action_cancel": "cancel"} {
		server.Method("sale.order", method, func(call odootest.Call) (any, error) {
			return true, call.Write("sale.order", call.IDs, map[string]any{"state": state})
		})
	}
	seed := server.Backstage()
	_, taxErr := orm.Create(t.Context(), seed, odoo.AccountTaxValues{
		Name: orm.Set("VAT"), TypeTaxUse: orm.Set(odoo.AccountTaxTypeTaxUseSale), Amount: orm.Set(21.0),
	})
	_, productErr := orm.Create(t.Context(), seed, odoo.ProductProductValues{Name: orm.Set("Desk")})
	if taxErr != nil || productErr != nil {
		t.Fatal(taxErr, productErr)
	}
	return server
}

// What a server lacks is refused before the call.
func TestNothingIsSentForAFieldThatTheServerLacks(t *testing.T) {
	server := start(t, "19")
	c, err := server.Dial(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	before := len(server.CallsOf("res.partner", "create")) + len(server.CallsOf("res.partner", "search_count"))
	if _, err := orm.Count(t.Context(), c, orm.IsSet(odoo.ResPartnerF.Mobile)); !errors.Is(err, orm.ErrNoField) {
		t.Error(err)
	}
	if _, err := orm.Create(t.Context(), c, odoo.ResPartnerValues{Name: orm.Set("x"), Mobile: orm.Set("1")}); !errors.Is(err, orm.ErrNoField) {
		t.Error(err)
	}
	if n := len(server.CallsOf("res.partner", "create")) + len(server.CallsOf("res.partner", "search_count")); n != before {
		t.Errorf("%d calls were sent", n-before)
	}
}

// A choice that only some servers have is refused before the call on the others, where a condition on it would match nothing.
func TestChoicesThatOnlySomeServersHave(t *testing.T) {
	for _, version := range []string{"14", "15", "16", "17", "18", "19"} {
		server := start(t, version)
		c, err := server.Dial(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		ctx, want := t.Context(), version < "17"
		before := len(server.CallsOf("sale.order", "search_count"))
		_, searched := orm.Count(ctx, c, orm.Eq(odoo.SaleOrderF.State, odoo.SaleOrderStateDone))
		_, walked := orm.Count(ctx, c, orm.Any(odoo.SaleOrderLineF.OrderID, orm.In(odoo.SaleOrderF.State, odoo.SaleOrderStateSale, odoo.SaleOrderStateDone)))
		for _, err := range []error{searched, walked} {
			if (err == nil) != want || !want && !errors.Is(err, orm.ErrNoChoice) {
				t.Errorf("%s: %v", version, err)
			}
		}
		if sent := len(server.CallsOf("sale.order", "search_count")) > before; sent != want {
			t.Errorf("%s: the search was sent: %v, want %v", version, sent, want)
		}
		product := odoo.ProductProductValues{Name: orm.Set("set"), Type: orm.Set(odoo.ProductProductTypeProduct)}
		_, err = orm.Create(ctx, c, product)
		if want := version < "18"; errors.Is(err, orm.ErrNoChoice) == want {
			t.Errorf("%s: a storable product: %v", version, err)
		}
		_, err = load.Rows(ctx, c, []load.Row[odoo.ProductProductValues]{{XMLID: "x.set", Values: product}})
		if want := version < "18"; errors.Is(err, orm.ErrNoChoice) == want {
			t.Errorf("%s: a storable product is loaded: %v", version, err)
		}
	}
}

// A model or a method that only some servers have is refused on the others: the model before the call, the method by the server,
// which is asked once.
func TestModelsAndMethodsThatOnlySomeServersHave(t *testing.T) {
	for _, version := range []string{"14", "15", "16", "17", "18", "19"} {
		server := start(t, version)
		for method, has := range map[string]bool{"action_done": version < "17", "action_lock": version >= "17"} {
			if has {
				server.Method("sale.order", method, func(odootest.Call) (any, error) { return true, nil })
			}
		}
		c, err := server.Dial(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		ctx, hasTitles := t.Context(), version < "19"
		_, searched := orm.Count(ctx, c, orm.AllOf[odoo.ResPartnerTitle]())
		_, made := odoo.NewResPartnerTitleClient(c).Create(ctx, odoo.ResPartnerTitleValues{Name: orm.Set("Dr")})
		for _, err := range []error{searched, made} {
			if (err == nil) != hasTitles || !hasTitles && !errors.Is(err, orm.ErrNoModel) {
				t.Errorf("%s: %v", version, err)
			}
		}
		if sent := len(server.CallsOf("res.partner.title", "search_count")) + len(server.CallsOf("res.partner.title", "create")); (sent > 0) != hasTitles {
			t.Errorf("%s: %d calls were sent", version, sent)
		}
		if asked := len(server.CallsOf("res.partner.title", "fields_get")); asked != 1 {
			t.Errorf("%s: the model was asked for %d times", version, asked)
		}
		orders := odoo.NewSaleOrderClient(c)
		for range 2 {
			_, done := orders.ActionDone(ctx, nil)
			_, locked := orders.ActionLock(ctx, nil)
			if version < "17" {
				done, locked = locked, done
			}
			if locked != nil || !errors.Is(done, orm.ErrNoMethod) {
				t.Errorf("%s: %v, %v", version, locked, done)
			}
		}
		if sent := len(server.CallsOf("sale.order", "action_done")) * len(server.CallsOf("sale.order", "action_lock")); sent != 2 {
			t.Errorf("%s: the calls of both methods were sent %d times, want 2 of the one and 1 of the other", version, sent)
		}
	}
}
