package feed_test

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/odoogen/odoogen/generated/odoo"
	orm "github.com/odoogen/odoogen/runtime"
	"github.com/odoogen/odoogen/runtime/feed"
	"github.com/odoogen/odoogen/runtime/odootest"
)

// The torture test: writers change partners in every way, some in transactions that are held open, while a consumer, a process of
// its own, is killed again and again. At the end what the consumer has must be what the server has, and nothing may have been
// delivered again after its commit. consumer_test.go is the consumer.

// torture is a run of it.
type torture struct {
	t       *testing.T
	c       *orm.Client
	prefix  string        // of the refs that match
	overlap time.Duration // of the feed
	writing time.Duration
	kill    [2]time.Duration // how long a consumer lives, at least and at most
	settle  time.Duration    // how long the consumer has at the end
	// hold runs a transaction that is open for a while, and then writes the name of the partner, or makes it if the ID is 0.
	hold func(ctx context.Context, c *orm.Client, id orm.ID[odoo.ResPartner], ref, name string) (orm.ID[odoo.ResPartner], error)
	env  []string // of the consumer
	// atEnd runs when the writers have ended, and the last consumer lives.
	atEnd func()

	log     string
	writes  atomic.Int64
	held    atomic.Int64
	kills   int
	written sync.Map // name → when its write had returned
}

const writers = 8

// run lets writers and consumer go, and gives what the consumer has in the end beside what the server has.
func (w *torture) run() (got, want map[int64]string, h history) {
	w.t.Helper()
	w.log = filepath.Join(w.t.TempDir(), "log")
	w.env = append(w.env, "FEED_TORTURE_PREFIX="+w.prefix, "FEED_TORTURE_LOG="+w.log, "FEED_TORTURE_OVERLAP="+w.overlap.String())
	ctx, stop := context.WithTimeout(w.t.Context(), w.writing)
	defer stop()
	var group sync.WaitGroup
	for i := range writers {
		group.Go(func() { w.write(ctx, i) })
	}
	done := make(chan struct{})
	go func() { group.Wait(); close(done) }()
	for alive := true; alive; {
		alive = w.consumeUntilKilled(done)
	}
	if w.atEnd != nil {
		w.atEnd()
	}
	want = w.table()
	for deadline := time.Now().Add(w.settle); ; time.Sleep(100 * time.Millisecond) {
		h = w.history()
		if maps.Equal(h.has, want) || time.Now().After(deadline) {
			break
		}
	}
	return h.has, want, h
}

func (w *torture) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

// consumeUntilKilled starts a consumer and kills it, unless the writers have ended: then it lives on to the end of the test.
func (w *torture) consumeUntilKilled(done <-chan struct{}) bool {
	program, err := os.Executable()
	w.must(err)
	var out bytes.Buffer
	cmd := exec.CommandContext(w.t.Context(), program, "-test.run=^$")
	cmd.Env, cmd.Stdout, cmd.Stderr = append(os.Environ(), w.env...), &out, &out
	w.must(cmd.Start())
	end := func() {
		_ = cmd.Process.Kill()
		if _, killed := errors.AsType[*exec.ExitError](cmd.Wait()); !killed || cmd.ProcessState.ExitCode() >= 0 {
			w.t.Errorf("the consumer ended by itself: %s", out.String())
		}
	}
	select {
	case <-done:
		w.t.Cleanup(end)
		return false
	case <-time.After(w.kill[0] + rand.N(w.kill[1]-w.kill[0])):
		w.kills++
		end()
		return true
	}
}

// partners are those of one writer.
type partners struct {
	*torture
	ctx    context.Context
	writer int
	n      int
	ids    []orm.ID[odoo.ResPartner]

	children map[orm.ID[odoo.ResPartner]]orm.ID[odoo.ResPartner]
}

func (w *torture) write(ctx context.Context, i int) {
	p := &partners{torture: w, ctx: context.WithoutCancel(ctx), writer: i, children: map[orm.ID[odoo.ResPartner]]orm.ID[odoo.ResPartner]{}}
	for ctx.Err() == nil {
		if err := p.step(); err != nil {
			w.t.Errorf("writer %d: %v", i, err)
			return
		}
		w.writes.Add(1)
		time.Sleep(rand.N(30 * time.Millisecond))
	}
}

