package orm

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"

	"github.com/odoogen/odoogen/runtime/internal/protocol"
	"github.com/odoogen/odoogen/runtime/internal/transport"
)

// Server is an Odoo server without a login: what it tells to anybody, and what its master password opens. It is safe
// for concurrent use.
//
// It speaks /jsonrpc, the services common and db: Odoo 19 warns in its log that they are deprecated, and announces their
// end for Odoo 22.
type Server struct {
	quick   *transport.Transport
	patient *transport.Transport // for what takes its time: no limit but that of the context
	handle  Handler
}

// NewServer is the server at the address, https://erp.example.com. No call is made.
//
// Of the options, [HTTPClient], [MaxAnswer], [RateLimit], [OdooOnline] and [Intercept] apply; an interceptor sees the
// service ("common", "db") as the model. Nothing is repeated after a failure. Without HTTPClient, a question ends after
// five minutes, and a change, a dump or a restore of a database when its context does; the Timeout of a client that is
// given holds for all of them.
func NewServer(address string, options ...DialOption) (*Server, error) {
	d := newDialer(options)
	base, err := parseAddress(address)
	if err != nil {
		return nil, err
	}
	patient := d.http
	if patient == nil {
		patient = &http.Client{}
	}
	open := func(c *http.Client) *transport.Transport { return transport.New(c, base, d.maxAnswer, d.limiter) }
	return &Server{open(d.client()), open(patient), intercepted(d.interceptors)}, nil
}

// Version is the version of the server.
func (s *Server) Version(ctx context.Context) (v Version, err error) {
	err = s.run(ctx, asking("common", "version"), func(ctx context.Context) error {
		found, err := protocol.ServerVersion(ctx, s.quick)
		v = Version(found)
		return err
	})
	return v, err
}

// About is what the server says of itself, "See http://openerp.com".
func (s *Server) About(ctx context.Context) (text string, err error) {
	raw, err := s.call(ctx, s.quick, nil, asking("common", "about"))
	if err != nil {
		return "", err
	}
	err = decodeInto(raw, "", &text)
	return text, err
}

// AboutExtended is the same, and the full version, "19.0" or "19.0-20260101".
func (s *Server) AboutExtended(ctx context.Context) (text, version string, err error) {
	raw, err := s.call(ctx, s.quick, nil, asking("common", "about"), true)
	if err != nil {
		return "", "", err
	}
	var told []string
	if err := json.Unmarshal(raw, &told); err != nil || len(told) != 2 {
		return "", "", malformed("common", "about", raw)
	}
	return told[0], told[1], nil
}

// Login gives the id of the user in res.users, for [UID]. The password may be an API key. A login that is missing or
// refused is [ErrAccessDenied], an unknown database [ErrNoDatabase].
func (s *Server) Login(ctx context.Context, db, login, password string) (uid int64, err error) {
	return s.authenticate(ctx, "login", db, login, password)
}

// Authenticate is Login with an environment of the user agent, for modules that look at it: Odoo itself takes
// "base_location", the address that the administrator reached it by, and keeps it as the parameter web.base.url.
func (s *Server) Authenticate(ctx context.Context, db, login, password string, userAgent Context) (uid int64, err error) {
	return s.authenticate(ctx, "authenticate", db, login, password, Context{}.with(userAgent))
}

func (s *Server) authenticate(ctx context.Context, method, db, login, password string, more ...any) (uid int64, err error) {
	// The cookie names the database: without one, Odoo 14 does not say what is wrong.
	raw, err := s.call(ctx, s.quick, protocol.DatabaseCookie(ctx, s.quick, db), &Request{Protocol: JSONRPC, Model: "common", Method: method},
		append([]any{db, login, password}, more...)...)
	if err != nil {
		return 0, published(protocol.Explain(ctx, s.quick, db, err), "common", method)
	}
	if err := decodeInto(raw, "", &uid); err != nil {
		return 0, err
	}
	if uid == 0 {
		return 0, published(protocol.Credential{Database: db, Login: login}.Refused(), "common", method)
	}
	return uid, nil
}

// asking is a call that changes nothing.
func asking(service, method string) *Request {
	return &Request{Protocol: JSONRPC, Model: service, Method: method, ReadOnly: true}
}

// call calls a method of a service. The cookie may be nil.
func (s *Server) call(ctx context.Context, t *transport.Transport, cookie *http.Cookie, q *Request, args ...any) (raw json.RawMessage, err error) {
	err = s.run(ctx, q, func(ctx context.Context) error {
		raw, err = protocol.Service(ctx, t, cookie, q.Model, q.Method, args...)
		return err
	})
	return raw, err
}

// run does what a request is about, through the interceptors.
func (s *Server) run(ctx context.Context, q *Request, do func(context.Context) error) error {
	q.send = func(ctx context.Context, q *Request) error {
		q.Attempts++
		return published(do(ctx), q.Model, q.Method)
	}
	return s.handle(ctx, q)
}

func malformed(service, method string, raw []byte) *Error {
	return &Error{kind: ErrMalformed, Model: service, Method: method, Message: fmt.Sprintf("the answer has another shape: %.60q", raw)}
}
