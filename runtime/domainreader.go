package orm

import (
	"encoding/json"
	"fmt"
	"strings"
)

// maxDomainDepth bounds the nesting of domains that a server sends. The domain of a group has a level for each key.
const maxDomainDepth = 1000

// receivedDomain reads a domain as the server sends it, in Polish notation. Values and conditions on targets stay unchanged.
func receivedDomain(raw json.RawMessage) (Expr, error) {
	r := domainReader{}
	if err := json.Unmarshal(raw, &r.terms); err != nil {
		return Expr{}, fmt.Errorf("want a domain, got %.60q", raw)
	}
	var all []Expr
	for len(r.terms) > 0 {
		e, err := r.next(0)
		if err != nil {
			return Expr{}, err
		}
		all = append(all, e)
	}
	return and(all...), nil
}

type domainReader struct{ terms []json.RawMessage }

func (r *domainReader) next(depth int) (Expr, error) {
	if len(r.terms) == 0 || depth > maxDomainDepth {
		return Expr{}, fmt.Errorf("the domain ends too early, or is nested too deep")
	}
	term := r.terms[0]
	r.terms = r.terms[1:]
	var sign string
	if json.Unmarshal(term, &sign) != nil {
		return receivedLeaf(term)
	}
	first, err := r.next(depth + 1)
	switch {
	case err != nil:
		return Expr{}, err
	case sign == "!":
		return not(first), nil
	}
	second, err := r.next(depth + 1)
	switch {
	case err != nil:
		return Expr{}, err
	case sign == "&":
		return and(first, second), nil
	case sign == "|":
		return or(first, second), nil
	}
	return Expr{}, fmt.Errorf("%.20q is not an operator of a domain", sign)
}

// receivedLeaf reads (field, operator, value), where Odoo writes (1, "=", 1) for all records and (0, "=", 1) for none.
func receivedLeaf(term json.RawMessage) (Expr, error) {
	var parts []json.RawMessage
	var field, operator string
	if json.Unmarshal(term, &parts) == nil && len(parts) == 3 {
		switch {
		case string(parts[0]) == "1":
			return Expr{}, nil
		case string(parts[0]) == "0":
			return never, nil
		case json.Unmarshal(parts[0], &field) == nil && json.Unmarshal(parts[1], &operator) == nil:
			return trustedLeaf(field, operator, parts[2]), nil
		}
	}
	return Expr{}, fmt.Errorf("%.60q is not a condition", term)
}

// correctEnds corrects the ends of periods of properties in the condition of a group, see [wholeMinute].
func (e Expr) correctEnds() {
	if e.node == nil {
		return
	}
	for _, kid := range e.node.kids {
		kid.correctEnds()
	}
	raw, _ := e.node.value.(json.RawMessage)
	var end string
	if e.node.operator == "<" && strings.Contains(e.node.field, ".") && json.Unmarshal(raw, &end) == nil {
		e.node.value = wholeMinute(end)
	}
}
