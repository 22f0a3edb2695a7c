package orm

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/odoogen/odoogen/runtime/internal/fault"
)

const faultPage = "<!DOCTYPE html><title>Internal Server Error</title>"

// faultCase is a fault and what must come of it.
type faultCase struct {
	name      string
	fault     proxyFault
	kind      error // nil: the call succeeds all the same
	status    int
	runs      int  // how often the call is run, in spite of the fault
	maybeDone bool // the caller can't know
	passes    bool // the call is repeated, if it may be
	unseen    bool // nothing of it was run for sure, so that any call may be
	only      func(way) bool
}

// The faults of the wire and of gateways.
var faultsOfTheWire = []faultCase{
	{name: "cut before it is read", fault: cutUnread, kind: ErrCutOff, maybeDone: true, passes: true},
	{name: "cut before the answer", fault: cutUnanswered, kind: ErrCutOff, runs: 1, maybeDone: true, passes: true},
	{name: "cut in the status line", fault: cutAfter("200", 1), kind: ErrCutOff, runs: 1, maybeDone: true, passes: true},
	{name: "cut in the header", fault: cutAfter("Content-Type", 5), kind: ErrCutOff, runs: 1, maybeDone: true, passes: true},
	{name: "cut before the body", fault: cutAfter("\r\n\r\n", 4), kind: ErrCutOff, runs: 1, maybeDone: true, passes: true},
	{name: "cut in the body", fault: cutAfter("7", 0), kind: ErrCutOff, runs: 1, maybeDone: true, passes: true,
		only: way.speaksRPC}, // the body of JSON-2 is the 7 alone
	{name: "cut in a chunk", fault: afterwards(200, "application/json", "5\r\n{\"res", "Transfer-Encoding: chunked"),
		kind: ErrCutOff, runs: 1, maybeDone: true, passes: true},
	{name: "not HTTP", fault: proxyFault{do: func(x *exchange) { x.run(); _, _ = io.WriteString(x, "SSH-2.0-OpenSSH_9.2\r\n\r\n") }},
		kind: ErrCutOff, runs: 1, maybeDone: true, passes: true},

	{name: "half an answer", fault: changed(func(_ *http.Response, body []byte) []byte { return body[:len(body)/2] }),
		kind: ErrMalformed, status: 200, runs: 1, maybeDone: true},
	{name: "no body", fault: afterwards(200, "application/json", ""), kind: ErrMalformed, status: 200, runs: 1, maybeDone: true},
	{name: "more than an answer", fault: changed(func(_ *http.Response, body []byte) []byte { return append(body, '}') }),
		kind: ErrMalformed, status: 200, runs: 1, maybeDone: true},
	{name: "a page", fault: afterwards(200, "text/html; charset=utf-8", faultPage), kind: ErrMalformed, status: 200, runs: 1, maybeDone: true},
	{name: "an error page", fault: afterwards(500, "text/html", faultPage), kind: ErrMalformed, status: 500, runs: 1, maybeDone: true},
	{name: "a page said to be JSON", fault: afterwards(200, "application/json", faultPage), kind: ErrMalformed, status: 200, runs: 1, maybeDone: true},
	{name: "forbidden by a gateway", fault: instead(403, "text/html", faultPage), kind: ErrMalformed, status: 403},
	{name: "too large for a gateway", fault: instead(413, "text/html", faultPage), kind: ErrTooLarge, status: 413},

	{name: "429", fault: instead(429, "text/html", "slower"), kind: ErrRateLimit, status: 429, passes: true, unseen: true},
	{name: "429 in JSON", fault: instead(429, "application/json", `{"error":{"message":"slower"}}`), kind: ErrRateLimit, status: 429, passes: true, unseen: true},
	{name: "502", fault: afterwards(502, "text/html", faultPage), kind: ErrUnavailable, status: 502, runs: 1, maybeDone: true, passes: true},
	{name: "502 in JSON", fault: afterwards(502, "application/json", `{"error":{"code":502,"message":"Bad Gateway"}}`),
		kind: ErrUnavailable, status: 502, runs: 1, maybeDone: true, passes: true},
	{name: "a result with 502", fault: afterwards(502, "application/json", `{"result":7}`),
		kind: ErrUnavailable, status: 502, runs: 1, maybeDone: true, passes: true},
	{name: "503", fault: instead(503, "text/plain", "starting"), kind: ErrUnavailable, status: 503, maybeDone: true, passes: true},
	{name: "504", fault: afterwards(504, "text/html", faultPage), kind: ErrUnavailable, status: 504, runs: 1, maybeDone: true, passes: true},

	{name: "another content type", fault: changed(func(a *http.Response, body []byte) []byte { a.Header.Set("Content-Type", "text/plain"); return body }),
		kind: ErrMalformed, status: 200, runs: 1, maybeDone: true, only: func(w way) bool { return w.kind == JSON2 }},
	{name: "another content type around an envelope", fault: changed(func(a *http.Response, body []byte) []byte {
		a.Header.Set("Content-Type", "text/plain")
		return body
	}), runs: 1, only: way.speaksRPC},
	{name: "no content type", fault: changed(func(a *http.Response, body []byte) []byte { a.Header.Del("Content-Type"); return body }),
		kind: ErrMalformed, status: 200, runs: 1, maybeDone: true, only: func(w way) bool { return w.kind == JSON2 }},
	{name: "two results", fault: afterwards(200, "application/json", `{"result":7,"result":8}`), kind: ErrMalformed, status: 200, runs: 1, maybeDone: true, only: way.speaksRPC},
	{name: "two errors", fault: afterwards(200, "application/json", `{"error":null,"error":null,"result":7}`), kind: ErrMalformed, status: 200, runs: 1, maybeDone: true, only: way.speaksRPC},
	{name: "deep nesting", fault: afterwards(200, "application/json", `{"result":`+strings.Repeat("[", 1<<15)), kind: ErrMalformed, status: 200, runs: 1, maybeDone: true},
	{name: "deep nesting that ends", fault: afterwards(200, "application/json", `{"result":`+strings.Repeat("[", 1<<15)+strings.Repeat("]", 1<<15)+"}"),
		kind: ErrMalformed, status: 200, runs: 1, maybeDone: true},
	{name: "deep nesting in an error", fault: afterwards(200, "application/json", `{"error":`+strings.Repeat(`{"data":`, 1<<15)),
		kind: ErrMalformed, status: 200, runs: 1, maybeDone: true},
}

