//go:build live

package livetest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	orm "github.com/odoogen/odoogen/runtime"
	"github.com/odoogen/odoogen/runtime/feed"
)

// outboxName is one that no other run of the tests has.
func outboxName() string { return fmt.Sprint("t", time.Now().UnixNano()) }

// traces counts what an outbox is made of.
func traces(t *testing.T, c *orm.Client) map[string]int {
	t.Helper()
	out := map[string]int{}
	for _, model := range []string{"ir.model", "ir.model.fields", "ir.model.access", "ir.model.data", "base.automation", "ir.actions.server"} {
		out[model] = must[int](t)(c.Model(model).Count(context.WithoutCancel(t.Context()), orm.Expr(orm.AllOf[Partner]()), orm.Archived()))
	}
	return out
}

func TestLiveOutboxInstall(t *testing.T) {
	ctx, c := t.Context(), dialFull(t, env(t, "ODOO_USER"), env(t, "ODOO_PASSWORD"))
	name, before := outboxName(), traces(t, c)
	watch := []feed.InstallOption{feed.On(feed.Through(PartnerF.ParentID)), feed.On[Tag](), feed.Readers("base.group_user")}
	install := func(opts ...feed.InstallOption) {
		t.Helper()
		if err := feed.Install(ctx, c, name, opts...); err != nil {
			t.Fatal(err)
		}
	}
	t.Cleanup(func() {
		if err := feed.Uninstall(context.WithoutCancel(ctx), c, name); err != nil {
			t.Error(err)
		}
		if diff := cmp.Diff(before, traces(t, c)); diff != "" {
			t.Errorf("left (-want +got)\n%s", diff)
		}
	})
	install(watch...)
	status := must[feed.Status](t)(feed.Installed(ctx, c, name))
	want := feed.Status{Watches: []feed.Watch{{Model: "res.partner", Children: []string{"res.partner.parent_id"}}, {Model: "res.partner.category"}}}
	if diff := cmp.Diff(want, status); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	installed := traces(t, c)
	install(watch...)
	if diff := cmp.Diff(installed, traces(t, c)); diff != "" {
		t.Errorf("a second Install changed (-want +got)\n%s", diff)
	}
	for _, model := range []string{"sale.report", "mail.thread"} { // a view, and an abstract model
		want := "has neither write_date"
		if _, err := c.Model(model).FieldsGet(ctx, []string{"id"}); errors.Is(err, orm.ErrNotFound) { // the embedded Odoo
			want = "has no model"
		}
		if err := feed.Install(ctx, c, outboxName(), feed.OnModel(model)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", model, err)
		}
	}

	type row struct {
		Model string `odoo:"x_model"`
		ID    int64  `odoo:"x_res"`
		Kind  string `odoo:"x_kind"`
	}
	table := c.Model("x_odoogen_outbox_" + name)
	changes := func() map[row]bool {
		t.Helper()
		var rows []row
		if err := table.Find(ctx, &rows, orm.Expr(orm.Where[any]("x_kind", "!=", "watch"))); err != nil {
			t.Fatal(err)
		}
		out := map[row]bool{}
		for _, r := range rows {
			out[r] = true
		}
		var ids []int64
		if err := table.Search(ctx, &ids, orm.Expr(orm.Where[any]("x_kind", "!=", "watch"))); err != nil {
			t.Fatal(err)
		}
		if err := table.Unlink(ctx, ids); err != nil {
			t.Fatal(err)
		}
		return out
	}
	check := func(want ...row) {
		t.Helper()
		all := map[row]bool{}
		for _, r := range want {
			all[r] = true
		}
		if diff := cmp.Diff(all, changes()); diff != "" {
			t.Errorf("(-want +got)\n%s", diff)
		}
	}
	t.Cleanup(func() { removePartners(t, c, name) })
	partner := func(i int, parent orm.ID[Partner]) orm.ID[Partner] {
		t.Helper()
		return must[orm.ID[Partner]](t)(orm.Create(ctx, c, PartnerValues{Ref: orm.Set(fmt.Sprint(name, "-", i)), Name: orm.Set(fmt.Sprint("p", i)), ParentID: orm.Set(parent)}))
	}
	a, b := partner(1, 0), partner(2, 0)
	check(row{"res.partner", int64(a), "write"}, row{"res.partner", int64(b), "write"})
	child := partner(3, a)
	check(row{"res.partner", int64(a), "write"}, row{"res.partner", int64(child), "write"})
	if err := orm.Write(ctx, c, []orm.ID[Partner]{child}, PartnerValues{ParentID: orm.Set(b)}); err != nil { // from a to b
		t.Fatal(err)
	}
	check(row{"res.partner", int64(a), "write"}, row{"res.partner", int64(b), "write"}, row{"res.partner", int64(child), "write"})
	if err := orm.Unlink(ctx, c, []orm.ID[Partner]{child}); err != nil {
		t.Fatal(err)
	}
	got := changes()
	for _, r := range []row{{"res.partner", int64(child), "unlink"}, {"res.partner", int64(b), "unlink"}} {
		if !got[r] {
			t.Errorf("no %v in %v", r, got)
		}
	}

	install(feed.On[Tag]())
	partner(4, 0)
	check()
	if status := must[feed.Status](t)(feed.Installed(ctx, c, name)); len(status.Watches) != 1 || len(status.Problems) != 0 {
		t.Errorf("%+v", status)
	}
	demo := dialFull(t, "demo", "demo")
	if err := feed.Install(ctx, demo, name, feed.On[Tag]()); !errors.Is(err, orm.ErrAccess) {
		t.Errorf("without rights: %v", err)
	}
	bare := dialLive(t, orm.Password(env(t, "ODOO_USER"), env(t, "ODOO_PASSWORD")))
	if err := feed.Install(ctx, bare, name, feed.On[Tag]()); env(t, "ODOO_DB") != env(t, "ODOO_FULL_DB") && !errors.Is(err, feed.ErrNoAutomation) {
		t.Errorf("without the module: %v", err)
	}
}

