package orm

import (
	"errors"
	"strings"
	"testing"
)

// discountF is a field of sale.order that is not among its descriptors.
const discountF = Field[sale, float64]("discount")

// unsearchable answers fields_get as Odoo does, where "discount" can be neither searched nor sorted by, and anything else
// as a server that leaves such conditions out: with all records.
func unsearchable(c fakeCall) string {
	if c.Method != "fields_get" {
		return resultOf(`[]`)
	}
	fields := map[string]string{
		"discount":   `{"type":"float","searchable":false,"sortable":"False"}`,
		"lines":      `{"type":"one2many","relation":"sale.order.line","searchable":true,"sortable":false}`,
		"order_line": `{"type":"one2many","relation":"sale.order.line","searchable":true,"sortable":false}`,
		"partner_id": `{"type":"many2one","relation":"res.partner","searchable":true,"sortable":true}`,
		"order_id":   `{"type":"many2one","relation":"sale.order","searchable":true,"sortable":true}`,
		"name":       `{"type":"char","searchable":true,"sortable":true}`,
	}
	var known []string
	for name, facts := range fields {
		if strings.Contains(string(c.Named["allfields"]), `"`+name+`"`) {
			known = append(known, `"`+name+`":`+facts)
		}
	}
	return resultOf("{" + strings.Join(known, ",") + "}")
}

func TestUnsearchableFieldsAreRefusedBefore19(t *testing.T) {
	for name, where := range map[string]Domain[sale]{
		"Gt":           Gt(discountF, 1e12),
		"in And":       And(Eq(saleF.Name, "x"), Lt(discountF, 0)),
		"in Or":        Or(Eq(saleF.Name, "x"), Lt(discountF, 0)),
		"in Not":       Not(Eq(discountF, 1)),
		"IsSet":        IsSet(discountF),
		"EqIfSet":      EqIfSet(discountF, Opt[float64]{}),
		"In nothing":   In(discountF),
		"Where":        Where[sale]("discount", "=", 1),
		"path":         Where[sale]("order_line.order_id.discount", "=", 1),
		"Any":          Any(saleF.Lines, Where[line]("discount", ">", 1)),
		"NotAny":       NotAny(saleF.Lines, Where[line]("discount", ">", 1)),
		"path in Any":  Any(saleF.Lines, Where[line]("order_id.discount", ">", 1)),
		"Any of a Rel": Any(Rel[sale, line]("discount")),
	} {
		for _, major := range []int{14, 15, 16, 17, 18} {
			f := &fakeOdoo{Major: major, Object: unsearchable}
			c := dialFake(t, f)
			var rows []sale
			var ids []int64
			for door, run := range map[string]func() error{
				"Find":   func() error { return c.Model("sale.order").Find(t.Context(), &rows, Expr(where)) },
				"Count":  func() error { _, err := Count(t.Context(), c, where); return err },
				"Search": func() error { return c.Model("sale.order").Search(t.Context(), &ids, Expr(where)) },
				"Group":  func() error { _, err := Group[salesOfAMonth](t.Context(), c, where); return err },
				"NameSearch": func() error {
					_, err := NameSearch(t.Context(), c, "a", where, "")
					return err
				},
				"All": func() error {
					for _, err := range All[sale](t.Context(), c, where) {
						return err
					}
					return nil
				},
			} {
				err := run()
				if !errors.Is(err, ErrUnsearchable) || !strings.Contains(err.Error(), "discount") {
					t.Errorf("%s on %d, %s: %v", name, major, door, err)
				}
			}
			for _, call := range f.Log() {
				if call.Method != "fields_get" {
					t.Errorf("%s on %d: sent %s", name, major, call)
				}
			}
		}
	}
}

func TestUnsortableFieldsAreRefusedBefore19(t *testing.T) {
	type nested struct {
		Lines []struct {
			Name string `odoo:"name"`
		} `odoo:"order_line,order=discount desc"`
	}
	for _, major := range []int{14, 17, 18} {
		f := &fakeOdoo{Major: major, Object: func(c fakeCall) string {
			if c.Method == "search_read" {
				return resultOf(`[{"id":1,"order_line":[1]}]`)
			}
			return unsearchable(c)
		}}
		c := dialFake(t, f)
		var rows []nested
		_, err1 := Find[sale](t.Context(), c, Domain[sale]{}, Asc(saleF.Name), Desc(discountF))
		err2 := c.Model("sale.order").Find(t.Context(), &rows, Expr{})
		for _, err := range []error{err1, err2} {
			if !errors.Is(err, ErrUnsearchable) || !strings.Contains(err.Error(), "discount") {
				t.Errorf("%d: %v", major, err)
			}
		}
	}
}

// Odoo 19 refuses by itself, and a call that names no field asks for none.
func TestSearchableFieldsAreNotAskedFor(t *testing.T) {
	for _, test := range []struct {
		major int
		where Domain[sale]
	}{{19, Gt(discountF, 1)}, {14, Domain[sale]{}}, {14, Eq(saleF.ID, 7)}, {14, Or[sale]()}} {
		f := &fakeOdoo{Major: test.major, Object: func(fakeCall) string { return resultOf("3") }}
		if n, err := Count(t.Context(), dialFake(t, f), test.where); n != 3 || err != nil || len(f.Log()) != 1 {
			t.Errorf("%d: %d, %v after %v", test.major, n, err, f.Log())
		}
	}
}
