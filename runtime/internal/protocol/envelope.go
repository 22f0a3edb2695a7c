package protocol

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"sync/atomic"

	"github.com/odoogen/odoogen/runtime/internal/codec"
	"github.com/odoogen/odoogen/runtime/internal/fault"
	"github.com/odoogen/odoogen/runtime/internal/transport"
)

// The envelope of JSON-RPC 2.0, which /jsonrpc and the web session share.

var serial atomic.Int64

// envelope is an exchange of JSON-RPC 2.0.
func envelope(t *transport.Transport, path string, header http.Header, params any) (*Exchange, error) {
	id := serial.Add(1)
	body, err := codec.Buffered(func(b []byte) ([]byte, error) {
		b, err := codec.Append(fmt.Appendf(b, `{"jsonrpc":"2.0","method":"call","id":%d,"params":`, id), params)
		return append(b, '}'), err
	})
	if err != nil {
		return nil, fmt.Errorf("orm: %w", err)
	}
	return &Exchange{
		Request: &transport.Request{Path: path, Header: header, Body: body},
		Path:    []string{memberResult},
		Result:  func(a *transport.Answer) (json.RawMessage, error) { return rpcResult(t, a, id) },
	}, nil
}

// Names of members of an envelope.
const (
	memberResult = "result"
	memberError  = "error"
	memberID     = "id"
)

// ofMethod is the exchange for a call of a method. Odoo until 14 or so leaves the result out of its answer when the method
// returned nothing.
func (x *Exchange) ofMethod(model string) *Exchange {
	result := x.Result
	x.Result = func(a *transport.Answer) (json.RawMessage, error) {
		raw, err := result(a)
		if errors.Is(err, fault.Malformed) && isEmptyEnvelope(a) {
			return json.RawMessage("null"), nil
		}
		return raw, unknownModel(err, model)
	}
	return x
}

func isEmptyEnvelope(a *transport.Answer) bool {
	var envelope struct {
		Version string `json:"jsonrpc"`
	}
	var members map[string]json.RawMessage
	return a.Status == http.StatusOK && len(a.Body) < 100 && json.Unmarshal(a.Body, &envelope) == nil && envelope.Version != "" &&
		json.Unmarshal(a.Body, &members) == nil && members[memberError] == nil && members[memberResult] == nil
}

// rpcResult takes an answer of JSON-RPC 2.0 apart. Odoo sends errors with the status 200 too: another status comes from a
// gateway, whose JSON is not Odoo's even where it looks so, unless it names one of Odoo's exceptions.
func rpcResult(t *transport.Transport, a *transport.Answer, id int64) (json.RawMessage, error) {
	r, err := readReply(a.Body)
	result, failure := r.result, r.failure
	switch {
	case err != nil || result == nil && failure == nil:
		return nil, NotOdoo(t, a)
	case !r.isFor(id):
		return nil, &fault.Error{
			Kind: fault.Malformed, Sent: true, Status: a.Status,
			Message: fmt.Sprintf("%s answered another request: the id of the answer is %.40q, that of the request %d", t.Base(), r.id, id),
		}
	case a.Status != http.StatusOK && (failure == nil || failure.Data.Name == ""):
		return nil, NotOdoo(t, a)
	case failure != nil:
		return nil, failure.fault()
	}
	return result, nil
}

// reply is the members of an answer that matter.
type reply struct {
	id, result json.RawMessage
	failure    *rpcError
}

// isFor reports whether the answer is that to the request with the id. Odoo 16 and later answer some failures with null.
func (r *reply) isFor(id int64) bool {
	return r.id == nil || string(r.id) == "null" || string(r.id) == strconv.FormatInt(id, 10)
}

// readReply takes an answer apart. A member that is there twice makes the answer a forgery or a mistake, and it is not for
// the client to choose.
func readReply(body []byte) (r reply, err error) {
	s := codec.NewScanner(body)
	seen := map[string]bool{}
	err = s.Object(func(key []byte) error {
		name := string(key)
		if name != memberResult && name != memberError && name != memberID {
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
		switch name {
		case memberID:
			r.id = raw
		case memberResult:
			r.result = raw
		default:
			return json.Unmarshal(raw, &r.failure)
		}
		return nil
	})
	if err == nil {
		err = s.End()
	}
	return r, err
}

// rpcError is the error member of an answer.
type rpcError struct {
	Code    int       `json:"code"`
	Message string    `json:"message"`
	Data    exception `json:"data"`
}

func (e *rpcError) fault() *fault.Error {
	out := e.Data.fault()
	out.Code = e.Code
	if out.Message == "" {
		out.Message = e.Message
	}
	return out
}
