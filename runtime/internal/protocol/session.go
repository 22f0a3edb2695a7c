package protocol

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"sync/atomic"

	"github.com/odoogen/odoogen/internal/odoofacts"
	"github.com/odoogen/odoogen/runtime/internal/fault"
	"github.com/odoogen/odoogen/runtime/internal/transport"
)

// WebSession speaks what Odoo's own pages speak: a login that gives a cookie, and calls that carry it.
type WebSession struct {
	transport *transport.Transport
	who       Credential
	version   odoofacts.Version
	cookie    atomic.Pointer[http.Cookie] // renewed when the session has expired, maybe while other calls run
}

// NewWebSession is a web session on a server of the version, before its login.
func NewWebSession(t *transport.Transport, who Credential, v odoofacts.Version) *WebSession {
	return &WebSession{transport: t, who: who, version: v}
}

// Login opens a session.
func (w *WebSession) Login(ctx context.Context) (int64, error) {
	if w.isVisitor() {
		return 0, w.visit(ctx)
	}
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

// orExpired marks the answers to requests whose session is gone.
func (w *WebSession) orExpired(x *Exchange) *Exchange {
	result := x.Result
	x.Result = func(a *transport.Answer) (json.RawMessage, error) {
		raw, err := result(a)
		if e, ok := errors.AsType[*fault.Error](err); ok {
			w.settle(e, a)
		}
		return raw, err
	}
	return x
}

// settle decides whether an error says that the session is gone, and whether the method can have run. The name of a class is
// not enough for that: a method may raise any class.
func (w *WebSession) settle(e *fault.Error, a *transport.Answer) {
	noDatabase := e.Code == http.StatusNotFound && fault.ShortClass(e.Class) == "NotFound" && odoofacts.LostSessionJSON.In(w.version)
	switch {
	case errors.Is(e, fault.SessionExpired):
		e.Sent = e.Code != codeSessionExpired || !raisedIn(e, "_auth_method_user")
	case noDatabase && a.Status == http.StatusNotFound && raisedIn(e, "_dispatch_nodb"):
		*e = fault.Error{Kind: fault.SessionExpired, Message: messageExpired}
	case noDatabase:
		e.Sent = true
	case a.Status == http.StatusNotFound && strings.Contains(string(a.Body), "No database is selected"):
		*e = fault.Error{Kind: fault.SessionExpired, Message: messageExpired}
	}
}

const (
	codeSessionExpired = 100
	messageExpired     = "the session has expired"
)

// raisedIn reports that an exception comes from a function of the dispatcher that runs before a method does.
func raisedIn(e *fault.Error, function string) bool {
	return strings.Contains(e.Traceback, ", in "+function+"\n") && !strings.Contains(e.Traceback, "call_kw")
}

// Lost reports whether a call failed because the session is gone. Where the answer is none of Odoo's JSON, it asks the
// server: with several databases, Odoo 16 to 18 answer with the page for any unknown address.
func (w *WebSession) Lost(ctx context.Context, err error) bool {
	switch {
	case errors.Is(err, fault.SessionExpired):
		return true
	case !errors.Is(err, fault.Malformed):
		return false
	}
	x, err := envelope(w.transport, "/web/session/check", cookieHeader(w.cookie.Load()), map[string]any{})
	if err != nil {
		return false
	}
	x = w.orExpired(x.ofMethod(""))
	a, err := x.do(ctx, w.transport, new(json.RawMessage))
	return errors.Is(err, fault.SessionExpired) || errors.Is(err, fault.Malformed) && a != nil && a.Status == http.StatusNotFound
}

// DatabaseCookie asks for a session cookie of the database, without logging in. On a server with several databases,
// /jsonrpc has no database of its own: Odoo 14 then answers any exception with a page that says nothing, unless the
// request carries such a cookie. It is nil where a server gives none.
func DatabaseCookie(ctx context.Context, t *transport.Transport, db string) *http.Cookie {
	a, err := t.Do(ctx, &transport.Request{Method: http.MethodGet, Path: "web", Query: map[string][]string{"db": {db}}}, drop)
	if err != nil {
		return nil
	}
	return sessionCookie(a.Header)
}

// drop reads an answer of which only the header matters, so that the connection serves again.
func drop(_ *transport.Answer, body io.Reader) error {
	_, err := io.Copy(io.Discard, io.LimitReader(body, maxEarlyAnswer))
	return err
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
