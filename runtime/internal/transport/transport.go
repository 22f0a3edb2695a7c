// Package transport sends HTTP requests to one server and reads their answers. It knows nothing of Odoo's protocols, nor
// of records: a [Sink] takes an answer that is not kept as a whole.
package transport

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"math"
	"mime"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strings"
	"sync/atomic"

	"github.com/odoogen/odoogen/runtime/internal/fault"
)

// Transport sends requests to a server. It is safe for concurrent use.
type Transport struct {
	client *http.Client
	base   *url.URL
	Options
}

// Options apply to all requests of a transport.
type Options struct {
	MaxAnswer int64 // bytes of an answer
	Limiter   Limiter
	Header    func() http.Header // sent with each request; nil for none. A func, so that no %v prints it
}

// New is a transport over the client, which does not follow redirects: they would carry the credential to another
// address. Nor does it keep cookies, which would carry the session of one user into the calls of another that shares the
// client.
func New(c *http.Client, base *url.URL, o Options) *Transport {
	plain := *c
	plain.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	plain.Jar = nil
	if o.Header == nil {
		o.Header = func() http.Header { return nil }
	}
	return &Transport{client: &plain, base: base, Options: o}
}

// Base is the address of the server.
func (t *Transport) Base() *url.URL { return t.base }

// Waiting is a transport for requests that the server answers when it has something to say: without limits of time and rate,
// and to another address if base is not nil.
func (t *Transport) Waiting(base *url.URL) *Transport {
	out := *t
	out.client, out.Limiter = patient(t.client), Limiter{}
	if base != nil {
		out.base = base
	}
	return &out
}

// Client is the HTTP client, which follows no redirects and keeps no cookies.
func (t *Transport) Client() *http.Client { return t.client }

// UsesAuthorization reports whether the header Authorization is that of a gateway, and cannot carry an API key.
func (t *Transport) UsesAuthorization() bool { return t.Header().Get("Authorization") != "" }

// Request is a request to be sent.
type Request struct {
	Method string // POST if ""
	Path   string // below the address of the server
	Query  url.Values
	Header http.Header // with Content-Type: application/json, unless it names another
	Body   []byte
	Stream *Stream // sent instead of Body, if not nil

	// MaxAnswer is how many bytes the answer may have, if that is less than the transport's; 0 for no limit of its own. Answers
	// of servers that nobody has logged in to yet are small.
	MaxAnswer int64

	// Decode decodes the body of an answer before a sink reads it; nil leaves the body alone. Its errors are those of a sink.
	Decode func(a *Answer, body io.Reader) io.Reader

	// Repeatable says that the request may run twice. net/http itself repeats a request on HTTP/2 when the server refuses the
	// stream or goes away, even if it has run: others are sent once.
	Repeatable bool

	// Patient sets no limit to the duration of the request, which ends when nothing moves for the timeout of the HTTP client,
	// nor to what a sink takes.
	Patient bool
}

// Stream is a body that is read while it is sent. Odoo's JSON-2 ignores a body whose length is not announced.
type Stream struct {
	io.Reader
	Length int64 // -1 if it is not known
}

// Answer is the answer to a request.
type Answer struct {
	Status int
	Header http.Header
	Length int64  // of the body as announced, -1 if it is not
	Body   []byte // all of the body, or what a sink left of it
}

// ContentType is the media type of the body, without parameters.
func (a *Answer) ContentType() string {
	kind, _, _ := mime.ParseMediaType(a.Header.Get("Content-Type"))
	return kind
}

// Sink reads the body of an answer to its end, and sets Body to what is to be kept of it. Errors of the body are
// [fault.Error]s and must be returned.
type Sink func(a *Answer, body io.Reader) error

