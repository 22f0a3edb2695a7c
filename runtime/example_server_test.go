package orm_test

import (
	"context"
	"errors"
	"fmt"
	"log"

	orm "github.com/odoogen/odoogen/runtime"
)

func ExampleNewServer() {
	odooServer := exampleServer() // in place of https://erp.example.com
	defer odooServer.Close()
	ctx := context.Background()

	server, err := orm.NewServer(odooServer.URL)
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

	server, err := orm.NewServer(odooServer.URL)
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
