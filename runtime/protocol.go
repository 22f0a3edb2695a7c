package orm

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
)

// Protocol is one of the ways to call methods of a database.
type Protocol uint8

// The protocols of Odoo. They differ in which credentials they take and in speed; a program runs the same on each.
const (
	// Automatic takes JSON2 with an API key on Odoo 19 and later, WebSession with a password, and JSONRPC otherwise or
	// when the server refuses the first choice.
	Automatic Protocol = iota
	// JSONRPC is /jsonrpc: every version up to 21, with a password or an API key in each call.
	JSONRPC
	// WebSession is what Odoo's own pages use: every version, with a password, once, and then a cookie. It is the
	// fastest with a password. API keys are refused.
	WebSession
	// JSON2 is /json/2: Odoo 19 and later, with an API key. It takes arguments by name only.
	JSON2
)

var protocolNames = [...]string{"automatic", "JSON-RPC", "web session", "JSON-2"}

func (p Protocol) exists() bool { return int(p) < len(protocolNames) }

// String is the name of the protocol.
func (p Protocol) String() string {
	if !p.exists() {
		return fmt.Sprintf("Protocol(%d)", uint8(p))
	}
	return protocolNames[p]
}

// call is a call of a method of a model, for any protocol.
type call struct {
	model, method string
	ids           any            // the records that it is called on; nil for a method of the model
	args          []arg          // in the order of the method
	kwargs        map[string]any // by name
	context       Context
	file          payload // nil for most calls
	intake        *intake // for records, to be taken as they arrive; nil for other calls
	readonly      bool    // known to change nothing
	page          bool    // no call, but the model's documentation
}

// arg is an argument with its place in the method's signature, which JSON-RPC goes by, and the name that it has in
// Odoo 19 and later, which JSON-2 goes by.
type arg struct {
	name  string
	value any
}

// speaker puts calls into the form of a protocol, and takes answers apart.
type speaker interface {
	// login proves who calls and gives the id of the user. It is called again when a session has expired.
	login(ctx context.Context) (uid int64, err error)
	// message is the request of a call.
	message(c *call) (*message, error)
	// path are the keys in an answer that lead to the result.
	path() []string
	// result is the raw result of an answer, or an *Error.
	result(a *answer) (json.RawMessage, error)
}

// ask posts a message of a login and decodes the result into what dest points to. The answer is nil if none came.
func (w *wire) ask(ctx context.Context, s speaker, m *message, dest any) (*answer, error) {
	a, err := w.post(ctx, m)
	if err != nil {
		return nil, err
	}
	raw, err := s.result(a)
	if err != nil {
		return a, err
	}
	return a, decodeInto(raw, "", dest)
}

// credential is who calls.
type credential struct {
	db, login string
	secret    func() string // a func, so that no %v prints it
	keyed     bool          // the secret is an API key
}

func (c credential) refused() *Error {
	what := "password"
	if c.keyed {
		what = "API key"
	}
	return &Error{kind: ErrAccessDenied, Message: "the database " + c.db + " refuses the login \"" + c.login + "\" with this " + what}
}

// positional are the arguments by position, the ids first.
func (c *call) positional() []any {
	var out []any
	if c.ids != nil {
		out = append(out, c.ids)
	}
	for _, a := range c.args {
		out = append(out, a.value)
	}
	if out == nil {
		out = []any{}
	}
	return out
}

// named are the arguments by name, without those that go by position.
func (c *call) named() Context {
	out := Context{}.with(c.kwargs)
	if len(c.context) > 0 {
		out["context"] = c.context
	}
	return out
}

func cookieHeader(cookie *http.Cookie) http.Header {
	h := http.Header{}
	if cookie != nil {
		h.Set("Cookie", cookie.Name+"="+cookie.Value)
	}
	return h
}
