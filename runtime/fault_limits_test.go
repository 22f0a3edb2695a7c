package orm

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/odoogen/odoogen/runtime/internal/fault"
)

// An answer of a gigabyte is not read, whether it says so beforehand, comes in chunks or is small on the wire.
func TestAHugeAnswerIsNotRead(t *testing.T) {
	const limit, gigabyte = 1 << 16, 1 << 30
	for _, w := range allWays {
		for name, header := range map[string]string{
			"announced": fmt.Sprintf("Content-Length: %d\r\n", gigabyte),
			"endless":   "Connection: close\r\n",
		} {
			r := newRig(t, w, MaxAnswer(limit))
			sent := make(chan int64, 1)
			r.proxy.arm(proxyFault{do: func(x *exchange) {
				x.run()
				fmt.Fprintf(x, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n%s\r\n{\"result\":\"", header)
				n, _ := io.Copy(x, io.LimitReader(zeros{}, gigabyte))
				sent <- n
			}})
			before := allocated()
			err := r.do(t.Context(), aWrite)
			held := allocated() - before
			odoo, ok := errors.AsType[*Error](err)
			if !ok || !errors.Is(err, ErrTooLarge) || !odoo.MaybeDone() || r.odoo.runs() != 1 {
				t.Errorf("%s, %s: got %#v", w.name, name, err)
			}
			if n := <-sent; n == gigabyte {
				t.Errorf("%s, %s: the client took it all", w.name, name)
			}
			if held > 4<<20 {
				t.Errorf("%s, %s: %d bytes were allocated for an answer of at most %d", w.name, name, held, limit)
			}
			if err := r.do(t.Context(), aRead); err != nil {
				t.Errorf("%s, %s: the next call: %v", w.name, name, err)
			}
		}
	}
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}

func allocated() uint64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.TotalAlloc
}

// calls in a bubble of fake time can't use a network.
type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// unwired is a client whose requests go to an Odoo, or to what stands before it, without a network.
func unwired(t *testing.T, before func(_ *http.Request, call bool) *http.Response, options ...DialOption) *rig {
	t.Helper()
	r := &rig{odoo: &threefold{major: 19, ran: map[string]int{}, sessions: map[string]bool{}}}
	proxy := &faultProxy{upstream: r.odoo}
	transport := roundTrip(func(request *http.Request) (*http.Response, error) {
		var body []byte
		if request.Body != nil {
			body, _ = io.ReadAll(request.Body)
		}
		if answer := before(request, strings.Contains(string(body), "execute_kw")); answer != nil {
			return answer, nil
		}
		if err := request.Context().Err(); err != nil {
			return nil, err
		}
		return proxy.pass(request, body), nil
	})
	options = append([]DialOption{
		Database("acme"), Password("bot", faultSecret), Using(JSONRPC), HTTPClient(&http.Client{Transport: transport}),
	}, options...)
	var err error
	if r.Client, err = Dial(t.Context(), "http://odoo.test", options...); err != nil {
		t.Fatal(err)
	}
	return r
}

func slowDown(retryAfter string) *http.Response {
	return &http.Response{StatusCode: http.StatusTooManyRequests, Header: http.Header{"Retry-After": {retryAfter}}, Body: http.NoBody}
}

// slowedDown answers every call so.
func slowedDown(retryAfter string) func(*http.Request, bool) *http.Response {
	return func(_ *http.Request, call bool) *http.Response {
		if call {
			return slowDown(retryAfter)
		}
		return nil
	}
}

func unhindered(*http.Request, bool) *http.Response { return nil }

func TestRetryAfterIsObeyed(t *testing.T) {
	for value, want := range map[string]time.Duration{
		"7":                             7 * time.Second,
		"300":                           300 * time.Second,
		"Sat, 01 Jan 2000 00:01:00 GMT": time.Minute, // a bubble starts at midnight
	} {
		synctest.Test(t, func(t *testing.T) {
			start := time.Now()
			answered := false
			r := unwired(t, func(_ *http.Request, call bool) *http.Response {
				if !call || answered {
					return nil
				}
				answered = true
				return slowDown(value)
			})
			if err := r.do(t.Context(), aWrite); err != nil {
				t.Fatal(err)
			}
			if took := time.Since(start); took != want {
				t.Errorf("%s: waited %v", value, took)
			}
		})
	}
}

