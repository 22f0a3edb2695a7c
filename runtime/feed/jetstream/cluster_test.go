package jetstream_test

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/odoogen/odoogen/generated"
	"github.com/odoogen/odoogen/generated/odoo"
	"github.com/odoogen/odoogen/introspect/snapshot"
	orm "github.com/odoogen/odoogen/runtime"
	"github.com/odoogen/odoogen/runtime/feed"
	"github.com/odoogen/odoogen/runtime/feed/jetstream"
	"github.com/odoogen/odoogen/runtime/odootest"
)

// tenant is a feed: the partners of an Odoo with a reference.
type tenant struct {
	feed, ref string
	c         *orm.Client
	inbox     inbox
	copy      map[orm.ID[odoo.ResPartner]]string // of the consumer

	ids []orm.ID[odoo.ResPartner] // of the writer
}

// trial is the cluster test.
type trial struct {
	*world
	nodes   []*process
	tenants []*tenant
	urls    map[string]string // of the Odoos, by feed
	role    role
	names   atomic.Int64
}

// Three nodes, four workers, twenty feeds on five Odoos. A worker is killed between publishing and its commit, and then the node that
// leads the stream. Every change is published once and consumed once, and the consumers have what the Odoos have.
func TestCluster(t *testing.T) {
	tr := &trial{world: &world{T: t}, urls: map[string]string{}}
	tr.startNodes()
	tr.startOdoos()
	victim := tr.startWorkers()
	ctx, stop := context.WithCancel(t.Context())
	consumers := tr.startConsumers(ctx)
	written := tr.startWriter()

	tr.waitFor(victim, "stopped at ")
	time.Sleep(time.Second) // more feeds stop there, and more is written meanwhile
	victim.kill(t)
	t.Log("the worker is killed")
	time.Sleep(time.Second)
	leader := tr.leader()
	tr.nodes[leader].kill(t)
	t.Logf("node %d is killed", leader)
	tr.settle(written)
	stop()
	consumers.Wait()
	tr.compareWithStream()
}

func (tr *trial) startNodes() {
	tr.Helper()
	tr.role.Ports = freePorts(tr.T, 6)
	for i := range 3 {
		r := tr.role
		r.Kind, r.Name, r.Folder = "node", nodeName(i), tr.TempDir()
		tr.nodes = append(tr.nodes, spawn(tr.T, r))
	}
	eventually(tr.T, 20*time.Second, func() (trouble string) {
		if tr.nc == nil {
			if nc, err := natsConnect(tr.role.clientURLs()); err == nil {
				tr.nc = nc
				tr.Cleanup(nc.Close)
			} else {
				return err.Error()
			}
		}
		g, err := jetstream.Join(tr.Context(), tr.nc, "shop", jetstream.Replicas(3), jetstream.Takeover(5*time.Second))
		if tr.g = g; err != nil {
			return err.Error()
		}
		return ""
	})
}

func (tr *trial) startOdoos() {
	tr.Helper()
	schema, err := snapshot.Decode(generated.Snapshot)
	must(tr.T, err)
	for i := range 5 {
		s := odootest.New(tr.T, schema)
		c, err := s.Dial(tr.Context())
		must(tr.T, err)
		for _, ref := range []string{"a", "b", "c", "d"} {
			name := fmt.Sprintf("odoo%d-%s", i, ref)
			tr.urls[name] = s.URL
			tr.tenants = append(tr.tenants, &tenant{feed: name, ref: ref, c: c, copy: map[orm.ID[odoo.ResPartner]]string{}})
		}
	}
}

// startWorkers starts four, of which one is to be killed.
func (tr *trial) startWorkers() (victim *process) {
	tr.Helper()
	r := tr.role
	r.Kind, r.Feeds = "victim", tr.urls
	victim = spawn(tr.T, r)
	r.Kind = "worker"
	for range 3 {
		spawn(tr.T, r)
	}
	return victim
}

func (tr *trial) startConsumers(ctx context.Context) *sync.WaitGroup {
	var all sync.WaitGroup
	for _, t := range tr.tenants {
		all.Go(func() {
			if err := jetstream.Consume(ctx, tr.g, t.feed, "copy", t.handle, t.inbox.report, jetstream.Pause(time.Second)); err != nil {
				tr.Error(err)
			}
		})
	}
	return &all
}

func (t *tenant) handle(_ context.Context, c feed.Change[partner, odoo.ResPartner]) error {
	t.inbox.mu.Lock()
	defer t.inbox.mu.Unlock()
	t.inbox.lines = append(t.inbox.lines, fmt.Sprint(c.Kind, " ", int64(c.ID), " ", c.Record.Name))
	if delete(t.copy, c.ID); c.Kind != feed.Deleted && c.Kind != feed.Left {
		t.copy[c.ID] = c.Record.Name
	}
	return nil
}

