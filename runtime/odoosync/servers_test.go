package odoosync_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/odoogen/odoogen/golden/servers/odoo"
	orm "github.com/odoogen/odoogen/runtime"
	"github.com/odoogen/odoogen/runtime/odoosync"
	"github.com/odoogen/odoogen/runtime/odootest"
)

// One package for Odoo 14 to 19 syncs relations by the names of the server, and refuses what the server lacks before it writes.
func TestServers(t *testing.T) {
	for _, version := range []string{"14", "15", "16", "17", "18", "19"} {
		t.Run(version, func(t *testing.T) {
			server := odootest.NewFrom(t, "../../golden/servers/snapshots/"+version+".json")
			c := dial(t, server)
			syncGroups(t, server, c)
			syncMobiles(t, server, c, version < "19")
			syncTargets(t, c)
			syncStorable(t, server, c, version < "18")
			syncTitles(t, c, version < "19")
		})
	}
}

type groupRow = odoosync.Row[odoo.ResGroupsValues]

// syncGroups syncs the field users, which is user_ids on Odoo 19.
func syncGroups(t *testing.T, server *odootest.Server, c *orm.Client) {
	t.Helper()
	users := []orm.ID[odoo.ResUsers]{orm.ID[odoo.ResUsers](c.UID())}
	row := groupRow{Values: odoo.ResGroupsValues{Name: orm.Set("Synced"), UserIDs: orm.Commands(orm.Replace(users...))}}
	for _, want := range []odoosync.Report{{Created: 1}, {Unchanged: 1}} {
		report, err := odoosync.Run(t.Context(), c, odoosync.By(odoo.ResGroupsF.Name), odoosync.Rows(row))
		if err != nil || report.Created != want.Created || report.Unchanged != want.Unchanged || report.Failures != 0 {
			t.Fatalf("groups: %+v, %v, want %+v", report, err, want)
		}
	}
	if n := len(server.CallsOf("res.groups", "write")); n != 0 {
		t.Errorf("%d writes of groups", n)
	}
}

type partnerRow = odoosync.Row[odoo.ResPartnerValues]

// syncMobiles syncs a field that Odoo 19 lacks: in values, as the key, and as the key of a target.
func syncMobiles(t *testing.T, server *odootest.Server, c *orm.Client, has bool) {
	t.Helper()
	plain := partnerRow{Values: odoo.ResPartnerValues{Ref: orm.Set("plain"), Name: orm.Set("Plain")}}
	mobile := partnerRow{Values: odoo.ResPartnerValues{Ref: orm.Set("mobile"), Name: orm.Set("Mobile"), Mobile: orm.Set("1")}}
	report, err := odoosync.Run(t.Context(), c, odoosync.By(odoo.ResPartnerF.Ref), odoosync.Rows(plain, mobile))
	if err != nil {
		t.Fatal(err)
	}
	if has && report.Created != 2 || !has && (report.Created != 1 || report.Failures != 1 || !errors.Is(report.Failed[0], orm.ErrNoField)) {
		t.Errorf("partners: %+v", report)
	}
	before := len(server.CallsOf("res.partner", "create")) + len(server.CallsOf("res.partner", "load"))
	_, err = odoosync.Run(t.Context(), c, odoosync.By(odoo.ResPartnerF.Mobile), odoosync.Rows(mobile))
	if errors.Is(err, orm.ErrNoField) == has || has && err != nil {
		t.Errorf("the key mobile: %v", err)
	}
	order := odoosync.Row[odoo.SaleOrderValues]{Values: odoo.SaleOrderValues{ClientOrderRef: orm.Set("of a mobile")},
		Targets: []odoosync.Target{odoosync.Find(odoo.SaleOrderF.PartnerID, odoo.ResPartnerF.Mobile, "1")}}
	report, err = odoosync.Run(t.Context(), c, odoosync.By(odoo.SaleOrderF.ClientOrderRef), odoosync.Rows(order))
	if err != nil || (report.Failures == 0) != has || !has && !errors.Is(report.Failed[0], orm.ErrNoField) {
		t.Errorf("the target's key mobile: %+v, %v", report, err)
	}
	if after := len(server.CallsOf("res.partner", "create")) + len(server.CallsOf("res.partner", "load")); after != before {
		t.Errorf("%d partners were created", after-before)
	}
}

// syncTargets finds the records of a relation that has two names: the groups of users.
func syncTargets(t *testing.T, c *orm.Client) {
	t.Helper()
	user := odoosync.Row[odoo.ResUsersValues]{Values: odoo.ResUsersValues{Name: orm.Set("Synced"), Login: orm.Set("synced")},
		Targets: []odoosync.Target{odoosync.FindAll(odoo.ResUsersF.GroupIDs, odoo.ResGroupsF.Name, "Synced")}}
	for _, want := range []odoosync.Report{{Created: 1}, {Unchanged: 1}} {
		report, err := odoosync.Run(t.Context(), c, odoosync.By(odoo.ResUsersF.Login), odoosync.Rows(user))
		if err != nil || report.Created != want.Created || report.Unchanged != want.Unchanged || report.Failures != 0 {
			t.Fatalf("users: %+v, %v, want %+v", report, err, want)
		}
	}
	found, err := orm.Find[odoo.ResUsers](t.Context(), c, orm.Any(odoo.ResUsersF.GroupIDs, orm.Eq(odoo.ResGroupsF.Name, "Synced")))
	if err != nil || !slices.ContainsFunc(found, func(u odoo.ResUsers) bool { return u.Login == "synced" }) {
		t.Errorf("%v, %v", found, err)
	}
}

// syncStorable syncs a choice that is gone in Odoo 18.
func syncStorable(t *testing.T, server *odootest.Server, c *orm.Client, has bool) {
	t.Helper()
	product := odoosync.Row[odoo.ProductProductValues]{XMLID: "desk", Values: odoo.ProductProductValues{Name: orm.Set("Desk"), Type: orm.Set(odoo.ProductProductTypeProduct)}}
	report, err := odoosync.Run(t.Context(), c, odoosync.ByXMLID("shop"), odoosync.Rows(product))
	if err != nil || (report.Created == 1) != has || !has && !errors.Is(report.Failed[0], orm.ErrNoChoice) {
		t.Errorf("products: %+v, %v", report, err)
	}
	if sent := len(server.CallsOf("product.product", "load")) > 0; sent != has {
		t.Errorf("the product was sent: %v, want %v", sent, has)
	}
}

// syncTitles syncs a model that Odoo 19 lacks.
func syncTitles(t *testing.T, c *orm.Client, has bool) {
	t.Helper()
	title := odoosync.Row[odoo.ResPartnerTitleValues]{Values: odoo.ResPartnerTitleValues{Name: orm.Set("Dr")}}
	_, err := odoosync.Run(t.Context(), c, odoosync.By(odoo.ResPartnerTitleF.Name), odoosync.Rows(title))
	if errors.Is(err, orm.ErrNoModel) == has || has && err != nil {
		t.Errorf("titles: %v", err)
	}
	if !has && !strings.Contains(err.Error(), "res.partner.title: the server has no such model (Odoo 19.0)") {
		t.Error(err)
	}
}
