package orm

import (
	"context"
	"reflect"

	"github.com/odoogen/odoogen/internal/odoofacts"
)

// Group reads groups of records with their aggregates. The fields of the destination are the columns, as in [Find]: a field
// is a group key, and a field with a function after a colon is an aggregate.
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
// Later versions of Odoo support more columns. If the server does not support a column, nothing is sent and the error is
// errors.ErrUnsupported.
//
//	Month   int                 `odoo:"date_order:month_number"`   // a key, from Odoo 18 on
//	Country orm.Ref[…]          `odoo:"partner_id.country_id"`     // a key along many2ones, from Odoo 19 on
//	Size    string              `odoo:"properties.size"`           // a key that is a property, from Odoo 19 on
//	Worth   float64             `odoo:"amount_total:sum_currency"` // in the currency of the company, from Odoo 19 on
//
// The numeric parts of a date are year_number, quarter_number, month_number, iso_week_number, day_of_year, day_of_month,
// day_of_week (0 is the day on which weeks begin), hour_number, minute_number and second_number (with fractions).
//
// The Go type for a property depends on its type: a Ref for a many2one or many2many, a json.RawMessage for a tag, and a
// Period in UTC for a date or datetime, which needs a granularity from day to year. Records without the property are in the
// group without a value; if no record has a property of this name, all records are in that group. [Having] leaves groups
// out.
//
// array_agg returns the values in the form of the database: Odoo 14 sends floats with fixed digits as strings.
//
// There is one row for each combination of keys that occurs; without keys there is one row, for all records. A key without a
// value, and an aggregate of no values, is the zero value; use a pointer to distinguish it from 0.
//
// Keys must be stored fields. A date or datetime key needs a granularity, and is read into a [Period], a time.Time, which is
// the start of the period, or, for a date, a [Date]. Days, months and so on are in the time zone "tz" of the context, by
// default UTC. Weeks begin on Monday until Odoo 16; from 17 on the first day depends on the language of the user: with en_US
// it is Sunday.
//
// [Asc] and [Desc] order by the column of a field, [AscColumn] and [DescColumn] by any column; the keys break ties and are
// the default order. [Limit] and [Offset] count groups. Group makes one call: read_group before Odoo 18.2,
// formatted_read_group from 18.2 on.
func Group[R, M any](ctx context.Context, c *Client, where Domain[M], opts ...GroupOption) ([]R, error) {
	var out []R
	err := modelOf[M](c).Group(ctx, &out, Expr(where), opts...)
	return out, err
}

// AscColumn orders the rows of a [Group] by a column, named as in its tag: AscColumn("date_order:month").
func AscColumn(tag string) GroupOption { return orderColumn(tag, "asc") }

// DescColumn orders the rows of a [Group] by a column, the greatest first: DescColumn("__count").
func DescColumn(tag string) GroupOption { return orderColumn(tag, "desc") }

func orderColumn(tag, direction string) optionFunc {
	return func(o *callOptions) { o.order = append(o.order, orderKey{modelField{field: tag}, direction}) }
}

// Having leaves out the groups of a [Group] whose aggregate does not match, before they are counted by [Limit] and [Offset]:
// Having("amount_total:sum", ">", 1000). The column is named as in a tag, and the destination need not have it; the operator
// is =, !=, <, <=, > or >=. Groups must match every Having. It needs Odoo 19: on older servers the error is
// errors.ErrUnsupported.
func Having(column, operator string, value any) GroupOption {
	return optionFunc(func(o *callOptions) { o.having = append(o.having, havingCondition{column, operator, value}) })
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
	g := &grouping{model: m, columns: columns, where: where, o: collect(opts), old: !odoofacts.FormattedReadGroup.In(m.c.odoo)}
	return g.read(ctx, slice)
}
