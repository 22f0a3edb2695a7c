package protocol

import (
	"context"
	"net/http"

	"github.com/odoogen/odoogen/internal/odoofacts"
	"github.com/odoogen/odoogen/runtime/internal/transport"
)

// NewVisitor is a web session without a login, on a database of the server. Its Login gets the cookie that names the database.
func NewVisitor(t *transport.Transport, database string, v odoofacts.Version) *WebSession {
	return NewWebSession(t, Credential{Database: database}, v)
}

func (w *WebSession) isVisitor() bool { return w.who.Login == "" }

// visit gets the cookie of a visitor. A server with one database may give none.
func (w *WebSession) visit(ctx context.Context) error {
	if cookie := DatabaseCookie(ctx, w.transport, w.who.Database); cookie != nil {
		w.cookie.Store(cookie)
	}
	if ctx.Err() != nil {
		return transport.Ended(ctx.Err(), "asking for a session")
	}
	return nil
}

// Route is the exchange for a route of Odoo's JSON-RPC that is not about a model.
func (w *WebSession) Route(path string, params any) (*Exchange, error) {
	x, err := envelope(w.transport, path, cookieHeader(w.cookie.Load()), params)
	if err != nil {
		return nil, err
	}
	return w.orExpired(x.ofMethod("")), nil
}

// Check is the exchange that fails with [fault.SessionExpired] if the session is gone.
func (w *WebSession) Check() (*Exchange, error) {
	return w.Route("/web/session/check", map[string]any{})
}

// Cookie is the header with the cookie of the session.
func (w *WebSession) Cookie() http.Header { return cookieHeader(w.cookie.Load()) }
