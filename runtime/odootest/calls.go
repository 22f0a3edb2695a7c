package odootest

import (
	"context"
	"maps"
	"slices"
	"time"

	orm "github.com/odoogen/odoogen/runtime"
)

// Request is one call that a client made. The passwords and keys of calls are not kept.
type Request struct {
	Protocol orm.Protocol
	Service  string // object for a call of a model; common, db or session
	Model    string // of the service object
	Method   string // of the model, or of another service
	Login    string // of the user, "" if nobody was logged in

	// Of a call of the service object, in the form of the wire: nil, bool, int64, float64, string, []any and map[string]any.
	Args   []any          // what came by position, ids included
	Kwargs map[string]any // what came by name, context included; with JSON-2 everything, ids too
}

// Calls are the calls so far, in order.
func (s *Server) Calls() []Request {
	s.logged.Lock()
	defer s.logged.Unlock()
	return slices.Clone(s.calls)
}

// CallsOf are the calls so far of a method of a model, in order.
func (s *Server) CallsOf(model, method string) []Request {
	return slices.DeleteFunc(s.Calls(), func(r Request) bool { return r.Model != model || r.Method != method })
}

// ForgetCalls empties the log.
func (s *Server) ForgetCalls() {
	s.logged.Lock()
	defer s.logged.Unlock()
	s.calls = nil
}

// perform logs a call and runs it, with the faults that are set for it.
func (s *Server) perform(ctx context.Context, r Request, run func() (any, error)) (any, error) {
	if isBackstage(ctx) {
		return run()
	}
	r.Kwargs = maps.Clone(r.Kwargs) // running the call takes it apart
	met := s.enter(r)
	if s.observe == nil {
		return met.run(ctx, r, run)
	}
	start := time.Now()
	result, err := met.run(ctx, r, run)
	s.observe(r, err, time.Since(start))
	return result, err
}

// Observe has a function told of every call that was run, with its error, if it failed, and the time that it took. It may be
// called from several goroutines at once.
func Observe(fn func(r Request, err error, took time.Duration)) Option {
	return func(s *Server) { s.observe = fn }
}

// enter logs a call, and gives the faults that it meets.
func (s *Server) enter(r Request) faults {
	s.logged.Lock()
	defer s.logged.Unlock()
	s.calls = append(s.calls, r)
	var met faults
	for _, f := range s.faults {
		if f.meets(r) {
			met = append(met, f.faults...)
		}
	}
	return met
}
