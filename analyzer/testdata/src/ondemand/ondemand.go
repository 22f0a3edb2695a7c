package ondemand

import (
	"context"

	odoo "github.com/odoogen/odoogen/golden/sales/want"
	orm "github.com/odoogen/odoogen/runtime"
)

func reads(ctx context.Context, c *orm.Client, id orm.ID[odoo.ResPartner], opts []orm.ReadOption) (n int, err error) {
	partners := odoo.NewResPartnerClient(c)
	p, err := partners.Get(ctx, id)
	if err != nil {
		return 0, err
	}
	n += len(p.Image1920) + len(p.Name) // want `res.partner.image_1920 was not read: ask for it with orm.Include\(odoo.ResPartnerF.Image1920\)`

	all, err := orm.Find[odoo.ResPartner](ctx, c, orm.IsSet(odoo.ResPartnerF.Name), orm.Limit(3), orm.Include(odoo.ResPartnerF.Image1920))
	for _, p := range all {
		n += p.SaleOrderCount // want `res.partner.sale_order_count was not read`
		n += len(p.Image1920)
	}
	n += all[0].SaleOrderCount // want `res.partner.sale_order_count was not read`

	for p, err := range partners.All(ctx, orm.IsSet(odoo.ResPartnerF.Name)) {
		if err == nil {
			n += p.SaleOrderCount // want `res.partner.sale_order_count was not read`
		}
	}
	return n, err
}

func asked(ctx context.Context, c *orm.Client, id orm.ID[odoo.ResPartner], opts []orm.ReadOption, opt orm.ReadOption) (n int, err error) {
	partners := odoo.NewResPartnerClient(c)
	every, err := partners.Get(ctx, id, orm.Everything())
	n += every.SaleOrderCount
	some, err := partners.Get(ctx, id, opts...)
	n += some.SaleOrderCount
	one, err := partners.Get(ctx, id, opt)
	n += one.SaleOrderCount
	f := odoo.ResPartnerF
	count := orm.Include(f.SaleOrderCount)
	counted, err := partners.Get(ctx, id, count)
	n += counted.SaleOrderCount

	set, err := partners.Get(ctx, id)
	set.SaleOrderCount = 3
	n += set.SaleOrderCount
	given, err := partners.Get(ctx, id)
	fill(&given)
	n += given.SaleOrderCount
	list, err := partners.Find(ctx, orm.IsSet(odoo.ResPartnerF.Name))
	fillAll(list)
	for _, p := range list {
		n += p.SaleOrderCount
	}
	again, err := partners.Get(ctx, id)
	again, err = partners.Get(ctx, id, orm.Everything())
	return n + again.SaleOrderCount, err
}

func fill(p *odoo.ResPartner)        { p.SaleOrderCount = 1 }
func fillAll(list []odoo.ResPartner) { list[0].SaleOrderCount = 1 }
