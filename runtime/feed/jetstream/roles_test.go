package jetstream_test

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"

	"github.com/odoogen/odoogen/generated/odoo"
	orm "github.com/odoogen/odoogen/runtime"
	"github.com/odoogen/odoogen/runtime/feed"
	"github.com/odoogen/odoogen/runtime/feed/jetstream"
)

// The processes of the cluster test: this test binary, with a role in its environment. They end with the test, which has the other
// end of their standard input.

// role is what a process does.
type role struct {
	Kind   string            // node, worker, or victim: a worker that stops before it commits what it has published
	Name   string            // of a node
	Ports  []int             // of the nodes: the first of a node is for clients, the second for other nodes
	Folder string            // of a node
	Feeds  map[string]string // of workers: the URLs of their Odoos
}

const roleVariable = "JETSTREAM_TEST_ROLE"

func TestMain(m *testing.M) {
	text := os.Getenv(roleVariable)
	if text == "" {
		os.Exit(m.Run())
	}
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		os.Exit(0)
	}()
	var r role
	err := json.Unmarshal([]byte(text), &r)
	switch {
	case err != nil:
	case r.Kind == "node":
		err = r.serve()
	default:
		err = r.work()
	}
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}

// serve runs a node of the cluster.
func (r role) serve() error {
	o := &server.Options{
		ServerName: r.Name, Host: "127.0.0.1", JetStream: true, StoreDir: r.Folder, NoSigs: true, NoLog: true,
		Cluster: server.ClusterOpts{Name: "test", Host: "127.0.0.1"},
	}
	for i := 0; i < len(r.Ports); i += 2 {
		if nodeName(i/2) == r.Name {
			o.Port, o.Cluster.Port = r.Ports[i], r.Ports[i+1]
		}
		o.Routes = append(o.Routes, server.RoutesFromStr(fmt.Sprintf("nats://127.0.0.1:%d", r.Ports[i+1]))...)
	}
	s, err := server.NewServer(o)
	if err != nil {
		return err
	}
	s.Start()
	s.WaitForShutdown()
	return errors.New("the node has ended")
}

func nodeName(i int) string { return fmt.Sprintf("node%d", i) }

func (r role) clientURLs() string {
	var urls []string
	for i := 0; i < len(r.Ports); i += 2 {
		urls = append(urls, fmt.Sprintf("nats://127.0.0.1:%d", r.Ports[i]))
	}
	return strings.Join(urls, ",")
}

// work runs a worker of the group.
func (r role) work() error {
	ctx := context.Background()
	nc, err := natsConnect(r.clientURLs())
	if err != nil {
		return err
	}
	g, err := jetstream.Join(ctx, nc, "shop", jetstream.Replicas(3), jetstream.Takeover(5*time.Second))
	if err != nil {
		return err
	}
	if r.Kind == "victim" {
		stop := &stopping{left: 3}
		jetstream.Wrap(g, func(kv natskv) natskv { stop.natskv = kv; return stop })
	}
	works := map[string]jetstream.Work{}
	for name, url := range r.Feeds {
		works[name] = func(ctx context.Context, s *jetstream.Store) error { return republish(ctx, s, url) }
	}
	return g.Run(ctx, works, func(err error) { fmt.Fprintln(os.Stderr, time.Now().Format("05.000"), err) })
}

// republish publishes the partners of an Odoo whose reference is the second part of the name of the feed.
func republish(ctx context.Context, s *jetstream.Store, url string) error {
	c, err := orm.Dial(ctx, url, orm.Database("demo"), orm.Password("admin", "admin"))
	if err != nil {
		return err
	}
	_, ref, _ := strings.Cut(s.Name(), "-")
	f, err := feed.New[partner](c, orm.Eq(odoo.ResPartnerF.Ref, ref), feed.StoreIn(s), feed.PageSize(20), feed.Deletions(time.Second))
	if err != nil {
		return err
	}
	for b, err := range f.Batches(ctx, feed.Every(300*time.Millisecond)) {
		if err == nil {
			err = jetstream.Publish(ctx, s, b)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// stopping is a bucket whose process stops at a commit of what it has published, to be killed there.
type stopping struct {
	natskv
	left      int
	announced sync.Map // what is published and not committed, by key
}

func (b *stopping) Update(ctx context.Context, key string, value []byte, revision uint64) (uint64, error) {
	if strings.Contains(string(value), `"published"`) {
		b.announced.Store(key, true)
	} else if _, is := b.announced.LoadAndDelete(key); is {
		if b.left--; b.left == 0 {
			fmt.Println("stopped at " + key)
		}
		if b.left <= 0 {
			select {} // in the feeds that follow, too
		}
	}
	return b.natskv.Update(ctx, key, value, revision)
}

// process is a running role.
type process struct {
	*exec.Cmd
	lines chan string // of its standard output
}

func spawn(t *testing.T, r role) *process {
	t.Helper()
	text, err := json.Marshal(r)
	must(t, err)
	program, err := os.Executable()
	must(t, err)
	cmd := exec.CommandContext(t.Context(), program, "-test.run=^$")
	cmd.Env = append(os.Environ(), roleVariable+"="+string(text))
	errs := &complaints{t: t, name: r.Kind + r.Name}
	cmd.Stderr = errs
	_, err = cmd.StdinPipe()
	must(t, err)
	out, err := cmd.StdoutPipe()
	must(t, err)
	must(t, cmd.Start())
	p := &process{cmd, make(chan string, 100)}
	read := make(chan struct{})
	go func() {
		defer close(read)
		for s := bufio.NewScanner(out); s.Scan(); {
			p.lines <- s.Text()
		}
	}()
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		<-read
		_ = cmd.Wait()
	})
	return p
}

// kill ends the process at once.
func (p *process) kill(t *testing.T) {
	t.Helper()
	must(t, p.Process.Kill()) // SIGKILL
}

// complaints writes what processes complain of to the log of the test.
type complaints struct {
	t    *testing.T
	name string
}

func (l *complaints) Write(b []byte) (int, error) {
	for line := range strings.Lines(string(b)) {
		l.t.Log(l.name + ": " + strings.TrimSpace(line))
	}
	return len(b), nil
}

// freePorts are ports that nobody listens to.
func freePorts(t *testing.T, n int) (ports []int) {
	t.Helper()
	for range n {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		must(t, err)
		defer l.Close()
		ports = append(ports, l.Addr().(*net.TCPAddr).Port)
	}
	return ports
}
