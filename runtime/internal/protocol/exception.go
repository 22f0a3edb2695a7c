package protocol

import (
	"errors"
	"strings"

	"github.com/odoogen/odoogen/runtime/internal/fault"
)

// exception is what every protocol reports of a Python exception.
type exception struct {
	Name    string `json:"name"`
	Message string `json:"message"`
	Debug   string `json:"debug"`
}

// fault is the error for an exception. Odoo rolled back what the call did, but for an expired session, which a method may
// raise by itself: until a protocol knows better, its outcome is unknown.
func (e *exception) fault() *fault.Error {
	kind := kindOf(e.Name, e.Message)
	return &fault.Error{Class: e.Name, Message: e.Message, Traceback: e.Debug, Kind: kind, Sent: errors.Is(kind, fault.SessionExpired)}
}

// kinds are the kinds of errors by Odoo's class name, without its module.
var kinds = map[string]error{
	"AccessError":             fault.Access,
	"AccessDenied":            fault.AccessDenied,
	"MissingError":            fault.Missing,
	"ValidationError":         fault.Validation,
	"UserError":               fault.User,
	"RedirectWarning":         fault.Redirect,
	"SessionExpiredException": fault.SessionExpired, // see WebSession.settle
	"SerializationFailure":    fault.Conflict,
	"DeadlockDetected":        fault.Conflict,
	"LockNotAvailable":        fault.Conflict,
	"LockError":               fault.Conflict,
	"ConcurrencyError":        fault.Conflict,
	// The base of the first three in psycopg2, and their name in its older releases.
	"TransactionRollbackError": fault.Conflict,
	"TooManyRequests":          fault.RateLimit,
	"UnprocessableEntity":      fault.Arguments,
	"NotFound":                 fault.NotFound,
	"RequestEntityTooLarge":    fault.TooLarge,
	"DatabaseExists":           fault.DatabaseExists,
	"DuplicateDatabase":        fault.DatabaseExists,
	"InvalidCatalogName":       fault.NoDatabase,
}

// kindOf finds the kind of an exception. For an unknown model, method or argument Odoo has no class of its own: the text
// decides.
func kindOf(class, message string) error {
	short := fault.ShortClass(class)
	switch {
	case short == "UserError" && strings.HasPrefix(message, "Object ") && strings.HasSuffix(message, " doesn't exist"):
		return fault.NotFound
	case short == "AttributeError":
		return fault.NotFound
	case short == "TypeError" && strings.Contains(message, "argument"):
		return fault.Arguments
	}
	return kinds[short]
}

// unknownModel recognises how Odoo 14 to 17 report an unknown model.
func unknownModel(err error, model string) error {
	e, ok := errors.AsType[*fault.Error](err)
	if ok && fault.ShortClass(e.Class) == "KeyError" && strings.Trim(e.Message, "'") == model {
		e.Kind = fault.NotFound
	}
	return err
}
