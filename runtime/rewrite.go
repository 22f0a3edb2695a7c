package orm

import (
	"context"

	"github.com/odoogen/odoogen/internal/odoofacts"
)

// rewrite converts conditions on targets of relations into a form that the server's version supports.
//
// A condition with one leaf becomes a dotted path, which every version supports with the same meaning. A server that has the
// operator "any" gets other conditions unchanged. For older servers, the type of the relation decides: a many2one has only
// one target, so that each leaf gets its own dotted path; the targets of a relation to many are searched first.
//
// Below a Not, a dotted path alone is wrong: servers before 19 push the "!" into the leaf, which turns "no line is red" into
// "some line is not red".
func (c *Client) rewrite(ctx context.Context, model string, e Expr) (Expr, error) {
	e, err := c.namedCondition(ctx, knownModel(model), e)
	if err != nil {
		return Expr{}, err
	}
	if err := c.checkSearchable(ctx, model, e); err != nil {
		return Expr{}, err
	}
	return rewriter{c, false}.expr(ctx, model, e)
}

// rewriter is the state of a walk through a condition.
type rewriter struct {
	c        *Client
	belowNot bool
}

func (r rewriter) expr(ctx context.Context, model string, e Expr) (Expr, error) {
	if e.node == nil {
		return e, nil
	}
	switch e.node.kind {
	case kindAny:
		return r.any(ctx, model, e.node)
	case kindNot:
		r.belowNot = true
		return r.kids(ctx, model, e.node)
	case kindAnd, kindOr:
		return r.kids(ctx, model, e.node)
	}
	return e, nil
}

func (r rewriter) kids(ctx context.Context, model string, n *exprNode) (Expr, error) {
	kids := make([]Expr, len(n.kids))
	for i, kid := range n.kids {
		var err error
		if kids[i], err = r.expr(ctx, model, kid); err != nil {
			return Expr{}, err
		}
	}
	return Expr{&exprNode{kind: n.kind, kids: kids}}, nil
}

func (r rewriter) any(ctx context.Context, model string, n *exprNode) (Expr, error) {
	c := r.c
	sub, err := r.expr(ctx, n.target, n.kids[0])
	if err != nil {
		return Expr{}, err
	}
	if sub.node.kind == kindLeaf && !r.belowNot {
		return dotted(n.field, sub), nil
	}
	if odoofacts.AnyOperator.In(c.odoo) {
		return anyOf(n.field, n.target, sub), nil
	}
	relation, err := c.relation(ctx, model, n.field)
	if err != nil {
		return Expr{}, err
	}
	if relation.Type == "many2one" {
		return and(trustedLeaf(n.field, "!=", false), dotted(n.field, sub)), nil
	}
	var ids []int64
	targets := &call{method: "search", args: []arg{{"domain", sub}}}
	if err := c.Model(relation.Relation).call(ctx, targets, callOptions{}, &ids); err != nil {
		return Expr{}, err
	}
	return trustedLeaf(n.field, "in", ids), nil
}

// dotted prefixes the field of every leaf with the path.
func dotted(path string, e Expr) Expr {
	n := *e.node
	if n.kind == kindLeaf || n.kind == kindAny {
		n.field = path + "." + n.field
		return Expr{&n}
	}
	n.kids = make([]Expr, len(e.node.kids))
	for i, kid := range e.node.kids {
		n.kids[i] = dotted(path, kid)
	}
	return Expr{&n}
}
