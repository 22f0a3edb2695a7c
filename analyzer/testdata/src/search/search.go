package search

import (
	"context"

	odoo "github.com/odoogen/odoogen/golden/sales/want"
	orm "github.com/odoogen/odoogen/runtime"
)

var so = odoo.SaleOrderF

func conditions(ctx context.Context, c *orm.Client) error {
	_ = orm.Where[odoo.SaleOrder]("amount_undiscounted", ">", 1e12)                                  // want `sale.order.amount_undiscounted cannot be searched: before Odoo 19 the condition would match every record`
	_ = orm.Where[odoo.SaleOrderLine]("order_id.amount_undiscounted", "=", 1)                        // want `sale.order.amount_undiscounted cannot be searched`
	_ = orm.And(orm.Eq(so.Name, "x"), orm.IsSet(so.AmountUndiscounted))                              // want `sale.order.amount_undiscounted cannot be searched`
	_ = orm.Any(so.OrderLine, orm.Where[odoo.SaleOrderLine]("order_id.amount_undiscounted", "=", 1)) // want `sale.order.amount_undiscounted cannot be searched`
	undiscounted := so.AmountUndiscounted
	_ = orm.IsUnset(undiscounted)                                                       // want `sale.order.amount_undiscounted cannot be searched`
	domain := []any{"&", []any{"name", "=", "x"}, []any{"amount_undiscounted", "<", 0}} // want `sale.order.amount_undiscounted cannot be searched`
	if err := c.Model("sale.order").Call(ctx, "search_count", nil, orm.Args{"domain": domain}, nil); err != nil {
		return err
	}
	return c.ExecuteKW(ctx, "sale.order", "search", []any{[]any{[]any{"amount_undiscounted", "<", 0}}}, nil, nil) // want `sale.order.amount_undiscounted cannot be searched`
}

func orders(ctx context.Context, c *orm.Client) error {
	if _, err := orm.Find[odoo.SaleOrder](ctx, c, orm.IsSet(so.Note), orm.Asc(so.AmountUndiscounted), orm.Desc(so.OrderLine)); err != nil { // want `sale.order.amount_undiscounted cannot be sorted by: before Odoo 19 the order would be ignored` `sale.order.order_line cannot be sorted by`
		return err
	}
	args := orm.Args{"order": "name desc, order_line"} // want `sale.order.order_line cannot be sorted by`
	return c.Model("sale.order").Call(ctx, "search_read", nil, args, nil)
}

type partner struct {
	ID       orm.ID[odoo.ResPartner] `odoo:"id"`
	Children []struct {
		Name string `odoo:"name"`
	} `odoo:"child_ids,order=name;child_ids desc"` // want `res.partner.child_ids cannot be sorted by`
}

// right reads what it cannot search, searches what it cannot sort by, and groups.
func right(ctx context.Context, c *orm.Client) error {
	type group struct {
		Lines  int     `odoo:"order_line:count_distinct"`
		Amount float64 `odoo:"amount_total:sum"`
	}
	if _, err := orm.Group[group](ctx, c, orm.IsSet(so.OrderLine), orm.DescColumn("order_line:count_distinct")); err != nil {
		return err
	}
	if err := c.Model("sale.order").Call(ctx, "read_group", nil, orm.Args{"domain": []any{}, "groupby": []string{"order_line"}, "orderby": "order_line"}, nil); err != nil {
		return err
	}
	_, err := orm.Find[odoo.SaleOrder](ctx, c, orm.Where[odoo.SaleOrder]("order_line.name", "like", "x"), orm.Include(so.AmountUndiscounted), orm.Asc(so.DateOrder))
	return err
}
