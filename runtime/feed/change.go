package feed

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	orm "github.com/odoogen/odoogen/runtime"
)

// Kind says what happened to a record.
type Kind uint8

// The kinds of changes. After a crash between a delivery and its commit, a record is delivered again by what it is then: handle
// Created and Changed alike, as an upsert, and a Left or Deleted of a record that is unknown as nothing to do.
const (
	Created Kind = iota + 1 // the record matches, and did not before: it is new, or entered the condition
	Changed                 // a field that is read has another value
	Left                    // the record exists, and no longer matches
	Deleted                 // the record does not exist, or the user can no longer see it
)

func (k Kind) String() string {
	switch k {
	case Created:
		return "created"
	case Changed:
		return "changed"
	case Left:
		return "left"
	case Deleted:
		return "deleted"
	}
	return fmt.Sprintf("Kind(%d)", uint8(k))
}

// Change is what happened to a record since it was delivered last.
type Change[R, M any] struct {
	Kind   Kind
	ID     orm.ID[M]
	Record R // the zero value if the record has left or is deleted
}

// Batch is a number of changes, each of another record.
type Batch[R, M any] struct {
	Changes []Change[R, M]

	commit    func(context.Context) error
	commitTx  func(context.Context, *sql.Tx) error // nil unless the store is a SQL
	committed bool
	inTx      bool // committed in a transaction of the consumer's
	over      bool // the loop has gone on
}

var errOver = errors.New("feed: Commit was called after the loop had continued: the changes are delivered again")

// Commit notes that the changes have been handled: they are not delivered again. A batch that the loop leaves without a commit
// is delivered again by the next poll, with what has changed until then. Until it is committed, nothing else is delivered.
func (b *Batch[R, M]) Commit(ctx context.Context) error {
	switch {
	case b.committed, b.inTx:
		return nil
	case b.over:
		return errOver
	}
	if err := b.commit(ctx); err != nil {
		return fmt.Errorf("feed: commit: %w", err)
	}
	b.committed = true
	return nil
}
