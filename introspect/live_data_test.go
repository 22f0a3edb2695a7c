//go:build live

package introspect

import (
	"bytes"
	"strings"
	"testing"
)

// The reference data of a real server is pulled in the same bytes twice, with its relations.
func TestLivePullData(t *testing.T) {
	c := dialFull(t)
	models := []string{"res.country", "res.country.group", "res.currency", "res.lang", "uom.*"}
	schema, err := Pull(t.Context(), c, Options{Models: models, Methods: MethodsNone})
	if err != nil {
		t.Fatal(err)
	}
	var pulls [2][]byte
	for i := range pulls {
		data, err := PullData(t.Context(), c, schema, models, 1000)
		if err != nil {
			t.Fatal(err)
		}
		if pulls[i], err = data.Encode(); err != nil {
			t.Fatal(err)
		}
		if left := strings.Join(data.LeftOut, "\n"); !strings.Contains(left, "res.country.address_view_id: ir.ui.view is not in the data") || strings.Contains(left, "country_ids") {
			t.Errorf("left out are\n%s", left)
		}
	}
	if !bytes.Equal(pulls[0], pulls[1]) {
		t.Error("a second pull differs")
	}
	for _, want := range []string{
		`"code": "BE", "country_group_ids/id": ["`, `"currency_id/id": "base.EUR", "name": "Belgium"`, `{"id": "base.lang_en", "active": true, "code": "en_US"`,
		`{"id": "uom.product_uom_dozen"`, `"name": "EUR"`,
	} {
		if !strings.Contains(string(pulls[0]), want) {
			t.Errorf("the data has no %s", want)
		}
	}
}
