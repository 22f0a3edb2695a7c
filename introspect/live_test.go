//go:build live

package introspect_test

import (
	"bytes"
	"context"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/odoogen/odoogen/introspect"
	"github.com/odoogen/odoogen/introspect/snapshot"
	orm "github.com/odoogen/odoogen/runtime"
)

func dialLive(t *testing.T, login, password string) *orm.Client {
	t.Helper()
	return dialDatabase(t, os.Getenv("ODOO_DB"), login, password)
}

func dialDatabase(t *testing.T, db, login, password string) *orm.Client {
	t.Helper()
	c, err := orm.Dial(t.Context(), os.Getenv("ODOO_URL"), orm.Database(db), orm.Password(login, password))
	if err != nil {
		t.Fatalf("%v (run this with make test-live)", err)
	}
	return c
}

func pull(t *testing.T, c *orm.Client, models ...string) *snapshot.Schema {
	t.Helper()
	s, err := introspect.Pull(t.Context(), c, introspect.Options{Models: models})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func find(t *testing.T, s *snapshot.Schema, model string) snapshot.Model {
	t.Helper()
	i := slices.IndexFunc(s.Models, func(m snapshot.Model) bool { return m.Name == model })
	if i < 0 {
		t.Fatalf("the snapshot has no %s", model)
	}
	return s.Models[i]
}

// The reports of base are there in every database; those of a model that is not pulled are left out.
func TestLivePullListsReports(t *testing.T) {
	s := pull(t, dialLive(t, os.Getenv("ODOO_USER"), os.Getenv("ODOO_PASSWORD")), "res.company", "ir.model")
	if !s.Knows(snapshot.ReportActions) || s.Unseen.Reports {
		t.Errorf("reports: %v, unseen: %+v", s.Reports, s.Unseen)
	}
	for model, report := range map[string]snapshot.ReportAction{
		"res.company": {Name: "web.preview_externalreport", Label: "Preview External Report"},
		"ir.model":    {Name: "base.report_irmodeloverview", Label: "Model Overview"},
	} {
		if m := find(t, s, model); !slices.Contains(m.Reports, report) {
			t.Errorf("%s: %+v, want %+v among them", model, m.Reports, report)
		}
	}
}

func TestLivePullIsTheSameTwice(t *testing.T) {
	admin := dialLive(t, os.Getenv("ODOO_USER"), os.Getenv("ODOO_PASSWORD"))
	first := must(t, pull(t, admin))
	if second := must(t, pull(t, admin)); !bytes.Equal(first, second) {
		t.Error("two pulls of all models differ")
	}
	s, err := snapshot.Decode(first)
	if err != nil {
		t.Fatal(err)
	}
	if again := must(t, s); !bytes.Equal(first, again) {
		t.Error("a snapshot that is read and written differs")
	}
}

func must(t *testing.T, s *snapshot.Schema) []byte {
	t.Helper()
	data, err := s.Encode()
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestLiveKindsOfModels(t *testing.T) {
	s := pull(t, dialLive(t, os.Getenv("ODOO_USER"), os.Getenv("ODOO_PASSWORD")), "res.partner", "mail.thread", "res.config.settings", "_unknown")
	for model, kind := range map[string]snapshot.Kind{
		"res.partner": "", "mail.thread": snapshot.Abstract, "res.config.settings": snapshot.Transient, "_unknown": snapshot.Abstract,
	} {
		if got := find(t, s, model).Kind; got != kind {
			t.Errorf("%s is %q, want %q", model, got, kind)
		}
	}
	if i := slices.IndexFunc(s.Modules, func(m snapshot.Module) bool { return m.Name == "base" && m.Version != "" }); i < 0 {
		t.Error("the module base is not listed")
	}
}

// A view of the database is recognised by what the user can do with it. An API key takes another protocol to find out.
func TestLiveViewsAreTold(t *testing.T) {
	db, key := os.Getenv("ODOO_FULL_DB"), os.Getenv("ODOO_FULL_API_KEY")
	if db == "" {
		db, key = os.Getenv("ODOO_DB"), os.Getenv("ODOO_API_KEY")
	}
	withKey, err := orm.Dial(t.Context(), os.Getenv("ODOO_URL"), orm.Database(db), orm.APIKey(os.Getenv("ODOO_USER"), key))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []*orm.Client{withKey, dialDatabase(t, db, os.Getenv("ODOO_USER"), os.Getenv("ODOO_PASSWORD"))} {
		s := pull(t, c, "purchase.report", "sale.order", "mail.thread")
		for model, kind := range map[string]snapshot.Kind{"purchase.report": snapshot.View, "sale.order": "", "mail.thread": snapshot.Abstract} {
			if got := find(t, s, model).Kind; got != kind {
				t.Errorf("by %v, %s is %q, want %q", c.Protocol(), model, got, kind)
			}
		}
	}
}

// A pull as an ordinary user lists what is not visible to the user, and pulls the rest. On newer versions, at least on 19,
// such a user cannot even list the models.
func TestLivePullAsOrdinaryUser(t *testing.T) {
	admin := dialLive(t, os.Getenv("ODOO_USER"), os.Getenv("ODOO_PASSWORD"))
	const login, password = "odoogen-ordinary", "kH7-ordinary-user"
	makeUser(t, admin, login, password)
	user := dialLive(t, login, password)
	s := pull(t, user, "res.partner", "ir.mail_server")
	find(t, s, "res.partner")
	want := []snapshot.UnseenModel{{Name: "ir.mail_server", Reason: "this user may not read it"}}
	if !slices.Equal(s.Unseen.Models, want) {
		t.Errorf("unseen: %v", s.Unseen.Models)
	}
	_, err := introspect.Pull(t.Context(), user, introspect.Options{Models: []string{"res.*"}})
	if s.Unseen.Catalog && (err == nil || !strings.Contains(err.Error(), "name the models one by one")) {
		t.Errorf("a glob without the right to list models gives: %v", err)
	}
	if !s.Unseen.Catalog && err != nil {
		t.Error(err)
	}
	_, err = introspect.Pull(t.Context(), user, introspect.Options{Models: []string{"res.partner", "no.such.model"}})
	unknown := map[bool]string{true: "no.such.model: the server has no such model", false: "no model matches no.such.model"}
	if err == nil || !strings.HasPrefix(err.Error(), unknown[s.Unseen.Catalog]) {
		t.Errorf("an unknown model gives: %v", err)
	}
}

func makeUser(t *testing.T, admin *orm.Client, login, password string) {
	t.Helper()
	ctx := t.Context()
	groups := "group_ids"
	if admin.Version().Major < 19 {
		groups = "groups_id"
	}
	var group []struct {
		ID int64 `odoo:"res_id"`
	}
	where := orm.And(orm.Where[struct{}]("module", "=", "base"), orm.Where[struct{}]("name", "=", "group_user"))
	if err := admin.Model("ir.model.data").Find(ctx, &group, orm.Expr(where)); err != nil || len(group) != 1 {
		t.Fatal(group, err)
	}
	users := admin.Model("res.users")
	id, err := users.Create(ctx, orm.Args{"name": login, "login": login, "password": password, groups: []any{[]any{6, 0, []int64{group[0].ID}}}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := users.Unlink(context.Background(), []int64{id}); err != nil {
			t.Error(err)
		}
	})
}

// Some fields are for groups that even the administrator is not in: they are listed by name.
func TestLiveHiddenFieldsAreListed(t *testing.T) {
	s := pull(t, dialLive(t, os.Getenv("ODOO_USER"), os.Getenv("ODOO_PASSWORD")), "res.users")
	if hidden := find(t, s, "res.users").Hidden; !slices.Contains(hidden, "totp_secret") {
		t.Errorf("hidden: %v", hidden)
	}
}
