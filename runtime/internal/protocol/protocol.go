// Package protocol speaks Odoo's protocols: it encodes calls into requests and decodes answers into results. A protocol is
// a file: jsonrpc.go, session.go, json2.go. It knows no records: an [Exchange] says where in an answer they are.
package protocol

import (
	"context"
	"encoding/json"
	"maps"
	"net/http"

	"github.com/odoogen/odoogen/runtime/internal/codec"
	"github.com/odoogen/odoogen/runtime/internal/fault"
	"github.com/odoogen/odoogen/runtime/internal/transport"
)

// pathJSONRPC is the path of JSON-RPC, which has three services: common, db and object.
const pathJSONRPC = "/jsonrpc"

// Protocol calls methods of a database as a user.
type Protocol interface {
	// Login authenticates and gives the id of the user. It is called again when a session has expired, maybe while calls run.
	Login(ctx context.Context) (uid int64, err error)
	// Call is the exchange for a call of a method.
	Call(c *Call) (*Exchange, error)
	// Lost reports whether a call failed because the session is gone, so that a login may help.
	Lost(ctx context.Context, err error) bool
	// Documentation is the exchange for the page about a model that the module api_doc has.
	Documentation(model string) (*Exchange, error)
}

// Exchange is a request with the reading of its answer.
type Exchange struct {
	Request *transport.Request
	Path    []string // the keys in the answer that lead to the result
	// Result is the raw result in the answer to this request, or a [fault.Error].
	Result func(*transport.Answer) (json.RawMessage, error)
}

// maxEarlyAnswer is how large an answer may be before a login and to it: the version, the databases, the session. A stranger's
// server does not decide how much memory they take.
const maxEarlyAnswer = 4 << 20

// early sends a request that needs no login or is one, and gives the result. The answer is nil if none came.
func (x *Exchange) early(ctx context.Context, t *transport.Transport) (*transport.Answer, json.RawMessage, error) {
	x.Request.MaxAnswer = maxEarlyAnswer
	a, err := t.Do(ctx, x.Request, nil)
	if err != nil {
		return nil, nil, err
	}
	raw, err := x.Result(a)
	return a, raw, err
}

// do is early, and decodes the result into what dest points to.
func (x *Exchange) do(ctx context.Context, t *transport.Transport, dest any) (*transport.Answer, error) {
	a, raw, err := x.early(ctx, t)
	if err != nil {
		return a, err
	}
	return a, codec.Unmarshal(raw, dest)
}

// Call is a call of a method of a model.
type Call struct {
	Model, Method string
	IDs           any            // the records that it is called on; nil for a method of the model
	Args          []Arg          // in the order of the method
	Named         map[string]any // arguments by name
	Context       map[string]any
}

// Arg is an argument with its place in the method's signature, which JSON-RPC uses, and the name that it has in Odoo 19
// and later, which JSON-2 uses.
type Arg struct {
	Name  string
	Value any
}

// positional are the arguments by position, the ids first.
func (c *Call) positional() []any {
	out := []any{}
	if c.IDs != nil {
		out = append(out, c.IDs)
	}
	for _, a := range c.Args {
		out = append(out, a.Value)
	}
	return out
}

// named are the arguments by name, with the context and without the positional ones.
func (c *Call) named() map[string]any {
	out := make(map[string]any, len(c.Named)+1)
	maps.Copy(out, c.Named)
	if len(c.Context) > 0 {
		out["context"] = c.Context
	}
	return out
}

// Credential is the user of a database, and the proof.
type Credential struct {
	Database, Login string
	Secret          func() string // a func, so that no %v prints it
	IsKey           bool          // the secret is an API key
}

// Refused is the error for a login that the database refuses.
func (c Credential) Refused() *fault.Error {
	what := "password"
	if c.IsKey {
		what = "API key"
	}
	return &fault.Error{Kind: fault.AccessDenied, Message: "the database " + c.Database + " refuses the login \"" + c.Login + "\" with this " + what}
}

// bearer are the headers of a request with an API key.
func (c Credential) bearer() http.Header {
	header := http.Header{}
	header.Set("Authorization", "bearer "+c.Secret())
	header.Set("X-Odoo-Database", c.Database)
	return header
}
