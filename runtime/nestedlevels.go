package orm

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/odoogen/odoogen/runtime/internal/codec"
)

// insertTargets replaces the ids of relations in a response by the target records: the result has the form of the response
// of Odoo 17 and later to a specification. Each relation of the tree takes one call, however many records there are; the
// first time, another call asks for the model that it points to.
//
// As in web_read, a target that no longer exists has only its id, and a target that the user is not allowed to read is an
// error.
func (m Model) insertTargets(ctx context.Context, answer json.RawMessage, t *fieldTree, o callOptions) (json.RawMessage, error) {
	if len(t.branches) == 0 {
		return answer, nil
	}
	slots, err := slotsOf(answer, t)
	if err != nil {
		return nil, located(err, m.name)
	}
	inserted := make([]nestedTargets, len(t.branches))
	for i, b := range t.branches {
		var wanted []string
		for _, slot := range slots {
			if slot.branch == i {
				wanted = append(wanted, slot.ids...)
			}
		}
		if inserted[i], err = m.targets(ctx, b, wanted, o); err != nil {
			return nil, err
		}
	}
	out, done := make([]byte, 0, 2*len(answer)), 0
	for _, slot := range slots {
		out = append(out, answer[done:slot.from]...)
		out = inserted[slot.branch].appendTo(out, slot, t.branches[slot.branch])
		done = slot.to
	}
	return append(out, answer[done:]...), nil
}

// slot is a relation of a record: the position of its value in the response, and the ids in it, in the spelling of the
// response.
type slot struct {
	branch   int
	from, to int
	ids      []string
}

// slotsOf finds the relations of a tree in a response.
func slotsOf(answer []byte, t *fieldTree) (slots []slot, err error) {
	s := codec.NewScanner(answer)
	err = s.Array(func() error {
		return s.Object(func(key []byte) error {
			i := slices.IndexFunc(t.branches, func(b branch) bool { return b.field == string(key) })
			if i < 0 {
				return s.Skip()
			}
			s.Peek()
			at := slot{branch: i, from: s.Pos()}
			var err error
			if at.ids, err = idsAsWritten(s, t.branches[i].Many); err != nil {
				return codec.InField(err, 0, t.branches[i].field)
			}
			if at.to = s.Pos(); at.ids != nil {
				slots = append(slots, at)
			}
			return nil
		})
	})
	return slots, err
}

// idsAsWritten reads the id of a many2one, or those of a relation to many; nil if there is no value.
func idsAsWritten(s *codec.Scanner, many bool) (ids []string, err error) {
	switch {
	case s.Null():
		return nil, nil
	case s.Peek() != '[':
		raw, err := s.Raw()
		return []string{string(raw)}, err
	}
	ids = []string{}
	err = s.Array(func() error {
		raw, err := s.Raw()
		if many || len(ids) == 0 {
			ids = append(ids, string(raw))
		}
		return err
	})
	return ids, err
}

// nestedTargets are records by their ids, in the spelling of the response.
type nestedTargets struct {
	records map[string]json.RawMessage
	place   map[string]int // the position in the requested order, nil without an order
}

// targets reads the targets of a relation, with their own relations.
func (m Model) targets(ctx context.Context, b branch, wanted []string, o callOptions) (t nestedTargets, err error) {
	found, err := m.c.relation(ctx, m.name, b.field)
	if err != nil {
		return t, err
	}
	if isMany := found.Type != "many2one"; isMany != b.Many {
		return t, fmt.Errorf("orm: %s.%s is a %s: %s", m.name, b.field, found.Type, codec.TargetTypes)
	}
	if b.model != "" && b.model != found.Relation {
		return t, fmt.Errorf("orm: %s.%s points to %s: its records cannot be read into structs for %s", m.name, b.field, found.Relation, b.model)
	}
	slices.Sort(wanted)
	if wanted = slices.Compact(wanted); len(wanted) == 0 {
		return t, nil
	}
	ids := make([]json.RawMessage, len(wanted))
	for i, id := range wanted {
		ids[i] = json.RawMessage(id)
	}
	target := m.c.Model(found.Relation)
	answer, err := target.readTargets(ctx, b, ids, o)
	if err != nil {
		return t, err
	}
	return newTargets(answer, target.name, wanted, b.Order != "")
}

// readTargets reads records in the order of the branch, including archived ones.
func (m Model) readTargets(ctx context.Context, b branch, ids []json.RawMessage, o callOptions) (answer json.RawMessage, err error) {
	r := &call{method: "read", ids: ids, args: []arg{{"fields", b.fields}}}
	if b.Order != "" {
		if err := m.checkOrder(ctx, b.Order); err != nil {
			return nil, err
		}
		where := trustedLeaf("id", "in", ids)
		active, err := m.activeField(ctx)
		if err != nil {
			return nil, err
		}
		if active != "" {
			// The context would also add archived targets to the relations of these records.
			where = and(where, trustedLeaf(active, "in", []bool{true, false}))
		}
		r = &call{method: "search_read", kwargs: map[string]any{"domain": where, "fields": b.fields, "order": b.Order}}
	}
	if err := m.call(ctx, r, o, &answer); err != nil {
		return nil, err
	}
	return m.insertTargets(ctx, answer, b.fieldTree, o)
}

// activeField is the field that archives the records of the model, "" if there is none.
func (m Model) activeField(ctx context.Context) (string, error) {
	const active, custom = "active", "x_active"
	facts, err := m.c.attributes(ctx, m.name, active, custom)
	if err != nil {
		return "", err
	}
	for _, name := range []string{active, custom} {
		if facts[name] != nil {
			return name, nil
		}
	}
	return "", nil
}

// newTargets takes the records of a response. Their ids must be in wanted, which is sorted.
func newTargets(answer json.RawMessage, model string, wanted []string, ordered bool) (nestedTargets, error) {
	t := nestedTargets{records: map[string]json.RawMessage{}}
	if ordered {
		t.place = map[string]int{}
	}
	s := codec.NewScanner(answer)
	err := s.Array(func() error {
		s.Peek()
		from, id := s.Pos(), ""
		if err := s.Object(func(key []byte) error {
			raw, err := s.Raw()
			if string(key) == codec.NameID {
				id = string(raw)
			}
			return err
		}); err != nil {
			return err
		}
		if _, asked := slices.BinarySearch(wanted, id); !asked {
			return fmt.Errorf("record %.40s: %s", id, notAskedFor)
		}
		if ordered {
			t.place[id] = len(t.records)
		}
		t.records[id] = answer[from:s.Pos()]
		return nil
	})
	return t, located(err, model)
}

// appendTo writes the targets of a record.
func (t nestedTargets) appendTo(b []byte, at slot, r branch) []byte {
	if !r.Many {
		return t.appendRecord(b, at.ids[0])
	}
	ids := at.ids
	if t.place != nil {
		ids = slices.DeleteFunc(ids, func(id string) bool { _, ok := t.place[id]; return !ok })
		slices.SortFunc(ids, func(x, y string) int { return t.place[x] - t.place[y] })
	}
	if r.Limit > 0 {
		ids = ids[:min(len(ids), r.Limit)]
	}
	b = append(b, '[')
	for i, id := range ids {
		if i > 0 {
			b = append(b, ',')
		}
		b = t.appendRecord(b, id)
	}
	return append(b, ']')
}

func (t nestedTargets) appendRecord(b []byte, id string) []byte {
	if record, ok := t.records[id]; ok {
		return append(b, record...)
	}
	return fmt.Appendf(b, `{"id":%s}`, id)
}
