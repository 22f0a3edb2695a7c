package odootest

import (
	"slices"
	"strings"
	"time"
)

// formattedReadGroup answers formatted_read_group.
func (t *tx) formattedReadGroup(m *model, a arguments) (any, error) {
	g := &grouping{tx: t, m: m}
	for _, text := range texts(a.named["groupby"]) {
		k, err := g.newKey(text)
		if err != nil {
			return nil, err
		}
		g.keys = append(g.keys, k)
	}
	for _, text := range texts(a.named["aggregates"]) {
		known, err := g.newAggregate(text)
		if err != nil {
			return nil, err
		}
		g.aggregates = append(g.aggregates, known)
	}
	groups, err := g.groups(a.domain(), a.text("order"), a)
	if err != nil {
		return nil, err
	}
	rows := make([]*row, len(groups))
	for i, gr := range groups {
		rows[i] = g.formattedRow(gr)
	}
	return rows, nil
}

func (g *grouping) newAggregate(text string) (aggregate, error) {
	name, function, _ := strings.Cut(text, ":")
	f := g.m.fields[name]
	switch {
	case text == "__count":
		return aggregate{name: text}, nil
	case f == nil:
		return aggregate{}, fail(classValue, "Invalid field %s on model %s for %s.", repr(name), repr(g.m.name), repr(text))
	case function == "":
		return aggregate{}, fail(classValue, "Aggregate method is mandatory for %s", repr(text))
	case !g.knows(function):
		return aggregate{}, g.noAggregate(function, text)
	case function == "recordset":
		text = name + ":array_agg"
	}
	return aggregate{text, function, f}, g.checkAggregate(function, f)
}

func (g *grouping) formattedRow(gr *group) *row {
	out := &row{}
	leaves := make([][]any, len(g.keys))
	for i, k := range g.keys {
		out.set(k.name, g.formattedKey(gr.keys[i], k))
		leaves[i] = through(k.hops, g.keyDomain(gr.keys[i], k), gr.keys[i] == nil)
	}
	for _, a := range g.aggregates {
		out.set(a.name, orFalse(gr.values[a.name]))
	}
	out.set("__extra_domain", conjunction(leaves))
	return out
}

// through are conditions at the end of a path of many2ones, which may break off if the key is unset.
func through(hops []*field, leaves []any, unset bool) []any {
	for _, hop := range slices.Backward(hops) {
		inner := []any{[]any{hop.Name, "any", conjunction([][]any{leaves})}}
		if leaves = inner; unset {
			leaves = append([]any{"|", []any{hop.Name, "not any", []any{}}}, inner...)
		}
	}
	return leaves
}

// formattedKey is a key as formatted_read_group shows it.
func (g *grouping) formattedKey(v any, k groupKey) any {
	at, ok := v.(time.Time)
	if !ok {
		return g.keyOnWire(v, k)
	}
	p := g.period(k)
	from, _ := k.limits(p, at)
	return []any{from, p.label(at)}
}