func (p *partners) name() string {
	p.n++
	return fmt.Sprintf("%s w%d n%d", p.prefix, p.writer, p.n)
}

func (p *partners) ref() string { return fmt.Sprintf("%s-%d-%d", p.prefix, p.writer, p.n) }

func (p *partners) any() orm.ID[odoo.ResPartner] { return p.ids[rand.N(len(p.ids))] }

// set writes values to a partner, with a new name.
func (p *partners) set(id orm.ID[odoo.ResPartner], v odoo.ResPartnerValues) error {
	name := p.name()
	v.Name = orm.Set(name)
	err := orm.Write(p.ctx, p.c, []orm.ID[odoo.ResPartner]{id}, v)
	p.written.Store(name, time.Now())
	return err
}

// step changes something.
func (p *partners) step() error {
	op := rand.N(20)
	if len(p.ids) < 3 {
		op = 0
	}
	switch {
	case op < 3:
		return p.create()
	case op < 6:
		return p.set(p.any(), odoo.ResPartnerValues{Color: orm.Set(rand.N(9))})
	case op < 8: // within one second, in two transactions
		id := p.any()
		return cmp.Or(p.set(id, odoo.ResPartnerValues{}), p.set(id, odoo.ResPartnerValues{}))
	case op < 9: // equal values
		return orm.Write(p.ctx, p.c, p.ids[:1], odoo.ResPartnerValues{Active: orm.Set(true)})
	case op < 11:
		return p.set(p.any(), odoo.ResPartnerValues{Active: orm.Set(rand.N(2) == 0)})
	case op < 13:
		return p.command(p.any())
	case op < 15: // out of the condition, or back into it
		ref := "out of " + p.prefix
		if rand.N(2) == 0 {
			ref = p.ref()
		}
		return p.set(p.any(), odoo.ResPartnerValues{Ref: orm.Set(ref)})
	case op < 17:
		return p.unlink()
	}
	return p.holdOpen()
}

func (p *partners) create() error {
	var values []odoo.ResPartnerValues
	for range 1 + rand.N(3) {
		values = append(values, odoo.ResPartnerValues{Name: orm.Set(p.name()), Ref: orm.Set(p.ref())})
	}
	ids, err := orm.CreateMany(p.ctx, p.c, values)
	p.ids = append(p.ids, ids...)
	return err
}

// command makes a child of a partner by a command, or deletes the one that it has.
func (p *partners) command(id orm.ID[odoo.ResPartner]) error {
	command := orm.Commands(orm.New(odoo.ResPartnerValues{Name: orm.Set("child of " + p.prefix)}))
	if child := p.children[id]; child != 0 {
		command = orm.Commands(orm.Delete(child))
	}
	if err := p.set(id, odoo.ResPartnerValues{ChildIDs: command}); err != nil {
		return err
	}
	record, err := orm.Get[tortured](p.ctx, p.c, id)
	if p.children[id] = 0; len(record.Children) > 0 {
		p.children[id] = record.Children[0]
	}
	return err
}

func (p *partners) unlink() error {
	i := rand.N(len(p.ids))
	id := p.ids[i]
	p.ids = slices.Delete(p.ids, i, i+1)
	return orm.Unlink(p.ctx, p.c, []orm.ID[odoo.ResPartner]{id})
}

// holdOpen writes or makes a partner in a transaction that is open for a while. Meanwhile the other writers go on.
func (p *partners) holdOpen() error {
	p.held.Add(1)
	var id orm.ID[odoo.ResPartner]
	if rand.N(2) == 0 {
		id = p.any()
	}
	name := p.name()
	made, err := p.hold(p.ctx, p.c, id, p.ref(), name)
	p.written.Store(name, time.Now())
	if id == 0 && err == nil {
		p.ids = append(p.ids, made)
	}
	return err
}

// table is what the server has.
func (w *torture) table() map[int64]string {
	rows, err := orm.Find[tortured](w.t.Context(), w.c, tortureScope(w.prefix), orm.Archived())
	w.must(err)
	out := map[int64]string{}
	for _, r := range rows {
		out[int64(r.ID)] = r.String()
	}
	return out
}

