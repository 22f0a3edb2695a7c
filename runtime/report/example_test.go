package report_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log"

	"github.com/odoogen/odoogen/generated"
	"github.com/odoogen/odoogen/generated/odoo"
	"github.com/odoogen/odoogen/introspect/snapshot"
	orm "github.com/odoogen/odoogen/runtime"
	"github.com/odoogen/odoogen/runtime/odootest"
	"github.com/odoogen/odoogen/runtime/report"
)

func ExampleWrite() {
	schema, err := snapshot.Decode(generated.Snapshot)
	if err != nil {
		log.Fatal(err)
	}
	server, err := odootest.Start(schema)
	if err != nil {
		log.Fatal(err)
	}
	defer server.Close()
	ctx := context.Background()
	c, err := server.Dial(ctx, orm.Using(orm.WebSession))
	if err != nil {
		log.Fatal(err)
	}
	id, err := orm.Create(ctx, c, odoo.SaleOrderValues{Name: orm.Set("S00036")})
	if err != nil {
		log.Fatal(err)
	}

	var out bytes.Buffer
	printed, err := report.Write(ctx, c, odoo.SaleOrderReportSaleorder, report.HTML, orm.On(id), &out)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(printed.Way, printed.Size)
	fmt.Print(out.String())
	_, err = report.Write(ctx, c, odoo.SaleOrderReportSaleorder, report.PDF, orm.On(id), &out)
	fmt.Println(errors.Is(err, report.ErrNoWkhtmltopdf))
	// Output:
	// web session 71
	// <!DOCTYPE html>
	// <html lang="en_US"><body>
	// <p>S00036</p>
	// </body></html>
	// true
}
