package orm

import (
	"crypto/tls"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// gate is a gateway that asks for Basic authentication, and then for a header.
func gate(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		user, password, ok := r.BasicAuth()
		switch {
		case !ok || user != "gate" || password != "g:te pass":
			w.Header().Set("WWW-Authenticate", `Basic realm="staff"`)
			http.Error(w, "who are you", http.StatusUnauthorized)
		case strings.Join(r.Header["X-Tenant"], ",") != "a,b":
			http.Error(w, "no tenant", http.StatusForbidden)
		default:
			next.ServeHTTP(w, r)
		}
	})
}

func TestBasicAuthenticationAndHeaders(t *testing.T) {
	tenant := []DialOption{Header("x-tenant", "a"), Header("X-Tenant", "b")}
	for _, w := range allWays {
		r := newRig(t, w)
		address := startServer(t, gate(r.odoo))
		host := strings.TrimPrefix(address, "http://")
		login := Password("bot", faultSecret)
		if w.kind == JSON2 {
			login = APIKey("bot", faultSecret)
		}
		dial := func(address string, options ...DialOption) error {
			c, err := Dial(t.Context(), address, append(append(options, tenant...), Database("acme"), login, Using(w.kind))...)
			if err == nil {
				err = c.Model("res.partner").Call(t.Context(), "bump", nil, nil, nil)
			}
			return err
		}
		inAddress := dial("http://gate:g:te%20pass@" + host)
		given := dial(address, BasicAuth("gate", "g:te pass"))
		if w.kind == JSON2 {
			for _, err := range []error{inAddress, given} {
				if err == nil || !strings.Contains(err.Error(), "JSON-2 sends the API key in the header Authorization, which the gateway needs too") {
					t.Errorf("%s: %v", w.name, err)
				}
			}
		} else if inAddress != nil || given != nil {
			t.Errorf("%s: %v, %v", w.name, inAddress, given)
		}
		err := dial(address)
		if err == nil || !strings.Contains(err.Error(), "a gateway in front of "+address+" asks for Basic authentication (HTTP 401)") || errors.Is(err, ErrAccessDenied) {
			t.Errorf("%s: without Basic authentication: %v", w.name, err)
		}
		err = dial("http://gate:s3cretgate@" + host)
		if err == nil || w.kind != JSON2 && !strings.Contains(err.Error(), "refuses the header Authorization (HTTP 401)") || strings.Contains(err.Error(), "s3cretgate") {
			t.Errorf("%s: with another password: %v", w.name, err)
		}
	}
}

// An API key is taken to JSON-RPC where JSON-2 is closed by Basic authentication; the page of the documentation needs the same header.
func TestAKeyBehindBasicAuthentication(t *testing.T) {
	var bearers []string
	r := newRig(t, allWays[0])
	address := startServer(t, http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		if a := q.Header.Get("Authorization"); !strings.HasPrefix(a, "Basic ") {
			bearers = append(bearers, a)
		}
		r.odoo.ServeHTTP(w, q)
	}))
	c, err := Dial(t.Context(), address, Database("acme"), APIKey("bot", faultSecret), BasicAuth("gate", "x"))
	if err != nil || c.Protocol() != JSONRPC || len(bearers) != 0 {
		t.Fatalf("%v, %v, %q", c, err, bearers)
	}
	_, err = c.Model("res.partner").Documentation(t.Context())
	if !errors.Is(err, ErrAccessDenied) || !strings.Contains(err.Error(), "the header Authorization is that of a gateway") {
		t.Errorf("the documentation: %v", err)
	}
}

// A gateway's refusal is not the key's.
func TestAGatewayThatRefusesIsNotAWrongKey(t *testing.T) {
	odoo := withoutJSONRPC(`{"version_info":[19,0,0,"final",0,""],"version":"19.0"}`)
	address := startServer(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, "/json/2/") {
			w.Header().Set("WWW-Authenticate", "Basic")
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		odoo.ServeHTTP(w, r)
	}))
	_, err := Dial(t.Context(), address, Database("acme"), APIKey("bot", "k3y"), Using(JSON2))
	if errors.Is(err, ErrAccessDenied) || err == nil || !strings.Contains(err.Error(), "asks for Basic authentication") {
		t.Errorf("got %v", err)
	}
}

