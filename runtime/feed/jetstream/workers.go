package jetstream

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"hash/fnv"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"github.com/cenkalti/backoff/v5"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/nats-io/nuid"
)

// Work runs a feed: it makes one over the store, and loops over its batches until the context ends.
type Work func(ctx context.Context, store *Store) error

// Run is a worker of the group: it runs its part of the feeds, by name, until the context ends. Any number of workers run the same
// feeds, each feed on one of them. When a worker ends or joins, the feeds are shared again. When one dies, the others take its
// feeds over after [Takeover].
//
// A worker that cannot reach the servers ends the contexts of its feeds before others take them over. One that has not noticed yet
// fails at its next [Store.Save], and at its next [Publish] before anything is published. The clocks of the machines are not
// compared.
//
// What goes wrong is passed to report: the errors of feeds, which are run again after a pause of one second up to a minute, and
// those of the worker. Reports may come from several goroutines.
func (g *Group) Run(ctx context.Context, feeds map[string]Work, report func(error)) error {
	if report == nil {
		return errors.New("jetstream: Run without a function for errors")
	}
	for name := range feeds {
		if err := checkName("the feed", name); err != nil {
			return fmt.Errorf("jetstream: %w", err)
		}
	}
	w := &worker{
		Group: g, id: nuid.Next(), feeds: feeds, report: report, ended: make(chan string),
		peers: map[string]*peer{}, tasks: map[string]*task{},
	}
	w.beat = beat{Period: g.settings.takeover / beatsToDie, Feeds: sumOf(slices.Sorted(maps.Keys(feeds)))}
	if err := w.run(ctx); err != nil {
		return fmt.Errorf("jetstream: group %s: leave: %w", g.name, err)
	}
	return nil
}

// A worker writes its key worker.ID in each period. It ends its feeds when it could not write for beatsToStop periods, which it
// notices within one more, and is dead for the others when they see nothing new for beatsToDie of them.
const (
	beatsToStop = 3
	beatsToDie  = 6
)

// beat is the value of a worker's key.
type beat struct {
	Period time.Duration `json:"period"`
	Feeds  uint64        `json:"feeds"` // a sum of their names: workers with the same feeds share them
	Left   bool          `json:"left,omitempty"`
}

func sumOf(names []string) uint64 {
	h := fnv.New64a()
	for _, name := range names {
		_, _ = h.Write([]byte(name + "\n")) // never fails
	}
	return h.Sum64()
}

// worker is a run of [Group.Run].
type worker struct {
	*Group
	id     string
	beat   beat
	feeds  map[string]Work
	report func(error)
	peers  map[string]*peer
	tasks  map[string]*task
	ended  chan string // the names of tasks
	beaten time.Time   // when the last beat that was written began
	looked time.Time   // when the bucket was read last
}

// peer is another worker.
type peer struct {
	beat
	revision uint64
	changed  time.Time // when this worker saw the revision first
}

// task is a feed that runs here.
type task struct {
	cancel context.CancelFunc
	owner  uint64 // the revision of the owner's key, 0 if the feed belongs to another worker by now
	ending bool
}

func (w *worker) run(ctx context.Context) error {
	ticker := time.NewTicker(w.beat.Period)
	defer ticker.Stop()
	w.round(ctx)
	for {
		select {
		case <-ctx.Done():
			return w.leave(context.WithoutCancel(ctx))
		case name := <-w.ended:
			w.complain(w.finish(ctx, name))
		case <-ticker.C:
			w.round(ctx)
		}
	}
}

func (w *worker) complain(err error) {
	if err != nil {
		w.report(fmt.Errorf("jetstream: group %s: worker %s: %w", w.name, w.id, err))
	}
}

// round writes a beat, and shares the feeds. It takes a period at most.
func (w *worker) round(ctx context.Context) {
	began := time.Now()
	within, cancel := context.WithTimeout(ctx, w.beat.Period)
	defer cancel()
	revision, err := w.write(within)
	if err == nil {
		w.beaten = began
		err = w.share(within, ctx, revision)
	}
	if ctx.Err() != nil {
		return
	}
	w.complain(err)
	if time.Since(w.beaten) >= beatsToStop*w.beat.Period {
		for _, t := range w.tasks {
			t.end(0)
		}
	}
}

