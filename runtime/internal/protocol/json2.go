package protocol

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"

	"github.com/odoogen/odoogen/runtime/internal/codec"
	"github.com/odoogen/odoogen/runtime/internal/fault"
	"github.com/odoogen/odoogen/runtime/internal/transport"
)

// JSON2 speaks /json/2, where a request is a method with its arguments by name, and the status reports an error.
type JSON2 struct {
	transport *transport.Transport
	who       Credential
}

// NewJSON2 is /json/2 with an API key.
func NewJSON2(t *transport.Transport, who Credential) *JSON2 { return &JSON2{t, who} }

// Login asks who the owner of the key is.
func (j *JSON2) Login(ctx context.Context) (int64, error) {
	x, err := j.Call(&Call{Model: "res.users", Method: "context_get"})
	if err != nil {
		return 0, err
	}
	var user struct {
		UID int64 `odoo:"uid"`
	}
	a, err := x.do(ctx, j.transport, &user)
	if a != nil && a.Status == http.StatusUnauthorized && !asksForBasic(a) {
		return 0, j.who.Refused()
	}
	return user.UID, err
}

// Call is the path of the method.
func (j *JSON2) Call(c *Call) (*Exchange, error) {
	named := c.named()
	if c.IDs != nil {
		named["ids"] = c.IDs
	}
	for _, a := range c.Args {
		if a.Name == "" {
			return nil, fmt.Errorf("orm: %s.%s: JSON-2 takes arguments by name only", c.Model, c.Method)
		}
		named[a.Name] = a.Value
	}
	body, err := codec.Buffered(func(b []byte) ([]byte, error) { return codec.Append(b, named) })
	if err != nil {
		return nil, fmt.Errorf("orm: %w", err)
	}
	return &Exchange{
		Request: &transport.Request{Path: "/json/2/" + url.PathEscape(c.Model) + "/" + url.PathEscape(c.Method), Header: j.who.bearer(), Body: body},
		Result: func(a *transport.Answer) (json.RawMessage, error) {
			raw, err := json2Result(j.transport, a)
			return raw, unknownModel(err, c.Model)
		},
	}, nil
}

// Lost is never true: each call has its credential with it.
func (j *JSON2) Lost(context.Context, error) bool { return false }

func json2Result(t *transport.Transport, a *transport.Answer) (json.RawMessage, error) {
	s := codec.NewScanner(a.Body)
	raw, err := s.Raw()
	if err == nil {
		err = s.End()
	}
	if err != nil || a.ContentType() != "application/json" {
		return nil, notJSON2(t, a)
	}
	if a.Status == http.StatusOK {
		return raw, nil
	}
	var failure exception
	if json.Unmarshal(raw, &failure) != nil || failure.Name == "" {
		return nil, notJSON2(t, a)
	}
	e := failure.fault()
	e.Status = a.Status
	if e.Kind == nil {
		e.Kind = statusKinds[a.Status]
	}
	e.RetryAfter = retryAfter(a.Header)
	return nil, e
}

// notJSON2 is NotOdoo, except that a key is refused with a page when it is refused early.
func notJSON2(t *transport.Transport, a *transport.Answer) *fault.Error {
	e := NotOdoo(t, a)
	if a.Status == http.StatusUnauthorized && !asksForBasic(a) {
		e.Kind = fault.AccessDenied
	}
	return e
}

// statusKinds are the errors that JSON-2 reports by the status.
var statusKinds = map[int]error{
	http.StatusUnauthorized:        fault.AccessDenied,
	http.StatusNotFound:            fault.NotFound,
	http.StatusUnprocessableEntity: fault.Arguments,
	http.StatusTooManyRequests:     fault.RateLimit,
}
