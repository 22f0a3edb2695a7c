package orm

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/goleak"
)

const faultSecret = "5ecret-of-the-fault-suite"

// raised is a Python exception.
type raised struct{ Name, Message, Debug string }

// threefold is an Odoo that speaks all three protocols and counts what it runs. It has one read, search_count, and one
// write, bump.
type threefold struct {
	major int

	mu       sync.Mutex
	ran      map[string]int
	logins   int
	sessions map[string]bool
	gone     func(http.ResponseWriter)                           // answers a call without a session; nil for the error of versions with one database
	answer   func(method string) (result string, raised *raised) // nil for 7
}

func (o *threefold) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var request struct {
		Params struct {
			Service, Method string
			Args            []json.RawMessage
		}
	}
	_ = json.NewDecoder(r.Body).Decode(&request)
	p := request.Params
	o.mu.Lock()
	defer o.mu.Unlock()
	switch {
	case r.URL.Path == "/web":
		http.SetCookie(w, &http.Cookie{Name: "session_id", Value: "nobody"})
	case strings.HasPrefix(r.URL.Path, "/json/2/"):
		o.json2(w, r)
	case r.URL.Path == "/web/session/authenticate":
		o.authenticate(w)
	case r.URL.Path == "/web/dataset/call_kw", r.URL.Path == "/web/session/check":
		if cookie, err := r.Cookie("session_id"); err != nil || !o.sessions[cookie.Value] {
			if o.gone != nil {
				o.gone(w)
				return
			}
			w.Header().Set("Content-Type", "application/json")
			fmt.Fprint(w, sessionExpired)
			return
		}
		if r.URL.Path == "/web/session/check" {
			rpcAnswer(w, resultOf("null"))
			return
		}
		o.rpcRun(w, p.Method)
	case p.Service == "object":
		o.rpcRun(w, unquoted(p.Args[4]))
	case p.Method == "version", r.URL.Path == "/web/webclient/version_info":
		rpcAnswer(w, resultOf(fmt.Sprintf(`{"server_version":"%[1]d.0","server_serie":"%[1]d.0","server_version_info":[%[1]d,0]}`, o.major)))
	case p.Method == "authenticate":
		o.logins++
		rpcAnswer(w, resultOf("2"))
	default:
		http.NotFound(w, r)
	}
}

// forget ends all sessions. A call without one then gets the page.
func (o *threefold) forget(status int, page string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	clear(o.sessions)
	o.gone = func(w http.ResponseWriter) {
		w.Header().Set("Content-Type", "text/html")
		w.WriteHeader(status)
		fmt.Fprint(w, page)
	}
}

func rpcAnswer(w http.ResponseWriter, member string) {
	w.Header().Set("Content-Type", "application/json")
	fmt.Fprintf(w, `{"jsonrpc":"2.0","id":null,%s}`, member)
}

func (o *threefold) authenticate(w http.ResponseWriter) {
	o.logins++
	name := rand.Text()
	o.sessions[name] = true
	http.SetCookie(w, &http.Cookie{Name: "session_id", Value: name})
	rpcAnswer(w, resultOf(`{"uid":2}`))
}

func (o *threefold) rpcRun(w http.ResponseWriter, method string) {
	result, raised := o.run(method)
	if raised == nil {
		rpcAnswer(w, resultOf(result))
		return
	}
	data, _ := json.Marshal(map[string]string{"name": raised.Name, "message": raised.Message, "debug": raised.Debug})
	rpcAnswer(w, fmt.Sprintf(`"error":{"code":200,"message":"Odoo Server Error","data":%s}`, data))
}

