package orm

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/cenkalti/backoff/v5"

	"github.com/odoogen/odoogen/runtime/internal/fault"
)

const (
	firstPause   = 200 * time.Millisecond
	longestPause = 15 * time.Second
	longestWait  = 5 * time.Minute // that a server may ask for
)

// newPauses are the pauses between the attempts of a call, as long as the server names none.
func newPauses() *backoff.ExponentialBackOff {
	pauses := backoff.NewExponentialBackOff()
	pauses.InitialInterval, pauses.MaxInterval = firstPause, longestPause
	pauses.Reset()
	return pauses
}

// endsWithin reports whether the deadline of a context passes before a pause is over.
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
