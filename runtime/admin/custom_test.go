package admin

import (
	"errors"
	"slices"
	"strings"
	"testing"

	orm "github.com/odoogen/odoogen/runtime"
)

func TestCustomModelOnTheWire(t *testing.T) {
	for _, test := range []struct {
		major     int
		translate string
	}{{14, `true`}, {19, `"standard"`}} {
		f := &fakeOdoo{Major: test.major, Object: func(c fakeCall) string {
			if c.Method == "search_read" {
				return resultOf(`[{"id":1,"module":"base","name":"group_user","model":"res.groups","res_id":4}]`)
			}
			return resultOf(`[8]`)
		}}
		id, err := CreateModel(t.Context(), dialFake(t, f), CustomModel{Model: "x_m", Label: "M", Fields: []CustomField{
			{Name: "x_name", Type: TypeChar, Translated: true},
			{Name: "x_p_id", Label: "P", Type: TypeMany2one, Relation: "res.partner", Required: true},
			{Name: "x_s", Type: TypeSelection, Selection: orm.Labels{{"a", "A"}}, Attributes: orm.Args{"tracking": 1}},
		}})
		if err != nil || id != 8 {
			t.Fatal(id, err)
		}
		calls := f.Log()
		got := calls[len(calls)-1].String()
		for _, want := range []string{
			`ir.model.create [[{"access_ids":[[0,0,{"group_id":4,"name":"x_m base.group_user","perm_create":true,"perm_read":true,"perm_unlink":true,"perm_write":true}]]`,
			`"field_description":"x_name","index":false,"name":"x_name","readonly":false,"required":false,"state":"manual","store":true,"translate":` + test.translate,
			`"on_delete":"restrict","readonly":false,"relation":"res.partner","required":true`,
			`"selection_ids":[[0,0,{"name":"A","sequence":1,"value":"a"}]],"state":"manual","store":true,"tracking":1,"ttype":"selection"`,
			`"model":"x_m","name":"M","state":"manual"`,
		} {
			if !strings.Contains(got, want) {
				t.Errorf("sent %s\nwithout %s", got, want)
			}
		}
	}
}

