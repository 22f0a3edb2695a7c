package orm

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptrace"
	"sync/atomic"
	"time"
)

// transfer posts a message whose body is read as it is sent, and hands over the answer as it arrives. The length is that of
// the body: Odoo's JSON-2 takes a body without one for no body at all. When it returns, the body is not read any more.
//
// What takes long is not ended by the timeout of the HTTP client, but what stands still for that time is. Errors are
// those of post, those of the answer's body included.
func (w *wire) transfer(ctx context.Context, m *message, body io.Reader, length int64, receive func(*http.Response) error) error {
	release, err := w.limiter.acquire(ctx)
	if err != nil {
		return err
	}
	defer release()
	flow, watched := newFlow(ctx, w.http.Timeout)
	defer flow.stop()
	out := &outflow{flow: flow, from: body, free: make(chan struct{}, 1)}
	defer out.end()
	var t transmission
	req, err := http.NewRequestWithContext(httptrace.WithClientTrace(watched, t.trace()), http.MethodPost, w.base.JoinPath(m.path).String(), out)
	if err != nil {
		return err
	}
	req.ContentLength = length
	req.Header.Set("Content-Type", "application/json")
	for name, values := range m.header {
		req.Header[name] = values
	}
	patient := *w.http
	patient.Timeout = 0
	resp, err := patient.Do(req)
	if err != nil {
		return w.failed(ctx, flow.reason(err), t.sent.Load() && !closedIdle(err))
	}
	defer resp.Body.Close()
	resp.Body = &inflow{resp.Body, flow, func(err error) error { return w.failed(ctx, flow.reason(err), true) }}
	return receive(resp)
}

// flow ends a transfer in which nothing has moved for a while.
type flow struct {
	patience time.Duration
	timer    *time.Timer // nil for no end to the patience
	cancel   context.CancelFunc
	stalled  atomic.Bool
}

func newFlow(ctx context.Context, patience time.Duration) (*flow, context.Context) {
	ctx, cancel := context.WithCancel(ctx)
	f := &flow{patience: patience, cancel: cancel}
	if patience > 0 {
		f.timer = time.AfterFunc(patience, func() { f.stalled.Store(true); cancel() })
	}
	return f, ctx
}

// moved says that there was progress.
func (f *flow) moved() {
	if f.timer != nil {
		f.timer.Reset(f.patience)
	}
}

func (f *flow) stop() {
	if f.timer != nil {
		f.timer.Stop()
	}
	f.cancel()
}

// reason is the error behind the one of a request.
func (f *flow) reason(err error) error {
	if f.stalled.Load() {
		return context.DeadlineExceeded
	}
	return err
}

// outflow is the body of a request. The transport may go on reading it for a moment after the request has ended, when
// the reader is the caller's again.
type outflow struct {
	flow *flow
	from io.Reader
	free chan struct{} // holds a token while it is being read, and for good when it has ended
}

func (o *outflow) Read(p []byte) (int, error) {
	select {
	case o.free <- struct{}{}:
	default:
		return 0, io.ErrClosedPipe
	}
	defer func() { <-o.free }()
	o.flow.moved()
	return o.from.Read(p)
}

func (o *outflow) end() { o.free <- struct{}{} }

// inflow is the body of an answer.
type inflow struct {
	io.ReadCloser
	flow   *flow
	failed func(error) error
}

func (i *inflow) Read(p []byte) (int, error) {
	n, err := i.ReadCloser.Read(p)
	i.flow.moved()
	if err != nil && !errors.Is(err, io.EOF) {
		err = i.failed(err)
	}
	return n, err
}
