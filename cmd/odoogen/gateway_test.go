package main

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
)

// startGateway is the command "gateway": a reverse proxy before $ODOO_URL that has a certificate of a private CA, ca.pem, and
// asks for a client certificate, client.pem and client.key, for Basic authentication, as gate with the password g@te-secret,
// and for the header X-Tenant: acme-secret. GATEWAY is its host.
func startGateway(ts *testscript.TestScript, _ bool, _ []string) {
	to, err := url.Parse(ts.Getenv("ODOO_URL"))
	ts.Check(err)
	proxy := httputil.NewSingleHostReverseProxy(to)
	gateway := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		user, password, _ := r.BasicAuth()
		switch {
		case user != "gate" || password != "g@te-secret":
			w.Header().Set("WWW-Authenticate", "Basic")
			w.WriteHeader(http.StatusUnauthorized)
		case r.Header.Get("X-Tenant") != "acme-secret":
			w.WriteHeader(http.StatusForbidden)
		default:
			proxy.ServeHTTP(w, r)
		}
	}))
	gateway.TLS = &tls.Config{ClientAuth: tls.RequireAnyClientCert}
	gateway.StartTLS()
	ts.Defer(gateway.Close)
	ts.Setenv("GATEWAY", strings.TrimPrefix(gateway.URL, "https://"))
	pair := gateway.TLS.Certificates[0]
	key, err := x509.MarshalPKCS8PrivateKey(pair.PrivateKey)
	ts.Check(err)
	for file, block := range map[string]*pem.Block{
		"ca.pem":     {Type: "CERTIFICATE", Bytes: pair.Certificate[0]},
		"client.pem": {Type: "CERTIFICATE", Bytes: pair.Certificate[0]},
		"client.key": {Type: "PRIVATE KEY", Bytes: key},
	} {
		ts.Check(os.WriteFile(ts.MkAbs(file), pem.EncodeToMemory(block), 0o600))
	}
}

// setMarked is the command "marked NAME TEXT": it sets a variable, and writes a file of that name, to the text with what
// editors and shells add: a byte order mark and a line break. BREAK is a line break, and the file wide is in UTF-16.
func setMarked(ts *testscript.TestScript, _ bool, args []string) {
	text := "\ufeff" + args[1] + "\r\n"
	ts.Setenv(args[0], text)
	ts.Setenv("BREAK", "\n")
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(text), 0o600))
	ts.Check(os.WriteFile(ts.MkAbs("wide"), []byte("\xff\xfea\x00"), 0o600))
}
