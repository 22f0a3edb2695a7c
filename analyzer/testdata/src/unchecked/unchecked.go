package unchecked

import (
	"context"

	methods "github.com/odoogen/odoogen/golden/methods/want"
	odoo "github.com/odoogen/odoogen/golden/sales/want"
	orm "github.com/odoogen/odoogen/runtime"
	"github.com/odoogen/odoogen/runtime/files"
	"github.com/odoogen/odoogen/runtime/load"
)

func writes(ctx context.Context, c *orm.Client, id orm.ID[odoo.ResPartner]) error {
	partners := odoo.NewResPartnerClient(c)
	partners.Create(ctx, odoo.ResPartnerValues{Name: orm.Set("x")}) // want `the error of this create of res.partner is dropped`
	partners.Write(ctx, orm.On(id), odoo.ResPartnerValues{})        // want `the error of this write of res.partner is dropped`
	defer partners.Unlink(ctx, orm.On(id))                          // want `the error of this unlink of res.partner is dropped`
	go orm.Unlink(ctx, c, orm.On(id))                               // want `the error of this unlink of res.partner is dropped`
	orm.Create(ctx, c, odoo.ResPartnerValues{})                     // want `the error of this create of res.partner is dropped`
	c.Model("hr.employee").Write(ctx, []int64{1}, orm.Args{})       // want `the error of this write of hr.employee is dropped`
	partners.Call(ctx, "message_post", nil, nil, nil)               // want `the error of this call of message_post of res.partner is dropped`
	c.ExecuteKW(ctx, "res.partner", "write", nil, nil, nil)         // want `the error of this call of write of res.partner is dropped`
	load.Rows(ctx, c, []load.Row[odoo.ResPartnerValues]{})          // want `the error of this load of res.partner is dropped`
	files.UploadTo(ctx, c, "res.partner", 1, "image_1920", nil, -1) // want `the error of this upload of res.partner is dropped`

	_ = partners.Write(ctx, orm.On(id), odoo.ResPartnerValues{}) // on purpose
	partners.Count(ctx, orm.IsSet(odoo.ResPartnerF.Name))
	partners.Call(ctx, "search_count", nil, nil, nil)
	if err := partners.Unlink(ctx, orm.On(id)); err != nil {
		return err
	}
	return partners.Write(ctx, orm.On(id), odoo.ResPartnerValues{})
}

func calls(ctx context.Context, c *orm.Client, id orm.ID[methods.SaleOrder]) {
	orders := methods.NewSaleOrderClient(c)
	orders.MessagePost(ctx, orm.On(id))                                         // want `the error of this call of MessagePost of sale.order is dropped`
	orders.MessagePostWith(ctx, orm.On(id), methods.SaleOrderMessagePostArgs{}) // want `the error of this call of MessagePostWith of sale.order is dropped`
}
