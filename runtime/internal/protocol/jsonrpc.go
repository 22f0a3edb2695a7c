package protocol

import (
	"context"
	"encoding/json"
	"net/http"
	"sync/atomic"

	"github.com/odoogen/odoogen/runtime/internal/transport"
)

// JSONRPC speaks /jsonrpc.
type JSONRPC struct {
	transport *transport.Transport
	who       Credential
	user      atomic.Pointer[rpcUser] // renewed when the server wants another login, maybe while other calls run
}

type rpcUser struct {
	uid    int64
	cookie *http.Cookie // names the database, without a login: see DatabaseCookie
}

// NewJSONRPC is /jsonrpc for a user that is yet to log in.
func NewJSONRPC(t *transport.Transport, who Credential) *JSONRPC {
	return &JSONRPC{transport: t, who: who}
}

// Assume takes the id of the user instead of a login.
func (j *JSONRPC) Assume(ctx context.Context, uid int64) {
	j.user.Store(&rpcUser{uid, DatabaseCookie(ctx, j.transport, j.who.Database)})
}

// Login is the method authenticate of the service common.
func (j *JSONRPC) Login(ctx context.Context) (int64, error) {
	user := &rpcUser{cookie: DatabaseCookie(ctx, j.transport, j.who.Database)}
	x, err := service(j.transport, user.cookie, "common", "authenticate", j.who.Database, j.who.Login, j.who.Secret(), map[string]any{})
	if err != nil {
		return 0, err
	}
	if _, err := x.do(ctx, j.transport, &user.uid); err != nil {
		return 0, err
	}
	if user.uid == 0 {
		return 0, j.who.Refused()
	}
	j.user.Store(user)
	return user.uid, nil
}

// Call is the method execute_kw of the service object.
func (j *JSONRPC) Call(c *Call) (*Exchange, error) {
	user := j.user.Load()
	x, err := service(j.transport, user.cookie, "object", "execute_kw",
		j.who.Database, user.uid, j.who.Secret(), c.Model, c.Method, c.positional(), c.named())
	if err != nil {
		return nil, err
	}
	return x.ofMethod(c.Model), nil
}

// Lost is never true: each call has its credential with it.
func (j *JSONRPC) Lost(context.Context, error) bool { return false }

// Documentation asks with the secret as an API key.
func (j *JSONRPC) Documentation(model string) (*Exchange, error) {
	return documentation(j.transport, pathBearerDoc, model, j.who.bearer()), nil
}

// service is the exchange for a call of a method of a service. The cookie may be nil.
func service(t *transport.Transport, cookie *http.Cookie, service, method string, args ...any) (*Exchange, error) {
	if args == nil {
		args = []any{}
	}
	return envelope(t, pathJSONRPC, cookieHeader(cookie), map[string]any{"service": service, "method": method, "args": args})
}

// Service calls a method of the services common and db, which need no login. The cookie may be nil.
func Service(ctx context.Context, t *transport.Transport, cookie *http.Cookie, name, method string, args ...any) (json.RawMessage, error) {
	x, err := service(t, cookie, name, method, args...)
	if err != nil {
		return nil, err
	}
	_, raw, err := x.early(ctx, t)
	return raw, err
}
