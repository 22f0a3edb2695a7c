package orm

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"mime"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strconv"
	"strings"
	"sync/atomic"
	"time"
)

// What a client does unless told otherwise.
const (
	defaultTimeout   = 5 * time.Minute
	defaultMaxAnswer = 1 << 30
)

// wire posts requests to a server and reads its answers. It knows HTTP, and nothing of Odoo's protocols.
type wire struct {
	http      *http.Client
	base      *url.URL
	maxAnswer int64
	limiter   limiter
}

// newWire takes a client, but does not follow redirects, which would carry the credential to another address, and keeps
// no cookies, which would carry the session of one user into the calls of another that shares the client.
func newWire(c *http.Client, base *url.URL, maxAnswer int64) *wire {
	plain := *c
	plain.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	plain.Jar = nil
	return &wire{http: &plain, base: base, maxAnswer: maxAnswer}
}

// message is a request to be posted.
type message struct {
	path   string
	header http.Header
	body   []byte
	intake *intake // takes the records off the answer; nil for most
}

// answer is what came back.
type answer struct {
	status int
	header http.Header
	body   []byte
}

func (a *answer) contentType() string {
	kind, _, _ := mime.ParseMediaType(a.header.Get("Content-Type"))
	return kind
}

// post sends a message and reads the answer, whatever its status. An error is an *Error of the kinds ErrTimeout,
// ErrUnreachable, ErrCutOff or ErrTooLarge, or that of a cancelled context.
func (w *wire) post(ctx context.Context, m *message) (*answer, error) {
	header := m.header.Clone()
	if header == nil {
		header = http.Header{}
	}
	header.Set("Content-Type", "application/json")
	receive := w.whole
	if m.intake != nil {
		receive = func(resp *http.Response) (*answer, error) { return m.intake.receive(w, resp) }
	}
	return w.exchange(ctx, http.MethodPost, w.base.JoinPath(m.path), header, m.body, receive)
}

// get asks for a page, as post does.
func (w *wire) get(ctx context.Context, page *url.URL) (*answer, error) {
	return w.exchange(ctx, http.MethodGet, page, http.Header{}, nil, w.whole)
}

func (w *wire) exchange(ctx context.Context, method string, to *url.URL, header http.Header, content []byte, receive func(*http.Response) (*answer, error)) (*answer, error) {
	release, err := w.limiter.acquire(ctx)
	if err != nil {
		return nil, err
	}
	defer release()
	var t transmission
	req, err := http.NewRequestWithContext(httptrace.WithClientTrace(ctx, t.trace()), method, to.String(), bytes.NewReader(content))
	if err != nil {
		return nil, err
	}
	req.Header = header
	resp, err := w.http.Do(req)
	if err != nil {
		return nil, w.failed(ctx, err, t.sent.Load() && !closedIdle(err))
	}
	defer resp.Body.Close()
	a, err := receive(resp)
	if _, known := errors.AsType[*Error](err); err != nil && !known {
		return nil, w.failed(ctx, err, true)
	}
	return a, err
}

// whole reads all of an answer. It holds no more of it than the limit allows, and nothing of one that says beforehand that
// it is larger.
func (w *wire) whole(resp *http.Response) (*answer, error) {
	if resp.ContentLength > w.maxAnswer {
		return nil, w.tooLarge()
	}
	var body bytes.Buffer
	body.Grow(int(min(max(resp.ContentLength, 0), trustedLength)) + bytes.MinRead)
	_, err := body.ReadFrom(io.LimitReader(resp.Body, min(w.maxAnswer, math.MaxInt64-1)+1))
	if int64(body.Len()) > w.maxAnswer {
		return nil, w.tooLarge()
	}
	return &answer{resp.StatusCode, resp.Header, body.Bytes()}, err
}

func (w *wire) tooLarge() error {
	return &Error{kind: ErrTooLarge, sent: true, Message: fmt.Sprintf("the answer of %s is larger than %d bytes", w.base, w.maxAnswer)}
}

// trustedLength is how much memory an answer gets because it says that it is so long.
const trustedLength = 64 << 20

// transmission watches whether a request may have reached the server.
type transmission struct{ reused, answered, sent atomic.Bool }

func (t *transmission) trace() *httptrace.ClientTrace {
	return &httptrace.ClientTrace{
		GetConn: func(string) {
			// The transport takes another connection when the one from its pool turned out to be dead before a byte
			// was written to it; for a POST in no other case.
			if t.reused.Load() && !t.answered.Load() {
				t.sent.Store(false)
			}
		},
		GotConn:              func(info httptrace.GotConnInfo) { t.reused.Store(info.Reused) },
		WroteHeaders:         func() { t.sent.Store(true) },
		GotFirstResponseByte: func() { t.answered.Store(true) },
	}
}

