package orm

import (
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/odoogen/odoogen/runtime/internal/codec"
)

// groupColumn is a field of the struct that a [Group] is read into.
type groupColumn struct {
	codec.Field
	field, function string // "amount_total", "sum"
	kind            columnKind
}

type columnKind uint8

const (
	columnKey       columnKind = iota // a field, a path, a property, or a numeric part of a date
	columnPeriod                      // a date or datetime with a granularity
	columnAggregate                   // a field with a function, or the number of records
	columnDomain                      // the condition of the group
)

// isPath reports whether the column is about a field of the target of a many2one, or about a property.
func (c groupColumn) isPath() bool { return strings.Contains(c.field, ".") }

func (c groupColumn) isKey() bool       { return c.kind == columnKey || c.kind == columnPeriod }
func (c groupColumn) isAggregate() bool { return c.kind == columnAggregate }

// The tags that do not name a field.
const (
	tagCount  = "__count"
	tagDomain = "__domain"
)

const sumCurrency = "sum_currency"

var (
	granularities = []string{"hour", "day", "week", "month", "quarter", "year"}
	dateNumbers   = []string{
		"year_number", "quarter_number", "month_number", "iso_week_number", "day_of_year", "day_of_month", "day_of_week",
		"hour_number", "minute_number", "second_number",
	}
	aggregates = []string{"sum", "avg", "min", "max", "count", "count_distinct", "bool_and", "bool_or", "array_agg", sumCurrency}
	fieldPath  = regexp.MustCompile(`^\w+(\|\w+)*\??(\.\w+(\|\w+)*\??)*$`) // with alternatives
	typePeriod = reflect.TypeFor[Period]()
)

var columnSets sync.Map // reflect.Type → []column

// columnsOf reads the tags of a struct, once.
func columnsOf(t reflect.Type) ([]groupColumn, error) {
	if known, ok := columnSets.Load(t); ok {
		return known.([]groupColumn), nil
	}
	p, err := codec.PlanOf(t)
	if err != nil {
		return nil, err
	}
	columns := make([]groupColumn, len(p.Fields))
	for i, f := range p.Fields {
		if columns[i], err = newColumn(f, t.FieldByIndex(f.Index)); err != nil {
			return nil, fmt.Errorf("orm: %s.%s, odoo:%q: %w", t, t.FieldByIndex(f.Index).Name, f.Name, err)
		}
	}
	columnSets.Store(t, columns)
	return columns, nil
}

func newColumn(f codec.Field, sf reflect.StructField) (groupColumn, error) {
	c := groupColumn{Field: f}
	switch f.Name {
	case tagCount:
		c.field, c.function, c.kind = "id", "count", columnAggregate
		return c, nil
	case tagDomain:
		c.kind = columnDomain
		if sf.Type != typeExpr && !codec.Is(sf.Type, "Domain") {
			return c, fmt.Errorf("the condition of a group is a Domain or an Expr, not a %s", sf.Type)
		}
		return c, nil
	}
	c.field, c.function, _ = strings.Cut(f.Name, ":")
	isPeriod := sf.Type == typePeriod
	isTime := isPeriod || sf.Type == reflect.TypeFor[time.Time]() || sf.Type == typeDate
	switch {
	case !fieldPath.MatchString(c.field):
		return c, fmt.Errorf("%q is not the name of a field", c.field)
	case c.function == "" && strings.Contains(f.Name, ":"):
		return c, fmt.Errorf("no function after the colon")
	case slices.Contains(granularities, c.function):
		c.kind = columnPeriod
		if !isTime {
			return c, fmt.Errorf("a %s is read into a Period, a time.Time or a Date, not into a %s", c.function, sf.Type)
		}
	case slices.Contains(dateNumbers, c.function):
		if !isNumber(sf.Type) {
			return c, fmt.Errorf("a %s is read into a number, not into a %s", c.function, sf.Type)
		}
	case slices.Contains(aggregates, c.function):
		c.kind = columnAggregate
		switch {
		case isPeriod:
			return c, fmt.Errorf("an aggregate is not a Period")
		case c.isPath():
			return c, fmt.Errorf("no version of Odoo aggregates a path")
		}
	case c.function != "":
		return c, fmt.Errorf("%q is neither a granularity (%s) nor a numeric part of a date (%s) nor an aggregate (%s)", c.function,
			strings.Join(granularities, ", "), strings.Join(dateNumbers, ", "), strings.Join(aggregates, ", "))
	case isTime:
		return c, fmt.Errorf("a date to group by needs a granularity, such as %q", c.field+":month")
	}
	return c, nil
}

var (
	typeExpr = reflect.TypeFor[Expr]()
	typeDate = reflect.TypeFor[Date]()
)

func isNumber(t reflect.Type) bool {
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch t.Kind() {
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64, reflect.Float32, reflect.Float64:
		return true
	}
	return false
}
