// Package fault holds the errors of the connection to Odoo, as the packages below orm report them. Package orm exports the
// kinds as its Err… values and turns an [Error] into its own.
package fault

import (
	"errors"
	"strings"
	"time"
)

// The kinds of errors. Package orm documents them.
var (
	Access            = errors.New("access error")
	AccessDenied      = errors.New("access denied")
	Missing           = errors.New("missing record")
	Validation        = errors.New("validation error")
	User              = errors.New("user error")
	Redirect          = errors.New("redirect warning")
	Conflict          = errors.New("conflict of transactions")
	NotFound          = errors.New("no such model or method")
	Arguments         = errors.New("bad arguments")
	NoDatabase        = errors.New("no such database")
	DatabaseExists    = errors.New("database exists")
	DatabasesDisabled = errors.New("databases disabled")
	SessionExpired    = errors.New("session expired")
	RateLimit         = errors.New("rate limit")
	Timeout           = errors.New("timeout")
	Unreachable       = errors.New("unreachable")
	CutOff            = errors.New("connection cut off")
	Malformed         = errors.New("malformed answer")
	TooLarge          = errors.New("answer too large")
	Unavailable       = errors.New("temporarily unavailable")
	NotXML            = errors.New("XML-RPC cannot carry a value")
)

// Error is a failure reported by Odoo or by the connection to it.
type Error struct {
	Class      string // Odoo's class, "" if the answer is not Odoo's
	Message    string
	Traceback  string // the server's traceback, if it sent one
	Status     int    // the HTTP status, if it matters
	Code       int    // of an error of JSON-RPC
	Kind       error  // one of the kinds above, or nil
	Cause      error  // the error underneath, of the network or of a context
	Sent       bool   // the server may have run the call
	RetryAfter time.Duration
}

// Error gives Odoo's class and the message.
func (e *Error) Error() string {
	message := strings.TrimSpace(e.Message)
	if e.Class == "" {
		return message
	}
	return ShortClass(e.Class) + ": " + message
}

// Unwrap gives the kind and the cause.
func (e *Error) Unwrap() []error {
	var all []error
	for _, err := range []error{e.Kind, e.Cause} {
		if err != nil {
			all = append(all, err)
		}
	}
	return all
}

// ShortClass is a Python class without its module.
func ShortClass(class string) string { return class[strings.LastIndexByte(class, '.')+1:] }

// IsAny reports whether an error is one of several kinds.
func IsAny(err error, kinds ...error) bool {
	for _, kind := range kinds {
		if errors.Is(err, kind) {
			return true
		}
	}
	return false
}
