package actions_test

import (
	"context"
	"fmt"
	"log"

	"github.com/odoogen/odoogen/generated"
	"github.com/odoogen/odoogen/generated/odoo"
	"github.com/odoogen/odoogen/introspect/snapshot"
	orm "github.com/odoogen/odoogen/runtime"
	"github.com/odoogen/odoogen/runtime/actions"
	"github.com/odoogen/odoogen/runtime/odootest"
)

// The button of a product answers with the form of a wizard. Follow fills it in, as a user would.
func ExampleFollow() {
	ctx := context.Background()
	c, closeServer := labelServer(ctx)
	defer closeServer()

	products := odoo.NewProductTemplateClient(c)
	table, err := products.Create(ctx, odoo.ProductTemplateValues{Name: orm.Set("Table")})
	if err != nil {
		log.Fatal(err)
	}
	answer, err := products.ActionOpenLabelLayout(ctx, orm.On(table))
	if err != nil {
		log.Fatal(err)
	}
	action, ok := actions.Of(answer)
	fmt.Println(ok, action.Type, action.ResModel)

	wizard, err := actions.Follow(ctx, c, action, odoo.ProductLabelLayoutValues{CustomQuantity: orm.Set(3)})
	if err != nil {
		log.Fatal(err)
	}
	printed, err := odoo.NewProductLabelLayoutClient(wizard.Client).Process(ctx, orm.On(wizard.ID))
	if err != nil {
		log.Fatal(err)
	}
	report, _ := actions.Of(printed)
	fmt.Println(report.Type, report.ReportName)
	// Output:
	// true ir.actions.act_window product.label.layout
	// ir.actions.report product.report_producttemplatelabel
}

// labelServer is an embedded Odoo with the two methods that print labels.
func labelServer(ctx context.Context) (*orm.Client, func()) {
	schema, err := snapshot.Decode(generated.Snapshot)
	if err != nil {
		log.Fatal(err)
	}
	server, err := odootest.Start(schema)
	if err != nil {
		log.Fatal(err)
	}
	server.Method("product.template", "action_open_label_layout", func(call odootest.Call) (any, error) {
		return map[string]any{
			"type": "ir.actions.act_window", "res_model": "product.label.layout", "target": "new",
			"context": map[string]any{"default_product_tmpl_ids": call.IDs},
		}, nil
	})
	server.Method("product.label.layout", "process", func(odootest.Call) (any, error) {
		return map[string]any{"type": "ir.actions.report", "report_name": "product.report_producttemplatelabel"}, nil
	})
	c, err := server.Dial(ctx)
	if err != nil {
		log.Fatal(err)
	}
	return c, server.Close
}
