package orm

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/odoogen/odoogen/runtime/internal/fault"
	"github.com/odoogen/odoogen/runtime/internal/protocol"
	"github.com/odoogen/odoogen/runtime/internal/transport"
)

// Client is a connection to one database of an Odoo server as one user. It is safe for concurrent use.
type Client struct {
	*session
	context    Context
	idempotent bool
}

// session is what the clients derived from one Dial share.
type session struct {
	transport *transport.Transport
	protocol  protocol.Protocol
	kind      Protocol
	who       protocol.Credential
	uid       int64
	version   Version
	handle    Handler
	retries   int
	pause     func(context.Context, time.Duration) error // between attempts
	renewal   chan struct{}                              // one login at a time when a session has expired
	logins    atomic.Int64                               // how often the session was opened again
	fields    sync.Map                                   // "model/field" → attributes: see facts
	languages sync.Map                                   // codes that are installed: see checkLanguage
}

// Setting is an option that can hold for every call of a client: a [Context], or [Idempotent].
type Setting interface {
	WriteOption
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
func (c *Client) Protocol() Protocol { return c.kind }

// Database is the name of the database.
func (c *Client) Database() string { return c.who.Database }

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

// do runs a call and decodes the result.
func (c *Client) do(ctx context.Context, r *call, idempotent bool, result any) error {
	if _, own := r.kwargs["context"]; !own {
		r.context = c.context.with(r.context)
	}
	if err := c.checkLanguage(ctx, r); err != nil {
		return err
	}
	request := &Request{Protocol: c.kind, Model: r.model, Method: r.method, ReadOnly: r.readonly || readOnly[r.method]}
	raw, err := c.run(ctx, request, &trip{
		encode:     func(p protocol.Protocol) (*protocol.Exchange, error) { return p.Call(r.encoded()) },
		delivery:   r.delivery,
		repeatable: request.ReadOnly || idempotent || c.idempotent,
	})
	if err != nil {
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
	if err := decodeInto(raw, r.model, result); err != nil {
		return afterRun(err, request.ReadOnly)
	}
	return nil
}

// trip is what travels to the server and back.
type trip struct {
	encode     func(protocol.Protocol) (*protocol.Exchange, error)
	delivery   delivery // nil for an answer that is kept as a whole
	repeatable bool     // even if an attempt may have had its effect
}

// delivery is how a call travels that does not fit into memory, or whose records are taken off the answer.
type delivery interface {
	// prepare makes the request ready to be sent, and gives what reads the answer; path leads to the result in it.
	prepare(r *transport.Request, path []string) (transport.Sink, error)
	// spent reports that the call cannot be sent again: a file has been read or written, in part at least.
	spent() bool
}

func (t *trip) spent() bool { return t.delivery != nil && t.delivery.spent() }

// run makes a trip: through the interceptors, with retries. The result is nil if an interceptor did not pass it on.
func (s *session) run(ctx context.Context, request *Request, t *trip) (raw json.RawMessage, err error) {
	request.send = func(ctx context.Context, q *Request) (err error) {
		raw, err = s.try(ctx, t, q)
		return published(err, q.Model, q.Method)
	}
	if err := s.handle(ctx, request); err != nil {
		return nil, err
	}
	return raw, nil
}

// attempt makes a trip once. If the session turns out to be gone, it logs in, and makes the trip again unless the call may
// have run the first time and is not to run twice.
func (s *session) attempt(ctx context.Context, t *trip) (json.RawMessage, error) {
	logins := s.logins.Load()
	raw, err := s.send(ctx, t)
	if err == nil || t.spent() || !s.protocol.Lost(ctx, err) {
		return raw, err
	}
	if failed := s.renew(ctx, logins); errors.Is(failed, fault.Malformed) && errors.Is(err, fault.Malformed) {
		return nil, err // no answer is Odoo's
	} else if failed != nil {
		return nil, notRenewed(failed, err)
	}
	if e, ok := errors.AsType[*fault.Error](err); ok && e.Sent && !t.repeatable {
		return nil, err
	}
	return s.send(ctx, t)
}

func (s *session) send(ctx context.Context, t *trip) (json.RawMessage, error) {
	x, err := t.encode(s.protocol)
	if err != nil {
		return nil, err
	}
	x.Request.Repeatable = t.repeatable
	var sink transport.Sink
	if t.delivery != nil {
		if sink, err = t.delivery.prepare(x.Request, x.Path); err != nil {
			return nil, err
		}
	}
	a, err := s.transport.Do(ctx, x.Request, sink)
	if err != nil {
		return nil, err
	}
	return x.Result(a)
}

// renew logs in again, unless another call did since this one was sent. One call does it for all that wait, each no
// longer than its own context lasts.
func (s *session) renew(ctx context.Context, logins int64) error {
	select {
	case s.renewal <- struct{}{}:
		defer func() { <-s.renewal }()
	case <-ctx.Done():
		return transport.Ended(ctx.Err(), "waiting for a new session")
	}
	if s.logins.Load() != logins {
		return nil
	}
	if _, err := s.protocol.Login(ctx); err != nil {
		return err
	}
	s.logins.Add(1)
	return nil
}

// notRenewed is the error of a call whose session is gone when the login fails. Whatever became of the login, only the call
// counts for whether something may have been done.
func notRenewed(login, call error) error {
	e, ok := errors.AsType[*fault.Error](login)
	if !ok {
		return login
	}
	failed := *e
	if call, ok := errors.AsType[*fault.Error](call); ok {
		failed.Sent = call.Sent
	}
	failed.Message = "the session has expired, and the new login failed: " + e.Message
	return &failed
}
