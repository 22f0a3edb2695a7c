package orm

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"
)

// Client is a connection to one database of an Odoo server as one user. It is safe for concurrent use.
type Client struct {
	*session
	context Context
}

// session is what the clients derived from one Dial share.
type session struct {
	rpc       *jsonrpc
	db        string
	login     string
	uid       int64
	secret    func() string // a func, so that no %v prints it
	version   Version
	relations sync.Map // "model/field" → relationType
}

// Version is the version of a server.
type Version struct {
	Series string // "19.0"; "saas~18.2" on odoo.com
	Full   string // "19.0-20260101" or as Series
	Major  int    // 19
}

// DialOption says how to reach the server.
type DialOption func(*dialer)

type dialer struct {
	db, login, secret string
	keyed             bool
	http              *http.Client
	context           Context
}

// Database names the database. Without it, the server must have just one.
func Database(name string) DialOption { return func(d *dialer) { d.db = name } }

// Password logs in with a password.
func Password(login, password string) DialOption {
	return func(d *dialer) { d.login, d.secret, d.keyed = login, password, false }
}

// APIKey logs in with an API key of the user. Odoo has them since version 14.
func APIKey(login, key string) DialOption {
	return func(d *dialer) { d.login, d.secret, d.keyed = login, key, true }
}

// HTTPClient replaces the default HTTP client, whose calls end after five minutes. Its CheckRedirect is not used:
// a redirect would carry the password to another address.
func HTTPClient(c *http.Client) DialOption { return func(d *dialer) { d.http = c } }

// WithContext sets Odoo's context of every call.
func WithContext(c Context) DialOption { return func(d *dialer) { d.context = c } }

// Dial reaches the server at the address, https://erp.example.com, and logs in.
//
// A wrong login, password or key is [ErrAccessDenied], an unknown database [ErrNoDatabase].
func Dial(ctx context.Context, address string, options ...DialOption) (*Client, error) {
	d := dialer{http: &http.Client{Timeout: 5 * time.Minute}}
	for _, option := range options {
		option(&d)
	}
	base, err := parseAddress(address)
	if err != nil {
		return nil, err
	}
	if d.login == "" {
		return nil, errors.New("orm: no login: give orm.Password or orm.APIKey")
	}
	plain := *d.http
	plain.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	secret := d.secret
	s := &session{rpc: &jsonrpc{http: &plain, base: base}, db: d.db, login: d.login, secret: func() string { return secret }}
	if err := s.open(ctx, d.keyed); err != nil {
		return nil, err
	}
	return &Client{session: s, context: d.context}, nil
}

func parseAddress(address string) (*url.URL, error) {
	u, err := url.Parse(address)
	switch {
	case err != nil:
		return nil, errors.New("orm: the server's address is not a URL")
	case u.User != nil:
		return nil, errors.New("orm: the server's address must not hold a login: use orm.Password or orm.APIKey")
	case u.Scheme != "http" && u.Scheme != "https" || u.Host == "":
		return nil, fmt.Errorf("orm: %q is not the address of a server: want https://erp.example.com", address)
	}
	u.RawQuery, u.Fragment = "", ""
	return u, nil
}

// open finds out the version and the database, and logs in.
func (s *session) open(ctx context.Context, keyed bool) error {
	var err error
	if s.version, err = s.rpc.serverVersion(ctx); err != nil {
		return err
	}
	if s.db == "" {
		if s.db, err = s.rpc.onlyDatabase(ctx); err != nil {
			return err
		}
	}
	s.rpc.enter(ctx, s.db)
	raw, err := s.rpc.call(ctx, "common", "authenticate", s.db, s.login, s.secret(), Context{})
	if err != nil {
		return s.rpc.explain(ctx, s.db, err)
	}
	if err := decodeInto(raw, "", &s.uid); err != nil {
		return err
	}
	if s.uid == 0 {
		what := "password"
		if keyed {
			what = "API key"
		}
		return &Error{kind: ErrAccessDenied, Message: fmt.Sprintf("the database %s refuses the login %q with this %s", s.db, s.login, what)}
	}
	return nil
}

