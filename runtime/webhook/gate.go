package webhook

import (
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"path"
)

// shortestSecret is the fewest characters of a secret: anybody who guesses it can send events.
const shortestSecret = 16

// Option is a setting of [Handler] and [Wake].
type Option func(*settings)

type settings struct {
	queue, workers int
	maxBody        int64
	report         func(error)
	err            error
}

func (s *settings) refuse(format string, args ...any) {
	s.err = errors.Join(s.err, fmt.Errorf(format, args...))
}

// Queue is the number of events that wait for a worker: 1,000 if not given. Odoo gets 503 for those that find the queue full.
func Queue(n int) Option {
	return func(s *settings) {
		if s.queue = n; n < 1 {
			s.refuse("Queue(%d): want at least 1", n)
		}
	}
}

// Workers is the number of events that are handled at a time: 1 if not given, which keeps their order.
func Workers(n int) Option {
	return func(s *settings) {
		if s.workers = n; n < 1 {
			s.refuse("Workers(%d): want at least 1", n)
		}
	}
}

// MaxBody is the most bytes of a payload: 1 MiB if not given. Odoo gets 413 for larger ones.
func MaxBody(bytes int64) Option {
	return func(s *settings) {
		if s.maxBody = bytes; bytes < 1 {
			s.refuse("MaxBody(%d): want at least 1", bytes)
		}
	}
}

// OnError reports events that are lost: those whose handling failed, that could not be read, or that found the queue full
// ([ErrQueueFull]). Without it they are logged with slog.Error. Requests without the secret are not reported. It may be called
// from several goroutines at once.
func OnError(report func(error)) Option {
	return func(s *settings) {
		if s.report = report; report == nil {
			s.refuse("OnError(nil): want a function")
		}
	}
}

// gate admits the requests that are webhooks with the secret.
type gate struct {
	settings
	secret [sha256.Size]byte
}

func newGate(secret string, opts []Option) (*gate, error) {
	g := &gate{secret: sha256.Sum256([]byte(secret))}
	g.settings = settings{queue: 1000, workers: 1, maxBody: 1 << 20, report: logged}
	for _, o := range opts {
		o(&g.settings)
	}
	if len(secret) < shortestSecret || path.Base("/"+secret) != secret {
		g.refuse("the secret must have at least %d characters and no slash: use rand.Text of crypto/rand", shortestSecret)
	}
	if g.err != nil {
		return nil, fmt.Errorf("webhook: %w", g.err)
	}
	return g, nil
}

func logged(err error) { slog.Error("an event was lost", "error", err) }

// admits reports whether a request is a POST with the secret. It answers other requests.
func (g *gate) admits(w http.ResponseWriter, r *http.Request) bool {
	sent := sha256.Sum256([]byte(path.Base(r.URL.Path)))
	if subtle.ConstantTimeCompare(sent[:], g.secret[:]) != 1 {
		refuse(w, http.StatusNotFound)
		return false
	}
	if r.Method != http.MethodPost {
		w.Header().Set("Allow", http.MethodPost)
		refuse(w, http.StatusMethodNotAllowed)
		return false
	}
	return true
}

// body reads the payload of a request. For a request that is not admitted it answers, and returns false.
func (g *gate) body(w http.ResponseWriter, r *http.Request) ([]byte, bool) {
	if !g.admits(w, r) {
		return nil, false
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, g.maxBody))
	if err == nil {
		return body, true
	}
	if _, large := errors.AsType[*http.MaxBytesError](err); large {
		g.report(fmt.Errorf("webhook: the payload is larger than %d bytes: see MaxBody", g.maxBody))
		refuse(w, http.StatusRequestEntityTooLarge)
		return nil, false
	}
	g.report(fmt.Errorf("webhook: reading the payload: %w", err))
	refuse(w, http.StatusBadRequest)
	return nil, false
}

func refuse(w http.ResponseWriter, status int) { http.Error(w, http.StatusText(status), status) }