// closedIdle tells that the server had closed a connection of the pool before the request was written to it. net/http
// has no name for this error. Unknown to it, such a request would merely count as sent.
func closedIdle(err error) bool {
	return strings.HasSuffix(err.Error(), "http: server closed idle connection")
}

// failed says what became of a request without an answer. sent tells whether the server may have seen it.
func (w *wire) failed(ctx context.Context, err error, sent bool) error {
	var wrapped *url.Error
	if errors.As(err, &wrapped) {
		err = wrapped.Err // without the address, which the message has anyway
	}
	what := fmt.Sprintf("no answer from %s", w.base)
	if ctx.Err() != nil {
		e := ended(ctx.Err(), what)
		e.sent = sent
		return e
	}
	e := &Error{cause: err, kind: ErrUnreachable, sent: sent, Message: fmt.Sprintf("%s: %v", what, err)}
	var network net.Error
	switch {
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &network) && network.Timeout():
		e.kind = ErrTimeout
	case sent:
		e.kind = ErrCutOff
	case w.base.Scheme == "https" && errors.Is(err, io.EOF):
		e.Message += ", which may speak http only" // Odoo itself does, and closes the connection
	}
	return e
}

// ended is the error of a call whose context ended: ErrTimeout if its deadline passed, and of no kind of its own if it
// was cancelled, which is neither the server's fault nor the network's.
func ended(cause error, what string) *Error {
	e := &Error{cause: cause, Message: fmt.Sprintf("%s: %v", what, cause)}
	if errors.Is(cause, context.DeadlineExceeded) {
		e.kind = ErrTimeout
	}
	return e
}

// session asks for a session cookie of the database, without logging in. On a server with several databases, /jsonrpc
// has no database of its own: Odoo 14 then answers any exception with a page that says nothing, unless the request
// carries such a cookie. A server that gives none is used without.
func (w *wire) session(ctx context.Context, db string) *http.Cookie {
	u := w.base.JoinPath("web")
	u.RawQuery = url.Values{"db": {db}}.Encode()
	a, err := w.get(ctx, u)
	if err != nil {
		return nil
	}
	return sessionCookie(a.header)
}

func sessionCookie(h http.Header) *http.Cookie {
	for _, cookie := range (&http.Response{Header: h}).Cookies() {
		if cookie.Name == "session_id" {
			return cookie
		}
	}
	return nil
}

// notOdoo is the error for an answer that is not Odoo's: a proxy's page, another server, or the HTML that Odoo sends
// for an exception outside a database.
func (w *wire) notOdoo(a *answer) *Error {
	e := &Error{Status: a.status, kind: ErrMalformed, sent: !refused(a.status)}
	kind := a.contentType()
	if kind == "" {
		kind = "no content type"
	}
	switch {
	case a.status >= 300 && a.status < 400:
		e.Message = fmt.Sprintf("%s redirects to %s", w.base, w.location(a))
	case a.status == http.StatusTooManyRequests:
		e.kind = ErrRateLimit
		e.Message = fmt.Sprintf("%s asks for fewer calls", w.base)
	case a.status == http.StatusRequestEntityTooLarge:
		e.kind = ErrTooLarge
		e.Message = fmt.Sprintf("%s takes no request as large as this", w.base)
	case a.status == http.StatusOK:
		e.Message = fmt.Sprintf("%s does not answer as an Odoo server (it sent %s, %d bytes)", w.base, kind, len(a.body))
	default:
		e.Message = fmt.Sprintf("%s answered HTTP %d %s (%s)", w.base, a.status, http.StatusText(a.status), kind)
	}
	e.retryAfter = retryAfter(a.header)
	return e
}

// refused tells that whoever answered did not have the call run: it goes elsewhere (3xx) or is not taken (4xx). A gateway
// that says 502 or 504 may have passed it on.
func refused(status int) bool { return status >= 300 && status < 500 }

// location is where a redirect leads: the address to use where the same call would be answered, or else some page.
func (w *wire) location(a *answer) string {
	to, err := w.base.Parse(a.header.Get("Location"))
	if err != nil {
		return "nowhere"
	}
	path, same := strings.CutSuffix(strings.TrimSuffix(to.Path, "/"), pathJSONRPC)
	if !same {
		return to.String()
	}
	to.Path = path
	return to.String() + ": use that address"
}

// retryAfter reads the seconds that a server asks to wait, or the time until which it does.
func retryAfter(h http.Header) time.Duration {
	text := h.Get("Retry-After")
	if text == "" {
		return 0
	}
	if seconds, err := strconv.ParseUint(text, 10, 31); err == nil {
		return time.Duration(seconds) * time.Second
	}
	if at, err := http.ParseTime(text); err == nil {
		return max(0, time.Until(at))
	}
	return 0
}
