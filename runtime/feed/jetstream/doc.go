// Package jetstream runs feeds on several machines, over NATS JetStream: see [feed.New] for what a feed is.
//
//	nc, err := nats.Connect(urls, nats.MaxReconnects(-1), nats.ReconnectBufSize(-1))
//	group, err := jetstream.Join(ctx, nc, "shop", jetstream.Replicas(3))
//	err = group.Run(ctx, feeds, report) // a worker, of which any number may run
//
// A [Group] has three parts, of which each may be used without the others:
//
//   - [Group.Store] keeps the state of a feed in a KV bucket.
//   - [Group.Run] runs feeds on one of several workers each, and those of a dead worker on another one.
//   - [Publish] publishes the changes of a feed to a stream, once, and [Consume] handles them as values of the same struct.
//
// It is a module of its own, which keeps the client of NATS out of programs that do not use it. It needs NATS 2.10 or later.
package jetstream
