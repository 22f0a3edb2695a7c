package bindings_test

import (
	"fmt"
	"go/ast"
	"go/types"
	"path/filepath"
	"slices"
	"testing"

	"golang.org/x/tools/go/packages"

	"github.com/odoogen/odoogen/internal/bindings"
)

// handwritten is a file beside the bindings of the golden case sales.
const handwritten = `package odoo

import (
	"context"

	orm "github.com/odoogen/odoogen/runtime"
	"github.com/odoogen/odoogen/runtime/access"
	"github.com/odoogen/odoogen/runtime/files"
	"github.com/odoogen/odoogen/runtime/load"
)

// cache has a method as clients have, and is none.
type cache struct{}

func (cache) Get(_ context.Context, _ orm.ID[SaleOrder]) SaleOrder { return SaleOrder{} }

func calls(ctx context.Context, c *orm.Client) {
	orders := NewSaleOrderClient(c)
	orders.Count(ctx, orm.Eq(SaleOrderF.ID, 1))
	orm.Count(ctx, c, orm.Eq(SaleOrderF.ID, 1))
	c.Model("sale.order").Call(ctx, "action_confirm", nil, nil, nil)
	load.Rows[SaleOrderValues](ctx, c, nil)
	files.UploadTo(ctx, c, "res.partner", 7, "image_1920", nil, -1)
	access.Has[ResPartner](ctx, c, nil, access.Read)
	cache{}.Get(ctx, 1)
}
`

// sales loads the bindings of the golden case sales, with the file.
func sales(t *testing.T) (*packages.Package, *bindings.Package) {
	t.Helper()
	return load(t, "sales", handwritten)
}

// load loads the bindings of a golden case, with a file.
func load(t *testing.T, golden, file string) (*packages.Package, *bindings.Package) {
	t.Helper()
	folder, err := filepath.Abs(filepath.Join("../../golden", golden, "want"))
	if err != nil {
		t.Fatal(err)
	}
	loaded, err := packages.Load(&packages.Config{
		Mode: packages.NeedName | packages.NeedTypes | packages.NeedTypesInfo | packages.NeedSyntax | packages.NeedImports | packages.NeedDeps,
		Dir:  folder, Overlay: map[string][]byte{filepath.Join(folder, "handwritten.go"): []byte(file)},
	}, ".")
	if err != nil || packages.PrintErrors(loaded) > 0 {
		t.Fatal("the golden case does not load: ", err)
	}
	return loaded[0], bindings.Of(loaded[0].Types, loaded[0].Syntax)
}

// Each name that the generator derives from a model is recognised as what it is, and no other.
func TestSymbols(t *testing.T) {
	p, b := sales(t)
	scope := p.Types.Scope()
	for name, want := range map[string]bindings.Part{
		"SaleOrder": bindings.Record, "SaleOrderValues": bindings.Values, "SaleOrderClient": bindings.Client,
		"NewSaleOrderClient": bindings.NewClient, "SaleOrderF": bindings.Descriptors, "SaleOrderState": bindings.Selection,
	} {
		s, ok := b.Symbol(scope.Lookup(name))
		if !ok || s.Part != want || s.Model.Name != "sale.order" {
			t.Errorf("%s: %t, part %d, want part %d of sale.order", name, ok, s.Part, want)
		}
	}
	for _, name := range []string{"cache", "calls", "Schema"} {
		if s, ok := b.Symbol(scope.Lookup(name)); ok {
			t.Errorf("%s is part %d of %s", name, s.Part, s.Model.Name)
		}
	}
	record := scope.Lookup("SaleOrder").Type().Underlying().(*types.Struct)
	for v := range record.Fields() {
		if s, ok := b.Symbol(v); !ok || s.Part != bindings.RecordField || s.Field.Go != v.Name() {
			t.Errorf("the field %s is %v", v.Name(), s)
		}
	}
	m := b.Model("sale.order")
	if f := m.Field("partner_id"); f == nil || f.Target() != scope.Lookup("ResPartner") {
		t.Errorf("partner_id is %v", f)
	}
	if b.Model("no.model") != nil || m.Field("no_field") != nil {
		t.Error("what is not there was found")
	}
}

// The methods of clients that call methods of Odoo, and the types of their optional arguments, are recognised; other methods
// are not.
func TestMethods(t *testing.T) {
	p, b := load(t, "methods", "package odoo\n\nfunc (c *SaleOrderClient) Handwritten() {}\n")
	found := func(o types.Object) string {
		s, ok := b.Symbol(o)
		if !ok {
			return ""
		}
		return fmt.Sprint(s.Part, s.Model.Name, s.Method)
	}
	client := p.Types.Scope().Lookup("SaleOrderClient").Type().(*types.Named)
	got := map[string]string{}
	for m := range client.Methods() {
		got[m.Name()] = found(m)
	}
	want := func(part bindings.Part, method string) string { return fmt.Sprint(part, "sale.order", method) }
	for name, want := range map[string]string{
		"ActionConfirm": want(bindings.Method, "action_confirm"), "MessagePost": want(bindings.Method, "message_post"),
		"MessagePostWith": want(bindings.MethodWith, "message_post"), "Hostile": want(bindings.Method, "hostile"),
		"HostileWith": want(bindings.MethodWith, "hostile"), "OnlyMoreWith": want(bindings.MethodWith, "only_more"),
		"GetName": want(bindings.Method, "get_name"), "Find": "", "Call": "", "Handwritten": "",
	} {
		if got[name] != want {
			t.Errorf("%s is %q, want %q", name, got[name], want)
		}
	}
	for name, want := range map[string]string{"SaleOrderMessagePostArgs": want(bindings.MethodArgs, "message_post"), "SaleOrderHostileArgs": want(bindings.MethodArgs, "hostile")} {
		if got := found(p.Types.Scope().Lookup(name)); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
}

// Calls of clients, of generic functions and of models by name are about their model; those of other types are not.
func TestCalls(t *testing.T) {
	p, _ := sales(t)
	r := bindings.NewReader(bindings.NewSet(nil), p.Types, p.TypesInfo, p.Syntax)
	var got []string
	for _, f := range p.Syntax {
		if filepath.Base(p.Fset.Position(f.Pos()).Filename) != "handwritten.go" {
			continue
		}
		ast.Inspect(f, func(node ast.Node) bool {
			if e, ok := node.(*ast.CallExpr); ok {
				if c, ok := r.Call(e); ok && c.Name != "Model" && c.Name != "Eq" {
					got = append(got, c.Name+" "+c.Model+" "+c.Method)
				}
			}
			return true
		})
	}
	if want := []string{"Count sale.order ", "Count sale.order ", "Call sale.order action_confirm",
		"Load sale.order ", "Upload res.partner ", "HasAccess res.partner "}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}
