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

// Calls are the calls so far, in order: the last 100,000 of them, or as many as [LogCalls] says. Of calls of the service object
// that were refused because nobody was logged in, the arguments are not kept.
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
func (s *Server) perform(ctx context.Context, r Request, run runner) (any, error) {
	run = guarded(run)
	if isBackstage(ctx) {
		return run(ctx)
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

// runner runs a call. The context is that of its request, and says when its transaction began, see [CommitLate].
type runner func(ctx context.Context) (any, error)

// guarded is a call that fails where it would panic.
func guarded(run runner) runner {
	return func(ctx context.Context) (result any, err error) {
		defer panicked(&err)
		return run(ctx)
	}
}

// Observe calls a function for every call that was run, with its error, if it failed, and the time that it took. It may be
// called from several goroutines at once.
func Observe(fn func(r Request, err error, took time.Duration)) Option {
	return func(s *Server) { s.observe = fn }
}

// keep adds a call to the log, and drops the oldest one if the log is full. Of a call that nobody was logged in for it keeps no
// arguments: strangers could fill the memory with them.
func (s *Server) keep(r Request) {
	if r.Login == "" {
		r.Args, r.Kwargs = nil, nil
	}
	if s.calls = append(s.calls, r); len(s.calls) > s.limits.calls {
		s.calls[0] = Request{}
		s.calls = s.calls[1:]
	}
}

// enter logs a call, and gives the faults that it meets.
func (s *Server) enter(r Request) faults {
	s.logged.Lock()
	defer s.logged.Unlock()
	s.keep(r)
	var met faults
	for _, f := range s.faults {
		if f.meets(r) {
			met = append(met, f.faults...)
		}
	}
	return met
}
