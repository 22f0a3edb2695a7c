package orm

import (
	"errors"
	"fmt"
	"strings"
)

// What went wrong, for errors.Is. An [*Error] is at most one of them.
var (
	// ErrAccess: the user may not do that (odoo.exceptions.AccessError).
	ErrAccess = errors.New("access error")
	// ErrAccessDenied: the login, the password or the API key is wrong (odoo.exceptions.AccessDenied).
	ErrAccessDenied = errors.New("access denied")
	// ErrMissing: a record that is written to does not exist (odoo.exceptions.MissingError).
	ErrMissing = errors.New("missing record")
	// ErrValidation: a constraint refused the values (odoo.exceptions.ValidationError).
	ErrValidation = errors.New("validation error")
	// ErrUser: the method refused for a reason that its message tells (odoo.exceptions.UserError).
	ErrUser = errors.New("user error")
	// ErrNoDatabase: the server has no such database, or has several and none was named.
	ErrNoDatabase = errors.New("no such database")
	// ErrNoRecord: no record matched; it comes from First and Get and is not an [*Error].
	ErrNoRecord = errors.New("orm: no record matches")
)

// Error is what Odoo, or the way to it, answered instead of a result.
type Error struct {
	Class     string // Odoo's class, "odoo.exceptions.AccessError"; "" if the answer was not Odoo's
	Message   string // Odoo's own text, in the language of the user
	Model     string // the model and the method that were called, if any
	Method    string
	Traceback string // the server's traceback, if it sent one; never part of Error()
	Status    int    // the HTTP status, if it was not 200
	kind      error
}

// Error gives what was called, Odoo's class and Odoo's message.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString("orm: ")
	if e.Method != "" {
		fmt.Fprintf(&b, "%s.%s: ", e.Model, e.Method)
	}
	if e.Class != "" {
		b.WriteString(e.Class[strings.LastIndexByte(e.Class, '.')+1:] + ": ")
	}
	b.WriteString(strings.TrimSpace(e.Message))
	return b.String()
}

// Unwrap gives the sentinel, such as [ErrAccess], for errors.Is.
func (e *Error) Unwrap() error { return e.kind }

// kinds are the sentinels by Odoo's class name, without its module.
var kinds = map[string]error{
	"AccessError":     ErrAccess,
	"AccessDenied":    ErrAccessDenied,
	"MissingError":    ErrMissing,
	"ValidationError": ErrValidation,
	"UserError":       ErrUser,
}

// rpcError is the error member of an answer.
type rpcError struct {
	Code    int    `json:"code"`
	Message string `json:"message"`
	Data    struct {
		Name    string `json:"name"`
		Message string `json:"message"`
		Debug   string `json:"debug"`
	} `json:"data"`
}

func (e *rpcError) typed() *Error {
	out := &Error{Class: e.Data.Name, Message: e.Data.Message, Traceback: e.Data.Debug}
	if out.Message == "" {
		out.Message = e.Message
	}
	out.kind = kinds[out.Class[strings.LastIndexByte(out.Class, '.')+1:]]
	return out
}
