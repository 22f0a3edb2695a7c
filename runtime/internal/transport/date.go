package transport

import (
	"context"
	"net/http"
	"time"
)

type dateKey struct{}

// WithDate returns a context whose first answer sets *date to its header Date: the clock of the server. An answer without the
// header, and one after the first, leaves it.
func WithDate(ctx context.Context, date *time.Time) context.Context {
	return context.WithValue(ctx, dateKey{}, date)
}

func noteDate(ctx context.Context, answer http.Header) {
	date, _ := ctx.Value(dateKey{}).(*time.Time)
	if date == nil || !date.IsZero() {
		return
	}
	if at, err := http.ParseTime(answer.Get("Date")); err == nil {
		*date = at
	}
}
