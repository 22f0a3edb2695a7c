package feed

import (
	"context"
	"fmt"
	"sync"
	"time"
)

// Store keeps what a feed has delivered. A store belongs to one feed.
type Store interface {
	// Open gives what was saved for the feed, nothing for a new store. It fails if the store is open already, or if what was saved
	// is that of another feed: see [Identity.Check].
	Open(ctx context.Context, feed Identity) (State, error)
	// Save adds to the state, as a whole or not at all. What it has returned from survives a crash.
	Save(ctx context.Context, p Progress) error
	// Close ends what Open began.
	Close() error
}

// Identity is what the state of a feed is about.
type Identity struct {
	Database  string `json:"database"`
	Model     string `json:"model"`
	Condition string `json:"condition"`
	Fields    string `json:"fields"`
}

// Check reports in what the feed of a store differs from the feed that opens it.
func (have Identity) Check(want Identity) error {
	for _, part := range []struct{ name, have, want string }{
		{"database", have.Database, want.Database}, {"model", have.Model, want.Model},
		{"condition", have.Condition, want.Condition}, {"fields", have.Fields, want.Fields},
	} {
		if part.have != part.want {
			return fmt.Errorf("the state of another feed: its %s is %s, not %s", part.name, part.have, part.want)
		}
	}
	return nil
}

// State is all that a store keeps.
type State struct {
	Cursor Cursor
	Seen   []Seen // by ID
}

// Progress is a step from one state to the next.
type Progress struct {
	Cursor Cursor
	Seen   []Seen  // added, or replaced
	Gone   []int64 // removed
}

// Cursor is how far a feed is.
type Cursor struct {
	// Horizon is the time, by the server's clock, of the last poll that is delivered as a whole.
	Horizon time.Time `json:"horizon,omitzero"`
	// Loaded is set when all records have been delivered once. Until then After is the last ID that was.
	Loaded bool  `json:"loaded,omitempty"`
	After  int64 `json:"after,omitempty"`
	// Outbox identifies the outbox that the changes come from, and the claim of the feed on it. It is empty for polls.
	Outbox string `json:"outbox,omitempty"`
}

// Seen is a record that has been delivered.
type Seen struct {
	ID  int64
	Sum uint64 // of its content, or a mark
}

// The marks. The sum of a content is none of them.
const (
	unread     uint64 = iota // known to the consumer, who has it from elsewhere: see FromNow
	offeredNew               // delivered for the first time, not committed
	offered                  // delivered again, not committed
	marks
)

// contentSum is a sum that is no mark.
func contentSum(sum uint64) uint64 {
	if sum < marks {
		return sum + marks
	}
	return sum
}

// Memory keeps the state in memory. A feed over a new one begins with all records.
func Memory() Store { return &memory{} }

type memory struct {
	mu    sync.Mutex
	of    Identity
	open  bool
	saved Cursor
	known known
}

func (m *memory) Open(_ context.Context, feed Identity) (State, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.open {
		return State{}, fmt.Errorf("the store is in use by another loop")
	}
	if m.of != (Identity{}) {
		if err := m.of.Check(feed); err != nil {
			return State{}, fmt.Errorf("%w: to start over, use a new store", err)
		}
	}
	m.of, m.open = feed, true
	return State{m.saved, m.known.all()}, nil
}

func (m *memory) Save(_ context.Context, p Progress) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.saved = p.Cursor
	m.known.apply(p)
	return nil
}

func (m *memory) Close() error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.open = false
	return nil
}