func TestHeadersThatCannotBeSent(t *testing.T) {
	login := Password("bot", "s3cret")
	for want, options := range map[string][]DialOption{
		`"" is not a valid header name`:                                  {Header("", "x")},
		`"not one" is not a valid header name`:                           {Header("not one", "x")},
		"the header Content-Type is set by the client":                   {Header("content-type", "text/plain")},
		"the header Cookie is set by the client":                         {Header("Cookie", "a=b")},
		"the header Host is set by the client":                           {Header("host", "erp")},
		"the value of the header X-Key contains a line break at its end": {Header("X-Key", "s3cret\n")},
		"the header Authorization is set more than once":                 {BasicAuth("a", "b"), Header("authorization", "s3cret")},
		"the option TLS has no effect on the HTTP client of":             {TLS(&tls.Config{}), HTTPClient(http.DefaultClient)},
		"JSON-2 sends the API key in the header Authorization":           {BasicAuth("a", "b"), Using(JSON2)},
	} {
		_, err := Dial(t.Context(), "http://127.0.0.1:1", append(options, login)...)
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "s3cret") {
			t.Errorf("got %v, want …%s…", err, want)
		}
	}
	_, err := Dial(t.Context(), "http://127.0.0.1:1", TLS(&tls.Config{}), login)
	if err == nil || err.Error() != "orm: the option TLS has no effect on http://127.0.0.1:1: want https" {
		t.Errorf("got %v", err)
	}
	_, err = Dial(t.Context(), "http://a:s3cret@127.0.0.1:1", BasicAuth("a", "b"), login)
	if err == nil || !strings.Contains(err.Error(), "a login in the address sets it too") || strings.Contains(err.Error(), "s3cret") {
		t.Errorf("got %v", err)
	}
}

// Files and variables of the environment end in line breaks, and begin with byte order marks.
func TestSecretsWithLineBreaks(t *testing.T) {
	for _, w := range allWays {
		r := newRig(t, w)
		for _, key := range []string{faultSecret + "\n", faultSecret + "\r\n", "\ufeff" + faultSecret, " \ufeff" + faultSecret + " \t\n\n"} {
			c, err := Dial(t.Context(), r.proxy.address(), Database("acme"), APIKey("bot", key), Using(w.kind))
			if w.kind == WebSession && err == nil {
				err = c.Model("res.partner").Call(t.Context(), "bump", nil, nil, nil)
			}
			if err != nil {
				t.Errorf("%s, %q: %v", w.name, key, err)
			}
		}
		for text, want := range map[string]string{
			"s3cret\n":       "contains a line break at its end",
			"s3cret\r\n":     "contains a line break at its end",
			"s3c\nret":       "contains a line break",
			"\ufeffs3cret":   "contains a byte order mark at its start",
			"s3cret\x00":     "contains the control character U+0000 at its end",
			"s3\x1bcret":     "contains the control character U+001B",
			"s3cret\u0085":   "contains the control character U+0085 at its end",
			"s3cr\xe9t\xff":  "is not UTF-8",
			"s3cret\ufeff\n": "contains a byte order mark",
		} {
			for what, options := range map[string][]DialOption{
				"password":             {Database("acme"), Password("bot", text)},
				"login":                {Database("acme"), Password(text, faultSecret)},
				"name of the database": {Database(text), Password("bot", faultSecret)},
			} {
				_, err := Dial(t.Context(), r.proxy.address(), append(options, Using(w.kind))...)
				if err == nil || !strings.HasPrefix(err.Error(), "orm: the "+what+" "+want) || errors.Is(err, ErrUnreachable) || strings.Contains(err.Error(), text) {
					t.Errorf("%s: %s %q: %v", w.name, what, text, err)
				}
			}
		}
		_, err := Dial(t.Context(), r.proxy.address(), Database("acme"), APIKey("bot", "k\n3y"), Using(w.kind))
		if err == nil || err.Error() != "orm: the API key contains a line break" {
			t.Errorf("%s: %v", w.name, err)
		}
		_, err = Dial(t.Context(), r.proxy.address()+"\n", Database("acme"), Password("bot", faultSecret), Using(w.kind))
		if err == nil || err.Error() != "orm: the address of the server contains a line break at its end" {
			t.Errorf("%s: %v", w.name, err)
		}
	}
}

func TestNothingPrintsHeaders(t *testing.T) {
	d := newDialer([]DialOption{Header("X-Key", "s3cret"), BasicAuth("a", "s3cret")})
	c := dialFake(t, &fakeOdoo{}, Header("X-Key", "s3cret"))
	for _, v := range []any{d, Header("X-Key", "s3cret"), c, *c, *c.transport, c.transport} {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s"} {
			if text := fmt.Sprintf(verb, v); strings.Contains(text, "s3cret") || strings.Contains(text, "czNjcmV0") {
				t.Errorf("%s of a %T: %s", verb, v, text)
			}
		}
	}
}
