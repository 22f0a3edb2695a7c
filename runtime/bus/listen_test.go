package bus_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/odoogen/odoogen/generated"
	"github.com/odoogen/odoogen/generated/odoo"
	"github.com/odoogen/odoogen/introspect/snapshot"
	orm "github.com/odoogen/odoogen/runtime"
	"github.com/odoogen/odoogen/runtime/bus"
	"github.com/odoogen/odoogen/runtime/feed"
	"github.com/odoogen/odoogen/runtime/odootest"
)

func start(t *testing.T, series string) *odootest.Server {
	t.Helper()
	schema, err := snapshot.Decode(generated.Snapshot)
	if err != nil {
		t.Fatal(err)
	}
	schema.Server.Series = series
	schema.Modules = append(schema.Modules, snapshot.Module{Name: "base_automation"})
	return odootest.New(t, schema)
}

func dial(t *testing.T, s *odootest.Server, opts ...orm.DialOption) *orm.Client {
	t.Helper()
	c, err := s.Dial(t.Context(), opts...)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// onEach runs a test on the embedded Odoo as each version.
func onEach(t *testing.T, test func(t *testing.T, s *odootest.Server)) {
	t.Helper()
	for _, series := range []string{"14.0", "15.0", "16.0", "17.0", "18.0", "19.0"} {
		t.Run(series, func(t *testing.T) { test(t, start(t, series)) })
	}
}

// listening is a Listen in the background.
type listening struct {
	t      *testing.T
	got    chan string
	mu     sync.Mutex
	states []bus.State
	up     chan struct{} // gets a signal for each connection
	errs   chan error
}

func listen(t *testing.T, c *orm.Client, opts ...bus.Option) *listening {
	t.Helper()
	l := &listening{t: t, got: make(chan string, 100), up: make(chan struct{}, 100), errs: make(chan error, 100)}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() {
		defer close(done)
		for n, err := range bus.Listen(ctx, c, append(opts, bus.OnState(l.state))...) {
			if err != nil {
				l.errs <- err
				continue
			}
			l.got <- string(n.Payload)
		}
	}()
	t.Cleanup(func() { cancel(); <-done })
	return l
}

func (l *listening) state(s bus.State) {
	l.mu.Lock()
	l.states = append(l.states, s)
	l.mu.Unlock()
	if s.Connected {
		l.up <- struct{}{}
	}
}

func (l *listening) ways() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	var out []string
	for _, s := range l.states {
		out = append(out, fmt.Sprint(s.Way, " ", s.Connected))
	}
	return strings.Join(out, ", ")
}

func (l *listening) connected() {
	l.t.Helper()
	await(l.t, l.up, "connection")
}

func (l *listening) expect(want ...string) {
	l.t.Helper()
	for _, w := range want {
		if got := await(l.t, l.got, w); got != w {
			l.t.Errorf("got %s, want %s", got, w)
		}
	}
}

func await[T any](t *testing.T, from <-chan T, what string) T {
	t.Helper()
	select {
	case v := <-from:
		return v
	case <-time.After(20 * time.Second):
		t.Fatalf("no %s", what)
		panic("unreachable")
	}
}

func notify(t *testing.T, s *odootest.Server, channel string, payload any) {
	t.Helper()
	if err := s.Notify(channel, "test", payload); err != nil {
		t.Fatal(err)
	}
}

func TestListen(t *testing.T) {
	onEach(t, func(t *testing.T, s *odootest.Server) {
		l := listen(t, dial(t, s), bus.Channel("a", "b"))
		l.connected()
		for i, channel := range []string{"a", "other", "b", "a"} {
			notify(t, s, channel, i)
		}
		l.expect("0", "2", "3")
	})
}

// A connection that is lost is made again, and nothing in between is missed or received twice.
func TestListenGoesOnAfterItsConnectionWasLost(t *testing.T) {
	for _, series := range []string{"16.0", "19.0"} {
		t.Run(series, func(t *testing.T) {
			s := start(t, series)
			l := listen(t, dial(t, s, orm.Using(orm.WebSession)), bus.Channel("a"))
			l.connected()
			notify(t, s, "a", 1)
			l.expect("1")
			for i, code := range []int{1001, 4001, 4002} {
				if code == 4001 {
					s.ExpireSessions()
				}
				s.CloseSockets(code)
				notify(t, s, "a", 10+i)
				l.connected()
				l.expect(fmt.Sprint(10 + i))
			}
			notify(t, s, "a", 2)
			l.expect("2")
		})
	}
}

