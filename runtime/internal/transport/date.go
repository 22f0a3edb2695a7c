package transport

import (
	"context"
	"net/http"
	"sync/atomic"
	"time"
)

type (
	dateKey  struct{}
	countKey struct{}
)

// WithDate returns a context whose first answer sets *date to its header Date: the clock of the server. An answer without the
// header, and one after the first, leaves it.
func WithDate(ctx context.Context, date *time.Time) context.Context {
	return context.WithValue(ctx, dateKey{}, date)
}

// WithCount returns a context whose answers are counted.
func WithCount(ctx context.Context, answers *atomic.Int64) context.Context {
	return context.WithValue(ctx, countKey{}, answers)
}

// note keeps what the contexts of WithDate and WithCount ask for.
func note(ctx context.Context, answer http.Header) {
	if answers, ok := ctx.Value(countKey{}).(*atomic.Int64); ok {
		answers.Add(1)
	}
	date, _ := ctx.Value(dateKey{}).(*time.Time)
	if date == nil || !date.IsZero() {
		return
	}
	if at, err := http.ParseTime(answer.Get("Date")); err == nil {
		*date = at
	}
}
