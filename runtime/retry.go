package orm

import (
	"cmp"
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/cenkalti/backoff/v5"

	"github.com/odoogen/odoogen/runtime/internal/fault"
)

const (
	defaultRetries = 3
	firstPause     = 200 * time.Millisecond
	longestPause   = 15 * time.Second
	longestWait    = 5 * time.Minute // that a server may ask for
)

// Retries is how often a call is repeated when the connection or the server fails in a way that may pass; 3 if not
// given, 0 for never. Pauses grow from a fifth of a second to 15 seconds, with some chance in them. A server that says
// how long to wait (Retry-After) is obeyed, up to five minutes. A call whose pause would outlast that, or the deadline of
// its context, fails at once with the error that it has.
//
// Only calls that change nothing are repeated, those that are [Idempotent], and those that the server never ran: there
// was no connection, or it answered HTTP 429.
func Retries(n int) DialOption { return func(d *dialer) { d.retries = n } }

// Idempotent says that a call, or every call of a client, may be repeated without harm when it is not known whether it
// had its effect: a write that sets values, for example, but not one that creates.
func Idempotent() Setting { return idempotence{} }

type idempotence struct{}

func (idempotence) forWrite()            {}
func (idempotence) forBatch()            {}
func (idempotence) apply(o *callOptions) { o.idempotent = true }
func (idempotence) set(c *Client)        { c.idempotent = true }

// readOnly are the methods of Odoo that change nothing.
var readOnly = map[string]bool{
	"search": true, "search_count": true, "search_read": true, "search_fetch": true, "read": true, "read_group": true,
	"formatted_read_group": true, "web_read": true, "web_search_read": true, "web_read_group": true, "fields_get": true,
	"default_get": true, "name_search": true, "name_get": true, "check_access_rights": true, "has_access": true,
	"context_get": true, "exists": true, "get_metadata": true, "get_external_id": true, "export_data": true,
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
		// An attempt that certainly had no effect says nothing of the one before.
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

// newPauses are the pauses between the attempts of a call, as long as the server names none.
func newPauses() *backoff.ExponentialBackOff {
	pauses := backoff.NewExponentialBackOff()
	pauses.InitialInterval, pauses.MaxInterval = firstPause, longestPause
	pauses.Reset()
	return pauses
}

// endsWithin tells that the deadline of a context passes before a pause is over.
func endsWithin(ctx context.Context, pause time.Duration) bool {
	deadline, ok := ctx.Deadline()
	return ok && time.Until(deadline) <= pause
}

// sleep waits, unless the context ends first.
func sleep(ctx context.Context, pause time.Duration) error {
	timer := time.NewTimer(pause)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// passing are the errors after which the same call may succeed a little later.
var passing = []error{ErrUnreachable, ErrCutOff, ErrRateLimit, ErrUnavailable, ErrConflict}

// mayPass reports whether the same call may succeed a little later.
func mayPass(e *fault.Error) bool {
	var certificate *tls.CertificateVerificationError
	if errors.As(e.Cause, &certificate) {
		return false // the next attempt meets the same server
	}
	return fault.IsAny(e.Kind, passing...)
}

// isUnseen reports that no part of the call has run, so that anything may be repeated: there was no connection, none for a
// new login when the session had expired, or the call was turned away by HTTP 429. That a transaction was rolled back is
// not enough: the method may have sent a mail before.
func isUnseen(e *fault.Error) bool {
	return !e.Sent && (fault.IsAny(e.Kind, ErrUnreachable, ErrCutOff) || e.Status == http.StatusTooManyRequests)
}

// andThen is an error after which the context ended, before the next attempt.
func andThen(e *fault.Error, ended error) *fault.Error {
	out := *e
	out.Message = fmt.Sprintf("%s (then, before another attempt: %v)", e.Message, ended)
	out.Cause = errors.Join(ended, e.Cause)
	return &out
}
