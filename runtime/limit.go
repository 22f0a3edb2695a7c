package orm

import (
	"context"

	"golang.org/x/time/rate"
)

// limiter holds calls back. The zero limiter does not.
type limiter struct {
	pace *rate.Limiter
	slot chan struct{} // one call at a time, if not nil
}

// RateLimit sends at most so many calls a second, after a burst of so many at once.
func RateLimit(perSecond float64, burst int) DialOption {
	return func(d *dialer) { d.limiter.pace = rate.NewLimiter(rate.Limit(perSecond), burst) }
}

// OdooOnline is what odoo.com asks of programs: about one call a second, and none in parallel.
func OdooOnline() DialOption {
	return func(d *dialer) {
		RateLimit(1, 1)(d)
		d.limiter.slot = make(chan struct{}, 1)
	}
}

// acquire waits until a call may be sent. release ends the call.
func (l limiter) acquire(ctx context.Context) (release func(), err error) {
	release = func() {}
	if l.slot != nil {
		select {
		case l.slot <- struct{}{}:
			release = func() { <-l.slot }
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	if l.pace != nil {
		if err := l.pace.Wait(ctx); err != nil {
			release()
			return nil, err
		}
	}
	return release, nil
}
