package orm

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"time"

	"golang.org/x/time/rate"

	"github.com/odoogen/odoogen/internal/odoofacts"
	"github.com/odoogen/odoogen/runtime/internal/fault"
	"github.com/odoogen/odoogen/runtime/internal/protocol"
	"github.com/odoogen/odoogen/runtime/internal/transport"
)

// What a client does unless told otherwise.
const (
	defaultTimeout   = 5 * time.Minute
	defaultMaxAnswer = 1 << 30
)

// DialOption says how to reach the server.
type DialOption func(*dialer)

type dialer struct {
	who          protocol.Credential
	uid          int64
	protocol     Protocol
	http         *http.Client
	maxAnswer    int64
	context      Context
	retries      int
	limiter      transport.Limiter
	interceptors []Interceptor
	pause        func(context.Context, time.Duration) error
	verify       func(context.Context, *Client) error // nil for none
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
	return &http.Client{Timeout: defaultTimeout}
}

// Database names the database. Without it, the server must have just one.
func Database(name string) DialOption { return func(d *dialer) { d.who.Database = name } }

// Password logs in with a password.
func Password(login, password string) DialOption {
	return func(d *dialer) {
		d.who.Login, d.who.Secret, d.who.IsKey = login, func() string { return password }, false
	}
}

// APIKey logs in with an API key of the user. To [JSON2] the key alone says who that is, whatever the login.
func APIKey(login, key string) DialOption {
	return func(d *dialer) { d.who.Login, d.who.Secret, d.who.IsKey = login, func() string { return key }, true }
}

// UID says which user the login is, by its id in res.users, as a former [Client.UID] or [Server.Login] told it. On
// [JSONRPC], which sends the uid and the password or key with each call, it saves the login: what is wrong with the
// database, the uid or the secret then shows at the first call. The other protocols log in all the same, and
// [Client.UID] is what the server told. 0 is no uid.
func UID(uid int64) DialOption { return func(d *dialer) { d.uid = uid } }

// Using forces a protocol. [Client.Protocol] tells which one is taken without it.
func Using(p Protocol) DialOption { return func(d *dialer) { d.protocol = p } }

// HTTPClient replaces the default HTTP client, whose requests end after five minutes; one that takes longer than the
// client's Timeout is [ErrTimeout]. Its CheckRedirect and its Jar are not used: a redirect would carry the password to
// another address, and a jar the session of one user into the calls of another. Its Transport must not repeat a POST that
// it has begun to write. That of net/http does so on HTTP/2, by the request's GetBody, which fails for calls that must not
// run twice.
func HTTPClient(c *http.Client) DialOption {
	return func(d *dialer) {
		if c != nil {
			d.http = c
		}
	}
}

// MaxAnswer limits the size of an answer, in bytes; 1 GiB if not given. A larger one is [ErrTooLarge].
func MaxAnswer(bytes int64) DialOption { return func(d *dialer) { d.maxAnswer = bytes } }

// RateLimit sends at most so many requests a second, after a burst of so many at once (1 if less). A login takes two to
// four. A call whose deadline would pass while it waits fails at once, as [ErrTimeout].
func RateLimit(perSecond float64, burst int) DialOption {
	return func(d *dialer) { d.limiter.Pace = rate.NewLimiter(rate.Limit(perSecond), max(1, burst)) }
}

// OdooOnline is what odoo.com asks of programs: about one request a second, and none in parallel.
func OdooOnline() DialOption {
	return func(d *dialer) {
		RateLimit(1, 1)(d)
		d.limiter.Slot = make(chan struct{}, 1)
	}
}

// WithContext sets Odoo's context of every call.
func WithContext(c Context) DialOption { return func(d *dialer) { d.context = c } }

