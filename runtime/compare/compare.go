// Package compare has the conditions <, <=, > and >= for fields with Go types of the application: decimals, dates of a library.
// [orm.Lt] and the functions beside it take Odoo's own types.
//
//	orders, err := orm.Find[odoo.SaleOrder](ctx, c, compare.Gt(odoo.SaleOrderF.AmountTotal, decimal.NewFromInt(1000)))
package compare

import orm "github.com/odoogen/odoogen/runtime"

// Ordered is a type whose values have an order, as time.Time, netip.Addr and decimal.Decimal have. A condition with <, <=, >
// or >= on a UUID or on an enum does not compile.
type Ordered[T any] interface{ Compare(other T) int }

// Lt matches records whose field is less than the value.
func Lt[M any, T Ordered[T]](f orm.Field[M, T], v T) orm.Domain[M] { return where(f, "<", v) }

// Le matches records whose field is the value or less.
func Le[M any, T Ordered[T]](f orm.Field[M, T], v T) orm.Domain[M] { return where(f, "<=", v) }

// Gt matches records whose field is greater than the value.
func Gt[M any, T Ordered[T]](f orm.Field[M, T], v T) orm.Domain[M] { return where(f, ">", v) }

// Ge matches records whose field is the value or greater.
func Ge[M any, T Ordered[T]](f orm.Field[M, T], v T) orm.Domain[M] { return where(f, ">=", v) }

func where[M, T any](f orm.Field[M, T], operator string, v T) orm.Domain[M] {
	return orm.Where[M](string(f), operator, v)
}
