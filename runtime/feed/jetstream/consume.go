package jetstream

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/odoogen/odoogen/runtime/feed"
)

// Letter is a message that is put aside: it cannot be read, or its handler has failed too often.
type Letter struct {
	Subject  string // GROUP.FEED.ID
	Sequence uint64 // in the stream
	Data     []byte // as in [Publish]
	Attempts int
	Err      error
}

// ConsumeOption is a setting of [Consume].
type ConsumeOption func(*consuming)

type consuming struct {
	attempts int
	aside    func(context.Context, Letter) error
	pause    time.Duration
	err      error
}

// DeadLetters passes messages to a function, and goes on after them: those that cannot be read, and those whose handler has failed
// the number of times. If the function fails, it gets the message again. Without DeadLetters, such a message is tried for ever, and
// nothing after it is consumed.
func DeadLetters(attempts int, to func(context.Context, Letter) error) ConsumeOption {
	return func(c *consuming) {
		if c.attempts, c.aside = attempts, to; attempts < 1 || to == nil {
			c.err = errors.Join(c.err, errors.New("DeadLetters: want at least 1 attempt, and a function"))
		}
	}
}

// Pause is how long a message whose handler has failed waits until it is tried again: 5 seconds if not given.
func Pause(d time.Duration) ConsumeOption {
	return func(c *consuming) {
		if c.pause = d; d <= 0 {
			c.err = errors.Join(c.err, fmt.Errorf("Pause(%v): want more than 0", d))
		}
	}
}

// ackWait is how long a message is with a consumer that has died until another one gets it.
const ackWait = 30 * time.Second

// Consume handles the changes of a feed of the group that [Publish] has published, until the context ends. Name is the name
// of the durable consumer, which Consume creates if it does not exist: calls with the same name, in any number of processes,
// share the changes. R is the struct of the feed, or one with fewer fields.
//
// Changes are handled one after the other, in their order; a change is done when the handler has returned nil. If the
// handler fails, the change is retried after a [Pause], before later changes. A change can be handled twice if the process
// dies before its acknowledgement has reached the servers. Errors are passed to report.
func Consume[R, M any](ctx context.Context, g *Group, feedName, name string, handle func(context.Context, feed.Change[R, M]) error, report func(error), opts ...ConsumeOption) error {
	c := consuming{pause: 5 * time.Second}
	for _, o := range opts {
		o(&c)
	}
	if handle == nil || report == nil {
		c.err = errors.Join(c.err, errors.New("want a handler, and a function for errors"))
	}
	located := func(err error) error { return fmt.Errorf("jetstream: consume %s as %s: %w", feedName, name, err) }
	if err := errors.Join(c.err, checkName("the feed", feedName), checkName("the consumer", name)); err != nil {
		return located(err)
	}
	var consumer jetstream.Consumer
	err := persist(ctx, func() (err error) {
		consumer, err = g.consumer(ctx, feedName, name)
		return err
	})
	if err != nil {
		return located(err)
	}
	run := consumption[R, M]{c, handle, 0}
	for ctx.Err() == nil {
		if err := run.next(ctx, consumer); err != nil && ctx.Err() == nil {
			report(located(err))
			wait(ctx, min(c.pause, time.Second))
		}
	}
	return nil
}

func wait(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}

// consumer opens or makes a durable consumer. One message at a time keeps the order.
func (g *Group) consumer(ctx context.Context, feedName, name string) (jetstream.Consumer, error) {
	if err := g.openStream(ctx); err != nil {
		return nil, err
	}
	return g.stream.CreateOrUpdateConsumer(ctx, jetstream.ConsumerConfig{
		Durable: name + "-" + feedName, FilterSubject: g.name + "." + feedName + ".*",
		AckPolicy: jetstream.AckExplicitPolicy, AckWait: ackWait, MaxAckPending: 1,
	})
}

// consumption is a run of Consume.
type consumption[R, M any] struct {
	consuming
	handle func(context.Context, feed.Change[R, M]) error
	done   uint64 // the sequence of the last message that was handled: it comes again if the answer was lost
}

