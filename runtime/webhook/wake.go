package webhook

import (
	"net/http"
	"time"
)

// afterCommit is when a signal is repeated: Odoo 17 and 18 send a webhook before the transaction commits.
const afterCommit = time.Second

// Waker is an [http.Handler] that turns webhooks into signals. It is made by [Wake].
type Waker struct {
	// C gets a signal for each webhook, and one more a second after the last one, since Odoo 17 and 18 send webhooks before they
	// commit the change. Signals that nobody has received yet are merged.
	C <-chan struct{}

	gate    *gate
	signals chan struct{}
	again   *time.Timer
}

// Wake returns an [http.Handler] for webhooks whose payload does not matter. The secret is the same as in [Handler].
//
//	changed, err := webhook.Wake(secret)
//	…
//	http.Handle("/odoo/", changed)
//	for batch, err := range f.Batches(ctx, feed.Every(time.Minute), feed.Wake(changed.C)) {
func Wake(secret string) (*Waker, error) {
	g, err := newGate(secret, nil)
	if err != nil {
		return nil, err
	}
	w := &Waker{gate: g, signals: make(chan struct{}, 1)}
	w.C = w.signals
	w.again = time.AfterFunc(afterCommit, w.signal)
	w.again.Stop()
	return w, nil
}

func (w *Waker) signal() {
	select {
	case w.signals <- struct{}{}:
	default:
	}
}

// ServeHTTP answers 200, or 404 without the secret.
func (w *Waker) ServeHTTP(out http.ResponseWriter, r *http.Request) {
	if !w.gate.admits(out, r) {
		return
	}
	w.signal()
	w.again.Reset(afterCommit)
}
