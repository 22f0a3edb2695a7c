//go:build live

package livetest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/odoogen/odoogen/golden/servers/odoo"
	orm "github.com/odoogen/odoogen/runtime"
	"github.com/odoogen/odoogen/runtime/form"
)

// sale is what an order needs, made for a test.
type sale struct {
	c       *orm.Client
	partner orm.ID[odoo.ResPartner]
	product orm.ID[odoo.ProductProduct]
	terms   int64
}

func newSale(t *testing.T, c *orm.Client) sale {
	t.Helper()
	ctx := t.Context()
	terms := must[int64](t)(c.Model("account.payment.term").Create(ctx, orm.Args{"name": "odoogen form"}))
	partner := must[int64](t)(c.Model("res.partner").Create(ctx, orm.Args{"name": "odoogen form", "property_payment_term_id": terms}))
	product := must[int64](t)(c.Model("product.product").Create(ctx, orm.Args{"name": "odoogen form", "list_price": 12.5, "sale_delay": 10.0}))
	t.Cleanup(func() {
		ctx := context.Background()
		ids := must[[]orm.ID[odoo.SaleOrder]](t)(orm.IDs(ctx, c, orm.Eq(odoo.SaleOrderF.PartnerID, orm.ID[odoo.ResPartner](partner))))
		err := orm.Unlink(ctx, c, ids)
		err = errors.Join(err, c.Model("product.product").Unlink(ctx, []int64{product}), c.Model("res.partner").Unlink(ctx, []int64{partner}))
		if err = errors.Join(err, c.Model("account.payment.term").Unlink(ctx, []int64{terms})); err != nil {
			t.Error(err)
		}
	})
	return sale{c, orm.ID[odoo.ResPartner](partner), orm.ID[odoo.ProductProduct](product), terms}
}

// onFull runs a test in the database with all applications, in every protocol but XML-RPC: load_views of 14 answers with None.
func onFull(t *testing.T, test func(t *testing.T, c *orm.Client)) {
	t.Helper()
	for _, w := range inJSON(t) {
		options := append(slices.Clone(w.options), orm.Database(env(t, "ODOO_FULL_DB")))
		if strings.Contains(w.name, "key") || w.name == "JSON-2" {
			options = append(options, orm.APIKey(env(t, "ODOO_USER"), env(t, "ODOO_FULL_API_KEY")))
		}
		t.Run(w.name, func(t *testing.T) { test(t, dialLive(t, options...)) })
	}
}

// An order that is made through a form equals one made by the calls of the web client. On 14 a plain create misses the payment term.
func TestLiveFormEqualsWebClient(t *testing.T) { onFull(t, liveFormEqualsWebClient) }

func liveFormEqualsWebClient(t *testing.T, c *orm.Client) {
	s, ctx := newSale(t, c), t.Context()
	order := must[*form.Form[odoo.SaleOrder]](t)(form.New(ctx, c, odoo.SaleOrderValues{PartnerID: orm.Set(s.partner), ClientOrderRef: orm.Set("web")}))
	line := must[*form.Line[odoo.SaleOrderLine]](t)(form.Add(ctx, order, odoo.SaleOrderF.OrderLine,
		odoo.SaleOrderLineValues{ProductID: orm.Set(s.product), ProductUomQty: orm.Set(3.0)}))
	shown := must[odoo.SaleOrderLine](t)(line.Values())
	id := must[orm.ID[odoo.SaleOrder]](t)(order.Create(ctx))
	want := orderOf(t, c, webClientOrder(t, s))
	got := orderOf(t, c, int64(id))
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-web client +form:\n%s", diff)
	}
	if terms := fmt.Sprint(got["payment_term_id"]); !strings.Contains(terms, fmt.Sprint(s.terms)) {
		t.Errorf("the payment term is %s, want %d", terms, s.terms)
	}
	saved := must[[]odoo.SaleOrderLine](t)(orm.Find[odoo.SaleOrderLine](ctx, c, orm.Eq(odoo.SaleOrderLineF.OrderID, id)))
	if len(saved) != 1 || shown.PriceUnit == 0 || shown.PriceUnit != saved[0].PriceUnit || shown.Name != saved[0].Name || !slices.Equal(shown.TaxIDs, saved[0].TaxIDs) {
		t.Errorf("the line was shown as %+v and saved as %+v", shown, saved)
	}
}

