package orm

import (
	"time"

	"github.com/odoogen/odoogen/runtime/internal/codec"
)

// Domain is a condition on records of the model M: Odoo's search domain, typed. The zero Domain matches every
// record. Build one from field descriptors with the functions below, and combine them with [And], [Or] and [Not].
type Domain[M any] Expr

// Expr is a condition without the type of its model: the underlying type of [Domain], Expr(d), which the methods of [Model]
// take.
type Expr struct{ node *exprNode }

// String returns the condition in Odoo's form, [["state","=","sale"]]. If a value cannot be encoded, it returns the error
// message instead.
func (e Expr) String() string {
	b, err := e.MarshalJSON()
	if err != nil {
		return "[" + err.Error() + "]"
	}
	return string(b)
}

// MarshalJSON returns the condition in Odoo's form, for logs. A [Domain] has no such method: convert it with Expr(d).
func (e Expr) MarshalJSON() ([]byte, error) { return codec.Append(nil, e) }

// exprNode is a condition: a leaf, a constant, a condition on the target of a relation, or a combination of others.
type exprNode struct {
	kind     nodeKind
	field    string // leaf, any
	operator string // leaf
	value    any    // leaf
	trusted  bool   // leaf: the client's own condition, on a field that Odoo can search
	target   string // any: the model that field points to, if known
	kids     []Expr // and, or: two or more; not, any: one
}

type nodeKind uint8

const (
	kindLeaf nodeKind = iota
	kindNever
	kindAnd
	kindOr
	kindNot
	kindAny
)

// never matches no record; the zero Expr matches every record.
var never = Expr{&exprNode{kind: kindNever}}

func (e Expr) always() bool { return e.node == nil }
func (e Expr) never() bool  { return e.node != nil && e.node.kind == kindNever }

// Where is the condition (field, operator, value) in Odoo's form, for conditions that the typed functions do not offer.
// field can be a dotted path.
func Where[M any](field, operator string, value any) Domain[M] {
	return Domain[M](untrustedLeaf(field, operator, value))
}

// untrustedLeaf is a condition of the application, and trustedLeaf one that the client adds itself.
func untrustedLeaf(field, operator string, value any) Expr {
	return Expr{&exprNode{field: field, operator: operator, value: value}}
}

func trustedLeaf(field, operator string, value any) Expr {
	return Expr{&exprNode{field: field, operator: operator, value: value, trusted: true}}
}

// AllOf matches every record except archived ones: see [Archived].
func AllOf[M any]() Domain[M] { return Domain[M]{} }

// And matches the records that match every condition. And() matches every record.
func And[M any](conditions ...Domain[M]) Domain[M] { return Domain[M](and(exprs(conditions)...)) }

// Or matches the records that match at least one condition. Or() matches no record.
func Or[M any](conditions ...Domain[M]) Domain[M] { return Domain[M](or(exprs(conditions)...)) }

// Not matches the records that do not match the condition.
func Not[M any](condition Domain[M]) Domain[M] { return Domain[M](not(Expr(condition))) }

func exprs[M any](domains []Domain[M]) []Expr {
	out := make([]Expr, len(domains))
	for i, d := range domains {
		out[i] = Expr(d)
	}
	return out
}

func and(conditions ...Expr) Expr {
	return combine(kindAnd, Expr{}, conditions, Expr.always, Expr.never)
}

func or(conditions ...Expr) Expr { return combine(kindOr, never, conditions, Expr.never, Expr.always) }

// combine joins conditions and leaves out neutral ones; if one of them decides the result, it is the result.
func combine(kind nodeKind, empty Expr, conditions []Expr, neutral, decides func(Expr) bool) Expr {
	var kids []Expr
	for _, c := range conditions {
		switch {
		case decides(c):
			return c
		case !neutral(c):
			kids = append(kids, c)
		}
	}
	switch len(kids) {
	case 0:
		return empty
	case 1:
		return kids[0]
	}
	return Expr{&exprNode{kind: kind, kids: kids}}
}

func not(e Expr) Expr {
	switch {
	case e.always():
		return never
	case e.never():
		return Expr{}
	}
	return Expr{&exprNode{kind: kindNot, kids: []Expr{e}}}
}

// Ordered are the value types that Odoo compares with <, <=, > and >=.
type Ordered interface {
	~int | ~int64 | ~float64 | string | time.Time | Date
}

// Eq matches records whose field has the value. On a relation to many, it matches records that have the target among others.
func Eq[M, T any](f Field[M, T], v T) Domain[M] { return Where[M](string(f), "=", v) }

// Ne matches records whose field does not have the value, including records without a value.
func Ne[M, T any](f Field[M, T], v T) Domain[M] { return Where[M](string(f), "!=", v) }

