package properties

import (
	"encoding/json"
	"fmt"
	"maps"

	"github.com/odoogen/odoogen/runtime/internal/codec"
)

// UnmarshalJSON reads the list of objects that Odoo sends; null is no list.
func (l *List) UnmarshalJSON(data []byte) error {
	type list List // without this method
	return json.Unmarshal(data, (*list)(l))
}

// MarshalJSON gives the list as Odoo takes it.
func (l List) MarshalJSON() ([]byte, error) { return json.Marshal([]Property(l)) }

// UnmarshalJSON reads a property as Odoo sends it.
func (p *Property) UnmarshalJSON(data []byte) error {
	*p = Property{more: map[string]json.RawMessage{}}
	if err := json.Unmarshal(data, &p.more); err != nil {
		return fmt.Errorf("want a property, got %.60q: %w", data, err)
	}
	for _, m := range p.members() {
		raw, ok := p.more[m.key]
		if !ok {
			continue
		}
		delete(p.more, m.key)
		if err := codec.Unmarshal(raw, m.field); err != nil {
			return fmt.Errorf("the property %s: %s: %w", p.Name, m.key, err)
		}
	}
	return p.readChoices()
}

// MarshalJSON gives the property as Odoo takes it.
func (p Property) MarshalJSON() ([]byte, error) {
	out := maps.Clone(p.more)
	if out == nil {
		out = map[string]json.RawMessage{}
	}
	for _, m := range p.members() {
		raw, err := json.Marshal(m.field)
		if err != nil {
			return nil, err
		}
		if s := string(raw); s != `""` && s != "null" {
			out[m.key] = raw
		}
	}
	if key := p.choiceKey(); key != "" && len(p.Choice) > 0 {
		raw, err := json.Marshal(p.choices())
		if err != nil {
			return nil, err
		}
		out[key] = raw
	}
	return json.Marshal(out)
}

// member is an attribute that has a field of its own.
type member struct {
	key   string
	field any
}

func (p *Property) members() []member {
	return []member{{"name", &p.Name}, {"string", &p.Label}, {"type", &p.Type}, {"comodel", &p.Model}, {"value", &p.Value}}
}

// choiceKey is the attribute with the choices.
func (p *Property) choiceKey() string {
	if p.Type == Selection || p.Type == Tags {
		return string(p.Type)
	}
	return ""
}

// readChoices reads [value, label] of a selection, and [value, label, color] of tags.
func (p *Property) readChoices() error {
	key := p.choiceKey()
	raw, ok := p.more[key]
	if !ok {
		return nil
	}
	var rows [][]json.RawMessage
	if err := codec.Unmarshal(raw, &rows); err != nil {
		return fmt.Errorf("the property %s: %s: %w", p.Name, key, err)
	}
	for _, row := range rows {
		var c Choice
		fields := []any{&c.Value, &c.Label, &c.Color}
		if len(row) < 2 || len(row) > len(fields) {
			return fmt.Errorf("the property %s: %s: want a value, a label and perhaps a color, got %s", p.Name, key, raw)
		}
		for i, v := range row {
			if err := codec.Unmarshal(v, fields[i]); err != nil {
				return fmt.Errorf("the property %s: %s: %w", p.Name, key, err)
			}
		}
		p.Choice = append(p.Choice, c)
	}
	delete(p.more, key)
	return nil
}

func (p *Property) choices() [][]any {
	rows := make([][]any, len(p.Choice))
	for i, c := range p.Choice {
		rows[i] = []any{c.Value, c.Label}
		if p.Type == Tags {
			rows[i] = append(rows[i], c.Color)
		}
	}
	return rows
}
