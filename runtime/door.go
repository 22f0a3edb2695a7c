package orm

import (
	"cmp"
	"context"
	"fmt"

	"github.com/odoogen/odoogen/runtime/internal/door"
)

func init() {
	door.Publish = published
	door.Refine = refined
	door.Fetch = func(ctx context.Context, client any, p *door.Page) error { return client.(*Client).fetch(ctx, p) }
	door.Context = func(client any) map[string]any { return client.(*Client).context }
	door.Decode = decodeInto
	door.AfterDial = func(option string, check func(context.Context, any) error) any {
		return DialOption(func(d *dialer) { d.checks = append(d.checks, loginCheck{option, check}) })
	}
	door.Condition = func(field, operator string, value any) any { return leaf(field, operator, value) }
	door.Open = func(address string, options any) (*door.Server, error) {
		return openServer(address, options.([]DialOption))
	}
}

func openServer(address string, options []DialOption) (*door.Server, error) {
	d := newDialer(options)
	base, err := d.openAddress(address)
	if err != nil {
		return nil, err
	}
	if err := cmp.Or(d.err, d.checkGateway(base)); err != nil {
		return nil, err
	}
	if name := d.ofLogin(); name != "" {
		return nil, fmt.Errorf("orm: the option %s has no effect on a server without a login", name)
	}
	quick := d.client()
	patient := *quick
	if d.http == nil {
		patient.Timeout = 0
	}
	handle := intercepted(d.interceptors)
	return &door.Server{
		Quick: d.transport(quick, base), Patient: d.transport(&patient, base),
		Run: func(ctx context.Context, c door.Call, do func(context.Context) error) error {
			return handle(ctx, serviceRequest(c, do))
		},
	}, nil
}

// serviceRequest is a call of a service as interceptors see it.
func serviceRequest(c door.Call, do func(context.Context) error) *Request {
	q := &Request{Protocol: JSONRPC, Model: c.Service, Method: c.Method, ReadOnly: c.ReadOnly}
	if c.Page {
		q.Protocol = WebSession
	}
	q.send = func(ctx context.Context, q *Request) error {
		q.Attempts++
		return published(do(ctx), q.Model, q.Method)
	}
	return q
}