// startWriter writes to all Odoos until the trial has gone on for a while. No name is used twice.
func (tr *trial) startWriter() (done chan int) {
	done = make(chan int, 1)
	go func() {
		n := 0
		for end := time.Now().Add(12 * time.Second); time.Now().Before(end) && !tr.Failed(); n++ {
			t := tr.tenants[rand.IntN(len(tr.tenants))]
			if err := tr.change(t); err != nil {
				tr.Errorf("write: %v", err)
			}
			time.Sleep(20 * time.Millisecond)
		}
		done <- n
	}()
	return done
}

func (tr *trial) change(t *tenant) error {
	ctx, name := tr.Context(), fmt.Sprint("n", tr.names.Add(1))
	i := 0
	if len(t.ids) > 0 {
		i = rand.IntN(len(t.ids))
	}
	switch kind := rand.IntN(10); {
	case kind < 5 || len(t.ids) == 0:
		id, err := orm.Create(ctx, t.c, odoo.ResPartnerValues{Name: orm.Set(name), Ref: orm.Set(t.ref)})
		t.ids = append(t.ids, id)
		return err
	case kind < 9:
		return orm.Write(ctx, t.c, t.ids[i:i+1], odoo.ResPartnerValues{Name: orm.Set(name)})
	}
	err := orm.Unlink(ctx, t.c, t.ids[i:i+1])
	t.ids = slices.Delete(t.ids, i, i+1)
	return err
}

func (tr *trial) waitFor(p *process, prefix string) {
	tr.Helper()
	select {
	case line := <-p.lines:
		if !strings.HasPrefix(line, prefix) {
			tr.Fatal(line)
		}
	case <-time.After(20 * time.Second):
		tr.Fatalf("no process has %q", prefix)
	}
}

// leader is the node that leads the stream.
func (tr *trial) leader() (i int) {
	tr.Helper()
	stream, err := natsjs(tr.nc).Stream(tr.Context(), "shop")
	must(tr.T, err)
	_, err = fmt.Sscanf(stream.CachedInfo().Cluster.Leader, "node%d", &i)
	must(tr.T, err)
	return i
}

// settle waits until the consumers have what the Odoos have.
func (tr *trial) settle(written chan int) {
	tr.Helper()
	tr.Logf("%d writes", <-written)
	began := time.Now()
	for _, t := range tr.tenants {
		eventually(tr.T, 40*time.Second, func() string {
			rows, err := orm.Find[struct {
				ID   orm.ID[odoo.ResPartner] `odoo:"id"`
				Name string                  `odoo:"name"`
			}](tr.Context(), t.c, orm.Eq(odoo.ResPartnerF.Ref, t.ref))
			must(tr.T, err)
			want := map[orm.ID[odoo.ResPartner]]string{}
			for _, r := range rows {
				want[r.ID] = r.Name
			}
			t.inbox.mu.Lock()
			defer t.inbox.mu.Unlock()
			if got := t.copy; fmt.Sprint(got) != fmt.Sprint(want) {
				return fmt.Sprintf("%s: the consumer has %v, want %v: reports %q", t.feed, got, want, t.inbox.reports)
			}
			return ""
		})
	}
	tr.Logf("settled %v after the last write", time.Since(began))
}

// compareWithStream compares what was consumed with what is in the stream, in its order, and finds what was published twice.
func (tr *trial) compareWithStream() {
	tr.Helper()
	stream, err := natsjs(tr.nc).Stream(tr.Context(), "shop")
	must(tr.T, err)
	published := map[string][]string{}
	seen := map[string]bool{}
	last := stream.CachedInfo().State.LastSeq
	for seq := uint64(1); seq <= last; seq++ {
		m, err := stream.GetMsg(tr.Context(), seq)
		must(tr.T, err)
		var c struct {
			Kind   string
			ID     int64
			Record partner
		}
		must(tr.T, json.Unmarshal(m.Data, &c))
		name := strings.Split(m.Subject, ".")[1]
		line := fmt.Sprint(c.Kind, " ", c.ID, " ", c.Record.Name)
		if seen[name+line] {
			tr.Errorf("%s: %q was published twice", name, line)
		}
		seen[name+line] = true
		published[name] = append(published[name], line)
	}
	if last < 100 {
		tr.Errorf("%d changes: want more to be sure", last)
	}
	for _, t := range tr.tenants {
		if !slices.Equal(t.inbox.lines, published[t.feed]) {
			tr.Errorf("%s: consumed %q, published %q", t.feed, t.inbox.lines, published[t.feed])
		}
	}
	tr.Logf("%d changes were published and consumed", last)
}
