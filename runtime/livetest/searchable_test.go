//go:build live

package livetest

import (
	"errors"
	"testing"

	orm "github.com/odoogen/odoogen/runtime"
)

// Odoo before 19 leaves a condition on a field that it cannot search out of the domain, and every record matches. The
// client refuses it there, and the server from 19 on.
func TestLiveUnsearchableConditionsMatchNothing(t *testing.T) {
	c := dialLive(t, orm.Database(env(t, "ODOO_FULL_DB")), orm.Password(env(t, "ODOO_USER"), env(t, "ODOO_PASSWORD")))
	ctx, orders := t.Context(), c.Model("sale.order")
	fields, err := orders.FieldsGet(ctx, []string{"amount_undiscounted"})
	if err != nil || fields["amount_undiscounted"].Searchable || fields["amount_undiscounted"].Sortable {
		t.Fatalf("amount_undiscounted of sale.order is %v, %v", fields, err)
	}
	all, err := orders.Count(ctx, orm.Expr{})
	if err != nil || all == 0 {
		t.Fatalf("%d orders, %v", all, err)
	}
	type order struct{}
	type line struct{}
	more := orm.Where[order]("amount_undiscounted", ">", 1e12)
	for name, where := range map[string]orm.Domain[order]{
		"alone":  more,
		"in And": orm.And(orm.Where[order]("state", "=", "draft"), more),
		"in Not": orm.Not(more),
		"in Any": orm.Any(orm.Rel[order, line]("order_line"), orm.Where[line]("order_id.amount_undiscounted", ">", 1e12)),
		"a path": orm.Where[order]("order_line.order_id.amount_undiscounted", ">", 1e12),
	} {
		if n, err := orders.Count(ctx, orm.Expr(where)); !refused(c, err) {
			t.Errorf("%s: %d of %d orders, %v", name, n, all, err)
		}
	}

	// The most dangerous of all: to delete what was found by such a condition.
	var ids []int64
	err = orders.Search(ctx, &ids, orm.Expr(more))
	if unlink := orders.Unlink(ctx, ids); !refused(c, err) || len(ids) > 0 || unlink != nil {
		t.Fatalf("found %d orders to delete, %v, %v", len(ids), err, unlink)
	}
	if left, err := orders.Count(ctx, orm.Expr{}); left != all || err != nil {
		t.Fatalf("%d of %d orders are left, %v", left, all, err)
	}

	if err := orders.Search(ctx, &ids, orm.Expr{}, orm.Desc(orm.Field[order, float64]("amount_undiscounted"))); !refused(c, err) {
		t.Errorf("order: %v", err)
	}
	var rows []struct {
		ID int64 `odoo:"id"`
	}
	if err := orders.Find(ctx, &rows, orm.Expr(orm.Where[order]("partner_id.name", "!=", false)), orm.Asc(orm.Field[order, string]("name"))); err != nil || len(rows) == 0 {
		t.Errorf("a condition and an order by fields that can be searched: %d orders, %v", len(rows), err)
	}
}

// refused reports whether the right side has refused: the client before 19, and the server from 19 on.
func refused(c *orm.Client, err error) bool {
	if c.Version().Major < 19 {
		return errors.Is(err, orm.ErrUnsearchable)
	}
	var server *orm.Error
	return errors.As(err, &server)
}
