package orm

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// DialOption says how to reach the server.
type DialOption func(*dialer)

type dialer struct {
	who          credential
	uid          int64
	protocol     Protocol
	http         *http.Client
	maxAnswer    int64
	context      Context
	retries      int
	limiter      limiter
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

// Database names the database. Without it, the server must have just one.
func Database(name string) DialOption { return func(d *dialer) { d.who.db = name } }

// Password logs in with a password.
func Password(login, password string) DialOption {
	return func(d *dialer) {
		d.who.login, d.who.secret, d.who.keyed = login, func() string { return password }, false
	}
}

// APIKey logs in with an API key of the user. To [JSON2] the key alone says who that is, whatever the login.
func APIKey(login, key string) DialOption {
	return func(d *dialer) { d.who.login, d.who.secret, d.who.keyed = login, func() string { return key }, true }
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
// it has begun to write; that of net/http never does.
func HTTPClient(c *http.Client) DialOption {
	return func(d *dialer) {
		if c != nil {
			d.http = c
		}
	}
}

// MaxAnswer limits the size of an answer, in bytes; 1 GiB if not given. A larger one is [ErrTooLarge].
func MaxAnswer(bytes int64) DialOption { return func(d *dialer) { d.maxAnswer = bytes } }

// WithContext sets Odoo's context of every call.
func WithContext(c Context) DialOption { return func(d *dialer) { d.context = c } }

// Dial reaches the server at the address, https://erp.example.com, and logs in.
//
// A wrong login, password or key is [ErrAccessDenied], an unknown database [ErrNoDatabase]. Dial itself repeats nothing;
// see [Retries] for what its client does.
func Dial(ctx context.Context, address string, options ...DialOption) (*Client, error) {
	d := newDialer(options)
	if d.http == nil {
		d.http = &http.Client{Timeout: defaultTimeout}
	}
	base, err := parseAddress(address)
	if err != nil {
		return nil, err
	}
	if d.who.login == "" {
		return nil, errors.New("orm: no login: give orm.Password or orm.APIKey")
	}
	if !d.protocol.exists() {
		return nil, fmt.Errorf("orm: there is no %s", d.protocol)
	}
	s := &session{wire: newWire(d.http, base, d.maxAnswer), who: d.who, uid: d.uid, retries: d.retries, pause: d.pause, renewal: make(chan struct{}, 1)}
	s.wire.limiter = d.limiter
	s.handle = intercepted(d.interceptors)
	if err := s.open(ctx, d.protocol); err != nil {
		return nil, err
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

// open finds out the version and the database, and logs in.
func (s *session) open(ctx context.Context, wanted Protocol) error {
	var err error
	if s.version, err = s.wire.serverVersion(ctx); err != nil {
		return err
	}
	if s.who.db == "" {
		if s.who.db, err = s.wire.onlyDatabase(ctx); err != nil {
			return err
		}
	}
	for _, p := range s.choices(wanted) {
		if err = s.login(ctx, p); err == nil || noUse(err) {
			break
		}
	}
	return s.wire.explain(ctx, s.who.db, err)
}

// choices are the protocols to try, the best first.
func (s *session) choices(wanted Protocol) []Protocol {
	switch {
	case wanted != Automatic:
		return []Protocol{wanted}
	case s.who.keyed && s.version.Major >= 19:
		return []Protocol{JSON2, JSONRPC}
	case s.who.keyed:
		return []Protocol{JSONRPC}
	}
	return []Protocol{WebSession, JSONRPC}
}

// noUse tells that another protocol would fail the same.
func noUse(err error) bool {
	return isAny(err, ErrUnreachable, ErrTimeout, ErrCutOff, ErrRateLimit, context.Canceled)
}

func (s *session) login(ctx context.Context, p Protocol) error {
	s.protocol = p
	switch p {
	case JSON2:
		s.speaker = &json2{wire: s.wire, who: s.who}
	case WebSession:
		s.speaker = &webSession{wire: s.wire, who: s.who, version: s.version}
	default:
		j := &jsonrpc{wire: s.wire, who: s.who}
		s.speaker = j
		if s.uid != 0 {
			j.user.Store(&rpcUser{s.uid, s.wire.session(ctx, s.who.db)})
			return nil
		}
	}
	uid, err := s.speaker.login(ctx)
	if err == nil {
		s.uid = uid // else the one of the option UID stays, for the next protocol
	}
	var e *Error
	if errors.As(err, &e) && errors.Is(err, ErrAccessDenied) && e.Class != "" {
		return s.who.refused() // Odoo says no more than "Access Denied"
	}
	return err
}

func (w *wire) databases(ctx context.Context) (names []string, err error) {
	raw, err := w.service(ctx, "db", "list")
	if err != nil {
		return nil, err
	}
	err = decodeInto(raw, "", &names)
	return names, err
}

func (w *wire) onlyDatabase(ctx context.Context) (string, error) {
	names, err := w.databases(ctx)
	switch {
	case ctx.Err() != nil || noUse(err):
		return "", err
	case err != nil:
		return "", &Error{kind: ErrNoDatabase, cause: err, Message: fmt.Sprintf("no database was named, and %s does not list its databases", w.base)}
	case len(names) != 1:
		return "", &Error{kind: ErrNoDatabase, Message: fmt.Sprintf("no database was named, and %s has %d: %s", w.base, len(names), strings.Join(names, ", "))}
	}
	return names[0], nil
}

// explain makes something better of a failed login when the reason is that the database does not exist.
func (w *wire) explain(ctx context.Context, db string, err error) error {
	if err == nil || noUse(err) {
		return err
	}
	raw, failed := w.service(ctx, "db", "db_exist", db)
	if failed != nil || string(raw) != "false" {
		return err
	}
	message := fmt.Sprintf("%s has no database %q", w.base, db)
	if names, err := w.databases(ctx); err == nil && len(names) > 0 {
		message += "; it has " + strings.Join(names, ", ")
	}
	return &Error{kind: ErrNoDatabase, Message: message}
}
