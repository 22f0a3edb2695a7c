package odootest

import (
	"context"
	"net/http"
	"strconv"
	"time"

	orm "github.com/odoogen/odoogen/runtime"
)

// On says which calls meet a fault. A field that is empty fits any call; the zero On is every call, logins included.
type On struct {
	Model    string
	Method   string
	Protocol orm.Protocol
	Skip     int // so many fitting calls go through first
	Times    int // so many calls meet it then; 0 is all of them
}

// Fault is something that goes wrong with a call.
type Fault struct {
	around func(ctx context.Context, r Request, run runner) (any, error)
}

type faults []Fault

// injected is what Inject was given.
type injected struct {
	on     On
	faults faults
	seen   int
}

// Inject makes faults of the calls that fit, from now on. Several faults of one call happen in their order:
//
//	server.Inject(odootest.On{Model: "sale.order", Method: "write", Times: 1}, odootest.CutAfter())
func (s *Server) Inject(on On, faults ...Fault) {
	s.logged.Lock()
	defer s.logged.Unlock()
	s.faults = append(s.faults, &injected{on: on, faults: faults})
}

// ClearFaults takes back all that was injected.
func (s *Server) ClearFaults() {
	s.logged.Lock()
	defer s.logged.Unlock()
	s.faults = nil
}

// meets reports whether a call meets the fault, and counts it.
func (f *injected) meets(r Request) bool {
	on := f.on
	if on.Model != "" && on.Model != r.Model || on.Method != "" && on.Method != r.Method || on.Protocol != orm.Automatic && on.Protocol != r.Protocol {
		return false
	}
	f.seen++
	return f.seen > on.Skip && (on.Times == 0 || f.seen <= on.Skip+on.Times)
}

// run runs a call through the faults, the first one outermost.
func (f faults) run(ctx context.Context, r Request, run runner) (any, error) {
	if len(f) == 0 {
		return run(ctx)
	}
	return f[0].around(ctx, r, func(ctx context.Context) (any, error) { return f[1:].run(ctx, r, run) })
}

// instead is a fault in place of the call, which is not run.
func instead(err error) Fault {
	return Fault{func(context.Context, Request, runner) (any, error) { return nil, err }}
}

// Latency lets a call wait before it is run.
func Latency(d time.Duration) Fault {
	return Fault{func(ctx context.Context, _ Request, run runner) (any, error) {
		pause(ctx, d)
		return run(ctx)
	}}
}

// pause waits. If the client goes meanwhile, the call ends.
func pause(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
		panic(http.ErrAbortHandler)
	case <-time.After(d):
	}
}

// CommitLate makes the transaction of a call begin now and commit after d, like a long transaction: other calls run and
// commit meanwhile, and the write_date of the records of this call is older than theirs.
//
//	server.Inject(odootest.On{Model: "sale.order", Method: "action_confirm", Times: 1}, odootest.CommitLate(time.Second))
func CommitLate(d time.Duration) Fault {
	return Fault{func(ctx context.Context, _ Request, run runner) (any, error) {
		ctx = begun(ctx)
		pause(ctx, d)
		return run(ctx)
	}}
}

// CommitAfter is [CommitLate] for a transaction that stays open until a value can be received from the channel or it is
// closed.
func CommitAfter(signal <-chan struct{}) Fault {
	return Fault{func(ctx context.Context, _ Request, run runner) (any, error) {
		ctx = begun(ctx)
		select {
		case <-ctx.Done():
			panic(http.ErrAbortHandler) // the client has gone
		case <-signal:
			return run(ctx)
		}
	}}
}

// CutBefore cuts the connection; the call is not run. A client cannot distinguish this from [CutAfter].
func CutBefore() Fault {
	return Fault{func(context.Context, Request, runner) (any, error) { panic(http.ErrAbortHandler) }}
}

// CutAfter runs the call, and cuts the connection instead of answering.
func CutAfter() Fault {
	return Fault{func(ctx context.Context, _ Request, run runner) (any, error) {
		_, _ = run(ctx)
		panic(http.ErrAbortHandler)
	}}
}

// Raise fails a call with an exception; the call is not run.
func Raise(class, message string) Fault { return instead(&Error{Class: class, Message: message}) }

// Conflict fails a call as Odoo does when other transactions were in the way each time that it tried; the call is not run.
func Conflict() Fault {
	return Raise(classSerialization, "could not serialize access due to concurrent update\n")
}

// ExpireSession ends the web session of a call before it is run. Calls of other protocols, which have none, are run.
func ExpireSession() Fault {
	return Fault{func(ctx context.Context, r Request, run runner) (any, error) {
		if r.Protocol == orm.WebSession {
			return nil, errSessionExpired
		}
		return run(ctx)
	}}
}

// TooManyRequests is what a gateway before Odoo answers to too many calls: HTTP 429, and how long to wait, in whole seconds;
// 0 does not say. The call is not run.
func TooManyRequests(retryAfter time.Duration) Fault {
	p := &page{status: http.StatusTooManyRequests, html: "<html><body><h1>429 Too Many Requests</h1></body></html>\n"}
	if retryAfter > 0 {
		p.header = http.Header{"Retry-After": {strconv.Itoa(int(retryAfter.Round(time.Second) / time.Second))}}
	}
	return instead(p)
}

// Page answers a call with a page of HTML, as a gateway does; the call is not run.
func Page(status int, html string) Fault { return instead(&page{status: status, html: html}) }
