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

// This file decides which calls are sent again after a failure, and when. The loop itself is session.try.
//
// The problem: networks and servers fail for a moment, and a program that fails with them is of little use. But Odoo has no
// request ids, so that a server does not recognise a call that it has already run. If the connection breaks after a create was
// sent, nobody but the database knows whether the record exists. A second attempt may create it twice, and no message of
// Odoo would say so.
//
// What was rejected:
//   - Retrying everything. Duplicate orders and payments are worse than an error.
//   - Retrying nothing, and leaving it to the application. Every program would need the knowledge in this file.
//   - Retrying writes but not creates. A write can trigger mails, stock moves and webhooks; whether it is safe to repeat
//     depends on the model and its automation rules, not on the name of the method.
//   - Retrying by kind of error alone. The same error, a broken connection, is harmless before the request was sent and
//     dangerous after it.
//
// The decision has two questions. May the same call succeed a little later (mayPass)? A refused certificate or a missing
// permission will not go away; neither is a timeout retried, because the server may still be running the call. And
// is it safe? A call is safe to repeat if it changes nothing (Odoo's own read methods, and methods declared as read-only), if
// the caller declared it [Idempotent], or if no part of it has run (isUnseen): there was no connection, or the server
// turned it away with HTTP 429. A transaction that Odoo rolled back after a conflict does not count as unseen, because the
// method may have sent a mail before. Once an attempt may have had its effect, later attempts do not change that: the
// error keeps it for [Error.MaybeDone].
//
// The pause is the one that the server asks for (Retry-After), or else grows exponentially with random jitter. A call that
// cannot be repeated before its deadline fails at once, with the error that it has, instead of waiting for the deadline.
//
// The limits: a call with a file is repeated only until the first byte of the file was read. A login for an expired
// session is not counted as a retry. net/http repeats some requests by itself; the transport prevents it for calls that must
// not run twice, see transport.Request.Repeatable.

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
