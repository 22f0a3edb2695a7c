package bus

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"sync/atomic"
	"time"

	"github.com/cenkalti/backoff/v5"

	"github.com/odoogen/odoogen/internal/odoofacts"
	orm "github.com/odoogen/odoogen/runtime"
)

// ErrGap is wrapped by the error after a connection that was lost for longer than the server keeps notifications: some may be
// missing.
var ErrGap = errors.New("notifications may be lost")

// Listen yields the notifications of the bus until the context ends or the loop is left. If the connection is lost, it
// connects again and continues after the last notification. If that fails, or if notifications may have been lost
// ([ErrGap]), it yields an error with a zero notification; the loop can continue, and Listen tries again after a pause of up
// to 30 seconds.
//
// The body of the loop can be slow: notifications wait meanwhile, in this program and on the server.
//
// With a web session ([orm.WebSession]), Listen also receives the notifications of the user. With other protocols, Listen
// connects without a login, which Odoo allows, and receives only the channels.
func Listen(ctx context.Context, c *orm.Client, opts ...Option) iter.Seq2[Notification, error] {
	return func(yield func(Notification, error) bool) {
		l, err := newListener(c, opts)
		if err != nil {
			yield(Notification{}, fmt.Errorf("bus: %w", err))
			return
		}
		l.yield = yield
		l.run(ctx)
	}
}

// listener is the state of a Listen.
type listener struct {
	settings
	c       *orm.Client
	yield   func(Notification, error) bool
	history history

	connected bool         // now
	worked    atomic.Int64 // when a connection was last known to work, in nanoseconds; 0 before the first one
	peekUntil time.Time    // the websocket is not tried until then
}

// errLeft ends a connection because the loop was left.
var errLeft = errors.New("the loop was left")

func newListener(c *orm.Client, opts []Option) (*listener, error) {
	if c == nil {
		return nil, errors.New("the client is nil: make one with orm.Dial")
	}
	l := &listener{c: c, settings: settings{peek: 5 * time.Second, report: func(State) {}}}
	for _, o := range opts {
		o(&l.settings)
	}
	if len(l.channels) == 0 && c.Protocol() != orm.WebSession {
		l.refuse("there is nothing to listen to: give Channel, or dial with orm.Using(orm.WebSession)")
	}
	l.history.base = l.after
	return l, l.err
}

func (l *listener) way() (Way, func(context.Context) error) {
	switch {
	case !odoofacts.BusWebSocket.InSeries(l.c.Version().Series):
		return LongPolling, l.poll
	case time.Now().Before(l.peekUntil):
		return Peeking, l.look
	}
	return WebSocket, l.socket
}

const (
	steady  = 5 * time.Second // how long a connection lasts at least that is not counted as a failure when it ends
	peekFor = 5 * time.Minute // how long the websocket is not tried again
)

func (l *listener) run(ctx context.Context) {
	pauses := backoff.NewExponentialBackOff()
	pauses.MaxInterval = 30 * time.Second
	for {
		way, receive := l.way()
		l.connected = false
		began := time.Now()
		err := receive(ctx)
		if l.connected {
			l.report(State{Way: way, Err: err})
		}
		switch {
		case errors.Is(err, errLeft) || ctx.Err() != nil:
			return
		case errors.Is(err, errNoWebSocket):
			l.peekUntil = time.Now().Add(peekFor)
			continue
		case err == nil || l.connected && time.Since(began) > steady:
			pauses.Reset()
			continue
		case !l.yield(Notification{}, fmt.Errorf("bus: %s: %w", way, err)):
			return
		}
		l.peekUntil = time.Time{}
		select {
		case <-ctx.Done():
			return
		case <-time.After(pauses.NextBackOff()):
		}
	}
}

// connect notes that the connection works, and yields [ErrGap] if it did not for too long.
func (l *listener) connect(way Way) error {
	now := time.Now()
	worked := l.worked.Swap(now.UnixNano())
	away := now.Sub(time.Unix(0, worked))
	l.connected = true
	l.report(State{Way: way, Connected: true})
	if kept := l.kept(); worked != 0 && away > kept {
		gap := fmt.Errorf("bus: %w: the connection was lost for %v, and the server keeps them for %v", ErrGap, away.Round(time.Second), kept)
		if !l.yield(Notification{}, gap) {
			return errLeft
		}
	}
	return nil
}

// kept is how long the server keeps notifications. Without one to go on from, it sends those of the last 50 seconds.
func (l *listener) kept() time.Duration {
	switch {
	case l.history.highest() == 0:
		return 50 * time.Second
	case odoofacts.BusKeepsDay.InSeries(l.c.Version().Series):
		return 24 * time.Hour
	}
	return 100 * time.Second
}

// deliver yields notifications that are new.
func (l *listener) deliver(messages []message) error {
	now := time.Now()
	l.worked.Store(now.UnixNano())
	for _, m := range messages {
		if !l.history.add(m.ID, now) {
			continue
		}
		n, err := m.notification(l.c.Version().Series)
		if err != nil {
			err = fmt.Errorf("bus: %w", err)
		}
		if !l.yield(n, err) {
			return errLeft
		}
	}
	l.history.last(now)
	return nil
}
