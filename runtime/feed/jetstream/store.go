package jetstream

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/cenkalti/backoff/v5"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/nats-io/nuid"

	"github.com/odoogen/odoogen/runtime/feed"
)

// Store keeps the state of a feed in the bucket of a group, for [feed.StoreIn]. It is made by [Group.Store].
//
// The head of the state is one value, which holds the cursor and the latest steps. Each save replaces it, if it is still the one
// that this loop wrote last: a loop that goes on after another one has opened the state fails, and changes nothing. When the
// steps have become many, they are moved to parts: values that are written once, under names of their own, before the
// head that names them. So the size of a state is not limited by the size of a value.
type Store struct {
	group *Group
	name  string

	mu       sync.Mutex
	writer   string // of this loop, "" unless open
	head     head
	revision uint64
	entries  int // in the parts and the tail
	records  int // at the last fold
}

// Store is the state of the feed with the name: letters, digits, - and _.
func (g *Group) Store(name string) *Store { return &Store{group: g, name: name} }

// Name is the name of the feed.
func (s *Store) Name() string { return s.name }

// head is the value of the key state.NAME.
type head struct {
	Version int           `json:"odoogen_feed"`
	Feed    feed.Identity `json:"feed"`
	Cursor  feed.Cursor   `json:"cursor"`
	Parts   []string      `json:"parts,omitempty"` // in the order of their steps
	Tail    []byte        `json:"tail,omitempty"`  // the steps after those of the parts
	Writer  string        `json:"writer"`          // the loop that wrote it

	Published []publication `json:"published,omitempty"`
}

const (
	headVersion = 1
	// tailMost is the size from which on a tail becomes a part.
	tailMost = 32 << 10
	// partMost is the size of a part.
	partMost = 256 << 10
	// slack is the number of entries out of date, beside as many as there are records, that a state may have.
	slack = 10_000
	// patience is how long a save tries, for clusters that elect a leader.
	patience = 15 * time.Second
)

// errTaken is the error of a loop that goes on after another one has opened the state.
var errTaken = errors.New("another loop has opened the state")

func (s *Store) headKey() string            { return "state." + s.name }
func (s *Store) partKey(part string) string { return "part." + s.name + "." + part }

// Open takes the state over: a loop that has it open fails at its next save.
func (s *Store) Open(ctx context.Context, of feed.Identity) (feed.State, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.writer != "" {
		return feed.State{}, fmt.Errorf("the state %s is in use by another loop", s.name)
	}
	if err := checkName("the feed", s.name); err != nil {
		return feed.State{}, err
	}
	s.writer = nuid.Next()
	state, err := s.open(ctx, of)
	if err != nil {
		s.writer = ""
	}
	return state, err
}

func (s *Store) open(ctx context.Context, of feed.Identity) (state feed.State, err error) {
	if err := s.take(ctx, of); err != nil {
		return state, err
	}
	if err := s.sweep(ctx, s.head.Parts); err != nil {
		return state, err
	}
	state.Cursor = s.head.Cursor
	state.Seen, err = s.fold(ctx)
	return state, err
}

// take makes this loop the writer of the head. Another loop that writes at the same time makes it try again.
func (s *Store) take(ctx context.Context, of feed.Identity) error {
	return persist(ctx, func() error {
		found, revision, err := s.load(ctx)
		switch {
		case errors.Is(err, jetstream.ErrKeyNotFound):
			found = head{Version: headVersion, Feed: of}
		case err != nil:
			return err
		}
		if err := found.Feed.Check(of); err != nil {
			return backoff.Permanent(fmt.Errorf("%s is %w: to start over, call Forget of the group", s.name, err))
		}
		found.Writer = s.writer
		s.head = found
		if revision, err = s.put(ctx, found, revision); err == nil {
			s.revision = revision
		}
		return err
	})
}

