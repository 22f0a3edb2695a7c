package guides

import (
	"context"
	"errors"
	"sync"
	"time"

	orm "github.com/odoogen/odoogen/runtime"
)

// Metrics counts calls. In a service, these are counters and histograms of the metrics library.
type Metrics struct {
	mu     sync.Mutex
	Calls  map[string]int // by model and method
	Failed map[string]int // by kind
	Took   time.Duration
}

// Interceptor observes each call of a client: give it to orm.Dial with orm.Intercept.
func (m *Metrics) Interceptor() orm.Interceptor {
	return func(next orm.Handler) orm.Handler {
		return func(ctx context.Context, r *orm.Request) error {
			start := time.Now()
			err := next(ctx, r)
			m.mu.Lock()
			defer m.mu.Unlock()
			if m.Calls == nil {
				m.Calls, m.Failed = map[string]int{}, map[string]int{}
			}
			m.Calls[r.Model+"."+r.Method]++
			m.Took += time.Since(start)
			if err != nil {
				m.Failed[kindOf(err)]++
			}
			return err
		}
	}
}

// kindOf is a label with few values. The message of an error is none: it has data of customers.
func kindOf(err error) string {
	switch {
	case errors.Is(err, orm.ErrAccess):
		return "access"
	case errors.Is(err, orm.ErrValidation):
		return "validation"
	case errors.Is(err, orm.ErrRateLimit):
		return "rate limit"
	case errors.Is(err, orm.ErrTimeout), errors.Is(err, orm.ErrUnreachable), errors.Is(err, orm.ErrCutOff), errors.Is(err, orm.ErrUnavailable):
		return "network"
	}
	return "other"
}
