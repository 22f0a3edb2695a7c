package orm

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
)

// The records below are those of a package for several servers.

type item struct {
	ID     ID[item]          `odoo:"id"`
	Taxes  []ID[tax]         `odoo:"tax_ids|tax_id"`
	Region Opt[string]       `odoo:"x_region?"`
	Owner  Opt[Ref[partner]] `odoo:"x_owner?"`
}

func (*item) OdooModel() string { return "sale.order.line" }

type tax struct{}

func (*tax) OdooModel() string { return "account.tax" }

type itemValues struct {
	Name   Opt[string]    `odoo:"name"`
	Taxes  []Command[tax] `odoo:"tax_ids|tax_id"`
	Region Opt[string]    `odoo:"x_region?"`
}

func (itemValues) OdooRecord() *item { return nil }

var itemF = struct {
	Taxes  Rel[item, tax]
	Region Field[item, string]
}{"tax_ids|tax_id", "x_region?"}

// withFields is a server on which models have these fields; it answers reads with the records.
func withFields(records string, fields ...string) *fakeOdoo {
	return &fakeOdoo{Major: 19, Object: func(c fakeCall) string {
		if c.Method != "fields_get" {
			return resultOf(records)
		}
		var asked []string
		_ = json.Unmarshal(c.Named["allfields"], &asked)
		known := map[string]any{}
		for _, name := range asked {
			for _, f := range fields {
				field, relation, _ := strings.Cut(f, ">")
				if field == name {
					known[name] = map[string]any{"type": "many2many", "relation": relation, "searchable": true}
				}
			}
		}
		answer, _ := json.Marshal(known)
		return resultOf(string(answer))
	}}
}

// sent are the calls without those for the attributes of fields.
func sent(f *fakeOdoo) string {
	var lines []string
	for _, c := range f.Log() {
		if c.Method != "fields_get" {
			lines = append(lines, c.String())
		}
	}
	return strings.Join(lines, "\n")
}

func TestReadsNamesOfTheServer(t *testing.T) {
	for _, c := range []struct {
		records, fields string
		want            string
		region          Opt[string]
	}{
		{`[{"id":1,"tax_id":[4]}]`, "tax_id", `"fields":["id","tax_id"]`, Opt[string]{}},
		{`[{"id":1,"tax_ids":[4],"x_region":false,"x_owner":[3,"Ann"]}]`, "tax_ids x_region x_owner", `"fields":["id","tax_ids","x_region","x_owner"]`, Set("")},
	} {
		f := withFields(c.records, strings.Fields(c.fields)...)
		client := dialFake(t, f)
		got, err := Find[item](t.Context(), client, AllOf[item]())
		if err != nil {
			t.Fatal(err)
		}
		if call := sent(f); !strings.Contains(call, c.want) {
			t.Errorf("sent %s, want %s", call, c.want)
		}
		if len(got) != 1 || len(got[0].Taxes) != 1 || got[0].Taxes[0] != 4 || got[0].Region.State != c.region.State || got[0].Region.Value != c.region.Value {
			t.Errorf("read %+v", got)
		}
		if c.region.State == Present && got[0].Owner.Value.Name != "Ann" {
			t.Errorf("read %+v", got)
		}
	}
}

// A server that has none of the names is not asked for anything.
func TestReadOfAFieldThatIsNotThere(t *testing.T) {
	f := withFields("[]")
	_, err := Find[item](t.Context(), dialFake(t, f), AllOf[item]())
	if want := "orm: sale.order.line.tax_ids or tax_id: the server has no such field"; !errors.Is(err, ErrNoField) || !strings.HasPrefix(fmt.Sprint(err), want) {
		t.Errorf("%v, want %s", err, want)
	}
	if calls := sent(f); calls != "" {
		t.Errorf("sent %s", calls)
	}
}

// All fields are left out: an empty list would ask Odoo for all that it has.
func TestReadOfFieldsThatAreAllAbsent(t *testing.T) {
	type row struct {
		Region Opt[string] `odoo:"x_region?"`
	}
	f := withFields(`[{"id":1}]`)
	got, err := Find[row](t.Context(), dialFake(t, f), AllOf[item]())
	if err != nil || len(got) != 1 || got[0].Region.State != Absent {
		t.Errorf("%+v, %v", got, err)
	}
	if call := sent(f); !strings.Contains(call, `"fields":["id"]`) {
		t.Errorf("sent %s", call)
	}
}

