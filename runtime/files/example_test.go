package files_test

import (
	"bytes"
	"context"
	"fmt"
	"log"
	"strings"

	"github.com/odoogen/odoogen/generated"
	"github.com/odoogen/odoogen/generated/odoo"
	"github.com/odoogen/odoogen/introspect/snapshot"
	orm "github.com/odoogen/odoogen/runtime"
	"github.com/odoogen/odoogen/runtime/files"
	"github.com/odoogen/odoogen/runtime/odootest"
)

// An upload sends what it reads: from a file, a request, or here a text.
func ExampleUpload() {
	ctx := context.Background()
	c, closeServer := exampleClient(ctx)
	defer closeServer()

	id, err := odoo.NewIrAttachmentClient(c).Create(ctx, odoo.IrAttachmentValues{Name: orm.Set("hello.txt")})
	if err != nil {
		log.Fatal(err)
	}
	file := strings.NewReader("Hello, Odoo") // or os.Open
	if err := files.Upload(ctx, c, id, odoo.IrAttachmentF.Datas, file, -1); err != nil {
		log.Fatal(err)
	}
	a, err := orm.Get[odoo.IrAttachment](ctx, c, id, orm.Include(odoo.IrAttachmentF.Datas))
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%s: %s\n", a.Name, a.Datas)
	// Output: hello.txt: Hello, Odoo
}

// A download writes the file as it arrives.
func ExampleDownload() {
	ctx := context.Background()
	c, closeServer := exampleClient(ctx)
	defer closeServer()

	id, err := odoo.NewIrAttachmentClient(c).Create(ctx, odoo.IrAttachmentValues{
		Name: orm.Set("hello.txt"), Datas: orm.Set([]byte("Hello, Odoo")),
	})
	if err != nil {
		log.Fatal(err)
	}
	var file bytes.Buffer // or os.Create
	n, err := files.Download(ctx, c, id, odoo.IrAttachmentF.Datas, &file)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(n, "bytes:", file.String())
	// Output: 11 bytes: Hello, Odoo
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

// A file that is known by its ETag is not sent again.
func ExampleFetch() {
	ctx := context.Background()
	c, closeServer := exampleClient(ctx)
	defer closeServer()

	id, err := odoo.NewIrAttachmentClient(c).Create(ctx, odoo.IrAttachmentValues{
		Name: orm.Set("hello.txt"), Datas: orm.Set([]byte("Hello, Odoo")),
	})
	if err != nil {
		log.Fatal(err)
	}
	var file bytes.Buffer
	content, err := files.Fetch(ctx, c, id, files.Part{}, &file)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(content.Name, content.Type, file.String())
	content, err = files.Fetch(ctx, c, id, files.Part{ETag: content.ETag}, &file)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(content.Size, content.Unchanged)
	// Output:
	// hello.txt text/plain Hello, Odoo
	// 0 true
}