func (w *worker) write(ctx context.Context) (uint64, error) {
	data, err := json.Marshal(w.beat)
	if err != nil {
		return 0, err
	}
	revision, err := w.kv.Put(ctx, "worker."+w.id, data)
	if err != nil {
		err = fmt.Errorf("write that it is alive: %w", err)
	}
	return revision, err
}

// seen is what the bucket has of the workers.
type seen struct {
	workers, owners map[string]jetstream.KeyValueEntry // by ID, and by feed
}

func (w *worker) look(ctx context.Context) (seen, error) {
	all := seen{map[string]jetstream.KeyValueEntry{}, map[string]jetstream.KeyValueEntry{}}
	watch, err := w.kv.WatchFiltered(ctx, []string{"worker.*", "owner.*"}, jetstream.IgnoreDeletes())
	if err != nil {
		return all, err
	}
	defer func() { _ = watch.Stop() }() // it ends with the context anyway
	for {
		select {
		case <-ctx.Done():
			return all, ctx.Err()
		case entry := <-watch.Updates():
			if entry == nil {
				return all, nil
			}
			kind, name, _ := strings.Cut(entry.Key(), ".")
			if kind == "worker" {
				all.workers[name] = entry
			} else {
				all.owners[name] = entry
			}
		}
	}
}

// share takes feeds, and gives surplus ones away. The contexts of feeds are made of the second context.
func (w *worker) share(ctx, life context.Context, beat uint64) error {
	all, err := w.look(ctx)
	if err != nil {
		return fmt.Errorf("read which feed belongs to which worker: %w", err)
	}
	if me := all.workers[w.id]; me == nil || me.Revision() != beat {
		return errors.New("the server that was asked is behind")
	}
	if err := w.judge(ctx, all); err != nil {
		return err
	}
	var free []string
	running := 0
	for name := range w.feeds {
		owner, t := all.owners[name], w.tasks[name]
		switch {
		case owner != nil && string(owner.Value()) == w.id:
			if t == nil {
				t = w.start(life, name, owner.Revision())
			}
			if !t.ending {
				running++
			}
		case t != nil:
			t.end(0)
		case w.isFree(owner):
			free = append(free, name)
		}
	}
	quota := w.quota()
	for _, t := range w.tasks {
		if running > quota && !t.ending {
			t.end(t.owner)
			running--
		}
	}
	return w.take(ctx, life, free, all.owners, quota-running)
}

// judge notes which workers have written, and removes those that are dead. What is read may lack a key that is written meanwhile.
func (w *worker) judge(ctx context.Context, all seen) error {
	now := time.Now()
	blind := now.Sub(w.looked) > beatsToStop*w.beat.Period // they may have written meanwhile, or have been cut off alike
	w.looked = now
	named := map[string]bool{}
	for id := range all.workers {
		named[id] = true
	}
	for _, owner := range all.owners {
		named[string(owner.Value())] = true
	}
	maps.DeleteFunc(w.peers, func(id string, _ *peer) bool { return !named[id] })
	delete(named, w.id)
	for id := range named {
		entry, p := all.workers[id], w.peers[id]
		switch {
		case entry != nil && (p == nil || p.revision != entry.Revision()):
			p = &peer{revision: entry.Revision(), changed: now}
			if err := json.Unmarshal(entry.Value(), &p.beat); err != nil {
				return fmt.Errorf("the value %s: %w", entry.Key(), err)
			}
			w.peers[id] = p
		case p == nil:
			w.peers[id] = &peer{beat: beat{Period: w.beat.Period}, changed: now}
		case blind:
			p.changed = now
		case now.Sub(p.changed) >= beatsToDie*p.Period:
			p.Left = true
			if err := w.remove(ctx, "worker."+id); err != nil {
				return err
			}
		}
	}
	return nil
}