// orderOf reads all stored fields of an order and its lines, but for those that differ between two equal orders.
func orderOf(t *testing.T, c *orm.Client, id int64) map[string]any {
	t.Helper()
	order := storedFields(t, c, "sale.order", id)
	lines := order["order_line"].([]any)
	for i, line := range lines {
		lines[i] = storedFields(t, c, "sale.order.line", int64(line.(float64)))
	}
	return order
}

func storedFields(t *testing.T, c *orm.Client, model string, id int64) map[string]any {
	t.Helper()
	var facts map[string]struct{ Store bool }
	if err := c.Model(model).Call(t.Context(), "fields_get", nil, orm.Args{"attributes": []string{"store"}}, &facts); err != nil {
		t.Fatal(err)
	}
	maps.DeleteFunc(facts, func(name string, f struct{ Store bool }) bool {
		return !f.Store || slices.Contains([]string{"id", "name", "date_order", "create_date", "write_date", "access_token", "order_id", "message_ids", "message_follower_ids"}, name) && model == "sale.order" ||
			slices.Contains([]string{"id", "create_date", "write_date", "order_id"}, name)
	})
	var raw json.RawMessage
	if err := c.Model(model).Call(t.Context(), "read", []int64{id}, orm.Args{"fields": slices.Sorted(maps.Keys(facts))}, &raw); err != nil {
		t.Fatal(err)
	}
	var read []map[string]any
	if err := json.Unmarshal(raw, &read); err != nil || len(read) != 1 {
		t.Fatal(err, len(read))
	}
	delete(read[0], "id")
	return read[0]
}

// webClient makes the calls of the web client, in its order, with the fields of its forms that matter.
type webClient struct {
	t       *testing.T
	c       *orm.Client
	classic bool
}

var (
	orderFields = strings.Fields(`partner_id partner_invoice_id partner_shipping_id payment_term_id pricelist_id company_id currency_id user_id team_id
		date_order fiscal_position_id validity_date note require_signature require_payment picking_policy warehouse_id sale_order_template_id client_order_ref state name order_line`)
	lineFields = strings.Fields(`product_id product_uom_qty name price_unit discount customer_lead sequence display_type state company_id currency_id product_template_id`)
)

// webClientOrder makes an order of three products.
func webClientOrder(t *testing.T, s sale) int64 {
	t.Helper()
	w := webClient{t, s.c, s.c.Version().Major < 17}
	unit, taxes := "product_uom_id", "tax_ids"
	if s.c.Version().Major < 19 {
		unit, taxes = "product_uom", "tax_id"
	}
	lineSpec := append(slices.Clone(lineFields), unit, taxes)
	order := w.onchange("sale.order", orderFields, lineSpec, map[string]any{})
	order["client_order_ref"], order["partner_id"] = "web", s.partner
	maps.Copy(order, w.onchange("sale.order", orderFields, lineSpec, order, "partner_id"))

	line := w.onchange("sale.order.line", lineSpec, nil, map[string]any{"order_id": order})
	line["order_id"] = order
	line["product_id"] = s.product
	maps.Copy(line, w.onchange("sale.order.line", lineSpec, nil, line, "product_id"))
	line["product_uom_qty"] = 3
	maps.Copy(line, w.onchange("sale.order.line", lineSpec, nil, line, "product_uom_qty"))
	delete(line, "order_id")

	order["order_line"] = []any{[]any{0, "virtual_1", line}}
	maps.Copy(order, w.onchange("sale.order", orderFields, lineSpec, order, "order_line"))
	order["order_line"] = []any{[]any{0, "virtual_1", line}}
	for _, readonly := range []string{"name", "state", "currency_id"} {
		delete(order, readonly)
	}
	for _, readonly := range []string{"state", "company_id", "currency_id"} {
		delete(line, readonly)
	}
	orders := s.c.Model("sale.order")
	if w.classic {
		return must[int64](t)(orders.Create(t.Context(), orm.Args(order)))
	}
	var saved []struct {
		ID int64 `odoo:"id"`
	}
	if err := orders.Call(t.Context(), "web_save", []int64{}, orm.Args{"vals": order, "specification": orm.Args{}}, &saved); err != nil {
		t.Fatal(err)
	}
	return saved[0].ID
}