// A pause that can't help is not made: the call fails at once, with what the server said.
func TestAPauseThatIsTooLongIsNotMade(t *testing.T) {
	for name, c := range map[string]struct {
		after    string
		deadline time.Duration
	}{
		"past the deadline": {"60", 30 * time.Second},
		"an hour":           {"3600", 48 * time.Hour},
		"growing":           {"", time.Millisecond},
	} {
		synctest.Test(t, func(t *testing.T) {
			r := unwired(t, slowedDown(c.after))
			ctx, cancel := context.WithTimeout(t.Context(), c.deadline)
			defer cancel()
			start := time.Now()
			err := r.do(ctx, aRead)
			odoo, ok := errors.AsType[*Error](err)
			if !ok || !errors.Is(err, ErrRateLimit) || errors.Is(err, context.DeadlineExceeded) || time.Since(start) != 0 {
				t.Errorf("%s: %v after %v", name, err, time.Since(start))
			}
			if want, _ := time.ParseDuration(c.after + "s"); ok && odoo.RetryAfter() != want {
				t.Errorf("%s: the server asks for %v", name, odoo.RetryAfter())
			}
		})
	}
}

func TestAContextThatEndsInAPause(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := unwired(t, slowedDown("60"))
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(10*time.Second, cancel)
		start := time.Now()
		err := r.do(ctx, aRead)
		if !errors.Is(err, context.Canceled) || !errors.Is(err, ErrRateLimit) || time.Since(start) != 10*time.Second {
			t.Errorf("%v after %v", err, time.Since(start))
		}
	})
}

func TestPausesGrowWithChance(t *testing.T) {
	var first []time.Duration
	for range 5 {
		r := newRig(t, allWays[0], Retries(12))
		r.proxy.arm(times(20, instead(503, "text/plain", ""))...)
		if err := r.do(t.Context(), aRead); err == nil || r.proxy.seen() != 13 || len(r.pauses) != 12 {
			t.Fatalf("%v after %d calls and the pauses %v", err, r.proxy.seen(), r.pauses)
		}
		for i, pause := range r.pauses {
			// Half as much again each time; half of it is chance.
			mean := min(firstPause*time.Duration(pow(1.5, i)*1000)/1000, longestPause)
			if pause < mean/2-time.Millisecond || pause > mean*3/2+time.Millisecond {
				t.Errorf("pause %d is %v, want %v or half of it more or less", i, pause, mean)
			}
		}
		first = append(first, r.pauses[0])
	}
	for _, pause := range first {
		if pause != first[0] {
			return
		}
	}
	t.Errorf("there is no chance in the pauses: %v", first)
}

func pow(x float64, n int) float64 {
	out := 1.0
	for range n {
		out *= x
	}
	return out
}

func TestWithoutRetriesNothingIsRepeated(t *testing.T) {
	r := newRig(t, allWays[0], Retries(0))
	r.proxy.arm(times(9, cutUnanswered)...)
	if err := r.do(t.Context(), aRead); !errors.Is(err, ErrCutOff) || r.proxy.seen() != 1 {
		t.Errorf("%v after %d calls", err, r.proxy.seen())
	}
}

func TestRequestsKeepTheirPace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		// The login is three requests: the version, the cookie, the user.
		r := unwired(t, unhindered, RateLimit(2, 3))
		for i := range 4 {
			if err := r.do(t.Context(), aWrite); err != nil {
				t.Fatal(err)
			}
			if took, want := time.Since(start), time.Duration(i+1)*time.Second/2; took != want {
				t.Errorf("call %d ended after %v, want %v", i, took, want)
			}
		}
		short, cancel := context.WithTimeout(t.Context(), 400*time.Millisecond)
		defer cancel()
		before := time.Now()
		checkEnded(t, "no time to wait", r.do(short, aWrite), context.DeadlineExceeded, false)
		if time.Since(before) != 0 {
			t.Error("the call waited for a deadline that it could not meet")
		}
	})
}

func TestACallThatWaitsForItsTurnCanBeCancelled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for name, option := range map[string]DialOption{"pace": RateLimit(0.001, 3), "burst of none": RateLimit(0.001, 0)} {
			ctx, cancel := context.WithCancel(t.Context())
			if name == "burst of none" {
				time.AfterFunc(time.Second, cancel)
				_, err := Dial(ctx, "http://odoo.test", Database("acme"), Password("bot", faultSecret), option,
					HTTPClient(&http.Client{Transport: roundTrip(func(*http.Request) (*http.Response, error) {
						return &http.Response{StatusCode: http.StatusOK, Body: io.NopCloser(strings.NewReader(`{"result":{"server_version_info":[14]}}`))}, nil
					})}))
				checkEnded(t, name, err, context.Canceled, false)
				continue
			}
			r := unwired(t, unhindered, option)
			time.AfterFunc(time.Second, cancel)
			checkEnded(t, name, r.do(ctx, aWrite), context.Canceled, false)
		}
	})
}

