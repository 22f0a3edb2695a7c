package orm

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/odoogen/odoogen/internal/odoofacts"
	"github.com/odoogen/odoogen/runtime/internal/codec"
)

// grouping is one grouped read.
type grouping struct {
	model   Model
	columns []groupColumn
	where   Expr
	o       callOptions
	old     bool // the server has read_group
}

func (g *grouping) read(ctx context.Context, slice reflect.Value) error {
	if err := g.checkVersion(); err != nil {
		return err
	}
	if err := g.nameColumns(ctx); err != nil {
		return err
	}
	order, err := g.order()
	if err != nil {
		return err
	}
	if err := g.model.c.With(g.o.context).checkTimeZone(ctx); err != nil {
		return err
	}
	domain, err := g.model.c.rewrite(ctx, g.model.name, g.where)
	if err != nil {
		return err
	}
	r := g.request(domain, order)
	var raw json.RawMessage
	if err := g.model.call(ctx, r, g.o, &raw); err != nil {
		return err
	}
	if err := located(g.decode(raw, slice), g.model.name); err != nil {
		return err
	}
	return g.model.checkLength(slice.Addr().Interface(), g.o.limit)
}

// nameColumns puts the names of the server into the columns, and into the orders and conditions on them. A column that the
// server lacks is an error, because the groups would be different without it.
func (g *grouping) nameColumns(ctx context.Context) (err error) {
	g.columns, g.o.order, g.o.having = slices.Clone(g.columns), slices.Clone(g.o.order), slices.Clone(g.o.having)
	for i := range g.columns {
		c := &g.columns[i]
		if c.Name, err = g.named(ctx, c.Name); err != nil {
			return err
		}
		if c.field, err = g.named(ctx, c.field); err != nil {
			return err
		}
	}
	for i := range g.o.order {
		if g.o.order[i].field, err = g.named(ctx, g.o.order[i].field); err != nil {
			return err
		}
	}
	for i := range g.o.having {
		if g.o.having[i].column, err = g.named(ctx, g.o.having[i].column); err != nil {
			return err
		}
	}
	return nil
}

// named returns a column with the names of the server: "amount_total:sum".
func (g *grouping) named(ctx context.Context, column string) (string, error) {
	field, function, found := strings.Cut(column, ":")
	named, _, err := g.model.c.namedPath(ctx, knownModel(g.model.name), field)
	if err != nil || !found {
		return named, err
	}
	return named + ":" + function, nil
}

// request builds the call for the server's version. Its parameters have the same names in every version.
func (g *grouping) request(domain Expr, order string) *call {
	kwargs := map[string]any{"domain": domain, "groupby": g.specs(groupColumn.isKey)}
	r := &call{method: "formatted_read_group", kwargs: kwargs}
	fields, orderBy := "aggregates", "order"
	if g.old {
		r.method, fields, orderBy = "read_group", "fields", "orderby"
		kwargs["lazy"] = false // all keys, not only the first
	}
	kwargs[fields] = g.specs(groupColumn.isAggregate)
	if order != "" {
		kwargs[orderBy] = order
	}
	if len(g.o.having) > 0 {
		conditions := make([][]any, len(g.o.having))
		for i, h := range g.o.having {
			conditions[i] = h.onWire()
		}
		kwargs["having"] = conditions
	}
	switch {
	case g.o.limit > 0:
		kwargs["limit"] = g.o.limit
	case g.o.offset > 0:
		kwargs["limit"] = math.MaxInt32 // read_group of Odoo 14 has no offset without a limit
	}
	if g.o.offset > 0 {
		kwargs["offset"] = g.o.offset
	}
	return r
}

// specs returns the columns in the form of the request.
func (g *grouping) specs(wanted func(groupColumn) bool) []string {
	out := []string{}
	for i, c := range g.columns {
		switch {
		case !wanted(c):
		case g.old && !c.isKey():
			out = append(out, fmt.Sprintf("%s:%s(%s)", g.wireName(i), c.function, c.field))
		default:
			out = append(out, c.Name)
		}
	}
	return out
}

