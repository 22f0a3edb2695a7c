package orm

import (
	"fmt"
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
