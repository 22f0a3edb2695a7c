package orm

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"strings"

	"github.com/odoogen/odoogen/runtime/internal/codec"
)

// Invocation is a business method and what it is called with, as the generated clients give it.
type Invocation struct {
	Method   string     // Odoo's name; "action_x?" if servers can lack the method: see [ErrNoMethod]
	Args     []Argument // those that the method requires, in its order
	Options  any        // the optional arguments: a generated struct of Opts, or nil
	ReadOnly bool       // changes nothing, so that it may be repeated
	ByName   bool       // the Args too go by name, on every protocol
}

// Argument is an argument that a method requires. Odoo takes it by position, or by name on [JSON2].
type Argument struct {
	Name  string
	Value any
}

// On is a list of ids, for the methods that take more than ids:
//
//	orders.MessagePostWith(ctx, orm.On(id), odoo.SaleOrderMessagePostArgs{Body: orm.Set("Hello")})
func On[M any](ids ...ID[M]) []ID[M] { return ids }

// Do runs a method without arguments on the records with the ids, a slice of ids, or on the model if ids is nil. The
// answer is decoded into what result points to, a [Result] or the type that the method is documented to return.
func (m Model) Do(ctx context.Context, result any, method string, ids any, opts ...WriteOption) error {
	return m.Invoke(ctx, result, ids, Invocation{Method: method}, opts...)
}

// Invoke is [Model.Do] for a method with arguments.
func (m Model) Invoke(ctx context.Context, result, ids any, v Invocation, opts ...WriteOption) error {
	if m.err != nil {
		return m.err
	}
	r := &call{readonly: v.ReadOnly}
	v.Method, r.optional = codec.Optional(v.Method)
	r.method = v.Method
	if ids != nil {
		given, err := idList(ids)
		if err != nil {
			return err
		}
		if r.ids = ids; given.IsNil() {
			r.ids = []int64{} // no records are not the model
		}
	}
	if err := m.arguments(r, v); err != nil {
		return fmt.Errorf("orm: %s.%s: %w", m.name, v.Method, err)
	}
	var raw json.RawMessage
	if err := m.call(ctx, r, collect(opts), &raw); err != nil {
		return err
	}
	return m.answer(v.Method, raw, result)
}

// arguments puts what a method is called with into the call.
func (m Model) arguments(r *call, v Invocation) error {
	r.kwargs = map[string]any{}
	if err := optionalArguments(v.Options, r.kwargs); err != nil {
		return err
	}
	for _, a := range v.Args {
		if m.c.kind == JSON2 && (a.Name == "ids" || a.Name == "context") {
			return fmt.Errorf("JSON-2 can't pass an argument with the name %s", a.Name)
		}
		if v.ByName {
			r.kwargs[a.Name] = a.Value
		} else {
			r.args = append(r.args, arg{a.Name, a.Value})
		}
	}
	return nil
}

// moreTag is the tag of the field for additional keyword arguments, Python's **kwargs.
const moreTag = "**"

// optionalArguments adds the fields of a struct that are set; one that is cleared is None.
func optionalArguments(from any, to map[string]any) error {
	if from == nil {
		return nil
	}
	v := reflect.ValueOf(from)
	if v.Kind() != reflect.Struct {
		return fmt.Errorf("want a struct of arguments, got %T", from)
	}
	for i := range v.NumField() {
		field, value := v.Type().Field(i), v.Field(i)
		name, _, _ := strings.Cut(field.Tag.Get(codec.TagName), ",")
		switch {
		case name == "":
			continue
		case name == moreTag && field.Type == reflect.TypeFor[Args]():
			maps.Copy(to, value.Interface().(Args))
			continue
		case !codec.Is(field.Type, "Opt"):
			return fmt.Errorf("%s is no Opt", field.Name)
		}
		switch OptState(value.FieldByName("State").Uint()) {
		case Present:
			to[name] = value.FieldByName("Value").Interface()
		case Cleared:
			to[name] = nil
		}
	}
	return nil
}

// answer decodes what a method returned. The method has run by then, whatever comes of it.
func (m Model) answer(method string, raw json.RawMessage, result any) error {
	switch dest := result.(type) {
	case nil:
		return nil
	case *Result:
		*dest = Result{Raw: raw, model: m.name, method: method}
		return nil
	}
	if codec.NewScanner(raw).Null() {
		reflect.ValueOf(result).Elem().SetZero()
		return nil
	}
	if err := decodeInto(raw, m.name, result); err != nil {
		return &DecodeError{Model: m.name, done: true, Reason: fmt.Sprintf("%s has run, but did not answer as it is documented to: want %s, got %.80s",
			method, reflect.TypeOf(result).Elem(), raw)}
	}
	return nil
}