// What the bus of a test does on purpose: nothing, twice, and late.
func TestListenToABusThatIsNotPerfect(t *testing.T) {
	onEach(t, func(t *testing.T, s *odootest.Server) {
		l := listen(t, dial(t, s), bus.Channel("a"))
		l.connected()
		s.Deliver(func(d odootest.Delivery) []time.Duration {
			switch string(d.Body) {
			case `"lost"`:
				return nil
			case `"twice"`:
				return []time.Duration{0, 0}
			case `"late"`:
				return []time.Duration{200 * time.Millisecond}
			}
			return []time.Duration{0}
		})
		notify(t, s, "a", "lost")
		notify(t, s, "a", "twice")
		l.expect(`"twice"`, `"twice"`)
		notify(t, s, "a", "late")
		notify(t, s, "a", "now")
		l.expect(`"now"`)
		if series := dial(t, s).Version().Series; series == "19.0" {
			l.expect(`"late"`) // its ID is lower: older versions do not send it
		}
	})
}

func TestAfter(t *testing.T) {
	onEach(t, func(t *testing.T, s *odootest.Server) {
		for i := range 3 {
			notify(t, s, "a", i)
		}
		listen(t, dial(t, s), bus.Channel("a"), bus.After(2)).expect("2")
		listen(t, dial(t, s), bus.Channel("a")).expect("0", "1", "2")
	})
}

// gateway passes on what it does not answer itself.
func gateway(t *testing.T, s *odootest.Server, answer func(w http.ResponseWriter, r *http.Request) bool) string {
	t.Helper()
	to, err := url.Parse(s.URL)
	if err != nil {
		t.Fatal(err)
	}
	proxy := httputil.NewSingleHostReverseProxy(to)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !answer(w, r) {
			proxy.ServeHTTP(w, r)
		}
	}))
	t.Cleanup(server.Close)
	return server.URL
}

// Where the address has no websocket, as with workers and without a proxy, notifications are looked for.
func TestListenPeeksWithoutAWebSocket(t *testing.T) {
	s := start(t, "19.0")
	address := gateway(t, s, func(w http.ResponseWriter, r *http.Request) bool {
		if r.URL.Path == "/websocket" {
			http.Error(w, "Couldn't bind the websocket", http.StatusInternalServerError)
			return true
		}
		return false
	})
	c, err := orm.Dial(t.Context(), address, orm.Database("demo"), orm.APIKey("admin", "admin-key"))
	if err != nil {
		t.Fatal(err)
	}
	l := listen(t, c, bus.Channel("a"), bus.Every(10*time.Millisecond))
	l.connected()
	notify(t, s, "a", 1)
	notify(t, s, "a", 2)
	l.expect("1", "2")
	if got := l.ways(); got != "peeking true" {
		t.Error(got)
	}
	direct := listen(t, c, bus.Channel("a"), bus.At(s.URL))
	direct.expect("1", "2")
	if got := direct.ways(); got != "websocket true" {
		t.Error(got)
	}
}

// A server that is down for a while is an error, and no peeking.
func TestListenReportsThatItCannotConnect(t *testing.T) {
	s := start(t, "19.0")
	var down atomic.Bool
	address := gateway(t, s, func(w http.ResponseWriter, _ *http.Request) bool {
		if down.Load() {
			http.Error(w, "Bad Gateway", http.StatusBadGateway)
		}
		return down.Load()
	})
	c, err := orm.Dial(t.Context(), address, orm.Database("demo"), orm.APIKey("admin", "admin-key"), orm.Retries(0))
	if err != nil {
		t.Fatal(err)
	}
	l := listen(t, c, bus.Channel("a"))
	l.connected()
	down.Store(true)
	s.CloseSockets(1001)
	if err := await(t, l.errs, "error"); !strings.Contains(err.Error(), "bus: websocket: ") {
		t.Error(err)
	}
	notify(t, s, "a", 1)
	down.Store(false)
	l.connected()
	l.expect("1")
	if got := l.ways(); got != "websocket true, websocket false, websocket true" {
		t.Error(got)
	}
}

