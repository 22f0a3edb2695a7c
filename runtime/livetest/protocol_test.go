//go:build live

package livetest

import (
	"errors"
	"net/http"
	"strings"
	"testing"

	orm "github.com/odoogen/odoogen/runtime"
)

func TestLiveProtocolIsTheBest(t *testing.T) {
	password := orm.Password(env(t, "ODOO_USER"), env(t, "ODOO_PASSWORD"))
	key := orm.APIKey(env(t, "ODOO_USER"), env(t, "ODOO_API_KEY"))
	keyAsPassword := orm.Password(env(t, "ODOO_USER"), env(t, "ODOO_API_KEY"))
	withKey := orm.JSONRPC
	if dialLive(t, password).Version().Major >= 19 {
		withKey = orm.JSON2
	}
	for _, test := range []struct {
		name   string
		option orm.DialOption
		want   orm.Protocol
	}{
		{"password", password, orm.WebSession},
		{"key", key, withKey},
		{"key given as a password", keyAsPassword, orm.JSONRPC},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := dialLive(t, test.option)
			if c.Protocol() != test.want || c.UID() != 2 {
				t.Errorf("took %v as user %d, want %v as user 2", c.Protocol(), c.UID(), test.want)
			}
		})
	}
}

func TestLiveLoginIsRefused(t *testing.T) {
	for _, w := range ways(t) {
		t.Run(w.name, func(t *testing.T) {
			wrong := orm.Password("admin", "wrong-secret")
			if strings.Contains(w.name, "key") || w.name == "JSON-2" {
				wrong = orm.APIKey("admin", "wrong-secret")
			}
			options := append([]orm.DialOption{orm.Database(env(t, "ODOO_DB"))}, w.options...)
			_, err := orm.Dial(t.Context(), env(t, "ODOO_URL"), append(options, wrong)...)
			if !errors.Is(err, orm.ErrAccessDenied) || strings.Contains(err.Error(), "wrong-secret") {
				t.Errorf("a wrong secret gives %v", err)
			}
			_, err = orm.Dial(t.Context(), env(t, "ODOO_URL"), append(options, orm.Database("nosuchdatabase"))...)
			if !errors.Is(err, orm.ErrNoDatabase) {
				t.Errorf("an unknown database gives %v", err)
			}
		})
	}
}

// forgetful drops the session cookie of some requests, as if the server had forgotten the session.
type forgetful struct {
	drop  bool
	calls int
}

func (f *forgetful) RoundTrip(r *http.Request) (*http.Response, error) {
	if f.drop && strings.HasSuffix(r.URL.Path, "/call_kw") {
		f.drop = false
		r = r.Clone(r.Context())
		r.Header.Set("Cookie", "session_id=0123456789012345678901234567890123456789")
	}
	f.calls++
	return http.DefaultTransport.RoundTrip(r)
}

func TestLiveExpiredSessionLogsInAgain(t *testing.T) {
	transport := &forgetful{}
	c := dialLive(t, orm.Password(env(t, "ODOO_USER"), env(t, "ODOO_PASSWORD")), orm.Using(orm.WebSession),
		orm.HTTPClient(&http.Client{Transport: transport}))
	transport.drop, transport.calls = true, 0
	n, err := orm.Count(t.Context(), c, orm.Eq(PartnerF.ID, 1))
	if err != nil || n != 1 || transport.drop {
		t.Errorf("counted %d, %v", n, err)
	}
	if transport.calls != 4 {
		t.Errorf("%d requests, want 4: the call, the cookie, the login, the call", transport.calls)
	}
}

// future refuses the path that Odoo announces the end of, as Odoo does for a path that does not exist.
type future struct{}

func (future) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.URL.Path == "/jsonrpc" {
		r = r.Clone(r.Context())
		r.URL.Path = "/nosuchpath"
	}
	return http.DefaultTransport.RoundTrip(r)
}

func TestLiveWithoutJSONRPC(t *testing.T) {
	secret := map[string]orm.DialOption{
		"password": orm.Password(env(t, "ODOO_USER"), env(t, "ODOO_PASSWORD")),
		"key":      orm.APIKey(env(t, "ODOO_USER"), env(t, "ODOO_API_KEY")),
	}
	today := dialLive(t, secret["password"]).Version()
	for name, credential := range secret {
		t.Run(name, func(t *testing.T) {
			c, err := orm.Dial(t.Context(), env(t, "ODOO_URL"), orm.Database(env(t, "ODOO_DB")), credential, orm.HTTPClient(&http.Client{Transport: future{}}))
			if today.Major < 19 && name == "key" { // which nothing but /jsonrpc takes
				if err == nil || !strings.Contains(err.Error(), "404") {
					t.Errorf("without /jsonrpc, got %v", err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			n, err := c.Model("res.users").Count(t.Context(), orm.Expr{})
			if err != nil || n == 0 || c.Version() != today {
				t.Errorf("%d users by Odoo %+v, %v; want some, by %+v", n, c.Version(), err, today)
			}
		})
	}
}

// JSON-2 asks for no login: with any, a key is its owner's. JSON-RPC refuses another one.
func TestLiveKeyWithAnotherLogin(t *testing.T) {
	dial := func(login string, p orm.Protocol) (*orm.Client, error) {
		return orm.Dial(t.Context(), env(t, "ODOO_URL"), orm.Database(env(t, "ODOO_DB")), orm.APIKey(login, env(t, "ODOO_API_KEY")), orm.Using(p))
	}
	if _, err := dial("nobody@example.com", orm.JSONRPC); !errors.Is(err, orm.ErrAccessDenied) {
		t.Errorf("JSON-RPC: got %v", err)
	}
	owner := must[*orm.Client](t)(dial(env(t, "ODOO_USER"), orm.JSONRPC))
	if owner.Version().Major < 19 {
		return // it has no JSON-2
	}
	if c := must[*orm.Client](t)(dial("nobody@example.com", orm.JSON2)); c.UID() != owner.UID() {
		t.Errorf("JSON-2: user %d, not %d, the owner of the key", c.UID(), owner.UID())
	}
}
