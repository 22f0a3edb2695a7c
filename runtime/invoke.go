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

// Invocation is a business method and its arguments, as generated clients call it.
type Invocation struct {
	Method   string     // Odoo's name; "action_x?" if some servers lack the method: see [ErrNoMethod]
	Args     []Argument // the required arguments, in the order of the method
	Options  any        // the optional arguments: a generated struct of Opts, or nil
	ReadOnly bool       // the method changes nothing, so that it can be repeated
	ByName   bool       // pass the Args by name too, on every protocol
}

// Argument is a required argument of a method. It is passed by position, or by name on [JSON2].
type Argument struct {
	Name  string
	Value any
}

// On makes a slice of ids, for methods that take other arguments after the ids:
//
//	orders.MessagePostWith(ctx, orm.On(id), odoo.SaleOrderMessagePostArgs{Body: orm.Set("Hello")})
func On[M any](ids ...ID[M]) []ID[M] { return ids }

// Do runs a method without arguments on the records with the ids, a slice of ids, or on the model if ids is nil. The
// response is decoded into the value that result points to, a [Result] or the documented return type of the method.
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
			r.ids = []int64{} // an empty list of records is not the model itself
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

// arguments adds the arguments of the method to the call.
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
			return fmt.Errorf("%s is not an Opt", field.Name)
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

// answer decodes the result of a method. The method has run even if the result cannot be decoded.
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
		return &DecodeError{Model: m.name, done: true, Reason: fmt.Sprintf("%s has run, but its result is not of the documented type: want %s, got %.80s",
			method, reflect.TypeOf(result).Elem(), raw)}
	}
	return nil
}
