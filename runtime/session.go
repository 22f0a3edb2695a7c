package orm

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/odoogen/odoogen/internal/odoofacts"
	"github.com/odoogen/odoogen/runtime/internal/fault"
	"github.com/odoogen/odoogen/runtime/internal/protocol"
	"github.com/odoogen/odoogen/runtime/internal/transport"
)

// session is the state that the clients derived from one Dial share.
type session struct {
	transport  *transport.Transport
	protocol   protocol.Protocol
	kind       Protocol
	who        protocol.Credential
	uid        int64
	version    Version
	odoo       odoofacts.Version // the version as the facts about Odoo take it
	handle     Handler
	retries    int
	pause      func(context.Context, time.Duration) error // between attempts
	renewal    chan struct{}                              // one login at a time when a session has expired
	logins     atomic.Int64                               // how often the session was opened again
	fields     sync.Map                                   // "model/field" → attributes: see Client.attributes
	byType     sync.Map                                   // typeNames → map[string]string: see Client.namesOf
	selections sync.Map                                   // "model/field" → Labels: see Client.choices
	lacking    sync.Map                                   // "model" → its error, "model/method" → true: see refusal
	plans      sync.Map                                   // planKey → *codec.Plan: see Client.planToWrite
	languages  sync.Map                                   // codes that are installed: see checkLanguage
	zones      sync.Map                                   // time zones that the server knows: see checkTimeZone
	visitor    atomic.Pointer[session]                    // see visiting
}

// trip is a request and the handling of its response.
type trip struct {
	encode     func(protocol.Protocol) (*protocol.Exchange, error)
	delivery   transport.Delivery   // nil if the whole response is kept in memory
	repeatable bool                 // retry even if an attempt may have had its effect
	over       *transport.Transport // nil for the transport of the session
}

func (t *trip) spent() bool { return t.delivery != nil && t.delivery.Spent() }

// do runs a call and decodes the result. A repeatable call can run more than once.
func (s *session) do(ctx context.Context, r *call, repeatable bool, result any) error {
	request := &Request{Protocol: s.kind, Model: r.model, Method: r.method, ReadOnly: r.readonly || readOnly[r.method], call: r, secret: s.who.Secret}
	raw, err := s.run(ctx, request, &trip{
		encode:     func(p protocol.Protocol) (*protocol.Exchange, error) { return p.Call(r.encoded()) },
		delivery:   r.delivery,
		repeatable: request.ReadOnly || repeatable,
	})
	if err != nil {
		return err
	}
	if raw == nil && result != nil {
		return fmt.Errorf("orm: %s.%s: an interceptor returned neither an error nor a result", r.model, r.method)
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

// run makes a trip: through the interceptors, with retries. The result is nil if an interceptor did not pass it on.
func (s *session) run(ctx context.Context, request *Request, t *trip) (raw json.RawMessage, err error) {
	request.server = s.version
	request.send = func(ctx context.Context, q *Request) (err error) {
		raw, err = s.try(ctx, t, q)
		return published(err, q.Model, q.Method)
	}
	if err := s.handle(ctx, request); err != nil {
		return nil, err
	}
	return raw, nil
}

// try makes a trip until it succeeds, fails for good, or has been repeated often enough.
func (s *session) try(ctx context.Context, t *trip, q *Request) (json.RawMessage, error) {
	repeatable := t.repeatable || q.ReadOnly
	pauses := newPauses()
	maybeDone := false
	for repeats := s.retries; ; repeats-- {
		q.Attempts++
		raw, err := s.attempt(ctx, t)
		e, ok := errors.AsType[*fault.Error](err)
		if !ok {
			return raw, err
		}
		// An attempt that certainly had no effect does not rule out an effect of the attempt before.
		maybeDone = maybeDone || e.Sent
		e.Sent = maybeDone
		if repeats <= 0 || t.spent() || !mayPass(e) || !repeatable && !isUnseen(e) {
			return nil, err
		}
		pause := cmp.Or(e.RetryAfter, pauses.NextBackOff())
		if pause > longestWait || endsWithin(ctx, pause) {
			return nil, err
		}
		if ended := s.pause(ctx, pause); ended != nil {
			return nil, andThen(e, ended)
		}
	}
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
		return nil, err // the response is not Odoo's
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
		if sink, err = t.delivery.Prepare(x.Request, x.Path); err != nil {
			return nil, err
		}
	}
	a, err := cmp.Or(t.over, s.transport).Do(ctx, x.Request, sink)
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
