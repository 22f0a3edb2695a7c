package feed

import (
	"errors"
	"fmt"
	"time"

	"github.com/odoogen/odoogen/runtime/internal/outbox"
)

// Option is a setting of a feed.
type Option func(*settings)

type settings struct {
	overlap, deletions time.Duration
	page               int
	store              Store
	fromNow, whole     bool
	outbox             string // the name of the outbox, "" for a feed that polls
	table              string // its model
	observe            func(Look)
	err                error
}

func defaults() settings { return settings{deletions: 5 * time.Minute, page: 500} }

// complete sets what was not given, and refuses options that have no effect together.
func (s *settings) complete() {
	switch {
	case s.outbox != "" && s.overlap != 0:
		s.refuse("Overlap has no effect with Outbox, which sees a change when its transaction commits")
	case s.outbox != "" && s.whole:
		s.refuse("Whole and Outbox: want one of them")
	case s.overlap == 0:
		s.overlap = 10 * time.Minute
	}
	if s.store == nil {
		s.store = Memory()
	}
}

func (s *settings) refuse(format string, args ...any) {
	s.err = errors.Join(s.err, fmt.Errorf(format, args...))
}

// Overlap is how far each poll looks back: 10 minutes if not given. It must be longer than any transaction takes, with the
// difference between the clocks of Odoo and its database added: a change that commits later than that is missed. Odoo ends
// requests after 120 seconds (limit_time_real) unless configured otherwise; scheduled actions and imports may take longer.
// Each poll reads the records that were written within the overlap again.
func Overlap(d time.Duration) Option {
	return func(s *settings) {
		if s.overlap = d; d <= 0 {
			s.refuse("Overlap(%v): want more than 0", d)
		}
	}
}

// Deletions is how often the feed looks for records that are deleted or no longer match, and for those that match without a
// new write_date: every 5 minutes if not given, and when a feed with a state begins. Zero is never.
func Deletions(every time.Duration) Option {
	return func(s *settings) {
		if s.deletions = every; every < 0 {
			s.refuse("Deletions(%v): want 0 or more", every)
		}
	}
}

// Outbox takes the changes from the outbox with the name, which [Install] has made for the model, in place of polling. It sees
// what a poll cannot: deletions at once, and changes of child records. Each look is one call if nothing has changed, which reads
// the rows of the outbox and no others.
//
// A feed with a state of another source, or of an outbox that was not complete for a time, first compares all records.
func Outbox(name string) Option {
	return func(s *settings) {
		table, err := outbox.Model(name)
		if s.outbox, s.table = name, table; err != nil {
			s.refuse("Outbox: %w", err)
		}
	}
}

// Look is what one look for changes has found, and what it took.
type Look struct {
	Model    string
	Took     time.Duration // the time that the consumer had the batches included
	Calls    int           // requests to the server, logins and retries included
	Batches  int
	Changes  int
	MaxBatch int // changes in the largest batch
	Rows     int // of the outbox, repetitions included
	// Lag is how long the oldest change waited at most: with an outbox, since its transaction began, in whole seconds and by
	// the server's clock, and otherwise since the look before. It is 0 if nothing was found.
	Lag time.Duration
	Err error // why it failed
}

// Observe calls a function after each look for changes, for metrics. The function must not use the feed.
func Observe(each func(Look)) Option {
	return func(s *settings) {
		if s.observe = each; each == nil {
			s.refuse("Observe(nil): want a function")
		}
	}
}

// StoreIn keeps the state of the feed in a store: [Memory] if not given.
func StoreIn(store Store) Option {
	return func(s *settings) {
		if s.store = store; store == nil {
			s.refuse("StoreIn(nil): want a store")
		}
	}
}

// FromNow leaves out the state of the records when the feed begins for the first time: only what changes from then on is
// delivered. It has no effect on a feed that goes on from a store with a state.
func FromNow() Option { return func(s *settings) { s.fromNow = true } }

// Whole reads all records that match at each poll, and compares them. It is for models without write_date, and for fields whose
// values change without it: see [Feed.Limits].
func Whole() Option { return func(s *settings) { s.whole = true } }

// PageSize is the number of records that are read in one call, and the most changes of a batch: 500 if not given.
func PageSize(n int) Option {
	return func(s *settings) {
		if s.page = n; n < 1 {
			s.refuse("PageSize(%d): want at least 1", n)
		}
	}
}

// When says when a feed looks for changes.
type When func(*schedule)

type schedule struct {
	every time.Duration
	wake  <-chan struct{}
	err   error
}

// Every looks again so long after the last poll has ended.
func Every(d time.Duration) When {
	return func(s *schedule) {
		if s.every = d; d <= 0 {
			s.err = errors.Join(s.err, fmt.Errorf("Every(%v): want more than 0", d))
		}
	}
}

// Wake looks again at once when the channel delivers: a webhook, a bus signal, or your own write. Wake-ups make a feed fast;
// they need not be complete, and may be more than there are changes. Give [Every] as well.
func Wake(signals <-chan struct{}) When {
	return func(s *schedule) {
		if s.wake = signals; signals == nil {
			s.err = errors.Join(s.err, errors.New("Wake(nil): want a channel"))
		}
	}
}
