//go:build live

package livetest

import (
	"context"
	"errors"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	orm "github.com/odoogen/odoogen/runtime"
	"github.com/odoogen/odoogen/runtime/access"
)

func TestLiveMethodsReadKeepsTheOrder(t *testing.T) {
	onEach(t, func(t *testing.T, c *orm.Client) {
		f := newFixture(t, c)
		ctx := t.Context()
		ids := []orm.ID[Partner]{f.cid, f.archived, 1 << 30, f.ann, f.cid}
		var names []string
		for _, p := range must[[]Partner](t)(orm.Read[Partner](ctx, c, ids)) {
			names = append(names, p.Name)
		}
		if diff := cmp.Diff([]string{"Cid_x", "Dan", "Ann 100%", "Cid_x"}, names); diff != "" {
			t.Error(diff)
		}
		if got := must[[]Partner](t)(orm.Read[Partner, Partner](ctx, c, nil)); len(got) != 0 {
			t.Errorf("no ids gave %v", got)
		}
		existing := must[[]orm.ID[Partner]](t)(orm.Existing(ctx, c, ids))
		if !slices.Equal(existing, []orm.ID[Partner]{f.cid, f.archived, f.ann, f.cid}) {
			t.Errorf("%v exist", existing)
		}
	})
}

func TestLiveMethodsCopy(t *testing.T) {
	onEach(t, func(t *testing.T, c *orm.Client) {
		f := newFixture(t, c)
		ctx := t.Context()
		for _, test := range []struct{ over, want string }{{"", "Ann 100% (copy)"}, {"Eve", "Eve"}} {
			var v PartnerValues
			if test.over != "" {
				v.Name = orm.Set(test.over)
			}
			id := must[orm.ID[Partner]](t)(orm.Copy(ctx, c, f.ann, v))
			p := must[Partner](t)(orm.Get[Partner](ctx, c, id))
			if err := orm.Unlink(ctx, c, orm.On(id)); err != nil {
				t.Error(err)
			}
			if p.Name != test.want || len(p.CategoryID) != 1 || p.ID == f.ann {
				t.Errorf("the copy is %+v", p)
			}
		}
		if _, err := orm.Copy(ctx, c, orm.ID[Partner](1<<30), PartnerValues{}); !errors.Is(err, orm.ErrMissing) {
			t.Errorf("a copy of nothing gives %v", err)
		}
	})
}

func TestLiveMethodsDefaults(t *testing.T) {
	onEach(t, func(t *testing.T, c *orm.Client) {
		type defaults struct {
			Active     bool              `odoo:"active"`
			Type       string            `odoo:"type"`
			Name       string            `odoo:"name"`
			ParentID   orm.Ref[Partner]  `odoo:"parent_id"`
			CategoryID []orm.ID[Tag]     `odoo:"category_id"`
			ChildIDs   []orm.ID[Partner] `odoo:"child_ids"`
		}
		f := newFixture(t, c)
		var got defaults
		in := orm.Context{"default_parent_id": f.ann, "default_category_id": orm.Commands(orm.Link(f.red, f.green))}
		if err := c.Model("res.partner").DefaultGet(t.Context(), &got, in); err != nil {
			t.Fatal(err)
		}
		slices.Sort(got.CategoryID)
		want := defaults{Active: true, Type: "contact", ParentID: orm.Ref[Partner]{ID: f.ann}, CategoryID: []orm.ID[Tag]{f.red, f.green}}
		slices.Sort(want.CategoryID)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
		if p := must[Partner](t)(orm.Defaults[Partner](t.Context(), c, orm.Context{"default_name": "Fay"})); p.Name != "Fay" {
			t.Errorf("the defaults are %+v", p)
		}
	})
}

func TestLiveMethodsNames(t *testing.T) {
	onEach(t, func(t *testing.T, c *orm.Client) {
		f := newFixture(t, c)
		ctx := t.Context()
		search := func(name, operator string, where orm.Domain[Tag], opts ...orm.CountOption) []orm.ID[Tag] {
			t.Helper()
			var ids []orm.ID[Tag]
			for _, r := range must[[]orm.Ref[Tag]](t)(orm.NameSearch(ctx, c, name, where, operator, opts...)) {
				if r.Name == "" {
					t.Errorf("%d has no name", r.ID)
				}
				ids = append(ids, r.ID)
			}
			slices.Sort(ids)
			return ids
		}
		all := []orm.ID[Tag]{f.red, f.green}
		slices.Sort(all)
		for _, test := range []struct {
			name string
			got  []orm.ID[Tag]
			want []orm.ID[Tag]
		}{
			{"by a part", search(f.ref, "", orm.Domain[Tag]{}), all},
			{"with a condition", search(f.ref, "ilike", orm.Any(TagF.ParentID, orm.Eq(TagF.ID, f.red))), []orm.ID[Tag]{f.green}},
			{"the whole", search(f.ref+" red", "=", orm.Domain[Tag]{}), []orm.ID[Tag]{f.red}},
			{"with a limit", search(f.ref, "ilike", orm.Domain[Tag]{}, orm.Limit(1))[:1], nil},
		} {
			if test.want != nil && !slices.Equal(test.got, test.want) {
				t.Errorf("%s: %v, want %v", test.name, test.got, test.want)
			}
		}
		made := must[orm.Ref[Tag]](t)(orm.NameCreate[Tag](ctx, c, f.ref+" new"))
		t.Cleanup(func() { _ = orm.Unlink(context.Background(), c, orm.On(made.ID)) })
		if made.ID == 0 || made.Name != f.ref+" new" {
			t.Errorf("made %+v", made)
		}
	})
}

