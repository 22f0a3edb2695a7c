package orm

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"sync/atomic"
)

// webSession speaks what Odoo's own pages speak: a login that gives a cookie, and calls that carry it.
type webSession struct {
	wire    *wire
	who     credential
	version Version
	cookie  atomic.Pointer[http.Cookie] // renewed when the session has expired, maybe while other calls run
}

func (w *webSession) login(ctx context.Context) (int64, error) {
	// The cookie of a session without a login names the database: without one, Odoo 14 answers a wrong password with a
	// page that says nothing.
	header := cookieHeader(w.wire.session(ctx, w.who.db))
	m, err := rpcMessage("/web/session/authenticate", header, map[string]any{
		"db": w.who.db, "login": w.who.login, "password": w.who.secret(),
	})
	if err != nil {
		return 0, err
	}
	var user struct {
		UID int64 `odoo:"uid"`
	}
	a, err := w.wire.ask(ctx, w, m, &user)
	if err != nil {
		return 0, err
	}
	if user.UID == 0 {
		// No user yet: the login waits for a second factor.
		return 0, &Error{kind: ErrAccessDenied, Message: "the login \"" + w.who.login + "\" asks for a second factor: use an API key"}
	}
	if cookie := sessionCookie(a.header); cookie != nil {
		w.cookie.Store(cookie)
	}
	return user.UID, nil
}

func (w *webSession) message(c *call) (*message, error) {
	return rpcMessage("/web/dataset/call_kw", cookieHeader(w.cookie.Load()), map[string]any{
		"model": c.model, "method": c.method, "args": c.positional(), "kwargs": c.named(),
	})
}

func (w *webSession) path() []string { return rpcPath }

func (w *webSession) result(a *answer) (json.RawMessage, error) {
	raw, err := w.wire.callResult(a)
	if err != nil && w.isGone(a, err) {
		return nil, &Error{kind: ErrSessionExpired, Message: "the session has expired"}
	}
	return raw, err
}

// The version that says on a page that a request without a session has no database; older ones sent an error object.
const seriesWithPage = 16

// isGone tells that the server does not know the session, on one with several databases: such a request has no database,
// so that the path does not exist. Newer versions say the same of an unknown model, but in an error object.
func (w *webSession) isGone(a *answer, err error) bool {
	if w.version.Major < seriesWithPage {
		var e *Error
		return errors.As(err, &e) && shortClass(e.Class) == "NotFound" && strings.Contains(e.Message, "404")
	}
	return a.status == http.StatusNotFound && strings.Contains(string(a.body), "No database is selected")
}