func (w webClient) onchange(model string, fields, lines []string, values map[string]any, changed ...string) map[string]any {
	w.t.Helper()
	args := orm.Args{"values": values}
	if w.classic {
		spec := map[string]string{}
		for _, name := range fields {
			spec[name] = "1"
		}
		for _, name := range lines {
			spec["order_line."+name] = "1"
		}
		args["field_name"], args["field_onchange"] = changed, spec
	} else {
		spec, within := map[string]any{}, map[string]any{}
		for _, name := range fields {
			spec[name] = map[string]any{}
		}
		for _, name := range lines {
			within[name] = map[string]any{}
		}
		if lines != nil {
			spec["order_line"] = map[string]any{"fields": within}
		}
		args["field_names"], args["fields_spec"] = changed, spec
	}
	if changed == nil {
		args["field_name"], args["field_names"] = []string{}, []string{}
		delete(args, map[bool]string{true: "field_names", false: "field_name"}[w.classic])
	}
	var raw json.RawMessage
	if err := w.c.Model(model).Call(w.t.Context(), "onchange", []int64{}, args, &raw); err != nil {
		w.t.Fatal(err)
	}
	var answer struct{ Value map[string]any }
	if err := json.Unmarshal(raw, &answer); err != nil {
		w.t.Fatal(err)
	}
	for name, v := range answer.Value {
		if pair, ok := v.([]any); ok && len(pair) == 2 {
			if id, ok := pair[0].(float64); ok { // a many2one
				answer.Value[name] = id
			}
		}
	}
	return answer.Value
}

// A form of an order that exists: lines are changed, added and removed.
func TestLiveFormOfExistingOrder(t *testing.T) {
	c := fullLive(t, env(t, "ODOO_USER"), env(t, "ODOO_PASSWORD"), orm.Automatic)
	s, ctx := newSale(t, c), t.Context()
	of := func(quantity float64) orm.Command[odoo.SaleOrderLine] {
		return orm.New(odoo.SaleOrderLineValues{ProductID: orm.Set(s.product), ProductUomQty: orm.Set(quantity)})
	}
	order := must[*form.Form[odoo.SaleOrder]](t)(form.New(ctx, c, odoo.SaleOrderValues{PartnerID: orm.Set(s.partner), OrderLine: orm.Commands(of(1), of(2), of(3))}))
	id := must[orm.ID[odoo.SaleOrder]](t)(order.Create(ctx))
	if err := order.Set(ctx, odoo.SaleOrderValues{}); !errors.Is(err, form.ErrSaved) {
		t.Errorf("a saved form: %v", err)
	}

	order = must[*form.Form[odoo.SaleOrder]](t)(form.Open(ctx, c, id))
	lines := must[[]*form.Line[odoo.SaleOrderLine]](t)(form.Lines(order, odoo.SaleOrderF.OrderLine))
	if len(lines) != 3 || lines[0].ID() == 0 {
		t.Fatalf("the lines are %v", lines)
	}
	if err := lines[0].Set(ctx, odoo.SaleOrderLineValues{ProductUomQty: orm.Set(7.0)}); err != nil {
		t.Fatal(err)
	}
	if err := lines[1].Remove(ctx); err != nil {
		t.Fatal(err)
	}
	if err := lines[1].Set(ctx, odoo.SaleOrderLineValues{}); err == nil {
		t.Error("a removed line is changed")
	}
	if err := order.Set(ctx, odoo.SaleOrderValues{ClientOrderRef: orm.Set("changed"), OrderLine: orm.Commands(of(4))}); err != nil {
		t.Fatal(err)
	}
	if err := order.Save(ctx); err != nil {
		t.Fatal(err)
	}
	var quantities []float64
	saved := must[odoo.SaleOrder](t)(orm.Get[odoo.SaleOrder](ctx, c, id))
	for _, l := range must[[]odoo.SaleOrderLine](t)(orm.Find[odoo.SaleOrderLine](ctx, c, orm.Eq(odoo.SaleOrderLineF.OrderID, id), orm.Asc(odoo.SaleOrderLineF.ID))) {
		quantities = append(quantities, l.ProductUomQty)
	}
	if want := []float64{7, 3, 4}; !slices.Equal(quantities, want) || saved.ClientOrderRef != "changed" {
		t.Errorf("quantities %v, want %v, of %q", quantities, want, saved.ClientOrderRef)
	}
	untouched := must[*form.Form[odoo.SaleOrder]](t)(form.Open(ctx, c, id))
	if err := untouched.Save(ctx); err != nil {
		t.Error(err)
	}
	if _, err := form.Open(ctx, c, orm.ID[odoo.SaleOrder](1<<30)); !errors.Is(err, orm.ErrNoRecord) {
		t.Errorf("an order that does not exist: %v", err)
	}
}

