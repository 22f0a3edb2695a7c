package orm

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"sync/atomic"
)

const pathJSONRPC = "/jsonrpc"

// jsonrpc speaks /jsonrpc, which has three services: common, db and object.
type jsonrpc struct {
	wire   *wire
	who    credential
	uid    int64
	cookie *http.Cookie // names the database, without a login: see wire.session
}

var serial atomic.Int64

// rpcMessage is a request of JSON-RPC 2.0, which the web session speaks too.
func rpcMessage(path string, header http.Header, params any) (*message, error) {
	body := fmt.Appendf(nil, `{"jsonrpc":"2.0","method":"call","id":%d,"params":`, serial.Add(1))
	body, err := appendValue(body, params)
	if err != nil {
		return nil, fmt.Errorf("orm: %w", err)
	}
	return &message{path, header, append(body, '}')}, nil
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
	j.cookie = j.wire.session(ctx, j.who.db)
	m, err := serviceMessage(j.cookie, "common", "authenticate", []any{j.who.db, j.who.login, j.who.secret(), Context{}})
	if err != nil {
		return 0, err
	}
	a, err := j.wire.post(ctx, m)
	if err != nil {
		return 0, err
	}
	raw, err := j.result(a)
	if err != nil {
		return 0, err
	}
	if err := decodeInto(raw, "", &j.uid); err != nil {
		return 0, err
	}
	if j.uid == 0 {
		return 0, j.who.refused()
	}
	return j.uid, nil
}

func (j *jsonrpc) message(c *call) (*message, error) {
	args := []any{j.who.db, j.uid, j.who.secret(), c.model, c.method, c.positional(), c.named()}
	return serviceMessage(j.cookie, "object", "execute_kw", args)
}

func (j *jsonrpc) result(a *answer) (json.RawMessage, error) { return j.wire.rpcResult(a) }

// rpcResult takes an answer of JSON-RPC 2.0 apart.
func (w *wire) rpcResult(a *answer) (json.RawMessage, error) {
	var result json.RawMessage
	var failure *rpcError
	s := &scanner{data: a.body}
	err := s.object(func(key []byte) error {
		isResult, isError := string(key) == "result", string(key) == "error"
		raw, err := s.raw()
		switch {
		case err != nil:
			return err
		case isResult:
			result = raw
		case isError:
			return json.Unmarshal(raw, &failure)
		}
		return nil
	})
	if err == nil {
		err = s.end()
	}
	switch {
	case err != nil || result == nil && failure == nil:
		return nil, w.notOdoo(a)
	case failure != nil:
		return nil, failure.typed()
	}
	return result, nil
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
