//go:build live

package livetest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/odoogen/odoogen/internal/odoofacts"
	orm "github.com/odoogen/odoogen/runtime"
	"github.com/odoogen/odoogen/runtime/admin"
)

func liveServer(t *testing.T) *admin.Server {
	t.Helper()
	return must[*admin.Server](t)(admin.NewServer(env(t, "ODOO_URL")))
}

func liveDatabases(t *testing.T) *admin.Databases {
	t.Helper()
	return liveServer(t).Databases(env(t, "ODOO_MASTER_PASSWORD"))
}

// scratch is the name of a database that is dropped when the test ends, if it is there then.
func scratch(t *testing.T, d *admin.Databases) string {
	t.Helper()
	name := fmt.Sprintf("odoogen_test_%d", time.Now().UnixNano())
	t.Cleanup(func() {
		if err := d.Drop(context.Background(), name); err != nil && !errors.Is(err, orm.ErrNoDatabase) {
			t.Errorf("%s stays: %v", name, err)
		}
	})
	return name
}

func TestLiveServerCommon(t *testing.T) {
	s, ctx := liveServer(t), t.Context()
	v := must[orm.Version](t)(s.Version(ctx))
	if want := dialTo(t, env(t, "ODOO_DB")).Version(); v != want || !strings.HasPrefix(v.Full, fmt.Sprint(v.Major)) {
		t.Errorf("the version is %+v, and %+v after the login", v, want)
	}
	if about, err := s.About(ctx); err != nil || !strings.Contains(about, "openerp") {
		t.Errorf("About: %q, %v", about, err)
	}
	if about, version, err := s.AboutExtended(ctx); err != nil || !strings.Contains(about, "openerp") || version != v.Full {
		t.Errorf("AboutExtended: %q, %q, %v", about, version, err)
	}
}