func (t *jsonrpc) serverVersion(ctx context.Context) (Version, error) {
	raw, err := t.call(ctx, "common", "version")
	if err != nil {
		return Version{}, err
	}
	var answer struct {
		Version string `json:"server_version"`
		Series  string `json:"server_serie"`
		Info    []any  `json:"server_version_info"`
	}
	if err := json.Unmarshal(raw, &answer); err != nil || len(answer.Info) == 0 {
		return Version{}, &Error{Message: fmt.Sprintf("%s does not tell its version as an Odoo server does", t.base)}
	}
	// Odoo online has "saas~18" for a major version.
	major := fmt.Sprint(answer.Info[0])
	v := Version{Series: answer.Series, Full: answer.Version}
	if _, err := fmt.Sscanf(strings.TrimPrefix(major, "saas~"), "%d", &v.Major); err != nil {
		return Version{}, &Error{Message: fmt.Sprintf("%s has the version %q, which is none of Odoo's", t.base, major)}
	}
	return v, nil
}

func (t *jsonrpc) databases(ctx context.Context) (names []string, err error) {
	raw, err := t.call(ctx, "db", "list")
	if err != nil {
		return nil, err
	}
	return names, decodeInto(raw, "", &names)
}

func (t *jsonrpc) onlyDatabase(ctx context.Context) (string, error) {
	names, err := t.databases(ctx)
	switch {
	case err != nil:
		return "", &Error{kind: ErrNoDatabase, Message: fmt.Sprintf("no database was named, and %s does not list its databases", t.base)}
	case len(names) != 1:
		return "", &Error{kind: ErrNoDatabase, Message: fmt.Sprintf("no database was named, and %s has %d: %s", t.base, len(names), strings.Join(names, ", "))}
	}
	return names[0], nil
}

// explain makes something better of a failed login when the reason is that the database does not exist.
func (t *jsonrpc) explain(ctx context.Context, db string, err error) error {
	var answered *Error
	if !errors.As(err, &answered) {
		return err
	}
	raw, failed := t.call(ctx, "db", "db_exist", db)
	if failed != nil || string(raw) != "false" {
		return err
	}
	message := fmt.Sprintf("%s has no database %q", t.base, db)
	if names, err := t.databases(ctx); err == nil {
		message += "; it has " + strings.Join(names, ", ")
	}
	return &Error{kind: ErrNoDatabase, Message: message}
}

// With is the same connection with another context laid over its own: With(Context{"lang": "fr_FR"}).
func (c *Client) With(over Context) *Client {
	return &Client{session: c.session, context: c.context.with(over)}
}

// Version is the version of the server.
func (c *Client) Version() Version { return c.version }

// Database is the name of the database.
func (c *Client) Database() string { return c.db }

// UID is the database id of the user in res.users.
func (c *Client) UID() int64 { return c.uid }

// ExecuteKW is the method execute_kw of the service object, on which everything else stands: it calls a public
// method of a model with arguments by position and by name. The client's context is added unless kwargs has one.
// The result is decoded into what result points to; nil drops it.
func (c *Client) ExecuteKW(ctx context.Context, model, method string, args []any, kwargs map[string]any, result any) error {
	named := Context{}.with(kwargs)
	if _, ok := named["context"]; !ok && len(c.context) > 0 {
		named["context"] = c.context
	}
	raw, err := c.rpc.call(ctx, "object", "execute_kw", c.db, c.uid, c.secret(), model, method, values(args), named)
	if err != nil {
		var odoo *Error
		if errors.As(err, &odoo) {
			odoo.Model, odoo.Method = model, method
		}
		return err
	}
	switch dest := result.(type) {
	case nil:
		return nil
	case *json.RawMessage:
		*dest = raw
		return nil
	}
	return decodeInto(raw, model, result)
}
