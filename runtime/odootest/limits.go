package odootest

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"time"
)

// limits bound what strangers can make the server keep. Tests make them small.
type limits struct {
	body      int64         // bytes of a request, as Odoo 17 and later
	anonymous int64         // bytes of a request of the web session before the login
	large     int           // requests above anonymous that are read at once
	header    time.Duration // until the header of a request is there
	request   time.Duration // until its body is there, too
	idle      time.Duration // between two requests of a connection
	calls     int           // of the log
	sessions  int           // that are open
}

func defaultLimits() limits {
	return limits{
		body: 128 << 20, anonymous: 1 << 20, large: 4, header: 10 * time.Second, request: time.Minute, idle: 2 * time.Minute,
		calls: 100_000, sessions: 10_000,
	}
}

// LogCalls bounds the log of calls to the last n; 0 keeps none. Without it the log keeps the last 100,000.
func LogCalls(n int) Option { return func(s *Server) { s.limits.calls = max(n, 0) } }

// readBody reads the body of a request, or responds with the reason why it cannot: the body is larger than a limit, or does
// not end in time. A large body waits until few others are read.
func (s *Server) readBody(w http.ResponseWriter, r *http.Request, most int64) ([]byte, bool) {
	if r.ContentLength > most {
		refuse(w, http.StatusRequestEntityTooLarge)
		return nil, false
	}
	control := http.NewResponseController(w)
	_ = control.SetReadDeadline(time.Now().Add(s.limits.request)) // not supported backstage, where nothing is slow
	body, err := s.readLimited(http.MaxBytesReader(w, r.Body, most))
	if tooLarge := new(http.MaxBytesError); errors.As(err, &tooLarge) {
		refuse(w, http.StatusRequestEntityTooLarge)
	}
	if err != nil { // the client has gone, or is too slow: the deadline stays, so that the connection ends
		return nil, false
	}
	_ = control.SetReadDeadline(time.Time{})
	return body, true
}

func (s *Server) readLimited(r io.Reader) ([]byte, error) {
	var body bytes.Buffer
	n, err := io.CopyN(&body, r, s.limits.anonymous)
	if err != nil || n < s.limits.anonymous {
		if errors.Is(err, io.EOF) {
			err = nil
		}
		return body.Bytes(), err
	}
	s.largeBodies <- struct{}{}
	defer func() { <-s.largeBodies }()
	_, err = io.Copy(&body, r)
	return body.Bytes(), err
}
