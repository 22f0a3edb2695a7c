package form

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"github.com/odoogen/odoogen/runtime/internal/codec"
)

// begin gives a new record its defaults.
func (r *row) begin(ctx context.Context) error {
	answer, err := r.s.onchange(ctx, r, nil)
	if err != nil {
		return err
	}
	if err := r.take(answer); err != nil {
		return err
	}
	r.fill()
	for _, f := range r.view.fields {
		r.changed[f.name] = true
	}
	return nil
}

// take takes the response of onchange.
func (r *row) take(answer *reply) error {
	if answer.warning != nil {
		r.s.warnings = append(r.s.warnings, *answer.warning)
	}
	maps.Copy(r.domains, answer.domains)
	return r.apply(answer.value)
}

// set sets fields of a record, and then the lines of its lists.
func (r *row) set(ctx context.Context, asked map[string]any) error {
	var plain, lists []string
	for name := range asked {
		f, err := r.writable(name)
		if err != nil {
			return err
		}
		if f.kind == "one2many" {
			lists = append(lists, name)
		} else {
			plain = append(plain, name)
		}
	}
	r.inOrder(plain)
	r.inOrder(lists)
	if err := r.change(ctx, plain, asked); err != nil {
		return err
	}
	for _, name := range lists {
		commands, _ := asked[name].([]any)
		if err := r.changeLines(ctx, r.view.byName[name], commands); err != nil {
			return err
		}
	}
	return nil
}

// writable is a field that can be set.
func (r *row) writable(name string) (*field, error) {
	f, err := r.need(name)
	if err != nil {
		return nil, err
	}
	readonly, err := r.is(f.readonly)
	if err != nil {
		return nil, fmt.Errorf("whether %s is readonly is unknown: %w", name, err)
	}
	if readonly {
		return nil, fmt.Errorf("%w: %s", ErrReadonly, name)
	}
	return f, nil
}

func (r *row) is(m modifier) (bool, error) {
	if m == nil {
		return false, nil
	}
	return m(r.environment())
}

// change sets fields, in the order of the view. What the onchange of one of them overwrites is set once more.
func (r *row) change(ctx context.Context, names []string, asked map[string]any) error {
	wanted := map[string]any{}
	for again := range 2 {
		if len(names) == 0 {
			return nil
		}
		for _, name := range names {
			if err := r.assign(r.view.byName[name], asked[name]); err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
			r.changed[name] = true
			wanted[name] = kept(r.values[name])
		}
		warnings := len(r.s.warnings)
		if err := r.run(ctx, names); err != nil {
			return err
		}
		names = slices.DeleteFunc(slices.Clone(names), func(name string) bool { return sameValue(wanted[name], r.values[name]) })
		if again == 0 && len(r.s.warnings) == warnings {
			continue
		}
		for _, name := range names {
			r.s.warnings = append(r.s.warnings, Warning{
				Field:   name,
				Message: fmt.Sprintf("%s.%s was set to %s, and Odoo has changed it to %s", r.view.model.Name(), name, shown(wanted[name]), shown(r.values[name])),
			})
		}
		return nil
	}
	return nil
}

// kept is a value that later changes leave.
func kept(v any) any {
	if l, ok := v.(*list); ok {
		return &list{rows: slices.Clone(l.rows)}
	}
	return v
}

// shown is a value in a message.
func shown(v any) string {
	if l, ok := v.(*list); ok {
		v = l.ids()
	}
	text, _ := json.Marshal(wire(v)) // it is sent as JSON too
	return string(text)
}

// run runs the onchange of the fields, if there is one.
func (r *row) run(ctx context.Context, names []string) error {
	if !slices.ContainsFunc(names, func(name string) bool { return r.view.byName[name].triggers }) {
		return nil
	}
	answer, err := r.s.onchange(ctx, r, names)
	if err != nil {
		return err
	}
	return r.take(answer)
}

// changeLines runs commands on a one2many.
func (r *row) changeLines(ctx context.Context, f *field, commands []any) error {
	for _, c := range commands {
		command, _ := c.([]any)
		code, key, argument := parseCommand(command)
		values, _ := argument.(map[string]any)
		var err error
		switch code {
		case codec.CommandCreate:
			_, err = r.add(ctx, f, values)
		case codec.CommandUpdate:
			err = r.changeLine(ctx, f, key, values)
		case codec.CommandDelete, codec.CommandUnlink, codec.CommandClear:
			err = r.removeLines(ctx, f, code, command)
		default:
			err = fmt.Errorf("%s: the form of a one2many has no command %d", f.name, code)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// add adds a line: it gets its defaults and its own onchanges, and then the main record those of the list.
func (r *row) add(ctx context.Context, f *field, values map[string]any) (*row, error) {
	if err := r.s.loadLines(ctx, f); err != nil {
		return nil, err
	}
	l := r.listOf(f)
	line := l.newLine(0, "")
	l.rows = l.rows[:len(l.rows)-1] // the main record has it when it is filled in
	line.values = map[string]any{}
	err := line.begin(ctx)
	if err == nil {
		err = line.set(ctx, values)
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", f.name, err)
	}
	l.rows = append(l.rows, line)
	return line, r.listChanged(ctx, f)
}

func (r *row) listChanged(ctx context.Context, f *field) error {
	r.changed[f.name] = true
	return r.run(ctx, []string{f.name})
}

func (r *row) changeLine(ctx context.Context, f *field, key any, values map[string]any) error {
	line := r.listOf(f).find(r.listOf(f).rows, key)
	if line == nil {
		return fmt.Errorf("%s has no line %v", f.name, key)
	}
	return line.setLine(ctx, values)
}

// setLine sets fields of a line, and runs the onchange of its list.
func (r *row) setLine(ctx context.Context, values map[string]any) error {
	l := r.list
	if r.view == nil {
		return fmt.Errorf("%s: the form does not show its lines", l.field.name)
	}
	if err := r.set(ctx, values); err != nil {
		return fmt.Errorf("%s: %w", l.field.name, err)
	}
	return l.owner.listChanged(ctx, l.field)
}

func (r *row) removeLines(ctx context.Context, f *field, code int, command []any) error {
	if code == codec.CommandClear {
		r.listOf(f).rows = nil
	} else if err := r.listOf(f).command(nil, command); err != nil {
		return err
	}
	return r.listChanged(ctx, f)
}
