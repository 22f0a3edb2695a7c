package orm

import (
	"fmt"

	"github.com/odoogen/odoogen/runtime/internal/protocol"
)

// Protocol is one of the ways to call methods of a database.
type Protocol uint8

// The protocols of Odoo. They differ in which credentials they take and in speed; a program runs the same on each.
const (
	// Automatic takes JSON2 with an API key on Odoo 19 and later, WebSession with a password, and JSONRPC otherwise or
	// when the server does not offer the first choice. A password that the server refuses is tried once.
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

// call is a call of a method of a model.
type call struct {
	model, method string
	ids           any            // the records that it is called on; nil for a method of the model
	args          []arg          // in the order of the method
	kwargs        map[string]any // by name
	context       Context
	delivery      delivery // nil for most calls
	readonly      bool     // known to change nothing
}

// arg is an argument: see [protocol.Arg].
type arg struct {
	name  string
	value any
}

// encoded is the call as the protocols take it.
func (c *call) encoded() *protocol.Call {
	args := make([]protocol.Arg, len(c.args))
	for i, a := range c.args {
		args[i] = protocol.Arg{Name: a.name, Value: a.value}
	}
	return &protocol.Call{Model: c.model, Method: c.method, IDs: c.ids, Args: args, Named: c.kwargs, Context: c.context}
}