// What Odoo answers when a session is gone, before it looks at the method (14: measured; later ones lack the "Exception").
const (
	sessionExpired = `{"jsonrpc":"2.0","id":null,"error":{"code":100,"message":"Odoo Session Expired","data":{` +
		`"name":"odoo.http.SessionExpiredException","message":"Session expired","debug":"Traceback (most recent call last):\n` +
		`  File \"ir_http.py\", line 97, in _auth_method_user\n    raise http.SessionExpiredException(\"Session expired\")\nException\n"}}}`
	noDatabase = `{"jsonrpc":"2.0","id":null,"error":{"code":404,"message":"404: Not Found","http_status":404,"data":{` +
		`"name":"werkzeug.exceptions.NotFound","message":"404 Not Found: The requested URL was not found on the server.",` +
		`"debug":"Traceback (most recent call last):\n  File \"http.py\", line 1436, in _dispatch_nodb\n    func, arguments = match()\n"}}}`
)

// The faults of a session: the caller sees none of them, because the call itself does not fail.
var faultsOfTheSession = []faultCase{
	{name: "session expired", fault: instead(200, "application/json", sessionExpired)},
	{name: "session expired: a page", fault: instead(404, "text/html", "<p>No database is selected and the requested URL was not found</p>"),
		only: func(w way) bool { return w.major >= 16 }},
	{name: "session expired: an error of Odoo 14", only: func(w way) bool { return w.major < 16 },
		fault: instead(404, "application/json", noDatabase)},
}

