package orm

import (
	"context"

	"golang.org/x/time/rate"
)

// limiter holds requests back, those of a login too. The zero limiter does not.
type limiter struct {
	pace *rate.Limiter
	slot chan struct{} // one call at a time, if not nil
}

// RateLimit sends at most so many requests a second, after a burst of so many at once (1 if less). A login takes two to
// four. A call whose deadline would pass while it waits fails at once, as [ErrTimeout].
func RateLimit(perSecond float64, burst int) DialOption {
	return func(d *dialer) { d.limiter.pace = rate.NewLimiter(rate.Limit(perSecond), max(1, burst)) }
}

// OdooOnline is what odoo.com asks of programs: about one request a second, and none in parallel.
func OdooOnline() DialOption {
	return func(d *dialer) {
		RateLimit(1, 1)(d)
		d.limiter.slot = make(chan struct{}, 1)
	}
}

// acquire waits until a request may be sent. release ends it. An error is that of the context.
func (l limiter) acquire(ctx context.Context) (release func(), err error) {
	release = func() {}
	if l.slot != nil {
		select {
		case l.slot <- struct{}{}:
			release = func() { <-l.slot }
		case <-ctx.Done():
			return nil, ended(ctx.Err(), waitingForLimit)
		}
	}
	if l.pace != nil {
		if err := l.pace.Wait(ctx); err != nil {
			release()
			if ctx.Err() != nil {
				return nil, ended(ctx.Err(), waitingForLimit)
			}
			return nil, ended(context.DeadlineExceeded, waitingForLimit) // not yet, but it would be
		}
	}
	return release, nil
}

const waitingForLimit = "waiting for the rate limit"
