package orm

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
)

// Server is an Odoo server without a login: what it tells to anybody, and what its master password opens. It is safe
// for concurrent use.
//
// It speaks /jsonrpc, the services common and db: Odoo 19 warns in its log that they are deprecated, and announces their
// end for Odoo 22.
type Server struct {
	wire    *wire
	patient *wire // for what takes its time: no limit but that of the context
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
	quick, patient := d.http, d.http
	if d.http == nil {
		quick, patient = &http.Client{Timeout: defaultTimeout}, &http.Client{}
	}
	s := &Server{newWire(quick, base, d.maxAnswer), newWire(patient, base, d.maxAnswer), intercepted(d.interceptors)}
	s.wire.limiter, s.patient.limiter = d.limiter, d.limiter
	return s, nil
}

// Version is the version of the server.
func (s *Server) Version(ctx context.Context) (v Version, err error) {
	err = s.run(ctx, asking("common", "version"), func(ctx context.Context) error {
		v, err = s.wire.serverVersion(ctx)
		return err
	})
	return v, err
}

// About is what the server says of itself, "See http://openerp.com".
func (s *Server) About(ctx context.Context) (text string, err error) {
	raw, err := s.call(ctx, s.wire, nil, asking("common", "about"))
	if err != nil {
		return "", err
	}
	err = decodeInto(raw, "", &text)
	return text, err
}

// AboutExtended is the same, and the full version, "19.0" or "19.0-20260101".
func (s *Server) AboutExtended(ctx context.Context) (text, version string, err error) {
	raw, err := s.call(ctx, s.wire, nil, asking("common", "about"), true)
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
	raw, err := s.call(ctx, s.wire, s.wire.session(ctx, db), &Request{Protocol: JSONRPC, Model: "common", Method: method},
		append([]any{db, login, password}, more...)...)
	if err != nil {
		return 0, s.wire.explain(ctx, db, err)
	}
	if err := decodeInto(raw, "", &uid); err != nil {
		return 0, err
	}
	if uid == 0 {
		e := credential{db: db, login: login}.refused()
		e.Model, e.Method = "common", method
		return 0, e
	}
	return uid, nil
}

// asking is a call that changes nothing.
func asking(service, method string) *Request {
	return &Request{Protocol: JSONRPC, Model: service, Method: method, ReadOnly: true}
}

// call calls a method of a service. The cookie may be nil.
func (s *Server) call(ctx context.Context, w *wire, cookie *http.Cookie, q *Request, args ...any) (raw json.RawMessage, err error) {
	m, err := serviceMessage(cookie, q.Model, q.Method, args)
	if err != nil {
		return nil, err
	}
	err = s.run(ctx, q, func(ctx context.Context) error {
		a, err := w.post(ctx, m)
		if err == nil {
			raw, err = w.rpcResult(a)
		}
		return err
	})
	return raw, err
}

// run does what a request is about, through the interceptors.
func (s *Server) run(ctx context.Context, q *Request, do func(context.Context) error) error {
	q.send = func(ctx context.Context, q *Request) error {
		q.Attempts++
		err := do(ctx)
		if e, ok := errors.AsType[*Error](err); ok {
			e.Model, e.Method = q.Model, q.Method
		}
		return err
	}
	return s.handle(ctx, q)
}

func malformed(service, method string, raw []byte) *Error {
	return &Error{kind: ErrMalformed, Model: service, Method: method, Message: fmt.Sprintf("the answer has another shape: %.60q", raw)}
}
