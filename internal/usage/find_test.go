package usage_test

import (
	"go/ast"
	"go/types"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/go/packages"

	"github.com/odoogen/odoogen/internal/bindings"
	"github.com/odoogen/odoogen/internal/usage"
)

// handwritten is a file beside the bindings of the golden case methods.
const handwritten = `package odoo

import (
	"context"

	orm "github.com/odoogen/odoogen/runtime"
	"github.com/odoogen/odoogen/runtime/access"
	"github.com/odoogen/odoogen/runtime/files"
	"github.com/odoogen/odoogen/runtime/load"
	"github.com/odoogen/odoogen/runtime/report"
)

func calls(ctx context.Context, orders *SaleOrderClient, ids []orm.ID[SaleOrder]) {
	orders.MessagePost(ctx, ids)
	orders.MessagePostWith(ctx, ids, SaleOrderMessagePostArgs{})
	orders.Load(ctx, ids)
	report.Write(ctx, nil, SaleOrderReportSaleorder, report.PDF, ids, nil)
	report.Write(ctx, nil, "sale.report_saleorder", report.PDF, ids, nil)
}

func beside(ctx context.Context, c *orm.Client) {
	load.Rows(ctx, c, []load.Row[SaleOrderValues]{{Values: SaleOrderValues{Name: orm.Set("x")}}})
	load.IntoModel(ctx, c, "sale.order", []load.Row[imported]{})
	files.UploadTo(ctx, c, "sale.order", 7, "document", nil, -1)
	files.DownloadFrom(ctx, c, "sale.order", 7, "document", nil)
	access.ToModel(ctx, c, "sale.order", nil, access.Read)
}

type imported struct {
	Name string "odoo:\"name\""
}
`

// Functions of the packages beside the runtime are about a model too, by its record or by its name.
//
// A method with optional arguments, the method without them and the type of the arguments are uses of one method of Odoo. A
// method that has the name of a function of the runtime is a call as well, and creates no record.
func TestMethodsOfClients(t *testing.T) {
	folder, err := filepath.Abs("../../golden/methods/want")
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(folder, "handwritten.go")
	loaded, err := packages.Load(&packages.Config{
		Mode: packages.NeedName | packages.NeedTypes | packages.NeedTypesInfo | packages.NeedSyntax | packages.NeedImports | packages.NeedDeps,
		Dir:  folder, Overlay: map[string][]byte{file: []byte(handwritten)},
	}, ".")
	if err != nil || packages.PrintErrors(loaded) > 0 {
		t.Fatal("the golden case does not load: ", err)
	}
	p := loaded[0]
	src := usage.Source{Types: p.Types, Info: p.TypesInfo}
	for _, f := range p.Syntax {
		if p.Fset.Position(f.Pos()).Filename == file {
			src.Files = append(src.Files, f)
		}
	}
	set := bindings.NewSet(func(*types.Package) []*ast.File { return p.Syntax })
	var got []string
	head, _, _ := strings.Cut(handwritten, "func calls")
	for _, u := range usage.Find(p.Fset, set, nil, src) {
		if u.Pos.Line > strings.Count(head, "\n")+1 {
			got = append(got, strings.Join([]string{string(u.How), u.Code, u.About()}, " "))
		}
	}
	want := []string{
		"call MessagePost sale.order.message_post()",
		"call MessagePostWith sale.order.message_post()",
		"name SaleOrderMessagePostArgs sale.order.message_post()",
		"call Load sale.order.load()",
		"print SaleOrderReportSaleorder sale.order/sale.report_saleorder",
		"print sale.report_saleorder sale.order/sale.report_saleorder",
		"create  sale.order", // load.Rows
		"name SaleOrderValues sale.order",
		"name SaleOrderValues sale.order",
		"write Name sale.order/name",
		"create  sale.order", // load.IntoModel
		"name sale.order sale.order",
		"name sale.order sale.order", // files.UploadTo
		"write document sale.order/document",
		"name sale.order sale.order", // files.DownloadFrom
		"read document sale.order/document",
		"name sale.order sale.order", // access.ToModel
		"write name sale.order/name", // the tag
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
