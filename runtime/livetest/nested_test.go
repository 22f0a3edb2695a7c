//go:build live

package livetest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	orm "github.com/odoogen/odoogen/runtime"
	"github.com/odoogen/odoogen/runtime/xmlid"
)

// family is a partner with what is around it.
type family struct {
	ID     orm.ID[Partner] `odoo:"id"`
	Name   string          `odoo:"name"`
	Parent struct {
		Name string   `odoo:"name"`
		Tags []tagRow `odoo:"category_id"`
	} `odoo:"parent_id"`
	Tags     []*tagRow `odoo:"category_id"`
	Children []struct {
		Name  string            `odoo:"name"`
		Color int               `odoo:"color"`
		Up    orm.Ref[Partner]  `odoo:"parent_id"`
		Tags  []orm.ID[Partner] `odoo:"category_id"`
	} `odoo:"child_ids,limit=2,order=color desc;id"`
	Country struct {
		ID   orm.ID[struct{}] `odoo:"id"`
		Code string           `odoo:"code"`
	} `odoo:"country_id"`
}

type tagRow struct {
	ID     orm.ID[Tag] `odoo:"id"`
	Name   string      `odoo:"name"`
	Parent *Tag        `odoo:"parent_id"`
}

// callLog collects the calls of a client.
type callLog struct {
	sync.Mutex
	calls []string
}

func (l *callLog) intercept(next orm.Handler) orm.Handler {
	return func(ctx context.Context, r *orm.Request) error {
		l.Lock()
		l.calls = append(l.calls, r.Model+"."+r.Method)
		l.Unlock()
		return next(ctx, r)
	}
}

func (l *callLog) take() []string {
	l.Lock()
	defer l.Unlock()
	calls := l.calls
	l.calls = nil
	return calls
}

func TestLiveNestedReads(t *testing.T) {
	for _, w := range inJSON(t) { // the older server is this one behind a gateway that changes the version in JSON
		t.Run(w.name, func(t *testing.T) {
			log := &callLog{}
			options := append(w.options, orm.Intercept(log.intercept))
			liveNestedReads(t, dialLive(t, options...), dialOlder(t, options...), log)
		})
	}
}

// older reads level by level.
func liveNestedReads(t *testing.T, c, older *orm.Client, log *callLog) {
	ctx := t.Context()
	f := newFixture(t, c)
	countries := must[[]int64](t)(search(ctx, c, "res.country", orm.Where[Partner]("code", "=", "BE")))
	update := func(id orm.ID[Partner], values orm.Args) {
		t.Helper()
		if err := c.Model("res.partner").Write(ctx, []orm.ID[Partner]{id}, values); err != nil {
			t.Fatal(err)
		}
	}
	update(f.ann, orm.Args{"country_id": countries[0]})
	update(f.cid, orm.Args{"parent_id": f.ann})
	eve := must[orm.ID[Partner]](t)(orm.Create(ctx, c, PartnerValues{Name: orm.Set("eve"), Color: orm.Set(3), ParentID: orm.Set(f.ann), Ref: orm.Set(f.ref)}))
	t.Cleanup(func() {
		if err := orm.Unlink(context.Background(), c, orm.On(eve)); err != nil {
			t.Error(err)
		}
	})
	where := orm.Eq(PartnerF.Ref, f.ref)
	got := must[[]family](t)(orm.Find[family](ctx, c, where, orm.Asc(PartnerF.ID)))
	red, green := f.ref+" red", f.ref+" green"
	var lines []string
	for _, r := range got {
		line := fmt.Sprint(r.Name, " <", r.Parent.Name, " ", r.Country.Code, ">")
		for _, tag := range r.Tags {
			line += " #" + tag.Name
			if tag.Parent != nil {
				line += "<" + tag.Parent.Name
			}
		}
		for _, tag := range r.Parent.Tags {
			line += " ^" + tag.Name
		}
		for _, child := range r.Children {
			line += fmt.Sprintf(" >%s %d %t %d", child.Name, child.Color, child.Up.ID == r.ID && child.Up.Name != "", len(child.Tags))
		}
		lines = append(lines, strings.NewReplacer(red, "red", green, "green").Replace(line))
	}
	belgium := got[1].Country.Code // a contact may have its company's address
	want := []string{
		"Ann 100% < BE> #red >Cid_x 9 true 0 >bob 5 true 1",
		"bob <Ann 100% " + belgium + "> #green<red ^red",
		"Cid_x <Ann 100% " + got[2].Country.Code + "> ^red",
		"eve <Ann 100% " + got[3].Country.Code + "> ^red",
	}
	if diff := cmp.Diff(want, lines); diff != "" {
		t.Error(diff)
	}

	log.take()
	levels := must[[]family](t)(orm.Find[family](ctx, older, where, orm.Asc(PartnerF.ID)))
	if diff := cmp.Diff(got, levels, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("by a specification and level by level (-spec +levels)\n%s", diff)
	}
	first := log.take()
	must[[]family](t)(orm.Find[family](ctx, older, where))
	if again, relations := log.take(), 7; len(again) > 1+relations || slices.Contains(again, "res.partner.fields_get") {
		t.Errorf("one relation took more than one call: %v, after %v", again, first)
	}

	must[[]family](t)(orm.Find[family](ctx, c, where))
	if calls := log.take(); c.Version().Major >= 17 && !slices.Equal(calls, []string{"res.partner.web_search_read"}) {
		t.Errorf("want one call, got %v", calls)
	}
	one := must[family](t)(orm.Get[family](ctx, c, f.ann))
	read := must[[]family](t)(orm.Read[family](ctx, c, []orm.ID[Partner]{f.ann}))
	if diff := cmp.Diff(got[:1], []family{one}, cmpopts.EquateEmpty()) + cmp.Diff(got[:1], read, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("Get and Read: %s", diff)
	}
	log.take()
	var walked []family
	for r, err := range orm.All[family](ctx, c, where, orm.PageSize(2), orm.Prefetch()) {
		walked = append(walked, must[family](t)(r, err))
	}
	if diff := cmp.Diff(got, walked, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("All: %s", diff)
	}
	// Two full pages, and an empty one that makes sure of the end.
	pages := slices.DeleteFunc(log.take(), func(call string) bool { return call == "res.partner.search" })
	if c.Version().Major >= 17 && len(pages) != 3 {
		t.Errorf("want a call for each page, got %v", pages)
	}
}

