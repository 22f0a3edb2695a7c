package odootest

import (
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/odoogen/odoogen/internal/odoofacts"
)

// readGroup answers read_group: of several keys only the first one, unless lazy is false.
func (t *tx) readGroup(m *model, a arguments) (any, error) {
	g := &grouping{tx: t, m: m}
	domain := a.domain()
	groupby := textList(a.named["groupby"])
	lazy, given := a.named["lazy"]
	isLazy := !given || truthy(lazy)
	now := groupby
	if isLazy && len(now) > 1 {
		now = now[:1]
	}
	for _, text := range now {
		k, err := g.newReadKey(text)
		if err != nil {
			return nil, err
		}
		g.keys = append(g.keys, k)
	}
	if err := g.readAggregates(textList(a.named["fields"]), groupby); err != nil {
		return nil, err
	}
	groups, err := g.groups(domain, a.text("orderby"), a)
	if err != nil {
		return nil, err
	}
	rows := make([]*row, len(groups))
	for i, gr := range groups {
		rows[i] = g.readRow(gr, domain, isLazy, groupby[len(now):])
	}
	return rows, nil
}

func textList(v any) []string {
	if text, ok := v.(string); ok {
		return []string{text}
	}
	return texts(v)
}

// newReadKey is a key of read_group, which takes a date by month by default.
func (g *grouping) newReadKey(text string) (groupKey, error) {
	if f := g.m.fields[text]; f != nil && f.isMoment() {
		k, err := g.newKey(text + ":month")
		k.name = text
		return k, err
	}
	return g.newKey(text)
}

// groups finds, groups and orders the records.
func (g *grouping) groups(domain any, order string, a arguments) ([]*group, error) {
	found, err := g.search(g.m, query{domain: domain, order: "id"})
	if err != nil {
		return nil, err
	}
	groups := g.collect(found)
	g.found = groups
	if conditions, _ := a.named["having"].([]any); len(conditions) > 0 {
		if groups, err = g.having(groups, conditions); err != nil {
			return nil, err
		}
	}
	if err := g.sort(groups, order); err != nil {
		return nil, err
	}
	offset, limit := a.int("offset"), a.int("limit")
	if limit == 0 && !g.does(odoofacts.ReadGroupAnew) {
		offset = 0 // it counts only beside a limit
	}
	return window(groups, offset, limit)
}

// aggregateForm is "amount", "amount:sum" or "total:sum(amount)".
var aggregateForm = regexp.MustCompile(`^(\w+)(?::(\w+)(?:\((\w+)\))?)?$`)

func (g *grouping) readAggregates(specs, groupby []string) error {
	if len(specs) == 0 && !g.does(odoofacts.ReadGroupAnew) {
		for _, f := range g.m.sorted() {
			if f.isNumber() && f.Type != "many2one_reference" && f.Name != "id" && !f.Computed && f.Related == "" {
				specs = append(specs, f.Name)
			}
		}
	}
	keyed := func(name string) bool {
		return slices.ContainsFunc(groupby, func(text string) bool { return strings.SplitN(text, ":", 2)[0] == name })
	}
	for _, spec := range specs {
		found := aggregateForm.FindStringSubmatch(spec)
		if found == nil || spec == "__count" {
			continue
		}
		name, function, source := found[1], found[2], found[3]
		if source == "" {
			source = name
		}
		f := g.m.fields[source]
		switch {
		case f == nil:
			return fail(classValue, "Invalid field %s on model %s", repr(source), repr(g.m.name))
		case function == "" && (keyed(name) || !f.isNumber() || f.Computed || f.Name == "id"):
			continue
		case function == "":
			function = "sum"
		}
		if !g.knows(function) {
			return g.noAggregate(function, spec)
		}
		if err := g.checkAggregate(function, f); err != nil {
			return err
		}
		if slices.ContainsFunc(g.aggregates, func(a aggregate) bool { return a.name == name }) {
			if !g.does(odoofacts.ReadGroupAnew) {
				return fail(classUser, "Output name %s is used twice.", repr(name))
			}
			g.aggregates = slices.DeleteFunc(g.aggregates, func(a aggregate) bool { return a.name == name })
		}
		g.aggregates = append(g.aggregates, aggregate{name, function, f})
	}
	return nil
}

func (g *grouping) noAggregate(function, spec string) error {
	if g.does(odoofacts.ReadGroupAnew) {
		return fail(classValue, "Invalid aggregate method %s for %s.", repr(function), repr(spec))
	}
	return fail(classUser, "Invalid aggregation function %s.", repr(function))
}

