package orm

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"

	"github.com/odoogen/odoogen/internal/odoofacts"
	"github.com/odoogen/odoogen/runtime/internal/codec"
)

// Model calls the methods of one model without its Go types. Generated clients and the generic functions are built on it,
// and it gives access to models without bindings. It is deliberately not generic, to keep generated packages small: see
// types.go.
//
// Destinations are pointers to structs with odoo tags, or to slices of such structs.
type Model struct {
	c        *Client
	name     string
	optional bool // some servers lack the model
	err      error
}

// Model returns the model with the name, "res.partner". The name "x.region?" is a model that some servers lack: on these servers,
// its calls fail with [ErrNoModel], and nothing is sent.
func (c *Client) Model(name string) Model {
	if c == nil {
		return Model{err: fmt.Errorf("orm: the client for %s is nil: make one with orm.Dial", name)}
	}
	name, optional := codec.Optional(name)
	return Model{c: c, name: name, optional: optional}
}

// Name is the model's name in Odoo.
func (m Model) Name() string { return m.name }

// version is the version of the server.
func (m Model) version() odoofacts.Version {
	if m.c == nil {
		return odoofacts.Version{}
	}
	return m.c.odoo
}

// call runs a method under the options.
func (m Model) call(ctx context.Context, r *call, o callOptions, result any) error {
	if err := cmp.Or(m.err, o.err); err != nil {
		return err
	}
	r.model, r.context = m.name, o.context
	if err := m.checkLacking(ctx, r); err != nil {
		return err
	}
	return m.c.refusal(r, m.c.do(ctx, r, o.idempotent, result))
}

// Call runs any public method. ids is a slice of the ids of the records that it is called on; nil for a method of the model
// itself. Arguments are passed by name. The response is decoded into the value that result points to; a nil result discards
// it.
func (m Model) Call(ctx context.Context, method string, ids any, args Args, result any, opts ...WriteOption) error {
	r := &call{method: method, kwargs: args}
	if ids != nil {
		given, err := idList(ids)
		if err != nil {
			return err
		}
		if !given.IsNil() {
			r.ids = ids
		}
	}
	return m.call(ctx, r, collect(opts), result)
}

// checkLimit refuses a response with more records than the call requested.
func (m Model) checkLimit(n, limit int) error {
	if limit > 0 && n > limit {
		return m.malformed(fmt.Sprintf("the server sent %d records, but at most %d were requested", n, limit))
	}
	return nil
}

// checkLength is checkLimit for the list that dest points to. It empties a list that is too long.
func (m Model) checkLength(dest any, limit int) error {
	list := reflect.ValueOf(dest).Elem()
	if list.Kind() != reflect.Slice {
		return nil
	}
	err := m.checkLimit(list.Len(), limit)
	if err != nil {
		list.SetZero()
	}
	return err
}

const notAskedFor = "the server sent this record, which was not requested"

// checkIDs refuses a response with records that were not requested, or with one of them more often than it was requested.
// Ids that are not numbers are 0.
func (m Model) checkIDs(got []int64, asked ...int64) error {
	left := make(map[int64]int, len(asked))
	for _, id := range asked {
		left[id]++
	}
	for _, id := range got {
		n, known := left[id]
		switch {
		case id == 0:
		case !known:
			return &DecodeError{Model: m.name, ID: id, Reason: notAskedFor}
		case n == 0:
			return &DecodeError{Model: m.name, ID: id, Reason: "the server sent this record more often than it was requested"}
		}
		left[id] = n - 1
	}
	return nil
}

// checkTextIDs is checkIDs for records with string ids, as far as the records have their ids.
func (m Model) checkTextIDs(records reflect.Value, asked ...string) error {
	p, err := codec.PlanOf(records.Type().Elem())
	if err != nil {
		return err
	}
	f := p.Field(codec.NameID)
	if f == nil || f.Type.Kind() != reflect.String {
		return nil
	}
	for _, r := range records.Seq2() {
		if id := r.FieldByIndex(f.Index).String(); !slices.Contains(asked, id) {
			return m.malformed(fmt.Sprintf("record %q: %s", id, notAskedFor))
		}
	}
	return nil
}

func orAll(n, all int) int {
	if n > 0 {
		return n
	}
	return all
}

// idList checks that ids are a slice of ids, of int64, of an ID or of a TextID.
func idList(ids any) (reflect.Value, error) {
	v := reflect.ValueOf(ids)
	if v.Kind() != reflect.Slice || !v.Type().Elem().ConvertibleTo(reflect.TypeFor[int64]()) && !codec.Is(v.Type().Elem(), "TextID") {
		return v, fmt.Errorf("orm: want a slice of ids, got %T", ids)
	}
	for i := range v.Len() {
		if v.Index(i).IsZero() {
			return v, errNoID
		}
	}
	return v, nil
}

// pointedTo checks a destination and returns the value that it points to.
func pointedTo(dest any, kind reflect.Kind) (reflect.Value, error) {
	v := reflect.ValueOf(dest)
	if v.Kind() != reflect.Pointer || v.IsNil() || v.Elem().Kind() != kind {
		return reflect.Value{}, fmt.Errorf("orm: the destination must be a pointer to a %s, got %T", kind, dest)
	}
	return v.Elem(), nil
}

// modelOf returns the Model of the generated record M.
func modelOf[M any](c *Client) Model {
	name := codec.RecordModel(any(new(M)))
	if name == "" {
		return Model{c: c, err: fmt.Errorf("orm: %T is not a record generated by odoogen", *new(M))}
	}
	return c.Model(name)
}

func (m Model) malformed(reason string) error { return &DecodeError{Model: m.name, Reason: reason} }

var errNoID = errors.New("orm: 0 is not the id of a record")
