package admin

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"

	orm "github.com/odoogen/odoogen/runtime"
	"github.com/odoogen/odoogen/runtime/internal/codec"
	"github.com/odoogen/odoogen/runtime/internal/door"
	"github.com/odoogen/odoogen/runtime/internal/fault"
	"github.com/odoogen/odoogen/runtime/internal/protocol"
	"github.com/odoogen/odoogen/runtime/internal/transport"
)

// Server is an Odoo server without a login: what it reports to anyone, and what its master password opens. It is safe
// for concurrent use.
//
// It speaks /jsonrpc, the services common and db: Odoo 19 warns in its log that they are deprecated, and announces their
// end for Odoo 22.
type Server struct {
	conn *door.Server
}

// NewServer is the server at the address, https://erp.example.com. No call is made.
//
// Of the options, [orm.HTTPClient], [orm.TLS], [orm.Header], [orm.BasicAuth], [orm.MaxAnswer], [orm.RateLimit],
// [orm.OdooOnline] and [orm.Intercept] apply; an interceptor sees the service ("common", "db") as the model. Nothing is
// repeated after a failure. Without HTTPClient, a question ends after five minutes, and a change, a dump or a restore of a
// database when its context does; the Timeout of a client that is given holds for all of them.
func NewServer(address string, options ...orm.DialOption) (*Server, error) {
	opened, err := door.Open(address, options)
	if err != nil {
		return nil, err
	}
	return &Server{opened}, nil
}

// Version is the version of the server.
func (s *Server) Version(ctx context.Context) (v orm.Version, err error) {
	err = s.conn.Run(ctx, asking("common", "version"), func(ctx context.Context) error {
		found, err := protocol.ServerVersion(ctx, s.conn.Quick)
		v = orm.Version(found)
		return err
	})
	return v, err
}

// About is what the server says of itself, "See http://openerp.com".
func (s *Server) About(ctx context.Context) (text string, err error) {
	raw, err := s.call(ctx, s.conn.Quick, nil, asking("common", "about"))
	if err != nil {
		return "", err
	}
	err = unmarshal(raw, &text)
	return text, err
}

// AboutExtended is the same, and the full version, "19.0" or "19.0-20260101".
func (s *Server) AboutExtended(ctx context.Context) (text, version string, err error) {
	raw, err := s.call(ctx, s.conn.Quick, nil, asking("common", "about"), true)
	if err != nil {
		return "", "", err
	}
	var answer []string
	if err := json.Unmarshal(raw, &answer); err != nil || len(answer) != 2 {
		return "", "", malformed("common", "about", raw)
	}
	return answer[0], answer[1], nil
}

// Login gives the id of the user in res.users, for [orm.UID]. The password may be an API key. A login that is missing or
// refused is [orm.ErrAccessDenied], an unknown database [orm.ErrNoDatabase].
func (s *Server) Login(ctx context.Context, db, login, password string) (uid int64, err error) {
	return s.authenticate(ctx, "login", db, login, password)
}

// Authenticate is Login with an environment of the user agent, for modules that look at it: Odoo itself takes
// "base_location", the address that the administrator reached it by, and keeps it as the parameter web.base.url.
func (s *Server) Authenticate(ctx context.Context, db, login, password string, userAgent orm.Context) (uid int64, err error) {
	agent := maps.Clone(userAgent)
	if agent == nil {
		agent = orm.Context{}
	}
	return s.authenticate(ctx, "authenticate", db, login, password, agent)
}

func (s *Server) authenticate(ctx context.Context, method, db, login, password string, more ...any) (uid int64, err error) {
	// The cookie names the database: without one, Odoo 14 does not say what is wrong.
	raw, err := s.call(ctx, s.conn.Quick, protocol.DatabaseCookie(ctx, s.conn.Quick, db), door.Call{Service: "common", Method: method},
		append([]any{db, login, password}, more...)...)
	if err != nil {
		return 0, door.Publish(protocol.Explain(ctx, s.conn.Quick, db, err), "common", method)
	}
	if err := unmarshal(raw, &uid); err != nil {
		return 0, err
	}
	if uid == 0 {
		return 0, door.Publish(protocol.Credential{Database: db, Login: login}.Refused(), "common", method)
	}
	return uid, nil
}

// asking is a call that changes nothing.
func asking(service, method string) door.Call {
	return door.Call{Service: service, Method: method, ReadOnly: true}
}

// call calls a method of a service. The cookie may be nil.
func (s *Server) call(ctx context.Context, t *transport.Transport, cookie *http.Cookie, q door.Call, args ...any) (raw json.RawMessage, err error) {
	err = s.conn.Run(ctx, q, func(ctx context.Context) error {
		raw, err = protocol.Service(ctx, t, cookie, q.Service, q.Method, args...)
		return err
	})
	return raw, err
}

// unmarshal decodes a result.
func unmarshal(raw json.RawMessage, dest any) error {
	return door.Publish(codec.Unmarshal(raw, dest), "", "")
}

func malformed(service, method string, raw []byte) error {
	return door.Publish(&fault.Error{Kind: fault.Malformed, Message: fmt.Sprintf("the answer has another shape: %.60q", raw)}, service, method)
}