func (o *threefold) json2(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	method := r.URL.Path[strings.LastIndexByte(r.URL.Path, '/')+1:]
	if r.Header.Get("Authorization") != "bearer "+faultSecret {
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	if method == "context_get" {
		o.logins++
		fmt.Fprint(w, `{"uid":2}`)
		return
	}
	result, raised := o.run(method)
	if raised != nil {
		w.WriteHeader(http.StatusInternalServerError)
		b, _ := json.Marshal(map[string]string{"name": raised.Name, "message": raised.Message, "debug": raised.Debug})
		result = string(b)
	}
	fmt.Fprint(w, result)
}

func (o *threefold) run(method string) (string, *raised) {
	o.ran[method]++
	if o.answer != nil {
		return o.answer(method)
	}
	return "7", nil
}

// runs is how often the methods were run since the last time.
func (o *threefold) runs() int {
	o.mu.Lock()
	defer o.mu.Unlock()
	n := 0
	for _, times := range o.ran {
		n += times
	}
	clear(o.ran)
	return n
}

// expire forgets every session, and counts logins from here.
func (o *threefold) expire() {
	o.mu.Lock()
	defer o.mu.Unlock()
	clear(o.sessions)
	o.logins = 0
}

// way is a protocol on a version of Odoo.
type way struct {
	name  string
	kind  Protocol
	major int
}

var allWays = []way{
	{"JSON-RPC", JSONRPC, 14},
	{"web session of 14", WebSession, 14},
	{"web session of 19", WebSession, 19},
	{"JSON-2", JSON2, 19},
}

func (w way) speaksRPC() bool { return w.kind != JSON2 }

// rig is a client, and between it and its server a proxy.
type rig struct {
	*Client
	way
	odoo   *threefold
	proxy  *faultProxy
	pool   *http.Transport
	via    http.RoundTripper // instead of the pool, if not nil
	pauses []time.Duration   // those between attempts, which are not waited for

	refused    atomic.Int32 // how many of the next connections are
	brokenPipe atomic.Bool  // the next write to a connection fails
}

// newRig also sees to it that no goroutine is left when the test ends.
func newRig(t *testing.T, w way, options ...DialOption) *rig {
	t.Helper()
	running := goleak.IgnoreCurrent()
	t.Cleanup(func() { goleak.VerifyNone(t, running) })
	odoo := &threefold{major: w.major, ran: map[string]int{}, sessions: map[string]bool{}}
	r := &rig{way: w, odoo: odoo, proxy: newFaultProxy(t, odoo)}
	nobody := closedPort(t)
	r.pool = &http.Transport{DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
		if r.refused.Add(-1) >= 0 {
			address = nobody
		}
		conn, err := new(net.Dialer).DialContext(ctx, network, address)
		if err != nil {
			return nil, err
		}
		return pooled{conn, &r.brokenPipe}, nil
	}}
	t.Cleanup(r.pool.CloseIdleConnections)
	secret := Password("bot", faultSecret)
	if w.kind == JSON2 {
		secret = APIKey("bot", faultSecret)
	}
	options = append([]DialOption{
		Database("acme"), secret, Using(w.kind), HTTPClient(&http.Client{Transport: roundTrip(r.roundTrip)}), Retries(2),
		pausing(func(_ context.Context, pause time.Duration) error {
			r.pauses = append(r.pauses, pause)
			return nil
		}),
	}, options...)
	var err error
	if r.Client, err = Dial(t.Context(), r.proxy.address(), options...); err != nil {
		t.Fatal(err)
	}
	return r
}

func (r *rig) roundTrip(request *http.Request) (*http.Response, error) {
	if r.via != nil {
		return r.via.RoundTrip(request)
	}
	return r.pool.RoundTrip(request)
}

// pausing replaces the waiting between attempts.
func pausing(pause func(context.Context, time.Duration) error) DialOption {
	return func(d *dialer) { d.pause = pause }
}

// operation is a kind of call.
type operation struct {
	name, method string
	repeatable   bool
	options      []WriteOption
}

var (
	aRead            = operation{"read", "search_count", true, nil}
	aWrite           = operation{"write", "bump", false, nil}
	aRepeatableWrite = operation{"idempotent write", "bump", true, []WriteOption{Idempotent()}}
	allOperations    = []operation{aRead, aWrite, aRepeatableWrite}
)

func (r *rig) do(ctx context.Context, o operation) error {
	var n int
	if err := r.Model("res.partner").Call(ctx, o.method, nil, nil, &n, o.options...); err != nil {
		return err
	}
	if n != 7 {
		return fmt.Errorf("the answer is %d", n)
	}
	return nil
}

// refuseConnections makes the next n connections fail as they do when nobody listens.
func (r *rig) refuseConnections(n int32) {
	r.pool.CloseIdleConnections()
	r.refused.Store(n)
}

func closedPort(t *testing.T) string {
	t.Helper()
	nobody, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	nobody.Close()
	return nobody.Addr().String()
}

// checkSecret fails the test if an error shows the password or the key, however it is printed.
func checkSecret(t *testing.T, err error) {
	t.Helper()
	for e := err; e != nil; e = errors.Unwrap(e) {
		for _, verb := range []string{"%v", "%+v", "%#v", "%q"} {
			if strings.Contains(fmt.Sprintf(verb, e), faultSecret) {
				t.Errorf("%s of an error shows the secret: %v", verb, e)
			}
		}
	}
}
