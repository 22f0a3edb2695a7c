package orm

import (
	"context"

	"github.com/odoogen/odoogen/internal/odoofacts"
)

// Client is a connection to one database of an Odoo server as one user. It is safe for concurrent use.
type Client struct {
	*session
	clientSettings
}

// With returns a client on the same connection with other settings: a context merged over the context of c, or idempotent
// writes.
//
//	french := c.With(orm.Context{"lang": "fr_FR"})
func (c *Client) With(settings ...Setting) *Client {
	derived := *c
	for _, s := range settings {
		s.set(&derived.clientSettings)
	}
	return &derived
}

// Version is the version of the server.
func (c *Client) Version() Version { return c.version }

// Protocol is the protocol in use.
func (c *Client) Protocol() Protocol { return c.kind }

// Database is the name of the database.
func (c *Client) Database() string { return c.who.Database }

// UID is the database id of the user in res.users.
func (c *Client) UID() int64 { return c.uid }

// ExecuteKW calls a public method of a model with positional and keyword arguments, as execute_kw of Odoo's service object
// does. The client's context is added unless kwargs has one. The response is decoded into the value that result points to; a
// nil result discards it. JSON-2 has no positional arguments: use [Model.Call] there.
func (c *Client) ExecuteKW(ctx context.Context, model, method string, args []any, kwargs map[string]any, result any) error {
	r := &call{model: model, method: method, kwargs: kwargs}
	for _, value := range args {
		r.args = append(r.args, arg{value: value})
	}
	return c.do(ctx, r, c.idempotent, result)
}

// do runs a call under the client's settings and decodes the result.
func (c *Client) do(ctx context.Context, r *call, idempotent bool, result any) error {
	if _, own := r.kwargs["context"]; !own {
		r.context = c.context.with(r.context)
	}
	if key, instead := odoofacts.IgnoredKey(c.odoo, r.sentContext()); key != "" {
		return &ContextKeyError{Model: r.model, Method: r.method, Key: key, Instead: instead, Version: c.version}
	}
	if err := c.checkLanguage(ctx, r); err != nil {
		return err
	}
	if err := c.nameValues(ctx, r); err != nil {
		return err
	}
	return c.session.do(ctx, r, idempotent || c.idempotent, result)
}
