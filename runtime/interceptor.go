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

// Request is a call on its way to the server, as an [Interceptor] sees it. [Request.IDs] and [Request.Arguments] give what the
// call is about.
type Request struct {
	Protocol      Protocol
	Model, Method string
	ReadOnly      bool // one of Odoo's own methods that change nothing
	Attempts      int  // how often it was sent; known when the handler returns

	server Version // the zero Version of a call without a login
	send   Handler
	call   *call         // nil for calls of services
	secret func() string // of the client: see Arguments
}

// Handler runs a call.
type Handler func(ctx context.Context, r *Request) error

// Interceptor wraps the calls of a client: to log them, to measure or trace them, or to refuse some with an error of its
// own. It runs once for each call, whatever the number of attempts; a login is not a call. Records are decoded as they
// arrive: what it measures includes that. It must be safe for concurrent use, as the client is. The example of [Intercept]
// traces with OpenTelemetry.
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

// LogCalls logs each call when it ends: at the level debug, or warn if it failed. No values are logged, neither those of
// the call nor the message of an error, in which Odoo repeats them: its kind, Odoo's class and the status are. The first call
// to a server that is newer than every version that this package was tested with logs a warning.
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

// logged is what of an error goes into a log.
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
