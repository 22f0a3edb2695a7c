package feed_test

import (
	"context"
	"fmt"
	"log"

	"github.com/odoogen/odoogen/generated"
	"github.com/odoogen/odoogen/generated/odoo"
	"github.com/odoogen/odoogen/introspect/snapshot"
	orm "github.com/odoogen/odoogen/runtime"
	"github.com/odoogen/odoogen/runtime/feed"
	"github.com/odoogen/odoogen/runtime/odootest"
)

func ExampleNew() {
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
	c, err := server.Dial(ctx)
	if err != nil {
		log.Fatal(err)
	}
	partners := odoo.NewResPartnerClient(c)
	azure, err := partners.Create(ctx, odoo.ResPartnerValues{Name: orm.Set("Azure Interior")})
	if err != nil {
		log.Fatal(err)
	}

	type row struct {
		Name  string `odoo:"name"`
		Email string `odoo:"email"`
	}
	f, err := feed.New[row](c, orm.AllOf[odoo.ResPartner]()) // in a program, with feed.StoreIn(feed.File(…))
	if err != nil {
		log.Fatal(err)
	}
	show := func() {
		for batch, err := range f.Batches(ctx) { // with feed.Every(…) it goes on
			if err != nil {
				log.Fatal(err)
			}
			for _, change := range batch.Changes {
				fmt.Println(change.Kind, change.ID, change.Record.Name)
			}
			if err := batch.Commit(ctx); err != nil {
				log.Fatal(err)
			}
		}
	}
	show()
	deco, err := partners.Create(ctx, odoo.ResPartnerValues{Name: orm.Set("Deco Addict")})
	if err == nil {
		err = partners.Write(ctx, []orm.ID[odoo.ResPartner]{azure}, odoo.ResPartnerValues{Email: orm.Set("info@azure.example")})
	}
	if err != nil {
		log.Fatal(err)
	}
	show()
	if err := partners.Unlink(ctx, []orm.ID[odoo.ResPartner]{deco}); err != nil {
		log.Fatal(err)
	}
	show()
	// Output:
	// created 1 Azure Interior
	// changed 1 Azure Interior
	// created 2 Deco Addict
	// deleted 2
}

// An administrator installs the outbox once; the feed then takes its changes from it.
func ExampleInstall() {
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
	c, err := server.Dial(ctx)
	if err != nil {
		log.Fatal(err)
	}
	// Children are partners: a change of one is a change of its parent, too.
	if err := feed.Install(ctx, c, "shop", feed.On(feed.Through(odoo.ResPartnerF.ParentID)), feed.Readers("base.group_user")); err != nil {
		log.Fatal(err)
	}
	status, err := feed.Installed(ctx, c, "shop")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(status)

	type row struct {
		Name string `odoo:"name"`
	}
	f, err := feed.New[row](c, orm.AllOf[odoo.ResPartner](), feed.Outbox("shop"))
	if err != nil {
		log.Fatal(err)
	}
	if _, err := orm.Create(ctx, c, odoo.ResPartnerValues{Name: orm.Set("Azure Interior")}); err != nil {
		log.Fatal(err)
	}
	for batch, err := range f.Batches(ctx) {
		if err != nil {
			log.Fatal(err)
		}
		for _, change := range batch.Changes {
			fmt.Println(change.Kind, change.ID, change.Record.Name)
		}
		if err := batch.Commit(ctx); err != nil {
			log.Fatal(err)
		}
	}
	// Output:
	// watches res.partner, with res.partner.parent_id
	// 0 rows wait
	// created 1 Azure Interior
}
