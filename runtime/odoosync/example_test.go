package odoosync_test

import (
	"context"
	"fmt"
	"log"

	"github.com/odoogen/odoogen/generated"
	"github.com/odoogen/odoogen/generated/odoo"
	"github.com/odoogen/odoogen/introspect/snapshot"
	orm "github.com/odoogen/odoogen/runtime"
	"github.com/odoogen/odoogen/runtime/odoosync"
	"github.com/odoogen/odoogen/runtime/odootest"
)

func ExampleRun() {
	schema, err := snapshot.Decode(generated.Snapshot)
	if err != nil {
		log.Fatal(err)
	}
	server, err := odootest.Start(schema)
	if err != nil {
		log.Fatal(err)
	}
	defer server.Close()
	if _, err := server.Create("res.country", map[string]any{"name": "Belgium", "code": "BE"}); err != nil {
		log.Fatal(err)
	}
	ctx := context.Background()
	client, err := server.Dial(ctx)
	if err != nil {
		log.Fatal(err)
	}

	partner := func(ref, name, country string) odoosync.Row[odoo.ResPartnerValues] {
		return odoosync.Row[odoo.ResPartnerValues]{
			Values:  odoo.ResPartnerValues{Ref: orm.Set(ref), Name: orm.Set(name)},
			Targets: []odoosync.Target{odoosync.Find(odoo.ResPartnerF.CountryID, odoo.ResCountryF.Code, country)},
		}
	}
	for range 2 {
		report, err := odoosync.Run(ctx, client, odoosync.By(odoo.ResPartnerF.Ref), odoosync.Rows(
			partner("C-17", "Azure Interior", "BE"),
			partner("C-18", "Deco Addict", "XX"),
		))
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(report.Created, "created,", report.Unchanged, "unchanged,", report.Failed[0])
	}
	// Output:
	// 1 created, 0 unchanged, row 1: field country_id: code "XX" of res.country: no record has this value
	// 0 created, 1 unchanged, row 1: field country_id: code "XX" of res.country: no record has this value
}
