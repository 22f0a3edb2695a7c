package orm

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// What went wrong, for errors.Is. An [*Error] is at most one of them.
var (
	// ErrAccess: the user may not do that (odoo.exceptions.AccessError).
	ErrAccess = errors.New("access error")
	// ErrAccessDenied: the login, the password or the API key is wrong (odoo.exceptions.AccessDenied).
	ErrAccessDenied = errors.New("access denied")
	// ErrMissing: a record does not exist (odoo.exceptions.MissingError). Writes and deletions of ids that are gone fail
	// with it only on models whose record rules or code read the records, such as res.partner and most models with a
	// company; on the others, two of three on Odoo 14 and 19, they succeed and do nothing. Reads leave missing records out.
	ErrMissing = errors.New("missing record")
	// ErrValidation: a constraint refused the values (odoo.exceptions.ValidationError).
	ErrValidation = errors.New("validation error")
	// ErrUser: the method refused for a reason that its message tells (odoo.exceptions.UserError).
	ErrUser = errors.New("user error")
	// ErrRedirect: as ErrUser, and Odoo's own pages would offer a way on (odoo.exceptions.RedirectWarning).
	ErrRedirect = errors.New("redirect warning")
	// ErrConflict: other transactions were in the way (a serialization failure, a deadlock, a row locked by another);
	// the server gave up after trying several times. The call had no effect on the database.
	ErrConflict = errors.New("conflict of transactions")
	// ErrNotFound: there is no such model or method.
	ErrNotFound = errors.New("no such model or method")
	// ErrArguments: the method does not take these arguments.
	ErrArguments = errors.New("bad arguments")
	// ErrNoDatabase: the server has no such database, or has several and none was named.
	ErrNoDatabase = errors.New("no such database")
	// ErrDatabaseExists: a database of this name is there already (odoo.service.db.DatabaseExists).
	ErrDatabaseExists = errors.New("database exists")
	// ErrDatabasesDisabled: the server is configured not to list or manage its databases (list_db = False).
	ErrDatabasesDisabled = errors.New("databases disabled")
	// ErrSessionExpired: the session ended, and the client could not open another.
	ErrSessionExpired = errors.New("session expired")
	// ErrRateLimit: the server asks for fewer calls (HTTP 429), and did not run this one. See [Error.RetryAfter].
	ErrRateLimit = errors.New("rate limit")
	// ErrTimeout: no answer in time: the deadline of the context passed, which is context.DeadlineExceeded too, or the
	// timeout of the HTTP client. A write may or may not have happened. A call whose context is cancelled is none of these
	// errors: it is context.Canceled alone.
	ErrTimeout = errors.New("timeout")
	// ErrUnreachable: there was no connection; the server saw nothing of the call.
	ErrUnreachable = errors.New("unreachable")
	// ErrCutOff: the connection broke after the call was sent. A write may or may not have happened.
	ErrCutOff = errors.New("connection cut off")
	// ErrMalformed: the answer is not one of Odoo's. Error.Status tells whose it may be.
	ErrMalformed = errors.New("malformed answer")
	// ErrTooLarge: the answer is larger than the limit, see [MaxAnswer], or the request larger than the server takes, see
	// [Upload].
	ErrTooLarge = errors.New("answer too large")
	// ErrNoRecord: the one record that was asked for, by First, Get, Download or an external id, is not there. It is not
	// an [*Error].
	ErrNoRecord = errors.New("orm: no record matches")
)

// Error is what Odoo, or the way to it, answered instead of a result.
type Error struct {
	Class     string // Odoo's class, "odoo.exceptions.AccessError"; "" if the answer was not Odoo's
	Message   string // Odoo's own text, in the language of the user
	Model     string // the model and the method that were called, if any
	Method    string
	Traceback string // the server's traceback, if it sent one; never part of Error()
	Status    int    // the HTTP status, if it tells something

	kind       error // the sentinel
	cause      error // the error underneath, of the network or a context
	sent       bool  // the server may have seen the call
	retryAfter time.Duration
}

// Error gives what was called, Odoo's class and Odoo's message.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString("orm: ")
	if e.Method != "" {
		fmt.Fprintf(&b, "%s.%s: ", e.Model, e.Method)
	}
	if e.Class != "" {
		b.WriteString(shortClass(e.Class) + ": ")
	}
	b.WriteString(strings.TrimSpace(e.Message))
	return b.String()
}

// RetryAfter is how long the server asks to wait before the next call; 0 if it does not say.
func (e *Error) RetryAfter() time.Duration { return e.retryAfter }

// Unwrap gives the sentinel, such as [ErrAccess], and the error underneath, such as context.Canceled.
func (e *Error) Unwrap() []error {
	var all []error
	for _, err := range []error{e.kind, e.cause} {
		if err != nil {
			all = append(all, err)
		}
	}
	return all
}

// MaybeDone tells whether a call that failed may have had its effect all the same: it was sent, at the first attempt or
// a later one, and no answer of Odoo's came back. A caller that wants to repeat a write then has to look first.
func (e *Error) MaybeDone() bool { return e.sent }

// isAny tells whether an error is one of several.
func isAny(err error, kinds ...error) bool {
	return slices.ContainsFunc(kinds, func(kind error) bool { return errors.Is(err, kind) })
}

// shortClass is a class without its module.
func shortClass(class string) string { return class[strings.LastIndexByte(class, '.')+1:] }

// kinds are the sentinels by Odoo's class name, without its module.
var kinds = map[string]error{
	"AccessError":             ErrAccess,
	"AccessDenied":            ErrAccessDenied,
	"MissingError":            ErrMissing,
	"ValidationError":         ErrValidation,
	"UserError":               ErrUser,
	"RedirectWarning":         ErrRedirect,
	"SessionExpiredException": ErrSessionExpired,
	"SerializationFailure":    ErrConflict,
	"DeadlockDetected":        ErrConflict,
	"LockNotAvailable":        ErrConflict,
	"LockError":               ErrConflict,
	"ConcurrencyError":        ErrConflict,
	// The base of the first three in psycopg2, and their name in its older releases.
	"TransactionRollbackError": ErrConflict,
	"TooManyRequests":          ErrRateLimit,
	"UnprocessableEntity":      ErrArguments,
	"NotFound":                 ErrNotFound,
	"RequestEntityTooLarge":    ErrTooLarge,
	"DatabaseExists":           ErrDatabaseExists,
	"DuplicateDatabase":        ErrDatabaseExists,
	"InvalidCatalogName":       ErrNoDatabase,
}

// kindOf finds the sentinel of an exception. For an unknown model, method or argument Odoo has no class of its own: what
// it raises is told by the text.
func kindOf(class, message string) error {
	short := shortClass(class)
	switch {
	case short == "UserError" && strings.HasPrefix(message, "Object ") && strings.HasSuffix(message, " doesn't exist"):
		return ErrNotFound
	case short == "AttributeError":
		return ErrNotFound
	case short == "TypeError" && strings.Contains(message, "argument"):
		return ErrArguments
	}
	return kinds[short]
}
