package codec

import (
	"reflect"
	"testing"
)

func TestDigest(t *testing.T) {
	type row struct {
		Name string `odoo:"name"`
		ID   int64  `odoo:"id"`
	}
	read := func(data string) []Digested[row] {
		t.Helper()
		var rows []Digested[row]
		p, err := PlanOf(reflect.TypeFor[Digested[row]]())
		if err != nil {
			t.Fatal(err)
		}
		if _, err := p.DecodeRecords([]byte(data), reflect.ValueOf(&rows).Elem()); err != nil {
			t.Fatal(err)
		}
		return rows
	}
	rows := read(`[{"id": 7, "name": "a"}, {"id": 8, "name": "a"}]`)
	if len(rows) != 2 || rows[0].Record != (row{"a", 7}) || rows[0].Digest.ID != 7 || rows[1].Digest.ID != 8 {
		t.Fatalf("%+v", rows)
	}
	other := read(`[{"name":"a","id":7},{"id": 8, "name": "b"}]`)
	if rows[0].Digest.Sum == 0 || other[0].Digest.Sum != rows[0].Digest.Sum {
		t.Error("the sum depends on the order of the fields")
	}
	if other[1].Digest.Sum == rows[1].Digest.Sum {
		t.Error("the sum does not depend on a value")
	}
}
