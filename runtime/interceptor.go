package orm

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"time"
)

// Request is a call that an [Interceptor] handles. [Request.IDs] and [Request.Arguments] return the records and the
// arguments of the call.
type Request struct {
	Protocol      Protocol
	Model, Method string
	ReadOnly      bool // a method of Odoo that is known to change nothing
	Attempts      int  // how many times the call was sent; set when the handler returns

	server Version // the zero Version for a call without a login
	send   Handler
	call   *call         // nil for calls of services
	secret func() string // of the client: see Arguments
}

// Handler runs a call.
type Handler func(ctx context.Context, r *Request) error

// Interceptor wraps the calls of a client: to log, measure or trace them, or to refuse some of them with an error. It runs
// once for each call, whatever the number of attempts, and not for logins. Records are decoded while they arrive, so that
// measured times include decoding. An Interceptor must be safe for concurrent use. The example of [Intercept] traces with
// OpenTelemetry.
type Interceptor func(next Handler) Handler

func intercepted(interceptors []Interceptor) Handler {
	h := Handler(func(ctx context.Context, r *Request) error {
		if r.send == nil {
			return errors.New("orm: an interceptor passed on a request that is not the one it was given")
		}
		return r.send(ctx, r)
	})
	for i := len(interceptors) - 1; i >= 0; i-- {
		if interceptors[i] != nil {
			h = interceptors[i](h)
		}
	}
	return h
}

// LogCalls logs each call when it ends: at level debug, or at level warn if it failed. It logs the kind of an error, Odoo's
// class and the HTTP status, but no values: neither arguments nor error messages, in which Odoo repeats values. The first
// call to a server that is newer than every tested version logs a warning.
func LogCalls(logger *slog.Logger) Interceptor {
	var untested sync.Once
	return func(next Handler) Handler {
		return func(ctx context.Context, r *Request) error {
			if r.server.IsUntested() {
				untested.Do(func() {
					logger.LogAttrs(ctx, slog.LevelWarn, "odoo is newer than every version that was tested", slog.String("version", r.server.Series))
				})
			}
			start := time.Now()
			err := next(ctx, r)
			level, attrs := slog.LevelDebug, []slog.Attr{
				slog.String("model", r.Model), slog.String("method", r.Method), slog.String("protocol", r.Protocol.String()),
				slog.Duration("took", time.Since(start)), slog.Int("attempts", r.Attempts),
			}
			if err != nil {
				level = slog.LevelWarn
				attrs = append(attrs, logged(err)...)
			}
			logger.LogAttrs(ctx, level, "odoo call", attrs...)
			return err
		}
	}
}

// logged returns the attributes of an error that LogCalls logs.
func logged(err error) []slog.Attr {
	var e *Error
	if !errors.As(err, &e) {
		return []slog.Attr{slog.String("error", fmt.Sprintf("%T", err))}
	}
	text := "error"
	if reason := errors.Join(e.Unwrap()...); reason != nil {
		text = strings.ReplaceAll(reason.Error(), "\n", ": ")
	}
	attrs := []slog.Attr{slog.String("error", text)}
	if e.Class != "" {
		attrs = append(attrs, slog.String("class", e.Class))
	}
	if e.Status != 0 {
		attrs = append(attrs, slog.Int("status", e.Status))
	}
	return append(attrs, slog.Bool("maybe_done", e.MaybeDone()))
}
