package odootest

import (
	"slices"
	"strings"

	"github.com/odoogen/odoogen/internal/odoofacts"
)

// predicate reports whether a record matches.
type predicate func(*record) bool

func always(*record) bool { return true }
func never(*record) bool  { return false }

func not(p predicate) predicate { return func(r *record) bool { return !p(r) } }

// term is a parsed domain: a leaf, or "&", "|" or "!" over others.
type term struct {
	sign string
	kids []*term
	leaf []any
}

// terms parses a domain in Polish notation into the terms that must all hold.
func (t *tx) terms(domain any) ([]*term, error) {
	items, ok := domain.([]any)
	switch {
	case domain == false && t.modern():
		return []*term{{leaf: []any{int64(0), "=", int64(1)}}}, nil
	case !ok:
		return nil, t.notADomain(domain)
	case t.modern():
		if item, bad := t.lastBad(items); bad {
			return nil, t.badItem(item)
		}
	}
	var out []*term
	for rest := items; len(rest) > 0; {
		next, tail, err := t.term(rest, items, deepest)
		if err != nil {
			return nil, err
		}
		out, rest = append(out, next), tail
	}
	return out, nil
}

// lastBad is the last item that is not allowed in a domain: Odoo reads it from its end.
func (t *tx) lastBad(items []any) (any, bool) {
	for _, item := range slices.Backward(items) {
		if _, isLeaf := item.([]any); !isLeaf && item != "&" && item != "|" && item != "!" {
			return item, true
		}
	}
	return nil, false
}

// deepest is how deep signs may be nested, and how many relations a path may follow. Odoo 14 took 3,000 signs and refused
// 10,000; Odoo 19 refuses a few hundred that alternate.
const deepest = 5000

// term parses the first term of the items and gives the rest.
func (t *tx) term(items, whole []any, depth int) (*term, []any, error) {
	items = withoutDoubleNot(items)
	switch {
	case len(items) == 0 || depth == 0 && isIncomplete(items):
		return nil, nil, t.incompleteDomain(whole)
	case depth == 0:
		return nil, nil, t.tooDeep()
	}
	item, rest := items[0], items[1:]
	if leaf, ok := item.([]any); ok {
		if len(leaf) != 3 {
			return nil, nil, t.badLeaf(leaf)
		}
		return &term{leaf: leaf}, rest, nil
	}
	operands := map[any]int{"&": 2, "|": 2, "!": 1}
	if _, ok := item.(string); !ok || operands[item] == 0 {
		return nil, nil, t.badItem(item)
	}
	out := &term{sign: item.(string)}
	for range operands[item] {
		kid, tail, err := t.term(rest, whole, depth-1)
		if err != nil {
			return nil, nil, err
		}
		out.kids, rest = append(out.kids, kid), tail
	}
	return out, rest, nil
}

// withoutDoubleNot leaves out pairs of "!" in front, which cancel each other.
func withoutDoubleNot(items []any) []any {
	for len(items) > 1 && items[0] == "!" && items[1] == "!" {
		items = items[2:]
	}
	return items
}

// isIncomplete reports whether the first term of the items lacks an operand.
func isIncomplete(items []any) bool {
	lacking := 1
	for _, item := range items {
		switch item {
		case "&", "|":
			lacking++
		case "!":
		default:
			lacking--
		}
		if lacking == 0 {
			return false
		}
	}
	return true
}

// mentions reports whether a leaf is about the field itself.
func mentions(terms []*term, field string) bool {
	return slices.ContainsFunc(terms, func(x *term) bool {
		return x.leaf != nil && x.leaf[0] == field || mentions(x.kids, field)
	})
}

// compile makes one predicate of terms that must all hold. All that is wrong with a domain is found here, whatever
// records there are.
func (t *tx) compile(m *model, terms []*term) (predicate, error) {
	return t.combine(m, "&", terms, false)
}

func (t *tx) combine(m *model, sign string, terms []*term, negated bool) (predicate, error) {
	parts := make([]predicate, len(terms))
	for i, x := range terms {
		var err error
		if parts[i], err = t.compileTerm(m, x, negated); err != nil {
			return nil, err
		}
		if t.modern() && sign == "&" && t.truth(x) < 0 {
			return never, nil // Odoo does not look at the others
		}
	}
	decides := sign == "|" // the first part that is decides is the answer
	return func(r *record) bool {
		for _, p := range parts {
			if p(r) == decides {
				return decides
			}
		}
		return !decides
	}, nil
}

// negations are the operators that "!" is moved into before Odoo 19, which matters along a path: a record without a
// target matches neither an operator nor its negation.
var negations = map[string]string{
	"=": "!=", "!=": "=", "<": ">=", ">=": "<", ">": "<=", "<=": ">", "in": "not in", "not in": "in",
	"like": "not like", "not like": "like", "ilike": "not ilike", "not ilike": "ilike", "any": "not any", "not any": "any",
}

