package webhook_test

import (
	"context"
	"fmt"
	"log"
	"net/http"
	"net/http/httptest"
	"strings"

	"github.com/odoogen/odoogen/generated/odoo"
	orm "github.com/odoogen/odoogen/runtime"
	"github.com/odoogen/odoogen/runtime/webhook"
)

func ExampleHandler() {
	type row struct {
		ID    orm.ID[odoo.SaleOrder] `odoo:"id"`
		Name  string                 `odoo:"name"`
		State odoo.SaleOrderState    `odoo:"state"`
	}
	const secret = "ZRKXHZ4SQRU3T6TFUB2VUFYBCC" // in a program, of rand.Text, kept with the other secrets
	orders, err := webhook.Handler(secret, func(_ context.Context, e webhook.Event[row]) error {
		fmt.Println(e.Model, e.Record.ID, e.Record.Name, e.Record.State)
		return nil
	})
	if err != nil {
		log.Fatal(err)
	}
	mux := http.NewServeMux()
	mux.Handle("/odoo/", orders)
	server := httptest.NewServer(mux)

	// Odoo sends:
	body := strings.NewReader(`{"_action": "post(#1025)", "_id": 7, "_model": "sale.order", "id": 7, "name": "S00007", "state": "sale"}`)
	answer, err := http.Post(server.URL+"/odoo/"+secret, "application/json", body)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(answer.Status)

	// At the end of the program:
	server.Close()
	if err := orders.Close(context.Background()); err != nil {
		log.Fatal(err)
	}
	// Unordered output:
	// 200 OK
	// sale.order 7 S00007 sale
}