func TestOdooOnlineIsAskedOneAtATimeAndOnceASecond(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var mu sync.Mutex
		var at []time.Duration
		start, running, most := time.Now(), 0, 0
		r := unwired(t, func(*http.Request, bool) *http.Response {
			mu.Lock()
			at = append(at, time.Since(start))
			running++
			most = max(most, running)
			mu.Unlock()
			time.Sleep(1500 * time.Millisecond) // longer than the pace
			mu.Lock()
			running--
			mu.Unlock()
			return nil
		}, OdooOnline())
		var calls sync.WaitGroup
		for range 5 {
			calls.Go(func() {
				if err := r.do(t.Context(), aRead); err != nil {
					t.Error(err)
				}
			})
		}
		calls.Wait()
		if most != 1 || len(at) != 8 || r.odoo.runs() != 5 {
			t.Fatalf("%d at once, %d requests", most, len(at))
		}
		for i := 1; i < len(at); i++ {
			if at[i]-at[i-1] < time.Second {
				t.Errorf("requests at %v", at)
			}
		}
	})
}

func TestTheTimeoutOfTheHTTPClient(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		hang := false
		r := unwired(t, func(request *http.Request, _ bool) *http.Response {
			if hang {
				<-request.Context().Done()
			}
			return nil
		}, func(d *dialer) { d.http.Timeout = time.Minute })
		hang = true
		start := time.Now()
		err := r.do(t.Context(), aRead)
		if !errors.Is(err, ErrTimeout) || time.Since(start) != time.Minute {
			t.Errorf("%v after %v", err, time.Since(start))
		}
	})
}

func TestRequestsEndAfterFiveMinutesIfNothingElseIsSaid(t *testing.T) {
	d := newDialer(nil)
	if timeout := d.client().Timeout; timeout != 5*time.Minute || d.maxAnswer != 1<<30 || d.retries != 3 {
		t.Errorf("timeout %v, limit %d, %d retries", timeout, d.maxAnswer, d.retries)
	}
}

// A connection of the pool that the server has closed is no reason to fail, or to send anything twice.
func TestADeadConnectionOfThePool(t *testing.T) {
	for _, w := range allWays {
		for name, kill := range map[string]func(*rig){
			"closed by the server": func(r *rig) { r.proxy.hangUp() },
			"dead at the write":    func(r *rig) { r.brokenPipe.Store(true) },
		} {
			r := newRig(t, w)
			for _, o := range allOperations {
				if err := r.do(t.Context(), o); err != nil {
					t.Fatal(err)
				}
				kill(r)
				if err := r.do(t.Context(), o); name == "dead at the write" && err != nil {
					t.Errorf("%s, %s, %s: %v", w.name, name, o.name, err)
				} else if err != nil && !fault.IsAny(err, ErrCutOff) { // the news of the end may come after the request has gone
					t.Errorf("%s, %s, %s: %v", w.name, name, o.name, err)
				}
				if n := r.odoo.runs(); n > 2 {
					t.Errorf("%s, %s, %s: run %d times", w.name, name, o.name, n)
				}
			}
		}
	}
}

// net/http reports only by the text of an error that a connection of its pool was closed before the request was written to
// it.
func TestAConnectionClosedWhileIdleCountsAsUnsent(t *testing.T) {
	r := newRig(t, allWays[0])
	failures := 0
	r.via = roundTrip(func(request *http.Request) (*http.Response, error) {
		if failures--; failures >= 0 {
			httptrace.ContextClientTrace(request.Context()).WroteHeaders()
			return nil, errors.New("http: server closed idle connection")
		}
		return r.pool.RoundTrip(request)
	})
	failures = 2
	if err := r.do(t.Context(), aWrite); err != nil || r.odoo.runs() != 1 {
		t.Errorf("it is not sent again: %v", err)
	}
	failures = 9
	err := r.do(t.Context(), aWrite)
	if odoo, ok := errors.AsType[*Error](err); !ok || !errors.Is(err, ErrUnreachable) || odoo.MaybeDone() {
		t.Errorf("got %#v", err)
	}
}

// The transport tries another connection by itself when the one of the pool is dead. If then there is none, nothing was sent.
func TestADeadConnectionAndThenNone(t *testing.T) {
	for _, w := range allWays {
		r := newRig(t, w, Retries(0))
		if err := r.do(t.Context(), aWrite); err != nil {
			t.Fatal(err)
		}
		r.brokenPipe.Store(true)
		r.refused.Store(9)
		err := r.do(t.Context(), aWrite)
		if odoo, ok := errors.AsType[*Error](err); !ok || !errors.Is(err, ErrUnreachable) || odoo.MaybeDone() || r.odoo.runs() != 1 {
			t.Errorf("%s: got %#v", w.name, err)
		}
	}
}

var errBrokenPipe = errors.New("broken pipe")

// pooled is a connection that can die while it is idle, so that the next write fails before a byte is written.
type pooled struct {
	net.Conn
	broken *atomic.Bool
}

func (p pooled) Write(b []byte) (int, error) {
	if p.broken.Swap(false) {
		return 0, errBrokenPipe
	}
	return p.Conn.Write(b)
}