// negatesWhole reports whether "!" is not moved into what follows it.
func (t *tx) negatesWhole(x *term) bool {
	return t.modern() || t.does(odoofacts.NegatedPaths) && x.leaf != nil && strings.Contains(str(x.leaf[0]), ".")
}

func (t *tx) compileTerm(m *model, x *term, negated bool) (predicate, error) {
	switch {
	case x.sign == "!" && t.negatesWhole(x.kids[0]):
		p, err := t.compileTerm(m, x.kids[0], false)
		if err != nil {
			return nil, err
		}
		return not(p), nil
	case x.sign == "!":
		return t.compileTerm(m, x.kids[0], !negated)
	case x.sign != "":
		sign := x.sign
		if negated {
			sign = map[string]string{"&": "|", "|": "&"}[sign]
		}
		return t.combine(m, sign, x.kids, negated)
	case !negated:
		return t.compileLeaf(m, x.leaf)
	}
	operator, _ := x.leaf[1].(string)
	if opposite := negations[operator]; opposite != "" && !isConstant(x.leaf) {
		return t.compileLeaf(m, []any{x.leaf[0], opposite, x.leaf[2]})
	}
	p, err := t.compileLeaf(m, x.leaf)
	if err != nil {
		return nil, err
	}
	if f := m.fields[str(x.leaf[0])]; f != nil && strings.HasPrefix(operator, "=") && !f.isRelation() {
		return both(not(p), not(t.isNull(m, f))), nil // SQL's NOT of what is unknown is unknown
	}
	return not(p), nil
}

// alwaysFalse recognises a domain of which Odoo knows before it asks the database that nothing matches: one that says that
// something is in a list of nothing.
func (t *tx) alwaysFalse(terms []*term) bool {
	worst := 1
	for _, x := range terms {
		worst = min(worst, t.truth(x))
	}
	return len(terms) > 0 && worst < 0
}

// truth is 1 for always, -1 for never and 0 for sometimes.
func (t *tx) truth(x *term) int {
	switch {
	case x.sign == "!":
		return -t.truth(x.kids[0])
	case x.sign == "&":
		return min(t.truth(x.kids[0]), t.truth(x.kids[1]))
	case x.sign == "|":
		return max(t.truth(x.kids[0]), t.truth(x.kids[1]))
	case isConstant(x.leaf) && x.leaf[0] == int64(0) && x.leaf[2] == int64(1):
		return -1
	case t.modern() && x.leaf[2] == false: // no list
		return 0
	case x.leaf[1] == "in" && !truthy(x.leaf[2]):
		return -1
	case x.leaf[1] == "not in" && !truthy(x.leaf[2]):
		return 1
	}
	return 0
}

var operators = []string{
	"=", "!=", "<", "<=", ">", ">=", "=?", "in", "not in", "like", "not like", "ilike", "not ilike", "=like", "=ilike",
	"child_of", "parent_of", "any", "not any",
}

// compileLeaf makes a predicate of [path, operator, value].
func (t *tx) compileLeaf(m *model, leaf []any) (predicate, error) {
	if isConstant(leaf) {
		return t.constant(leaf)
	}
	path, ok := leaf[0].(string)
	_, isList := leaf[0].([]any)
	_, isNumber := number(leaf[0])
	switch {
	case (isList || isNumber) && !t.modern() && t.does(odoofacts.SyntaxIsValue):
		return nil, fail(classAttribute, "'%s' object has no attribute 'split'", typeName(leaf[0]))
	case path == "" && ok && !t.modern() && t.does(odoofacts.SyntaxIsValue):
		return nil, t.noFieldInLeaf(m.name, "", leaf)
	case isList && !t.modern():
		return nil, fail(classType, "unhashable type: 'list'")
	case !ok:
		return nil, t.badConstant(leaf)
	case path == "" && t.modern():
		return nil, fail(classType, "Empty field name in condition %s", tuple(leaf))
	case path == "":
		return nil, t.badLeaf(leaf)
	}
	if t.modern() && leaf[2] == nil {
		leaf = []any{leaf[0], leaf[1], false}
	}
	operator, err := t.operator(leaf)
	if err != nil {
		return nil, err
	}
	if path == "id" && m.textIDs {
		leaf = []any{path, leaf[1], m.numbered(leaf[2])}
	}
	name, rest, dotted := strings.Cut(path, ".")
	f := m.fields[name]
	switch {
	case f == nil:
		return nil, t.noFieldInLeaf(m.name, name, leaf)
	case dotted && t.does(odoofacts.NumberGranularity) && f.isMoment() && datePart(rest) != nil:
		return t.partLeaf(m, f, rest, operator, leaf)
	case f.Unsearchable && t.modern():
		return nil, fail(classValue, "Cannot convert %s.%s to SQL because it is not stored", m.name, f.Name)
	case f.Unsearchable:
		return always, nil // Odoo logs that it can't search, and leaves the condition out
	case dotted && f.Type == "properties":
		return t.propertyLeaf(m, f, rest, operator, leaf)
	case dotted:
		return t.along(m, f, rest, leaf)
	case operator == "any" || operator == "not any":
		return t.anyOf(m, f, operator, leaf)
	case !t.modern():
		return t.classicLeaf(m, f, operator, leaf)
	case f.Computed && f.Related != "":
		return t.relatedLeaf(m, f, operator, leaf)
	case f.isRelation():
		return t.relationLeaf(m, f, operator, leaf)
	}
	return t.valueLeaf(m, f, operator, leaf)
}

