package protocol

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"sync/atomic"

	"github.com/odoogen/odoogen/runtime/internal/fault"
	"github.com/odoogen/odoogen/runtime/internal/transport"
)

// WebSession speaks what Odoo's own pages speak: a login that gives a cookie, and calls that carry it.
type WebSession struct {
	transport *transport.Transport
	who       Credential
	major     int                         // the server's version
	cookie    atomic.Pointer[http.Cookie] // renewed when the session has expired, maybe while other calls run
}

// NewWebSession is a web session on a server of the version, yet to log in.
func NewWebSession(t *transport.Transport, who Credential, major int) *WebSession {
	return &WebSession{transport: t, who: who, major: major}
}

// Login opens a session.
func (w *WebSession) Login(ctx context.Context) (int64, error) {
	// The cookie of a session without a login names the database: without one, Odoo 14 answers a wrong password with a
	// page that says nothing.
	header := cookieHeader(DatabaseCookie(ctx, w.transport, w.who.Database))
	x, err := envelope(w.transport, "/web/session/authenticate", header, map[string]any{
		"db": w.who.Database, "login": w.who.Login, "password": w.who.Secret(),
	})
	if err != nil {
		return 0, err
	}
	var user struct {
		UID int64 `odoo:"uid"`
	}
	a, err := x.do(ctx, w.transport, &user)
	if err != nil {
		return 0, err
	}
	if user.UID == 0 {
		// No user yet: the login waits for a second factor.
		return 0, &fault.Error{Kind: fault.AccessDenied, Message: "the login \"" + w.who.Login + "\" asks for a second factor: use an API key"}
	}
	if cookie := sessionCookie(a.Header); cookie != nil {
		w.cookie.Store(cookie)
	}
	return user.UID, nil
}

// Call is the route that Odoo's pages call methods by.
func (w *WebSession) Call(c *Call) (*Exchange, error) {
	x, err := envelope(w.transport, "/web/dataset/call_kw", cookieHeader(w.cookie.Load()), map[string]any{
		"model": c.Model, "method": c.Method, "args": c.positional(), "kwargs": c.named(),
	})
	if err != nil {
		return nil, err
	}
	return w.orExpired(x.ofMethod(c.Model)), nil
}

// Documentation asks with the session.
func (w *WebSession) Documentation(model string) (*Exchange, error) {
	return w.orExpired(documentation(w.transport, pathSessionDoc, model, cookieHeader(w.cookie.Load()))), nil
}

func (w *WebSession) orExpired(x *Exchange) *Exchange {
	result := x.Result
	x.Result = func(a *transport.Answer) (json.RawMessage, error) {
		raw, err := result(a)
		if err != nil && w.isGone(a, err) {
			return nil, &fault.Error{Kind: fault.SessionExpired, Message: "the session has expired"}
		}
		return raw, err
	}
	return x
}

// The version that says on a page that a request without a session has no database; older ones sent an error object.
const seriesWithPage = 16

// isGone reports that the server does not know the session, on one with several databases: such a request has no database,
// so that the path does not exist. Newer versions say the same of an unknown model, but in an error object.
func (w *WebSession) isGone(a *transport.Answer, err error) bool {
	if w.major < seriesWithPage {
		e, ok := errors.AsType[*fault.Error](err)
		return ok && fault.ShortClass(e.Class) == "NotFound" && strings.Contains(e.Message, "404")
	}
	return a.Status == http.StatusNotFound && strings.Contains(string(a.Body), "No database is selected")
}

// DatabaseCookie asks for a session cookie of the database, without logging in. On a server with several databases,
// /jsonrpc has no database of its own: Odoo 14 then answers any exception with a page that says nothing, unless the
// request carries such a cookie. It is nil where a server gives none.
func DatabaseCookie(ctx context.Context, t *transport.Transport, db string) *http.Cookie {
	a, err := t.Do(ctx, &transport.Request{Method: http.MethodGet, Path: "web", Query: map[string][]string{"db": {db}}}, nil)
	if err != nil {
		return nil
	}
	return sessionCookie(a.Header)
}

func sessionCookie(h http.Header) *http.Cookie {
	for _, cookie := range (&http.Response{Header: h}).Cookies() {
		if cookie.Name == "session_id" {
			return cookie
		}
	}
	return nil
}

func cookieHeader(cookie *http.Cookie) http.Header {
	h := http.Header{}
	if cookie != nil {
		h.Set("Cookie", cookie.Name+"="+cookie.Value)
	}
	return h
}
