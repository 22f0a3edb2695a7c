package orm

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"

	"github.com/odoogen/odoogen/runtime/internal/codec"
	"github.com/odoogen/odoogen/runtime/internal/door"
)

func init() {
	door.Publish = published
	door.Refine = refined
	door.Fetch = func(ctx context.Context, client any, p *door.Page) error { return client.(*Client).fetch(ctx, p) }
	door.Ask = func(ctx context.Context, client any, r *door.Route, dest any) error {
		return client.(*Client).ask(ctx, r, dest)
	}
	door.Connect = func(ctx context.Context, client any) (*door.Socket, error) { return client.(*Client).socket(ctx) }
	door.Context = func(client any) map[string]any { return client.(*Client).context }
	door.Decode = decodeInto
	door.Encode = func(ctx context.Context, client any, model string, values any) ([]byte, error) {
		r := &call{model: model, method: "create", args: []arg{{"vals", values}}}
		if err := client.(*Client).nameValues(ctx, r); err != nil {
			return nil, err
		}
		return codec.Append(nil, r.args[0].value)
	}
	door.Domain = func(raw []byte) (any, error) { return receivedDomain(raw) }
	door.AfterDial = func(option string, check func(context.Context, any) error) any {
		return DialOption(func(d *dialer) { d.checks = append(d.checks, loginCheck{option, check}) })
	}
	door.Condition = func(field, operator string, value any) any { return trustedLeaf(field, operator, value) }
	door.Batch = func(options any) (int, error) {
		o := collect(options.([]BatchOption))
		return o.batch, o.err
	}
	door.Writable = func(ctx context.Context, model any, values []any) (map[string]string, error) {
		return model.(Model).writable(ctx, values)
	}
	door.Named = func(ctx context.Context, model, value any) (any, error) { return model.(Model).named(ctx, value) }
	door.HasRun = func(err error) error { return afterRun(err, false) }
	door.FileField = func(ctx context.Context, model any, id int64, field string) (string, error) {
		return model.(Model).fileField(ctx, id, field)
	}
	door.SendFile = func(ctx context.Context, model any, f door.FileCall, options any) (json.RawMessage, error) {
		return model.(Model).sendFile(ctx, f, options.([]WriteOption))
	}
	door.MaxAnswer = func(model any) int64 { return model.(Model).c.transport.MaxAnswer }
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

// writable checks values that another package writes, and returns the server's names of the fields that have alternative
// names.
func (m Model) writable(ctx context.Context, values []any) (map[string]string, error) {
	if m.err != nil {
		return nil, m.err
	}
	var fields []string
	for _, value := range values {
		if err := checkWrite(m.version(), m.name, value); err != nil {
			return nil, err
		}
		v := reflect.Indirect(reflect.ValueOf(value))
		if !v.IsValid() {
			continue
		}
		if p := codec.PlanToWrite(v.Type()); p != nil {
			if err := m.c.checkStructChoices(ctx, knownModel(m.name), p, v); err != nil {
				return nil, err
			}
			fields = append(fields, p.Varying(v)...)
		}
	}
	if len(fields) == 0 {
		return nil, nil
	}
	slices.Sort(fields)
	fields = slices.Compact(fields)
	names, err := m.c.names(ctx, m.name, fields...)
	for _, field := range fields {
		if err == nil && names[field] == "" {
			err = m.c.lacks(m.name, field)
		}
	}
	return names, err
}

// fileField is the name on the server of a field that holds the file of a record. One that cannot hold a file is an error.
func (m Model) fileField(ctx context.Context, id int64, field string) (string, error) {
	switch {
	case id == 0:
		return "", errors.Join(m.err, errNoID)
	case m.err != nil:
		return "", m.err
	}
	named, err := m.c.name(ctx, m.name, field)
	if err != nil {
		return "", err
	}
	return named, checkBase64(m.version(), m.name, named)
}

// sendFile makes a call with a file.
func (m Model) sendFile(ctx context.Context, f door.FileCall, options []WriteOption) (raw json.RawMessage, err error) {
	r := &call{method: f.Method, ids: []int64{f.ID}, args: []arg{{f.Argument, f.Value}}, delivery: f.Delivery, mark: f.Mark}
	return raw, m.call(ctx, r, collect(options), &raw)
}

// named is a value to write with the names of the server.
func (m Model) named(ctx context.Context, value any) (any, error) {
	if m.err != nil {
		return nil, m.err
	}
	named, err := m.c.namedValue(ctx, knownModel(m.name), value)
	if named == nil {
		named = value
	}
	return named, err
}
