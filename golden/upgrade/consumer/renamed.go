// Package consumer is a program for Odoo 14.
// The parts of it that the upgrade to 19 breaks are listed in ../impact.txt.
package consumer

import (
	"context"
	"time"

	"github.com/odoogen/odoogen/golden/upgrade/odoo14"
	orm "github.com/odoogen/odoogen/runtime"
)

// This file uses what has another name in 19, with what is the same beside it: --fix makes it compile.

// Lines reads the lines of an order with their taxes.
func Lines(ctx context.Context, c *orm.Client, order orm.ID[odoo.SaleOrder]) ([]odoo.SaleOrderLine, error) {
	line := odoo.SaleOrderLineF
	where := orm.And(
		orm.Eq(line.OrderID, order),
		orm.IsSet(line.TaxID), // the descriptor through a variable
		orm.Any(odoo.SaleOrderLineF.ProductUom, orm.Gt(odoo.UomUomF.Rounding, 0.5)),
	)
	return orm.Find[odoo.SaleOrderLine](ctx, c, where, orm.Asc(odoo.SaleOrderLineF.ProductUom), orm.Limit(80))
}

// Taxed reports whether a line has taxes.
func Taxed(l odoo.SaleOrderLine) bool { return len(l.TaxID) > 0 && l.PriceSubtotal > 0 }

// Sell adds a line.
func Sell(ctx context.Context, c *orm.Client, order orm.ID[odoo.SaleOrder], product orm.ID[odoo.ProductProduct], unit orm.ID[odoo.UomUom]) error {
	values := odoo.SaleOrderLineValues{
		OrderID:    orm.Set(order),
		ProductID:  orm.Set(product),
		ProductUom: orm.Set(unit),
	}
	values.TaxID = orm.Commands(orm.RemoveAll[odoo.AccountTax]())
	_, err := odoo.NewSaleOrderLineClient(c).Create(ctx, values)
	return err
}

// lineRow is a projection: its tags name the fields.
type lineRow struct {
	ID    orm.ID[odoo.SaleOrderLine] `odoo:"id"`
	Unit  orm.Ref[odoo.UomUom]       `json:"unit" odoo:"product_uom"`
	Taxes []orm.ID[odoo.AccountTax]  `odoo:"tax_id"` // a comment that stays
}

// Rows reads rows of lines.
func Rows(ctx context.Context, c *orm.Client) ([]lineRow, error) {
	return orm.Find[lineRow](ctx, c, orm.Where[odoo.SaleOrderLine]("tax_id.name", "ilike", "21%"))
}

// Admins are the users of a group.
func Admins(ctx context.Context, c *orm.Client, group orm.ID[odoo.ResGroups]) ([]string, error) {
	var names []string
	for user, err := range odoo.NewResUsersClient(c).All(ctx, orm.Eq(odoo.ResUsersF.GroupsID, group), orm.PageSize(10)) {
		if err != nil {
			return nil, err
		}
		names = append(names, user.Login)
	}
	return names, nil
}

// Lost counts the leads that were lost for a reason, in Odoo's own words.
func Lost(ctx context.Context, c *orm.Client, since time.Time) (n int, err error) {
	err = odoo.NewCrmLeadClient(c).Call(ctx, "search_count", nil, orm.Args{
		"domain": []any{[]any{"lost_reason", "!=", false}, []any{"create_date", ">", since}},
	}, &n)
	return n, err
}

// Moves are the moves of a transfer, by the untyped door.
func Moves(ctx context.Context, c *orm.Client, transfer int64) (moves []int64, err error) {
	var records []struct {
		Moves []int64 `odoo:"move_lines"`
	}
	err = c.Model("stock.picking").Find(ctx, &records, orm.Expr(orm.Where[odoo.StockPicking]("id", "=", transfer)))
	for _, r := range records {
		moves = append(moves, r.Moves...)
	}
	return moves, err
}

// Transfer makes one, with values by name.
func Transfer(ctx context.Context, c *orm.Client, partner int64) (int64, error) {
	return c.Model("stock.picking").Create(ctx, orm.Args{"partner_id": partner, "move_lines": []any{}})
}

// Channels lists channels, of a model that has another name.
func Channels(ctx context.Context, c *orm.Client) ([]odoo.MailChannel, error) {
	if err := c.ExecuteKW(ctx, "mail.channel", "search_read", []any{[]any{[]any{"name", "=", "general"}}, []string{"name"}}, nil, nil); err != nil {
		return nil, err
	}
	return odoo.NewMailChannelClient(c).Find(ctx, orm.ILike(odoo.MailChannelF.Name, "general"))
}

// Losers groups leads.
func Losers(ctx context.Context, c *orm.Client) ([]reason, error) {
	return orm.Group[reason](ctx, c, orm.Eq(odoo.CrmLeadF.Type, odoo.CrmLeadTypeOpportunity), orm.AscColumn("lost_reason"),
		orm.Context{"default_lost_reason": 1})
}

type reason struct {
	Reason orm.Ref[odoo.CrmLostReason] `odoo:"lost_reason"`
	Leads  int                         `odoo:"__count"`
}

// Nested reads along relations, in a struct of the application.
func Nested(ctx context.Context, c *orm.Client) ([]nested, error) {
	return orm.Find[nested](ctx, c, orm.IsSet(odoo.SaleOrderF.Name))
}

type nested struct {
	Name  string `odoo:"name"`
	Lines []struct {
		Taxes []orm.ID[odoo.AccountTax] `odoo:"tax_id"`
		Unit  struct {
			Name string `odoo:"name"`
		} `odoo:"product_uom"`
	} `odoo:"order_line,order=product_uom desc;id"`
}

// Totals reads a projection of the configuration.
func Totals(o odoo.OrderTotals) (n int) {
	for _, l := range o.OrderLine {
		n += len(l.TaxID)
	}
	return n
}

// Say posts in a channel: the model has another name, and so has the type of the optional arguments.
func Say(ctx context.Context, c *orm.Client, channel orm.ID[odoo.MailChannel], text string) error {
	channels := odoo.NewMailChannelClient(c)
	if _, err := channels.MessagePost(ctx, orm.On(channel)); err != nil {
		return err
	}
	_, err := channels.MessagePostWith(ctx, orm.On(channel), odoo.MailChannelMessagePostArgs{Body: orm.Set(text)})
	return err
}