func TestLiveServerLogin(t *testing.T) {
	s, ctx := liveServer(t), t.Context()
	db, login, password := env(t, "ODOO_DB"), env(t, "ODOO_USER"), env(t, "ODOO_PASSWORD")
	agent := orm.Context{"base_location": env(t, "ODOO_URL")}
	for name, test := range map[string]struct {
		db, login, password string
		want                error
	}{
		"right":                {db, login, password, nil},
		"with a key":           {db, login, env(t, "ODOO_API_KEY"), nil},
		"wrong password":       {db, login, "wrong-secret", orm.ErrAccessDenied},
		"no password":          {db, login, "", orm.ErrAccessDenied},
		"unknown login":        {db, "nobody", password, orm.ErrAccessDenied},
		"no login":             {db, "", "", orm.ErrAccessDenied},
		"an unknown database":  {"nosuchdatabase", login, password, orm.ErrNoDatabase},
		"a quote in the login": {db, `o'"\`, "x", orm.ErrAccessDenied},
	} {
		t.Run(name, func(t *testing.T) {
			one, err1 := s.Login(ctx, test.db, test.login, test.password)
			two, err2 := s.Authenticate(ctx, test.db, test.login, test.password, agent)
			for _, got := range []struct {
				uid int64
				err error
			}{{one, err1}, {two, err2}} {
				if !errors.Is(got.err, test.want) || (got.err == nil) != (got.uid == 2) {
					t.Errorf("user %d, %v; want %v", got.uid, got.err, test.want)
				}
				if got.err != nil && strings.Contains(got.err.Error(), "wrong-secret") {
					t.Errorf("the error prints the password: %v", got.err)
				}
			}
		})
	}
}

// watched counts the requests, by what they ask for.
type watched struct{ logins int }

func (w *watched) RoundTrip(r *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	if bytes.Contains(body, []byte(`"authenticate"`)) {
		w.logins++
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	return http.DefaultTransport.RoundTrip(r)
}

func TestLiveServerKnownUIDSkipsTheLogin(t *testing.T) {
	s, ctx := liveServer(t), t.Context()
	uid := must[int64](t)(s.Login(ctx, env(t, "ODOO_DB"), env(t, "ODOO_USER"), env(t, "ODOO_PASSWORD")))
	transport := &watched{}
	through := orm.HTTPClient(&http.Client{Transport: postsOnly{transport}})
	c := dialLive(t, orm.Using(orm.JSONRPC), orm.Password(env(t, "ODOO_USER"), env(t, "ODOO_PASSWORD")), orm.UID(uid), through)
	if n, err := orm.Count(ctx, c, orm.Eq(PartnerF.ID, 1)); err != nil || n != 1 || c.UID() != uid || transport.logins != 0 {
		t.Errorf("counted %d as user %d after %d logins, %v", n, c.UID(), transport.logins, err)
	}
	c = dialLive(t, orm.Using(orm.JSONRPC), orm.Password(env(t, "ODOO_USER"), "wrong-secret"), orm.UID(uid))
	if _, err := orm.Count(ctx, c, orm.Eq(PartnerF.ID, 1)); !errors.Is(err, orm.ErrAccessDenied) {
		t.Errorf("a wrong password shows at the first call as %v", err)
	}
	_, err := orm.Dial(ctx, env(t, "ODOO_URL"), orm.Database(env(t, "ODOO_DB")), orm.Password(env(t, "ODOO_USER"), env(t, "ODOO_PASSWORD")), orm.UID(99))
	if err == nil || !strings.Contains(err.Error(), "the option UID says 99") {
		t.Errorf("the web session of another user: %v", err)
	}
}

// postsOnly lets requests without a body through untouched.
type postsOnly struct{ *watched }

func (p postsOnly) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Body == nil {
		return http.DefaultTransport.RoundTrip(r)
	}
	return p.watched.RoundTrip(r)
}

func TestLiveServerDatabasesAreListed(t *testing.T) {
	d, ctx := liveDatabases(t), t.Context()
	public := liveServer(t).Databases("") // what needs no master password
	names := must[[]string](t)(public.List(ctx))
	if !slices.Contains(names, env(t, "ODOO_DB")) || !slices.Contains(names, env(t, "ODOO_FULL_DB")) {
		t.Errorf("the databases are %q", names)
	}
	for name, want := range map[string]bool{env(t, "ODOO_DB"): true, "nosuchdatabase": false, "": false} {
		if got, err := public.Exist(ctx, name); err != nil || got != want {
			t.Errorf("%q exists: %v, %v", name, got, err)
		}
	}
	languages := must[[]admin.Language](t)(public.ListLang(ctx))
	if !slices.Contains(languages, admin.Language{Code: "nl_NL", Name: "Dutch / Nederlands"}) {
		t.Errorf("the languages are %q", languages)
	}
	countries := must[[]admin.Country](t)(d.ListCountries(ctx))
	if !slices.Contains(countries, admin.Country{Code: "be", Name: "Belgium"}) || len(countries) < 200 {
		t.Errorf("the countries are %q", countries)
	}
	if v, err := public.ServerVersion(ctx); err != nil || v != must[orm.Version](t)(liveServer(t).Version(ctx)).Full {
		t.Errorf("the version is %q, %v", v, err)
	}
}

func TestLiveServerWrongMasterPassword(t *testing.T) {
	d, base, ctx := liveServer(t).Databases("wrong-secret"), env(t, "ODOO_DB"), t.Context()
	_, countries := d.ListCountries(ctx)
	for method, err := range map[string]error{
		"list_countries":        countries,
		"create_database":       d.Create(ctx, "odoogen_test_wrong", admin.CreateOptions{Password: "x"}),
		"duplicate_database":    d.Duplicate(ctx, base, "odoogen_test_wrong", admin.CopyOptions{}),
		"drop":                  d.Drop(ctx, "odoogen_test_wrong"),
		"rename":                d.Rename(ctx, base, "odoogen_test_wrong"),
		"migrate_databases":     d.Migrate(ctx, base),
		"change_admin_password": d.ChangeAdminPassword(ctx, "wrong-secret"),
		"dump":                  d.Dump(ctx, base, admin.DumpZip, io.Discard),
		"restore":               d.Restore(ctx, "odoogen_test_wrong", strings.NewReader("x"), admin.RestoreOptions{}),
	} {
		if !errors.Is(err, orm.ErrAccessDenied) || !strings.Contains(err.Error(), "master password") || strings.Contains(err.Error(), "wrong-secret") {
			t.Errorf("%s: %v", method, err)
		}
	}
	// Odoo's own routes make a wrong master password the right one as long as that is "admin".
	if _, err := liveDatabases(t).ListCountries(ctx); err != nil {
		t.Fatalf("the master password is another now: %v", err)
	}
}

func TestLiveServerNamesAreChecked(t *testing.T) {
	d, base, full, ctx := liveDatabases(t), env(t, "ODOO_DB"), env(t, "ODOO_FULL_DB"), t.Context()
	for _, test := range []struct {
		what string
		err  error
		want error
	}{
		{"create what exists", d.Create(ctx, base, admin.CreateOptions{Password: "x"}), orm.ErrDatabaseExists},
		{"duplicate to what exists", d.Duplicate(ctx, base, full, admin.CopyOptions{}), orm.ErrDatabaseExists},
		{"duplicate what does not", d.Duplicate(ctx, "nosuchdatabase", "odoogen_test_no", admin.CopyOptions{}), orm.ErrNoDatabase},
		{"drop what does not", d.Drop(ctx, "nosuchdatabase"), orm.ErrNoDatabase},
		{"rename to what exists", d.Rename(ctx, base, full), orm.ErrDatabaseExists},
		{"rename what does not", d.Rename(ctx, "nosuchdatabase", "odoogen_test_no"), orm.ErrNoDatabase},
		{"migrate what does not", d.Migrate(ctx, "nosuchdatabase"), orm.ErrNoDatabase},
		{"dump what does not", d.Dump(ctx, "nosuchdatabase", admin.DumpZip, io.Discard), orm.ErrNoDatabase},
		{"restore to what exists", d.Restore(ctx, base, strings.NewReader("x"), admin.RestoreOptions{}), orm.ErrDatabaseExists},
	} {
		if !errors.Is(test.err, test.want) {
			t.Errorf("%s: %v, want %v", test.what, test.err, test.want)
		}
	}
}

func TestLiveServerRestoreOfRubbish(t *testing.T) {
	d, ctx := liveDatabases(t), t.Context()
	name := scratch(t, d)
	err := d.Restore(ctx, name, strings.NewReader("no dump"), admin.RestoreOptions{})
	if e, ok := errors.AsType[*orm.Error](err); !ok || !strings.Contains(e.Message, "restore") || strings.ContainsAny(e.Message, "<>") {
		t.Errorf("rubbish gives %v", err)
	}
}

func TestLiveServerNeutralizeNeedsOdoo16(t *testing.T) {
	if must[orm.Version](t)(liveServer(t).Version(t.Context())).Major >= 16 {
		return // TestLiveServerLifecycle neutralizes there
	}
	d, base, ctx := liveDatabases(t), env(t, "ODOO_DB"), t.Context()
	neutral := admin.CopyOptions{Neutralize: true}
	for _, err := range []error{
		d.Duplicate(ctx, base, "odoogen_test_no", neutral),
		d.Restore(ctx, "odoogen_test_no", strings.NewReader(""), admin.RestoreOptions{CopyOptions: neutral}),
	} {
		if !errors.Is(err, orm.ErrArguments) {
			t.Errorf("got %v", err)
		}
	}
}

func TestLiveServerChangeAdminPassword(t *testing.T) {
	s, old, ctx := liveServer(t), env(t, "ODOO_MASTER_PASSWORD"), t.Context()
	const other = "odoogen-changed"
	back := func() error {
		return s.Databases(other).ChangeAdminPassword(context.Background(), old)
	}
	t.Cleanup(func() {
		if _, err := s.Databases(old).ListCountries(context.Background()); err == nil {
			return
		}
		if err := back(); err != nil {
			t.Errorf("the master password stays changed: %v", err)
		}
	})
	if err := s.Databases(old).ChangeAdminPassword(ctx, other); err != nil {
		t.Fatal(err)
	}
	_, withOld := s.Databases(old).ListCountries(ctx)
	_, withNew := s.Databases(other).ListCountries(ctx)
	if err := back(); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Databases(old).ListCountries(ctx); !errors.Is(withOld, orm.ErrAccessDenied) || withNew != nil || err != nil {
		t.Errorf("with the old one %v, with the new one %v, after changing back %v", withOld, withNew, err)
	}
}

func TestLiveServerCreate(t *testing.T) {
	d, ctx := liveDatabases(t), t.Context()
	name := scratch(t, d)
	err := d.Create(ctx, name, admin.CreateOptions{Login: "boss@example.com", Password: "s3cret", Language: "nl_NL", Country: "BE", Phone: "+32 2 290 34 90"})
	if err != nil {
		t.Fatal(err)
	}
	c := must[*orm.Client](t)(orm.Dial(ctx, env(t, "ODOO_URL"), orm.Database(name), orm.Password("boss@example.com", "s3cret")))
	var company struct {
		Phone   string           `odoo:"phone"`
		Country orm.Ref[Country] `odoo:"country_id"`
	}
	if err := c.Model("res.company").Get(ctx, &company, 1); err != nil || company.Phone == "" || !strings.HasPrefix(company.Country.Name, "Belg") {
		t.Errorf("the company is %+v, %v", company, err)
	}
	customDump(t, d, name)
	if err := d.Migrate(ctx, name); err != nil {
		t.Error(err)
	}
}

// customDump takes the other format there and back, in chunks: the length is not known.
func customDump(t *testing.T, d *admin.Databases, name string) {
	t.Helper()
	restored := scratch(t, d)
	var dump bytes.Buffer
	if err := d.Dump(t.Context(), name, admin.DumpCustom, &dump); err != nil {
		t.Fatal(err)
	}
	if err := d.Restore(t.Context(), restored, struct{ io.Reader }{&dump}, admin.RestoreOptions{Copy: true}); err != nil {
		t.Fatal(err)
	}
	if exists, err := d.Exist(t.Context(), restored); err != nil || !exists {
		t.Errorf("it exists: %v, %v", exists, err)
	}
}

type Country struct{}

func (*Country) OdooModel() string { return "res.country" }

// A database is duplicated, dumped, restored, renamed and dropped.
func TestLiveServerLifecycle(t *testing.T) {
	d, base, ctx := liveDatabases(t), env(t, "ODOO_DB"), t.Context()
	copied, restored, renamed := scratch(t, d), scratch(t, d), scratch(t, d)
	neutral := admin.CopyOptions{Neutralize: odoofacts.NeutralizeDatabase.In(odoofacts.Version{Major: dialTo(t, env(t, "ODOO_DB")).Version().Major})}
	if err := d.Duplicate(ctx, base, copied, neutral); err != nil {
		t.Fatal(err)
	}
	mark := "odoogen " + copied
	must[orm.ID[Tag]](t)(orm.Create(ctx, dialTo(t, copied), TagValues{Name: orm.Set(mark)}))

	dump := must[*os.File](t)(os.CreateTemp(t.TempDir(), "dump"))
	if err := d.Dump(ctx, copied, admin.DumpZip, dump); err != nil {
		t.Fatal(err)
	}
	if err := d.Drop(ctx, copied); err != nil {
		t.Fatal(err)
	}
	must[int64](t)(dump.Seek(0, io.SeekStart))
	if err := d.Restore(ctx, restored, dump, admin.RestoreOptions{Copy: true, CopyOptions: neutral}); err != nil {
		t.Fatal(err)
	}
	if err := d.Rename(ctx, restored, renamed); err != nil {
		t.Fatal(err)
	}
	if n, err := orm.Count(ctx, dialTo(t, renamed), orm.Eq(TagF.Name, mark)); err != nil || n != 1 {
		t.Errorf("%d records survived, %v", n, err)
	}
	names := must[[]string](t)(d.List(ctx))
	if slices.Contains(names, copied) || slices.Contains(names, restored) || !slices.Contains(names, renamed) {
		t.Errorf("the databases are %q", names)
	}
}

func dialTo(t *testing.T, db string) *orm.Client {
	t.Helper()
	return dialLive(t, orm.Database(db), orm.Password(env(t, "ODOO_USER"), env(t, "ODOO_PASSWORD")))
}
