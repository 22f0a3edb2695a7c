package golden_test

import (
	"regexp"
	"strings"
	"testing"
)

// Conditions and values of fields with types of the application are checked by the compiler as those of odoogen's own types.

const ownConsumer = `package consumer

import (
	"encoding/json"
	"net/netip"

	"github.com/odoogen/odoogen/golden/own/app"
	odoo "` + ownPath + `"
	orm "` + runtimePath + `"
	"` + comparePath + `"
)

var (
	so   = odoo.SaleOrderF
	text string
	host netip.Addr
	_    json.Number
)

func program() {
	STATEMENT
}

var _ = compare.Gt[odoo.SaleOrder, netip.Addr]
var _ = app.Draft
var _ orm.Expr
`

var ownCases = []struct {
	name, right, wrong string
	want               []string
}{
	{"text for an enum", `_ = orm.Eq(so.State, app.Sale)`, `_ = orm.Eq(so.State, text)`, []string{"string", "State"}},
	{"text for an address", `_ = orm.In(so.XHost, host)`, `_ = orm.In(so.XHost, text)`, []string{"string", "Addr"}},
	{"float for a number", `_ = orm.Eq(so.AmountTotal, json.Number("1"))`, `_ = orm.Eq(so.AmountTotal, 1.5)`, []string{"1.5", "Number"}},
	{"text in values", `_ = odoo.SaleOrderValues{XHost: orm.Set(host)}`, `_ = odoo.SaleOrderValues{XHost: orm.Set(text)}`, []string{"string", "Addr"}},
	{"order of an enum", `_ = compare.Gt(so.XHost, host)`, `_ = compare.Gt(so.State, app.Draft)`, []string{"State", "Ordered"}},
	{"order of another type", `_ = compare.Lt(so.XHost, host)`, `_ = compare.Lt(so.XHost, text)`, []string{"string", "Addr"}},
	{"order by the function for types of Odoo", `_ = compare.Le(so.XHost, host)`, `_ = orm.Gt(so.XHost, host)`, []string{"Addr", "Ordered"}},
	{"a field that cannot be searched", `_ = orm.Eq(so.AmountTotal, "2")`, `_ = orm.Eq(so.AmountUndiscounted, "2")`, []string{"Unsearchable"}},
}

func TestWrongCodeWithOwnTypesDoesNotCompile(t *testing.T) {
	check := newChecker(t)
	problems := func(statement string) string {
		return strings.Join(check.check(t, map[string]string{"consumer.go": strings.Replace(ownConsumer, "STATEMENT", statement, 1)}), "\n")
	}
	for _, c := range ownCases {
		t.Run(c.name, func(t *testing.T) {
			if got := problems(c.right); got != "" {
				t.Errorf("%s\ndoes not compile:\n%s", c.right, got)
			}
			got := problems(c.wrong)
			if got == "" {
				t.Fatalf("%s\ncompiles", c.wrong)
			}
			for _, want := range c.want {
				if !regexp.MustCompile(`\b` + regexp.QuoteMeta(want) + `\b`).MatchString(got) {
					t.Errorf("%s\ngives\n%s\nwithout a word on %s", c.wrong, got, want)
				}
			}
		})
	}
}
