package orm

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"reflect"
	"strconv"
	"strings"

	"github.com/odoogen/odoogen/internal/odoofacts"
	"github.com/odoogen/odoogen/runtime/internal/codec"
)

// Group reads groups of records with what they add up to. The destination says what is asked for, as in [Find]: a
// field is a key of the groups, a field with a function after a colon is an aggregate.
//
//	type row struct {
//		Customer orm.Ref[odoo.ResPartner]    `odoo:"partner_id"`         // a key
//		Month    orm.Period                  `odoo:"date_order:month"`   // a key: hour, day, week, month, quarter, year
//		Total    float64                     `odoo:"amount_total:sum"`   // sum, avg, min, max, count, count_distinct, bool_and, bool_or
//		Names    []string                    `odoo:"name:array_agg"`     // of all records, in the order of their ids
//		Orders   int                         `odoo:"__count"`            // the number of records
//		Records  orm.Domain[odoo.SaleOrder]  `odoo:"__domain"`           // the condition that the records of the group match
//	}
//	rows, err := orm.Group[row](ctx, c, where, orm.DescColumn("amount_total:sum"), orm.Limit(10))
//
// The lists of array_agg have the values as the database does: of numbers with digits, Odoo 14 sends texts.
//
// There is a row for each combination of keys that some record has; without keys there is one row, for all records. A
// key without a value, and an aggregate of no values, is the zero value; a pointer tells it from 0.
//
// Keys are stored fields. A key that is a date or a datetime needs a granularity, and is read into a [Period], a
// time.Time, which is its start, or, for a date, a [Date]. Days, months and so on are those of the time zone "tz" of
// the context, UTC without one. Weeks begin on Monday until Odoo 16; from 17 on the language of the user
// decides, so that with en_US they begin on Sunday.
//
// [Asc] and [Desc] order by the column of a field, [AscColumn] and [DescColumn] by any column; then, and without them,
// the keys decide. [Limit] and [Offset] count groups. It is one call: of read_group before Odoo 18.2, of
// formatted_read_group from then on.
func Group[R, M any](ctx context.Context, c *Client, where Domain[M], opts ...GroupOption) ([]R, error) {
	var out []R
	err := modelOf[M](c).Group(ctx, &out, Expr(where), opts...)
	return out, err
}

// AscColumn orders the rows of a [Group] by a column, named as in its tag: AscColumn("date_order:month").
func AscColumn(tag string) GroupOption { return orderColumn(tag, "asc") }

// DescColumn orders the rows of a [Group] by a column, the greatest first: DescColumn("__count").
func DescColumn(tag string) GroupOption { return orderColumn(tag, "desc") }

func orderColumn(tag, direction string) option {
	return func(o *callOptions) { o.order = append(o.order, orderKey{modelField{field: tag}, direction}) }
}

// Group reads groups of the records that match into the slice of structs that dest points to: see the function [Group].
func (m Model) Group(ctx context.Context, dest any, where Expr, opts ...GroupOption) error {
	slice, err := pointedTo(dest, reflect.Slice)
	if err != nil {
		return err
	}
	columns, err := columnsOf(slice.Type().Elem())
	if err != nil {
		return err
	}
	if m.err != nil {
		return m.err
	}
	g := &grouping{model: m, columns: columns, where: where, o: collect(opts), old: !odoofacts.FormattedReadGroup.InSeries(m.c.version.Series)}
	return g.read(ctx, slice)
}

// grouping is one grouped read.
type grouping struct {
	model   Model
	columns []column
	where   Expr
	o       callOptions
	old     bool // the server has read_group
}

func (g *grouping) read(ctx context.Context, slice reflect.Value) error {
	order, err := g.order()
	if err != nil {
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
	return located(g.decode(raw, slice), g.model.name)
}

// request is the call in the form of the server's version. Its parameters have had the same names in all of them.
func (g *grouping) request(domain Expr, order string) *call {
	kwargs := map[string]any{"domain": domain, "groupby": g.specs(column.isKey)}
	r := &call{method: "formatted_read_group", kwargs: kwargs}
	fields, orderBy := "aggregates", "order"
	if g.old {
		r.method, fields, orderBy = "read_group", "fields", "orderby"
		kwargs["lazy"] = false // all keys, not only the first
	}
	kwargs[fields] = g.specs(column.isAggregate)
	if order != "" {
		kwargs[orderBy] = order
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

// specs are the columns as the server is asked for them.
func (g *grouping) specs(wanted func(column) bool) []string {
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

// wireName is what a column is called in the answer, and in an order. read_group lets aggregates be named, and they
// must be: it names two of one field the same.
func (g *grouping) wireName(i int) string {
	if c := g.columns[i]; g.old && c.isAggregate() {
		return "_" + strconv.Itoa(i)
	}
	return g.columns[i].Name
}

// order is what the options ask for, and the keys after it, so that pages of groups meet without a gap.
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
		if !ordered[i] {
			terms = append(terms, g.wireName(i)+" "+key.direction)
		}
		ordered[i] = true
	}
	for i, c := range g.columns {
		if c.isKey() && !ordered[i] {
			terms = append(terms, g.wireName(i))
		}
	}
	return strings.Join(terms, ", "), nil
}

// find is the column with the tag, or the only one of the field.
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
		return 0, fmt.Errorf("orm: groups of %s can be ordered by what is read of them, which %q is not", g.model.name, tag)
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

// groupRow is a group of the answer.
type groupRow struct {
	*grouping
	wireGroup
}

func (r *groupRow) decode(v reflect.Value) error {
	conditions := []Expr{r.where}
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
		if c.isKey() {
			conditions = append(conditions, condition)
		}
	}
	for _, c := range r.columns {
		if c.kind == columnDomain {
			target := v.FieldByIndex(c.Index)
			target.Set(reflect.ValueOf(and(conditions...)).Convert(target.Type()))
		}
	}
	return nil
}

func (r *groupRow) missing(c column) error {
	reason := "the answer has no such column"
	if r.old && c.isAggregate() {
		reason = "this version of Odoo does not aggregate a field that it groups by"
	}
	return &codec.Error{Field: c.Name, Reason: reason}
}

// column reads the value of a column. For a key it gives the condition that the records of the group match.
func (r *groupRow) column(c column, raw json.RawMessage, target reflect.Value) (Expr, error) {
	if c.kind != columnPeriod {
		if err := c.Decode(raw, target); err != nil || c.isAggregate() {
			return Expr{}, err
		}
		return keyCondition(c.field, raw)
	}
	if codec.NewScanner(raw).Null() {
		return leaf(c.field, "=", false), nil
	}
	p, err := r.period(c.field, c.Name, raw)
	if err != nil {
		return Expr{}, err
	}
	if err := p.store(target); err != nil {
		return Expr{}, err
	}
	return and(leaf(c.field, ">=", p.from), leaf(c.field, "<", p.to)), nil
}

// keyCondition is the condition that a field has the value of a key, where a many2one has the id of its pair.
func keyCondition(field string, raw json.RawMessage) (Expr, error) {
	s := codec.NewScanner(raw)
	if s.Peek() == '[' {
		id, _, err := s.Many2one()
		return leaf(field, "=", id), err
	}
	if s.Null() {
		return leaf(field, "=", false), nil
	}
	return leaf(field, "=", raw), nil
}