// next handles a message, if one comes soon.
func (c *consumption[R, M]) next(ctx context.Context, consumer jetstream.Consumer) error {
	soon, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	m, err := consumer.Next(jetstream.FetchContext(soon), jetstream.FetchHeartbeat(time.Second))
	switch {
	case errors.Is(err, nats.ErrTimeout), errors.Is(err, jetstream.ErrNoMessages), err != nil && soon.Err() != nil:
		return nil
	case err != nil:
		return err
	}
	about, err := m.Metadata()
	if err != nil {
		return err
	}
	if about.Sequence.Stream != c.done {
		if err := c.work(ctx, m, about); err != nil {
			return errors.Join(err, m.NakWithDelay(c.pause))
		}
		c.done = about.Sequence.Stream
	}
	ctx, cancel = lingering(ctx)
	defer cancel()
	return persist(ctx, func() error { return m.DoubleAck(ctx) })
}

// lingering is a context that ends after another one, so that what was handled until then is answered.
func lingering(ctx context.Context) (context.Context, context.CancelFunc) {
	longer, cancel := context.WithCancel(context.WithoutCancel(ctx))
	context.AfterFunc(ctx, func() { time.AfterFunc(answerTime, cancel) })
	return longer, cancel
}

// work handles a message, or puts it aside.
func (c *consumption[R, M]) work(ctx context.Context, m jetstream.Msg, about *jetstream.MsgMetadata) error {
	defer working(ctx, m)()
	change, err := decode[R, M](m.Data())
	unreadable := err != nil
	if !unreadable {
		err = c.handle(ctx, change)
	}
	if err == nil {
		return nil
	}
	attempts := int(min(about.NumDelivered, 1<<31-1)) //nolint:gosec // bounded
	err = fmt.Errorf("%s, message %d, attempt %d: %w", m.Subject(), about.Sequence.Stream, attempts, err)
	if c.aside == nil || !unreadable && attempts < c.attempts {
		return err
	}
	return c.aside(ctx, Letter{m.Subject(), about.Sequence.Stream, m.Data(), attempts, err})
}

// working keeps a message from being given to another consumer while it is handled, until the function is called.
func working(ctx context.Context, m jetstream.Msg) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	go func() {
		for wait(ctx, ackWait/3); ctx.Err() == nil; wait(ctx, ackWait/3) {
			_ = m.InProgress() // if it is lost, the message may be handled twice
		}
	}()
	return cancel
}

// decode reads a change. All fields of R must be there.
func decode[R, M any](data []byte) (change feed.Change[R, M], err error) {
	var m message[R, M]
	if err := json.Unmarshal(data, &m); err != nil {
		return change, err
	}
	kind, ok := kindOf(m.Kind)
	if !ok {
		return change, fmt.Errorf("%q is no kind of change", m.Kind)
	}
	change.Kind, change.ID = kind, m.ID
	if kind == feed.Left || kind == feed.Deleted {
		return change, nil
	}
	if m.Record == nil {
		return change, errors.New("the message has no record")
	}
	change.Record = *m.Record
	return change, checkFields[R](data)
}

func kindOf(name string) (feed.Kind, bool) {
	kinds := []feed.Kind{feed.Created, feed.Changed, feed.Left, feed.Deleted}
	i := slices.IndexFunc(kinds, func(k feed.Kind) bool { return k.String() == name })
	if i < 0 {
		return 0, false
	}
	return kinds[i], true
}

// checkFields finds fields that the producer does not publish, which would be read as zero.
func checkFields[R any](data []byte) error {
	type fields = map[string]json.RawMessage
	var have struct{ Record fields }
	var want fields
	zero, err := json.Marshal(new(R))
	if err != nil {
		return err
	}
	if err := errors.Join(json.Unmarshal(data, &have), json.Unmarshal(zero, &want)); err != nil {
		return err
	}
	for name := range want {
		if _, ok := have.Record[name]; !ok {
			return fmt.Errorf("the record in the message has no %s: want the struct of the feed", name)
		}
	}
	return nil
}