// A method may raise any exception, those that a session that is gone is reported by as well, after it has done its work.
func TestAWriteThatLooksAsIfTheSessionWereGoneRunsOnce(t *testing.T) {
	answers := map[string]string{
		"the class":                  `{"error":{"code":200,"message":"m","data":{"name":"odoo.http.SessionExpiredException"}}}`,
		"another class of that name": `{"error":{"code":200,"message":"m","data":{"name":"x.MySessionExpiredException"}}}`,
		"the code":                   `{"error":{"code":100,"message":"Odoo Session Expired","data":{"name":"odoo.http.SessionExpiredException"}}}`,
		"raised by the method": `{"error":{"code":100,"message":"Odoo Session Expired","data":{"name":"odoo.http.SessionExpiredException",` +
			`"debug":"  File \"a.py\", line 1, in call_kw\n  File \"b.py\", line 9, in _auth_method_user\n"}}}`,
		"JSON-2":         `{"name":"odoo.http.SessionExpiredException","message":"m","debug":""}`,
		"no such record": `{"error":{"code":404,"message":"404: Not Found","data":{"name":"werkzeug.exceptions.NotFound","message":"404: Not Found"}}}`,
	}
	for _, w := range allWays {
		for name, body := range answers {
			if w.speaksRPC() == (name == "JSON-2") {
				continue
			}
			r := newRig(t, w)
			status := 200
			if name == "JSON-2" {
				status = 500
			}
			r.proxy.arm(afterwards(status, "application/json", body))
			err := r.do(t.Context(), aWrite)
			e, ok := errors.AsType[*Error](err)
			if n := r.odoo.runs(); !ok || n != 1 {
				t.Errorf("%s, %s: run %d times: %v", w.name, name, n, err)
			} else if errors.Is(err, ErrSessionExpired) && !e.MaybeDone() {
				t.Errorf("%s, %s: the outcome is said to be known: %v", w.name, name, err)
			}
			if err := r.do(t.Context(), aWrite); err != nil {
				t.Errorf("%s, %s: the next call: %v", w.name, name, err)
			}
		}
	}
}

// With several databases, Odoo 16 to 18 answer a call whose session is gone with Werkzeug's page for any unknown address.
func TestASessionThatIsGoneWithAPlainPageIsRenewed(t *testing.T) {
	const page = "<!doctype html>\n<html lang=en>\n<title>404 Not Found</title>\n<h1>Not Found</h1>\n"
	for _, major := range []int{16, 17, 18} {
		for _, o := range allOperations {
			r := newRig(t, way{name: "web session", kind: WebSession, major: major})
			r.odoo.forget(404, page)
			if err := r.do(t.Context(), o); err != nil || r.odoo.runs() != 1 {
				t.Errorf("%d, %s: run %d times: %v", major, o.name, r.odoo.runs(), err)
			}
		}
	}
}

// A page from a gateway is not a session that is gone: nothing is repeated, and nobody logs in again.
func TestAPageIsNoReasonToLogIn(t *testing.T) {
	r := newRig(t, allWays[2])
	logins := r.odoo.logins
	for _, status := range []int{200, 403, 404, 500} {
		r.proxy.arm(afterwards(status, "text/html", faultPage))
		if err := r.do(t.Context(), aWrite); !errors.Is(err, ErrMalformed) {
			t.Errorf("%d: %v", status, err)
		}
	}
	if r.odoo.logins != logins || r.odoo.runs() != 4 {
		t.Errorf("%d logins, run %d times", r.odoo.logins-logins, r.odoo.runs())
	}
}

func TestAnAnswerToAnotherRequestIsRefused(t *testing.T) {
	for _, w := range allWays {
		if !w.speaksRPC() {
			continue
		}
		r := newRig(t, w)
		for id, refused := range map[string]bool{"999999": true, `"1"`: true, "[]": true, "null": false} {
			r.proxy.arm(afterwards(200, "application/json", `{"jsonrpc":"2.0","id":`+id+`,"result":7}`))
			err := r.do(t.Context(), aWrite)
			e, ok := errors.AsType[*Error](err)
			if refused != ok || ok && (!errors.Is(err, ErrMalformed) || !e.MaybeDone() || !strings.Contains(err.Error(), "answered another request")) {
				t.Errorf("%s, %s: %v", w.name, id, err)
			}
		}
	}
}