// history is what the log of the consumer says.
type history struct {
	has              map[int64]string
	batches, changes int
	repeated         []string // delivered again after the commit
	lags             []time.Duration
	uncommitted      int
	looks, calls     int // of looks that were logged, the last ones of each process left out
}

// history reads the log, but for lines that a kill has cut off.
func (w *torture) history() history {
	data, err := os.ReadFile(w.log + ".log")
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		w.t.Fatal(err)
	}
	h := history{has: map[int64]string{}}
	committed := map[int64]string{}
	open := map[int64]bool{}  // delivered, not committed
	seen := map[string]bool{} // the names in committed batches: a record can be delivered again with an old name
	var batch []entry
	for line := range bytes.Lines(data) {
		var e entry
		if json.Unmarshal(line, &e) != nil {
			continue
		}
		if e.Looks > 0 {
			h.looks, h.calls = h.looks+e.Looks, h.calls+e.Calls
			continue
		}
		if e.Committed {
			h.batches++
			for _, e := range batch {
				committed[e.ID] = e.Row
				delete(open, e.ID)
				if at, ok := w.written.Load(e.Name); ok && !seen[e.Name] {
					seen[e.Name] = true
					h.lags = append(h.lags, e.At.Sub(at.(time.Time)))
				}
			}
			batch = nil
			continue
		}
		if e.First { // of a process, or of a batch
			batch = nil
		}
		h.changes++
		before, known := committed[e.ID]
		if known && before == e.Row && !open[e.ID] {
			h.repeated = append(h.repeated, fmt.Sprint(e))
		}
		if open[e.ID] {
			h.uncommitted++
		}
		open[e.ID] = true
		batch = append(batch, e)
		if h.has[e.ID] = e.Row; e.Row == "" {
			delete(h.has, e.ID)
		}
	}
	slices.Sort(h.lags)
	return h
}

// report is the result in one line.
func (w *torture) report(h history) {
	lag := func(share float64) time.Duration {
		if len(h.lags) == 0 {
			return 0
		}
		return h.lags[int(share*float64(len(h.lags)-1))].Round(time.Millisecond)
	}
	w.t.Logf("%v: %d writes by %d writers, %d transactions held open; consumer: %d kills, %d changes in %d batches, %d delivered again before a commit; %d looks in %d calls; lag: median %v, 95 %% %v, most %v",
		w.writing, w.writes.Load(), writers, w.held.Load(), w.kills, h.changes, h.batches, h.uncommitted, h.looks, h.calls, lag(0.5), lag(0.95), lag(1))
}

// check fails the test unless the consumer has what the server has.
func (w *torture) check(got, want map[int64]string, h history) {
	w.t.Helper()
	for id, row := range want {
		if got[id] != row {
			w.t.Errorf("partner %d: the consumer has %q, the server %q", id, got[id], row)
		}
	}
	for id, row := range got {
		if want[id] == "" {
			w.t.Errorf("partner %d: the consumer has %q, the server does not", id, row)
		}
	}
	for _, r := range h.repeated {
		w.t.Errorf("delivered again after its commit: %s", r)
	}
	if w.kills == 0 || w.held.Load() == 0 || h.changes == 0 || len(want) == 0 {
		w.t.Errorf("%d kills, %d transactions held open, %d changes, %d partners in the end: nothing was tested", w.kills, w.held.Load(), h.changes, len(want))
	}
}

// tortureTime is how long the writers write.
func tortureTime(t *testing.T, usual time.Duration) time.Duration {
	text := os.Getenv("FEED_TORTURE_TIME")
	if text == "" {
		return usual
	}
	d, err := time.ParseDuration(text)
	if err != nil {
		t.Fatalf("FEED_TORTURE_TIME: %v", err)
	}
	return d
}