// What is missing from an answer is noticed by the name of the server.
func TestAnswerWithoutAFieldOfTheServer(t *testing.T) {
	f := withFields(`[{"id":1}]`, "tax_id")
	_, err := Find[item](t.Context(), dialFake(t, f), AllOf[item]())
	if err == nil || !strings.Contains(err.Error(), "tax_id") {
		t.Errorf("%v", err)
	}
}

func TestConditionsHaveNamesOfTheServer(t *testing.T) {
	for _, c := range []struct {
		where Domain[item]
		want  string
	}{
		{Eq(itemF.Taxes, 4), `["tax_id","=",4]`},
		{And(Not(IsSet(itemF.Taxes)), Where[item]("name", "=", "x")), `"&","!",["tax_id","!=",false],["name","=","x"]`},
		{Any(itemF.Taxes, Where[tax]("amount", ">", 0)), `["tax_id.amount",">",0]`},
		{Where[item]("tax_ids|tax_id.x_code?", "=", "a"), `["tax_id.x_code","=","a"]`},
		{Any(itemF.Taxes, Where[tax]("x_code?", "=", "a"), Where[tax]("amount", ">", 0)), `["tax_id","any",["&",["x_code","=","a"],["amount",">",0]]]`},
	} {
		f := withFields(`7`, "tax_id>account.tax", "x_code", "name", "amount")
		client := dialFake(t, f)
		if _, err := Count(t.Context(), client, c.where); err != nil {
			t.Error(err)
		}
		if call := sent(f); !strings.Contains(call, c.want) {
			t.Errorf("sent %s, want %s", call, c.want)
		}
	}
}

func TestConditionOnAFieldThatIsNotThere(t *testing.T) {
	f := withFields(`7`, "tax_id>account.tax")
	client := dialFake(t, f)
	for _, where := range []Domain[item]{Eq(itemF.Region, "EU"), Where[item]("tax_ids|tax_id.x_code?", "=", 1), Any(itemF.Taxes, Where[tax]("x_code?", "=", 1))} {
		if _, err := Count(t.Context(), client, where); !errors.Is(err, ErrNoField) {
			t.Errorf("%v", err)
		}
	}
	if _, err := Find[item](t.Context(), client, AllOf[item](), Asc(itemF.Region)); !errors.Is(err, ErrNoField) {
		t.Errorf("an order: %v", err)
	}
	if err := client.Model("sale.order.line").Call(t.Context(), "search", nil, Args{"domain": Expr(Eq(itemF.Taxes, 4))}, nil); err == nil {
		t.Error("a condition without its call was sent")
	}
	if calls := sent(f); calls != "" {
		t.Errorf("sent %s", calls)
	}
}

func TestOrderHasNamesOfTheServer(t *testing.T) {
	f := withFields(`[]`, "tax_id", "x_region")
	if _, err := Find[item](t.Context(), dialFake(t, f), AllOf[item](), Desc(itemF.Region), Asc(itemF.Taxes)); err != nil {
		t.Fatal(err)
	}
	if call := sent(f); !strings.Contains(call, `"order":"x_region desc, tax_id asc"`) {
		t.Errorf("sent %s", call)
	}
}

