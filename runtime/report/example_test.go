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

// The invoice is made and stored by the first call. A test on the embedded Odoo gives reports their content.
func ExampleInvoice() {
	schema, err := snapshot.Decode(generated.Snapshot)
	if err != nil {
		log.Fatal(err)
	}
	server, err := odootest.Start(schema)
	if err != nil {
		log.Fatal(err)
	}
	defer server.Close()
	server.Method("ir.actions.report", "render", func(odootest.Call) (any, error) { return "%PDF-1.4 the invoice", nil })
	id, err := server.Create("account.move", map[string]any{"name": "INV/2026/0001", "state": "posted", "move_type": "out_invoice"})
	if err != nil {
		log.Fatal(err)
	}
	ctx := context.Background()
	c, err := server.Dial(ctx)
	if err != nil {
		log.Fatal(err)
	}

	for range 2 {
		var out bytes.Buffer
		printed, err := report.Invoice(ctx, c, orm.ID[odoo.AccountMove](id), &out)
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(printed.Way, printed.Name, out.String())
	}
	// Output:
	// send and print INV_2026_0001.pdf %PDF-1.4 the invoice
	// stored document INV_2026_0001.pdf %PDF-1.4 the invoice
}

// The portal needs no web session: its addresses have an access token.
func ExamplePortal() {
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
	c, err := server.Dial(ctx, orm.Using(orm.JSONRPC))
	if err != nil {
		log.Fatal(err)
	}
	id, err := orm.Create(ctx, c, odoo.SaleOrderValues{Name: orm.Set("S00036")})
	if err != nil {
		log.Fatal(err)
	}

	var out bytes.Buffer
	printed, err := report.Portal(ctx, c, id, report.HTML, &out)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(printed.Way)
	fmt.Print(out.String())
	// Output:
	// portal
	// <!DOCTYPE html>
	// <html lang="en_US"><body>
	// <p>S00036</p>
	// </body></html>
}