// moreValues are values of orders that the package lacks.
type moreValues struct {
	CommitmentDate orm.Opt[time.Time]             `odoo:"commitment_date"`
	CreateUID      orm.Opt[orm.ID[odoo.ResUsers]] `odoo:"create_uid"`
}

func (moreValues) OdooRecord() *odoo.SaleOrder { return nil }

// What the form refuses, and what it wants to be read.
func TestLiveFormRefuses(t *testing.T) {
	c := fullLive(t, env(t, "ODOO_USER"), env(t, "ODOO_PASSWORD"), orm.Automatic)
	s, ctx := newSale(t, c), t.Context()
	order := must[*form.Form[odoo.SaleOrder]](t)(form.New(ctx, c, odoo.SaleOrderValues{PartnerID: orm.Set(s.partner)}))
	for what, test := range map[string]struct {
		values orm.Values[odoo.SaleOrder]
		want   error
	}{
		"a readonly field":              {odoo.SaleOrderValues{Name: orm.Set("S1")}, form.ErrReadonly},
		"a field that the form has not": {moreValues{CreateUID: orm.Set(orm.ID[odoo.ResUsers](1))}, form.ErrNotInForm},
	} {
		if err := order.Set(ctx, test.values); !errors.Is(err, test.want) {
			t.Errorf("%s: %v", what, err)
		}
	}
	empty := must[*form.Form[odoo.SaleOrder]](t)(form.New[odoo.SaleOrder](ctx, c, nil))
	if _, err := empty.Create(ctx); !errors.Is(err, form.ErrRequired) || !strings.Contains(err.Error(), "partner_id") {
		t.Errorf("an order without a partner: %v", err)
	}
	if err := empty.Save(ctx); err == nil {
		t.Error("a new record is saved")
	}

	must[*form.Line[odoo.SaleOrderLine]](t)(form.Add(ctx, order, odoo.SaleOrderF.OrderLine, odoo.SaleOrderLineValues{ProductID: orm.Set(s.product)}))
	soon := moreValues{CommitmentDate: orm.Set(time.Now().Add(time.Hour).Truncate(time.Second))}
	if err := order.Set(ctx, soon); err != nil {
		t.Fatal(err)
	}
	if _, err := order.Create(ctx); !errors.Is(err, form.ErrWarnings) {
		t.Errorf("with a warning: %v", err)
	}
	warnings := order.Warnings()
	if len(warnings) != 1 || warnings[0].Title == "" || warnings[0].Message == "" || len(order.Warnings()) != 0 {
		t.Errorf("the warnings are %v", warnings)
	}
	must[orm.ID[odoo.SaleOrder]](t)(order.Create(ctx))
}

