package orm

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
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
}

// newWire takes a client whose redirects are not followed: they would carry the credential to another address.
func newWire(c *http.Client, base *url.URL, maxAnswer int64) *wire {
	plain := *c
	plain.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &wire{&plain, base, maxAnswer}
}

// message is a request to be posted.
type message struct {
	path   string
	header http.Header
	body   []byte
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
// ErrUnreachable, ErrCutOff or ErrTooLarge, or that of an ended context.
func (w *wire) post(ctx context.Context, m *message) (*answer, error) {
	var sent atomic.Bool
	trace := &httptrace.ClientTrace{WroteHeaders: func() { sent.Store(true) }}
	req, err := http.NewRequestWithContext(httptrace.WithClientTrace(ctx, trace), http.MethodPost,
		w.base.JoinPath(m.path).String(), bytes.NewReader(m.body))
	if err != nil {
		return nil, err
	}
	for name, values := range m.header {
		req.Header[name] = values
	}
	req.Header.Set("Content-Type", "application/json")
	resp, err := w.http.Do(req)
	if err != nil {
		return nil, w.failed(ctx, err, sent.Load())
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(io.LimitReader(resp.Body, w.maxAnswer+1))
	if err != nil {
		return nil, w.failed(ctx, err, true)
	}
	if int64(len(body)) > w.maxAnswer {
		return nil, &Error{kind: ErrTooLarge, Message: fmt.Sprintf("the answer of %s is larger than %d bytes", w.base, w.maxAnswer)}
	}
	return &answer{resp.StatusCode, resp.Header, body}, nil
}

// failed says what became of a request without an answer. sent tells whether the server may have seen it.
func (w *wire) failed(ctx context.Context, err error, sent bool) error {
	if ctx.Err() != nil {
		err = ctx.Err()
	}
	var wrapped *url.Error
	if errors.As(err, &wrapped) {
		err = wrapped.Err // without the address, which the message has anyway
	}
	e := &Error{cause: err, kind: ErrUnreachable, Message: fmt.Sprintf("no answer from %s: %v", w.base, err)}
	var network net.Error
	switch {
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &network) && network.Timeout():
		e.kind = ErrTimeout
	case sent:
		e.kind = ErrCutOff
	}
	e.sent = sent
	return e
}

// session asks for a session cookie of the database, without logging in. On a server with several databases, /jsonrpc
// has no database of its own: Odoo 14 then answers any exception with a page that says nothing, unless the request
// carries such a cookie. A server that gives none is used without.
func (w *wire) session(ctx context.Context, db string) *http.Cookie {
	u := w.base.JoinPath("web")
	u.RawQuery = url.Values{"db": {db}}.Encode()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return nil
	}
	resp, err := w.http.Do(req)
	if err != nil {
		return nil
	}
	defer resp.Body.Close()
	return sessionCookie(resp.Header)
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
	e := &Error{Status: a.status, kind: ErrMalformed}
	kind := a.contentType()
	if kind == "" {
		kind = "no content type"
	}
	switch {
	case a.status >= 300 && a.status < 400:
		e.Message = fmt.Sprintf("%s redirects to %s: use that address", w.base, w.location(a))
	case a.status == http.StatusTooManyRequests:
		e.kind = ErrRateLimit
		e.Message = fmt.Sprintf("%s asks for fewer calls", w.base)
	case a.status == http.StatusOK:
		e.Message = fmt.Sprintf("%s does not answer as an Odoo server (it sent %s, %d bytes)", w.base, kind, len(a.body))
	default:
		e.Message = fmt.Sprintf("%s answered HTTP %d %s (%s)", w.base, a.status, http.StatusText(a.status), kind)
	}
	e.retryAfter = retryAfter(a.header)
	return e
}

// location is where a redirect leads, less the path of the call.
func (w *wire) location(a *answer) string {
	to, err := w.base.Parse(a.header.Get("Location"))
	if err != nil {
		return "nowhere"
	}
	to.Path = strings.TrimSuffix(strings.TrimSuffix(to.Path, "/"), pathJSONRPC)
	return to.String()
}

// retryAfter reads the seconds that a server asks to wait, or the time until which it does.
func retryAfter(h http.Header) time.Duration {
	text := h.Get("Retry-After")
	if text == "" {
		return 0
	}
	if seconds, err := time.ParseDuration(text + "s"); err == nil {
		return max(0, seconds)
	}
	if at, err := http.ParseTime(text); err == nil {
		return max(0, time.Until(at))
	}
	return 0
}
