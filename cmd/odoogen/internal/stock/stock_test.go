package stock_test

import (
	"slices"
	"testing"

	"github.com/odoogen/odoogen/cmd/odoogen/internal/stock"
	"github.com/odoogen/odoogen/introspect/snapshot"
	"github.com/odoogen/odoogen/runtime/odootest"
)

// Each is of its version, without fields of somebody's own, and the embedded Odoo serves it.
func TestSnapshotOfEachVersion(t *testing.T) {
	for _, version := range stock.Series {
		for _, series := range []string{version, version + ".0"} {
			s, err := stock.Snapshot(series)
			if err != nil {
				t.Fatal(err)
			}
			if s.Server.Series != version+".0" {
				t.Errorf("%s is of %s", series, s.Server.Series)
			}
			for _, name := range []string{"account.move", "account.move.line", "product.product", "res.partner", "res.users", "sale.order", "sale.order.line", "stock.picking"} {
				if !slices.ContainsFunc(s.Models, func(m snapshot.Model) bool { return m.Name == name }) {
					t.Errorf("%s has no %s", series, name)
				}
			}
			for _, m := range s.Models {
				if m.Custom || slices.ContainsFunc(m.Fields, func(f snapshot.Field) bool { return f.Custom }) {
					t.Errorf("%s: %s is or has something of somebody's own", series, m.Name)
				}
			}
			server := odootest.New(t, s)
			id, err := server.Create("res.partner", map[string]any{"name": "Azure Interior"})
			if err != nil || id == 0 {
				t.Errorf("%s: %v", series, err)
			}
		}
	}
}

func TestUnknownSeries(t *testing.T) {
	for _, series := range []string{"", "13", "20.0", "saas~17.2", "17.1"} {
		if _, err := stock.Snapshot(series); err == nil {
			t.Errorf("%q has a snapshot", series)
		}
	}
}
