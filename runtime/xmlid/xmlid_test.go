package xmlid_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	orm "github.com/odoogen/odoogen/runtime"
	"github.com/odoogen/odoogen/runtime/internal/fakeodoo"
	"github.com/odoogen/odoogen/runtime/xmlid"
)

// A condition with a part for each external ID breaks Odoo 14 at some 4,000.
func TestReferencesAreSearchedByModule(t *testing.T) {
	var xmlIDs []string
	for i := range 2100 {
		xmlIDs = append(xmlIDs, fmt.Sprintf("base.n%d", i))
	}
	for i := range 150 {
		xmlIDs = append(xmlIDs, fmt.Sprintf("m%d.n", i))
	}
	f := &fakeodoo.Server{Object: func(c fakeodoo.Call) string {
		if strings.Contains(c.String(), `"n2050"`) {
			return fakeodoo.Result(`[{"module":"base","name":"n2050","model":"res.partner","res_id":7}]`)
		}
		return fakeodoo.Result("[]")
	}}
	found, err := xmlid.References(t.Context(), dial(t, f), xmlIDs)
	if !errors.Is(err, orm.ErrNoRecord) || len(found) != 1 || found["base.n2050"] != (orm.Reference{Model: "res.partner", ID: 7}) {
		t.Errorf("got %v", found)
	}
	calls := f.Log()
	if len(calls) != 3 {
		t.Fatalf("%d calls", len(calls))
	}
	for i, call := range calls {
		if n := strings.Count(call.String(), `"module"`); n > 100+1 { // one is a field that is read
			t.Errorf("call %d names %d modules", i, n)
		}
	}
}

// sale is like a generated record.
type sale struct{}

func (*sale) OdooModel() string { return "sale.order" }

// An answer with other records than those that were asked for is an error that says so.
func TestForeignAnswersAreRefused(t *testing.T) {
	of := func(c *orm.Client) (any, error) {
		found, err := xmlid.Of(t.Context(), c, orm.On(orm.ID[sale](7)))
		return len(found), err
	}
	for name, test := range map[string]struct {
		answer string
		call   func(*orm.Client) (any, error)
		want   string
	}{
		"Lookup": {`[{"module":"base","name":"other","model":"sale.order","res_id":7}]`, func(c *orm.Client) (any, error) {
			id, err := xmlid.Lookup[sale](t.Context(), c, "base.asked")
			return int(id), err
		}, "base.other"},
		"Of":               {`[{"module":"base","name":"other","model":"sale.order","res_id":8}]`, of, "record 8"},
		"Of another model": {`[{"module":"base","name":"other","model":"res.partner","res_id":7}]`, of, "res.partner"},
	} {
		got, err := test.call(dial(t, &fakeodoo.Server{Object: fakeodoo.Always(fakeodoo.Result(test.answer))}))
		if _, ok := errors.AsType[*orm.DecodeError](err); !ok || !strings.Contains(err.Error(), test.want) || got != 0 {
			t.Errorf("%s: got %v, %v", name, got, err)
		}
	}
}

func dial(t *testing.T, f *fakeodoo.Server) *orm.Client {
	t.Helper()
	c, err := orm.Dial(t.Context(), fakeodoo.Start(t, f), orm.Using(orm.JSONRPC), orm.Database("acme"), orm.Password("bot", "s3cret"))
	if err != nil {
		t.Fatal(err)
	}
	return c
}
