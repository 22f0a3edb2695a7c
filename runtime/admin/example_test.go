package admin_test

import (
	"context"
	"errors"
	"fmt"
	"log"

	"github.com/odoogen/odoogen/generated"
	"github.com/odoogen/odoogen/generated/odoo"
	"github.com/odoogen/odoogen/introspect/snapshot"
	orm "github.com/odoogen/odoogen/runtime"
	"github.com/odoogen/odoogen/runtime/admin"
	"github.com/odoogen/odoogen/runtime/odootest"
)

func exampleServer() *odootest.Server {
	schema, err := snapshot.Decode(generated.Snapshot)
	if err != nil {
		log.Fatal(err)
	}
	server, err := odootest.Start(schema)
	if err != nil {
		log.Fatal(err)
	}
	return server
}

func ExampleNewServer() {
	odooServer := exampleServer() // in place of https://erp.example.com
	defer odooServer.Close()
	ctx := context.Background()

	server, err := admin.NewServer(odooServer.URL)
	if err != nil {
		log.Fatal(err)
	}
	version, err := server.Version(ctx)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("Odoo", version.Major)

	uid, err := server.Login(ctx, "demo", "admin", "admin")
	fmt.Println(uid > 0, err)
	_, err = server.Login(ctx, "demo", "admin", "wrong")
	fmt.Println(errors.Is(err, orm.ErrAccessDenied))
	// Output:
	// Odoo 19
	// true <nil>
	// true
}

func ExampleDatabases_List() {
	odooServer := exampleServer()
	defer odooServer.Close()

	server, err := admin.NewServer(odooServer.URL)
	if err != nil {
		log.Fatal(err)
	}
	databases := server.Databases("master password")
	names, err := databases.List(context.Background())
	if errors.Is(err, orm.ErrDatabasesDisabled) {
		log.Fatal("the server hides its databases")
	}
	fmt.Println(names, err)
	// Output: [demo] <nil>
}

// A custom model, used immediately.
func ExampleCreateModel() {
	ctx := context.Background()
	server := exampleServer()
	defer server.Close()
	if err := server.SeedJSON([]byte(`{"res.partner": [{"id": "base.main_partner", "name": "YourCompany"}]}`)); err != nil {
		log.Fatal(err)
	}
	c, err := server.Dial(ctx)
	if err != nil {
		log.Fatal(err)
	}

	_, err = admin.CreateModel(ctx, c, admin.CustomModel{
		Model: "x_machine", Label: "Machine",
		Fields: []admin.CustomField{
			{Name: "x_name", Label: "Name", Type: admin.TypeChar, Required: true},
			{Name: "x_state", Label: "State", Type: admin.TypeSelection, Selection: orm.Labels{{"on", "On"}, {"off", "Off"}}},
			{Name: "x_owner_id", Label: "Owner", Type: admin.TypeMany2one, Relation: "res.partner"},
		},
	})
	if err != nil {
		log.Fatal(err)
	}
	type machine struct {
		Name  string                  `odoo:"x_name"`
		State string                  `odoo:"x_state"`
		Owner orm.ID[odoo.ResPartner] `odoo:"x_owner_id"`
	}
	id, err := c.Model("x_machine").Create(ctx, machine{Name: "Lathe", State: "on", Owner: 1})
	if err != nil {
		log.Fatal(err)
	}
	var lathe machine
	err = c.Model("x_machine").Get(ctx, &lathe, id)
	fmt.Println(lathe.Name, lathe.State, lathe.Owner, err)
	// Output: Lathe on 1 <nil>
}
