package bus

import (
	"context"

	orm "github.com/odoogen/odoogen/runtime"
)

// Wake listens as [Listen] does, and sends a signal for each notification until the context ends, when it closes the
// channel. It also sends a signal for each connection, because notifications may have been missed before it. Signals that
// were not received yet are merged. Errors of Listen are passed to report.
//
//	signals := bus.Wake(ctx, c, func(err error) { log.Print(err) }, bus.Channel(secret))
//	for batch, err := range f.Batches(ctx, feed.Every(time.Minute), feed.Wake(signals)) {
func Wake(ctx context.Context, c *orm.Client, report func(error), opts ...Option) <-chan struct{} {
	signals := make(chan struct{}, 1)
	signal := func() {
		select {
		case signals <- struct{}{}:
		default:
		}
	}
	go func() {
		defer close(signals)
		for _, err := range Listen(ctx, c, append(opts[:len(opts):len(opts)], onConnect(signal))...) {
			if err != nil {
				report(err)
				continue
			}
			signal()
		}
	}()
	return signals
}

// onConnect adds a function to those of OnState.
func onConnect(do func()) Option {
	return func(s *settings) {
		report := s.report
		s.report = func(state State) {
			report(state)
			if state.Connected {
				do()
			}
		}
	}
}
