package bindings_test

import (
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
)

// cache has a method as clients have, and is none.
type cache struct{}

func (cache) Get(_ context.Context, _ orm.ID[SaleOrder]) SaleOrder { return SaleOrder{} }

func calls(ctx context.Context, c *orm.Client) {
	orders := NewSaleOrderClient(c)
	orders.Count(ctx, orm.Eq(SaleOrderF.ID, 1))
	orm.Count(ctx, c, orm.Eq(SaleOrderF.ID, 1))
	c.Model("sale.order").Call(ctx, "action_confirm", nil, nil, nil)
	cache{}.Get(ctx, 1)
}
`

// sales loads the bindings of the golden case, with the file.
func sales(t *testing.T) (*packages.Package, *bindings.Package) {
	t.Helper()
	folder, err := filepath.Abs("../../golden/sales/want")
	if err != nil {
		t.Fatal(err)
	}
	loaded, err := packages.Load(&packages.Config{
		Mode: packages.NeedName | packages.NeedTypes | packages.NeedTypesInfo | packages.NeedSyntax | packages.NeedImports | packages.NeedDeps,
		Dir:  folder, Overlay: map[string][]byte{filepath.Join(folder, "handwritten.go"): []byte(handwritten)},
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
	if want := []string{"Count sale.order ", "Count sale.order ", "Call sale.order action_confirm"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}
