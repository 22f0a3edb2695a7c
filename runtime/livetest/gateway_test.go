//go:build live

package livetest

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"

	orm "github.com/odoogen/odoogen/runtime"
)

// A gateway before the real server closes /jsonrpc, in each of the ways that were seen.
func TestLiveGatewayThatClosesJSONRPC(t *testing.T) {
	to, err := url.Parse(env(t, "ODOO_URL"))
	if err != nil {
		t.Fatal(err)
	}
	proxy := httputil.NewSingleHostReverseProxy(to)
	password := orm.Password(env(t, "ODOO_USER"), env(t, "ODOO_PASSWORD"))
	key := orm.APIKey(env(t, "ODOO_USER"), env(t, "ODOO_API_KEY"))
	database := orm.Database(env(t, "ODOO_DB"))
	ways := map[string][]orm.DialOption{
		"password":    {database, password},
		"web session": {database, password, orm.Using(orm.WebSession)},
	}
	if dialLive(t, password).Version().Major >= 19 { // before, a key needs /jsonrpc
		ways["key"] = []orm.DialOption{database, key}
		ways["JSON-2"] = []orm.DialOption{database, key, orm.Using(orm.JSON2)}
	}
	for _, status := range []int{0, 401, 403, 404, 405, 410} {
		var seen atomic.Int32
		gateway := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			switch {
			case !strings.HasPrefix(r.URL.Path, "/jsonrpc"):
				proxy.ServeHTTP(w, r)
			case status == 0:
				seen.Add(1)
				panic(http.ErrAbortHandler)
			default:
				seen.Add(1)
				http.Error(w, "closed", status)
			}
		}))
		for name, options := range ways {
			seen.Store(0)
			c, err := orm.Dial(t.Context(), gateway.URL, options...)
			if err == nil {
				_, err = c.Model("res.partner").Count(t.Context(), orm.Expr{})
			}
			if err == nil && !listsDatabases(t, gateway.URL, options[1:]) {
				t.Errorf("%d, %s: without the name of the database", status, name)
			}
			if err != nil || len(options) > 2 && seen.Load() > 0 {
				t.Errorf("%d, %s: %d requests to /jsonrpc: %v", status, name, seen.Load(), err)
			}
		}
		gateway.Close()
	}
}

// listsDatabases reports that a login without the name of a database finds the only one, or names all of them.
func listsDatabases(t *testing.T, address string, options []orm.DialOption) bool {
	t.Helper()
	_, err := orm.Dial(t.Context(), address, options...)
	return err == nil || errors.Is(err, orm.ErrNoDatabase) && strings.Contains(err.Error(), env(t, "ODOO_DB"))
}

// A gateway before the real server has a private CA, and asks for a client certificate, Basic authentication and a header.
func TestLiveGatewayThatAsksForEverything(t *testing.T) {
	to, err := url.Parse(env(t, "ODOO_URL"))
	if err != nil {
		t.Fatal(err)
	}
	proxy := httputil.NewSingleHostReverseProxy(to)
	gateway := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if user, password, _ := r.BasicAuth(); user != "gate" || password != "g:te" || r.Header.Get("X-Tenant") != "acme" {
			w.Header().Set("WWW-Authenticate", "Basic")
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		proxy.ServeHTTP(w, r)
	}))
	gateway.TLS = &tls.Config{ClientAuth: tls.RequireAnyClientCert}
	gateway.StartTLS()
	defer gateway.Close()
	roots := x509.NewCertPool()
	roots.AddCert(gateway.Certificate())
	options := []orm.DialOption{
		orm.Database(env(t, "ODOO_DB")), orm.BasicAuth("gate", "g:te"), orm.Header("X-Tenant", "acme"),
		orm.TLS(&tls.Config{RootCAs: roots, Certificates: gateway.TLS.Certificates}),
	}
	for _, w := range ways(t) {
		c, err := orm.Dial(t.Context(), gateway.URL, append(options, w.options...)...)
		if w.name == "JSON-2" {
			if err == nil || !strings.Contains(err.Error(), "JSON-2 sends the API key in the header Authorization") {
				t.Errorf("%s: %v", w.name, err)
			}
			continue
		}
		if err == nil {
			_, err = c.Model("res.partner").Count(t.Context(), orm.Expr{})
		}
		if err != nil {
			t.Errorf("%s: %v", w.name, err)
		}
	}
	key := orm.APIKey(env(t, "ODOO_USER"), env(t, "ODOO_API_KEY")+"\r\n")
	c, err := orm.Dial(t.Context(), gateway.URL, append(options, key)...)
	if err != nil || c.Protocol() != orm.JSONRPC {
		t.Errorf("a key: %v", err)
	}
	_, err = orm.Dial(t.Context(), gateway.URL, orm.Database(env(t, "ODOO_DB")), key, options[3])
	if err == nil || !strings.Contains(err.Error(), "asks for Basic authentication (HTTP 401)") || errors.Is(err, orm.ErrAccessDenied) {
		t.Errorf("without Basic authentication: %v", err)
	}
}
