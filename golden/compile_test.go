package golden_test

import (
	"regexp"
	"strings"
	"testing"
)

// Wrong code must not compile. Each of these puts a wrong and a right line into the same small program that uses the
// package of the case sales; the compiler must refuse the wrong one, and name what does not fit.

const consumer = `package consumer

import (
	"context"
	"time"

	odoo "` + salesPath + `"
	orm "` + runtimePath + `"
)

var (
	so, line, partner, product = odoo.SaleOrderF, odoo.SaleOrderLineF, odoo.ResPartnerF, odoo.ProductProductF

	ctx context.Context
	c   *orm.Client

	orders   *odoo.SaleOrderClient
	partners *odoo.ResPartnerClient

	orderID   orm.ID[odoo.SaleOrder]
	lineID    orm.ID[odoo.SaleOrderLine]
	partnerID orm.ID[odoo.ResPartner]
	productID orm.ID[odoo.ProductProduct]

	text  string
	now   time.Time
	float float64
)

type row struct {
	ID orm.ID[odoo.SaleOrder] ` + "`odoo:\"id\"`" + `
}

func program() {
	STATEMENT
}
`

// compileCases: the errors of a wrong line must mention all words of want.
var compileCases = []struct {
	name, right, wrong string
	want               []string
}{
	{
		"condition on a field that cannot be searched",
		`orders.Count(ctx, orm.Eq(so.AmountTotal, 1))`,
		`orders.Count(ctx, orm.Eq(so.AmountUndiscounted, 1))`,
		[]string{"Unsearchable"},
	}, {
		"inequality of a field that cannot be searched",
		`orders.Count(ctx, orm.Gt(so.AmountTotal, 1e12))`,
		`orders.Count(ctx, orm.Gt(so.AmountUndiscounted, 1e12))`,
		[]string{"Unsearchable"},
	}, {
		"list of values for a field that cannot be searched",
		`_ = orm.In(so.AmountTotal, float)`,
		`_ = orm.In(so.AmountUndiscounted, float)`,
		[]string{"Unsearchable"},
	},
	{
		"condition on another model",
		`orders.Find(ctx, orm.Eq(so.Name, "S1"))`,
		`orders.Find(ctx, orm.Eq(partner.Name, "S1"))`,
		[]string{"ResPartner", "SaleOrder"},
	}, {
		"condition on another model in And",
		`_ = orm.And(orm.Eq(so.Name, "S1"), orm.Gt(so.DateOrder, now))`,
		`_ = orm.And(orm.Eq(so.Name, "S1"), orm.Eq(partner.Name, "x"))`,
		[]string{"ResPartner", "SaleOrder"},
	}, {
		"condition on another model in Count",
		`orders.Count(ctx, orm.Eq(so.Name, "S1"))`,
		`partners.Count(ctx, orm.Eq(so.Name, "S1"))`,
		[]string{"ResPartner", "SaleOrder"},
	}, {
		"text variable for a selection",
		`_ = orm.Eq(so.State, odoo.SaleOrderState(text))`,
		`_ = orm.Eq(so.State, text)`,
		[]string{"string", "SaleOrderState"},
	}, {
		"text variable for a selection in values",
		`_ = odoo.SaleOrderValues{State: orm.Set(odoo.SaleOrderStateSale)}`,
		`_ = odoo.SaleOrderValues{State: orm.Set(text)}`,
		[]string{"string", "SaleOrderState"},
	}, {
		"choice of another model",
		`_ = orm.Eq(partner.Type, odoo.ResPartnerTypeInvoice)`,
		`_ = orm.Eq(partner.Type, odoo.ProductProductTypeService)`,
		[]string{"ProductProductType", "ResPartnerType"},
	}, {
		"choice of another model in In",
		`_ = orm.In(so.State, odoo.SaleOrderStateSale, odoo.SaleOrderStateDraft)`,
		`_ = orm.In(so.State, odoo.SaleOrderStateSale, odoo.ResPartnerTypeInvoice)`,
		[]string{"ResPartnerType", "SaleOrderState"},
	}, {
		"choice of another model in values",
		`_ = odoo.ResPartnerValues{Type: orm.Set(odoo.ResPartnerTypeInvoice)}`,
		`_ = odoo.ResPartnerValues{Type: orm.Set(odoo.ProductProductTypeService)}`,
		[]string{"ProductProductType", "ResPartnerType"},
	}, {
		"id of another model in Eq",
		`_ = orm.Eq(so.PartnerID, partnerID)`,
		`_ = orm.Eq(so.PartnerID, productID)`,
		[]string{"ProductProduct", "ResPartner"},
	}, {
		"number variable for an id",
		`_ = orm.Eq(so.PartnerID, 7)`,
		`_ = orm.Eq(so.PartnerID, int64(7))`,
		[]string{"int64", "ResPartner"},
	}, {
		"id of another model in values",
		`_ = odoo.SaleOrderValues{PartnerID: orm.Set(partnerID)}`,
		`_ = odoo.SaleOrderValues{PartnerID: orm.Set(productID)}`,
		[]string{"ProductProduct", "ResPartner"},
	}, {
		"id of another model in Link",
		`_ = odoo.SaleOrderValues{OrderLine: orm.Commands(orm.Link(lineID))}`,
		`_ = odoo.SaleOrderValues{OrderLine: orm.Commands(orm.Link(productID))}`,
		[]string{"ProductProduct", "SaleOrderLine"},
	}, {
		"id of another model in Get of a client",
		`orders.Get(ctx, orderID)`,
		`orders.Get(ctx, productID)`,
		[]string{"ProductProduct", "SaleOrder"},
	}, {
		"id of another model in Write",
		`orm.Write(ctx, c, orm.On(orderID), odoo.SaleOrderValues{})`,
		`orm.Write(ctx, c, orm.On(partnerID), odoo.SaleOrderValues{})`,
		[]string{"SaleOrderValues", "OdooRecord"},
	}, {
		"id of another model in Unlink of a client",
		`orders.Unlink(ctx, orm.On(orderID))`,
		`orders.Unlink(ctx, orm.On(partnerID))`,
		[]string{"ResPartner", "SaleOrder"},
	}, {
		"ids of another model in NotIn",
		`_ = orm.NotIn(so.PartnerID, partnerID, 8)`,
		`_ = orm.NotIn(so.PartnerID, partnerID, productID)`,
		[]string{"ProductProduct", "ResPartner"},
	}, {
		"ids of another model in ChildOf",
		`_ = orm.ChildOf(so.PartnerID, partnerID)`,
		`_ = orm.ChildOf(so.PartnerID, orderID)`,
		[]string{"SaleOrder", "ResPartner"},
	}, {
		"values of another model in Create of a client",
		`orders.Create(ctx, odoo.SaleOrderValues{})`,
		`orders.Create(ctx, odoo.ResPartnerValues{})`,
		[]string{"ResPartnerValues", "SaleOrderValues"},
	}, {
		"record for values",
		`orm.Create(ctx, c, odoo.SaleOrderValues{})`,
		`orm.Create(ctx, c, odoo.SaleOrder{})`,
		[]string{"SaleOrder", "Values", "OdooRecord"},
	}, {
		"result of another model",
		`var _, _ = orm.Create(ctx, c, odoo.SaleOrderValues{PartnerID: orm.Set(partnerID)})`,
		`var id orm.ID[odoo.ResPartner]; id, _ = orm.Create(ctx, c, odoo.SaleOrderValues{}); _ = id`,
		[]string{"SaleOrder", "ResPartner"},
	}, {
		"child command of another model",
		`_ = odoo.SaleOrderValues{OrderLine: orm.Commands(orm.New(odoo.SaleOrderLineValues{}))}`,
		`_ = odoo.SaleOrderValues{OrderLine: orm.Commands(orm.New(odoo.ResPartnerValues{}))}`,
		[]string{"ResPartner", "SaleOrderLine"},
	}, {
		"child update with an id of another model",
		`_ = orm.Update(lineID, odoo.SaleOrderLineValues{})`,
		`_ = orm.Update(orderID, odoo.SaleOrderLineValues{})`,
		[]string{"SaleOrderLineValues", "OdooRecord"},
	}, {
		"Gt on a boolean",
		`_ = orm.Gt(partner.Color, 3)`,
		`_ = orm.Gt(partner.Active, true)`,
		[]string{"bool", "Ordered"},
	}, {
		"Gt on a relation",
		`_ = orm.Gt(so.AmountTotal, 100)`,
		`_ = orm.Gt(so.PartnerID, text)`,
		[]string{"string", "ResPartner"},
	}, {
		"ILike on a number",
		`_ = orm.ILike(partner.Name, "%a%")`,
		`_ = orm.ILike(partner.Color, "%a%")`,
		[]string{"int", "string"},
	}, {
		"float for an integer",
		`_ = orm.Eq(partner.Color, 3)`,
		`_ = orm.Eq(partner.Color, 3.5)`,
		[]string{"3.5", "int"},
	}, {
		"float variable for an integer in values",
		`_ = odoo.ResPartnerValues{Color: orm.Set(int(float))}`,
		`_ = odoo.ResPartnerValues{Color: orm.Set(float)}`,
		[]string{"float64", "int"},
	}, {
		"date for a datetime",
		`_ = orm.Gt(so.ValidityDate, orm.DateOf(now))`,
		`_ = orm.Gt(so.DateOrder, orm.DateOf(now))`,
		[]string{"Date", "Time"},
	}, {
		"Any over a field that is no relation",
		`_ = orm.Any(so.PartnerID, orm.ILike(partner.Email, "x"))`,
		`_ = orm.Any(so.Name, orm.ILike(partner.Email, "x"))`,
		[]string{"Field", "string", "ID"},
	}, {
		"Any with conditions on another target",
		`_ = orm.Any(so.OrderLine, orm.Gt(line.ProductUomQty, 10))`,
		`_ = orm.Any(so.OrderLine, orm.ILike(partner.Email, "x"))`,
		[]string{"ResPartner", "SaleOrderLine"},
	}, {
		"Any of another model's relation in a query",
		`orders.Find(ctx, orm.Any(so.OrderLine, orm.Eq(line.ProductID, productID)))`,
		`orders.Find(ctx, orm.Any(line.ProductID, orm.Eq(product.DefaultCode, "x")))`,
		[]string{"SaleOrderLine", "SaleOrder"},
	}, {
		"a value that can't be written",
		`_ = odoo.ResPartnerValues{Name: orm.Set("x")}`,
		`_ = odoo.ResPartnerValues{ID: orm.Set(partnerID)}`,
		[]string{"ID", "ResPartnerValues"},
	}, {
		"a plain value where three states belong",
		`_ = odoo.ResPartnerValues{Name: orm.Clear[string]()}`,
		`_ = odoo.ResPartnerValues{Name: "x"}`,
		[]string{"Opt", "string"},
	},
}

func TestWrongCodeDoesNotCompile(t *testing.T) {
	check := newChecker(t)
	for _, c := range compileCases {
		t.Run(c.name, func(t *testing.T) {
			if problems := checkStatement(t, check, c.right); len(problems) > 0 {
				t.Errorf("%s\ndoes not compile:\n%s", c.right, strings.Join(problems, "\n"))
			}
			problems := strings.Join(checkStatement(t, check, c.wrong), "\n")
			if problems == "" {
				t.Fatalf("%s\ncompiles", c.wrong)
			}
			for _, want := range c.want {
				if !regexp.MustCompile(`\b` + regexp.QuoteMeta(want) + `\b`).MatchString(problems) {
					t.Errorf("%s\ngives\n%s\nwithout a word on %s", c.wrong, problems, want)
				}
			}
		})
	}
}

func checkStatement(t *testing.T, c *checker, statement string) []string {
	t.Helper()
	return c.check(t, map[string]string{"consumer.go": strings.Replace(consumer, "STATEMENT", statement, 1)})
}
