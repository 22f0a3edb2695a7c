package analyzer

import (
	"go/ast"
	"go/token"

	"golang.org/x/tools/go/analysis"

	"github.com/odoogen/odoogen/internal/bindings"
	"github.com/odoogen/odoogen/internal/usage"
)

// checkSearches finds conditions on fields that Odoo cannot search, and orders by fields that it cannot sort by.
var checkSearches = newCheck("odoosearch", `check that conditions and orders are about fields that Odoo can search and sort by

A condition on a field that Odoo cannot search matches every record before Odoo 19, and is refused from 19 on; an order by a
field that Odoo cannot sort by is left out, or refused. A typed condition does not compile; one in orm.Where, in a domain or
at the end of a dotted path does, as do orders in calls and tags.`, searches)

func searches(pass *analysis.Pass, p *pkg) {
	for _, u := range p.uses {
		if !u.Text || u.HasChoice {
			continue
		}
		if m := p.set.Model(pass.Pkg, u.Model); m != nil {
			reportSearch(pass, u.At, u.To, u.How, m.Field(u.Field))
		}
	}
	for _, c := range p.calls {
		if how, ok := takesDescriptor[c.Name]; ok && len(c.Args) > 0 {
			reportSearch(pass, c.Args[0].Pos(), c.Args[0].End(), how, p.described(pass, c.Args[0]))
		}
	}
}

// takesDescriptor are the functions whose first argument may be the descriptor of any field.
var takesDescriptor = map[string]usage.How{
	"IsSet": usage.Condition, "IsUnset": usage.Condition, "Asc": usage.Orders, "Desc": usage.Orders,
}

// described returns the field of a descriptor; nil if the expression is none.
func (p *pkg) described(pass *analysis.Pass, e ast.Expr) *bindings.Field {
	selector, ok := p.reader.Value(e).(*ast.SelectorExpr)
	if !ok {
		return nil
	}
	if s, ok := p.set.Symbol(pass.TypesInfo.Uses[selector.Sel]); ok && s.Part == bindings.Descriptor {
		return s.Field
	}
	return nil
}

func reportSearch(pass *analysis.Pass, from, to token.Pos, how usage.How, f *bindings.Field) {
	switch {
	case f == nil:
	case how == usage.Condition && f.Unsearchable:
		report(pass, from, to, "%s.%s cannot be searched: before Odoo 19 the condition would match every record", f.Model.Name, f.Name)
	case how == usage.Orders && f.Unsortable:
		report(pass, from, to, "%s.%s cannot be sorted by: before Odoo 19 the order would be ignored", f.Model.Name, f.Name)
	}
}
