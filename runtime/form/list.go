package form

import (
	"encoding/json"
	"fmt"
	"slices"

	"github.com/odoogen/odoogen/runtime/internal/codec"
)

func (l *list) ids() []int64 {
	ids := []int64{}
	if l == nil {
		return ids
	}
	for _, line := range l.rows {
		if line.id != 0 {
			ids = append(ids, line.id)
		}
	}
	slices.Sort(ids)
	return ids
}

// find is the line with the ID or the name, nil if there is none.
func (l *list) find(in []*row, key any) *row {
	id, name := lineKey(key)
	for _, line := range in {
		if id != 0 && line.id == id || name != "" && line.virtual == name {
			return line
		}
	}
	return nil
}

// lineKey reads the second part of a command: an ID, or the name of a new line.
func lineKey(key any) (id int64, name string) {
	switch key := key.(type) {
	case json.Number:
		id, _ = key.Int64() // what is no whole number is no ID
	case string:
		name = key
	}
	return id, name
}

// run applies commands to the list. Lines that were known before a command that empties the list keep their values.
func (l *list) run(commands []any) error {
	known := slices.Clone(l.rows)
	for _, c := range commands {
		command, ok := c.([]any)
		if !ok { // a plain ID
			command = []any{json.Number("4"), c, nil}
		}
		if err := l.command(known, command); err != nil {
			return err
		}
	}
	return nil
}

// parseCommand takes a command apart. The code of what is no command is -1.
func parseCommand(command []any) (code int, key, argument any) {
	parts := append(slices.Clone(command), nil, nil, nil)
	n, _ := parts[0].(json.Number)
	big, err := n.Int64()
	if err != nil {
		big = -1
	}
	return int(big), parts[1], parts[2]
}

func (l *list) command(known []*row, command []any) error {
	code, key, argument := parseCommand(command)
	values, _ := argument.(map[string]any)
	switch code {
	case codec.CommandClear:
		l.rows = nil
	case codec.CommandSet:
		l.rows = nil
		ids, _ := argument.([]any)
		for _, id := range ids {
			l.keep(known, id)
		}
	case codec.CommandCreate, codec.CommandUpdate:
		return l.keep(known, key).apply(values)
	case codec.CommandLink:
		l.keep(known, key).read(values)
	case codec.CommandDelete, codec.CommandUnlink:
		line := l.find(l.rows, key)
		l.rows = slices.DeleteFunc(l.rows, func(r *row) bool { return r == line })
	default:
		return fmt.Errorf("%v is no command", command)
	}
	return nil
}

// keep puts a line into the list, if it is not there.
func (l *list) keep(known []*row, key any) *row {
	if line := l.find(l.rows, key); line != nil {
		return line
	}
	if line := l.find(known, key); line != nil {
		l.rows = append(l.rows, line)
		return line
	}
	return l.newLine(lineKey(key))
}

// read takes the values that a line has on the server: those that were not changed.
func (r *row) read(values map[string]any) {
	for name, v := range values {
		if f := r.field(name); f != nil && !r.changed[name] && name != "id" {
			_ = r.assign(f, v) // the values of a record that was read
		}
	}
}

// commands are the commands that turn the server's list into this one. Of lines that are on the server and were not changed
// there are commands only if all are asked for.
func (l *list) commands(values func(*row) (map[string]any, error), all bool) ([]any, error) {
	out := []any{}
	for _, line := range l.rows {
		given := slices.Contains(l.given, line.id)
		var vals map[string]any
		if line.id == 0 || len(line.changed) > 0 {
			var err error
			if vals, err = values(line); err != nil {
				return nil, err
			}
		}
		if line.id == 0 {
			out = append(out, []any{codec.CommandCreate, line.virtual, vals})
			continue
		}
		if !given || all && len(vals) == 0 {
			out = append(out, []any{codec.CommandLink, line.id, 0})
		}
		if len(vals) > 0 {
			out = append(out, []any{codec.CommandUpdate, line.id, vals})
		}
	}
	for _, id := range l.given {
		if !slices.ContainsFunc(l.rows, func(r *row) bool { return r.id == id }) {
			out = append(out, []any{l.leave(), id, 0})
		}
	}
	return out, nil
}

// leave is the command that takes a line off: those of a one2many are deleted.
func (l *list) leave() int {
	if l.field.kind == "one2many" {
		return codec.CommandDelete
	}
	return codec.CommandUnlink
}
