package odootest

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// grouping is what formatted_read_group is asked for: Odoo has the method since 18.2.
type grouping struct {
	t          *tx
	m          *model
	keys       []groupColumn
	aggregates []groupColumn
}

// groupColumn is a field with a granularity or a function: "date_order:month", "amount_total:sum".
type groupColumn struct {
	name, function string
	field          *field // nil for __count
}

// group is the records that have the same keys.
type group struct {
	keys    []any
	records []*record
	columns map[string]any // for the order
}

// formattedReadGroup groups the records that match a domain.
func (t *tx) formattedReadGroup(m *model, a arguments) (any, error) {
	found, err := t.search(m, query{domain: a.first()})
	if err != nil {
		return nil, err
	}
	g := &grouping{t: t, m: m}
	if g.keys, err = g.columns(a.named["groupby"]); err != nil {
		return nil, err
	}
	if g.aggregates, err = g.columns(a.named["aggregates"]); err != nil {
		return nil, err
	}
	groups, err := g.collect(found)
	if err != nil {
		return nil, err
	}
	g.sort(groups, a.text("order"))
	groups = groups[min(a.int("offset"), len(groups)):]
	if limit := a.int("limit"); limit > 0 {
		groups = groups[:min(limit, len(groups))]
	}
	rows := make([]*row, len(groups))
	for i, gr := range groups {
		rows[i] = g.row(gr)
	}
	return rows, nil
}

func (g *grouping) columns(specs any) ([]groupColumn, error) {
	list, _ := specs.([]any)
	var out []groupColumn
	for _, spec := range list {
		c := groupColumn{name: str(spec)}
		name, function, _ := strings.Cut(c.name, ":")
		c.function = function
		if c.field = g.m.fields[name]; c.field == nil && name != "__count" {
			return nil, fail(classValue, "Invalid field %s on model %s", repr(name), repr(g.m.name))
		}
		out = append(out, c)
	}
	return out, nil
}

