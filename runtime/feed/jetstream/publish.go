package jetstream

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"hash/fnv"
	"reflect"
	"slices"
	"strconv"
	"time"

	"github.com/cenkalti/backoff/v5"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/nats-io/nuid"

	orm "github.com/odoogen/odoogen/runtime"
	"github.com/odoogen/odoogen/runtime/feed"
)

// message is a change in the stream, as JSON.
type message[R, M any] struct {
	Kind   string    `json:"kind"`
	ID     orm.ID[M] `json:"id"`
	Record *R        `json:"record,omitempty"`
}

// publication is what was published and is not committed.
type publication struct {
	Token   string `json:"token"`
	Records []byte `json:"records"` // steps of the IDs, with the sums of the messages
}

// Publish publishes the changes of a batch to the stream of the group, and commits the batch. The store is that of the batch's feed.
// The message of a change has the subject GROUP.FEED.ID and the JSON {"kind":"created","id":7,"record":{…}}, with the record as
// package encoding/json writes it.
//
// A change that was published before a crash, and is delivered again because it was not committed, has the ID of the message
// before (Nats-Msg-Id), so that the stream drops it within its duplicate window. A change with another content is another message.
//
// The connection must not buffer messages while it is lost (nats.ReconnectBufSize(-1)): they would arrive after those of the worker
// that has taken the feed over.
func Publish[R, M any](ctx context.Context, s *Store, b *feed.Batch[R, M]) error {
	if err := publish(ctx, s, b); err != nil {
		return fmt.Errorf("jetstream: publish %s: %w", s.name, err)
	}
	return nil
}

func publish[R, M any](ctx context.Context, s *Store, b *feed.Batch[R, M]) error {
	if s.group.js.Conn().Opts.ReconnectBufSize >= 0 {
		return errors.New("the connection buffers messages while it is lost: connect with nats.ReconnectBufSize(-1)")
	}
	if err := s.group.openStream(ctx); err != nil {
		return err
	}
	sums := feed.Progress{}
	messages := make([]*nats.Msg, len(b.Changes))
	for i, c := range b.Changes {
		data, err := encode(c)
		if err != nil {
			return fmt.Errorf("record %d: %w", c.ID, err)
		}
		sums.Seen = append(sums.Seen, feed.Seen{ID: int64(c.ID), Sum: sumOfBytes(data)})
		messages[i] = nats.NewMsg(fmt.Sprintf("%s.%s.%d", s.group.name, s.name, c.ID))
		messages[i].Data = data
	}
	tokens, err := s.announce(ctx, sums.Seen)
	if err != nil {
		return err
	}
	for i, token := range tokens {
		messages[i].Header.Set(jetstream.MsgIDHeader, s.name+"."+strconv.FormatInt(sums.Seen[i].ID, 10)+"."+token)
	}
	for part := range slices.Chunk(messages, inFlight) {
		if err := s.group.send(ctx, part); err != nil {
			return err
		}
	}
	return s.settle(func() error { return b.Commit(ctx) }, sums.Seen)
}

// inFlight is the number of messages that are sent before their answers.
const inFlight = 200

// encode writes a change. It refuses records that change when their JSON is read back.
func encode[R, M any](c feed.Change[R, M]) ([]byte, error) {
	m := message[R, M]{Kind: c.Kind.String(), ID: c.ID}
	if c.Kind == feed.Created || c.Kind == feed.Changed {
		m.Record = &c.Record
	}
	data, err := json.Marshal(m)
	if err != nil || m.Record == nil {
		return data, err
	}
	var back message[R, M]
	if err := json.Unmarshal(data, &back); err != nil {
		return nil, err
	}
	if !reflect.DeepEqual(m.Record, back.Record) {
		return nil, fmt.Errorf("%T changes when its JSON is read back: its fields need distinct names in JSON", c.Record)
	}
	return data, nil
}

func sumOfBytes(b []byte) uint64 {
	h := fnv.New64a()
	_, _ = h.Write(b) // never fails
	return h.Sum64()
}

