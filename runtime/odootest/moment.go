package odootest

import (
	"context"
	"net/http"
	"time"
)

// write_date and create_date are kept with microseconds and shown without. Conditions of Odoo before 19 compare what is kept, so
// that a record is later than its own write_date.
const keptForm = datetimeForm + ".000000"

func momentOf(at time.Time) string { return at.UTC().Format(keptForm) }

// shown is a value as clients see it.
func shown(f *field, v any) any {
	if text, ok := v.(string); ok && f.Type == "datetime" && len(text) == len(keptForm) {
		return text[:len(datetimeForm)]
	}
	return v
}

type (
	clockKey     struct{} // the clock of the server
	beginningKey struct{} // when the transaction began
)

// beginning is when the transaction of a call began, the zero time if that is when it runs.
func beginning(ctx context.Context) time.Time {
	began, _ := ctx.Value(beginningKey{}).(time.Time)
	return began
}

// begun is the context of a call whose transaction begins now.
func begun(ctx context.Context) context.Context {
	now, _ := ctx.Value(clockKey{}).(func() time.Time)
	return context.WithValue(ctx, beginningKey{}, now())
}

// dated sets the header Date of answers to the clock of the server.
func (s *Server) dated(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w = &datedWriter{ResponseWriter: w, now: s.now}
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), clockKey{}, s.now)))
	})
}

// datedWriter sets the header when the answer begins, which is after the call was run.
type datedWriter struct {
	http.ResponseWriter
	now   func() time.Time
	begun bool
}

func (w *datedWriter) WriteHeader(status int) {
	w.begin()
	w.ResponseWriter.WriteHeader(status)
}

func (w *datedWriter) Write(b []byte) (int, error) {
	w.begin()
	return w.ResponseWriter.Write(b)
}

func (w *datedWriter) begin() {
	if !w.begun {
		w.begun = true
		w.Header().Set("Date", w.now().UTC().Format(http.TimeFormat))
	}
}

// Unwrap is for [http.ResponseController].
func (w *datedWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }
