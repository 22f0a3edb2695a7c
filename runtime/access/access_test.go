package access_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	orm "github.com/odoogen/odoogen/runtime"
	"github.com/odoogen/odoogen/runtime/access"
	"github.com/odoogen/odoogen/runtime/internal/fakeodoo"
)

// sale is like a generated record.
type sale struct{}

func (*sale) OdooModel() string { return "sale.order" }

func TestOnTheWire(t *testing.T) {
	answers := map[string]string{"has_access": "true", "check_access_rights": "true", "check_access_rule": "null"}
	for major, want := range map[int][]string{
		18: {
			`sale.order.has_access [[]] {"operation":"write"}`,
			`sale.order.has_access [[4]] {"context":{"allowed_company_ids":[2]},"operation":"read"}`,
		},
		17: {
			`sale.order.check_access_rights [] {"operation":"write","raise_exception":false}`,
			`sale.order.check_access_rights [] {"context":{"allowed_company_ids":[2]},"operation":"read","raise_exception":false}`,
			`sale.order.check_access_rule [[4]] {"context":{"allowed_company_ids":[2]},"operation":"read"}`,
		},
	} {
		f := &fakeodoo.Server{Major: major, Object: func(c fakeodoo.Call) string { return fakeodoo.Result(answers[c.Method]) }}
		c := dial(t, f)
		write, err1 := access.Has[sale](t.Context(), c, nil, access.Write)
		read, err2 := access.Has(t.Context(), c, orm.On(orm.ID[sale](4)), access.Read, orm.Companies(orm.ID[sale](2)))
		if err := errors.Join(err1, err2); err != nil || !write || !read {
			t.Errorf("%d: %v, %v, %v", major, write, read, err)
		}
		var calls []string
		for _, call := range f.Log() {
			calls = append(calls, call.String())
		}
		if diff := cmp.Diff(want, calls); diff != "" {
			t.Error(diff)
		}
	}
}

func TestNoAccessByARule(t *testing.T) {
	c := dial(t, &fakeodoo.Server{Major: 14, Object: func(call fakeodoo.Call) string {
		if call.Method == "check_access_rule" {
			return fakeodoo.Fault("odoo.exceptions.AccessError", "no")
		}
		return fakeodoo.Result("true")
	}})
	if may, err := access.Has(t.Context(), c, orm.On(orm.ID[sale](4)), access.Read); may || err != nil {
		t.Errorf("%v, %v", may, err)
	}
}

func TestWithoutAClient(t *testing.T) {
	if _, err := access.Has[sale](t.Context(), nil, nil, access.Read); err == nil || !strings.Contains(err.Error(), "the client for sale.order is nil") {
		t.Errorf("got %v", err)
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