// wireName is the name of a column in the response and in orders. Aggregates in a call of read_group get a name of their
// own, because read_group uses the same name for two aggregates of one field.
func (g *grouping) wireName(i int) string {
	if c := g.columns[i]; g.old && c.isAggregate() {
		return "_" + strconv.Itoa(i)
	}
	return g.columns[i].Name
}

// order is the order of the options followed by the keys, so that pages of groups neither overlap nor leave gaps.
func (g *grouping) order() (string, error) {
	var terms []string
	ordered := map[int]bool{}
	for _, key := range g.o.order {
		if err := key.check(g.model.name, "order"); err != nil {
			return "", err
		}
		i, err := g.find(key.field)
		if err != nil {
			return "", err
		}
		if ordered[i] {
			return "", fmt.Errorf("orm: the second order of groups of %s by %s has no effect", g.model.name, key.field)
		}
		terms = append(terms, g.wireName(i)+" "+key.direction)
		ordered[i] = true
	}
	for i, c := range g.columns {
		if c.isKey() && !ordered[i] {
			terms = append(terms, g.wireName(i))
		}
	}
	return strings.Join(terms, ", "), nil
}

// find returns the column with the tag, or the only column of the field.
func (g *grouping) find(tag string) (int, error) {
	found := -1
	for i, c := range g.columns {
		switch {
		case !c.isKey() && !c.isAggregate():
		case c.Name == tag:
			return i, nil
		case c.field == tag && found >= 0:
			return 0, fmt.Errorf("orm: %s has several columns of the field %s to order by: name one with AscColumn or DescColumn", g.model.name, tag)
		case c.field == tag:
			found = i
		}
	}
	if found < 0 {
		return 0, fmt.Errorf("orm: groups of %s cannot be ordered by %q: it is not a column of the destination", g.model.name, tag)
	}
	return found, nil
}

func (g *grouping) decode(raw json.RawMessage, slice reflect.Value) error {
	s := codec.NewScanner(raw)
	out := reflect.MakeSlice(slice.Type(), 0, 0)
	err := s.Array(func() error {
		row := groupRow{g, wireGroup{pairs: !g.old, members: map[string]json.RawMessage{}}}
		if err := s.Object(func(key []byte) (err error) {
			name := string(key)
			row.members[name], err = s.Raw()
			return err
		}); err != nil {
			return err
		}
		v := reflect.New(slice.Type().Elem()).Elem()
		err := row.decode(v)
		out = reflect.Append(out, v)
		return err
	})
	if err == nil {
		err = s.End()
	}
	if err == nil {
		slice.Set(out)
	}
	return err
}

// groupRow is a group of the response.
type groupRow struct {
	*grouping
	wireGroup
}

func (r *groupRow) decode(v reflect.Value) error {
	var keys []Expr
	for i, c := range r.columns {
		if !c.isKey() && !c.isAggregate() {
			continue
		}
		raw, ok := r.members[r.wireName(i)]
		if !ok {
			return r.missing(c)
		}
		condition, err := r.column(c, raw, v.FieldByIndex(c.Index))
		if err != nil {
			return codec.InField(err, 0, c.Name)
		}
		keys = append(keys, condition)
	}
	for _, c := range r.columns {
		if c.kind != columnDomain {
			continue
		}
		domain, err := r.domain(keys)
		if err != nil {
			return codec.InField(err, 0, c.Name)
		}
		target := v.FieldByIndex(c.Index)
		target.Set(reflect.ValueOf(domain).Convert(target.Type()))
	}
	return nil
}

func (r *groupRow) missing(c groupColumn) error {
	reason := "the answer has no such column"
	if r.old && c.isAggregate() {
		reason = "this version of Odoo does not aggregate a field that it groups by"
	}
	return &codec.Error{Field: c.Name, Reason: reason}
}

