package golden_test

import (
	"reflect"
	"testing"

	"github.com/odoogen/odoogen/generated/odoo"
)

// The compiler writes the == of every comparable struct out, field by field: with it, a package takes nearly twice as long.
func TestDescriptorsAndValuesAreNotComparable(t *testing.T) {
	for _, typ := range []reflect.Type{
		reflect.TypeOf(odoo.SaleOrderF),
		reflect.TypeFor[odoo.SaleOrderValues](),
		reflect.TypeFor[odoo.ResCountryValues](),
	} {
		if typ.Comparable() {
			t.Errorf("%s is comparable", typ)
		}
	}
}