// Both ways do the same where a target is not visible to the user: a many2one that leads there is an error, and a relation
// to many leaves it out.
func TestLiveNestedReadsOfForbiddenTargets(t *testing.T) {
	admin := dialLive(t, orm.Password(env(t, "ODOO_USER"), env(t, "ODOO_PASSWORD")))
	f := newFixture(t, admin)
	limited := limitedUser(t, admin, f.ref, f.red)
	type tag struct {
		Name   string `odoo:"name"`
		Parent struct {
			Name string `odoo:"name"`
		} `odoo:"parent_id"`
	}
	type tagged struct {
		Tags []struct {
			Name string `odoo:"name"`
		} `odoo:"category_id"`
	}
	for name, c := range map[string]*orm.Client{"as ever": dialLive(t, limited), "level by level": dialOlder(t, limited)} {
		if tags, err := orm.Find[tag](t.Context(), c, orm.Eq(TagF.ID, f.green)); !errors.Is(err, orm.ErrAccess) {
			t.Errorf("%s: %+v, %v", name, tags, err)
		}
		got, err := orm.Find[tagged](t.Context(), c, orm.Eq(PartnerF.ID, f.archived), orm.Context{"active_test": false})
		if err != nil || len(got) != 1 || len(got[0].Tags) != 1 || got[0].Tags[0].Name != f.ref+" green" {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
}

// limitedUser makes a user who may not see a tag, and gives its login.
func limitedUser(t *testing.T, admin *orm.Client, name string, hidden orm.ID[Tag]) orm.DialOption {
	t.Helper()
	ctx := t.Context()
	create := func(model string, values orm.Args) int64 {
		t.Helper()
		id := must[int64](t)(admin.Model(model).Create(ctx, values))
		t.Cleanup(func() {
			if err := admin.Model(model).Unlink(context.Background(), []int64{id}); err != nil {
				t.Error(err)
			}
		})
		return id
	}
	groups := must[map[string]orm.Reference](t)(xmlid.References(ctx, admin, []string{"base.group_user"}))
	own := create("res.groups", orm.Args{"name": name})
	model := must[[]int64](t)(search(ctx, admin, "ir.model", orm.Where[Partner]("model", "=", "res.partner.category")))
	create("ir.rule", orm.Args{"name": name, "model_id": model[0], "groups": []int64{own}, "domain_force": fmt.Sprintf("[('id', '!=', %d)]", hidden)})
	field := "group_ids"
	if admin.Version().Major < 19 {
		field = "groups_id"
	}
	partner := create("res.partner", orm.Args{"name": name})
	create("res.users", orm.Args{"login": name, "name": name, "password": name + "-secret", "partner_id": partner, field: []int64{groups["base.group_user"].ID, own}})
	return orm.Password(name, name+"-secret")
}

func search(ctx context.Context, c *orm.Client, model string, where orm.Domain[Partner]) (ids []int64, err error) {
	err = c.Model(model).Search(ctx, &ids, orm.Expr(where))
	return ids, err
}

func TestLiveNestedReadsOfWhatIsNoRelation(t *testing.T) {
	for _, w := range ways(t)[:1] {
		c, older := dialLive(t, w.options...), dialOlder(t, w.options...)
		f := newFixture(t, c)
		for name, find := range map[string]func(*orm.Client) error{
			"a char": func(c *orm.Client) error {
				_, err := orm.Find[struct {
					Name Tag `odoo:"name"`
				}](t.Context(), c, orm.Eq(PartnerF.Ref, f.ref))
				return err
			},
			"a struct for many": func(c *orm.Client) error {
				_, err := orm.Find[struct {
					Tags Tag `odoo:"category_id"`
				}](t.Context(), c, orm.Eq(PartnerF.Ref, f.ref))
				return err
			},
			"no such field": func(c *orm.Client) error {
				_, err := orm.Find[struct {
					Tags []Tag `odoo:"no_such_field"`
				}](t.Context(), c, orm.Eq(PartnerF.Ref, f.ref))
				return err
			},
		} {
			if err := find(c); err == nil {
				t.Errorf("%s was read", name)
			}
			if err := find(older); err == nil {
				t.Errorf("%s was read, level by level", name)
			}
		}
	}
}
