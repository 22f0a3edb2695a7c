package orm

import (
	"cmp"
	"context"
	"crypto/tls"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"golang.org/x/time/rate"

	"github.com/odoogen/odoogen/runtime/internal/protocol"
	"github.com/odoogen/odoogen/runtime/internal/transport"
)

// DialOption configures a connection. If an option is given more than once, the last one wins, except for [Header],
// [Intercept], [WithContext] and schema.Verify, which accumulate.
type DialOption func(*dialer)

type dialer struct {
	who          protocol.Credential
	uid          int64
	protocol     Protocol
	http         *http.Client
	tls          *tls.Config
	header       func() http.Header // nil for none
	maxAnswer    int64
	context      Context
	retries      int
	limiter      transport.Limiter
	interceptors []Interceptor
	pause        func(context.Context, time.Duration) error
	checks       []loginCheck
	err          error // of an option that can have no effect
}

// loginCheck is an option of another package that checks the client after the login.
type loginCheck struct {
	option string
	run    func(ctx context.Context, client any) error
}

// refuse keeps the error of an option.
func (d *dialer) refuse(format string, args ...any) {
	d.err = cmp.Or(d.err, fmt.Errorf("orm: "+format, args...))
}

// newDialer applies the options to the defaults; http stays nil unless it is given.
func newDialer(options []DialOption) dialer {
	d := dialer{maxAnswer: defaultMaxAnswer, retries: defaultRetries, pause: sleep}
	for _, option := range options {
		if option != nil {
			option(&d)
		}
	}
	return d
}

// client returns the HTTP client of the options, or the default one.
func (d *dialer) client() *http.Client {
	if d.http != nil {
		return d.http
	}
	return &http.Client{Timeout: defaultTimeout, Transport: transport.Pool(d.tls)}
}

func (d *dialer) transport(c *http.Client, base *url.URL) *transport.Transport {
	return transport.New(c, base, transport.Options{MaxAnswer: d.maxAnswer, Limiter: d.limiter, Header: d.header})
}

// The defaults of a client.
const (
	defaultTimeout   = 5 * time.Minute
	defaultMaxAnswer = 1 << 30
	defaultRetries   = 3
)

// Database names the database. Without this option, the server must have exactly one.
func Database(name string) DialOption { return func(d *dialer) { d.who.Database = name } }

// Password logs in with a password. Control characters in it, such as the line break at the end of a file, are an error.
func Password(login, password string) DialOption {
	return func(d *dialer) {
		d.who.Login, d.who.Secret, d.who.IsKey = login, func() string { return password }, false
	}
}

// APIKey logs in with an API key of the user. On [JSON2] the key alone identifies the user, and the login is not used. White
// space and a byte order mark around the key are removed.
func APIKey(login, key string) DialOption {
	key = cleanKey(key)
	return func(d *dialer) { d.who.Login, d.who.Secret, d.who.IsKey = login, func() string { return key }, true }
}

// UID is the id of the user in res.users, as an earlier [Client.UID] returned it. On [JSONRPC] and [XMLRPC], which
// send the uid and the password or key with each call, it saves the request for the login: a wrong database, uid or secret is then reported by
// the first call. The other protocols still log in, and it is an error if the login belongs to another user. 0 means no uid.
func UID(uid int64) DialOption {
	return func(d *dialer) {
		if d.uid = uid; uid < 0 {
			d.refuse("UID(%d): want the id of a user", uid)
		}
	}
}

// Using forces a protocol. [Client.Protocol] reports the one in use.
func Using(p Protocol) DialOption { return func(d *dialer) { d.protocol = p } }

// HTTPClient replaces the default HTTP client. The default has a timeout of five minutes, keeps as many connections as there
// are concurrent calls, closes a connection after 50 idle seconds, and uses the proxies of the environment (HTTPS_PROXY,
// NO_PROXY). A request that takes longer than the client's Timeout is [ErrTimeout].
//
// CheckRedirect and Jar of the client are not used: a redirect would send the password to another address, and a jar would
// mix the sessions of users. The Transport must not repeat a POST that it has begun to write. The Transport of net/http
// repeats requests on HTTP/2 with the request's GetBody, which fails for calls that must not run twice.
func HTTPClient(c *http.Client) DialOption {
	return func(d *dialer) {
		if c != nil {
			d.http = c
		}
	}
}

// MaxAnswer limits the size of a response, in bytes; the default is 1 GiB. A larger response is [ErrTooLarge].
func MaxAnswer(bytes int64) DialOption {
	return func(d *dialer) {
		if d.maxAnswer = bytes; bytes < 1 {
			d.refuse("MaxAnswer(%d): want at least 1", bytes)
		}
	}
}

// RateLimit limits the requests of the client to a number per second, with bursts of at most burst requests (at least 1). A
// login takes two to four requests. A call whose deadline would pass while it waits fails at once with [ErrTimeout].
func RateLimit(perSecond float64, burst int) DialOption {
	return func(d *dialer) {
		if d.limiter.Pace = rate.NewLimiter(rate.Limit(perSecond), max(1, burst)); !(perSecond > 0) {
			d.refuse("RateLimit(%v, %d): no request would ever be sent", perSecond, burst)
		}
	}
}

// OdooOnline applies the limits that odoo.com sets for programs: about one request per second, and none in parallel.
func OdooOnline() DialOption {
	return func(d *dialer) {
		RateLimit(1, 1)(d)
		d.limiter.Slot = make(chan struct{}, 1)
	}
}

// Retries is how many times a call is repeated after a temporary failure of the connection or the server. The default is 3;
// 0 disables retries. The pauses between attempts grow from 0.2 to 15 seconds, with random jitter. The client waits as long
// as a server asks for (Retry-After), up to five minutes. If the pause would be longer than that, or than the deadline of
// the context allows, the call fails at once with the error of its last attempt.
//
// Only these calls are repeated: calls that change nothing, calls that are [Idempotent], and calls that the server never ran
// because there was no connection or it responded with HTTP 429.
func Retries(n int) DialOption {
	return func(d *dialer) {
		if d.retries = n; n < 0 {
			d.refuse("Retries(%d): want 0 for never", n)
		}
	}
}

// Intercept adds interceptors. The first one is the outermost.
func Intercept(interceptors ...Interceptor) DialOption {
	return func(d *dialer) { d.interceptors = append(d.interceptors, interceptors...) }
}

// WithContext sets Odoo's context for every call.
func WithContext(c Context) DialOption { return func(d *dialer) { d.context = d.context.with(c) } }

// ofLogin names a given option that has an effect only on a client with a login, "" if there is none.
func (d *dialer) ofLogin() string {
	switch {
	case d.who.Login != "":
		return "Password or APIKey"
	case d.who.Database != "":
		return "Database"
	case d.uid != 0:
		return "UID"
	case d.protocol != Automatic:
		return "Using"
	case len(d.context) > 0:
		return "WithContext"
	case d.retries != defaultRetries:
		return "Retries"
	case len(d.checks) > 0:
		return d.checks[0].option
	}
	return ""
}