// What a write answers may have another shape than it should: the write has run.
func TestAWriteWhoseAnswerHasAnotherShapeMayBeDone(t *testing.T) {
	c := dialFake(t, &fakeOdoo{Object: answerAll(resultOf(`{"a":1}`))})
	values := saleValues{Name: Set("x")}
	_, create := Create(t.Context(), c, values)
	var n int
	for name, err := range map[string]error{
		"create": create, "call": c.Model("sale.order").Call(t.Context(), "confirm", []int64{1}, nil, &n),
		"execute_kw": c.ExecuteKW(t.Context(), "sale.order", "confirm", nil, nil, &n),
		"do":         c.Model("sale.order").Do(t.Context(), &n, "confirm", []int64{1}),
	} {
		if e, ok := errors.AsType[*DecodeError](err); !ok || !e.MaybeDone() {
			t.Errorf("%s: %v", name, err)
		}
	}
	_, err := c.Model("sale.order").Count(t.Context(), Expr{})
	if e, ok := errors.AsType[*DecodeError](err); !ok || e.MaybeDone() {
		t.Errorf("a read: %v", err)
	}
}

func TestFaultsOfTheWire(t *testing.T) {
	for _, w := range allWays {
		t.Run(w.name, func(t *testing.T) {
			r := newRig(t, w)
			for _, c := range faultsOfTheWire {
				r.suffer(t, c)
			}
		})
	}
}

func TestFaultsOfTheSession(t *testing.T) {
	for _, w := range allWays[1:3] {
		t.Run(w.name, func(t *testing.T) {
			r := newRig(t, w)
			for _, c := range faultsOfTheSession {
				r.suffer(t, c)
			}
		})
	}
}

// suffer has each operation meet a fault once, and as often as it tries.
func (r *rig) suffer(t *testing.T, c faultCase) {
	t.Helper()
	if c.only != nil && !c.only(r.way) {
		return
	}
	for _, o := range allOperations {
		t.Run(c.name+"/"+o.name, func(t *testing.T) {
			r.meetOnce(t, c, o)
			if c.kind != nil {
				r.meetAlways(t, c, o)
			}
			r.proxy.arm()
			if err := r.do(t.Context(), o); err != nil {
				t.Errorf("the call after the fault: %v", err)
			}
			r.odoo.runs()
		})
	}
}

func (r *rig) meetOnce(t *testing.T, c faultCase, o operation) {
	t.Helper()
	r.proxy.arm(c.fault)
	err := r.do(t.Context(), o)
	repeated := c.passes && (o.repeatable || c.unseen)
	if repeated || c.kind == nil {
		if err != nil {
			t.Errorf("it did not recover: %v", err)
		}
	} else {
		c.check(t, err)
	}
	want := c.runs
	if repeated || c.kind == nil && c.runs == 0 {
		want++
	}
	if got := r.odoo.runs(); got != want {
		t.Errorf("run %d times, want %d", got, want)
	}
}

func (r *rig) meetAlways(t *testing.T, c faultCase, o operation) {
	t.Helper()
	r.proxy.arm(times(9, c.fault)...)
	c.check(t, r.do(t.Context(), o))
	attempts := 1
	if c.passes && (o.repeatable || c.unseen) {
		attempts = 3
	}
	if got := r.proxy.seen(); got != attempts {
		t.Errorf("sent %d times, want %d", got, attempts)
	}
	if got := r.odoo.runs(); got != attempts*c.runs {
		t.Errorf("run %d times, want %d", got, attempts*c.runs)
	}
}

func (c faultCase) check(t *testing.T, err error) {
	t.Helper()
	odoo, ok := errors.AsType[*Error](err)
	if !ok || !errors.Is(err, c.kind) || odoo.Status != c.status || odoo.MaybeDone() != c.maybeDone {
		t.Errorf("got %#v: %v; want the kind %v, the status %d, maybe done: %v", odoo, err, c.kind, c.status, c.maybeDone)
		return
	}
	if odoo.Model != "res.partner" || odoo.Method == "" || odoo.Traceback != "" || strings.Contains(err.Error(), "<") {
		t.Errorf("the error is not of the call, or repeats the page: %v", err)
	}
	checkSecret(t, err)
}