func TestValuesHaveNamesOfTheServer(t *testing.T) {
	taxes := Commands(Replace(ID[tax](4)))
	for _, c := range []struct {
		name string
		call func(*Client) error
		want string
	}{
		{"write", func(c *Client) error {
			return Write(t.Context(), c, []ID[item]{1}, itemValues{Name: Set("x"), Taxes: taxes})
		}, `{"name":"x","tax_id":[[6,0,[4]]]}`},
		{"create of several", func(c *Client) error {
			_, err := CreateMany(t.Context(), c, []itemValues{{Name: Set("x")}, {Taxes: taxes}, {Region: Clear[string]()}})
			return err
		}, `[{"name":"x"},{"tax_id":[[6,0,[4]]]},{"x_region":false}]`},
		{"commands", func(c *Client) error {
			return c.Model("sale.order").Write(t.Context(), []int64{1}, struct {
				Lines []Command[item] `odoo:"order_line"`
			}{Commands(New(itemValues{Taxes: taxes}), Update(2, itemValues{Name: Set("x")}))})
		}, `{"order_line":[[0,0,{"tax_id":[[6,0,[4]]]}],[1,2,{"name":"x"}]]}`},
		{"args", func(c *Client) error {
			return c.Model("sale.order").Write(t.Context(), []int64{1}, Args{"order_line": Commands(Command[item]{Values: Args{"x_region?": 1}})})
		}, `{"order_line":[[0,0,{"x_region":1}]]}`},
		{"a command alone", func(c *Client) error {
			return c.Model("sale.order").Write(t.Context(), []int64{1}, Args{"order_line": New(itemValues{Taxes: taxes})})
		}, `{"order_line":[[0,0,{"tax_id":[[6,0,[4]]]}]]}`},
		{"a command alone, without values", func(c *Client) error {
			return c.Model("sale.order").Write(t.Context(), []int64{1}, Args{"order_line": Link(ID[item](5))})
		}, `{"order_line":[[4,5,0]]}`},
		{"argument of another method", func(c *Client) error {
			return c.Model("sale.order").Call(t.Context(), "import_line", []int64{1}, Args{"vals": []any{itemValues{Taxes: taxes}}}, nil)
		}, `[{"tax_id":[[6,0,[4]]]}]`},
		{"your own struct", func(c *Client) error {
			_, err := c.Model("sale.order.line").Create(t.Context(), struct {
				Taxes []ID[tax] `odoo:"tax_ids|tax_id"`
			}{[]ID[tax]{4}})
			return err
		}, `[{"tax_id":[4]}]`},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := withFields(`[1,2,3]`, "tax_id>account.tax", "x_region", "order_line>sale.order.line")
			client := dialFake(t, f)
			_ = c.call(client) // of the answer of some it is an error that it is a list
			if call := sent(f); !strings.Contains(call, c.want) {
				t.Errorf("sent %s, want %s", call, c.want)
			}
		})
	}
}