// load reads the head. The error of one that cannot be read is permanent.
func (s *Store) load(ctx context.Context) (head, uint64, error) {
	entry, err := s.group.kv.Get(ctx, s.headKey())
	if err != nil {
		return head{}, 0, err
	}
	var h head
	if err := json.Unmarshal(entry.Value(), &h); err != nil || h.Version != headVersion {
		err = fmt.Errorf("the value %s of the bucket %s is not the state of a feed in the form of this version: to start over, call Forget of the group", s.headKey(), s.group.name)
		return head{}, 0, backoff.Permanent(err)
	}
	return h, entry.Revision(), nil
}

// put replaces the head that has a revision; 0 is none.
func (s *Store) put(ctx context.Context, h head, revision uint64) (uint64, error) {
	data, err := json.Marshal(h)
	if err != nil {
		return 0, backoff.Permanent(err)
	}
	if revision == 0 {
		return s.group.kv.Create(ctx, s.headKey(), data)
	}
	return s.group.kv.Update(ctx, s.headKey(), data, revision)
}

// persist tries until it succeeds, fails for good, or has taken too long.
func persist(ctx context.Context, try func() error) error {
	_, err := backoff.Retry(ctx, func() (struct{}, error) { return struct{}{}, try() }, backoff.WithMaxElapsedTime(patience),
		backoff.WithBackOff(&backoff.ExponentialBackOff{InitialInterval: 20 * time.Millisecond, Multiplier: 2, RandomizationFactor: 0.5, MaxInterval: time.Second}))
	return err
}

// Save adds a step to the state.
func (s *Store) Save(ctx context.Context, p feed.Progress) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.writer == "" {
		return fmt.Errorf("the state %s is not open", s.name)
	}
	next := s.head
	next.Cursor = p.Cursor
	steps := appendSteps(slices.Clone(next.Tail), p)
	added := (len(steps) - len(next.Tail)) / entrySize
	if s.entries+added > 2*s.records+slack {
		return s.rewrite(ctx, next, steps)
	}
	if next.Tail = steps; len(steps) > tailMost {
		parts, err := s.writeParts(ctx, steps)
		if err != nil {
			return err
		}
		next.Parts, next.Tail = append(slices.Clone(next.Parts), parts...), nil
	}
	if err := s.replace(ctx, next); err != nil {
		return err
	}
	s.entries += added
	return nil
}

// rewrite replaces all parts by those of the present state.
func (s *Store) rewrite(ctx context.Context, next head, steps []byte) error {
	folded, err := s.readParts(ctx)
	if err != nil {
		return err
	}
	seen := foldSteps(append(folded, steps...))
	if next.Parts, err = s.writeParts(ctx, appendSteps(nil, feed.Progress{Seen: seen})); err != nil {
		return err
	}
	next.Tail = nil
	if err := s.replace(ctx, next); err != nil {
		return err
	}
	s.entries, s.records = len(seen), len(seen)
	_ = s.sweep(ctx, next.Parts) // the step is saved: what is left is removed by the next sweep
	return nil
}

// replace replaces the head. An attempt may succeed without an answer, when a server fails: then this loop is the writer of what is
// there, which is replaced by the same.
func (s *Store) replace(ctx context.Context, next head) error {
	err := persist(ctx, func() error {
		revision, err := s.put(ctx, next, s.revision)
		if err == nil {
			s.revision = revision
			return nil
		}
		there, revision, loadErr := s.load(ctx)
		switch {
		case errors.Is(loadErr, jetstream.ErrKeyNotFound):
			return backoff.Permanent(fmt.Errorf("the state %s was removed", s.name))
		case loadErr != nil:
			return errors.Join(err, loadErr)
		case revision <= s.revision: // nothing was written, or this server does not have it yet
			return err
		case there.Writer != s.writer:
			return backoff.Permanent(fmt.Errorf("the state %s: %w", s.name, errTaken))
		}
		s.revision = revision
		return err
	})
	if err == nil {
		s.head = next
	}
	return err
}

// Close ends what Open began. The state stays.
func (s *Store) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.writer, s.head = "", head{}
	return nil
}
