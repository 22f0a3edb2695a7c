package odootest

import (
	"fmt"
	"slices"
	"strings"
)

// havingOperators are those that Odoo takes; it writes its own SQL for "in" and "not in" in a form that PostgreSQL refuses.
var havingOperators = []string{"in", "not in", "<", ">", "<=", ">=", "=", "!="}

// having keeps the groups that match a domain about aggregates, which need not be among those that are read.
func (g *grouping) having(groups []*group, domain []any) ([]*group, error) {
	h := havingReader{g, domain}
	match := func(*group) bool { return true }
	for len(h.terms) > 0 {
		before := match
		next, err := h.next()
		if err != nil {
			return nil, err
		}
		match = func(gr *group) bool { return before(gr) && next(gr) }
	}
	return slices.DeleteFunc(groups, func(gr *group) bool { return !match(gr) }), nil
}

// havingReader reads a domain in Polish notation.
type havingReader struct {
	*grouping
	terms []any
}

func (h *havingReader) next() (func(*group) bool, error) {
	if len(h.terms) == 0 {
		return nil, fail(classIndex, "pop from empty list")
	}
	term := h.terms[0]
	h.terms = h.terms[1:]
	sign, isSign := term.(string)
	if !isSign {
		return h.leaf(term)
	}
	first, err := h.next()
	if err != nil || sign == "!" {
		return func(gr *group) bool { return !first(gr) }, err
	}
	second, err := h.next()
	if sign == "|" {
		return func(gr *group) bool { return first(gr) || second(gr) }, err
	}
	return func(gr *group) bool { return first(gr) && second(gr) }, err
}

func (h *havingReader) leaf(term any) (func(*group) bool, error) {
	leaf, ok := term.([]any)
	if !ok || len(leaf) != 3 {
		return nil, fail(classValue, "Invalid having clause %s", repr(term))
	}
	operator := str(leaf[1])
	if !slices.Contains(havingOperators, operator) {
		return nil, fail(classValue, "Invalid having clause %s: supported comparators are ('%s')", repr(term), strings.Join(havingOperators, "', '"))
	}
	a, err := h.newAggregate(str(leaf[0]))
	if err != nil {
		return nil, err
	}
	if strings.HasSuffix(operator, "in") {
		return nil, fail(classSyntax, "syntax error at or near \"ARRAY\"\nLINE 1: HAVING %s", fmt.Sprint(leaf[0]))
	}
	return func(gr *group) bool { return compares(h.compute(gr.records, a), operator, leaf[2]) }, nil
}

func compares(v any, operator string, limit any) bool {
	switch c := compareValues(v, limit); {
	case v == nil:
		return false
	case operator == "=":
		return c == 0
	case operator == "!=":
		return c != 0
	default:
		return holds(c, operator)
	}
}
