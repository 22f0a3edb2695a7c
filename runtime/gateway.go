package orm

import (
	"cmp"
	"crypto/tls"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
)

// Header adds a header to every request, for a gateway in front of Odoo. Headers that the client sets itself, such as Cookie
// and Content-Type, are an error. With Authorization, [JSON2] is not available: see [BasicAuth].
func Header(name, value string) DialOption {
	return func(d *dialer) { d.addHeader(name, value) }
}

// BasicAuth is the login of a gateway in front of Odoo that asks for Basic authentication. A login in the address,
// https://user:password@erp.example.com, is the same. [JSON2] sends the API key in the header that Basic authentication needs:
// it is an error then, and [Automatic] takes [JSONRPC] for a key.
func BasicAuth(user, password string) DialOption {
	return func(d *dialer) { d.addBasic(user, password) }
}

// TLS sets the TLS configuration of the default HTTP client: a private CA in RootCAs, a client certificate in Certificates. It
// is an error with [HTTPClient], which has its own, and for an address with http.
func TLS(config *tls.Config) DialOption { return func(d *dialer) { d.tls = config } }

func (d *dialer) addBasic(user, password string) {
	d.addHeader(headerAuthorization, "Basic "+base64.StdEncoding.EncodeToString([]byte(user+":"+password)))
}

// addHeader keeps a header in a func, so that no %v prints it.
func (d *dialer) addHeader(name, value string) {
	all := http.Header{}
	if d.header != nil {
		all = d.header().Clone()
	}
	name = http.CanonicalHeaderKey(name)
	all[name] = append(all[name], value)
	d.header = func() http.Header { return all }
}

const headerAuthorization = "Authorization"

// check refuses options that could have no effect, and texts that could not be sent.
func (d *dialer) check(base *url.URL) error {
	secret := "password"
	if d.who.IsKey {
		secret = "API key"
	}
	err := cmp.Or(checkText("name of the database", d.who.Database), checkText("login", d.who.Login), checkText(secret, d.who.Secret()))
	return cmp.Or(err, d.checkGateway(base))
}

// ownHeaders are those that the client, or net/http for it, sets.
var ownHeaders = []string{
	"Accept-Encoding", "Connection", "Content-Encoding", "Content-Length", "Content-Type", "Cookie", "Expect", "Host", "Te", "Trailer",
	"Transfer-Encoding", "Upgrade", "X-Odoo-Database",
}

// checkGateway refuses options that cannot be sent or would have no effect.
func (d *dialer) checkGateway(base *url.URL) error {
	switch {
	case d.tls != nil && d.http != nil:
		return errors.New("orm: the option TLS has no effect on the HTTP client of the option HTTPClient: set its Transport's TLSClientConfig")
	case d.tls != nil && base.Scheme != "https":
		return fmt.Errorf("orm: the option TLS has no effect on %s: want https", base)
	}
	if d.header == nil {
		return nil
	}
	for name, values := range d.header() {
		switch {
		case !headerName.MatchString(name):
			return fmt.Errorf("orm: %q is not a valid header name", name)
		case slices.Contains(ownHeaders, name):
			return fmt.Errorf("orm: the header %s is set by the client", name)
		case name == headerAuthorization && len(values) > 1:
			return errors.New("orm: the header Authorization is set more than once; a login in the address sets it too")
		case name == headerAuthorization && d.protocol == JSON2:
			return errors.New("orm: JSON-2 sends the API key in the header Authorization, which the gateway needs too: use another protocol, or a gateway that reads another header")
		}
		for _, value := range values {
			if err := checkText("value of the header "+name, value); err != nil {
				return err
			}
		}
	}
	return nil
}

// headerName matches valid header names.
var headerName = regexp.MustCompile("^[!#$%&'*+.^_`|~0-9A-Za-z-]+$")

// openAddress takes the login out of the address of a server, for the gateway.
func (d *dialer) openAddress(address string) (*url.URL, error) {
	if err := checkText("address of the server", address); err != nil {
		return nil, err
	}
	base, err := parseAddress(address)
	if err != nil {
		return nil, err
	}
	if u := base.User; u != nil {
		password, _ := u.Password()
		d.addBasic(u.Username(), password)
		base.User = nil
	}
	return base, nil
}

func parseAddress(address string) (*url.URL, error) {
	u, err := url.Parse(address)
	switch {
	case err != nil:
		return nil, errors.New("orm: the server's address is not a URL: want https://erp.example.com")
	case u.Scheme != "http" && u.Scheme != "https" || u.Host == "":
		return nil, errors.New("orm: the address is not that of a server: want https://erp.example.com")
	}
	u.RawQuery, u.Fragment = "", ""
	return u, nil
}