// embeddedTorture is one on the embedded Odoo as a version.
func embeddedTorture(t *testing.T, series string) (*torture, *odootest.Server) {
	server := odootest.New(t, schema(t, series))
	lasts := []time.Duration{300 * time.Millisecond, 800 * time.Millisecond, 1500 * time.Millisecond}
	for i, d := range lasts {
		method := fmt.Sprint("held_", i)
		server.Method("res.partner", method, func(call odootest.Call) (any, error) {
			values := map[string]any{"name": call.Kwargs["name"]}
			if len(call.IDs) > 0 {
				return true, call.Write("res.partner", call.IDs, values)
			}
			values["ref"] = call.Kwargs["ref"]
			return call.Create("res.partner", values)
		})
		server.Inject(odootest.On{Model: "res.partner", Method: method}, odootest.CommitLate(d))
	}
	c, err := server.Dial(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return &torture{
		t: t, c: c, prefix: "tortured", overlap: 30 * time.Second, settle: 60 * time.Second,
		writing: tortureTime(t, 3*time.Second), kill: [2]time.Duration{300 * time.Millisecond, 1200 * time.Millisecond},
		env: []string{"FEED_TORTURE=feed", "ODOO_URL=" + server.URL, "ODOO_DB=demo", "ODOO_USER=admin", "ODOO_PASSWORD=admin"},
		hold: func(ctx context.Context, c *orm.Client, id orm.ID[odoo.ResPartner], ref, name string) (made orm.ID[odoo.ResPartner], err error) {
			method, args := fmt.Sprint("held_", rand.N(len(lasts))), orm.Args{"name": name, "ref": ref}
			if id != 0 {
				return 0, c.Model("res.partner").Call(ctx, method, []int64{int64(id)}, args, nil)
			}
			return made, c.Model("res.partner").Call(ctx, method, nil, args, &made)
		},
	}, server
}

func TestTorture(t *testing.T) {
	for _, series := range []string{"14.0", "19.0"} {
		for _, source := range []string{"polling", "outbox"} {
			t.Run(series+" "+source, func(t *testing.T) {
				t.Parallel()
				w, _ := embeddedTorture(t, series)
				if source == "outbox" {
					w.install("torture")
				}
				got, want, h := w.run()
				w.check(got, want, h)
				w.report(h)
			})
		}
	}
}

// install makes an outbox that the consumer reads. Children are partners, whose changes are those of their parents.
func (w *torture) install(name string) {
	w.t.Helper()
	w.must(feed.Install(w.t.Context(), w.c, name, feed.On(feed.Through(p.ParentID)), feed.Readers("base.group_user")))
	w.env = append(w.env, "FEED_TORTURE_OUTBOX="+name)
}

// The usual way, which asks for what is newer than the last write_date, loses changes in the same test: it bites.
func TestTortureOfTheUsualWay(t *testing.T) {
	for _, series := range []string{"14.0", "19.0"} {
		t.Run(series, func(t *testing.T) {
			t.Parallel()
			w, server := embeddedTorture(t, series)
			w.env = append(w.env, "FEED_TORTURE=usual")
			w.settle = time.Second
			var late int64
			w.atEnd = func() { late = w.commitLate(server) }
			got, want, h := w.run()
			lost := 0
			for id, row := range want {
				if got[id] != row {
					lost++
				}
			}
			if want[late] == "" || got[late] == want[late] {
				t.Errorf("it has seen the late commit: %q", got[late])
			}
			t.Logf("of %d partners, %d are not as on the server", len(want), lost)
			w.report(h)
		})
	}
}

// commitLate commits a partner when the consumer has seen another one with a later write_date, and gives its ID.
func (w *torture) commitLate(server *odootest.Server) int64 {
	create := func(name string) int64 {
		id, err := orm.Create(w.t.Context(), w.c, odoo.ResPartnerValues{Name: orm.Set(name), Ref: orm.Set(w.prefix + "-" + name)})
		w.must(err)
		return int64(id)
	}
	signal, done := make(chan struct{}), make(chan int64)
	server.Inject(odootest.On{Model: "res.partner", Method: "create", Times: 1}, odootest.CommitAfter(signal))
	go func() { done <- create("late") }()
	time.Sleep(1100 * time.Millisecond) // of another second, on 19
	later := create("later")
	for deadline := time.Now().Add(time.Minute); w.history().has[later] == ""; time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			w.t.Error("the consumer does not see what was committed in time")
			break
		}
	}
	close(signal)
	return <-done
}
