package odoosync_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"math/rand/v2"
	"net/http"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/odoogen/odoogen/generated"
	"github.com/odoogen/odoogen/generated/odoo"
	"github.com/odoogen/odoogen/introspect/snapshot"
	orm "github.com/odoogen/odoogen/runtime"
	"github.com/odoogen/odoogen/runtime/odoosync"
	"github.com/odoogen/odoogen/runtime/odootest"
)

func newServer(t *testing.T) *odootest.Server {
	t.Helper()
	schema, err := snapshot.Decode(generated.Snapshot)
	if err != nil {
		t.Fatal(err)
	}
	return odootest.New(t, schema)
}

func dial(t *testing.T, server *odootest.Server, options ...orm.DialOption) *orm.Client {
	t.Helper()
	c, err := server.Dial(t.Context(), options...)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

type row = odoosync.Row[odoo.ResPartnerValues]

// partners are n rows with a ref each.
func partners(n int) iter.Seq2[row, error] {
	return func(yield func(row, error) bool) {
		for i := range n {
			v := odoo.ResPartnerValues{Ref: orm.Set(fmt.Sprintf("R%06d", i)), Name: orm.Set(fmt.Sprintf("Partner %d", i)), Color: orm.Set(i % 9)}
			if !yield(row{XMLID: fmt.Sprintf("p%d", i), Values: v}, nil) {
				return
			}
		}
	}
}

func withoutXMLIDs(rows iter.Seq2[row, error]) iter.Seq2[row, error] {
	return func(yield func(row, error) bool) {
		for r, err := range rows {
			if r.XMLID = ""; !yield(r, err) {
				return
			}
		}
	}
}

// cutter loses requests before they are sent, and responses after they were.
type cutter struct {
	next http.RoundTripper
	rate float64
	cuts atomic.Int64
	on   atomic.Bool
}

func (c *cutter) RoundTrip(r *http.Request) (*http.Response, error) {
	if !c.on.Load() {
		return c.next.RoundTrip(r)
	}
	if rand.Float64() < c.rate/2 { //nolint:gosec // not a secret
		c.cuts.Add(1)
		return nil, io.ErrUnexpectedEOF
	}
	answer, err := c.next.RoundTrip(r)
	if err == nil && rand.Float64() < c.rate/2 { //nolint:gosec // not a secret
		c.cuts.Add(1)
		_ = answer.Body.Close()
		return nil, io.ErrUnexpectedEOF
	}
	return answer, err
}

// A sync whose connection is cut at random, again and again, ends in the same state, without a duplicate.
func TestRestartedSyncMakesNoDuplicates(t *testing.T) {
	const n = 300
	for name, key := range map[string]odoosync.Key{
		"by field": odoosync.By(odoo.ResPartnerF.Ref), "by field at once": odoosync.By(odoo.ResPartnerF.Ref), "by external ID": odoosync.ByXMLID("shop"),
	} {
		t.Run(name, func(t *testing.T) {
			opts := []odoosync.Option{odoosync.Batch(60)}
			if strings.HasSuffix(name, "at once") {
				opts = []odoosync.Option{odoosync.Batch(100), odoosync.Parallel(2)}
			}
			server := newServer(t)
			cut := &cutter{next: http.DefaultTransport, rate: 0.08}
			c := dial(t, server, orm.HTTPClient(&http.Client{Transport: cut}), orm.Retries(0))
			rows := partners(n)
			if strings.HasPrefix(name, "by field") {
				rows = withoutXMLIDs(rows)
			}
			cut.on.Store(true)
			var report *odoosync.Report
			var err error
			for runs := 0; cut.cuts.Load() < 50 || err != nil; runs++ {
				if runs == 2000 {
					t.Fatalf("no end after %d cuts: %v", cut.cuts.Load(), err)
				}
				report, err = odoosync.Run(t.Context(), c, key, rows, opts...)
			}
			cut.on.Store(false)
			if report.Failures != 0 || report.Created+report.Changed+report.Unchanged != n {
				t.Errorf("the last run: %+v", report)
			}
			count, err := orm.Count(t.Context(), c, orm.Like(odoo.ResPartnerF.Ref, "R%"))
			if err != nil || count != n {
				t.Errorf("%d partners, want %d: %v", count, n, err)
			}
		})
	}
}

// forgetful sends an empty list in place of the second read: of the lines, after that of their records.
type forgetful struct{ reads int }

func (f *forgetful) RoundTrip(r *http.Request) (*http.Response, error) {
	sent, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	r.Body = io.NopCloser(bytes.NewReader(sent))
	answer, err := http.DefaultTransport.RoundTrip(r)
	if err != nil || !bytes.Contains(sent, []byte(`"read"`)) {
		return answer, err
	}
	if f.reads++; f.reads == 2 {
		answer.Body = io.NopCloser(strings.NewReader(`{"jsonrpc":"2.0","id":null,"result":[]}`))
		answer.ContentLength = -1
		answer.Header.Del("Content-Length")
	}
	return answer, nil
}

// A line that the server does not send is not created again.
func TestLinesThatTheServerDoesNotSend(t *testing.T) {
	server := newServer(t)
	line := func(ref string) row { return row{Values: odoo.ResPartnerValues{Ref: orm.Set(ref), Name: orm.Set(ref)}} }
	company := line("company")
	byRef := odoosync.By(odoo.ResPartnerF.Ref)
	company.Targets = []odoosync.Target{odoosync.Lines(odoo.ResPartnerF.ChildIDs, byRef, line("a"), line("b"))}
	if report, err := odoosync.Run(t.Context(), dial(t, server), byRef, odoosync.Rows(company)); err != nil || report.Created != 1 {
		t.Fatalf("%+v, %v", report, err)
	}
	c := dial(t, server, orm.Using(orm.JSONRPC), orm.HTTPClient(&http.Client{Transport: &forgetful{}}))
	_, err := odoosync.Run(t.Context(), c, byRef, odoosync.Rows(company))
	if err == nil || !strings.Contains(err.Error(), "res.partner.read: the server did not send the record") {
		t.Errorf("%v, want an error about the line", err)
	}
	if n, err := orm.Count(t.Context(), c, orm.Eq(odoo.ResPartnerF.Ref, "b")); err != nil || n != 1 {
		t.Errorf("%d records, want 1: %v", n, err)
	}
}

// Where the database has each key once, the client that comes second gets the record of the first one.
func TestFindOrCreateOfAUniqueKey(t *testing.T) {
	schema, err := snapshot.Decode(generated.Snapshot)
	if err != nil {
		t.Fatal(err)
	}
	server := odootest.New(t, schema, odootest.Unique("res.partner", "The reference is in use.", "ref"))
	var first int64
	overtake := func(next orm.Handler) orm.Handler {
		return func(ctx context.Context, r *orm.Request) error {
			if r.Method == "create" && first == 0 {
				if first, err = server.Create("res.partner", map[string]any{"name": "First", "ref": "R1"}); err != nil {
					t.Error(err)
				}
			}
			return next(ctx, r)
		}
	}
	c := dial(t, server, orm.Intercept(overtake))
	second := row{Values: odoo.ResPartnerValues{Ref: orm.Set("R1"), Name: orm.Set("Second")}}
	id, created, err := odoosync.FindOrCreate(t.Context(), c, odoosync.By(odoo.ResPartnerF.Ref), second)
	if err != nil || created || int64(id) != first {
		t.Errorf("%d, %v, %v, want the record %d", id, created, err, first)
	}
}

// Parallel sends the rows of a batch in several calls that are on their way at the same time. Bad rows are found in each.
func TestParallelWritesAtTheSameTime(t *testing.T) {
	for name, key := range map[string]odoosync.Key{"by field": odoosync.By(odoo.ResPartnerF.Ref), "by external ID": odoosync.ByXMLID("shop")} {
		var flying, most, calls atomic.Int64
		count := func(next orm.Handler) orm.Handler {
			return func(ctx context.Context, r *orm.Request) error {
				if r.Method == "create" || r.Method == "load" {
					calls.Add(1)
					n := flying.Add(1)
					defer flying.Add(-1)
					for most.Load() < n {
						most.Store(n)
					}
					time.Sleep(20 * time.Millisecond)
				}
				return next(ctx, r)
			}
		}
		c := dial(t, newServer(t), orm.Intercept(count))
		rows := func(yield func(row, error) bool) {
			for r := range partners(400) {
				if strings.HasSuffix(r.XMLID, "77") {
					r.Values.ParentID = orm.Set[orm.ID[odoo.ResPartner]](1 << 30)
				}
				if name == "by field" {
					r.XMLID = ""
				}
				if !yield(r, nil) {
					return
				}
			}
		}
		report, err := odoosync.Run(t.Context(), c, key, rows, odoosync.Parallel(3))
		if err != nil || report.Created != 396 || report.Failures != 4 {
			t.Errorf("%s: %+v, %v, want 396 created and 4 failed", name, report, err)
		}
		if n := most.Load(); n < 2 || n > 3 {
			t.Errorf("%s: %d of %d calls at the same time, want 3", name, n, calls.Load())
		}
		if report, err := odoosync.Run(t.Context(), c, key, rows); err != nil || report.Unchanged != 396 {
			t.Errorf("%s, again: %+v, %v", name, report, err)
		}
	}
}

// A record whose creation succeeded is not created again when it cannot be read back.
func TestFailedReadBackDoesNotRepeatTheWrite(t *testing.T) {
	server := newServer(t)
	creates := 0
	fail := func(next orm.Handler) orm.Handler {
		return func(ctx context.Context, r *orm.Request) error {
			if r.Method == "create" {
				creates++
			}
			if r.Method == "read" && creates > 0 {
				return &orm.Error{Class: "odoo.exceptions.UserError", Message: "not now"}
			}
			return next(ctx, r)
		}
	}
	c := dial(t, server, orm.Intercept(fail))
	_, err := odoosync.Run(t.Context(), c, odoosync.By(odoo.ResPartnerF.Ref), withoutXMLIDs(partners(4)))
	if err == nil || !strings.Contains(err.Error(), "not now") || creates != 1 {
		t.Errorf("%d creates, %v", creates, err)
	}
}

// Rows stream: a run keeps less than 400 bytes of a row, its key and its ID, once the batch is done.
func TestRowsAreStreamed(t *testing.T) {
	server := newServer(t)
	c := dial(t, server)
	const n, batch = 6_000, 500
	rows := withoutXMLIDs(partners(n))
	key := odoosync.By(odoo.ResPartnerF.Ref)
	if report, err := odoosync.Run(t.Context(), c, key, rows); err != nil || report.Created != n {
		t.Fatalf("%+v, %v", report, err)
	}
	var heap []uint64 // after each batch
	report, err := odoosync.Run(t.Context(), c, key, rows, odoosync.Batch(batch), odoosync.Progress(func(odoosync.Report) {
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		heap = append(heap, m.HeapAlloc)
	}))
	if err != nil || report.Unchanged != n {
		t.Fatalf("%+v, %v", report, err)
	}
	grown := int64(slices.Max(heap[1:])-heap[1]) / int64(batch*(len(heap)-3)) //nolint:gosec // sizes of memory fit
	if grown > 400 {
		t.Errorf("the heap grew by %d bytes a row: %v", grown, heap)
	}
}

// Rows that wait for their parent are written in batches, too.
func TestWaitingRowsAreWrittenInBatches(t *testing.T) {
	server := newServer(t)
	c := dial(t, server)
	children := func(yield func(row, error) bool) {
		for r := range withoutXMLIDs(partners(35)) {
			if r.Values.Ref.Value != "R000034" {
				r.Targets = []odoosync.Target{odoosync.Find(odoo.ResPartnerF.ParentID, odoo.ResPartnerF.Ref, "R000034")}
			}
			if !yield(r, nil) {
				return
			}
		}
	}
	report, err := odoosync.Run(t.Context(), c, odoosync.By(odoo.ResPartnerF.Ref), children, odoosync.Batch(10))
	if err != nil || report.Created != 35 {
		t.Fatalf("%+v, %v", report, err)
	}
	for _, call := range server.CallsOf("res.partner", "create") {
		if list, ok := call.Args[0].([]any); !ok || len(list) > 10 {
			t.Errorf("a call creates %d records, and a batch is 10 rows", len(list))
		}
	}
}

// A source that fails ends the run, and nothing is archived.
func TestFailedSourceArchivesNothing(t *testing.T) {
	server := newServer(t)
	c := dial(t, server)
	key := odoosync.By(odoo.ResPartnerF.Ref)
	if _, err := odoosync.Run(t.Context(), c, key, withoutXMLIDs(partners(10))); err != nil {
		t.Fatal(err)
	}
	broken := func(yield func(row, error) bool) {
		for r := range withoutXMLIDs(partners(5)) {
			if !yield(r, nil) {
				return
			}
		}
		yield(row{}, errors.New("the file is truncated"))
	}
	scope := orm.Like(odoo.ResPartnerF.Ref, "R%")
	_, err := odoosync.Run(t.Context(), c, key, broken, odoosync.Archive(scope, 1))
	if err == nil || err.Error() != "odoosync: res.partner: the source, at row 5: the file is truncated" {
		t.Errorf("got %v", err)
	}
	if n, err := orm.Count(t.Context(), c, scope); n != 10 || err != nil {
		t.Errorf("%d partners are active: %v", n, err)
	}
}

// Settings and rows that cannot have an effect are errors before anything is written.
func TestSettingsWithoutEffect(t *testing.T) {
	server := newServer(t)
	c := dial(t, server)
	byRef := odoosync.By(odoo.ResPartnerF.Ref)
	for want, run := range map[string]func() (*odoosync.Report, error){
		"the key is of res.country": func() (*odoosync.Report, error) {
			return odoosync.Run(t.Context(), c, odoosync.By(odoo.ResCountryF.Code), partners(1))
		},
		`ByXMLID(""): want the name of a module`: func() (*odoosync.Report, error) {
			return odoosync.Run(t.Context(), c, odoosync.ByXMLID(""), partners(1))
		},
		"Parallel(0): want at least 1": func() (*odoosync.Report, error) {
			return odoosync.Run(t.Context(), c, byRef, partners(1), odoosync.Parallel(0))
		},
		"Batch(0): want at least 1": func() (*odoosync.Report, error) {
			return odoosync.Run(t.Context(), c, byRef, partners(1), odoosync.Batch(0))
		},
		`the condition of what to delete is about "res.country"`: func() (*odoosync.Report, error) {
			return odoosync.Run(t.Context(), c, byRef, partners(1), odoosync.Delete(orm.AllOf[odoo.ResCountry](), 1))
		},
		"a share of 0: want more than 0": func() (*odoosync.Report, error) {
			return odoosync.Run(t.Context(), c, byRef, partners(1), odoosync.Delete(orm.AllOf[odoo.ResPartner](), 0))
		},
	} {
		if report, err := run(); err == nil || !strings.Contains(err.Error(), want) || report != nil && report.Created > 0 {
			t.Errorf("%+v, %v, want %s", report, err, want)
		}
	}
	for want, r := range map[string]row{
		"has an external ID, which only ByXMLID matches by": {XMLID: "a.b", Values: odoo.ResPartnerValues{Ref: orm.Set("x")}},
		"field child_ids: orm.New, orm.Update and orm.Delete cannot be compared": {Values: odoo.ResPartnerValues{Ref: orm.Set("x"),
			ChildIDs: orm.Commands(orm.New(odoo.ResPartnerValues{Name: orm.Set("child")}))}},
		"field country_id: set in Values and by a Target": {Values: odoo.ResPartnerValues{Ref: orm.Set("x"), CountryID: orm.Set[orm.ID[odoo.ResCountry]](1)},
			Targets: []odoosync.Target{odoosync.XMLID(odoo.ResPartnerF.CountryID, "base.be")}},
		"field category_id: is a many2many: Find and XMLID are for a many2one": {Values: odoo.ResPartnerValues{Ref: orm.Set("x")},
			Targets: []odoosync.Target{odoosync.XMLID(odoo.ResPartnerF.CategoryID, "base.x")}},
		"the key ref is empty": {Values: odoo.ResPartnerValues{Ref: orm.Set(""), Name: orm.Set("x")}},
	} {
		report, err := odoosync.Run(t.Context(), c, byRef, odoosync.Rows(r))
		if err != nil || report.Failures != 1 || !strings.Contains(report.Failed[0].Error(), want) {
			t.Errorf("%+v, %v, want %s", report, err, want)
		}
	}
}

// A record that was not asked for is an error: its row is not created a second time.
func TestForeignRecordsOfTheServer(t *testing.T) {
	server := newServer(t)
	c := dial(t, server)
	if _, err := odoosync.Run(t.Context(), c, odoosync.By(odoo.ResPartnerF.Ref), withoutXMLIDs(partners(3))); err != nil {
		t.Fatal(err)
	}
	before, err := orm.Count(t.Context(), c, orm.AllOf[odoo.ResPartner]())
	if err != nil {
		t.Fatal(err)
	}
	server.Method("res.partner", "read", func(odootest.Call) (any, error) {
		return []map[string]any{{"id": 4711, "name": "foreign", "ref": "R000001", "color": 1}}, nil
	})
	_, err = odoosync.Run(t.Context(), c, odoosync.By(odoo.ResPartnerF.Ref), withoutXMLIDs(partners(3)))
	if err == nil || !strings.Contains(err.Error(), "4711, which was not asked for") {
		t.Error(err)
	}
	if after, err := orm.Count(t.Context(), c, orm.AllOf[odoo.ResPartner]()); err != nil || after != before {
		t.Errorf("%d partners, want %d, %v", after, before, err)
	}
}
