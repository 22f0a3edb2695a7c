package compare_test

import (
	"fmt"
	"strconv"
	"strings"

	orm "github.com/odoogen/odoogen/runtime"
	"github.com/odoogen/odoogen/runtime/compare"
)

// Cents is an amount of money. With "monetary: example.com/shop.Cents" in odoogen.yaml it is the type of every monetary field.
type Cents int64

func (c Cents) Float64() float64             { return float64(c) / 100 }
func (c Cents) Compare(other Cents) int      { return int(c - other) }
func (c Cents) MarshalText() ([]byte, error) { return fmt.Appendf(nil, "%d.%02d", c/100, c%100), nil }

func (c *Cents) UnmarshalText(text []byte) error {
	units, fraction, _ := strings.Cut(string(text), ".")
	n, err := strconv.ParseInt(units+(fraction + "00")[:2], 10, 64)
	*c = Cents(n)
	return err
}

// SaleOrder and its fields are what generated code would have.
type SaleOrder struct {
	Total Cents `odoo:"amount_total"`
}

var SaleOrderF = struct {
	AmountTotal orm.Field[SaleOrder, Cents]
}{"amount_total"}

func Example() {
	where := orm.And(
		compare.Gt(SaleOrderF.AmountTotal, Cents(100_10)),
		orm.NotIn(SaleOrderF.AmountTotal, Cents(250_00), Cents(300_00)),
	)
	fmt.Println(orm.Expr(where))
	// Output:
	// ["&",["amount_total",">",100.10],["amount_total","not in",[250.00,300.00]]]
}
