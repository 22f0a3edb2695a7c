package jetstream_test

import (
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

type (
	bucketConfig = jetstream.KeyValueConfig
	streamConfig = jetstream.StreamConfig
	natskv       = jetstream.KeyValue
	natsentry    = jetstream.KeyValueEntry
)

// natsjs is the client of NATS, whose package has the name of the one under test.
func natsjs(nc *nats.Conn) jetstream.JetStream {
	js, err := jetstream.New(nc)
	if err != nil {
		panic(err)
	}
	return js
}

// make makes a bucket.
func (w *world) make(name string, set func(*bucketConfig)) {
	w.Helper()
	c := bucketConfig{Bucket: name}
	set(&c)
	_, err := natsjs(w.nc).CreateKeyValue(w.Context(), c)
	must(w.T, err)
}

func natsConnect(urls string) (*nats.Conn, error) {
	return nats.Connect(urls, nats.MaxReconnects(-1), nats.ReconnectBufSize(-1), nats.ReconnectWait(50*time.Millisecond))
}
