package orm

import (
	"context"
	"encoding/json"
	"errors"
	"reflect"

	"github.com/odoogen/odoogen/runtime/internal/codec"
)

// Defaults returns the default values of a new record of the model. Fields without a default have the zero value. Defaults
// that the record cannot hold are left out: Defaults then returns the other values together with an error that wraps a
// [DecodeError] for each of them.
func Defaults[M any](ctx context.Context, c *Client, opts ...ReadOption) (M, error) {
	var out M
	err := modelOf[M](c).DefaultGet(ctx, &out, opts...)
	return out, err
}

// DefaultGet reads the defaults of a new record into the struct that dest points to; fields without a default get the zero
// value. A relation to many gets the ids of the records that would be linked. Records that would be created with the new
// record are an error, unless the field is a json.RawMessage, which receives Odoo's commands. Like [Defaults], it sets the
// other fields even if it returns an error.
func (m Model) DefaultGet(ctx context.Context, dest any, opts ...ReadOption) error {
	record, err := pointedTo(dest, reflect.Struct)
	if err != nil {
		return err
	}
	p, err := codec.PlanOf(record.Type())
	if err != nil {
		return err
	}
	o := collect(opts)
	fields, err := fieldsToRead(p, m.name, o)
	if err != nil {
		return err
	}
	if m.err == nil && p.Varies {
		if fields, err = m.c.readNames(ctx, knownModel(m.name), p, fields); err != nil {
			return err
		}
	}
	if err := checkRead(m.version(), m.name, p, fields); err != nil {
		return err
	}
	var defaults map[string]json.RawMessage
	if err := m.call(ctx, &call{method: "default_get", args: []arg{{"fields", fields}}}, o, &defaults); err != nil {
		return err
	}
	return decodeDefaults(p, defaults, m.name, record)
}

func decodeDefaults(p *codec.Plan, defaults map[string]json.RawMessage, model string, record reflect.Value) error {
	var errs []error
	for i := range p.Fields {
		f := &p.Fields[i]
		target := record.FieldByIndex(f.Index)
		target.SetZero()
		raw := defaultOf(f, defaults)
		if raw == nil {
			continue
		}
		if t := codec.Plain(f.Type); t.Kind() == reflect.Slice && t != reflect.TypeFor[json.RawMessage]() {
			raw = linked(raw)
		}
		if err := f.Decode(raw, target); err != nil {
			target.SetZero()
			errs = append(errs, located(codec.InField(err, 0, f.Name), model))
		}
	}
	return errors.Join(errs...)
}

// defaultOf returns the default of a field, which the response has under the server's name; nil if there is none.
func defaultOf(f *codec.Field, defaults map[string]json.RawMessage) json.RawMessage {
	names, _ := codec.Alternatives(f.Name)
	for _, name := range names {
		if raw, ok := defaults[name]; ok {
			return raw
		}
	}
	return nil
}

// linked turns a list of commands that only link records into the list of their ids. Anything else stays unchanged.
func linked(raw json.RawMessage) json.RawMessage {
	var commands [][]json.RawMessage
	if json.Unmarshal(raw, &commands) != nil {
		return raw
	}
	ids := []int64{}
	for _, command := range commands {
		var code int
		if len(command) == 0 || json.Unmarshal(command[0], &code) != nil {
			return raw
		}
		var some []int64
		switch {
		case code == codec.CommandClear:
			ids = ids[:0]
		case code == codec.CommandLink && len(command) > 1 && json.Unmarshal(command[1], new(int64)) == nil:
			some = append(some, 0)
			_ = json.Unmarshal(command[1], &some[0])
		case code == codec.CommandSet && len(command) > 2 && json.Unmarshal(command[2], &some) == nil:
			ids = ids[:0]
		default:
			return raw
		}
		ids = append(ids, some...)
	}
	out, _ := codec.Append(nil, ids)
	return out
}
