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

// DialOption says how to reach the server. Of an option that is given more than once, the last one counts; those of [Header],
// [Intercept], [WithContext] and schema.Verify are added up.
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

// loginCheck is an option of another package that looks at the client after its login.
type loginCheck struct {
	option string
	run    func(ctx context.Context, client any) error
}

// refuse keeps the error of an option.
func (d *dialer) refuse(format string, args ...any) {
	d.err = cmp.Or(d.err, fmt.Errorf("orm: "+format, args...))
}

// newDialer is what the options come to over the defaults; http stays nil unless it is given.
func newDialer(options []DialOption) dialer {
	d := dialer{maxAnswer: defaultMaxAnswer, retries: defaultRetries, pause: sleep}
	for _, option := range options {
		if option != nil {
			option(&d)
		}
	}
	return d
}

// client is the HTTP client that was given, or the default one.
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

// Database names the database. Without it, the server must have just one.
func Database(name string) DialOption { return func(d *dialer) { d.who.Database = name } }

// Password logs in with a password. Control characters in it, such as the line break at the end of a file, are an error.
func Password(login, password string) DialOption {
	return func(d *dialer) {
		d.who.Login, d.who.Secret, d.who.IsKey = login, func() string { return password }, false
	}
}

// APIKey logs in with an API key of the user. To [JSON2] the key alone says who that is, whatever the login. White space and a
// byte order mark around the key are removed.
func APIKey(login, key string) DialOption {
	key = cleanKey(key)
	return func(d *dialer) { d.who.Login, d.who.Secret, d.who.IsKey = login, func() string { return key }, true }
}

// UID says which user the login is, by its id in res.users, as a former [Client.UID] or [Server.Login] gave it. On
// [JSONRPC], which sends the uid and the password or key with each call, it saves the login: what is wrong with the
// database, the uid or the secret then shows at the first call. The other protocols log in all the same: that the login is
// another user is an error. 0 is no uid.
func UID(uid int64) DialOption {
	return func(d *dialer) {
		if d.uid = uid; uid < 0 {
			d.refuse("UID(%d): want the id of a user", uid)
		}
	}
}

// Using forces a protocol. [Client.Protocol] reports the one in use.
func Using(p Protocol) DialOption { return func(d *dialer) { d.protocol = p } }

// HTTPClient replaces the default HTTP client, whose requests end after five minutes, which keeps as many connections as
// calls run at once, closes them when they were idle for 50 seconds, and uses the proxies that the environment names
// (HTTPS_PROXY, NO_PROXY). A request that takes longer than the client's Timeout is [ErrTimeout].
//
// CheckRedirect and Jar of the client are not used: a redirect would carry the password to another address, and a jar the
// session of one user into the calls of another. Its Transport must not repeat a POST that it has begun to write. That of
// net/http does so on HTTP/2, by the request's GetBody, which fails for calls that must not run twice.
func HTTPClient(c *http.Client) DialOption {
	return func(d *dialer) {
		if c != nil {
			d.http = c
		}
	}
}

// MaxAnswer limits the size of an answer, in bytes; 1 GiB if not given. A larger one is [ErrTooLarge].
func MaxAnswer(bytes int64) DialOption {
	return func(d *dialer) {
		if d.maxAnswer = bytes; bytes < 1 {
			d.refuse("MaxAnswer(%d): want at least 1", bytes)
		}
	}
}

// RateLimit sends at most so many requests a second, after a burst of so many at once (1 if less). A login takes two to
// four. A call whose deadline would pass while it waits fails at once, as [ErrTimeout].
func RateLimit(perSecond float64, burst int) DialOption {
	return func(d *dialer) {
		if d.limiter.Pace = rate.NewLimiter(rate.Limit(perSecond), max(1, burst)); !(perSecond > 0) {
			d.refuse("RateLimit(%v, %d): no request would ever be sent", perSecond, burst)
		}
	}
}

// OdooOnline is what odoo.com asks of programs: about one request a second, and none in parallel.
func OdooOnline() DialOption {
	return func(d *dialer) {
		RateLimit(1, 1)(d)
		d.limiter.Slot = make(chan struct{}, 1)
	}
}

// Retries is how often a call is repeated when the connection or the server fails in a way that may pass; 3 if not
// given, 0 for never. Pauses grow from a fifth of a second to 15 seconds, with some chance in them. A server that says
// how long to wait (Retry-After) is obeyed, up to five minutes. A call whose pause would outlast that, or the deadline of
// its context, fails at once with the error that it has.
//
// Only calls that change nothing are repeated, those that are [Idempotent], and those that the server never ran: there
// was no connection, or it answered HTTP 429.
func Retries(n int) DialOption {
	return func(d *dialer) {
		if d.retries = n; n < 0 {
			d.refuse("Retries(%d): want 0 for never", n)
		}
	}
}

// Intercept adds interceptors. The first is the outermost.
func Intercept(interceptors ...Interceptor) DialOption {
	return func(d *dialer) { d.interceptors = append(d.interceptors, interceptors...) }
}

// WithContext sets Odoo's context of every call.
func WithContext(c Context) DialOption { return func(d *dialer) { d.context = d.context.with(c) } }

// ofLogin names an option that has an effect on a client with a login only, "" if none is given.
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
