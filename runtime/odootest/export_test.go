package odootest

import (
	"net/http"
	"net/http/httptest"
	"time"
)

// Tight makes the limits small: bodies of 2,000 bytes, 1,000 before the login, a body in 100 ms, 5 sessions.
func Tight() Option {
	return func(s *Server) {
		s.limits.body, s.limits.anonymous, s.limits.request, s.limits.sessions = 2000, 1000, 100*time.Millisecond, 5
	}
}

// OpenSessions is how many sessions are open.
func (s *Server) OpenSessions() int {
	s.sessions.mu.Lock()
	defer s.sessions.mu.Unlock()
	return len(s.sessions.open)
}

// Answer answers a request without a connection.
func (s *Server) Answer(r *http.Request) (int, []byte) {
	w := httptest.NewRecorder()
	s.http.Handler.ServeHTTP(w, r)
	return w.Code, w.Body.Bytes()
}
