package odootest

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/odoogen/odoogen/internal/odoofacts"
)

// grouping puts records with the same keys together and computes over each group.
type grouping struct {
	*tx
	m          *model
	keys       []groupKey
	aggregates []aggregate
	found      []*group // before an offset and a limit
}

// groupKey is what records are grouped by: "partner_id", "date_order:month", "partner_id.country_id".
type groupKey struct {
	name        string
	hops        []*field // the many2ones on the way
	field       *field
	owner       *model // of the field
	granularity string // a period, or a part of a date
}

// aggregate is "amount_total:sum", under the name that it has in the answer.
type aggregate struct {
	name, function string
	field          *field // nil for __count
}

// group is the records that have the same keys: a string, number, bool or time each, or nil.
type group struct {
	keys    []any
	records []*record
	values  map[string]any // of the aggregates
}

// newKey reads "field", "field:granularity" or, since Odoo 19, a path.
func (g *grouping) newKey(text string) (groupKey, error) {
	path, granularity, _ := strings.Cut(text, ":")
	k := groupKey{name: text, owner: g.m, granularity: granularity}
	hops := []string{path}
	if g.modern() {
		hops = strings.Split(path, ".")
	}
	for i, hop := range hops {
		f := k.owner.fields[hop]
		switch {
		case f == nil:
			return k, fail(classValue, "Invalid field %s on model %s", repr(hop), repr(k.owner.name))
		case i == len(hops)-1:
			k.field = f
		case f.Type != "many2one" || f.target == nil:
			return k, fail(classValue, "Only many2one path is accepted for the %s groupby spec", repr(text))
		default:
			k.hops, k.owner = append(k.hops, f), f.target
		}
	}
	return k, g.checkKey(k)
}

func (g *grouping) checkKey(k groupKey) error {
	known := periods[k.granularity] != nil || g.does(odoofacts.NumberGranularity) && datePart(k.granularity) != nil
	switch {
	case g.modern() && !k.field.isMoment() && k.granularity != "":
		return fail(classValue, "Granularity set on a no-datetime field or property: %s", repr(k.name))
	case g.modern() && k.field.isMoment() && k.granularity == "":
		return fail(classValue, "Granularity not set on a date(time) field: %s", repr(k.name))
	case k.granularity != "" && !known && g.does(odoofacts.ReadGroupAnew):
		return fail(classValue, "Granularity specification isn't correct: %s", repr(k.granularity))
	case k.granularity != "" && !known:
		return fail(classKey, "%s", k.granularity)
	case !g.modern() && (k.field.isToMany() && !g.does(odoofacts.GroupToMany) || k.field.Computed):
		return fail(classAssertion, "Fields in 'groupby' must be regular database-persisted fields (no function or related fields), or function fields with store=True")
	}
	return nil
}

// owned follows the hops of a key; nil if one is unset.
func (g *grouping) owned(r *record, k groupKey) *record {
	m := g.m
	for _, hop := range k.hops {
		id, _ := g.raw(m, r, hop).(int64)
		if m, r = hop.target, g.get(hop.target, id); r == nil {
			return nil
		}
	}
	return r
}

// keysOf are the values of a record in a key: as many as it has targets, if the key is a relation to many.
func (g *grouping) keysOf(r *record, k groupKey) []any {
	if r = g.owned(r, k); r == nil {
		return []any{nil}
	}
	f := k.field
	switch {
	case f.isToMany():
		ids := g.targets(k.owner, r, f)
		if len(ids) == 0 {
			return []any{nil}
		}
		return anys(ids)
	case f.Type == "boolean":
		return []any{g.value(k.owner, r, f)}
	case f.isMoment():
		at, ok := f.at(g.raw(k.owner, r, f), g.contextZone())
		if !ok {
			return []any{nil}
		}
		if part := datePart(k.granularity); part != nil {
			return []any{float64(part(at))}
		}
		return []any{g.period(k).start(at)}
	}
	return []any{g.raw(k.owner, r, f)}
}