// Partners have forms in every database. Their lines are other partners.
func TestLiveFormOfPartners(t *testing.T) { onEachInJSON(t, liveFormOfPartners) }

func liveFormOfPartners(t *testing.T, c *orm.Client) {
	fx, ctx := newFixture(t, c), t.Context()
	contact := func(name string) PartnerValues { return PartnerValues{Name: orm.Set(name)} }
	f := must[*form.Form[Partner]](t)(form.New(ctx, c, PartnerValues{
		Name: orm.Set("Form"), Ref: orm.Set(fx.ref), CategoryID: orm.Commands(orm.Link(fx.red)), ChildIDs: orm.Commands(orm.New(contact("Eve")), orm.New(contact("Fay"))),
	}))
	got := must[Partner](t)(f.Values())
	if got.Name != "Form" || !slices.Equal(got.CategoryID, orm.On(fx.red)) || len(got.ChildIDs) != 0 || got.ID != 0 {
		t.Errorf("the form shows %+v", got)
	}
	id := must[orm.ID[Partner]](t)(f.Create(ctx))
	t.Cleanup(func() {
		children := must[[]orm.ID[Partner]](t)(orm.IDs(context.Background(), c, orm.Eq(PartnerF.ParentID, id)))
		if err := orm.Unlink(context.Background(), c, append(children, id)); err != nil {
			t.Error(err)
		}
	})

	f = must[*form.Form[Partner]](t)(form.Open(ctx, c, id))
	lines := must[[]*form.Line[Partner]](t)(form.Lines(f, PartnerF.ChildIDs))
	if len(lines) != 2 {
		t.Fatalf("%d lines", len(lines))
	}
	slices.SortFunc(lines, func(a, b *form.Line[Partner]) int { return int(a.ID() - b.ID()) })
	err := errors.Join(lines[0].Set(ctx, contact("Eva")), lines[1].Remove(ctx))
	must[*form.Line[Partner]](t)(form.Add(ctx, f, PartnerF.ChildIDs, contact("Gus")))
	if err := errors.Join(err, f.Set(ctx, PartnerValues{CategoryID: orm.Commands(orm.Replace(fx.green))}), f.Save(ctx)); err != nil {
		t.Fatal(err)
	}
	saved := must[Partner](t)(orm.Get[Partner](ctx, c, id))
	children := must[[]Partner](t)(orm.Find[Partner](ctx, c, orm.Eq(PartnerF.ParentID, id), orm.Asc(PartnerF.ID)))
	if !slices.Equal(saved.CategoryID, orm.On(fx.green)) || len(children) != 2 || children[0].Name != "Eva" || children[1].Name != "Gus" {
		t.Errorf("saved as %+v with %+v", saved, children)
	}
	for what, test := range map[string]struct{ got, want error }{
		"a partner that does not exist": {second(form.Open(ctx, c, orm.ID[Partner](1<<30))), orm.ErrNoRecord},
		"a field that is automatic":     {second(form.New(ctx, c, automaticValues{CreateUID: orm.Set(orm.ID[Partner](1))})), form.ErrNotInForm},
	} {
		if !errors.Is(test.got, test.want) {
			t.Errorf("%s: %v, want %v", what, test.got, test.want)
		}
	}
}

func second[T any](_ T, err error) error { return err }

// automaticValues has a field that Odoo writes by itself.
type automaticValues struct {
	CreateUID orm.Opt[orm.ID[Partner]] `odoo:"create_uid"`
}

func (automaticValues) OdooRecord() *Partner { return nil }

