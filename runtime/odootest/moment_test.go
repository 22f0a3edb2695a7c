package odootest_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/odoogen/odoogen/generated/odoo"
	orm "github.com/odoogen/odoogen/runtime"
	"github.com/odoogen/odoogen/runtime/odootest"
)

// A condition on write_date with the value that is shown compares microseconds until 18, whole seconds on 19.
func TestWriteDateOfItself(t *testing.T) {
	t.Parallel()
	for _, series := range []string{"14.0", "15.0", "16.0", "17.0", "18.0", "19.0"} {
		schema := stock(t)
		schema.Server.Series = series
		at := time.Date(2026, 11, 28, 10, 0, 0, 123456000, time.UTC)
		s := odootest.New(t, schema, odootest.Clock(func() time.Time { return at }))
		id := create(t, s, "res.partner", map[string]any{"name": "a"})
		kw(t, s, "res.partner", "read", []any{[]any{id}, []any{"write_date"}}, nil).result(t, `[{"id":1,"write_date":"2026-11-28 10:00:00"}]`)
		want := map[string]string{">": "1", ">=": "1", "=": "0", "<=": "0"}
		if series == "19.0" {
			want = map[string]string{">": "0", ">=": "1", "=": "1", "<=": "1"}
		}
		for operator, n := range want {
			kw(t, s, "res.partner", "search_count", []any{[]any{[]any{"write_date", operator, "2026-11-28 10:00:00"}}}, nil).result(t, n)
		}
		r, err := http.Get(s.URL + "/web/login") //nolint:noctx // ends with the server
		must(t, err)
		must(t, r.Body.Close())
		equal(t, "Date", r.Header.Get("Date"), "Sat, 28 Nov 2026 10:00:00 GMT")
	}
}

// A transaction that commits late has the time at which it began. What another one has written meanwhile makes it begin anew.
func TestCommitLate(t *testing.T) {
	t.Parallel()
	s := odootest.New(t, stock(t))
	first := create(t, s, "res.partner", map[string]any{"name": "a"})
	second := create(t, s, "res.partner", map[string]any{"name": "b"})
	c := dial(t, s)
	write := func(id int64, name string) error {
		return orm.Write(t.Context(), c, []orm.ID[odoo.ResPartner]{orm.ID[odoo.ResPartner](id)}, odoo.ResPartnerValues{Name: orm.Set(name)})
	}
	signal, done := make(chan struct{}), make(chan error)
	s.Inject(odootest.On{Method: "write", Times: 2}, odootest.CommitAfter(signal))
	go func() { done <- write(first, "late") }()
	go func() { done <- write(second, "late") }()
	for len(s.CallsOf("res.partner", "write")) < 2 {
		time.Sleep(time.Millisecond)
	}
	time.Sleep(1100 * time.Millisecond)
	began := time.Now().UTC().Format(time.DateTime)
	must(t, write(second, "in time"))
	close(signal)
	must(t, <-done)
	must(t, <-done)
	record, err := orm.Read[odoo.ResPartner](t.Context(), c, []orm.ID[odoo.ResPartner]{orm.ID[odoo.ResPartner](first), orm.ID[odoo.ResPartner](second)})
	must(t, err)
	equal(t, "the first is older", record[0].WriteDate.Format(time.DateTime) < began, true)
	equal(t, "the second is not", record[1].WriteDate.Format(time.DateTime) >= began, true)
	equal(t, "name", record[0].Name+" "+record[1].Name, "late late")
}
