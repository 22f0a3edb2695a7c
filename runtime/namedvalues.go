package orm

import (
	"context"
	"fmt"
	"maps"
	"reflect"
	"slices"

	"github.com/odoogen/odoogen/runtime/internal/codec"
)

// Values are sent with the names that fields have on the server: see alternatives.go. Values without a field whose name
// depends on the server go to the codec unchanged. The codec refuses a field whose name was not resolved here.

// nameValues puts the names of the server into the values among the arguments of a call.
func (c *Client) nameValues(ctx context.Context, r *call) error {
	var model lazyModel // for values that do not name their model; nil if unknown
	if slices.Contains([]string{"create", "write", "copy"}, r.method) {
		model = knownModel(r.model)
	}
	args, kwargs := r.args, r.kwargs
	for i, a := range r.args {
		named, err := c.namedValue(ctx, model, a.value)
		if err != nil {
			return err
		}
		if named != nil {
			args = slices.Clone(args)
			args[i].value = named
		}
	}
	for name, value := range r.kwargs {
		named, err := c.namedValue(ctx, model, value)
		if err != nil {
			return err
		}
		if named != nil {
			kwargs = maps.Clone(kwargs)
			kwargs[name] = named
		}
	}
	r.args, r.kwargs = args, kwargs
	return nil
}

// namedValue returns a value with the names of the server, nil if none of its names depends on the server.
func (c *Client) namedValue(ctx context.Context, model lazyModel, value any) (any, error) {
	v := reflect.ValueOf(value)
	if value == nil || !codec.HoldsValues(v.Type()) {
		return nil, nil
	}
	for v.Kind() == reflect.Pointer || v.Kind() == reflect.Interface {
		v = v.Elem()
	}
	switch v.Kind() {
	case reflect.Struct:
		if codec.Is(v.Type(), "Command") {
			return c.namedCommand(ctx, model, v)
		}
		return c.namedStruct(ctx, model, v)
	case reflect.Slice:
		if codec.IsCommands(v.Type()) {
			return c.namedCommands(ctx, model, v)
		}
		return c.namedList(ctx, model, v)
	case reflect.Map:
		return c.namedMap(ctx, model, v)
	}
	return nil, nil
}

func (c *Client) namedList(ctx context.Context, model lazyModel, list reflect.Value) (any, error) {
	var out []any
	for i := range list.Len() {
		named, err := c.namedValue(ctx, model, list.Index(i).Interface())
		if err != nil {
			return nil, err
		}
		if named == nil {
			continue
		}
		if out == nil {
			out = make([]any, list.Len())
			for j := range out {
				out[j] = list.Index(j).Interface()
			}
		}
		out[i] = named
	}
	if out == nil {
		return nil, nil
	}
	return out, nil
}

// namedMap names the keys of values by the names of their fields, if the model is known.
func (c *Client) namedMap(ctx context.Context, model lazyModel, values reflect.Value) (any, error) {
	var out map[string]any
	for key, value := range values.Seq2() {
		field := key.String()
		name, err := c.nameIn(ctx, model, field)
		if err != nil {
			return nil, err
		}
		if err := c.checkLeafChoices(ctx, model, name, value.Interface()); err != nil {
			return nil, err
		}
		named, err := c.namedValue(ctx, c.target(ctx, model, name, ""), value.Interface())
		if err != nil {
			return nil, err
		}
		if named == nil && name == field {
			continue
		}
		if name != field && values.MapIndex(reflect.ValueOf(name).Convert(values.Type().Key())).IsValid() {
			return nil, fmt.Errorf("orm: the values have the field %s twice: as %s and as %s", name, name, field)
		}
		if out == nil {
			out = make(map[string]any, values.Len())
			for key, value := range values.Seq2() {
				out[key.String()] = value.Interface()
			}
		}
		if named == nil {
			named = out[field]
		}
		delete(out, field)
		out[name] = named
	}
	if out == nil {
		return nil, nil
	}
	return out, nil
}