func TestValuesOfAFieldThatIsNotThere(t *testing.T) {
	f := withFields(`[1]`, "tax_id", "order_line>sale.order.line")
	client := dialFake(t, f)
	region := itemValues{Region: Clear[string]()}
	for name, call := range map[string]func() error{
		"create": func() error { _, err := Create(t.Context(), client, region); return err },
		"commands": func() error {
			return client.Model("sale.order").Write(t.Context(), []int64{1}, Args{"order_line": Commands(New(region))})
		},
		"args": func() error {
			return client.Model("sale.order.line").Write(t.Context(), []int64{1}, Args{"x_region?": 1})
		},
		"raw": func() error {
			return client.Model("sale.order.line").Write(t.Context(), []int64{1}, map[string]json.RawMessage{"x_region?": json.RawMessage("1")})
		},
	} {
		if err := call(); !errors.Is(err, ErrNoField) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := client.Model("sale.order").Write(t.Context(), []int64{1}, Args{"tax_id": 1, "tax_ids|tax_id": 2}); err == nil {
		t.Error("a field that is given twice is written")
	}
	if calls := sent(f); calls != "" {
		t.Errorf("sent %s", calls)
	}
}

// A struct whose model is unknown is refused where it is written: its names cannot be known.
func TestValuesOfAnUnknownModel(t *testing.T) {
	f := withFields(`[1]`, "tax_id")
	own := struct {
		Region Opt[string] `odoo:"x_region?"`
	}{Set("EU")}
	err := dialFake(t, f).Model("sale.order").Call(t.Context(), "anything", nil, Args{"values": own}, nil)
	if err == nil || !strings.Contains(err.Error(), "depends on the server") {
		t.Errorf("%v", err)
	}
}

func TestTagsThatNeedAnOpt(t *testing.T) {
	type row struct {
		Region string `odoo:"x_region?"`
	}
	var rows []row
	err := dialFake(t, withFields(`[]`)).Model("sale.order.line").Find(t.Context(), &rows, Expr{})
	if err == nil || !strings.Contains(err.Error(), "want an orm.Opt") {
		t.Errorf("%v", err)
	}
	type twice struct {
		A ID[tax] `odoo:"tax_ids|tax_id"`
		B ID[tax] `odoo:"tax_id"`
	}
	var others []twice
	if err := dialFake(t, withFields(`[]`)).Model("sale.order.line").Find(t.Context(), &others, Expr{}); err == nil || !strings.Contains(err.Error(), "twice") {
		t.Errorf("%v", err)
	}
}

func TestGroupsHaveNamesOfTheServer(t *testing.T) {
	type row struct {
		Tax    Ref[tax]    `odoo:"tax_ids|tax_id"`
		Region Opt[string] `odoo:"x_region?"`
		Total  float64     `odoo:"amount|price:sum"`
	}
	f := withFields(`[{"tax_id":[4,"VAT"],"x_region":"EU","price:sum":7}]`, "tax_id", "x_region", "price")
	rows, err := Group[row](t.Context(), dialFake(t, f), Eq(itemF.Taxes, 4), Desc(itemF.Taxes), DescColumn("amount|price:sum"), Having("amount|price:sum", ">", 1))
	if err != nil || len(rows) != 1 || rows[0].Tax.ID != 4 || rows[0].Region.Value != "EU" || rows[0].Total != 7 {
		t.Errorf("%+v, %v", rows, err)
	}
	call := sent(f)
	for _, want := range []string{`"groupby":["tax_id","x_region"]`, `"aggregates":["price:sum"]`, `"order":"tax_id desc, price:sum desc, x_region"`, `"having":[["price:sum",">",1]]`} {
		if !strings.Contains(call, want) {
			t.Errorf("sent %s, want %s", call, want)
		}
	}
	f = withFields(`[]`, "tax_id", "price")
	if _, err := Group[row](t.Context(), dialFake(t, f), AllOf[item]()); !errors.Is(err, ErrNoField) || sent(f) != "" {
		t.Errorf("a group by a field that is not there: %v", err)
	}
}

// The models of structs of your own are looked up where names depend on the server.
func TestNestedReadsHaveNamesOfTheServer(t *testing.T) {
	type code struct {
		Code Opt[string] `odoo:"x_code?"`
	}
	type row struct {
		Taxes []code      `odoo:"tax_ids|tax_id,order=x_code?"`
		Lines Opt[[]code] `odoo:"x_lines?,limit=1"`
		Other Opt[[]code] `odoo:"x_others?"`
	}
	f := withFields(`{"records":[{"id":1,"tax_id":[{"id":4,"x_code":"a"}],"x_lines":[{"id":5,"x_code":"b"},{"id":6}]}]}`, "tax_id>account.tax", "x_code", "x_lines>x.line")
	got, err := Find[row](t.Context(), dialFake(t, f), AllOf[item]())
	if err != nil || len(got) != 1 || got[0].Taxes[0].Code.Value != "a" || len(got[0].Lines.Value) != 1 || got[0].Other.State != Absent {
		t.Errorf("%+v, %v", got, err)
	}
	want := `"specification":{"tax_id":{"fields":{"x_code":{}},"order":"x_code"},"x_lines":{"fields":{"x_code":{}},"limit":1}}`
	if call := sent(f); !strings.Contains(call, want) {
		t.Errorf("sent %s, want %s", call, want)
	}
}

func TestDefaultsHaveNamesOfTheServer(t *testing.T) {
	f := withFields(`{"tax_id":[[6,0,[4]]],"x_region":"EU"}`, "tax_id", "x_region")
	got, err := Defaults[item](t.Context(), dialFake(t, f))
	if err != nil || len(got.Taxes) != 1 || got.Region.Value != "EU" || got.Owner.State != Absent {
		t.Errorf("%+v, %v", got, err)
	}
}

// The client asks for the names of a struct once, for all of them at once.
func TestNamesAreAskedForOnce(t *testing.T) {
	f := withFields(`[{"id":1,"tax_id":[4]}]`, "tax_id")
	client := dialFake(t, f)
	for range 3 {
		if _, err := Find[item](t.Context(), client, AllOf[item]()); err != nil {
			t.Fatal(err)
		}
	}
	asked := 0
	for _, c := range f.Log() {
		if c.Method == "fields_get" {
			asked++
		}
	}
	if asked != 1 {
		t.Errorf("asked %d times", asked)
	}
}
