package orm

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"time"

	"github.com/cenkalti/backoff/v5"
)

const (
	defaultRetries = 3
	firstPause     = 200 * time.Millisecond
	longestPause   = 15 * time.Second
)

// Retries is how often a call is repeated when the connection or the server fails in a way that may pass; 3 if not
// given, 0 for never. Pauses grow from a fifth of a second to 15 seconds, with some chance in them; a server that says
// how long to wait is obeyed, and the deadline of the call's context always holds.
//
// Only calls that change nothing are repeated, those of a client that is [Idempotent], and those that the server never
// saw because there was no connection.
func Retries(n int) DialOption { return func(d *dialer) { d.retries = n } }

// Idempotent says that a call, or every call of a client, may be repeated without harm when it is not known whether it
// had its effect: a write that sets values, for example, but not one that creates.
func Idempotent() Setting { return idempotence{} }

type idempotence struct{}

func (idempotence) apply(o *callOptions) { o.idempotent = true }
func (idempotence) set(c *Client)        { c.idempotent = true }

// readOnly are the methods of Odoo that change nothing.
var readOnly = map[string]bool{
	"search": true, "search_count": true, "search_read": true, "search_fetch": true, "read": true, "read_group": true,
	"formatted_read_group": true, "web_read": true, "web_search_read": true, "web_read_group": true, "fields_get": true,
	"default_get": true, "name_search": true, "name_get": true, "check_access_rights": true, "has_access": true,
	"context_get": true, "exists": true, "get_metadata": true, "get_external_id": true, "export_data": true,
}

// try sends a call until it succeeds, fails for good, or has been repeated often enough.
func (c *Client) try(ctx context.Context, r *call, q *Request, idempotent bool) (json.RawMessage, error) {
	repeatable := q.ReadOnly || idempotent || c.idempotent
	pauses := backoff.NewExponentialBackOff()
	pauses.InitialInterval, pauses.MaxInterval = firstPause, longestPause
	operation := func() (json.RawMessage, error) {
		q.Attempts++
		raw, err := c.attempt(ctx, r)
		var e *Error
		switch {
		case err == nil:
			return raw, nil
		case !errors.As(err, &e) || !e.mayPass() || e.sent && !repeatable:
			return nil, backoff.Permanent(err)
		case e.retryAfter > 0:
			return nil, &waiting{backoff.RetryAfterError{Duration: e.retryAfter}, err}
		}
		return nil, err
	}
	raw, err := backoff.Retry(ctx, operation, backoff.WithBackOff(pauses), backoff.WithMaxTries(uint(max(0, c.retries))+1), backoff.WithMaxElapsedTime(0))
	return raw, unwrapped(err)
}

// waiting is an error with the pause that the server asked for.
type waiting struct {
	pause backoff.RetryAfterError
	err   error
}

func (w *waiting) Error() string   { return w.err.Error() }
func (w *waiting) Unwrap() []error { return []error{&w.pause, w.err} }

// unwrapped gives the call's own error, without what the library put around it.
func unwrapped(err error) error {
	var e *Error
	if errors.As(err, &e) {
		return e
	}
	var permanent *backoff.PermanentError
	if errors.As(err, &permanent) {
		return permanent.Unwrap()
	}
	return err
}

// passing are the errors after which the same call may succeed a little later.
var passing = []error{ErrUnreachable, ErrCutOff, ErrRateLimit, ErrConflict}

func (e *Error) mayPass() bool {
	if slices.ContainsFunc(passing, func(kind error) bool { return errors.Is(e.kind, kind) }) {
		return true
	}
	return e.Status == http.StatusBadGateway || e.Status == http.StatusServiceUnavailable || e.Status == http.StatusGatewayTimeout
}