func TestCustomFieldsThatCannotBe(t *testing.T) {
	f := &fakeOdoo{Object: answerAll(resultOf(`[]`))}
	c := dialFake(t, f)
	for want, field := range map[string]CustomField{
		`"name" can't be the name`:                 {Name: "name", Type: TypeChar},
		"x_a needs a Type":                         {Name: "x_a"},
		"x_b needs a Selection":                    {Name: "x_b", Type: TypeSelection},
		"x_c needs a Relation":                     {Name: "x_c", Type: TypeMany2many},
		"x_d needs a Relation and a RelationField": {Name: "x_d", Type: TypeOne2many, Relation: "res.partner"},

		"x_e is a char: Selection has no effect":            {Name: "x_e", Type: TypeChar, Selection: orm.Labels{{"a", "A"}}},
		"x_f is a char: Relation has no effect":             {Name: "x_f", Type: TypeChar, Relation: "res.partner"},
		"x_g is a many2many: RelationField has no effect":   {Name: "x_g", Type: TypeMany2many, Relation: "res.partner", RelationField: "x"},
		"x_h is a many2many: OnDelete has no effect":        {Name: "x_h", Type: TypeMany2many, Relation: "res.partner", OnDelete: "cascade"},
		"x_i is a integer: Domain has no effect":            {Name: "x_i", Type: TypeInteger, Domain: "[]"},
		"x_j is a float: CurrencyField has no effect":       {Name: "x_j", Type: TypeFloat, CurrencyField: "currency_id"},
		"x_k is a text: Size has no effect":                 {Name: "x_k", Type: TypeText, Size: 5},
		"x_l is a integer: Translated has no effect":        {Name: "x_l", Type: TypeInteger, Translated: true},
		"x_m is a char: Depends without Compute has no eff": {Name: "x_m", Type: TypeChar, Depends: "x_a"},
	} {
		if _, err := CreateField(t.Context(), c, "res.partner", field); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
		}
		if _, err := CreateModel(t.Context(), c, CustomModel{Model: "x_m", Access: []CustomAccess{}, Fields: []CustomField{field}}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
	if err := DeleteModel(t.Context(), c, "res.partner"); err == nil {
		t.Error("res.partner was deleted")
	}
	if err := DeleteField(t.Context(), c, "res.partner", "name"); err == nil {
		t.Error("res.partner.name was deleted")
	}
	if calls := f.Log(); calls != nil {
		t.Errorf("sent %v", calls)
	}
}

// Fields of other models that mirror a custom one stay until Odoo 15, and only fields_get shows that they are gone.
func TestDeleteFieldDeletesMirrors(t *testing.T) {
	for major, want := range map[int]bool{14: true, 15: true, 16: false, 19: false} {
		f := &fakeOdoo{Major: major, Object: func(c fakeCall) string {
			switch c.Model + "." + c.Method {
			case "ir.model.fields.search":
				return resultOf(`[5]`)
			case "ir.model.fields.search_read":
				return resultOf(`[{"id":6,"model":"res.users"},{"id":7,"model":"product.product"}]`)
			case "product.product.fields_get":
				return resultOf(`{"x_size":{"type":"char"}}`) // that of product.template
			case "res.users.fields_get":
				return resultOf(`{}`)
			}
			return resultOf(`true`)
		}}
		if err := DeleteField(t.Context(), dialFake(t, f), "res.partner", "x_size"); err != nil {
			t.Fatal(err)
		}
		var unlinked []string
		for _, c := range f.Log() {
			if c.Method == "unlink" {
				unlinked = append(unlinked, c.String())
			}
		}
		all := []string{`ir.model.fields.unlink [[5]] {}`, `ir.model.fields.unlink [[6]] {"context":{"_force_unlink":true}}`}
		if !want {
			all = all[:1]
		}
		if !slices.Equal(unlinked, all) {
			t.Errorf("Odoo %d: sent %q, want %q", major, unlinked, all)
		}
	}
}

// Until Odoo 15 the mirrors keep a model from being deleted.
func TestDeleteModelDeletesMirrorsFirst(t *testing.T) {
	for major, want := range map[int]bool{14: true, 15: true, 16: false} {
		f := &fakeOdoo{Major: major, Object: func(c fakeCall) string {
			if c.Method == "search" {
				return resultOf(`[5]`)
			}
			return resultOf(`true`)
		}}
		if err := DeleteModel(t.Context(), dialFake(t, f), "x_m"); err != nil {
			t.Fatal(err)
		}
		forced := slices.ContainsFunc(f.Log(), func(c fakeCall) bool { return strings.Contains(c.String(), "_force_unlink") })
		if forced != want {
			t.Errorf("Odoo %d: mirrors deleted: %v", major, forced)
		}
	}
}

// Odoo 16 creates such a field and skips it.
func TestCustomFieldThatIsTranslatedAndHasASize(t *testing.T) {
	for _, major := range []int{15, 16, 17} {
		f := &fakeOdoo{Major: major, Object: func(fakeCall) string { return resultOf(`[8]`) }}
		_, err := CreateField(t.Context(), dialFake(t, f), "res.partner", CustomField{Name: "x_t", Type: TypeChar, Size: 9, Translated: true})
		created := slices.ContainsFunc(f.Log(), func(c fakeCall) bool { return c.Method == "create" })
		if refused := err != nil && strings.Contains(err.Error(), "x_t is translated and has a Size: Odoo 16.0"); refused != (major == 16) || created == refused {
			t.Errorf("on %d: %v", major, err)
		}
	}
}

func TestDeletesNameWhatDoesNotExist(t *testing.T) {
	c := dialFake(t, &fakeOdoo{Major: 19, Object: func(fakeCall) string { return resultOf(`[]`) }})
	for want, err := range map[string]error{
		"admin: delete the custom model x_gone: ":                DeleteModel(t.Context(), c, "x_gone"),
		"admin: delete the custom field x_gone of res.partner: ": DeleteField(t.Context(), c, "res.partner", "x_gone"),
	} {
		if !errors.Is(err, orm.ErrNoRecord) || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}
