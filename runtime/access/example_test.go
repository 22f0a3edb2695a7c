package access_test

import (
	"context"
	"fmt"
	"log"

	"github.com/odoogen/odoogen/generated"
	"github.com/odoogen/odoogen/generated/odoo"
	"github.com/odoogen/odoogen/introspect/snapshot"
	orm "github.com/odoogen/odoogen/runtime"
	"github.com/odoogen/odoogen/runtime/access"
	"github.com/odoogen/odoogen/runtime/odootest"
)

func ExampleHas() {
	ctx := context.Background()
	c, closeServer := exampleClient(ctx)
	defer closeServer()

	may, err := access.Has[odoo.ResPartner](ctx, c, nil, access.Unlink)
	fmt.Println(may, err)
	// Output: true <nil>
}

// exampleClient logs in to an embedded Odoo.
func exampleClient(ctx context.Context) (*orm.Client, func()) {
	schema, err := snapshot.Decode(generated.Snapshot)
	if err != nil {
		log.Fatal(err)
	}
	server, err := odootest.Start(schema)
	if err != nil {
		log.Fatal(err)
	}
	c, err := server.Dial(ctx)
	if err != nil {
		log.Fatal(err)
	}
	return c, server.Close
}
