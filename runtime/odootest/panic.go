package odootest

import (
	"fmt"
	"html"
	"net/http"
	"runtime/debug"
)

// panicked makes an error of a panic of a call, so that one call cannot end the server. [http.ErrAbortHandler], which cuts
// a connection on purpose, goes on.
func panicked(err *error) {
	switch reason := recover(); reason {
	case nil:
	case http.ErrAbortHandler:
		panic(reason)
	default:
		*err = &Error{Class: classRuntime, Message: fmt.Sprintf("odootest: panic: %v", reason), debug: string(debug.Stack())}
	}
}

// survive answers what panics outside of a call with the page of an internal error.
func survive(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var err error
		func() {
			defer panicked(&err)
			next.ServeHTTP(w, r)
		}()
		if err != nil {
			const status = http.StatusInternalServerError
			(&page{status: status, html: "<!doctype html>\n<title>" + http.StatusText(status) + "</title>\n<p>" + html.EscapeString(err.Error()) + "</p>\n"}).write(w)
		}
	})
}