func TestAConnectionThatIsRefusedIsTriedAgainForAnything(t *testing.T) {
	for _, w := range allWays {
		r := newRig(t, w)
		for _, o := range allOperations {
			r.refuseConnections(2)
			if err := r.do(t.Context(), o); err != nil {
				t.Errorf("%s, %s: %v", w.name, o.name, err)
			}
			r.refuseConnections(3)
			err := r.do(t.Context(), o)
			if odoo, ok := errors.AsType[*Error](err); !ok || !errors.Is(err, ErrUnreachable) || odoo.MaybeDone() {
				t.Errorf("%s, %s: got %v", w.name, o.name, err)
			}
			checkSecret(t, err)
			if n := r.odoo.runs(); n != 1 {
				t.Errorf("%s, %s: run %d times", w.name, o.name, n)
			}
		}
	}
}

// An earlier attempt may have had its effect, whatever becomes of the last.
func TestALaterAttemptDoesNotMakeTheFirstUndone(t *testing.T) {
	for _, w := range allWays {
		r := newRig(t, w)
		r.proxy.arm(proxyFault{do: func(x *exchange) {
			x.run()
			r.refuseConnections(9)
		}})
		err := r.do(t.Context(), aRepeatableWrite)
		if odoo, ok := errors.AsType[*Error](err); !ok || !errors.Is(err, ErrUnreachable) || !odoo.MaybeDone() {
			t.Errorf("%s: got %#v", w.name, err)
		}
	}
}

func TestARedirectTakesNothingToAnotherServer(t *testing.T) {
	var elsewhere atomic.Int32
	other := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { elsewhere.Add(1) }))
	defer other.Close()
	for _, w := range allWays {
		t.Run(w.name, func(t *testing.T) {
			r := newRig(t, w)
			for _, status := range []int{301, 302, 303, 307, 308} {
				redirect := instead(status, "text/html", "", "Location: "+other.URL+"/jsonrpc")
				r.suffer(t, faultCase{name: http.StatusText(status), fault: redirect, kind: ErrMalformed, status: status})
			}
		})
	}
	if n := elsewhere.Load(); n != 0 {
		t.Errorf("the other server got %d requests", n)
	}
}

func TestAConflictRepeatsNoWrite(t *testing.T) {
	for _, w := range allWays {
		for _, class := range []string{"psycopg2.errors.SerializationFailure", "psycopg2.errors.DeadlockDetected", "psycopg2.errors.LockNotAvailable"} {
			r := newRig(t, w)
			left := 0
			r.odoo.answer = func(string) (string, *raised) {
				if left--; left >= 0 {
					return "", &raised{Name: class, Message: "could not serialize access", Debug: "Traceback"}
				}
				return "7", nil
			}
			for _, o := range allOperations {
				left = 2
				err := r.do(t.Context(), o)
				odoo, failed := errors.AsType[*Error](err)
				switch n := r.odoo.runs(); {
				case o.repeatable && (err != nil || n != 3):
					t.Errorf("%s, %s: %v after %d runs", w.name, o.name, err, n)
				case !o.repeatable && (!failed || !errors.Is(err, ErrConflict) || odoo.MaybeDone() || odoo.Traceback != "Traceback" || n != 1):
					t.Errorf("%s, %s: %#v after %d runs", w.name, o.name, err, n)
				}
			}
		}
	}
}

