package orm_test

import (
	"bytes"
	"context"
	"fmt"
	"log"
	"strings"

	"github.com/odoogen/odoogen/generated/odoo"
	orm "github.com/odoogen/odoogen/runtime"
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
	if err := orm.Upload(ctx, c, id, odoo.IrAttachmentF.Datas, file, -1); err != nil {
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
	n, err := orm.Download(ctx, c, id, odoo.IrAttachmentF.Datas, &file)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(n, "bytes:", file.String())
	// Output: 11 bytes: Hello, Odoo
}

// A walk that was broken off goes on after the last record that was dealt with.
func ExampleAfter() {
	ctx := context.Background()
	c, closeServer := exampleClient(ctx)
	defer closeServer()

	var last orm.ID[odoo.ResPartner] // kept in a file, say
	walk := func(most int) {
		everybody := orm.Gt(odoo.ResPartnerF.Color, 0)
		for p, err := range orm.All[odoo.ResPartner](ctx, c, everybody, orm.After(last), orm.Prefetch()) {
			if err != nil {
				log.Fatal(err)
			}
			fmt.Println(p.Name)
			if last, most = p.ID, most-1; most == 0 {
				return
			}
		}
	}
	walk(2)
	fmt.Println("-- later")
	walk(2)
	// Output:
	// Azure Interior
	// Deco Addict
	// -- later
	// Gemini Furniture
}
