package orm

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"sync/atomic"

	"github.com/odoogen/odoogen/runtime/internal/codec"
)

const pathJSONRPC = "/jsonrpc"

// jsonrpc speaks /jsonrpc, which has three services: common, db and object.
type jsonrpc struct {
	wire *wire
	who  credential
	user atomic.Pointer[rpcUser] // renewed when the server wants another login, maybe while other calls run
}

type rpcUser struct {
	uid    int64
	cookie *http.Cookie // names the database, without a login: see wire.session
}

var serial atomic.Int64

// rpcMessage is a request of JSON-RPC 2.0, which the web session speaks too.
func rpcMessage(path string, header http.Header, params any) (*message, error) {
	body, err := codec.Buffered(func(b []byte) ([]byte, error) {
		b, err := codec.Append(fmt.Appendf(b, `{"jsonrpc":"2.0","method":"call","id":%d,"params":`, serial.Add(1)), params)
		return append(b, '}'), err
	})
	if err != nil {
		return nil, fmt.Errorf("orm: %w", err)
	}
	return &message{path: path, header: header, body: body}, nil
}

func serviceMessage(cookie *http.Cookie, service, method string, args []any) (*message, error) {
	return rpcMessage(pathJSONRPC, cookieHeader(cookie), map[string]any{"service": service, "method": method, "args": values(args)})
}

// service calls a method of the services common and db, which need no login.
func (w *wire) service(ctx context.Context, service, method string, args ...any) (json.RawMessage, error) {
	m, err := serviceMessage(nil, service, method, args)
	if err != nil {
		return nil, err
	}
	a, err := w.post(ctx, m)
	if err != nil {
		return nil, err
	}
	return w.rpcResult(a)
}

func (j *jsonrpc) login(ctx context.Context) (int64, error) {
	user := &rpcUser{cookie: j.wire.session(ctx, j.who.db)}
	m, err := serviceMessage(user.cookie, "common", "authenticate", []any{j.who.db, j.who.login, j.who.secret(), Context{}})
	if err != nil {
		return 0, err
	}
	if _, err := j.wire.ask(ctx, j, m, &user.uid); err != nil {
		return 0, err
	}
	if user.uid == 0 {
		return 0, j.who.refused()
	}
	j.user.Store(user)
	return user.uid, nil
}

func (j *jsonrpc) message(c *call) (*message, error) {
	user := j.user.Load()
	args := []any{j.who.db, user.uid, j.who.secret(), c.model, c.method, c.positional(), c.named()}
	return serviceMessage(user.cookie, "object", "execute_kw", args)
}

func (j *jsonrpc) path() []string { return rpcPath }

// rpcPath leads to the result of an answer of JSON-RPC 2.0.
var rpcPath = []string{"result"}

func (j *jsonrpc) result(a *answer) (json.RawMessage, error) { return j.wire.callResult(a) }

// callResult is rpcResult for a call of a method. Odoo until 14 or so leaves the result out of its answer when the method
// returned nothing.
func (w *wire) callResult(a *answer) (json.RawMessage, error) {
	raw, err := w.rpcResult(a)
	if errors.Is(err, ErrMalformed) && a.isEmptyEnvelope() {
		return json.RawMessage("null"), nil
	}
	return raw, err
}

func (a *answer) isEmptyEnvelope() bool {
	var envelope struct {
		Version string `json:"jsonrpc"`
	}
	var members map[string]json.RawMessage
	return a.status == http.StatusOK && len(a.body) < 100 && json.Unmarshal(a.body, &envelope) == nil && envelope.Version != "" &&
		json.Unmarshal(a.body, &members) == nil && members["error"] == nil && members["result"] == nil
}

// rpcResult takes an answer of JSON-RPC 2.0 apart. Odoo sends errors with the status 200 too: another status comes from a
// gateway, whose JSON is none of Odoo's even where it looks so, unless it names one of Odoo's exceptions.
func (w *wire) rpcResult(a *answer) (json.RawMessage, error) {
	result, failure, err := rpcMembers(a.body)
	switch {
	case err != nil || result == nil && failure == nil:
		return nil, w.notOdoo(a)
	case a.status != http.StatusOK && (failure == nil || failure.Data.Name == ""):
		return nil, w.notOdoo(a)
	case failure != nil:
		return nil, failure.typed()
	}
	return result, nil
}

// rpcMembers are the members of an answer that matter. One that is there twice makes the answer a forgery or a mistake,
// and it is not for the client to choose.
func rpcMembers(body []byte) (result json.RawMessage, failure *rpcError, err error) {
	s := codec.NewScanner(body)
	seen := map[string]bool{}
	err = s.Object(func(key []byte) error {
		name := string(key)
		if name != "result" && name != "error" {
			return s.Skip()
		}
		if seen[name] {
			return s.Errorf("%s is there twice", name)
		}
		seen[name] = true
		raw, err := s.Raw()
		if err != nil {
			return err
		}
		if name == "result" {
			result = raw
			return nil
		}
		return json.Unmarshal(raw, &failure)
	})
	if err == nil {
		err = s.End()
	}
	return result, failure, err
}

// rpcError is the error member of an answer.
type rpcError struct {
	Code    int       `json:"code"`
	Message string    `json:"message"`
	Data    exception `json:"data"`
}

func (e *rpcError) typed() *Error {
	out := e.Data.typed()
	if out.Message == "" {
		out.Message = e.Message
	}
	if e.Code == codeSessionExpired {
		out.kind = ErrSessionExpired
	}
	return out
}

const codeSessionExpired = 100

// exception is what every protocol tells of a Python exception.
type exception struct {
	Name    string `json:"name"`
	Message string `json:"message"`
	Debug   string `json:"debug"`
}

func (e *exception) typed() *Error {
	out := &Error{Class: e.Name, Message: e.Message, Traceback: e.Debug}
	out.kind = kindOf(out.Class, out.Message)
	return out
}
