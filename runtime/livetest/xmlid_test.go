//go:build live

package livetest

import (
	"errors"
	"slices"
	"testing"

	orm "github.com/odoogen/odoogen/runtime"
	"github.com/odoogen/odoogen/runtime/xmlid"
)

func TestLiveXMLIDs(t *testing.T) { onEach(t, liveXMLIDs) }

// Not every user may read the table of external ids: see xmlid.References.
func TestLiveXMLIDsOfAnOrdinaryUser(t *testing.T) {
	for _, p := range []orm.Protocol{orm.JSONRPC, orm.WebSession} {
		t.Run(p.String(), func(t *testing.T) { liveXMLIDs(t, dialLive(t, orm.Password("demo", "demo"), orm.Using(p))) })
	}
}

func liveXMLIDs(t *testing.T, c *orm.Client) {
	ctx := t.Context()
	company := orm.Reference{Model: "res.company", ID: 1}
	if ref, err := xmlid.Reference(ctx, c, "base.main_company"); ref != company || err != nil {
		t.Errorf("base.main_company is %v, %v", ref, err)
	}
	partner, err := xmlid.Lookup[Partner](ctx, c, "base.main_partner")
	if partner != 1 || err != nil {
		t.Errorf("base.main_partner is %d, %v", partner, err)
	}
	both, err := xmlid.LookupAll[Partner](ctx, c, []string{"base.partner_admin", "base.main_partner", "base.partner_admin"})
	if err != nil || !slices.Equal(both, []orm.ID[Partner]{3, 1, 3}) {
		t.Errorf("got %v, %v", both, err)
	}
	for _, name := range []string{"base.no_such_thing", "no_such_module.x", "nodot", ""} {
		_, err := xmlid.Lookup[Partner](ctx, c, name)
		if e, ok := errors.AsType[*xmlid.Error](err); !ok || e.XMLID != name || !errors.Is(err, orm.ErrNoRecord) {
			t.Errorf("%q gives %v", name, err)
		}
	}
	_, err = xmlid.Lookup[Partner](ctx, c, "base.main_company")
	if e, ok := errors.AsType[*xmlid.Error](err); !ok || e.Model != "res.company" || errors.Is(err, orm.ErrNoRecord) {
		t.Errorf("a company for a partner gives %v", err)
	}
	found, err := xmlid.References(ctx, c, []string{"base.main_company", "base.nope"})
	if found["base.main_company"] != company || !errors.Is(err, orm.ErrNoRecord) {
		t.Errorf("got %v, %v", found, err)
	}
	names, err := xmlid.Of(ctx, c, orm.On(orm.ID[Partner](1), 3))
	if err != nil || !slices.Contains(names[1], "base.main_partner") || !slices.Contains(names[3], "base.partner_admin") {
		t.Errorf("the reverse is %v, %v", names, err)
	}
	none, err := xmlid.Of[Partner](ctx, c, nil)
	if err != nil || len(none) != 0 {
		t.Errorf("of no records: %v, %v", none, err)
	}
}

func TestLiveManyXMLIDs(t *testing.T) { onEach(t, liveManyXMLIDs) }

func liveManyXMLIDs(t *testing.T, c *orm.Client) {
	const many = 4000
	ctx := t.Context()
	var rows []struct {
		Module string `odoo:"module"`
		Name   string `odoo:"name"`
		Model  string `odoo:"model"`
		ResID  int64  `odoo:"res_id"`
	}
	data := c.Model("ir.model.data")
	if err := data.Find(ctx, &rows, orm.Expr{}, orm.Asc(orm.Field[struct{}, int]("id")), orm.Limit(many)); err != nil {
		t.Fatal(err)
	}
	names := make([]string, len(rows))
	for i, row := range rows {
		names[i] = row.Module + "." + row.Name
	}
	found, err := xmlid.References(ctx, c, names)
	if err != nil || len(rows) != many {
		t.Fatalf("of %d: %v", len(rows), err)
	}
	for i, row := range rows {
		if found[names[i]] != (orm.Reference{Model: row.Model, ID: row.ResID}) {
			t.Errorf("%s is %v, want %v", names[i], found[names[i]], row)
		}
	}
}
