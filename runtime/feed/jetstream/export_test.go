package jetstream

import "github.com/nats-io/nats.go/jetstream"

// Wrap replaces the bucket of a group.
func Wrap(g *Group, wrap func(jetstream.KeyValue) jetstream.KeyValue) { g.kv = wrap(g.kv) }
