package orm

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// Client is a connection to one database of an Odoo server as one user. It is safe for concurrent use.
type Client struct {
	*session
	context    Context
	idempotent bool
}

// session is what the clients derived from one Dial share.
type session struct {
	wire      *wire
	speaker   speaker
	protocol  Protocol
	who       credential
	uid       int64
	version   Version
	handle    Handler
	retries   int
	pause     func(context.Context, time.Duration) error // between attempts
	renewal   chan struct{}                              // one login at a time when a session has expired
	logins    atomic.Int64                               // how often the session was opened again
	relations sync.Map                                   // "model/field" → relationType
}

// Setting is an [Option] that can hold for every call of a client: a [Context], or [Idempotent].
type Setting interface {
	Option
	set(*Client)
}

// With is the same connection with other settings: a context laid over that of c, or idempotent writes.
//
//	french := c.With(orm.Context{"lang": "fr_FR"})
func (c *Client) With(settings ...Setting) *Client {
	derived := *c
	for _, s := range settings {
		s.set(&derived)
	}
	return &derived
}

// Version is the version of the server.
func (c *Client) Version() Version { return c.version }

// Protocol is the one in use.
func (c *Client) Protocol() Protocol { return c.protocol }

// Database is the name of the database.
func (c *Client) Database() string { return c.who.db }

// UID is the database id of the user in res.users.
func (c *Client) UID() int64 { return c.uid }

// ExecuteKW is the method execute_kw of Odoo's service object: it calls a public method of a model with arguments by
// position and by name. The client's context is added unless kwargs has one. The result is decoded into what result
// points to; nil drops it. On JSON-2, which has no arguments by position, use [Model.Call].
func (c *Client) ExecuteKW(ctx context.Context, model, method string, args []any, kwargs map[string]any, result any) error {
	r := &call{model: model, method: method, kwargs: kwargs}
	for _, value := range args {
		r.args = append(r.args, arg{value: value})
	}
	return c.do(ctx, r, c.idempotent, result)
}

// do runs a call: through the interceptors, with retries, and decodes the result.
func (c *Client) do(ctx context.Context, r *call, idempotent bool, result any) error {
	if _, own := r.kwargs["context"]; !own {
		r.context = c.context.with(r.context)
	}
	var raw json.RawMessage
	request := &Request{
		Protocol: c.protocol, Model: r.model, Method: r.method, ReadOnly: r.readonly || readOnly[r.method],
		send: func(ctx context.Context, q *Request) (err error) {
			raw, err = c.try(ctx, r, q, idempotent)
			return err
		},
	}
	if err := c.handle(ctx, request); err != nil {
		return err
	}
	if raw == nil && result != nil {
		return fmt.Errorf("orm: %s.%s: an interceptor gave neither an error nor a result", r.model, r.method)
	}
	switch dest := result.(type) {
	case nil:
		return nil
	case *json.RawMessage:
		*dest = raw
		return nil
	}
	return decodeInto(raw, r.model, result)
}

// attempt sends a call once, or twice if the session had expired: then nothing has happened the first time.
func (c *Client) attempt(ctx context.Context, r *call) (json.RawMessage, error) {
	logins := c.logins.Load()
	raw, err := c.send(ctx, r)
	if errors.Is(err, ErrSessionExpired) && !r.spent() {
		if err = c.renew(ctx, logins); err == nil {
			raw, err = c.send(ctx, r)
		}
	}
	var e *Error
	if errors.As(err, &e) {
		e.Model, e.Method = r.model, r.method
		if shortClass(e.Class) == "KeyError" && strings.Trim(e.Message, "'") == r.model {
			e.kind = ErrNotFound // how Odoo 14 says that there is no such model
		}
	}
	return raw, err
}

func (c *Client) send(ctx context.Context, r *call) (json.RawMessage, error) {
	speaker := c.speaker
	if r.page {
		speaker = pages{c.speaker, c.wire}
	}
	m, err := speaker.message(r)
	if err != nil {
		return nil, err
	}
	if m.intake = r.intake; m.intake != nil {
		m.intake.At(slices.Concat(speaker.path(), m.intake.within)...)
	}
	send := c.wire.post
	if r.file != nil {
		send = func(ctx context.Context, m *message) (*answer, error) { return r.file.exchange(ctx, c.wire, m) }
	}
	a, err := send(ctx, m)
	if err != nil {
		return nil, err
	}
	return speaker.result(a)
}

// renew logs in again, unless another call did since this one was sent. One call does it for all that wait, each no
// longer than its own context lasts.
func (s *session) renew(ctx context.Context, logins int64) error {
	select {
	case s.renewal <- struct{}{}:
		defer func() { <-s.renewal }()
	case <-ctx.Done():
		return ended(ctx.Err(), "waiting for a new session")
	}
	if s.logins.Load() != logins {
		return nil
	}
	if _, err := s.speaker.login(ctx); err != nil {
		return notRenewed(err)
	}
	s.logins.Add(1)
	return nil
}

// notRenewed is the error of a call whose session has expired when the login fails. Whatever became of the login, the
// call was not run.
func notRenewed(err error) error {
	var e *Error
	if !errors.As(err, &e) {
		return err
	}
	failed := *e
	failed.sent = false
	failed.Message = "the session has expired, and the new login failed: " + e.Message
	return &failed
}
