package transport

import (
	"context"

	"golang.org/x/time/rate"

	"github.com/odoogen/odoogen/runtime/internal/fault"
)

// Limiter holds requests back. The zero Limiter does not.
type Limiter struct {
	Pace *rate.Limiter
	Slot chan struct{} // holds a token for each request under way, if not nil
}

// acquire waits until a request may be sent. release ends it.
func (l Limiter) acquire(ctx context.Context) (release func(), err error) {
	release = func() {}
	if l.Slot != nil {
		select {
		case l.Slot <- struct{}{}:
			release = func() { <-l.Slot }
		case <-ctx.Done():
			return nil, tooLate(ctx.Err())
		}
	}
	if l.Pace != nil {
		if err := l.Pace.Wait(ctx); err != nil {
			release()
			if ctx.Err() != nil {
				return nil, tooLate(ctx.Err())
			}
			return nil, tooLate(context.DeadlineExceeded) // not yet, but it would be
		}
	}
	return release, nil
}

func tooLate(cause error) *fault.Error { return Ended(cause, "waiting for the rate limit") }
