package orm

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"

	"github.com/odoogen/odoogen/runtime/internal/codec"
)

// json2 speaks /json/2, where a request is a method with its arguments by name, and the status tells an error.
type json2 struct {
	wire *wire
	who  credential
}

func (j *json2) login(ctx context.Context) (int64, error) {
	m, err := j.message(&call{model: "res.users", method: "context_get"})
	if err != nil {
		return 0, err
	}
	var user struct {
		UID int64 `odoo:"uid"`
	}
	a, err := j.wire.ask(ctx, j, m, &user)
	if a != nil && a.status == http.StatusUnauthorized {
		return 0, j.who.refused()
	}
	return user.UID, err
}

func (j *json2) message(c *call) (*message, error) {
	named := c.named()
	if c.ids != nil {
		named["ids"] = c.ids
	}
	for _, a := range c.args {
		if a.name == "" {
			return nil, fmt.Errorf("orm: %s.%s: JSON-2 takes arguments by name only", c.model, c.method)
		}
		named[a.name] = a.value
	}
	body, err := codec.Buffered(func(b []byte) ([]byte, error) { return codec.Append(b, named) })
	if err != nil {
		return nil, fmt.Errorf("orm: %w", err)
	}
	return &message{path: "/json/2/" + url.PathEscape(c.model) + "/" + url.PathEscape(c.method), header: bearer(j.who), body: body}, nil
}

func (j *json2) path() []string { return nil }

func (j *json2) result(a *answer) (json.RawMessage, error) {
	s := codec.NewScanner(a.body)
	raw, err := s.Raw()
	if err == nil {
		err = s.End()
	}
	if err != nil || a.contentType() != "application/json" {
		return nil, j.notOdoo(a)
	}
	if a.status == http.StatusOK {
		return raw, nil
	}
	var failure exception
	if json.Unmarshal(raw, &failure) != nil || failure.Name == "" {
		return nil, j.notOdoo(a)
	}
	e := failure.typed()
	e.Status = a.status
	if e.kind == nil {
		e.kind = statusKinds[a.status]
	}
	e.retryAfter = retryAfter(a.header)
	return nil, e
}

// notOdoo is wire.notOdoo, but that a key is refused with a page when it is refused early.
func (j *json2) notOdoo(a *answer) *Error {
	e := j.wire.notOdoo(a)
	if a.status == http.StatusUnauthorized {
		e.kind = ErrAccessDenied
	}
	return e
}

// statusKinds are the errors that JSON-2 tells by the status.
var statusKinds = map[int]error{
	http.StatusUnauthorized:        ErrAccessDenied,
	http.StatusNotFound:            ErrNotFound,
	http.StatusUnprocessableEntity: ErrArguments,
	http.StatusTooManyRequests:     ErrRateLimit,
}
