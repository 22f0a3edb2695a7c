package feed

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
)

// SQL keeps the state in a database, under a name, in the tables odoogen_feed and odoogen_feed_seen, which it makes if they do
// not exist. The database needs INSERT … ON CONFLICT: SQLite or PostgreSQL. [Batch.CommitTx] commits within a transaction of
// your own. To start over, delete the rows of both tables with the name.
//
// Two loops over one name notice each other: the first one to save goes on, and the other one fails at its next save.
func SQL(db *sql.DB, name string) Store { return &sqlStore{db: db, name: name} }

type sqlStore struct {
	db   *sql.DB
	name string

	mu     sync.Mutex
	open   bool
	dollar bool  // placeholders are $1, otherwise ?
	step   int64 // the number of saves, as far as this loop knows
}

// CommitTx is [Batch.Commit] within a transaction of the database of the store, which must be a [SQL]: the changes are committed
// together with what the transaction writes. It must be committed before the loop goes on; if it is rolled back, the batch is
// delivered again.
func (b *Batch[R, M]) CommitTx(ctx context.Context, tx *sql.Tx) error {
	switch {
	case b.commitTx == nil:
		return errors.New("feed: CommitTx: the store of the feed is not a feed.SQL")
	case b.committed || b.inTx:
		return errors.New("feed: CommitTx of a batch that is committed already")
	case b.over:
		return errOver
	}
	if err := b.commitTx(ctx, tx); err != nil {
		return fmt.Errorf("feed: commit: %w", err)
	}
	b.inTx = true
	return nil
}

var sqlTables = []string{
	"CREATE TABLE IF NOT EXISTS odoogen_feed (name VARCHAR(255) PRIMARY KEY, identity TEXT NOT NULL, progress TEXT NOT NULL, step BIGINT NOT NULL)",
	"CREATE TABLE IF NOT EXISTS odoogen_feed_seen (name VARCHAR(255) NOT NULL, id BIGINT NOT NULL, checksum BIGINT NOT NULL, PRIMARY KEY (name, id))",
}

func (s *sqlStore) Open(ctx context.Context, feed Identity) (State, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.open {
		return State{}, fmt.Errorf("the state %s is in use by another loop", s.name)
	}
	for _, table := range sqlTables {
		if _, err := s.db.ExecContext(ctx, table); err != nil {
			return State{}, err
		}
	}
	var probe int64
	s.dollar = s.db.QueryRowContext(ctx, "SELECT CAST($1 AS BIGINT)", int64(1)).Scan(&probe) == nil && probe == 1
	state, err := s.load(ctx, feed)
	s.open = err == nil
	return state, err
}

// load reads the state, or makes a new one.
func (s *sqlStore) load(ctx context.Context, feed Identity) (State, error) {
	identity, err := json.Marshal(feed)
	if err != nil {
		return State{}, err
	}
	_, err = s.db.ExecContext(ctx, s.query("INSERT INTO odoogen_feed (name, identity, progress, step) VALUES (?, ?, '{}', 0) ON CONFLICT (name) DO NOTHING"), s.name, string(identity))
	if err != nil {
		return State{}, err
	}
	var have, progress string
	row := s.db.QueryRowContext(ctx, s.query("SELECT identity, progress, step FROM odoogen_feed WHERE name = ?"), s.name)
	if err := row.Scan(&have, &progress, &s.step); err != nil {
		return State{}, err
	}
	var state State
	var of Identity
	if err := errors.Join(json.Unmarshal([]byte(have), &of), json.Unmarshal([]byte(progress), &state.Cursor)); err != nil {
		return State{}, fmt.Errorf("the state %s cannot be read: %w", s.name, err)
	}
	if err := of.Check(feed); err != nil {
		return State{}, fmt.Errorf("%s is %w: to start over, delete its rows from odoogen_feed and odoogen_feed_seen", s.name, err)
	}
	state.Seen, err = s.seen(ctx)
	return state, err
}

func (s *sqlStore) seen(ctx context.Context) (out []Seen, err error) {
	rows, err := s.db.QueryContext(ctx, s.query("SELECT id, checksum FROM odoogen_feed_seen WHERE name = ? ORDER BY id"), s.name)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var id, sum int64
		if err := rows.Scan(&id, &sum); err != nil {
			return nil, err
		}
		out = append(out, Seen{id, uint64(sum)}) //nolint:gosec // the same bits
	}
	return out, rows.Err()
}

// query has the placeholders of the database.
func (s *sqlStore) query(text string) string {
	if !s.dollar {
		return text
	}
	var b strings.Builder
	n := 0
	for _, c := range text {
		if c == '?' {
			n++
			fmt.Fprintf(&b, "$%d", n)
			continue
		}
		b.WriteRune(c)
	}
	return b.String()
}

func (s *sqlStore) Save(ctx context.Context, p Progress) error {
	tx, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	if err := s.saveIn(ctx, tx, p); err != nil {
		return errors.Join(err, tx.Rollback())
	}
	if err := tx.Commit(); err != nil {
		return err
	}
	s.step++
	return nil
}

// perStatement is the number of records in a statement.
const perStatement = 500

// saveIn saves within a transaction. The step is that of the state that this loop has loaded or saved last.
func (s *sqlStore) saveIn(ctx context.Context, tx *sql.Tx, p Progress) error {
	progress, err := json.Marshal(p.Cursor)
	if err != nil {
		return err
	}
	done, err := tx.ExecContext(ctx, s.query("UPDATE odoogen_feed SET progress = ?, step = step + 1 WHERE name = ? AND step = ?"), string(progress), s.name, s.step)
	if err != nil {
		return err
	}
	if n, err := done.RowsAffected(); err != nil || n != 1 {
		return errors.Join(err, fmt.Errorf("the state %s was changed by another loop, or by a transaction that was committed late", s.name))
	}
	for part := range slices.Chunk(p.Seen, perStatement) {
		values := make([]string, len(part))
		for i, seen := range part {
			values[i] = fmt.Sprintf("(?, %d, %d)", seen.ID, int64(seen.Sum)) //nolint:gosec // the same bits
		}
		const end = " ON CONFLICT (name, id) DO UPDATE SET checksum = excluded.checksum"
		text := "INSERT INTO odoogen_feed_seen (name, id, checksum) VALUES " + strings.Join(values, ", ") + end
		if err := s.exec(ctx, tx, text, len(part)); err != nil {
			return err
		}
	}
	for part := range slices.Chunk(p.Gone, perStatement) {
		ids := strings.Trim(strings.Join(strings.Fields(fmt.Sprint(part)), ", "), "[]")
		if err := s.exec(ctx, tx, "DELETE FROM odoogen_feed_seen WHERE name = ? AND id IN ("+ids+")", 1); err != nil {
			return err
		}
	}
	return nil
}

// exec runs a statement in which each of n placeholders is the name.
func (s *sqlStore) exec(ctx context.Context, tx *sql.Tx, text string, n int) error {
	_, err := tx.ExecContext(ctx, s.query(text), slices.Repeat([]any{s.name}, n)...)
	return err
}

// committed reports whether the transaction of the consumer's that saveIn was called with last was committed.
func (s *sqlStore) committed(ctx context.Context) (bool, error) {
	var step int64
	err := s.db.QueryRowContext(ctx, s.query("SELECT step FROM odoogen_feed WHERE name = ?"), s.name).Scan(&step)
	if err != nil || step != s.step+1 {
		return false, err
	}
	s.step = step
	return true, nil
}

func (s *sqlStore) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.open = false
	return nil
}