// Do sends a request and reads the answer, whatever its status. Without a sink, Body is the whole body. An error of the
// request's Stream or of the sink is returned as is; others are [fault.Error]s of the kinds Timeout, Unreachable, CutOff
// and TooLarge, or of no kind if the context was cancelled.
func (t *Transport) Do(ctx context.Context, r *Request, sink Sink) (*Answer, error) {
	release, err := t.Limiter.acquire(ctx)
	if err != nil {
		return nil, err
	}
	defer release()
	x := &exchange{transport: t, ctx: ctx, client: t.client, flow: newFlow(ctx, 0)}
	if r.Patient {
		x.flow.stop()
		x.client, x.flow = patient(t.client), newFlow(ctx, t.client.Timeout)
	}
	defer x.flow.stop()
	return x.run(r, sink)
}

func patient(c *http.Client) *http.Client {
	out := *c
	out.Timeout = 0
	return &out
}

// exchange is a request on its way and its answer.
type exchange struct {
	transport *Transport
	ctx       context.Context
	client    *http.Client
	flow      *flow
	seen      transmission
}

func (x *exchange) run(r *Request, sink Sink) (*Answer, error) {
	out := newOutflow(x.flow, r)
	a, err := x.send(r, out, sink)
	if failed := out.end(); failed != nil {
		return nil, failed
	}
	return a, err
}

func (x *exchange) send(r *Request, out *outflow, sink Sink) (*Answer, error) {
	req, err := x.request(r, out)
	if err != nil {
		return nil, err
	}
	resp, err := x.client.Do(req)
	if err != nil {
		return nil, x.failed(err, x.seen.sent.Load() && !closedIdle(err))
	}
	defer resp.Body.Close()
	note(x.ctx, resp.Header)
	a := &Answer{Status: resp.StatusCode, Header: resp.Header, Length: resp.ContentLength}
	body := io.Reader(&inflow{resp.Body, x})
	switch most := r.most(x.transport); {
	case a.Status != http.StatusOK:
		body = io.LimitReader(body, maxErrorAnswer)
	case r.Patient && sink != nil:
	case a.Length > most:
		return nil, x.transport.tooLarge(most)
	default:
		body = newLimited(body, x.transport, most)
	}
	if r.Decode != nil {
		body, a.Length = r.Decode(a, body), -1
	}
	if sink == nil {
		sink = whole
	}
	if err := sink(a, body); err != nil {
		return nil, err
	}
	return a, nil
}

func (x *exchange) request(r *Request, out *outflow) (*http.Request, error) {
	to := x.transport.base.JoinPath(r.Path)
	to.RawQuery = r.Query.Encode()
	ctx := httptrace.WithClientTrace(x.flow.ctx, x.seen.trace())
	body := io.Reader(bytes.NewReader(r.Body))
	if r.Stream != nil {
		body = out
	}
	req, err := http.NewRequestWithContext(ctx, cmp.Or(r.Method, http.MethodPost), to.String(), body)
	if err != nil {
		return nil, err
	}
	if again := req.GetBody; again != nil && !r.Repeatable {
		req.GetBody = func() (io.ReadCloser, error) {
			if x.seen.http2.Load() {
				return nil, errNotAgain
			}
			return again() // on HTTP/1.1, when not a byte of the request was written
		}
	}
	if r.Stream != nil {
		req.ContentLength = r.Stream.Length
	}
	if req.Method == http.MethodPost {
		req.Header.Set("Content-Type", "application/json")
	}
	maps.Copy(req.Header, x.transport.Header())
	for name, values := range r.Header {
		if name == "Authorization" && x.transport.UsesAuthorization() {
			return nil, &fault.Error{Kind: fault.AccessDenied, Message: "the header Authorization is that of a gateway and cannot carry the API key, too"}
		}
		req.Header[name] = values
	}
	return req, nil
}

var errNotAgain = errors.New("the server refused or broke off the request after it was sent (HTTP/2)")

// maxErrorAnswer is how much is read of an answer that reports an error by its status. The rest says nothing more.
const maxErrorAnswer = 8 << 20

// most is how many bytes the answer may have.
func (r *Request) most(t *Transport) int64 {
	if r.MaxAnswer == 0 {
		return t.MaxAnswer
	}
	return min(r.MaxAnswer, t.MaxAnswer)
}

