package orm

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/odoogen/odoogen/internal/odoofacts"
)

// Odoo before 19 leaves a condition on a field that it cannot search out of the domain, so that every record matches, and an
// order by a field that it cannot sort by out of the order. For these versions the client asks fields_get once for each
// field that conditions and orders name, and refuses such a condition or order before the call. From 19 on the server
// refuses them.

// checkSearchable refuses conditions of the application that the server would leave out.
func (c *Client) checkSearchable(ctx context.Context, model string, e Expr) error {
	if !c.ignoresUnsearchable() {
		return nil
	}
	return c.checkConditions(ctx, model, e)
}

func (c *Client) ignoresUnsearchable() bool {
	return odoofacts.UnsearchableMatch.In(c.odoo)
}

// checkConditions checks conditions on one model. It asks for the fields of all of them in one call.
func (c *Client) checkConditions(ctx context.Context, model string, conditions ...Expr) error {
	if model == "" {
		return nil // the target of a field that is not a relation: the server refuses it
	}
	var names []string
	for _, e := range conditions {
		names = append(names, firstFields(e)...)
	}
	if _, err := c.attributes(ctx, model, names...); err != nil {
		return err
	}
	for _, e := range conditions {
		if err := c.checkCondition(ctx, model, e); err != nil {
			return err
		}
	}
	return nil
}

func (c *Client) checkCondition(ctx context.Context, model string, e Expr) error {
	n := e.node
	switch {
	case n == nil || n.trusted:
		return nil
	case n.kind == kindLeaf || n.kind == kindAny:
		target, err := c.checkPath(ctx, model, n.field)
		if err != nil {
			return err
		}
		return c.checkConditions(ctx, target, n.kids...)
	}
	return c.checkConditions(ctx, model, n.kids...)
}

// firstFields are the fields of the model itself that a condition is about.
func firstFields(e Expr) []string {
	n := e.node
	if n == nil || n.trusted {
		return nil
	}
	if n.kind == kindLeaf || n.kind == kindAny {
		name, _, _ := strings.Cut(n.field, ".")
		if slices.Contains(alwaysSearchable, name) {
			return nil
		}
		return []string{name}
	}
	var names []string
	for _, kid := range n.kids {
		names = append(names, firstFields(kid)...)
	}
	return names
}

// checkPath checks each field of a dotted path, and returns the model that the last one points to, "" if it is not a
// relation.
func (c *Client) checkPath(ctx context.Context, model, path string) (string, error) {
	for name := range strings.SplitSeq(path, ".") {
		if model == "" {
			return "", nil // a part of a value: the server knows
		}
		if slices.Contains(alwaysSearchable, name) {
			model = ""
			continue
		}
		facts, err := c.attributes(ctx, model, name)
		if err != nil {
			return "", err
		}
		if facts[name].denies("searchable") {
			return "", fmt.Errorf("orm: %s.%s: %w: Odoo %s would leave the condition out, and every record would match",
				model, name, ErrUnsearchable, c.version.Series)
		}
		model = facts[name].text("relation")
	}
	return model, nil
}

// alwaysSearchable are fields that are stored on every model that has them.
var alwaysSearchable = []string{"id", "create_date", "write_date"}

// checkOrder refuses an order, in Odoo's form, by a field that the server would leave out.
func (m Model) checkOrder(ctx context.Context, order string) error {
	if order == "" || !m.c.ignoresUnsearchable() {
		return nil
	}
	for key := range strings.SplitSeq(order, ",") {
		words := strings.Fields(key)
		if len(words) == 0 || slices.Contains(alwaysSearchable, words[0]) {
			continue
		}
		facts, err := m.c.attributes(ctx, m.name, words[0])
		if err != nil {
			return err
		}
		if facts[words[0]].denies("sortable") {
			return fmt.Errorf("orm: order by %s.%s: %w: Odoo %s would leave it out of the order",
				m.name, words[0], ErrUnsearchable, m.c.version.Series)
		}
	}
	return nil
}

// checkOrders checks the orders of the branches of a nested read.
func (m Model) checkOrders(ctx context.Context, t *fieldTree) error {
	if !m.c.ignoresUnsearchable() {
		return nil
	}
	for _, b := range t.branches {
		if b.Order == "" && len(b.branches) == 0 {
			continue
		}
		found, err := m.c.relation(ctx, m.name, b.field)
		if err != nil {
			return err
		}
		target := m.c.Model(found.Relation)
		if err := errors.Join(target.checkOrder(ctx, b.Order), target.checkOrders(ctx, b.fieldTree)); err != nil {
			return err
		}
	}
	return nil
}
