package orm

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/odoogen/odoogen/runtime/internal/codec"
	"github.com/odoogen/odoogen/runtime/internal/fault"
)

// What went wrong, for errors.Is. An [*Error] is at most one of them.
var (
	// ErrAccess: the user may not do that (odoo.exceptions.AccessError).
	ErrAccess = fault.Access
	// ErrAccessDenied: the login, the password or the API key is wrong (odoo.exceptions.AccessDenied).
	ErrAccessDenied = fault.AccessDenied
	// ErrMissing: a record does not exist (odoo.exceptions.MissingError). Writes and deletions of ids that are gone fail
	// with it only on models whose record rules or code read the records, such as res.partner and most models with a
	// company; on the others, two of three on Odoo 14 and 19, they succeed and do nothing. Reads leave missing records out.
	ErrMissing = fault.Missing
	// ErrValidation: a constraint refused the values (odoo.exceptions.ValidationError).
	ErrValidation = fault.Validation
	// ErrUser: the method refused for a reason that its message tells (odoo.exceptions.UserError).
	ErrUser = fault.User
	// ErrRedirect: as ErrUser, and Odoo's own pages would offer a way on (odoo.exceptions.RedirectWarning).
	ErrRedirect = fault.Redirect
	// ErrConflict: other transactions were in the way (a serialization failure, a deadlock, a row locked by another);
	// the server gave up after trying several times. The call had no effect on the database.
	ErrConflict = fault.Conflict
	// ErrNotFound: there is no such model or method.
	ErrNotFound = fault.NotFound
	// ErrArguments: the method does not take these arguments.
	ErrArguments = fault.Arguments
	// ErrNoDatabase: the server has no such database, or has several and none was named.
	ErrNoDatabase = fault.NoDatabase
	// ErrDatabaseExists: a database of this name is there already (odoo.service.db.DatabaseExists).
	ErrDatabaseExists = fault.DatabaseExists
	// ErrDatabasesDisabled: the server is configured not to list or manage its databases (list_db = False).
	ErrDatabasesDisabled = fault.DatabasesDisabled
	// ErrSessionExpired: the session ended, and the client could not open another.
	ErrSessionExpired = fault.SessionExpired
	// ErrRateLimit: the server asks for fewer calls (HTTP 429), and did not run this one. See [Error.RetryAfter].
	ErrRateLimit = fault.RateLimit
	// ErrTimeout: no answer in time: the deadline of the context passed, which is context.DeadlineExceeded too, or the
	// timeout of the HTTP client. A write may or may not have happened. A call whose context is cancelled is none of these
	// errors: it is context.Canceled alone.
	ErrTimeout = fault.Timeout
	// ErrUnreachable: there was no connection; the server saw nothing of the call.
	ErrUnreachable = fault.Unreachable
	// ErrCutOff: the connection broke after the call was sent. A write may or may not have happened.
	ErrCutOff = fault.CutOff
	// ErrUnavailable: the server or a gateway before it is temporarily unavailable (HTTP 502, 503 or 504). A write may or may
	// not have happened. See [Error.RetryAfter].
	ErrUnavailable = fault.Unavailable
	// ErrMalformed: the answer is not one of Odoo's. Error.Status tells whose it may be.
	ErrMalformed = fault.Malformed
	// ErrTooLarge: the answer is larger than the limit, see [MaxAnswer], or the request larger than the server takes, see
	// files.Upload.
	ErrTooLarge = fault.TooLarge
	// ErrNoRecord: the one record that was asked for, by First, Get, files.Download or an external id, is not there. It is not
	// an [*Error].
	ErrNoRecord = errors.New("orm: no record matches")
	// ErrUnsearchable is wrapped by the errors of conditions on fields that the server cannot search, and of orders by fields
	// that it cannot sort by, as far as the client knows of it: nothing was sent.
	ErrUnsearchable = errors.New("the server cannot search or sort by the field")
	// ErrNoField is wrapped by the errors of calls that need a field which the server lacks, or which is not visible to the
	// user: nothing was sent.
	ErrNoField = errors.New("the server has no such field, or it is not visible to this user")
	// ErrNoChoice is wrapped by the errors of conditions on choices of a selection, and of writes of them, that only some of the
	// servers of a package have, and this one does not: nothing was sent.
	ErrNoChoice = errors.New("the server has no such choice")
	// ErrNoModel is wrapped by the errors of calls of a model that only some of the servers of a package have, and this one does
	// not: nothing was sent but, once, the question for it. It is also ErrNotFound.
	ErrNoModel error = lacking("the server has no such model")
	// ErrNoMethod is wrapped by the errors of calls of a method that only some of the servers of a package have, and this one
	// does not. Odoo has no way to ask for a method: the server refuses the first call and does nothing, later calls are not sent.
	// It is also ErrNotFound.
	ErrNoMethod error = lacking("the server has no such method")
)

// lacking is what a server lacks.
type lacking string

func (l lacking) Error() string { return string(l) }

func (lacking) Unwrap() error { return ErrNotFound }

// Error is a failure reported by Odoo or by the connection to it.
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
		b.WriteString(fault.ShortClass(e.Class) + ": ")
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

// published is an error of the packages below as callers see it: an [*Error] about the method of the model.
func published(err error, model, method string) error {
	if _, ok := errors.AsType[*codec.Error](err); ok {
		return located(err, model)
	}
	f, ok := errors.AsType[*fault.Error](err)
	if !ok {
		return err
	}
	return &Error{
		Class: f.Class, Message: f.Message, Model: model, Method: method, Traceback: f.Traceback, Status: f.Status,
		kind: f.Kind, cause: f.Cause, sent: f.Sent, retryAfter: f.RetryAfter,
	}
}

// refined is an [*Error] with another kind and message.
func refined(err, kind error, message string) error {
	e, ok := errors.AsType[*Error](err)
	if !ok {
		return err
	}
	out := *e
	out.kind, out.Message = kind, message
	return &out
}

// noRecordError is [ErrNoRecord] with the model, and the id if one was asked for.
type noRecordError struct{ record string }

func (e *noRecordError) Error() string { return ErrNoRecord.Error() + ": " + e.record }

func (e *noRecordError) Unwrap() error { return ErrNoRecord }