func TestASessionThatCanNotBeRenewed(t *testing.T) {
	for _, w := range allWays[1:3] {
		for _, c := range []faultCase{
			{name: "cut", fault: cutUnanswered, kind: ErrCutOff},
			{name: "a page", fault: instead(500, "text/html", faultPage), kind: ErrMalformed, status: 500},
			{name: "refused", fault: instead(200, "application/json", `{"error":{"code":200,"data":{"name":"odoo.exceptions.AccessDenied","message":"Access Denied"}}}`), kind: ErrAccessDenied},
		} {
			t.Run(w.name+"/"+c.name, func(t *testing.T) {
				r := newRig(t, w)
				r.odoo.expire()
				r.proxy.arm(times(30, c.fault.forLogin())...) // a renewal asks for the cookie of the database first
				c.check(t, r.do(t.Context(), aWrite))
				r.proxy.arm()
				if err := r.do(t.Context(), aWrite); err != nil || r.odoo.runs() != 1 {
					t.Errorf("the session is not renewed later: %v", err)
				}
			})
		}
	}
}

// A server that never takes the session is asked twice, and not for ever.
func TestASessionIsRenewedOnceACall(t *testing.T) {
	for _, w := range allWays[1:3] {
		r := newRig(t, w)
		r.proxy.arm(times(9, faultsOfTheSession[0].fault)...)
		err := r.do(t.Context(), aWrite)
		if odoo, ok := errors.AsType[*Error](err); !ok || !errors.Is(err, ErrSessionExpired) || odoo.MaybeDone() || r.proxy.seen() != 2 {
			t.Errorf("%s: %v after %d calls", w.name, err, r.proxy.seen())
		}
	}
}

// stopped is a context that a test ends, for a reason that the test gives.
type stopped struct {
	context.Context
	done   chan struct{}
	reason error
}

func (s stopped) Done() <-chan struct{} { return s.done }

func (s stopped) Err() error {
	select {
	case <-s.done:
		return s.reason
	default:
		return nil
	}
}

func TestAContextThatEndsDuringACall(t *testing.T) {
	for _, w := range allWays {
		r := newRig(t, w)
		for _, o := range allOperations {
			for _, reason := range []error{context.Canceled, context.DeadlineExceeded} {
				ctx := stopped{t.Context(), make(chan struct{}), reason}
				r.proxy.arm(proxyFault{do: func(x *exchange) {
					close(ctx.done)
					silence.do(x)
				}})
				err := r.do(ctx, o)
				checkEnded(t, w.name+", "+o.name, err, reason, true)
				if n := r.proxy.seen(); n != 1 {
					t.Errorf("%s, %s: sent %d times", w.name, o.name, n)
				}
				err = r.do(ctx, o)
				checkEnded(t, "before the call: "+w.name+", "+o.name, err, reason, false)
			}
		}
	}
}

// checkEnded wants the error of a context: with a deadline ErrTimeout as well, and no other kind.
func checkEnded(t *testing.T, what string, err, reason error, maybeDone bool) {
	t.Helper()
	odoo, ok := errors.AsType[*Error](err)
	if !ok || !errors.Is(err, reason) || odoo.MaybeDone() != maybeDone {
		t.Errorf("%s: got %#v: %v", what, odoo, err)
	}
	if errors.Is(err, ErrTimeout) != errors.Is(reason, context.DeadlineExceeded) || fault.IsAny(err, ErrCutOff, ErrUnreachable, ErrMalformed) {
		t.Errorf("%s: the kind of %v is wrong", what, err)
	}
	checkSecret(t, err)
}

func TestAnAnswerThatComesTooLate(t *testing.T) {
	for _, w := range allWays {
		r := newRig(t, w)
		r.pool.ResponseHeaderTimeout = 1 // counts from when the request is written, so that it was sent for sure
		for _, o := range allOperations {
			come := make(chan bool)
			r.proxy.arm(proxyFault{do: func(x *exchange) {
				come <- true
				silence.do(x)
			}})
			err := r.do(t.Context(), o)
			<-come // the client may be gone before the proxy has read the request
			odoo, ok := errors.AsType[*Error](err)
			if !ok || !errors.Is(err, ErrTimeout) || !odoo.MaybeDone() || len(r.pauses) > 0 {
				t.Errorf("%s, %s: got %#v: %v, tried again %d times", w.name, o.name, odoo, err, len(r.pauses))
			}
		}
	}
}
