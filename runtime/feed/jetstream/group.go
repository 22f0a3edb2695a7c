package jetstream

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"sync"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// Group is a number of feeds that workers share, with a KV bucket for their state. It is made by [Join].
type Group struct {
	name     string
	settings settings
	js       jetstream.JetStream
	kv       jetstream.KeyValue
	// bucket is the stream of the bucket, in which values are removed without a trace.
	bucket jetstream.Stream

	mu     sync.Mutex
	stream jetstream.Stream // of the changes, nil until it is needed
}

// Option is a setting of a group.
type Option func(*settings)

type settings struct {
	replicas       int
	takeover, keep time.Duration
	err            error
}

func (s *settings) refuse(format string, args ...any) {
	s.err = errors.Join(s.err, fmt.Errorf(format, args...))
}

// Replicas is the number of servers that keep the bucket, if [Join] makes it: 1 if not given. With 3, one server of a cluster may
// fail.
func Replicas(n int) Option {
	return func(s *settings) {
		if s.replicas = n; n < 1 || n > 5 {
			s.refuse("Replicas(%d): want 1 to 5", n)
		}
	}
}

// Takeover is how long a worker is silent until others take its feeds over: 15 seconds if not given. A cluster that elects a
// leader should take less than half of it; otherwise the feeds are interrupted meanwhile.
func Takeover(after time.Duration) Option {
	return func(s *settings) {
		if s.takeover = after; after < time.Second {
			s.refuse("Takeover(%v): want a second at least", after)
		}
	}
}

// Keep is how long the stream keeps changes, if [Publish] or [Consume] makes it: for ever if not given.
func Keep(d time.Duration) Option {
	return func(s *settings) {
		if s.keep = d; d < window {
			s.refuse("Keep(%v): want at least %v", d, window)
		}
	}
}

// names are those that are valid in keys of buckets, in subjects, and as names of streams and consumers.
var names = regexp.MustCompile(`^[A-Za-z0-9_-]{1,100}$`)

func checkName(what, name string) error {
	if !names.MatchString(name) {
		return fmt.Errorf("%s %q: want letters, digits, - and _, 100 at most", what, name)
	}
	return nil
}

// Join opens the group with the name: the KV bucket with that name, which it makes if it does not exist. A bucket that exists is
// used with the settings that it has.
func Join(ctx context.Context, nc *nats.Conn, group string, opts ...Option) (*Group, error) {
	s := settings{replicas: 1, takeover: 15 * time.Second}
	for _, o := range opts {
		o(&s)
	}
	if err := errors.Join(s.err, checkName("the group", group)); err != nil {
		return nil, fmt.Errorf("jetstream: %w", err)
	}
	js, err := jetstream.New(nc, jetstream.WithPublishAsyncTimeout(answerTime), jetstream.WithDefaultTimeout(answerTime))
	if err != nil {
		return nil, fmt.Errorf("jetstream: %w", err)
	}
	g := &Group{name: group, settings: s, js: js}
	if err := errors.Join(checkPayload(nc), g.openBucket(ctx)); err != nil {
		return nil, fmt.Errorf("jetstream: group %s: %w", group, err)
	}
	return g, nil
}

// answerTime is how long a server may take for an answer until it is asked again.
const answerTime = 3 * time.Second

// leastValue is the size that values must be able to have: that of a part, and of a head with its tail, with room for more.
const leastValue = 512 << 10

func checkPayload(nc *nats.Conn) error {
	if most := nc.MaxPayload(); most < leastValue {
		return fmt.Errorf("the server takes messages of %d bytes: want a max_payload of at least %d", most, leastValue)
	}
	return nil
}

func (g *Group) openBucket(ctx context.Context) error {
	kv, err := g.js.KeyValue(ctx, g.name)
	if errors.Is(err, jetstream.ErrBucketNotFound) {
		kv, err = g.js.CreateKeyValue(ctx, jetstream.KeyValueConfig{Bucket: g.name, Replicas: g.settings.replicas, Description: "state of the feeds of odoogen"})
		if errors.Is(err, jetstream.ErrBucketExists) { // by another worker, meanwhile
			kv, err = g.js.KeyValue(ctx, g.name)
		}
	}
	if err != nil {
		return err
	}
	status, err := kv.Status(ctx)
	if err != nil {
		return err
	}
	switch most := status.Config().MaxValueSize; {
	case status.TTL() > 0:
		return fmt.Errorf("the bucket %s drops its values after %v: want one without a TTL", g.name, status.TTL())
	case most > 0 && most < leastValue:
		return fmt.Errorf("the bucket %s takes values of %d bytes: want at least %d", g.name, most, leastValue)
	}
	g.kv = kv
	g.bucket, err = g.js.Stream(ctx, "KV_"+g.name)
	return err
}
