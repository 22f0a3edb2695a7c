package orm

import (
	"context"
	"log/slog"
	"time"
)

// Request is a call on its way to the server, as an [Interceptor] sees it.
type Request struct {
	Protocol      Protocol
	Model, Method string
	ReadOnly      bool // one of Odoo's own methods that change nothing
	Attempts      int  // how often it was sent; known when the handler returns

	send Handler
}

// Handler runs a call.
type Handler func(ctx context.Context, r *Request) error

// Interceptor wraps the calls of a client: to log them, to measure or trace them, or to refuse some. It runs once for
// each call, whatever the number of attempts.
//
//	func traced(next orm.Handler) orm.Handler {
//		return func(ctx context.Context, r *orm.Request) error {
//			ctx, span := tracer.Start(ctx, r.Model+"."+r.Method)
//			defer span.End()
//			return next(ctx, r)
//		}
//	}
type Interceptor func(next Handler) Handler

// Intercept adds interceptors. The first is the outermost.
func Intercept(interceptors ...Interceptor) DialOption {
	return func(d *dialer) { d.interceptors = append(d.interceptors, interceptors...) }
}

func intercepted(interceptors []Interceptor) Handler {
	handle := func(ctx context.Context, r *Request) error { return r.send(ctx, r) }
	var h Handler = handle
	for i := len(interceptors) - 1; i >= 0; i-- {
		h = interceptors[i](h)
	}
	return h
}

// LogCalls logs each call when it ends: at the level debug, or warn if it failed. No values are logged.
func LogCalls(logger *slog.Logger) Interceptor {
	return func(next Handler) Handler {
		return func(ctx context.Context, r *Request) error {
			start := time.Now()
			err := next(ctx, r)
			level, attrs := slog.LevelDebug, []slog.Attr{
				slog.String("model", r.Model), slog.String("method", r.Method), slog.String("protocol", r.Protocol.String()),
				slog.Duration("took", time.Since(start)), slog.Int("attempts", r.Attempts),
			}
			if err != nil {
				level = slog.LevelWarn
				attrs = append(attrs, slog.String("error", err.Error()))
			}
			logger.LogAttrs(ctx, level, "odoo call", attrs...)
			return err
		}
	}
}
