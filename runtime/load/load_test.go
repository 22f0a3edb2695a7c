package load_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	orm "github.com/odoogen/odoogen/runtime"
	"github.com/odoogen/odoogen/runtime/internal/fakeodoo"
	"github.com/odoogen/odoogen/runtime/load"
)

// The records below are like generated ones.

type partner struct{}

type line struct{}

type state string

type sale struct{}

func (*sale) OdooModel() string { return "sale.order" }

type saleValues struct {
	Name    orm.Opt[string]          `odoo:"name"`
	Partner orm.Opt[orm.ID[partner]] `odoo:"partner_id"`
	Lines   []orm.Command[line]      `odoo:"order_line"`
}

func (saleValues) OdooRecord() *sale { return nil }

// dial logs in to a fake server.
func dial(t *testing.T, f *fakeodoo.Server, options ...orm.DialOption) *orm.Client {
	t.Helper()
	options = append([]orm.DialOption{orm.Using(orm.JSONRPC), orm.Database("acme"), orm.Password("bot", "s3cret")}, options...)
	c, err := orm.Dial(t.Context(), fakeodoo.Start(t, f), options...)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

type loaded struct {
	Name    orm.Opt[string]          `odoo:"name"`
	Partner orm.Opt[orm.ID[partner]] `odoo:"partner_id"`
	Owner   string                   `odoo:"owner_id/id"`
	Date    orm.Date                 `odoo:"date"`
	Time    time.Time                `odoo:"time"`
	On      orm.Opt[bool]            `odoo:"on"`
	Count   orm.Opt[int]             `odoo:"count"`
	Total   float64                  `odoo:"total"`
	State   state                    `odoo:"state"`
	File    []byte                   `odoo:"file"`
}

func TestLoadOnTheWire(t *testing.T) {
	f := &fakeodoo.Server{Object: fakeodoo.Always(fakeodoo.Result(`{"ids":[7,8],"messages":[{"type":"warning","message":"hm","rows":{"from":1,"to":1},"field":"name"}],"nextrow":0}`))}
	rows := []load.Row[loaded]{
		{"m.a", loaded{orm.Set("x"), orm.Set(orm.ID[partner](3)), "base.x", orm.Date{Year: 2026, Month: 7, Day: 1}, time.Date(2026, 7, 1, 9, 0, 0, 0, time.UTC), orm.Set(true), orm.Set(5), 2.5, "done", []byte("hi")}},
		{"m.b", loaded{Name: orm.Clear[string](), Partner: orm.Clear[orm.ID[partner]](), On: orm.Set(false), Count: orm.Clear[int]()}},
	}
	done, err := load.IntoModel(t.Context(), dial(t, f), "sale.order", rows, orm.Context{"tz": "Asia/Tokyo"})
	if err != nil {
		t.Fatal(err)
	}
	want := load.Result[int64]{IDs: []int64{7, 8}, Warnings: []load.Message{{1, "m.b", "name", "hm", true}}}
	if diff := cmp.Diff(want, done); diff != "" {
		t.Error(diff)
	}
	sent := `sale.order.load [["id","name","partner_id/.id","owner_id/id","date","time","on","count","total","state","file"],` +
		`[["m.a","x","3","base.x","2026-07-01","2026-07-01 09:00:00","1","5","2.5","done","aGk="],["m.b","","","","","","0","","0","",""]]] {"context":{"tz":"UTC"}}`
	if got := f.Log()[0].String(); got != sent {
		t.Errorf("sent %s\nwant %s", got, sent)
	}
}

func TestLoadRefuses(t *testing.T) {
	f := &fakeodoo.Server{Object: fakeodoo.Always(fakeodoo.Result(`{"ids":[],"messages":[]}`))}
	c := dial(t, f)
	type withID struct {
		ID orm.ID[sale] `odoo:"id"`
	}
	for want, run := range map[string]func() error{
		"row 1: the field partner_id is in this row, but not in the first one": refused(c, []load.Row[saleValues]{{"m.a", saleValues{Name: orm.Set("x")}}, {"m.b", saleValues{Name: orm.Set("y"), Partner: orm.Set(orm.ID[partner](1))}}}),
		"row 1: the field name is not in this row, but in the first one":       refused(c, []load.Row[saleValues]{{"m.a", saleValues{Name: orm.Set("x")}}, {"m.b", saleValues{Partner: orm.Set(orm.ID[partner](1))}}}),
		"row 2: the field partner_id is not in this row": refused(c, []load.Row[saleValues]{{"m.a", saleValues{Name: orm.Set("x"), Partner: orm.Set(orm.ID[partner](1))}},
			{"m.b", saleValues{Name: orm.Set("x"), Partner: orm.Set(orm.ID[partner](1))}}, {"m.c", saleValues{Name: orm.Set("x")}}}),
		"rows 0 and 1 have the same external ID m.a": refused(c, []load.Row[saleValues]{{"m.a", saleValues{Name: orm.Set("x")}}, {"m.a", saleValues{Name: orm.Set("y")}}}),
		"field order_line: load takes the whole set": refused(c, []load.Row[saleValues]{{"m.a", saleValues{Lines: orm.Commands(orm.Link(orm.ID[line](1)))}}}),
		"the XMLID of the row names the record":      refused(c, []load.Row[withID]{{"m.a", withID{1}}}),
		"no values":                                  refused(c, []load.Row[*saleValues]{{XMLID: "m.a"}}),
		"into structs with":                          refused(c, []load.Row[string]{{XMLID: "m.a"}}),
	} {
		if err := run(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
	done, err := load.Rows[saleValues](t.Context(), &orm.Client{}, nil)
	if err != nil || done.IDs != nil || f.Log() != nil {
		t.Errorf("nothing loaded: %v, %v", done, err)
	}
}

func refused[V any](c *orm.Client, rows []load.Row[V]) func() error {
	return func() error {
		_, err := load.IntoModel(context.Background(), c, "sale.order", rows)
		return err
	}
}

func TestErrorsNameTheRow(t *testing.T) {
	rows := []load.Row[saleValues]{{"m.a", saleValues{Name: orm.Set("x")}}, {"m.b", saleValues{Name: orm.Set("y")}}}
	for _, test := range []struct{ answer, want string }{
		{`{"ids":false,"messages":[{"type":"warning","message":"w"},{"type":"error","message":"bad ","rows":{"from":1,"to":1},"record":1,"field":"name","moreinfo":{"a":[1]}},{"type":"error","message":"x","rows":{"from":9}}]}`,
			"load: sale.order: nothing is loaded, 2 errors: row 1: field name: bad"},
		{`{"ids":false,"messages":[]}`, "load: sale.order: nothing is loaded"},
		{`{"ids":[1,2],"messages":[{"type":"error","message":"odd"}]}`, "load: sale.order: nothing is loaded, 1 error: odd"},
	} {
		c := dial(t, &fakeodoo.Server{Object: fakeodoo.Always(fakeodoo.Result(test.answer))})
		_, err := load.Rows(t.Context(), c, rows)
		if e, ok := errors.AsType[*load.Error](err); !ok || err.Error() != test.want || !errors.Is(err, orm.ErrValidation) || e.Model != "sale.order" {
			t.Errorf("got %v\nwant %s", err, test.want)
		}
	}
	for _, answer := range []string{`{"ids":[1]}`, `{"ids":"x"}`, `[]`, `{"ids":[1,2,3],"messages":[]}`} {
		c := dial(t, &fakeodoo.Server{Object: fakeodoo.Always(fakeodoo.Result(answer))})
		if _, err := load.Rows(t.Context(), c, rows); err == nil {
			t.Errorf("%s is taken", answer)
		}
	}
}

// Rows of different types are one table, whatever the order of their fields.
func TestLoadPutsCellsUnderTheirHeaders(t *testing.T) {
	type one struct {
		Name  string `odoo:"name"`
		Email string `odoo:"email"`
	}
	type other struct {
		Email string `odoo:"email"`
		Name  string `odoo:"name"`
	}
	f := &fakeodoo.Server{Object: fakeodoo.Always(fakeodoo.Result(`{"ids":[1,2],"messages":[]}`))}
	rows := []load.Row[any]{{"m.a", one{"Ann", "ann@example.com"}}, {"m.b", other{"bob@example.com", "Bob"}}}
	if _, err := load.IntoModel(t.Context(), dial(t, f), "res.partner", rows); err != nil {
		t.Fatal(err)
	}
	want := `res.partner.load [["id","name","email"],[["m.a","Ann","ann@example.com"],["m.b","Bob","bob@example.com"]]] {}`
	if got := f.Log()[0].String(); got != want {
		t.Errorf("sent %s\nwant %s", got, want)
	}
}

func TestLoadInBatches(t *testing.T) {
	answers := []string{`{"ids":[1,2],"messages":[]}`, `{"ids":[3,4],"messages":[{"type":"warning","message":"w","rows":{"from":1}}]}`, `{"ids":[5],"messages":[]}`}
	rows := make([]load.Row[saleValues], 5)
	for i := range rows {
		rows[i] = load.Row[saleValues]{"m." + string(rune('a'+i)), saleValues{Name: orm.Set("x")}}
	}
	batches := func(last string) (load.Result[orm.ID[sale]], int, error) {
		calls := 0
		f := &fakeodoo.Server{Object: func(fakeodoo.Call) string {
			calls++
			if calls == 3 {
				return fakeodoo.Result(last)
			}
			return fakeodoo.Result(answers[calls-1])
		}}
		done, err := load.Rows(t.Context(), dial(t, f), rows, orm.Batch(2))
		return done, calls, err
	}
	done, calls, err := batches(answers[2])
	want := load.Result[orm.ID[sale]]{[]orm.ID[sale]{1, 2, 3, 4, 5}, []load.Message{{3, "m.d", "", "w", true}}}
	if diff := cmp.Diff(want, done); diff != "" || calls != 3 || err != nil {
		t.Errorf("%d calls, %v\n%s", calls, err, diff)
	}
	done, _, err = batches(`{"ids":false,"messages":[{"type":"error","message":"bad","rows":{"from":0}}]}`)
	text := "load: sale.order: nothing is loaded after the first 4 rows, 1 error: row 4: bad"
	if err == nil || err.Error() != text || !cmp.Equal(done.IDs, []orm.ID[sale]{1, 2, 3, 4}) {
		t.Errorf("got %v with the ids %v, want %s", err, done.IDs, text)
	}
}

func TestAnswersWithOtherRecords(t *testing.T) {
	c := dial(t, &fakeodoo.Server{Object: fakeodoo.Always(fakeodoo.Result(`{"ids":[7,8],"messages":[]}`))})
	_, err := load.Rows(t.Context(), c, []load.Row[saleValues]{{"m.a", saleValues{Name: orm.Set("x")}}})
	if e, ok := errors.AsType[*orm.DecodeError](err); !ok || !strings.Contains(err.Error(), "load of 1 records answered with 2 ids") || !e.MaybeDone() {
		t.Errorf("got %v", err)
	}
}

func TestABatchOfNoRowsIsRefused(t *testing.T) {
	f := &fakeodoo.Server{Object: fakeodoo.Always(fakeodoo.Result(`{"ids":[7],"messages":[]}`))}
	_, err := load.Rows(t.Context(), dial(t, f), []load.Row[saleValues]{{"m.a", saleValues{Name: orm.Set("x")}}}, orm.Batch(-2))
	if err == nil || !strings.Contains(err.Error(), "Batch(-2)") || len(f.Log()) > 0 {
		t.Errorf("got %v", err)
	}
}

// The records below are those of a package for several servers.

type tax struct{}

type item struct{}

func (*item) OdooModel() string { return "sale.order.line" }

type itemValues struct {
	Taxes  []orm.Command[tax] `odoo:"tax_ids|tax_id"`
	Region orm.Opt[string]    `odoo:"x_region?"`
}

func (itemValues) OdooRecord() *item { return nil }

func TestNamesOfTheServer(t *testing.T) {
	f := &fakeodoo.Server{Object: func(c fakeodoo.Call) string {
		if c.Method == "fields_get" {
			return fakeodoo.Result(`{"tax_id":{"type":"many2many","relation":"account.tax"}}`)
		}
		return fakeodoo.Result(`{"ids":[1],"messages":[]}`)
	}}
	c := dial(t, f)
	if _, err := load.Rows(t.Context(), c, []load.Row[itemValues]{{"a", itemValues{Taxes: orm.Commands(orm.Replace(orm.ID[tax](4)))}}}); err != nil {
		t.Fatal(err)
	}
	calls := f.Log()
	if got, want := calls[len(calls)-1].String(), `sale.order.line.load [["id","tax_id/.id"],[["a","4"]]] {}`; got != want {
		t.Errorf("sent %s, want %s", got, want)
	}
	_, err := load.Rows(t.Context(), c, []load.Row[itemValues]{{"a", itemValues{Region: orm.Clear[string]()}}})
	if !errors.Is(err, orm.ErrNoField) {
		t.Errorf("a field that the server lacks: %v", err)
	}
	for _, call := range f.Log() {
		if call.Method == "load" {
			t.Errorf("sent %s", call)
		}
	}
}

// Fields that are known not to be base64 are not loaded from bytes.
func TestBytesForAFieldThatIsNotBase64(t *testing.T) {
	type values struct {
		Raw orm.Opt[[]byte] `odoo:"raw"`
	}
	f := &fakeodoo.Server{Object: fakeodoo.Always(fakeodoo.Result("true"))}
	_, err := load.IntoModel(t.Context(), dial(t, f), "ir.attachment", []load.Row[values]{{Values: values{Raw: orm.Set([]byte("a"))}}})
	if err == nil || !strings.Contains(err.Error(), `use "datas"`) || len(f.Log()) > 0 {
		t.Errorf("got %v", err)
	}
}

func TestInterceptorsSeeNoPasswordsThatAreLoaded(t *testing.T) {
	type account struct {
		Login    string `odoo:"login"`
		Password string `odoo:"password"`
	}
	var seen string
	audit := func(next orm.Handler) orm.Handler {
		return func(ctx context.Context, r *orm.Request) error {
			arguments, err := r.Arguments()
			seen = string(arguments)
			return errors.Join(next(ctx, r), err)
		}
	}
	c := dial(t, &fakeodoo.Server{Object: fakeodoo.Always(fakeodoo.Result(`{"ids":[1],"messages":[]}`))}, orm.Intercept(audit))
	_, err := load.IntoModel(t.Context(), c, "res.users", []load.Row[account]{{"m.a", account{"bob", "hunter2"}}})
	if want := `{"data":[["m.a","bob","***"]],"fields":["id","login","password"]}`; err != nil || seen != want {
		t.Errorf("got %s, %v, want %s", seen, err, want)
	}
}

func TestWithoutAClient(t *testing.T) {
	if _, err := load.Rows(t.Context(), nil, []load.Row[saleValues]{{}}); err == nil || !strings.Contains(err.Error(), "the client for sale.order is nil") {
		t.Errorf("got %v", err)
	}
}