// collect groups the records. Without keys all of them are one group, even if there are none.
func (g *grouping) collect(records []*record) []*group {
	known := map[string]*group{}
	var out []*group
	if len(g.keys) == 0 {
		out = append(out, &group{})
		known["[]"] = out[0]
	}
	for _, r := range records {
		for _, keys := range g.combinations(r) {
			id := fmt.Sprintf("%#v", keys)
			if len(keys) == 0 {
				id = "[]"
			}
			if known[id] == nil {
				known[id] = &group{keys: keys}
				out = append(out, known[id])
			}
			known[id].records = append(known[id].records, r)
		}
	}
	for _, gr := range out {
		gr.values = map[string]any{}
		for _, a := range g.aggregates {
			gr.values[a.name] = g.compute(gr.records, a)
		}
	}
	return out
}

// combinations are the lists of keys that a record has.
func (g *grouping) combinations(r *record) [][]any {
	out := [][]any{nil}
	for _, k := range g.keys {
		var longer [][]any
		for _, head := range out {
			for _, v := range g.keysOf(r, k) {
				longer = append(longer, append(slices.Clip(head), v))
			}
		}
		out = longer
	}
	return out
}

// sort orders the groups by "amount_total:sum desc, partner_id", and then by their keys.
func (g *grouping) sort(groups []*group, text string) error {
	var keys []func(a, b *group) int
	for part := range strings.SplitSeq(text, ",") {
		name, direction, _ := strings.Cut(strings.TrimSpace(part), " ")
		if name == "" {
			continue
		}
		compare := g.comparison(name, strings.HasPrefix(strings.ToLower(strings.TrimSpace(direction)), "desc"))
		switch {
		case compare != nil:
			keys = append(keys, compare)
		case g.does(odoofacts.ReadGroupAnew):
			return fail(classValue, "Order term %s is not a valid aggregate nor valid groupby", repr(name))
		case !g.m.has(strings.SplitN(name, ":", 2)[0]):
			return fail(classValue, "Invalid field %s on model %s", repr(name), repr(g.m.name))
		}
	}
	for _, k := range g.keys {
		keys = append(keys, g.comparison(k.name, false))
	}
	slices.SortStableFunc(groups, func(a, b *group) int {
		for _, compare := range keys {
			if c := compare(a, b); c != 0 {
				return c
			}
		}
		return 0
	})
	return nil
}

// comparison compares groups by a key or an aggregate, nil if there is none of the name.
func (g *grouping) comparison(name string, descending bool) func(a, b *group) int {
	for i, k := range g.keys {
		if k.name == name || k.field.Name == name && len(k.hops) == 0 {
			return g.keyComparison(i, k, descending)
		}
	}
	for _, a := range g.aggregates {
		if a.name == name || a.field != nil && a.field.Name == name {
			return func(x, y *group) int { return compareKeys(x.values[a.name], y.values[a.name], descending, descending) }
		}
	}
	return nil
}

// keyComparison orders a many2one by the order of its target.
func (g *grouping) keyComparison(i int, k groupKey, descending bool) func(a, b *group) int {
	if k.field.Type == "many2one" && k.field.target != nil && len(k.hops) == 0 {
		order := g.modelOrder(k.field.target, nil)
		return func(a, b *group) int {
			for _, key := range order {
				if descending {
					key.descending, key.nullsFirst = !key.descending, !key.nullsFirst
				}
				if c := compareKeys(g.keyValue(key, k, a.keys[i]), g.keyValue(key, k, b.keys[i]), key.descending, key.nullsFirst); c != 0 {
					return c
				}
			}
			return compareKeys(a.keys[i], b.keys[i], false, false)
		}
	}
	return func(a, b *group) int {
		return compareKeys(sortable(a.keys[i]), sortable(b.keys[i]), descending, descending)
	}
}

func (g *grouping) keyValue(key orderKey, k groupKey, id any) any {
	n, _ := id.(int64)
	if r := g.get(k.field.target, n); r != nil {
		return key.value(r)
	}
	return nil
}

func sortable(v any) any {
	switch v := v.(type) {
	case time.Time:
		return v.UTC().Format(time.RFC3339)
	case bool:
		n, _ := number(v)
		return n
	}
	return v
}

