package odootest

import (
	"errors"
	"maps"
)

// Call is a call of a scripted method. It is one transaction: if the method fails, nothing of it remains. Its methods
// work inside that transaction; a client of the server, or the server's own Create, would wait for its end for ever.
//
// Values are those of the wire: nil, bool, int64, float64, string, []any and map[string]any, where Odoo's false means no
// value.
type Call struct {
	Model, Method string
	IDs           []int64        // the records that the method is called on, if any
	Args          []any          // what else came by position
	Kwargs        map[string]any // what came by name, but for the context
	Context       map[string]any
	UID           int64
	tx            *tx
}

type scriptKey struct{ model, method string }

type script func(Call) (any, error)

// Method gives the models of the server a business method, such as action_confirm of sale.order, or replaces one that
// every model has. The result is sent as JSON. An [*Error] is sent with its class, any other error as a UserError.
//
//	server.Method("sale.order", "action_confirm", func(call odootest.Call) (any, error) {
//		return true, call.Write("sale.order", call.IDs, map[string]any{"state": "sale"})
//	})
func (s *Server) Method(model, name string, fn func(call Call) (any, error)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.scripts[scriptKey{model, name}] = fn
}

// script runs a scripted method.
func (t *tx) script(fn script, m *model, name string, ids []int64, args []any, kwargs map[string]any) (any, error) {
	result, err := fn(Call{m.name, name, ids, args, maps.Clone(kwargs), maps.Clone(t.context), t.uid, t})
	if err != nil {
		return nil, asOdoo(err)
	}
	return plain(result)
}

// scriptPositional runs a scripted method that is called by position. A first argument that can be ids is treated as ids.
func (t *tx) scriptPositional(fn script, m *model, name string, args []any, kwargs map[string]any) (any, error) {
	if len(args) > 0 {
		if found, err := recordIDs(args[0]); err == nil {
			return t.script(fn, m, name, found, args[1:], kwargs)
		}
	}
	return t.script(fn, m, name, nil, args, kwargs)
}

// asOdoo makes an exception of any error.
func asOdoo(err error) error {
	if e := new(Error); errors.As(err, &e) {
		return e
	}
	return fail(classUser, "%s", err)
}

func (c Call) model(name string) (*model, error) {
	if m := c.tx.models[name]; m != nil {
		return m, nil
	}
	return nil, fail(classKey, "%s", name)
}

// Sudo runs a function in which the methods of the call ask for no rights, as sudo() does in Odoo.
func (c Call) Sudo(run func() error) error {
	before := c.tx.user
	u := *before
	u.super = true
	c.tx.user = &u
	defer func() { c.tx.user = before }()
	return run()
}

// Search gives the ids of the records that match a domain: Search("res.partner", []any{"name", "=", "x"}).
func (c Call) Search(model string, domain ...any) ([]int64, error) {
	m, err := c.model(model)
	if err != nil {
		return nil, err
	}
	terms, err := plain(domain)
	if err != nil {
		return nil, err
	}
	found, err := c.tx.search(m, query{domain: terms})
	return ids(found), err
}

// Read gives the records with the ids, all fields of them unless some are named.
func (c Call) Read(model string, ids []int64, fields ...string) ([]map[string]any, error) {
	m, err := c.model(model)
	if err != nil {
		return nil, err
	}
	names := make([]any, len(fields))
	for i, name := range fields {
		names[i] = name
	}
	found, err := c.tx.readable(m, names)
	if err != nil {
		return nil, err
	}
	return c.objects(c.tx.read(m, c.tx.existing(m, ids), found, true))
}

// objects are rows for Go code.
func (c Call) objects(rows []*row) ([]map[string]any, error) {
	out := make([]map[string]any, len(rows))
	for i, r := range rows {
		object, err := plain(r)
		if err != nil {
			return nil, err
		}
		out[i], _ = object.(map[string]any)
	}
	return out, nil
}

// Create makes a record.
func (c Call) Create(model string, values map[string]any) (int64, error) {
	return c.tx.createFrom(model, values)
}

// createFrom makes a record of Go values.
func (t *tx) createFrom(name string, values map[string]any) (int64, error) {
	m := t.models[name]
	if m == nil {
		return 0, fail(classKey, "%s", name)
	}
	given, err := plainValues(values)
	if err != nil {
		return 0, err
	}
	return t.create(m, given)
}

// Write changes records.
func (c Call) Write(model string, ids []int64, values map[string]any) error {
	m, err := c.model(model)
	if err != nil {
		return err
	}
	given, err := plainValues(values)
	if err != nil {
		return err
	}
	return c.tx.write(m, ids, given)
}

// Unlink deletes records.
func (c Call) Unlink(model string, ids []int64) error {
	m, err := c.model(model)
	if err != nil {
		return err
	}
	return c.tx.unlink(m, ids)
}

func plainValues(values map[string]any) (map[string]any, error) {
	v, err := plain(values)
	out, _ := v.(map[string]any)
	return out, err
}
