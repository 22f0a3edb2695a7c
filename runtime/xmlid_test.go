package orm

import (
	"errors"
	"fmt"
	"strings"
	"testing"
)

// A condition with a part for each external id breaks Odoo 14 at some 4,000.
func TestXMLIDsAreAskedForByModule(t *testing.T) {
	var xmlIDs []string
	for i := range 2100 {
		xmlIDs = append(xmlIDs, fmt.Sprintf("base.n%d", i))
	}
	for i := range 150 {
		xmlIDs = append(xmlIDs, fmt.Sprintf("m%d.n", i))
	}
	f := &fakeOdoo{object: func(c fakeCall) string {
		if strings.Contains(c.String(), `"n2050"`) {
			return resultOf(`[{"module":"base","name":"n2050","model":"res.partner","res_id":7}]`)
		}
		return resultOf("[]")
	}}
	found, err := dialFake(t, f).XMLIDs(t.Context(), xmlIDs)
	if !errors.Is(err, ErrNoRecord) || len(found) != 1 || found["base.n2050"] != (Reference{"res.partner", 7}) {
		t.Errorf("got %v", found)
	}
	calls := f.log()
	if len(calls) != 3 {
		t.Fatalf("%d calls", len(calls))
	}
	for i, call := range calls {
		if n := strings.Count(call.String(), `"module"`); n > 100+1 { // one is a field that is read
			t.Errorf("call %d names %d modules", i, n)
		}
	}
}
