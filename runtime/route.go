package orm

import (
	"context"
	"maps"
	"net/http"

	"github.com/odoogen/odoogen/runtime/internal/door"
	"github.com/odoogen/odoogen/runtime/internal/protocol"
)

// ask calls a route that belongs to no model, and decodes the result.
func (c *Client) ask(ctx context.Context, r *door.Route, dest any) error {
	s, err := c.visiting(ctx)
	if err != nil {
		return published(err, r.Model, r.Method)
	}
	t := &trip{
		encode: func(p protocol.Protocol) (*protocol.Exchange, error) {
			return p.(*protocol.WebSession).Route(r.Path, r.Params)
		},
	}
	if r.Waits {
		t.over = s.transport.Waiting(r.Base)
	}
	raw, err := s.run(ctx, &Request{Protocol: WebSession, Model: r.Model, Method: r.Method, ReadOnly: true}, t)
	if err != nil || raw == nil {
		return err
	}
	return decodeInto(raw, r.Model, dest)
}

// visiting returns the session itself if it is a web session, otherwise a session without a login.
func (s *session) visiting(ctx context.Context) (*session, error) {
	if s.kind == WebSession {
		return s, nil
	}
	if v := s.visitor.Load(); v != nil {
		return v, nil
	}
	v := &session{
		transport: s.transport, protocol: protocol.NewVisitor(s.transport, s.who.Database, s.odoo), kind: WebSession, who: s.who,
		version: s.version, odoo: s.odoo, handle: s.handle, retries: s.retries, pause: s.pause, renewal: make(chan struct{}, 1),
	}
	if _, err := v.protocol.Login(ctx); err != nil {
		return nil, err
	}
	s.visitor.Store(v)
	return v, nil
}

// socket returns what a websocket needs. It renews an expired session.
func (c *Client) socket(ctx context.Context) (*door.Socket, error) {
	s, err := c.visiting(ctx)
	if err != nil {
		return nil, published(err, "bus.bus", "websocket")
	}
	web := s.protocol.(*protocol.WebSession)
	if s == c.session {
		_, err = s.attempt(ctx, &trip{encode: func(protocol.Protocol) (*protocol.Exchange, error) { return web.Check() }})
	} else {
		_, err = web.Login(ctx)
	}
	if err != nil {
		return nil, published(err, "bus.bus", "websocket")
	}
	header := http.Header{}
	maps.Copy(header, s.transport.Header())
	maps.Copy(header, web.Cookie())
	return &door.Socket{Client: s.transport.Client(), Base: s.transport.Base(), Header: header}, nil
}
