package main

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"strconv"
	"time"

	"github.com/odoogen/odoogen/generated"
	"github.com/odoogen/odoogen/generated/odoo"
	"github.com/odoogen/odoogen/introspect/snapshot"
	orm "github.com/odoogen/odoogen/runtime"
	"github.com/odoogen/odoogen/runtime/odoosync"
	"github.com/odoogen/odoogen/runtime/odootest"
)

// This file measures syncs of many rows that a function makes one by one.

const syncWay = "sync"

// syncs measures two sizes, of which the smaller is a tenth. SYNC_ROWS is the larger one: 200,000 for an embedded Odoo, and
// 50,000 for the server of ODOO_URL, on which the partners stay that it creates.
func syncs() error {
	address, most := os.Getenv("ODOO_URL"), "50000"
	if address == "" {
		schema, err := snapshot.Decode(generated.Snapshot)
		if err != nil {
			return err
		}
		server, err := odootest.Start(schema)
		if err != nil {
			return err
		}
		defer server.Close()
		if _, err := server.Create("res.country", map[string]any{"name": "Belgium", "code": "BE"}); err != nil {
			return err
		}
		address, most = server.URL, "200000"
	}
	n, err := strconv.Atoi(cmp.Or(os.Getenv("SYNC_ROWS"), most))
	if err != nil {
		return err
	}
	for _, rows := range []int{n / 10, n, n} { // the third run changes nothing
		if err := apart(address, syncWay, rows); err != nil {
			return err
		}
	}
	return nil
}

// measureSync syncs n rows and prints what it did and the most memory that this process held.
func measureSync(address string, n int) error {
	ctx := context.Background()
	user, password := cmp.Or(os.Getenv("ODOO_USER"), "admin"), cmp.Or(os.Getenv("ODOO_PASSWORD"), "admin")
	c, err := orm.Dial(ctx, address, orm.Database(cmp.Or(os.Getenv("ODOO_DB"), "demo")), orm.Password(user, password))
	if err != nil {
		return err
	}
	start := time.Now()
	report, err := odoosync.Run(ctx, c, odoosync.By(odoo.ResPartnerF.Ref), func(yield func(odoosync.Row[odoo.ResPartnerValues], error) bool) {
		for i := range n {
			values := odoo.ResPartnerValues{Ref: orm.Set(fmt.Sprintf("stream-%06d", i)), Name: orm.Set(fmt.Sprintf("Partner %d", i)), Email: orm.Set(fmt.Sprintf("partner%d@example.com", i))}
			country := odoosync.Find(odoo.ResPartnerF.CountryID, odoo.ResCountryF.Code, "BE")
			if !yield(odoosync.Row[odoo.ResPartnerValues]{Values: values, Targets: []odoosync.Target{country}}, nil) {
				return
			}
		}
	})
	if err != nil {
		return err
	}
	if report.Failures > 0 || report.Created+report.Changed+report.Unchanged != n {
		return fmt.Errorf("%+v", report)
	}
	peak, err := peakMemory()
	fmt.Printf("%7d rows  %7d created  %7d unchanged  %6.1f s  %4d MB at most\n", n, report.Created, report.Unchanged, time.Since(start).Seconds(), peak)
	return err
}