// readRow is a group of read_group.
func (g *grouping) readRow(gr *group, domain any, lazy bool, rest []string) *row {
	out := &row{}
	if len(g.keys) == 0 && !g.does(odoofacts.ReadGroupAnew) {
		return g.oldTotal(out, gr)
	}
	count := "__count"
	if lazy && len(g.keys) == 1 {
		count = g.keys[0].field.Name + "_count"
	}
	out.set(count, int64(len(gr.records)))
	ranges := map[string]any{}
	leaves := make([][]any, len(g.keys))
	for i, k := range g.keys {
		out.set(k.name, g.keyLabel(gr.keys[i], k))
		leaves[i] = g.keyDomain(gr.keys[i], k)
		if k.field.isMoment() && periods[k.granularity] != nil {
			name := k.name
			if !g.does(odoofacts.GroupRange) {
				name = k.field.Name // the last granularity of a field wins
			}
			ranges[name] = g.keyRange(gr.keys[i], k)
		}
	}
	for _, a := range g.aggregates {
		out.set(a.name, orFalse(gr.values[a.name]))
	}
	given, _ := domain.([]any)
	out.set("__domain", g.allOf(given, leaves))
	if len(ranges) > 0 && g.does(odoofacts.GroupToMany) {
		out.set("__range", ranges)
	}
	if len(rest) > 0 {
		out.set("__context", map[string]any{"group_by": rest})
	}
	return out
}

// oldTotal is the only group of a read_group without keys, before Odoo 19.
func (g *grouping) oldTotal(out *row, gr *group) *row {
	var first any
	if len(gr.records) > 0 {
		first = gr.records[0].id
	}
	out.set("id", first)
	out.set("__count", int64(len(gr.records)))
	for _, a := range g.aggregates {
		out.set(a.name, onWire(gr.values[a.name]))
	}
	return out
}

// onWire is a value of an aggregate in the form that is sent.
func onWire(v any) any {
	if n, ok := v.(float64); ok {
		return float(n)
	}
	return v
}

func orFalse(v any) any {
	if v == nil {
		return false
	}
	return onWire(v)
}

// keyLabel is a key as read_group shows it.
func (g *grouping) keyLabel(v any, k groupKey) any {
	if at, ok := v.(time.Time); ok {
		return g.period(k).label(at)
	}
	return g.keyOnWire(v, k)
}

// keyOnWire is a key that is no period.
func (g *grouping) keyOnWire(v any, k groupKey) any {
	if id, ok := v.(int64); ok && k.field.isRelation() {
		return []any{id, g.targetName(k.field, id)}
	}
	return orFalse(v)
}

// keyRange is the period of a key, false for none.
func (g *grouping) keyRange(v any, k groupKey) any {
	at, ok := v.(time.Time)
	if !ok {
		return false
	}
	from, to := k.limits(g.period(k), at)
	return map[string]any{"from": from, "to": to}
}

// keyDomain are the conditions that the records of a key match, all of them.
func (g *grouping) keyDomain(v any, k groupKey) []any {
	name := k.field.Name
	at, isPeriod := v.(time.Time)
	switch {
	case isPeriod:
		from, to := k.limits(g.period(k), at)
		return []any{[]any{name, ">=", from}, []any{name, "<", to}}
	case datePart(k.granularity) != nil:
		return []any{[]any{name + "." + k.granularity, "=", orFalse(v)}}
	case v == nil && k.field.isToMany() && g.modern():
		return []any{[]any{name, "not any", []any{}}}
	case v == nil && k.field.isToMany() && g.does(odoofacts.AggregateDomains):
		return []any{[]any{name, "not any", []any{[]any{int64(1), "=", int64(1)}}}}
	case v == nil && k.field.isToMany() && g.does(odoofacts.ReadGroupAnew):
		return []any{[]any{name, "not in", g.targetsOf(k)}}
	}
	return []any{[]any{name, "=", orFalse(v)}}
}

// targetsOf are the keys of all groups that are targets of a relation.
func (g *grouping) targetsOf(k groupKey) []any {
	ids := []any{}
	for _, gr := range g.found {
		for i, key := range g.keys {
			if id := gr.keys[i]; key.name == k.name && id != nil && !slices.Contains(ids, id) {
				ids = append(ids, id)
			}
		}
	}
	return ids
}

// allOf joins the domain of the call with the conditions of the keys.
func (g *grouping) allOf(domain []any, keys [][]any) []any {
	if g.modern() {
		return conjunction(append([][]any{domain}, keys...))
	}
	var parts [][]any
	all := slices.Concat(keys, [][]any{domain})
	if g.does(odoofacts.ReadGroupAnew) {
		all = append([][]any{domain}, keys...)
	}
	for _, leaves := range all {
		if len(leaves) > 0 {
			parts = append(parts, conjunction([][]any{leaves}))
		}
	}
	out := []any{}
	for range len(parts) - 1 {
		out = append(out, "&")
	}
	return append(out, slices.Concat(parts...)...)
}

// conjunction is a domain in Polish notation of lists of conditions, all of which must hold.
func conjunction(lists [][]any) []any {
	all := slices.Concat(lists...)
	if len(all) == 0 {
		return []any{[]any{int64(1), "=", int64(1)}}
	}
	signs, operands := 0, 0
	for _, item := range all {
		switch item {
		case "&", "|":
			signs++
		case "!":
		default:
			operands++
		}
	}
	out := []any{}
	for range operands - 1 - signs {
		out = append(out, "&")
	}
	return append(out, all...)
}
