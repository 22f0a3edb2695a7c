//go:build live

package livetest

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	orm "github.com/odoogen/odoogen/runtime"
	"github.com/odoogen/odoogen/runtime/admin"
	"github.com/odoogen/odoogen/runtime/xmlid"
)

// machine has one field of each type.
type machine struct {
	Name     string          `odoo:"x_name"`
	Active   bool            `odoo:"x_on"`
	Power    float64         `odoo:"x_power"`
	Count    int             `odoo:"x_count"`
	Bought   orm.Date        `odoo:"x_bought"`
	Seen     time.Time       `odoo:"x_seen"`
	Notes    string          `odoo:"x_notes"`
	Page     string          `odoo:"x_page"`
	State    string          `odoo:"x_state"`
	File     []byte          `odoo:"x_file"`
	About    orm.Reference   `odoo:"x_about"`
	Currency orm.ID[any]     `odoo:"x_currency_id"`
	Price    float64         `odoo:"x_price"`
	Owner    orm.ID[Partner] `odoo:"x_owner_id"`
	Tags     []orm.ID[Tag]   `odoo:"x_tag_ids"`
}

var machineFields = []admin.CustomField{
	{Name: "x_name", Label: "Name", Type: admin.TypeChar, Required: true, Translated: true, Size: 40, Help: "What it is called"},
	{Name: "x_on", Label: "On", Type: admin.TypeBoolean},
	{Name: "x_power", Label: "Power", Type: admin.TypeFloat},
	{Name: "x_count", Label: "Count", Type: admin.TypeInteger, Indexed: true},
	{Name: "x_bought", Label: "Bought", Type: admin.TypeDate},
	{Name: "x_seen", Label: "Seen", Type: admin.TypeDatetime, NotCopy: true},
	{Name: "x_notes", Label: "Notes", Type: admin.TypeText},
	{Name: "x_page", Label: "Page", Type: admin.TypeHTML},
	{Name: "x_state", Label: "State", Type: admin.TypeSelection, Selection: orm.Labels{{"new", "New"}, {"old", "Old"}}},
	{Name: "x_file", Label: "File", Type: admin.TypeBinary},
	{Name: "x_about", Label: "About", Type: admin.TypeReference, Selection: orm.Labels{{"res.partner", "Partner"}}},
	{Name: "x_currency_id", Label: "Currency", Type: admin.TypeMany2one, Relation: "res.currency"},
	{Name: "x_price", Label: "Price", Type: admin.TypeMonetary},
	{Name: "x_owner_id", Label: "Owner", Type: admin.TypeMany2one, Relation: "res.partner", Required: true},
	{Name: "x_tag_ids", Label: "Tags", Type: admin.TypeMany2many, Relation: "res.partner.category"},
}

func TestLiveCustomModel(t *testing.T) { onEach(t, liveCustomModel) }

func liveCustomModel(t *testing.T, c *orm.Client) {
	ctx := t.Context()
	name := fmt.Sprintf("x_odoogen_%d", time.Now().UnixNano()%1e9)
	if _, err := admin.CreateModel(ctx, c, admin.CustomModel{Model: name, Label: "Machine", Order: "x_name desc", Fields: machineFields}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := admin.DeleteModel(context.Background(), c, name); err != nil {
			t.Error(err)
		}
		if err := admin.DeleteModel(context.Background(), c, name); !errors.Is(err, orm.ErrNoRecord) {
			t.Errorf("deleted twice: %v", err)
		}
	})
	euro, err := xmlid.Reference(ctx, c, "base.EUR")
	if err != nil {
		t.Fatal(err)
	}
	want := machine{
		Name: "Lathe", Active: true, Power: 2.5, Count: 3, Bought: orm.Date{Year: 2026, Month: 7, Day: 1}, Seen: utc(2026, 7, 1, 9),
		Notes: "a\nb", Page: "<p>x</p>", State: "old", File: []byte{0, 1, 255}, About: orm.Reference{Model: "res.partner", ID: 1},
		Currency: orm.ID[any](euro.ID), Price: 9.5, Owner: 1,
	}
	model := c.Model(name)
	id := must[int64](t)(model.Create(ctx, orm.Args{
		"x_name": want.Name, "x_on": want.Active, "x_power": want.Power, "x_count": want.Count, "x_bought": want.Bought, "x_seen": want.Seen,
		"x_notes": want.Notes, "x_page": want.Page, "x_state": want.State, "x_file": want.File, "x_about": want.About,
		"x_currency_id": want.Currency, "x_price": want.Price, "x_owner_id": want.Owner,
	}))
	var got machine
	if err := model.Get(ctx, &got, id); err != nil {
		t.Fatal(err)
	}
	got.Tags = nil // an empty list
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}

	// A field that points back, in a model of another: here in the same one.
	for _, f := range []admin.CustomField{
		{Name: "x_parent_id", Label: "Parent", Type: admin.TypeMany2one, Relation: name, OnDelete: "cascade"},
		{Name: "x_child_ids", Label: "Children", Type: admin.TypeOne2many, Relation: name, RelationField: "x_parent_id"},
		{Name: "x_double", Label: "Double", Type: admin.TypeInteger, Computed: true, Depends: "x_count", Compute: "for r in self: r['x_double'] = r.x_count * 2"},
		{Name: "x_owner_name", Label: "Owner's name", Type: admin.TypeChar, Related: "x_owner_id.name", Readonly: true, Computed: true},
	} {
		if _, err := admin.CreateField(ctx, c, name, f); err != nil {
			t.Fatal(err)
		}
	}
	type tree struct {
		Children []orm.ID[any] `odoo:"x_child_ids"`
		Double   int           `odoo:"x_double"`
		Owner    string        `odoo:"x_owner_name"`
	}
	child := must[int64](t)(model.Create(ctx, orm.Args{"x_name": "Part", "x_owner_id": 1, "x_parent_id": id}))
	var parent tree
	if err := model.Get(ctx, &parent, id); err != nil {
		t.Fatal(err)
	}
	if len(parent.Children) != 1 || int64(parent.Children[0]) != child || parent.Double != 6 || parent.Owner == "" {
		t.Errorf("the parent is %+v", parent)
	}
	if err := admin.DeleteField(ctx, c, name, "x_double"); err != nil {
		t.Error(err)
	}
	if err := model.Get(ctx, &parent, id); err == nil {
		t.Error("the deleted field can be read")
	}
	if err := admin.DeleteField(ctx, c, name, "x_double"); !errors.Is(err, orm.ErrNoRecord) {
		t.Errorf("deleted twice: %v", err)
	}
	if _, err := admin.CreateField(ctx, c, "no.such.model", machineFields[0]); !errors.Is(err, orm.ErrNotFound) {
		t.Errorf("a field of no model gives %v", err)
	}
}

// res.users mirrors the fields of res.partner. Until Odoo 15 a mirror outlives its field.
func TestLiveDeleteFieldDeletesMirrors(t *testing.T) {
	c := dialLive(t, orm.Password(env(t, "ODOO_USER"), env(t, "ODOO_PASSWORD")))
	name := fmt.Sprintf("x_odoogen_%d", time.Now().UnixNano()%1e9)
	must[int64](t)(admin.CreateField(t.Context(), c, "res.partner", admin.CustomField{Name: name, Type: admin.TypeChar}))
	if err := admin.DeleteField(t.Context(), c, "res.partner", name); err != nil {
		t.Fatal(err)
	}
	if n := must[int](t)(c.Model("ir.model.fields").Count(t.Context(), orm.Expr(orm.Where[Partner]("name", "=", name)))); n != 0 {
		t.Errorf("%d fields are left", n)
	}
}