func TestLongPollingOfAServerWithWorkers(t *testing.T) {
	s := start(t, "14.0")
	address := gateway(t, s, func(w http.ResponseWriter, r *http.Request) bool {
		if r.URL.Path != "/longpolling/poll" {
			return false
		}
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprint(w, `{"jsonrpc": "2.0", "id": null, "error": {"code": 200, "message": "Odoo Server Error", "data": {"name": "builtins.Exception", "message": "bus.Bus unavailable", "debug": "", "arguments": []}}}`)
		return true
	})
	c, err := orm.Dial(t.Context(), address, orm.Database("demo"), orm.Password("admin", "admin"))
	if err != nil {
		t.Fatal(err)
	}
	l := listen(t, c, bus.Channel("a"))
	if err := await(t, l.errs, "error"); !strings.Contains(err.Error(), "give its address with bus.At") {
		t.Error(err)
	}
	direct := listen(t, c, bus.Channel("a"), bus.At(s.URL))
	direct.connected()
	notify(t, s, "a", 1)
	direct.expect("1")
}

func TestOptionsThatCannotBe(t *testing.T) {
	s := start(t, "19.0")
	c := dial(t, s, orm.APIKey("admin", "admin-key"))
	for want, opts := range map[string][]bus.Option{
		"nothing to listen to": nil,
		"Channel([])":          {bus.Channel()},
		`Channel([""])`:        {bus.Channel("")},
		"After(0)":             {bus.Channel("a"), bus.After(0)},
		"Every(0s)":            {bus.Channel("a"), bus.Every(0)},
		`At("erp:8072")`:       {bus.Channel("a"), bus.At("erp:8072")},
		"OnState(nil)":         {bus.Channel("a"), bus.OnState(nil)},
	} {
		n := 0
		for _, err := range bus.Listen(t.Context(), c, opts...) {
			if n++; err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("%s: %v", want, err)
			}
		}
		if n != 1 {
			t.Errorf("%s: yielded %d times", want, n)
		}
	}
	for _, err := range bus.Listen(t.Context(), nil) {
		if err == nil {
			t.Error("a nil client is no error")
		}
	}
}

// A signal wakes a feed: the change arrives long before the next poll.
func TestSignalWakesAFeed(t *testing.T) {
	onEach(t, func(t *testing.T, s *odootest.Server) {
		c := dial(t, s)
		channel, err := bus.Signal(t.Context(), c, bus.On(odoo.ResPartnerF.Name))
		if err != nil {
			t.Fatal(err)
		}
		type row struct {
			Name string `odoo:"name"`
		}
		f, err := feed.New[row](c, orm.Eq(odoo.ResPartnerF.Ref, "woken"))
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		connected := make(chan struct{}, 10)
		signals := bus.Wake(ctx, c, func(err error) { t.Error(err) }, bus.Channel(channel), bus.OnState(func(s bus.State) {
			if s.Connected {
				connected <- struct{}{}
			}
		}))
		await(t, connected, "connection")
		names := make(chan string)
		ended := make(chan struct{})
		go func() {
			defer close(ended)
			for batch, err := range f.Batches(ctx, feed.Every(time.Hour), feed.Wake(signals)) {
				if err != nil {
					t.Error(err)
					return
				}
				for _, change := range batch.Changes {
					names <- fmt.Sprint(change.Kind, " ", change.Record.Name)
				}
				if err := batch.Commit(ctx); err != nil {
					t.Error(err)
				}
			}
		}()
		id, err := orm.Create(ctx, s.Backstage(), odoo.ResPartnerValues{Name: orm.Set("Acme"), Ref: orm.Set("woken")})
		if err != nil {
			t.Fatal(err)
		}
		if got := await(t, names, "change"); got != "created Acme" {
			t.Error(got)
		}
		began := time.Now()
		if err := orm.Write(ctx, s.Backstage(), orm.On(id), odoo.ResPartnerValues{Name: orm.Set("Acme 2")}); err != nil {
			t.Fatal(err)
		}
		if got := await(t, names, "change"); got != "changed Acme 2" {
			t.Error(got)
		}
		t.Logf("delivered after %v", time.Since(began).Round(time.Millisecond))
		cancel()
		<-ended
		if err := bus.RemoveSignal[odoo.ResPartner](t.Context(), c); err != nil {
			t.Error(err)
		}
	})
}

func TestSignalNeedsTheModule(t *testing.T) {
	schema, err := snapshot.Decode(generated.Snapshot)
	if err != nil {
		t.Fatal(err)
	}
	schema.Modules = []snapshot.Module{{Name: "base"}}
	if _, err := bus.Signal[odoo.ResPartner](t.Context(), dial(t, odootest.New(t, schema))); !errors.Is(err, bus.ErrNotInstalled) {
		t.Error(err)
	}
}
