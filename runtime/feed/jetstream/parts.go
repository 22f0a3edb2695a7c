package jetstream

import (
	"cmp"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"

	"github.com/cenkalti/backoff/v5"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/nats-io/nuid"

	"github.com/odoogen/odoogen/runtime/feed"
)

// Steps are entries of the ID of a record and its sum. The negative ID is that of a record that is removed.
const entrySize = 16

func appendSteps(b []byte, p feed.Progress) []byte {
	b = slices.Grow(b, entrySize*(len(p.Seen)+len(p.Gone)))
	for _, seen := range p.Seen {
		b = binary.LittleEndian.AppendUint64(b, uint64(seen.ID)) //nolint:gosec // the same bits
		b = binary.LittleEndian.AppendUint64(b, seen.Sum)
	}
	for _, id := range p.Gone {
		b = binary.LittleEndian.AppendUint64(b, uint64(-id)) //nolint:gosec // the same bits
		b = binary.LittleEndian.AppendUint64(b, 0)
	}
	return b
}

// foldSteps gives the records after all steps, by ID.
func foldSteps(steps []byte) []feed.Seen {
	all := make([]feed.Seen, len(steps)/entrySize)
	for i := range all {
		all[i].ID = int64(binary.LittleEndian.Uint64(steps[i*entrySize:])) //nolint:gosec // the same bits
		all[i].Sum = binary.LittleEndian.Uint64(steps[i*entrySize+8:])
	}
	record := func(s feed.Seen) int64 { return max(s.ID, -s.ID) }
	slices.SortStableFunc(all, func(a, b feed.Seen) int { return cmp.Compare(record(a), record(b)) })
	kept := all[:0]
	for i, s := range all {
		isLast := i == len(all)-1 || record(all[i+1]) != record(s)
		if isLast && s.ID > 0 {
			kept = append(kept, s)
		}
	}
	return kept
}

// fold reads the records of the state.
func (s *Store) fold(ctx context.Context) ([]feed.Seen, error) {
	steps, err := s.readParts(ctx)
	if err != nil {
		return nil, err
	}
	steps = append(steps, s.head.Tail...)
	seen := foldSteps(steps)
	s.entries, s.records = len(steps)/entrySize, len(seen)
	return seen, nil
}

// readParts reads all parts. A server that is asked for one may not have it yet.
func (s *Store) readParts(ctx context.Context) (steps []byte, err error) {
	for _, part := range s.head.Parts {
		err := persist(ctx, func() error {
			entry, err := s.group.kv.Get(ctx, s.partKey(part))
			if err != nil {
				return err
			}
			if len(entry.Value())%entrySize != 0 {
				return backoff.Permanent(errors.New("its length is not that of whole entries"))
			}
			steps = append(steps, entry.Value()...)
			return nil
		})
		if err != nil {
			return nil, fmt.Errorf("the part %s of the state: %w: if it is lost, call Forget of the group to start over", s.partKey(part), err)
		}
	}
	return steps, nil
}

// writeParts writes steps to new parts.
func (s *Store) writeParts(ctx context.Context, steps []byte) (parts []string, err error) {
	for data := range slices.Chunk(steps, partMost) {
		part := nuid.Next()
		if err := persist(ctx, func() error {
			_, err := s.group.kv.Put(ctx, s.partKey(part), data)
			return err
		}); err != nil {
			return nil, err
		}
		parts = append(parts, part)
	}
	return parts, nil
}

// sweep removes parts that the head does not name: those that were replaced, and those of loops that ended before their head.
func (s *Store) sweep(ctx context.Context, keep []string) error {
	keys, err := s.group.kv.ListKeysFiltered(ctx, s.partKey("*"))
	if err != nil {
		return err
	}
	var old []string
	for key := range keys.Keys() {
		if !slices.ContainsFunc(keep, func(part string) bool { return s.partKey(part) == key }) {
			old = append(old, key)
		}
	}
	for _, key := range old {
		if err := s.group.remove(ctx, key); err != nil {
			return err
		}
	}
	return nil
}

// remove removes a value without a marker in its place.
func (g *Group) remove(ctx context.Context, key string) error {
	return g.bucket.Purge(ctx, jetstream.WithPurgeSubject("$KV."+g.name+"."+key))
}

// Forget removes the state of a feed, which then starts over. A loop that has it open fails at its next save.
func (g *Group) Forget(ctx context.Context, name string) error {
	s := g.Store(name)
	if err := checkName("the feed", name); err != nil {
		return fmt.Errorf("jetstream: %w", err)
	}
	if err := errors.Join(g.remove(ctx, s.headKey()), s.sweep(ctx, nil)); err != nil {
		return fmt.Errorf("jetstream: forget %s: %w", name, err)
	}
	return nil
}