// EqIfSet is Odoo's operator =?. It matches every record if v is absent or cleared, and otherwise the records that [Eq]
// matches.
func EqIfSet[M, T any](f Field[M, T], v Opt[T]) Domain[M] {
	if v.State != Present {
		return Where[M](string(f), "=?", false)
	}
	return Where[M](string(f), "=?", v.Value)
}

// Lt matches records whose field is less than the value.
func Lt[M any, T Ordered](f Field[M, T], v T) Domain[M] { return Where[M](string(f), "<", v) }

// Le matches records whose field is the value or less.
func Le[M any, T Ordered](f Field[M, T], v T) Domain[M] { return Where[M](string(f), "<=", v) }

// Gt matches records whose field is greater than the value.
func Gt[M any, T Ordered](f Field[M, T], v T) Domain[M] { return Where[M](string(f), ">", v) }

// Ge matches records whose field is the value or greater.
func Ge[M any, T Ordered](f Field[M, T], v T) Domain[M] { return Where[M](string(f), ">=", v) }

// In matches records whose field has one of the values. Without values it matches no record.
func In[M, T any](f Field[M, T], v ...T) Domain[M] { return Where[M](string(f), "in", emptyIfNil(v)) }

// NotIn matches records whose field has none of the values, including records without a value.
func NotIn[M, T any](f Field[M, T], v ...T) Domain[M] {
	return Where[M](string(f), "not in", emptyIfNil(v))
}

// emptyIfNil turns nil into an empty list: Odoo would not treat null as one.
func emptyIfNil[T any](v []T) []T {
	if v == nil {
		return []T{}
	}
	return v
}

// IsSet matches records whose field has a value.
func IsSet[M, T any](f Field[M, T]) Domain[M] { return Where[M](string(f), "!=", false) }

// IsUnset matches records whose field has no value. A string that was written as "" is a value on Odoo 14, matched by IsSet
// and by [Eq] with "", but no value on Odoo 19: Or(IsUnset(f), Eq(f, "")) matches both on each version.
func IsUnset[M, T any](f Field[M, T]) Domain[M] { return Where[M](string(f), "=", false) }

// Like matches texts that contain the pattern, in which _ matches any character and % any text.
func Like[M any, T ~string](f Field[M, T], pattern string) Domain[M] {
	return Where[M](string(f), "like", pattern)
}

// NotLike matches texts that do not contain the pattern, including unset ones.
func NotLike[M any, T ~string](f Field[M, T], pattern string) Domain[M] {
	return Where[M](string(f), "not like", pattern)
}

// ILike is [Like] without regard to case.
func ILike[M any, T ~string](f Field[M, T], pattern string) Domain[M] {
	return Where[M](string(f), "ilike", pattern)
}

// NotILike is [NotLike] without regard to case.
func NotILike[M any, T ~string](f Field[M, T], pattern string) Domain[M] {
	return Where[M](string(f), "not ilike", pattern)
}

// EqLike matches texts that match the pattern as a whole (Odoo's =like), with _ and % as in [Like].
func EqLike[M any, T ~string](f Field[M, T], pattern string) Domain[M] {
	return Where[M](string(f), "=like", pattern)
}

// EqILike is [EqLike] without regard to case (Odoo's =ilike).
func EqILike[M any, T ~string](f Field[M, T], pattern string) Domain[M] {
	return Where[M](string(f), "=ilike", pattern)
}

// ChildOf matches records whose relation points to one of the targets or to a record below one of them in the
// target's hierarchy. On a model's own id: the records themselves and all below them.
func ChildOf[M, T any](f Field[M, ID[T]], targets ...ID[T]) Domain[M] {
	return Where[M](string(f), "child_of", emptyIfNil(targets))
}

// ParentOf matches records whose relation points to one of the targets or to a record above one of them.
func ParentOf[M, T any](f Field[M, ID[T]], targets ...ID[T]) Domain[M] {
	return Where[M](string(f), "parent_of", emptyIfNil(targets))
}

// Any matches records that have a target, along the relation, that matches every condition. Several conditions in one Any
// are about the same target. Odoo has an operator for this since version 17; on older servers the client gets the same
// result with a dotted path, or by searching the targets first.
func Any[M, T any](f Field[M, ID[T]], conditions ...Domain[T]) Domain[M] {
	return Domain[M](anyOf(string(f), modelName[T](), and(exprs(conditions)...)))
}

// NotAny matches records that have no target, along the relation, that matches every condition.
func NotAny[M, T any](f Field[M, ID[T]], conditions ...Domain[T]) Domain[M] {
	return Not(Any(f, conditions...))
}

func anyOf(field, target string, e Expr) Expr {
	switch {
	case e.never():
		return never
	case e.always():
		return untrustedLeaf(field, "!=", false)
	}
	return Expr{&exprNode{kind: kindAny, field: field, target: target, kids: []Expr{e}}}
}
