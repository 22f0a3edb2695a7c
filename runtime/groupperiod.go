package orm

import (
	"encoding/json"
	"fmt"
	"reflect"
	"time"

	"github.com/odoogen/odoogen/runtime/internal/codec"
)

// bounds is a period as it is sent: its first moment, the first one after it, and the text for it.
type bounds struct{ from, to, label string }

// period finds the period of a key. The key itself is only a text, "July 2026", in the language of the user, until
// formatted_read_group pairs it with the start. The rest is in the condition of the group, or, from Odoo 16 on, in the
// __range of read_group.
func (r *groupRow) period(c column, raw json.RawMessage) (bounds, error) {
	if !r.old {
		var pair []string
		if json.Unmarshal(raw, &pair) != nil || len(pair) != 2 {
			return bounds{}, fmt.Errorf("want the start of a period and its label, got %.60q", raw)
		}
		p, err := r.fromCondition(c.field, "__extra_domain")
		p.label = pair[1]
		return p, err
	}
	var p bounds
	label := p.label
	if err := json.Unmarshal(raw, &label); err != nil {
		return p, fmt.Errorf("want the label of a period, got %.60q", raw)
	}
	p, ok := r.fromRange(c)
	if !ok {
		var err error
		if p, err = r.fromCondition(c.field, "__domain"); err != nil {
			return p, err
		}
	}
	p.label = label
	return p, nil
}

// fromRange finds the period in __range by the full name of the key. Odoo 15 has only the name of the field there, so that of
// several granularities the last one remains; its condition has them all.
func (r *groupRow) fromRange(c column) (bounds, bool) {
	var ranges map[string]json.RawMessage
	if json.Unmarshal(r.members["__range"], &ranges) != nil {
		return bounds{}, false
	}
	var found struct{ From, To string }
	raw, ok := ranges[c.Name]
	if !ok || json.Unmarshal(raw, &found) != nil {
		return bounds{}, false
	}
	return bounds{from: found.From, to: found.To}, true
}

// leafOnWire is a condition of a domain: field, operator and value.
type leafOnWire struct{ field, operator, value string }

// fromCondition finds the next two bounds of the field in the condition of the group. The conditions of the keys come
// first there, in the order of the keys.
func (r *groupRow) fromCondition(field, member string) (p bounds, err error) {
	if r.leaves == nil {
		r.leaves = leavesOf(r.members[member])
	}
	for i := 0; i+1 < len(r.leaves); i++ {
		from, to := r.leaves[i], r.leaves[i+1]
		if from.field == field && from.operator == ">=" && to.field == field && to.operator == "<" {
			r.leaves = r.leaves[i+2:]
			return bounds{from: from.value, to: to.value}, nil
		}
	}
	return p, fmt.Errorf("the condition of the group, %.200s, does not tell the period", r.members[member])
}

// leavesOf are the conditions of a domain with texts for values, in their order; others are left out.
func leavesOf(domain json.RawMessage) []leafOnWire {
	var terms []json.RawMessage
	_ = json.Unmarshal(domain, &terms)
	out := []leafOnWire{}
	for _, term := range terms {
		var leaf []string
		if json.Unmarshal(term, &leaf) == nil && len(leaf) == 3 {
			out = append(out, leafOnWire{leaf[0], leaf[1], leaf[2]})
		}
	}
	return out
}

// store puts the period into a Period, a time.Time or a Date.
func (p bounds) store(target reflect.Value) error {
	start, err := codec.ParseTime([]byte(p.from))
	if err != nil {
		return fmt.Errorf("%.40q is %w", p.from, err)
	}
	end, err := codec.ParseTime([]byte(p.to))
	if err != nil {
		return fmt.Errorf("%.40q is %w", p.to, err)
	}
	switch dest := target.Addr().Interface().(type) {
	case *Period:
		*dest = Period{start, end, p.label}
	case *time.Time:
		*dest = start
	case *Date:
		if len(p.from) != len(time.DateOnly) {
			return fmt.Errorf("the field is a datetime, whose periods start at a time of the day: read it into a Period or a time.Time")
		}
		*dest = DateOf(start)
	}
	return nil
}