// The outbox delivers what polling does, to a user without an administrator's rights, with deletions and children.
func TestLiveOutbox(t *testing.T) {
	ctx, c := t.Context(), dialFull(t, env(t, "ODOO_USER"), env(t, "ODOO_PASSWORD"))
	name := outboxName()
	t.Cleanup(func() {
		removePartners(t, c, name)
		if err := feed.Uninstall(context.WithoutCancel(ctx), c, name); err != nil {
			t.Error(err)
		}
	})
	if err := feed.Install(ctx, c, name, feed.On(feed.Through(PartnerF.ParentID)), feed.Readers("base.group_user")); err != nil {
		t.Fatal(err)
	}
	partner := func(i int) PartnerValues {
		return PartnerValues{Ref: orm.Set(fmt.Sprint(name, "-", i)), Name: orm.Set(fmt.Sprint("p", i))}
	}
	ids := must[[]orm.ID[Partner]](t)(orm.CreateMany(ctx, c, []PartnerValues{partner(1), partner(2), partner(3), partner(4)}))
	type nested struct {
		Name     string     `odoo:"name"`
		Color    int        `odoo:"color"`
		Children []refChild `odoo:"child_ids"`
	}
	var looks []feed.Look
	demo := dialFull(t, "demo", "demo")
	f := must[*feed.Feed[nested, Partner]](t)(feed.New[nested](demo, orm.Like(PartnerF.Ref, name+"-%"), feed.Outbox(name), feed.Deletions(0),
		feed.Observe(func(l feed.Look) { looks = append(looks, l) })))
	want := func(what ...string) {
		t.Helper()
		got := []string{}
		for batch, err := range f.Batches(ctx) {
			if err != nil {
				t.Fatal(err)
			}
			for _, c := range batch.Changes {
				got = append(got, strings.TrimSpace(fmt.Sprint(c.Kind, " ", c.Record.Name, c.Record.Children)))
			}
			if err := batch.Commit(ctx); err != nil {
				t.Fatal(err)
			}
		}
		slices.Sort(got)
		if diff := cmp.Diff(append([]string{}, what...), got); diff != "" {
			t.Errorf("(-want +got)\n%s", diff)
		}
	}
	write := func(id orm.ID[Partner], v PartnerValues) {
		t.Helper()
		if err := orm.Write(ctx, c, []orm.ID[Partner]{id}, v); err != nil {
			t.Fatal(err)
		}
	}
	want("created p1[]", "created p2[]", "created p3[]", "created p4[]")
	want()
	if l := looks[len(looks)-1]; l.Calls != 1 || l.Rows != 0 {
		t.Errorf("a look without changes: %+v", l)
	}
	write(ids[0], PartnerValues{Color: orm.Set(3)})
	write(ids[1], PartnerValues{Name: orm.Set("p2")}) // an equal value
	write(ids[2], PartnerValues{Ref: orm.Set("elsewhere " + name)})
	if err := orm.Unlink(ctx, c, ids[3:]); err != nil {
		t.Fatal(err)
	}
	want("changed p1[]", "deleted []", "left []")
	if l := looks[len(looks)-1]; l.Rows < 4 || l.Changes != 3 || l.Lag < -2*time.Second || l.Lag > time.Minute {
		t.Errorf("%+v", l)
	}
	child := must[orm.ID[Partner]](t)(orm.Create(ctx, c, PartnerValues{Name: orm.Set("child"), ParentID: orm.Set(ids[0])}))
	t.Cleanup(func() { _ = orm.Unlink(context.WithoutCancel(ctx), c, []orm.ID[Partner]{child}) })
	want("changed p1[{child}]")
	write(child, PartnerValues{Name: orm.Set("son"), ParentID: orm.Set(ids[1])})
	want("changed p1[]", "changed p2[{son}]")
	if err := orm.Unlink(ctx, c, []orm.ID[Partner]{child}); err != nil {
		t.Fatal(err)
	}
	want("changed p2[]")
	write(ids[0], PartnerValues{Active: orm.Set(false)})
	want()
	if status := must[feed.Status](t)(feed.Installed(ctx, c, name)); status.Rows != 0 || len(status.Problems) != 0 {
		t.Errorf("%+v", status)
	}
}

type refChild struct {
	Name string `odoo:"name"`
}