// isFree reports whether a feed has no owner that is alive.
func (w *worker) isFree(owner jetstream.KeyValueEntry) bool {
	if owner == nil || len(owner.Value()) == 0 {
		return true
	}
	p := w.peers[string(owner.Value())]
	return p != nil && p.Left
}

// quota is the number of feeds that this worker runs at most. Workers with other feeds do not count, because they may lack
// some of these.
func (w *worker) quota() int {
	workers := 1
	for _, p := range w.peers {
		if p.Feeds == w.beat.Feeds && !p.Left {
			workers++
		}
	}
	return (len(w.feeds) + workers - 1) / workers
}

// take takes up to a number of feeds. That another worker was faster is no error.
func (w *worker) take(ctx, life context.Context, free []string, owners map[string]jetstream.KeyValueEntry, most int) error {
	rand.Shuffle(len(free), func(i, j int) { free[i], free[j] = free[j], free[i] })
	for _, name := range free {
		if most <= 0 || ctx.Err() != nil {
			return nil //nolint:nilerr // the next round takes the others
		}
		var revision uint64
		var err error
		if owner := owners[name]; owner == nil {
			revision, err = w.kv.Create(ctx, "owner."+name, []byte(w.id))
		} else {
			revision, err = w.kv.Update(ctx, "owner."+name, []byte(w.id), owner.Revision())
		}
		switch {
		case err == nil:
			w.start(life, name, revision)
			most--
		case ctx.Err() == nil && !errors.Is(err, jetstream.ErrKeyExists):
			return fmt.Errorf("take %s: %w", name, err)
		}
	}
	return nil
}

// start runs a feed.
func (w *worker) start(ctx context.Context, name string, owner uint64) *task {
	ctx, cancel := context.WithCancel(ctx)
	t := &task{cancel: cancel, owner: owner}
	w.tasks[name] = t
	go func() {
		defer func() { w.ended <- name }()
		w.repeat(ctx, name)
	}()
	return t
}

// repeat runs a feed again and again.
func (w *worker) repeat(ctx context.Context, name string) {
	pause := &backoff.ExponentialBackOff{InitialInterval: time.Second, Multiplier: 2, RandomizationFactor: 0.2, MaxInterval: time.Minute}
	for {
		began := time.Now()
		err := w.feeds[name](ctx, w.Store(name))
		if ctx.Err() != nil {
			return
		}
		w.report(fmt.Errorf("jetstream: feed %s: %w", name, cmp.Or(err, errReturned)))
		if time.Since(began) > pause.MaxInterval {
			pause.Reset()
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(pause.NextBackOff()):
		}
	}
}

var errReturned = errors.New("its function has returned before its context ended")

// end ends the feed here. If this worker owns it by the revision, it is for others then.
func (t *task) end(owner uint64) {
	t.ending, t.owner = true, owner
	t.cancel()
}

// finish forgets a feed that has ended, and releases it if it is still owned.
func (w *worker) finish(ctx context.Context, name string) error {
	t := w.tasks[name]
	delete(w.tasks, name)
	t.cancel()
	if t.owner == 0 {
		return nil
	}
	_, err := w.kv.Update(ctx, "owner."+name, nil, t.owner)
	if errors.Is(err, jetstream.ErrKeyExists) { // it belongs to another worker already
		return nil
	}
	return err
}

// leave ends all feeds and releases them.
func (w *worker) leave(ctx context.Context) error {
	for _, t := range w.tasks {
		t.end(t.owner)
	}
	var errs []error
	for len(w.tasks) > 0 {
		name := <-w.ended
		within, cancel := context.WithTimeout(ctx, w.beat.Period)
		errs = append(errs, w.finish(within, name))
		cancel()
	}
	within, cancel := context.WithTimeout(ctx, w.beat.Period)
	defer cancel()
	w.beat.Left = true
	_, err := w.write(within)
	return errors.Join(append(errs, err)...)
}
