package orm

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// asked finds with the options and gives the named arguments that were sent, or the error.
func askedWith[R any](t *testing.T, options ...FindOption) string {
	t.Helper()
	f := &fakeOdoo{Object: answerAll(resultOf("[]"))}
	if _, err := Find[R](t.Context(), dialFake(t, f), Domain[sale]{}, options...); err != nil {
		if calls := f.Log(); len(calls) > 0 {
			t.Errorf("%v came after %v", err, calls)
		}
		return "error: " + err.Error()
	}
	return f.Log()[0].String()
}

func TestOptionsOnTheWire(t *testing.T) {
	const fields = `"fields":["id","name","partner_id","order_line"]`
	for name, c := range map[string]struct {
		options []FindOption
		want    string
	}{
		"none":           {nil, `{"domain":[],` + fields + `}`},
		"limit":          {[]FindOption{Limit(80)}, `{"domain":[],` + fields + `,"limit":80}`},
		"no limit":       {[]FindOption{Limit(80), Limit(0)}, `{"domain":[],` + fields + `}`},
		"offset":         {[]FindOption{Offset(5), Limit(1)}, `{"domain":[],` + fields + `,"limit":1,"offset":5}`},
		"orders":         {[]FindOption{Desc(saleF.Total), Asc(saleF.Partner)}, `{"domain":[],` + fields + `,"order":"amount_total desc, partner_id asc"}`},
		"nil":            {[]FindOption{nil, Limit(1)}, `{"domain":[],` + fields + `,"limit":1}`},
		"include":        {[]FindOption{Include(saleF.Image)}, `{"domain":[],"fields":["id","name","partner_id","order_line","image"]}`},
		"include twice":  {[]FindOption{Include(saleF.Image), Include(saleF.Image)}, `{"domain":[],"fields":["id","name","partner_id","order_line","image"]}`},
		"include a read": {[]FindOption{Include(saleF.Name)}, `{"domain":[],` + fields + `}`},
		"everything":     {[]FindOption{Everything()}, `{"domain":[],"fields":["id","name","partner_id","order_line","image","margin"]}`},
		"context":        {[]FindOption{Context{"lang": "fr_FR", "active_test": false}}, `{"context":{"active_test":false,"lang":"fr_FR"},"domain":[],` + fields + `}`},
		"contexts":       {[]FindOption{Context{"lang": "fr_FR", "tz": "UTC"}, Context{"lang": "de_DE"}}, `{"context":{"lang":"de_DE","tz":"UTC"},"domain":[],` + fields + `}`},
	} {
		if got, want := askedWith[sale](t, c.options...), "sale.order.search_read [] "+c.want; got != want {
			t.Errorf("%s:\ngot  %s\nwant %s", name, got, want)
		}
	}
}

func TestOptionsThatDoNotFitTheCallAreErrors(t *testing.T) {
	for want, option := range map[string]FindOption{
		"order by name of res.partner in a call on sale.order":   Asc(partnerF.Name),
		"order by email of res.partner in a call on sale.order":  Desc(partnerF.Email),
		"Include by name of res.partner in a call on sale.order": Include(partnerF.Name),
		"Include(state): orm.sale has no such field":             Include(saleF.State),
	} {
		if got := askedWith[sale](t, option); !strings.HasPrefix(got, "error: ") || !strings.Contains(got, want) {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

func TestAProjectionReadsItsOwnFieldsOnly(t *testing.T) {
	type row struct {
		ignored string
		Other   string
		Partner Ref[partner] `odoo:"partner_id"`
		baseRow
		Image []byte `odoo:"image"`
	}
	want := `sale.order.search_read [] {"domain":[],"fields":["partner_id","id","image"]}`
	if got := askedWith[row](t); got != want {
		t.Errorf("got %s", got)
	}
	_ = row{}.ignored
}

func TestAStructMayEmbedAGeneratedRecord(t *testing.T) {
	type row struct {
		sale
		Reference string `odoo:"client_order_ref"`
	}
	want := `sale.order.search_read [] {"domain":[],"fields":["id","name","partner_id","order_line","client_order_ref"]}`
	if got := askedWith[row](t); got != want {
		t.Errorf("got %s", got)
	}
	if got := modelName[row](); got != "sale.order" {
		t.Errorf("the model is %q", got)
	}
}

func TestContextsAreLaidOverEachOther(t *testing.T) {
	f := &fakeOdoo{Object: answerAll(resultOf("0"))}
	own := Context{"lang": "fr_FR", "tz": "Europe/Paris"}
	c := dialFake(t, f, WithContext(own))
	derived := c.With(Context{"lang": "de_DE", "active_test": false})
	count := func(c *Client, options ...CountOption) {
		if _, err := Count(t.Context(), c, Domain[sale]{}, options...); err != nil {
			t.Fatal(err)
		}
	}
	count(c)
	count(c, Context{"lang": "en_US"})
	count(derived)
	count(derived, Context{"tz": "UTC"})
	count(c)
	var got []string
	for _, call := range f.Log() {
		got = append(got, string(call.Named["context"]))
	}
	want := []string{
		`{"lang":"fr_FR","tz":"Europe/Paris"}`,
		`{"lang":"en_US","tz":"Europe/Paris"}`,
		`{"active_test":false,"lang":"de_DE","tz":"Europe/Paris"}`,
		`{"active_test":false,"lang":"de_DE","tz":"UTC"}`,
		`{"lang":"fr_FR","tz":"Europe/Paris"}`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(Context{"lang": "fr_FR", "tz": "Europe/Paris"}, own); diff != "" {
		t.Errorf("the client's context was changed\n%s", diff)
	}
}

func TestAContextOfExecuteKWReplacesTheClients(t *testing.T) {
	f := &fakeOdoo{Object: answerAll(resultOf("0"))}
	c := dialFake(t, f, WithContext(Context{"lang": "fr_FR"}))
	if err := c.ExecuteKW(t.Context(), "x", "y", nil, map[string]any{"context": Context{"tz": "UTC"}}, nil); err != nil {
		t.Fatal(err)
	}
	if got, want := f.Log()[0].String(), `x.y [] {"context":{"tz":"UTC"}}`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// A Count with a limit passes it to Odoo from 16 on, and applies the limit itself on older versions.
func TestCountWithALimit(t *testing.T) {
	for major, want := range map[int]string{15: `{}`, 16: `{"limit":2}`, 19: `{"limit":2}`} {
		f := &fakeOdoo{Major: major, Object: func(c fakeCall) string {
			if _, limited := c.Named["limit"]; limited {
				return resultOf("2")
			}
			return resultOf("5")
		}}
		n, err := Count(t.Context(), dialFake(t, f), AllOf[sale](), Limit(2))
		if err != nil || n != 2 {
			t.Errorf("%d: counted %d, %v", major, n, err)
		}
		if got := f.Log()[0].String(); got != `sale.order.search_count [[]] `+want {
			t.Errorf("%d: sent %s", major, got)
		}
	}
}