func TestLiveMethodsFieldsGet(t *testing.T) {
	onEach(t, func(t *testing.T, c *orm.Client) {
		ctx := t.Context()
		fields := must[map[string]orm.FieldInfo](t)(c.Model("res.partner").FieldsGet(ctx, []string{"parent_id", "child_ids", "type", "partner_latitude", "color", "nope"}))
		if len(fields) != 5 {
			t.Errorf("got %d fields", len(fields))
		}
		parent, children, kind := fields["parent_id"], fields["child_ids"], fields["type"]
		if parent.Type != "many2one" || parent.Relation != "res.partner" || parent.Label == "" || !parent.Stored || parent.Readonly || len(parent.Raw) == 0 {
			t.Errorf("parent_id: %+v", parent)
		}
		if children.RelationField != "parent_id" || children.Sortable {
			t.Errorf("child_ids: %+v", children)
		}
		if kind.Selection.Of("contact") != "Contact" {
			t.Errorf("type: %+v", kind)
		}
		if fields["color"].Type != "integer" || fields["partner_latitude"].Digits < 5 {
			t.Errorf("partner_latitude: %+v", fields["partner_latitude"])
		}
		for _, model := range []string{"res.users", "ir.model.fields", "res.company"} {
			all := must[map[string]orm.FieldInfo](t)(c.Model(model).FieldsGet(ctx, nil))
			for name, f := range all {
				if f.Name != name || f.Type == "" {
					t.Errorf("%s.%s: %+v", model, name, f)
				}
			}
		}
	})
}

func TestLiveMethodsHasAccess(t *testing.T) {
	onEach(t, func(t *testing.T, c *orm.Client) {
		ctx := t.Context()
		f := newFixture(t, c)
		for _, op := range []access.Operation{access.Read, access.Write, access.Create, access.Unlink} {
			if !must[bool](t)(access.Has[Partner](ctx, c, nil, op)) || !must[bool](t)(access.Has(ctx, c, orm.On(f.ann, f.bob), op)) {
				t.Errorf("the administrator may not %s", op)
			}
		}
	})
	for _, p := range []orm.Protocol{orm.JSONRPC, orm.WebSession} {
		t.Run("an ordinary user, "+p.String(), func(t *testing.T) {
			ctx := t.Context()
			c := dialLive(t, orm.Password("demo", "demo"), orm.Using(p))
			for _, test := range []struct {
				model string
				op    access.Operation
				ids   []int64
				want  bool
			}{
				{"res.partner", access.Read, nil, true},
				{"res.users", access.Unlink, nil, false},
				{"res.partner", access.Read, []int64{1}, true},
				{"ir.config_parameter", access.Read, []int64{1}, false},
			} {
				got, err := access.ToModel(ctx, c, test.model, test.ids, test.op)
				if err != nil || got != test.want {
					t.Errorf("%s of %s %v: %v, %v", test.op, test.model, test.ids, got, err)
				}
			}
		})
	}
}

// Whatever is read, records that do not exist are left out.
func TestLiveReadLeavesOutTheMissing(t *testing.T) { onEach(t, liveReadLeavesOutTheMissing) }

func liveReadLeavesOutTheMissing(t *testing.T, c *orm.Client) {
	f := newFixture(t, c)
	ids := []orm.ID[Partner]{f.bob, 99999999, f.ann}
	type key struct {
		ID orm.ID[Partner] `odoo:"id"`
	}
	type tagged struct {
		ID   orm.ID[Partner] `odoo:"id"`
		Tags []orm.ID[Tag]   `odoo:"category_id"`
	}
	type nested struct {
		ID   orm.ID[Partner] `odoo:"id"`
		Name string          `odoo:"display_name"`
		Tags []struct {
			Name string `odoo:"name"`
		} `odoo:"category_id"`
	}
	keys := must[[]key](t)(orm.Read[key](t.Context(), c, ids))
	if want := []key{{f.bob}, {f.ann}}; !slices.Equal(keys, want) {
		t.Errorf("ids alone: %v, want %v", keys, want)
	}
	flat := must[[]tagged](t)(orm.Read[tagged](t.Context(), c, ids))
	if len(flat) != 2 || flat[0].ID != f.bob || flat[1].ID != f.ann || len(flat[1].Tags) != 1 || flat[1].Tags[0] != f.red {
		t.Errorf("with a relation: %v", flat)
	}
	for id := range orm.ID[Partner](250) { // so many that the client asks first which of them exist
		ids = append(ids, 90000000+id)
	}
	many := must[[]tagged](t)(orm.Read[tagged](t.Context(), c, ids))
	if len(many) != 2 || many[0].ID != f.bob || many[1].ID != f.ann {
		t.Errorf("among many that are missing: %v", many)
	}
	if none := must[[]tagged](t)(orm.Read[tagged](t.Context(), c, ids[3:])); len(none) != 0 {
		t.Errorf("none of many that are missing: %v", none)
	}
	deep := must[[]nested](t)(orm.Read[nested](t.Context(), c, ids))
	if len(deep) != 2 || deep[0].ID != f.bob || deep[1].ID != f.ann || len(deep[1].Tags) != 1 || deep[1].Tags[0].Name != f.ref+" red" {
		t.Errorf("along a relation: %v", deep)
	}
}
