// Package jetstream runs feeds on several machines, over NATS JetStream: see [feed.New] for what a feed is.
//
// It is a module of its own, which keeps the client of NATS out of programs that do not use it.
package jetstream