// aggregateFunctions compute over the values that are set. Nothing of nothing is nil.
var aggregateFunctions = map[string]func([]any) any{
	"sum":            sum,
	"avg":            average,
	"min":            func(values []any) any { return extreme(values, -1) },
	"max":            func(values []any) any { return extreme(values, 1) },
	"count":          func(values []any) any { return int64(len(values)) },
	"count_distinct": func(values []any) any { return int64(len(distinct(values))) },
	"bool_or":        func(values []any) any { return slices.Contains(values, any(true)) },
	"bool_and":       func(values []any) any { return len(values) > 0 && !slices.Contains(values, any(false)) },
	"array_agg":      nil, // these two keep what is unset
	"recordset":      nil,

	sumCurrency: sum, // of amounts in the currency of the company: see aggregated

	"array_agg_distinct": func(values []any) any { return distinct(values) },
}

const sumCurrency = "sum_currency"

// knows reports whether the version has an aggregate.
func (g *grouping) knows(function string) bool {
	_, known := aggregateFunctions[function]
	return known && (function != sumCurrency || g.does(odoofacts.SumCurrency))
}

// checkAggregate refuses what the database has no function for.
func (g *grouping) checkAggregate(function string, f *field) error {
	ofNoText := slices.Contains([]string{"sum", "avg", "bool_or", "bool_and"}, function)
	switch {
	case function == sumCurrency && f.Type != "monetary":
		return fail(classValue, `Aggregator "sum_currency" only works on currency field for %s`, repr(f.Name))
	case f.Type == "one2many" && g.does(odoofacts.ReadGroupAnew):
		return fail(classValue, "Cannot convert %s.%s to SQL because it is not stored", g.m.name, f.Name)
	case f.Type == "one2many":
		return fail(classUser, "Cannot aggregate field %s.", repr(f.Name))
	case ofNoText && (f.Type == "char" || f.Type == "selection") && !f.Translated:
		return fail(classNoSuchOperator, "function %s(character varying) does not exist\n", function)
	case ofNoText && (f.Type == "text" || f.Type == "html") && !f.Translated:
		return fail(classNoSuchOperator, "function %s(text) does not exist\n", function)
	}
	return nil
}

// compute is the value of an aggregate.
func (g *grouping) compute(records []*record, a aggregate) any {
	if a.field == nil {
		return int64(len(records))
	}
	all, set := make([]any, 0, len(records)), make([]any, 0, len(records))
	for _, r := range records {
		v := g.aggregated(r, a.field)
		if rate := g.rate(r, a.field); a.function == sumCurrency && v != nil && rate != 0 {
			n, _ := number(v)
			v = n / rate
		}
		all = append(all, v)
		if v != nil {
			set = append(set, v)
		}
	}
	if f := aggregateFunctions[a.function]; f != nil {
		return f(set)
	}
	return all
}

// rate is that of the currency of an amount, 0 if the currency has none.
func (g *grouping) rate(r *record, f *field) float64 {
	currency := g.m.fields[f.Currency]
	if currency == nil || currency.target == nil {
		return 0
	}
	id, _ := g.raw(g.m, r, currency).(int64)
	target := g.get(currency.target, id)
	if target == nil || currency.target.fields["rate"] == nil {
		return 0
	}
	n, _ := number(g.raw(currency.target, target, currency.target.fields["rate"]))
	return n
}

// aggregated is the value of a record that counts.
func (g *grouping) aggregated(r *record, f *field) any {
	switch {
	case f.Name == "id":
		return r.id
	case f.isToMany():
		if ids := g.targets(g.m, r, f); len(ids) > 0 {
			return fmt.Sprint(ids)
		}
		return nil
	}
	return g.raw(g.m, r, f)
}

func sum(values []any) any {
	if len(values) == 0 {
		return nil
	}
	total, whole := 0.0, true
	for _, v := range values {
		n, _ := number(v)
		_, isFloat := v.(float64)
		total, whole = total+n, whole && !isFloat
	}
	if whole {
		return int64(total)
	}
	return total
}

func average(values []any) any {
	if len(values) == 0 {
		return nil
	}
	n, _ := number(sum(values))
	return n / float64(len(values))
}

func extreme(values []any, sign int) any {
	if len(values) == 0 {
		return nil
	}
	return slices.MaxFunc(values, func(a, b any) int { return sign * compareValues(a, b) })
}

func distinct(values []any) []any {
	out := slices.Clone(values)
	slices.SortFunc(out, compareValues)
	return slices.CompactFunc(out, func(a, b any) bool { return cmp.Compare(str(a), str(b)) == 0 })
}
