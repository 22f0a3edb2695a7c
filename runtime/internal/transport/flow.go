package transport

import (
	"context"
	"errors"
	"io"
	"sync/atomic"
	"time"
)

// flow ends an exchange in which nothing has moved for a while.
type flow struct {
	ctx      context.Context
	cancel   context.CancelFunc
	patience time.Duration
	timer    *time.Timer // nil for no end to the patience
	stalled  atomic.Bool
}

func newFlow(ctx context.Context, patience time.Duration) *flow {
	f := &flow{patience: patience}
	f.ctx, f.cancel = context.WithCancel(ctx)
	if patience > 0 {
		f.timer = time.AfterFunc(patience, func() { f.stalled.Store(true); f.cancel() })
	}
	return f
}

// moved records progress.
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

// reason is the cause of an error of the request.
func (f *flow) reason(err error) error {
	if f.stalled.Load() {
		return context.DeadlineExceeded
	}
	return err
}

// outflow is the streamed body of a request. net/http may go on reading it for a moment after the request has ended, when
// the reader is the caller's again.
type outflow struct {
	flow   *flow
	from   io.Reader
	free   chan struct{} // holds a token while it is being read, and for good when it has ended
	failed error         // of the reader
}

func newOutflow(f *flow, r *Request) *outflow {
	o := &outflow{flow: f, free: make(chan struct{}, 1)}
	if r.Stream != nil {
		o.from = r.Stream.Reader
	}
	return o
}

func (o *outflow) Read(p []byte) (int, error) {
	select {
	case o.free <- struct{}{}:
	default:
		return 0, io.ErrClosedPipe
	}
	defer func() { <-o.free }()
	o.flow.moved()
	n, err := o.from.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		o.failed = err
	}
	return n, err
}

// end waits for the current read and refuses further ones. It gives the error of the reader, if it failed.
func (o *outflow) end() error {
	o.free <- struct{}{}
	return o.failed
}

// inflow is the body of an answer, whose errors are those of the exchange.
type inflow struct {
	from io.Reader
	x    *exchange
}

func (i *inflow) Read(p []byte) (int, error) {
	n, err := i.from.Read(p)
	i.x.flow.moved()
	if err != nil && !errors.Is(err, io.EOF) {
		err = i.x.failed(err, true)
	}
	return n, err
}