// On 14 and 19 the onchange of the partner sets the pricelist: what the same call has set stays.
func TestLiveFormKeepsWhatIsSet(t *testing.T) {
	c := fullLive(t, env(t, "ODOO_USER"), env(t, "ODOO_PASSWORD"), orm.Automatic)
	s, ctx := newSale(t, c), t.Context()
	list := must[int64](t)(c.Model("product.pricelist").Create(ctx, orm.Args{"name": "odoogen form"}))
	t.Cleanup(func() {
		if err := c.Model("product.pricelist").Unlink(context.Background(), []int64{list}); err != nil {
			t.Error(err)
		}
	})
	order := must[*form.Form[odoo.SaleOrder]](t)(form.New(ctx, c, odoo.SaleOrderValues{
		PartnerID: orm.Set(s.partner), PricelistID: orm.Set(orm.ID[odoo.ProductPricelist](list)),
	}))
	if v := must[odoo.SaleOrder](t)(order.Values()); int64(v.PricelistID.ID) != list || len(order.Warnings()) != 0 {
		t.Errorf("the form shows %+v", v)
	}
}

// purchase is an order whose fields say in numbers on Odoo 14 whether they are readonly.
type purchase struct {
	State string `odoo:"state"`
}

func (*purchase) OdooModel() string { return "purchase.order" }

// bill is an invoice with the accounts of its lines, which a plain create on Odoo 14 does not fill in.
type bill struct {
	ID    orm.ID[bill]       `odoo:"id"`
	Lines []orm.ID[billLine] `odoo:"invoice_line_ids"`
}

func (*bill) OdooModel() string { return "account.move" }

type billValues struct {
	Partner orm.Opt[orm.ID[odoo.ResPartner]] `odoo:"partner_id"`
	Lines   []orm.Command[billLine]          `odoo:"invoice_line_ids"`
}

func (billValues) OdooRecord() *bill { return nil }

type billLine struct {
	Account  orm.Ref[bill] `odoo:"account_id"`
	Quantity float64       `odoo:"quantity"`
	Subtotal float64       `odoo:"price_subtotal"`
}

func (*billLine) OdooModel() string { return "account.move.line" }

type billLineValues struct {
	Product  orm.Opt[orm.ID[odoo.ProductProduct]] `odoo:"product_id"`
	Quantity orm.Opt[float64]                     `odoo:"quantity"`
	Price    orm.Opt[float64]                     `odoo:"price_unit"`
}

func (billLineValues) OdooRecord() *billLine { return nil }

// The forms of other applications: that of a purchase, and that of an invoice, which is what the context says.
func TestLiveFormsOfOtherApplications(t *testing.T) {
	c := fullLive(t, env(t, "ODOO_USER"), env(t, "ODOO_PASSWORD"), orm.Automatic)
	s, ctx := newSale(t, c), t.Context()
	order := must[*form.Form[purchase]](t)(form.New[purchase](ctx, c, nil))
	if v := must[purchase](t)(order.Values()); v.State != "draft" {
		t.Errorf("the purchase is %+v", v)
	}
	invoices := c.With(orm.Context{"default_move_type": "out_invoice"})
	f := must[*form.Form[bill]](t)(form.New(ctx, invoices, billValues{
		Partner: orm.Set(s.partner),
		Lines:   orm.Commands(orm.New(billLineValues{Product: orm.Set(s.product), Quantity: orm.Set(3.0), Price: orm.Set(7.5)})),
	}))
	id := must[orm.ID[bill]](t)(f.Create(ctx))
	t.Cleanup(func() {
		if err := orm.Unlink(context.Background(), c, orm.On(id)); err != nil {
			t.Error(err)
		}
	})
	saved := must[bill](t)(orm.Get[bill](ctx, c, id))
	lines := must[[]billLine](t)(orm.Read[billLine](ctx, c, saved.Lines))
	if len(lines) != 1 || lines[0].Account.ID == 0 || lines[0].Quantity != 3 || lines[0].Subtotal != 22.5 {
		t.Errorf("the lines are %+v", lines)
	}
}
