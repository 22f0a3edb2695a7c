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
	if _, err := server.Create("ir.actions.report", map[string]any{"name": "Contact", "model": "res.partner", "report_name": "shop.report_contact"}); err != nil {
		log.Fatal(err)
	}
	ctx := context.Background()
	c, err := server.Dial(ctx, orm.Using(orm.WebSession))
	if err != nil {
		log.Fatal(err)
	}
	id, err := orm.Create(ctx, c, odoo.ResPartnerValues{Name: orm.Set("Azure Interior")})
	if err != nil {
		log.Fatal(err)
	}

	var out bytes.Buffer
	printed, err := report.Write(ctx, c, "shop.report_contact", report.HTML, orm.On(id), &out)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(printed.Way, printed.Size)
	fmt.Print(out.String())
	_, err = report.Write(ctx, c, "shop.report_contact", report.PDF, orm.On(id), &out)
	fmt.Println(errors.Is(err, report.ErrNoWkhtmltopdf))
	// Output:
	// web session 79
	// <!DOCTYPE html>
	// <html lang="en_US"><body>
	// <p>Azure Interior</p>
	// </body></html>
	// true
}