// column reads the value of a column. For a key it returns the condition that the records of the group match.
func (r *groupRow) column(c groupColumn, raw json.RawMessage, target reflect.Value) (Expr, error) {
	if c.kind != columnPeriod {
		if err := c.Decode(raw, target); err != nil || c.isAggregate() {
			return Expr{}, err
		}
		return c.condition(raw)
	}
	if codec.NewScanner(raw).Null() {
		return trustedLeaf(c.field, "=", false), nil
	}
	p, err := r.period(c.field, c.Name, raw)
	if err != nil {
		return Expr{}, err
	}
	if err := p.store(target); err != nil {
		return Expr{}, err
	}
	return and(trustedLeaf(c.field, ">=", p.from), trustedLeaf(c.field, "<", p.to)), nil
}

// condition returns the condition that the field has the value of a key. For a many2one it uses the id of the pair.
func (c groupColumn) condition(raw json.RawMessage) (Expr, error) {
	s := codec.NewScanner(raw)
	if s.Peek() == '[' && !c.isPath() {
		id, _, err := s.Many2one()
		return trustedLeaf(c.field, "=", id), err
	}
	if s.Null() {
		return trustedLeaf(c.field, "=", false), nil
	}
	field := c.field
	if c.function != "" {
		field += "." + c.function // a numeric part of a date
	}
	return trustedLeaf(field, "=", raw), nil
}

// domain combines the condition of the call with the condition of the group. Only formatted_read_group says what a path or a
// property without a value means.
func (r *groupRow) domain(keys []Expr) (Expr, error) {
	if r.old || !slices.ContainsFunc(r.columns, groupColumn.isPath) {
		return and(append([]Expr{r.where}, keys...)...), nil
	}
	extra, err := receivedDomain(r.members["__extra_domain"])
	if err != nil {
		return Expr{}, err
	}
	extra.correctEnds()
	return and(r.where, extra), nil
}

func (h havingCondition) onWire() []any { return []any{h.column, h.operator, h.value} }

func (h havingCondition) check() error {
	field, function, _ := strings.Cut(h.column, ":")
	switch {
	case h.column != tagCount && (field == "" || !slices.Contains(aggregates, function)):
		return fmt.Errorf("%q is not an aggregate, such as %q or %q", h.column, tagCount, "amount_total:sum")
	case !slices.Contains([]string{"=", "!=", "<", "<=", ">", ">="}, h.operator):
		return fmt.Errorf("the operator %q is none of =, !=, <, <=, > and >=", h.operator)
	}
	return nil
}

// checkVersion refuses columns and conditions that the server does not support.
func (g *grouping) checkVersion() error {
	for _, c := range g.columns {
		if fact := c.needs(); fact.Name != "" {
			if err := g.supported("column "+c.Name, fact); err != nil {
				return err
			}
		}
	}
	for _, h := range g.o.having {
		if err := h.check(); err != nil {
			return fmt.Errorf("orm: groups of %s having %s: %w", g.model.name, h.column, err)
		}
		if err := g.supported("having "+h.column, odoofacts.GroupHaving); err != nil {
			return err
		}
	}
	return nil
}

func (g *grouping) supported(what string, fact odoofacts.Behaviour) error {
	if fact.In(g.model.c.odoo) {
		return nil
	}
	return fmt.Errorf("orm: groups of %s: %s: %w on Odoo %s (%s)", g.model.name, what, errors.ErrUnsupported, g.model.c.odoo, fact)
}

// needs is the behaviour that the column requires of a server, the zero Behaviour if every server supports it.
func (c groupColumn) needs() odoofacts.Behaviour {
	switch {
	case c.isPath():
		return odoofacts.GroupPath
	case slices.Contains(dateNumbers, c.function):
		return odoofacts.NumberGranularity
	case c.function == sumCurrency:
		return odoofacts.SumCurrency
	}
	return odoofacts.Behaviour{}
}
