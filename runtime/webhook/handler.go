package webhook

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"runtime/debug"
	"sync"
	"sync/atomic"
)

// ErrQueueFull means that the queue was full, and an event is lost: Odoo received HTTP status 503 and does not send the event again.
var ErrQueueFull = errors.New("the queue is full")

// Receiver is an [http.Handler] that receives webhooks. It is made by [Handler].
type Receiver struct {
	*gate
	accept func(payload []byte, k Kind) (job, error)
	queue  chan job

	ctx     context.Context // of the jobs
	cancel  context.CancelFunc
	mu      sync.RWMutex // of closed, and of closing the queue
	closed  bool
	working sync.WaitGroup
	pending atomic.Int64 // the events that were accepted and have not been handled
}

// job handles an event.
type job func(ctx context.Context) error

// Handler makes an [http.Handler] that reads each payload into an R, the generated record or any struct with `odoo:"field"` tags,
// puts it into a queue, answers, and then calls handle. The last segment of the path of a request must be the secret, of 16
// characters or more, which is compared in constant time.
//
// An error or a panic of handle goes to [OnError]: the event is not handled again. [Receiver.Close] ends the workers.
func Handler[R any](secret string, handle func(ctx context.Context, e Event[R]) error, opts ...Option) (*Receiver, error) {
	g, err := newGate(secret, opts)
	if err != nil {
		return nil, err
	}
	plan, err := planFor[R]()
	if err != nil {
		return nil, fmt.Errorf("webhook: %w", err)
	}
	if handle == nil {
		return nil, errors.New("webhook: the function that handles events is nil: use Wake for a channel of signals")
	}
	r := &Receiver{gate: g, queue: make(chan job, g.queue)}
	r.ctx, r.cancel = context.WithCancel(context.Background())
	r.accept = func(payload []byte, k Kind) (job, error) {
		e, err := decode[R](plan, payload)
		e.Kinds = k
		return func(ctx context.Context) error { return handled(ctx, e, handle) }, err
	}
	for range g.workers {
		r.working.Go(r.work)
	}
	return r, nil
}

func handled[R any](ctx context.Context, e Event[R], handle func(context.Context, Event[R]) error) (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = fmt.Errorf("panic: %v\n%s", v, debug.Stack())
		}
		if err != nil {
			err = fmt.Errorf("webhook: %s %d: %w", e.Model, e.ID, err)
		}
	}()
	return handle(ctx, e)
}

// work handles events until the queue is closed. After the context has ended it drops them.
func (r *Receiver) work() {
	for do := range r.queue {
		if r.ctx.Err() != nil {
			continue
		}
		if err := do(r.ctx); err != nil {
			r.report(err)
		}
		r.pending.Add(-1)
	}
}

// ServeHTTP answers 200 when the event is in the queue, 404 without the secret, 400 and 413 for payloads that cannot be read, and
// 503 when the queue is full or the receiver closed.
func (r *Receiver) ServeHTTP(w http.ResponseWriter, q *http.Request) {
	payload, ok := r.body(w, q)
	if !ok {
		return
	}
	do, err := r.accept(payload, kindOf(q.URL.Query().Get(kindParameter)))
	if err != nil {
		r.report(fmt.Errorf("webhook: %w", err))
		refuse(w, http.StatusBadRequest)
		return
	}
	if err := r.enqueue(do); err != nil {
		r.report(fmt.Errorf("webhook: %w", err))
		refuse(w, http.StatusServiceUnavailable)
	}
}

// kindParameter is the query parameter of the address in which [Install] says what a rule is for.
const kindParameter = "kind"

var errClosed = errors.New("an event arrived after Close")

func (r *Receiver) enqueue(do job) error {
	r.mu.RLock()
	defer r.mu.RUnlock()
	if r.closed {
		return errClosed
	}
	select {
	case r.queue <- do:
		r.pending.Add(1)
		return nil
	default:
		return ErrQueueFull
	}
}

// Pending is the number of events that were accepted and have not been handled.
func (r *Receiver) Pending() int { return int(r.pending.Load()) }

// Close refuses further events, and waits until the accepted ones have been handled. When ctx ends before, it cancels the context
// of those that are being handled, drops the others, and returns an error with the number of both. Shut the HTTP server down first.
func (r *Receiver) Close(ctx context.Context) error {
	r.mu.Lock()
	if !r.closed {
		r.closed = true
		close(r.queue)
	}
	r.mu.Unlock()
	done := make(chan struct{})
	go func() { r.working.Wait(); close(done) }()
	select {
	case <-done:
		r.cancel()
		return nil
	case <-ctx.Done():
	}
	err := fmt.Errorf("webhook: close: %d events have not been handled: %w", r.Pending(), ctx.Err())
	r.cancel()
	return err
}