// operator checks the operator of a leaf.
func (t *tx) operator(leaf []any) (string, error) {
	op, _ := leaf[1].(string)
	if op == "<>" {
		op = "!="
	}
	if t.modern() {
		if op = strings.ToLower(op); op == "==" {
			op = "="
		}
	}
	switch {
	case !slices.Contains(operators, op):
		return "", t.badOperator(leaf)
	case strings.HasSuffix(op, "any") && !t.hasAny():
		return "", fail(classType, "unhashable type: 'list'")
	}
	return op, nil
}

// isConstant recognises a leaf that is about no field, as (1, '=', 1).
func isConstant(leaf []any) bool {
	_, ok := number(leaf[0])
	return ok
}

func (t *tx) constant(leaf []any) (predicate, error) {
	left, _ := number(leaf[0])
	right, ok := number(leaf[2])
	switch {
	case leaf[1] != "=" || !ok || right != 1:
		return nil, t.badConstant(leaf)
	case left == 1:
		return always, nil
	case left == 0:
		return never, nil
	}
	return nil, t.badConstant(leaf)
}

// along is a condition on the targets of a relation: one of them must match the rest of the path.
func (t *tx) along(m *model, f *field, rest string, leaf []any) (predicate, error) {
	switch {
	case strings.Count(rest, ".") > deepest:
		return nil, fail(classRecursion, recursionDepth)
	case !f.isRelation() && t.does(odoofacts.SyntaxIsValue) && !t.modern():
		return nil, fail(classAssertion, "Invalid field '%s.%s' in domain term %s", f.Name, rest, tuple(leaf))
	case !f.isRelation():
		return nil, t.notARelation(m, f, rest)
	case f.target == nil:
		return nil, notInSnapshot(m, f)
	}
	inner := t
	if !t.modern() && f.Type == "many2one" {
		inner = t.withArchived()
	}
	match, err := inner.compileLeaf(f.target, []any{rest, leaf[1], leaf[2]})
	if err != nil {
		return nil, err
	}
	return t.exists(m, f, rest, match), nil
}

// anyOf is the operator any: one target must match a domain.
func (t *tx) anyOf(m *model, f *field, operator string, leaf []any) (predicate, error) {
	terms, err := t.terms(leaf[2])
	if err != nil {
		return nil, err
	}
	if f.Name == "id" {
		match, err := t.compile(m, terms)
		if operator == "any" {
			return match, err
		}
		return negated(match, err)
	}
	switch {
	case !f.isRelation():
		return nil, fail(classValue, "Cannot use 'any' with non-relational fields in condition %s", tuple(leaf))
	case f.target == nil:
		return nil, notInSnapshot(m, f)
	}
	match, err := t.compile(f.target, terms)
	if err != nil {
		return nil, err
	}
	about := ""
	if f.target.active != nil && mentions(terms, f.target.active.Name) {
		about = f.target.active.Name
	}
	found := t.exists(m, f, about, match)
	if operator == "any" {
		return found, nil
	}
	return not(found), nil
}

// exists reports whether a target matches. The archived ones count along a many2one, and along a relation to many if the
// condition is about just that.
func (t *tx) exists(m *model, f *field, about string, match predicate) predicate {
	active := f.target.active
	hides := f.isToMany() && active != nil && active.Name != about && t.activeTest()
	return func(r *record) bool {
		return slices.ContainsFunc(t.links(m, r, f), func(id int64) bool {
			target := t.get(f.target, id)
			if target == nil || hides && !t.isActive(f.target, target) {
				return false
			}
			return match(target)
		})
	}
}

// targets are the ids that a relation of a record points to.
func (t *tx) targets(m *model, r *record, f *field) []int64 {
	switch v := t.value(m, r, f).(type) {
	case int64:
		return []int64{v}
	case []int64:
		return v
	}
	return nil
}