// Dial reaches the server at the address, https://erp.example.com, and logs in.
//
// A wrong login, password or key is [ErrAccessDenied], an unknown database [ErrNoDatabase]. Dial itself repeats nothing;
// see [Retries] for what its client does.
func Dial(ctx context.Context, address string, options ...DialOption) (*Client, error) {
	d := newDialer(options)
	base, err := parseAddress(address)
	if err != nil {
		return nil, err
	}
	if d.who.Login == "" {
		return nil, errors.New("orm: no login: give orm.Password or orm.APIKey")
	}
	if !d.protocol.exists() {
		return nil, fmt.Errorf("orm: there is no %s", d.protocol)
	}
	s := &session{
		transport: d.transport(d.client(), base), who: d.who, uid: d.uid,
		retries: d.retries, pause: d.pause, renewal: make(chan struct{}, 1), handle: intercepted(d.interceptors),
	}
	if err := s.open(ctx, d.protocol); err != nil {
		return nil, published(err, "", "")
	}
	c := &Client{session: s, context: d.context}
	if d.verify != nil {
		if err := d.verify(ctx, c); err != nil {
			return nil, err
		}
	}
	return c, nil
}

func parseAddress(address string) (*url.URL, error) {
	u, err := url.Parse(address)
	switch {
	case err != nil:
		return nil, errors.New("orm: the server's address is not a URL: want https://erp.example.com")
	case u.User != nil:
		return nil, errors.New("orm: the server's address must not hold a login: use orm.Password or orm.APIKey")
	case u.Scheme != "http" && u.Scheme != "https" || u.Host == "":
		return nil, errors.New("orm: the address is not that of a server: want https://erp.example.com")
	}
	u.RawQuery, u.Fragment = "", ""
	return u, nil
}

// open finds out the version and the database, and logs in. It leaves /jsonrpc alone if another protocol is wanted.
func (s *session) open(ctx context.Context, wanted Protocol) error {
	version, list, explain := protocol.ServerVersion, protocol.Databases, protocol.Explain
	if wanted == JSON2 || wanted == WebSession {
		version, list, explain = protocol.WebVersion, protocol.WebDatabases, protocol.ExplainByWeb
	}
	v, err := version(ctx, s.transport)
	if err != nil {
		return err
	}
	s.version = Version(v)
	if s.who.Database == "" {
		if s.who.Database, err = protocol.OnlyDatabase(ctx, s.transport, list); err != nil {
			return err
		}
	}
	return explain(ctx, s.transport, s.who.Database, s.loginAs(ctx, s.choices(wanted)))
}

// loginAs logs in by the first of the protocols that works. A password that Odoo refuses is tried once, since Odoo counts
// failures; then, or where the others are closed, the first error says what is wrong.
func (s *session) loginAs(ctx context.Context, choices []Protocol) (err error) {
	for i, p := range choices {
		failed := s.login(ctx, p)
		if failed == nil {
			return nil
		}
		if i == 0 || !errors.Is(failed, ErrMalformed) {
			err = failed
		}
		if protocol.IsFinal(failed) || errors.Is(failed, ErrAccessDenied) && !s.who.IsKey {
			break
		}
	}
	return err
}

// choices are the protocols to try, the best first.
func (s *session) choices(wanted Protocol) []Protocol {
	switch {
	case wanted != Automatic:
		return []Protocol{wanted}
	case s.who.IsKey && odoofacts.JSON2.InSeries(s.version.Series):
		return []Protocol{JSON2, JSONRPC}
	case s.who.IsKey:
		return []Protocol{JSONRPC}
	}
	if keyShaped.MatchString(s.who.Secret()) {
		return []Protocol{JSONRPC, WebSession} // an API key may be given as a password, which the web session refuses
	}
	return []Protocol{WebSession, JSONRPC}
}

// keyShaped matches what Odoo makes as API keys.
var keyShaped = regexp.MustCompile(`^[0-9a-f]{40}$`)

func (s *session) login(ctx context.Context, p Protocol) error {
	s.kind = p
	switch p {
	case JSON2:
		s.protocol = protocol.NewJSON2(s.transport, s.who)
	case WebSession:
		s.protocol = protocol.NewWebSession(s.transport, s.who, odoofacts.Version{Major: s.version.Major})
	default:
		j := protocol.NewJSONRPC(s.transport, s.who)
		s.protocol = j
		if s.uid != 0 {
			j.Assume(ctx, s.uid)
			return nil
		}
	}
	uid, err := s.protocol.Login(ctx)
	if err == nil {
		s.uid = uid // else the one of the option UID stays, for the next protocol
	}
	e, ok := errors.AsType[*fault.Error](err)
	if ok && errors.Is(err, ErrAccessDenied) && e.Class != "" && strings.EqualFold(strings.TrimSpace(e.Message), "Access Denied") {
		return s.who.Refused()
	}
	return err
}