// collect puts records with the same keys together. Without keys all records are one group, even if there are none.
func (g *grouping) collect(records []*record) ([]*group, error) {
	known := map[string]*group{}
	var out []*group
	if len(g.keys) == 0 {
		out = append(out, &group{})
		known["[]"] = out[0]
	}
	for _, r := range records {
		keys := make([]any, len(g.keys))
		for i, c := range g.keys {
			var err error
			if keys[i], err = g.key(r, c); err != nil {
				return nil, err
			}
		}
		id := fmt.Sprint(keys)
		if known[id] == nil {
			known[id] = &group{keys: keys}
			out = append(out, known[id])
		}
		known[id].records = append(known[id].records, r)
	}
	for _, gr := range out {
		if err := g.fill(gr); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// key is the value of a record in a key column: of a date the start of its period.
func (g *grouping) key(r *record, c groupColumn) (any, error) {
	v := g.t.value(g.m, r, c.field)
	if c.function == "" || v == nil {
		return v, nil
	}
	text := str(v)
	lengths := map[string]int{"day": 10, "month": 7, "year": 4}
	if lengths[c.function] == 0 || len(text) < 10 {
		return nil, fail(classValue, "odootest groups by day, month and year, not by %s", repr(c.name))
	}
	return text[:lengths[c.function]] + "-01-01"[6-(10-lengths[c.function]):], nil
}

// fill computes the aggregates.
func (g *grouping) fill(gr *group) error {
	gr.columns = map[string]any{}
	for i, c := range g.keys {
		gr.columns[c.name] = gr.keys[i]
	}
	for _, c := range g.aggregates {
		if c.field == nil {
			gr.columns[c.name] = float64(len(gr.records))
			continue
		}
		v, err := g.aggregate(gr.records, c)
		if err != nil {
			return err
		}
		gr.columns[c.name] = v
	}
	return nil
}

func (g *grouping) aggregate(records []*record, c groupColumn) (any, error) {
	var numbers []float64
	distinct := map[string]bool{}
	for _, r := range records {
		v := g.t.value(g.m, r, c.field)
		if v == nil {
			continue
		}
		distinct[str(v)] = true
		n, _ := asFloat(v)
		numbers = append(numbers, n)
	}
	sum := 0.0
	for _, n := range numbers {
		sum += n
	}
	switch {
	case c.function == "count":
		return float64(len(numbers)), nil
	case c.function == "count_distinct":
		return float64(len(distinct)), nil
	case len(numbers) == 0:
		return nil, nil
	case c.function == "sum":
		return sum, nil
	case c.function == "avg":
		return sum / float64(len(numbers)), nil
	case c.function == "min":
		return slices.Min(numbers), nil
	case c.function == "max":
		return slices.Max(numbers), nil
	}
	return nil, fail(classValue, "odootest has no aggregate %s", repr(c.name))
}

func asFloat(v any) (float64, bool) {
	switch n := v.(type) {
	case float64:
		return n, true
	case int64:
		return float64(n), true
	}
	return 0, false
}

// sort orders the groups by columns, "amount_total:sum desc, partner_id"; without any, by the keys.
func (g *grouping) sort(groups []*group, order string) {
	var keys []string
	for part := range strings.SplitSeq(order, ",") {
		if part = strings.TrimSpace(part); part != "" {
			keys = append(keys, part)
		}
	}
	for _, c := range g.keys {
		keys = append(keys, c.name)
	}
	slices.SortStableFunc(groups, func(a, b *group) int {
		for _, key := range keys {
			name, direction, _ := strings.Cut(key, " ")
			if n := compareNullable(a.columns[name], b.columns[name]); n != 0 {
				if strings.EqualFold(strings.TrimSpace(direction), "desc") {
					return -n
				}
				return n
			}
		}
		return 0
	})
}

// compareNullable puts what is unset last, as the database does.
func compareNullable(a, b any) int {
	switch {
	case a == nil && b == nil:
		return 0
	case a == nil:
		return 1
	case b == nil:
		return -1
	}
	return compareValues(a, b)
}

// row is a group as it is sent.
func (g *grouping) row(gr *group) *row {
	out := &row{}
	var domain []any
	for i, c := range g.keys {
		v, leaves := g.wireKey(gr.keys[i], c)
		out.set(c.name, v)
		domain = append(domain, leaves...)
	}
	for _, c := range g.aggregates {
		v := gr.columns[c.name]
		switch n, isNumber := v.(float64); {
		case v == nil:
			out.set(c.name, false)
		case isNumber && (c.field == nil || strings.HasPrefix(c.function, "count")):
			out.set(c.name, int64(n))
		case isNumber:
			out.set(c.name, float(n))
		default:
			out.set(c.name, v)
		}
	}
	if domain == nil {
		domain = []any{}
	}
	out.set("__extra_domain", domain)
	return out
}

// wireKey is a key as it is sent, and the conditions that the records of the group match. Conditions in a row are all of
// them to hold.
func (g *grouping) wireKey(key any, c groupColumn) (sent any, leaves []any) {
	name := c.field.Name
	switch {
	case key == nil:
		return false, []any{[]any{name, "=", false}}
	case c.function != "":
		return g.period(str(key), c)
	case c.field.Type == "many2one":
		id, _ := key.(int64)
		return []any{id, g.t.targetName(c.field, id)}, []any{[]any{name, "=", id}}
	}
	return key, []any{[]any{name, "=", key}}
}

func (g *grouping) period(start string, c groupColumn) (sent any, leaves []any) {
	from, err := time.Parse(time.DateOnly, start)
	if err != nil {
		return false, nil
	}
	to, label := from.AddDate(0, 0, 1), "02 Jan 2006"
	switch c.function {
	case "month":
		to, label = from.AddDate(0, 1, 0), "January 2006"
	case "year":
		to, label = from.AddDate(1, 0, 0), "2006"
	}
	layout := time.DateOnly
	if c.field.Type == "datetime" {
		layout = time.DateTime
	}
	name := c.field.Name
	leaves = []any{[]any{name, ">=", from.Format(layout)}, []any{name, "<", to.Format(layout)}}
	return []any{from.Format(layout), from.Format(label)}, leaves
}