// nameIn is the name of a field of a model, which stays unchanged if the model is unknown.
func (c *Client) nameIn(ctx context.Context, model lazyModel, field string) (string, error) {
	if model == nil || !codec.Varies(field) {
		return field, nil
	}
	name, err := model()
	if err != nil {
		return "", err
	}
	return c.name(ctx, name, field)
}

func (c *Client) namedCommands(ctx context.Context, target lazyModel, commands reflect.Value) (any, error) {
	var out reflect.Value
	for i := range commands.Len() {
		named, err := c.namedCommand(ctx, target, commands.Index(i))
		if err != nil {
			return nil, err
		}
		if named == nil {
			continue
		}
		if !out.IsValid() {
			out = reflect.MakeSlice(commands.Type(), commands.Len(), commands.Len())
			reflect.Copy(out, commands)
		}
		out.Index(i).Set(reflect.ValueOf(named))
	}
	if !out.IsValid() {
		return nil, nil
	}
	return out.Interface(), nil
}

// namedCommand is a command whose values have the names of the server.
func (c *Client) namedCommand(ctx context.Context, target lazyModel, command reflect.Value) (any, error) {
	named, err := c.namedValue(ctx, target, command.FieldByName("Values").Interface())
	if err != nil || named == nil {
		return nil, err
	}
	out := reflect.New(command.Type()).Elem()
	out.Set(command)
	out.FieldByName("Values").Set(reflect.ValueOf(named))
	return out.Interface(), nil
}

func (c *Client) namedStruct(ctx context.Context, model lazyModel, v reflect.Value) (any, error) {
	p := codec.PlanToWrite(v.Type())
	if own := codec.ModelOfValues(v.Type()); own != "" {
		model = knownModel(own)
	}
	if err := c.checkStructChoices(ctx, model, p, v); err != nil {
		return nil, err
	}
	present := p.Varying(v)
	if len(present) > 0 && model == nil {
		return nil, nil // the codec refuses it
	}
	var named reflect.Value
	for _, f := range p.Commands() {
		commands, err := c.namedCommands(ctx, c.fieldTarget(ctx, model, f.Name), v.FieldByIndex(f.Index))
		if err != nil {
			return nil, err
		}
		if commands == nil {
			continue
		}
		if !named.IsValid() {
			named = reflect.New(v.Type()).Elem()
			named.Set(v)
		}
		named.FieldByIndex(f.Index).Set(reflect.ValueOf(commands))
	}
	switch {
	case len(present) > 0:
		var err error
		if p, err = c.planToWrite(ctx, model, p, present); err != nil {
			return nil, err
		}
	case !named.IsValid():
		return nil, nil
	}
	if !named.IsValid() {
		named = v
	}
	return p.Named(named), nil
}

// fieldTarget is the model that a relation points to. The name of the relation may depend on the server.
func (c *Client) fieldTarget(ctx context.Context, model lazyModel, field string) lazyModel {
	if model == nil {
		return nil
	}
	return func() (string, error) {
		name, err := c.nameIn(ctx, model, field)
		if err != nil {
			return "", err
		}
		return c.target(ctx, model, name, "")()
	}
}

// planToWrite returns a plan with the names of the server. A present field that the server lacks is an error.
func (c *Client) planToWrite(ctx context.Context, from lazyModel, p *codec.Plan, present []string) (*codec.Plan, error) {
	model, err := from()
	if err != nil {
		return nil, err
	}
	key := planKey{model, p}
	plan, known := c.plans.Load(key)
	if !known {
		names, err := c.namesOf(ctx, model, p)
		if err != nil {
			return nil, err
		}
		plan, _ = c.plans.LoadOrStore(key, p.For(names))
	}
	for _, field := range present {
		if !plan.(*codec.Plan).Writes(field) {
			return nil, c.lacks(model, field)
		}
	}
	return plan.(*codec.Plan), nil
}

// planKey is a plan for writing records of a model.
type planKey struct {
	model string
	plan  *codec.Plan
}
