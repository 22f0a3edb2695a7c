package orm

import (
	"fmt"
)

// Protocol is an RPC protocol of Odoo.
type Protocol uint8

// The protocols of Odoo. They differ in speed and in the credentials that they accept; the results of calls are the same.
const (
	// Automatic chooses JSON2 for an API key on Odoo 19 and later, WebSession for a password, and JSONRPC otherwise or if
	// the server does not offer the first choice. A password that the server refuses is tried once.
	Automatic Protocol = iota
	// JSONRPC is /jsonrpc, in every version up to 21. Each call carries the password or the API key.
	JSONRPC
	// WebSession is the protocol of Odoo's web client, in every version. The client logs in once with a password and then
	// sends a cookie. It is the fastest protocol with a password. It refuses API keys.
	WebSession
	// JSON2 is /json/2, from Odoo 19 on, with an API key. It supports keyword arguments only.
	JSON2
	// XMLRPC is /xmlrpc/2: every version up to 21, with a password or an API key in each call, for servers and gateways that let
	// nothing else through. It is never chosen automatically, since it cannot carry all values: what it cannot carry is
	// [ErrNotXML]. Dates and files are texts, as in JSON.
	XMLRPC
)

var protocolNames = [...]string{"automatic", "JSON-RPC", "web session", "JSON-2", "XML-RPC"}

func (p Protocol) exists() bool { return int(p) < len(protocolNames) }

// String is the name of the protocol.
func (p Protocol) String() string {
	if !p.exists() {
		return fmt.Sprintf("Protocol(%d)", uint8(p))
	}
	return protocolNames[p]
}