// announce notes in the state what is to be published, so that it can be published again under the same IDs, and gives the last
// part of these. It fails if another loop has opened the state.
//
// The IDs are random: those that are made of contents alone would repeat when a record returns to a content before.
func (s *Store) announce(ctx context.Context, sums []feed.Seen) ([]string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.writer == "" {
		return nil, fmt.Errorf("the state %s is not open", s.name)
	}
	before := map[feed.Seen]string{}
	for _, p := range s.head.Published {
		for _, seen := range foldSteps(bytes.Clone(p.Records)) {
			before[seen] = p.Token
		}
	}
	token := nuid.Next()
	tokens := make([]string, len(sums))
	byToken := map[string][]feed.Seen{}
	for i, seen := range sums {
		if tokens[i] = before[seen]; tokens[i] == "" {
			tokens[i] = token
		}
		byToken[tokens[i]] = append(byToken[tokens[i]], seen)
	}
	next := s.head
	next.Published = without(next.Published, sums)
	for token, seen := range byToken {
		next.Published = append(next.Published, publication{token, appendSteps(nil, feed.Progress{Seen: seen})})
	}
	return tokens, s.replace(ctx, next)
}

// without removes records from publications.
func without(all []publication, remove []feed.Seen) (rest []publication) {
	gone := map[int64]bool{}
	for _, seen := range remove {
		gone[seen.ID] = true
	}
	for _, p := range all {
		kept := slices.DeleteFunc(foldSteps(bytes.Clone(p.Records)), func(seen feed.Seen) bool { return gone[seen.ID] })
		if len(kept) > 0 {
			rest = append(rest, publication{p.Token, appendSteps(nil, feed.Progress{Seen: kept})})
		}
	}
	return rest
}

// settle commits what was published. The save of the commit removes the note.
func (s *Store) settle(commit func() error, sums []feed.Seen) error {
	s.mu.Lock()
	before := s.head.Published
	s.head.Published = without(before, sums)
	s.mu.Unlock()
	err := commit()
	if err != nil {
		s.mu.Lock()
		s.head.Published = before
		s.mu.Unlock()
	}
	return err
}

// send sends messages until all are in the stream.
func (g *Group) send(ctx context.Context, messages []*nats.Msg) error {
	return persist(ctx, func() (err error) {
		var pending []jetstream.PubAckFuture
		for _, m := range messages {
			ack, publishErr := g.js.PublishMsgAsync(m, jetstream.WithExpectStream(g.name))
			if publishErr != nil {
				err = publishErr
				break
			}
			pending = append(pending, ack)
		}
		var left []*nats.Msg
		for i, ack := range pending {
			select {
			case <-ack.Ok():
			case ackErr := <-ack.Err():
				err = ackErr
				left = append(left, messages[i])
			case <-ctx.Done():
				return backoff.Permanent(ctx.Err())
			}
		}
		messages = append(left, messages[len(pending):]...)
		return err
	})
}

// window is the duplicate window of a stream that is made.
const window = 10 * time.Minute

// openStream makes the stream of the group if it does not exist.
func (g *Group) openStream(ctx context.Context) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.stream != nil {
		return nil
	}
	stream, err := g.js.Stream(ctx, g.name)
	if errors.Is(err, jetstream.ErrStreamNotFound) {
		stream, err = g.js.CreateStream(ctx, jetstream.StreamConfig{
			Name: g.name, Subjects: []string{g.name + ".*.*"}, Replicas: g.settings.replicas, MaxAge: g.settings.keep, Duplicates: window,
			Description: "changes of records, from the feeds of odoogen",
		})
		if errors.Is(err, jetstream.ErrStreamNameAlreadyInUse) { // by another worker, meanwhile
			stream, err = g.js.Stream(ctx, g.name)
		}
	}
	if err != nil {
		return err
	}
	if have, want := stream.CachedInfo().Config.Duplicates, 2*g.settings.takeover; have < want {
		return fmt.Errorf("the stream %s has a duplicate window of %v: want at least %v, in which another worker takes a feed over", g.name, have, want)
	}
	g.stream = stream
	return nil
}
