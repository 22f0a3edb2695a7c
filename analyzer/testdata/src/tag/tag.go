package tag

import (
	"context"
	"encoding/json"
	"time"

	odoo "github.com/odoogen/odoogen/golden/sales/want"
	orm "github.com/odoogen/odoogen/runtime"
)

type good struct {
	ID       orm.ID[odoo.SaleOrder]   `odoo:"id"`
	Customer orm.Ref[odoo.ResPartner] `odoo:"partner_id"`
	Only     orm.ID[odoo.ResPartner]  `odoo:"partner_id"`
	Lines    []int64                  `odoo:"order_line"`
	Total    *float64                 `odoo:"amount_total"`
	State    string                   `odoo:"state"`
	Ordered  orm.Date                 `odoo:"date_order"`
	Raw      json.RawMessage          `odoo:"order_line"`
	Any      any                      `odoo:"note"`
	Own      own                      `odoo:"amount_total"`
	Made     time.Time                `odoo:"create_date"`
	Custom   string                   `odoo:"x_studio_note"`
	Other    string                   `json:"nothing"`
	Typed    odoo.SaleOrderState      `odoo:"state"`
}

type own struct{}

func (*own) UnmarshalJSON([]byte) error { return nil }

type scanned int

func (*scanned) Scan(any) error { return nil }

// ofDatabase has a type that reads itself as from a database.
type ofDatabase struct {
	ID   orm.ID[odoo.ResPartner] `odoo:"id"`
	Name scanned                 `odoo:"name"`
}

type bad struct {
	ID       orm.ID[odoo.ResPartner] `odoo:"id"`            // of partners
	Customer orm.Ref[odoo.SaleOrder] `odoo:"parent_id"`     // want `res.partner.parent_id does not fit into orm.Ref\[.*SaleOrder\]: want orm.Ref\[.*ResPartner\]`
	Mail     string                  `odoo:"emial"`         // want `res.partner has no field emial; did you mean email\?`
	Credit   int                     `odoo:"credit_limit"`  // want `res.partner.credit_limit does not fit into int: want float64`
	Children int64                   `odoo:"child_ids"`     // want `res.partner.child_ids does not fit into int64`
	Active   string                  `odoo:"active"`        // want `res.partner.active does not fit into string`
	Name     bool                    `json:"n" odoo:"name"` // want `res.partner.name does not fit into bool: want string`
}

// unnamed takes its model from the call.
func unnamed(ctx context.Context, c *orm.Client) error {
	type row struct {
		Name  string `odoo:"name"`
		Phone string `odoo:"phone"` // want `sale.order has no field phone`
	}
	if _, err := orm.Find[row](ctx, c, orm.IsSet(odoo.SaleOrderF.Note)); err != nil {
		return err
	}
	var rows []struct {
		Wrong string `odoo:"nothing_such"` // want `sale.order.line has no field nothing_such`
	}
	return c.Model("sale.order.line").Find(ctx, &rows, orm.Expr{})
}

// groups have functions, and columns of their own.
func groups(ctx context.Context, c *orm.Client) error {
	type row struct {
		Customer orm.Ref[odoo.ResPartner] `odoo:"partner_id"`
		Month    orm.Period               `odoo:"date_order:month"`
		Total    float64                  `odoo:"amount_total:sum"`
		Orders   int                      `odoo:"__count"`
		Taxes    float64                  `odoo:"amount_taxes:sum"` // want `sale.order has no field amount_taxes`
	}
	_, err := orm.Group[row](ctx, c, orm.IsSet(odoo.SaleOrderF.Note))
	return err
}

// unknown models are nobody's business.
func unknown(ctx context.Context, c *orm.Client) error {
	var rows []struct {
		Whatever string `odoo:"whatever"`
	}
	return c.Model("hr.employee").Find(ctx, &rows, orm.Expr{})
}
