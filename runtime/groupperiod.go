package orm

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"time"

	"github.com/odoogen/odoogen/runtime/internal/codec"
)

// Period is a day, a month or another granularity that records are grouped by: from Start up to, but not including, End. For
// a datetime, Start and End are instants; for a date, they are midnights in UTC. The zero Period is the group of the records
// without a value.
type Period struct {
	Start, End time.Time
	Label      string // Odoo's label of the period, in the language of the call: "July 2026"
}

// wireGroup is a group in the server's form.
type wireGroup struct {
	members map[string]json.RawMessage
	leaves  []leafOnWire // leaves of the group's condition that were not read yet
	pairs   bool         // a period is the pair of its start and its label
}

// bounds is a period in the server's form: its start, its end, which is exclusive, and its label.
type bounds struct{ from, to, label string }

// period finds the period of a key. In read_group the key itself is only a label, "July 2026", in the language of the user;
// formatted_read_group pairs the label with the start. The other bounds are in the condition of the group, or, from Odoo 16
// on, in the __range of read_group.
func (g *wireGroup) period(field, key string, raw json.RawMessage) (bounds, error) {
	if g.pairs {
		var pair []string
		if json.Unmarshal(raw, &pair) != nil || len(pair) != 2 {
			return bounds{}, fmt.Errorf("want the start of a period and its label, got %.60q", raw)
		}
		p, err := g.fromCondition(field, "__extra_domain")
		p.label = pair[1]
		return p, err
	}
	var label string
	if err := json.Unmarshal(raw, &label); err != nil {
		return bounds{}, fmt.Errorf("want the label of a period, got %.60q", raw)
	}
	p, ok := g.fromRange(key)
	if !ok {
		var err error
		if p, err = g.fromCondition(field, "__domain"); err != nil {
			return p, err
		}
	}
	p.label = label
	return p, nil
}

// fromRange finds the period in __range by the full name of the key. Odoo 15 uses only the name of the field there, so that
// only the last one of several granularities remains; the condition of the group has all of them.
func (g *wireGroup) fromRange(key string) (bounds, bool) {
	var ranges map[string]json.RawMessage
	if json.Unmarshal(g.members["__range"], &ranges) != nil {
		return bounds{}, false
	}
	var found struct{ From, To string }
	raw, ok := ranges[key]
	if !ok || json.Unmarshal(raw, &found) != nil {
		return bounds{}, false
	}
	return bounds{from: found.From, to: found.To}, true
}

// leafOnWire is a condition of a domain: field, operator and value.
type leafOnWire struct {
	field, operator, value string
	nested                 bool // within a condition on the target of a relation
}

// isProperty reports whether the condition is on a property. Odoo 19 names the fields of targets in conditions of their own.
func (l leafOnWire) isProperty() bool { return !l.nested && strings.Contains(l.field, ".") }

// wholeMinute is the end of a period of a property, which Odoo 19 puts 59 seconds late if it is a datetime and not a week.
// The periods of properties begin at midnight in UTC.
func wholeMinute(end string) string {
	if len(end) == len(time.DateTime) {
		return end[:len(end)-len("59")] + "00"
	}
	return end
}

// fromCondition finds the next two bounds of the field in the condition of the group. The conditions of the keys come
// first there, in the order of the keys.
func (g *wireGroup) fromCondition(field, member string) (p bounds, err error) {
	if g.leaves == nil {
		g.leaves = leavesOf(g.members[member])
	}
	for i := 0; i+1 < len(g.leaves); i++ {
		from, to := g.leaves[i], g.leaves[i+1]
		if from.field == field && from.operator == ">=" && to.field == field && to.operator == "<" {
			g.leaves = g.leaves[i+2:]
			if to.isProperty() {
				to.value = wholeMinute(to.value)
			}
			return bounds{from: from.value, to: to.value}, nil
		}
	}
	return p, fmt.Errorf("the condition of the group, %.200s, does not contain the period", g.members[member])
}

// leavesOf returns the conditions of a domain whose values are strings, in their order, including conditions on targets of
// relations. Other conditions are left out.
func leavesOf(domain json.RawMessage) []leafOnWire {
	var terms []json.RawMessage
	_ = json.Unmarshal(domain, &terms)
	out := []leafOnWire{}
	for _, term := range terms {
		var raw []json.RawMessage
		var field, operator, value string
		if json.Unmarshal(term, &raw) != nil || len(raw) != 3 || json.Unmarshal(raw[0], &field) != nil || json.Unmarshal(raw[1], &operator) != nil {
			continue
		}
		if operator == "any" {
			for _, inner := range leavesOf(raw[2]) {
				inner.field, inner.nested = field+"."+inner.field, true
				out = append(out, inner)
			}
		} else if json.Unmarshal(raw[2], &value) == nil {
			out = append(out, leafOnWire{field: field, operator: operator, value: value})
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
