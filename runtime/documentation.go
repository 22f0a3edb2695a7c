package orm

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
)

// Documentation is what Odoo 19 and later tell of a model through their module api_doc, in JSON: its fields, and its
// public methods with their parameters, annotations and docstrings. The user must be in the group Technical
// Documentation ([ErrAccess]), as administrators are, and may have to be able to read the model. Without the module, as
// on older versions, it is [ErrNotFound]. On [JSONRPC] it wants an API key ([ErrAccessDenied]).
func (m Model) Documentation(ctx context.Context) (json.RawMessage, error) {
	var page json.RawMessage
	err := m.call(ctx, &call{method: "documentation", readonly: true, page: true}, callOptions{}, &page)
	return page, err
}

// pages asks for pages of api_doc with the credential of another speaker.
type pages struct {
	speaker
	wire *wire
}

func (p pages) message(c *call) (*message, error) {
	page := url.PathEscape(c.model) + ".json"
	m := &message{path: "/doc-bearer/" + page, body: []byte("{}")}
	switch s := p.speaker.(type) {
	case *json2:
		m.header = bearer(s.who)
	case *jsonrpc:
		m.header = bearer(s.who)
	case *webSession:
		m.path, m.header = "/doc/"+page, cookieHeader(s.cookie.Load())
	}
	return m, nil
}

func (p pages) result(a *answer) (json.RawMessage, error) {
	raw, err := (&json2{wire: p.wire}).result(a)
	var e *Error
	if !errors.As(err, &e) {
		return raw, err
	}
	if s, ok := p.speaker.(*webSession); ok && s.isGone(a, err) {
		return nil, &Error{kind: ErrSessionExpired, Message: "the session has expired"}
	}
	if a.status == http.StatusNotFound {
		e.kind = ErrNotFound
	}
	return nil, e
}

// bearer are the headers of a request with an API key.
func bearer(who credential) http.Header {
	header := http.Header{}
	header.Set("Authorization", "bearer "+who.secret())
	header.Set("X-Odoo-Database", who.db)
	return header
}
