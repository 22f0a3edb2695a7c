package odootest

import (
	"errors"
	"fmt"
	"strings"
)

// Error is an exception as Odoo sends it. A scripted method returns one to fail with a class of its choice.
type Error struct {
	Class   string // "odoo.exceptions.UserError"
	Message string

	debug string // where it happened, if that is known
}

// Error gives class and message.
func (e *Error) Error() string { return e.Class + ": " + e.Message }

// The classes that the server raises.
const (
	classAccess         = "odoo.exceptions.AccessError"
	classAccessDenied   = "odoo.exceptions.AccessDenied"
	classMissing        = "odoo.exceptions.MissingError"
	classUser           = "odoo.exceptions.UserError"
	classValidation     = "odoo.exceptions.ValidationError"
	classAssertion      = "builtins.AssertionError"
	classAttribute      = "builtins.AttributeError"
	classException      = "builtins.Exception"
	classIndex          = "builtins.IndexError"
	classKey            = "builtins.KeyError"
	className           = "builtins.NameError"
	classRecursion      = "builtins.RecursionError"
	classRuntime        = "builtins.RuntimeError"
	classType           = "builtins.TypeError"
	classValue          = "builtins.ValueError"
	classUnboundLocal   = "builtins.UnboundLocalError"
	classOperational    = "psycopg2.OperationalError"
	classNotANumber     = "psycopg2.errors.InvalidTextRepresentation"
	classNotADate       = "psycopg2.errors.InvalidDatetimeFormat"
	classOutOfRange     = "psycopg2.errors.NumericValueOutOfRange"
	classNoSuchOperator = "psycopg2.errors.UndefinedFunction"
	classSyntax         = "psycopg2.errors.SyntaxError"
	classBadOffset      = "psycopg2.errors.InvalidRowCountInResultOffsetClause"
	classDateOverflow   = "psycopg2.errors.DatetimeFieldOverflow"
	classDatatype       = "psycopg2.errors.DatatypeMismatch"
	classProgramming    = "psycopg2.ProgrammingError"
	classBase64         = "binascii.Error"
	classBadLimit       = "psycopg2.errors.InvalidRowCountInLimitClause"
	classSerialization  = "psycopg2.errors.SerializationFailure"
	classLock           = "odoo.exceptions.LockError"
	classOverflow       = "builtins.OverflowError"
	classLookup         = "builtins.LookupError"
	classResponse       = "xmlrpc.client.ResponseError"
	classFault          = "xmlrpc.client.Fault"
	classExpat          = "xml.parsers.expat.ExpatError"
	classSession        = "odoo.http.SessionExpiredException"
	classBadRequest     = "werkzeug.exceptions.BadRequest"
	classNotFound       = "werkzeug.exceptions.NotFound"
	classUnauthorized   = "werkzeug.exceptions.Unauthorized"
	classUnprocessable  = "werkzeug.exceptions.UnprocessableEntity"
)

func fail(class, format string, args ...any) error {
	return &Error{Class: class, Message: fmt.Sprintf(format, args...)}
}

// notInSnapshot is an error that no Odoo sends: the real server would know the model.
func notInSnapshot(m *model, f *field) error {
	return fail(classKey, "odootest: %s, the target of %s.%s, is not in the snapshot", f.Relation, m.name, f.Name)
}

// traceback is the debug text of an error.
func traceback(e *Error) string {
	if e.debug != "" {
		return e.debug
	}
	return "Traceback (most recent call last):\n  File \"odootest\", line 1, in <module>\n" + strings.TrimPrefix(e.Class, "builtins.") + ": " + printed(e) + "\n"
}

// printed is the message as a traceback shows it: the text of a KeyError is in quotes.
func printed(e *Error) string {
	if e.Class == classKey {
		return quote(e.Message)
	}
	return e.Message
}

// exception makes what every error is sent as.
func exception(err error) *Error {
	if e := new(Error); err == nil || errors.As(err, &e) {
		return e
	}
	return &Error{Class: classException, Message: err.Error()}
}
