package orm

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/odoogen/odoogen/runtime/internal/codec"
	"github.com/odoogen/odoogen/runtime/internal/fault"
)

// The kinds of errors, for errors.Is. An [*Error] is at most one of them.
var (
	// ErrAccess: the user lacks the permission (odoo.exceptions.AccessError).
	ErrAccess = fault.Access
	// ErrAccessDenied: the login, the password or the API key is wrong (odoo.exceptions.AccessDenied).
	ErrAccessDenied = fault.AccessDenied
	// ErrMissing: a record does not exist (odoo.exceptions.MissingError). Writes and deletions of missing records fail with
	// it only on models whose record rules or code read the records, such as res.partner and most models with a company; on
	// the other models, two of three on Odoo 14 and 19, they succeed and do nothing. Reads leave missing records out.
	ErrMissing = fault.Missing
	// ErrValidation: a constraint refused the values (odoo.exceptions.ValidationError).
	ErrValidation = fault.Validation
	// ErrUser: the method refused the call; the message has the reason (odoo.exceptions.UserError).
	ErrUser = fault.User
	// ErrRedirect: the method refused the call, and Odoo's web client would offer an action that helps
	// (odoo.exceptions.RedirectWarning).
	ErrRedirect = fault.Redirect
	// ErrConflict: the call conflicted with other transactions (a serialization failure, a deadlock, a locked row), and the
	// server gave up after several attempts. The call had no effect on the database.
	ErrConflict = fault.Conflict
	// ErrNotFound: there is no such model or method.
	ErrNotFound = fault.NotFound
	// ErrArguments: the method does not accept these arguments.
	ErrArguments = fault.Arguments
	// ErrNoDatabase: the server has no such database, or has several and none was named.
	ErrNoDatabase = fault.NoDatabase
	// ErrDatabaseExists: a database of this name already exists (odoo.service.db.DatabaseExists).
	ErrDatabaseExists = fault.DatabaseExists
	// ErrDatabasesDisabled: the server is configured not to list or manage its databases (list_db = False).
	ErrDatabasesDisabled = fault.DatabasesDisabled
	// ErrSessionExpired: the session expired, and the client could not open a new one.
	ErrSessionExpired = fault.SessionExpired
	// ErrRateLimit: the server rate limited the call (HTTP 429) and did not run it. See [Error.RetryAfter].
	ErrRateLimit = fault.RateLimit
	// ErrTimeout: no response in time: the deadline of the context passed (the error is context.DeadlineExceeded too), or
	// the timeout of the HTTP client. A write may or may not have happened. A call whose context is cancelled fails with
	// context.Canceled, and with none of the errors listed here.
	ErrTimeout = fault.Timeout
	// ErrUnreachable: there was no connection; the server did not receive the call.
	ErrUnreachable = fault.Unreachable
	// ErrCutOff: the connection broke after the call was sent. A write may or may not have happened.
	ErrCutOff = fault.CutOff
	// ErrUnavailable: the server or a gateway before it is temporarily unavailable (HTTP 502, 503 or 504). A write may or may
	// not have happened. See [Error.RetryAfter].
	ErrUnavailable = fault.Unavailable
	// ErrMalformed: the response is not one of Odoo's; a proxy may have sent it, see Error.Status.
	ErrMalformed = fault.Malformed
	// ErrTooLarge: the response is larger than the limit, see [MaxAnswer], or the request is larger than the server accepts,
	// see files.Upload.
	ErrTooLarge = fault.TooLarge
	// ErrNotXML: [XMLRPC] cannot carry a value. Control characters in an argument: nothing was sent. In a result, also None and
	// integers beyond 32 bits: the method has run, and [Error.MaybeDone] is true.
	ErrNotXML = fault.NotXML
	// ErrNoRecord: the record requested by First, Get, files.Download or an external ID does not exist. It is not an
	// [*Error].
	ErrNoRecord = errors.New("orm: no record matches")
	// ErrUnsearchable: a condition is on a field that the server cannot search, or an order is by a field that it cannot
	// sort by, and the client noticed it before the call: nothing was sent.
	ErrUnsearchable = errors.New("the server cannot search or sort by the field")
	// ErrNoField: the call needs a field that the server lacks or that is not visible to the user: nothing was sent.
	ErrNoField = errors.New("the server has no such field, or it is not visible to this user")
	// ErrNoChoice: a condition or a write uses a choice of a selection that only some of the servers of a package have, and
	// this server lacks it: nothing was sent.
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

// lackingError is the error for what a server lacks: its kind, and how the server refused the call.
type lackingError struct {
	text          string
	kind, refusal error
}

func (e *lackingError) Error() string { return e.text }

func (e *lackingError) Unwrap() []error { return []error{e.kind, e.refusal} }

// Error is a failure reported by Odoo or by the connection to it.
type Error struct {
	Class     string // Odoo's class, "odoo.exceptions.AccessError"; "" if the response was not Odoo's
	Message   string // Odoo's message, in the language of the user
	Model     string // the model and the method that were called, if any
	Method    string
	Traceback string // the server's traceback, if it sent one; never part of Error()
	Status    int    // the HTTP status, 0 if it adds nothing

	kind       error // the sentinel, such as ErrAccess
	cause      error // the underlying error of the network or a context
	sent       bool  // the server may have received the call
	retryAfter time.Duration
}

// Error returns the model and method, Odoo's class and Odoo's message.
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

// RetryAfter is how long the server asks clients to wait before the next call; 0 if it did not ask.
func (e *Error) RetryAfter() time.Duration { return e.retryAfter }

// Unwrap returns the sentinel, such as [ErrAccess], and the underlying error, such as context.Canceled.
func (e *Error) Unwrap() []error {
	var all []error
	for _, err := range []error{e.kind, e.cause} {
		if err != nil {
			all = append(all, err)
		}
	}
	return all
}

// MaybeDone reports whether a call that failed may still have had its effect: one of its attempts was sent and got no
// response from Odoo. Before repeating such a write, check whether it happened.
func (e *Error) MaybeDone() bool { return e.sent }

// published converts an error of the internal packages into an [*Error] about the method of the model.
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

// refined returns an [*Error] with another kind and message.
func refined(err, kind error, message string) error {
	e, ok := errors.AsType[*Error](err)
	if !ok {
		return err
	}
	out := *e
	out.kind, out.Message = kind, message
	return &out
}

// noRecordError is [ErrNoRecord] with the model, and the id if the call was by id.
type noRecordError struct{ record string }

func (e *noRecordError) Error() string { return ErrNoRecord.Error() + ": " + e.record }

func (e *noRecordError) Unwrap() error { return ErrNoRecord }