// whole keeps all of an answer.
func whole(a *Answer, body io.Reader) (err error) {
	if a.Length < 0 || a.Length > trustedLength {
		a.Body, err = io.ReadAll(body)
		return err
	}
	var b bytes.Buffer
	b.Grow(int(a.Length) + bytes.MinRead)
	_, err = b.ReadFrom(body)
	a.Body = b.Bytes()
	return err
}

// trustedLength is how much memory an answer gets because it says that it is so long.
const trustedLength = 64 << 20

// limited is a body that may not be larger than the limit.
type limited struct {
	from       io.Reader
	most, left int64
	t          *Transport
}

// newLimited reads one byte more than the limit, to see whether there is one.
func newLimited(from io.Reader, t *Transport, most int64) *limited {
	return &limited{from, most, min(most, math.MaxInt64-1) + 1, t}
}

func (l *limited) Read(p []byte) (int, error) {
	n, err := l.from.Read(p[:min(int64(len(p)), l.left)])
	if l.left -= int64(n); l.left == 0 {
		return n, l.t.tooLarge(l.most)
	}
	return n, err
}

func (t *Transport) tooLarge(most int64) error {
	return &fault.Error{Kind: fault.TooLarge, Sent: true, Message: fmt.Sprintf("the answer of %s is larger than %d bytes", t.base, most)}
}

// transmission watches whether a request may have reached the server.
type transmission struct{ reused, answered, sent, http2 atomic.Bool }

func (t *transmission) trace() *httptrace.ClientTrace {
	return &httptrace.ClientTrace{
		GetConn: func(string) {
			// The transport takes another connection when the one from its pool turned out to be dead before a byte
			// was written to it; for a POST in no other case.
			if t.reused.Load() && !t.answered.Load() {
				t.sent.Store(false)
			}
		},
		GotConn: func(info httptrace.GotConnInfo) { t.reused.Store(info.Reused) },
		WroteHeaderField: func(name string, _ []string) {
			if strings.HasPrefix(name, ":") {
				t.http2.Store(true)
			}
		},
		WroteHeaders:         func() { t.sent.Store(true) },
		GotFirstResponseByte: func() { t.answered.Store(true) },
	}
}

// closedIdle reports that the server had closed a connection of the pool before the request was written to it. net/http
// has no name for this error. If it were not recognised, such a request would merely count as sent.
func closedIdle(err error) bool {
	return strings.HasSuffix(err.Error(), "http: server closed idle connection")
}

// failed is the error of a request without an answer. sent says whether the server may have seen it.
func (x *exchange) failed(err error, sent bool) error {
	err = x.flow.reason(err)
	var wrapped *url.Error
	if errors.As(err, &wrapped) {
		err = wrapped.Err // without the address, which the message has anyway
	}
	base := x.transport.base
	what := fmt.Sprintf("no answer from %s", base)
	if x.ctx.Err() != nil {
		e := Ended(x.ctx.Err(), what)
		e.Sent = sent
		return e
	}
	e := &fault.Error{Cause: err, Kind: fault.Unreachable, Sent: sent, Message: fmt.Sprintf("%s: %v", what, err)}
	var network net.Error
	switch {
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &network) && network.Timeout():
		e.Kind = fault.Timeout
	case sent:
		e.Kind = fault.CutOff
	case base.Scheme == "https" && errors.Is(err, io.EOF):
		e.Message += ", which may speak http only" // Odoo itself does, and closes the connection
	}
	return e
}

// Ended is the error of a call whose context ended: of the kind Timeout if its deadline passed, and of no kind if it was
// cancelled, which is neither the server's fault nor the network's.
func Ended(cause error, what string) *fault.Error {
	e := &fault.Error{Cause: cause, Message: fmt.Sprintf("%s: %v", what, cause)}
	if errors.Is(cause, context.DeadlineExceeded) {
		e.Kind = fault.Timeout
	}
	return e
}
