package loop

import (
	"context"
	"fmt"

	odoo "github.com/odoogen/odoogen/golden/sales/want"
	orm "github.com/odoogen/odoogen/runtime"
)

func creates(ctx context.Context, c *orm.Client, names []string) (ids []orm.ID[odoo.ResPartner], err error) {
	partners := odoo.NewResPartnerClient(c)
	for _, name := range names {
		id, err := partners.Create(ctx, odoo.ResPartnerValues{Name: orm.Set(name)}) // want `a create of res.partner for each turn of a loop: collect the values, and make one call of CreateMany`
		if err != nil {
			return nil, err
		}
		ids = append(ids, id)
	}
	for i := 0; i < 3; i++ {
		values := odoo.ResPartnerValues{Color: orm.Set(i)}
		if _, err := orm.Create(ctx, c, values); err != nil { // want `a create of res.partner for each turn of a loop`
			return nil, err
		}
	}
	// Each order needs the id of its partner.
	for _, name := range names {
		id, err := partners.Create(ctx, odoo.ResPartnerValues{Name: orm.Set(name)})
		if err != nil {
			return nil, err
		}
		fmt.Println(id)
	}
	// Each is reported.
	for _, name := range names {
		if _, err := partners.Create(ctx, odoo.ResPartnerValues{Name: orm.Set(name)}); err != nil {
			fmt.Println(err)
			continue
		}
	}
	// The same again until it succeeds.
	for i := 0; i < 3; i++ {
		if _, err = partners.Create(ctx, odoo.ResPartnerValues{Name: orm.Set("x")}); err == nil {
			return nil, nil
		}
	}
	return ids, nil
}

func others(ctx context.Context, c *orm.Client, ids []orm.ID[odoo.ResPartner], records []odoo.ResPartner) error {
	for _, id := range ids {
		if err := orm.Write(ctx, c, orm.On(id), odoo.ResPartnerValues{Active: orm.Set(false)}); err != nil { // want `a write of res.partner for each turn of a loop, with the same values: collect the ids, and make one call`
			return err
		}
	}
	for _, r := range records {
		if err := orm.Write(ctx, c, orm.On(r.ID), odoo.ResPartnerValues{Name: orm.Set(r.Name + "!")}); err != nil {
			return err
		}
	}
	for _, r := range records {
		err := orm.Unlink(ctx, c, orm.On(r.ID)) // want `an unlink of res.partner for each turn of a loop: collect the ids, and make one call`
		if err != nil {
			return err
		}
	}
	for _, r := range records {
		if err := c.Model("res.partner").Unlink(ctx, []int64{int64(r.ID)}); err != nil { // want `an unlink of res.partner for each turn`
			return err
		}
	}
	for i := range records {
		go func() { _ = orm.Unlink(ctx, c, orm.On(records[i].ID)) }()
	}
	for start := 0; start < len(ids); start += 100 {
		if err := orm.Unlink(ctx, c, ids[start:min(start+100, len(ids))]); err != nil {
			return err
		}
	}
	return nil
}
