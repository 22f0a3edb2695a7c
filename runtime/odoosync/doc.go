// Package odoosync makes records of Odoo look like the rows of a source, and writes only what differs.
//
//	report, err := odoosync.Run(ctx, c, odoosync.By(odoo.ResPartnerF.Ref), odoosync.Rows(
//		odoosync.Row[odoo.ResPartnerValues]{
//			Values: odoo.ResPartnerValues{Ref: orm.Set("C-17"), Name: orm.Set("Azure Interior")},
//			Targets: []odoosync.Target{
//				odoosync.Find(odoo.ResPartnerF.CountryID, odoo.ResCountryF.Code, "BE"),
//				odoosync.FindAll(odoo.ResPartnerF.CategoryID, odoo.ResPartnerCategoryF.Name, "Retail", "VIP"),
//			},
//		},
//	))
//
// A row is matched with a record by a key of fields ([By]) or by its external ID ([ByXMLID]). [Run] reads the records of a
// batch of rows, compares the fields that each row sets as Odoo stores them (decimals, currency rounding, unset texts, sets
// of records), and then creates, writes, or leaves the record alone. A row that Odoo refuses is reported and does not affect
// the other rows of its batch. No write is sent twice: if the outcome of a call is unknown, Run stops with the error, and
// the next Run finds out what is there.
//
// Fields that a row leaves absent are not touched. Archived records are matched, too. Records that no row matches stay,
// unless [Archive] or [Delete] is given.
package odoosync
