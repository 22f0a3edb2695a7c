package webhook_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/odoogen/odoogen/generated/odoo"
	orm "github.com/odoogen/odoogen/runtime"
	"github.com/odoogen/odoogen/runtime/webhook"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const secret = "0123456789abcdef"

// payload is what Odoo 19 sent, with a binary added.
const payload = `{"_action": "post(#1025)", "_id": 114, "_model": "res.partner", "category_id": [3, 4], "comment": false, "date": "2026-12-28",
	"id": 114, "image_1920": "b'aGVsbG8='", "name": "W\u00e9bhook \u2603", "parent_id": 9, "write_date": "2026-11-28 01:42:02.247769"}`

type row struct {
	ID      orm.ID[odoo.ResPartner]           `odoo:"id"`
	Name    string                            `odoo:"name"`
	Comment string                            `odoo:"comment"`
	Parent  orm.Ref[odoo.ResPartner]          `odoo:"parent_id"`
	Tags    []orm.ID[odoo.ResPartnerCategory] `odoo:"category_id"`
	Date    orm.Date                          `odoo:"date"`
	Written time.Time                         `odoo:"write_date"`
	Image   []byte                            `odoo:"image_1920"`
	Absent  orm.Opt[string]                   `odoo:"x_region?"`
}

// post sends a payload, and gives the status of the answer.
func post(h http.Handler, path, body string) int {
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest(http.MethodPost, path, strings.NewReader(body)))
	return w.Code
}

// failures collects what is reported.
type failures struct {
	mu   sync.Mutex
	errs []error
}

func (f *failures) add(err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.errs = append(f.errs, err)
}

func (f *failures) String() string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return errors.Join(f.errs...).Error()
}

func (f *failures) len() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return len(f.errs)
}

func closed(t *testing.T, r *webhook.Receiver) {
	t.Helper()
	if err := r.Close(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestHandlerReadsWhatOdooSends(t *testing.T) {
	events := make(chan webhook.Event[row], 1)
	h, err := webhook.Handler(secret, func(_ context.Context, e webhook.Event[row]) error { events <- e; return nil })
	if err != nil {
		t.Fatal(err)
	}
	if status := post(h, "/odoo/"+secret+"?kind=created%2Bwritten", payload); status != http.StatusOK {
		t.Fatal(status)
	}
	closed(t, h)
	want := webhook.Event[row]{
		Model: "res.partner", ID: 114, Kinds: webhook.Created | webhook.Written, Action: webhook.Action{ID: 1025, Name: "post"},
		Record: row{
			ID: 114, Name: "Wébhook ☃", Parent: orm.Ref[odoo.ResPartner]{ID: 9}, Tags: []orm.ID[odoo.ResPartnerCategory]{3, 4},
			Date: orm.Date{Year: 2026, Month: 12, Day: 28}, Written: time.Date(2026, 11, 28, 1, 42, 2, 247769000, time.UTC), Image: []byte("hello"),
		},
		Payload: []byte(payload),
	}
	if e := <-events; !reflect.DeepEqual(e, want) {
		t.Errorf("got  %+v\nwant %+v", e, want)
	}
}

func TestHandlerReadsGeneratedRecords(t *testing.T) {
	names := make(chan string, 1)
	h, err := webhook.Handler(secret, func(_ context.Context, e webhook.Event[odoo.ResPartner]) error { names <- e.Record.Name; return nil })
	if err != nil {
		t.Fatal(err)
	}
	if status := post(h, "/"+secret, payload); status != http.StatusOK {
		t.Fatal(status)
	}
	closed(t, h)
	if name := <-names; name != "Wébhook ☃" {
		t.Error(name)
	}
}

func TestRequestsThatAreRefused(t *testing.T) {
	for name, c := range map[string]struct {
		method, path, body string
		status             int
		report             string // "" if nothing is reported
	}{
		"another secret":      {http.MethodPost, "/odoo/0123456789abcdeF", payload, http.StatusNotFound, ""},
		"a longer path":       {http.MethodPost, "/odoo/" + secret + "/x", payload, http.StatusNotFound, ""},
		"no secret":           {http.MethodPost, "/", payload, http.StatusNotFound, ""},
		"GET":                 {http.MethodGet, "/" + secret, "", http.StatusMethodNotAllowed, ""},
		"GET, another secret": {http.MethodGet, "/x", "", http.StatusNotFound, ""},
		"no JSON":             {http.MethodPost, "/" + secret, "name=x", http.StatusBadRequest, `want an object, got "name=x"`},
		"a list":              {http.MethodPost, "/" + secret, "[]", http.StatusBadRequest, "got a list"},
		"not a webhook":       {http.MethodPost, "/" + secret, `{"id": 7}`, http.StatusBadRequest, "the body has no _model and _id"},
		"a field is missing":  {http.MethodPost, "/" + secret, strings.Replace(payload, `"comment": false,`, "", 1), http.StatusBadRequest, "res.partner 114: the payload has no field comment"},
		"a broken value":      {http.MethodPost, "/" + secret, strings.Replace(payload, `"2026-12-28"`, `"soon"`, 1), http.StatusBadRequest, "field date"},
		"too large":           {http.MethodPost, "/" + secret, payload + strings.Repeat(" ", 1000), http.StatusRequestEntityTooLarge, "larger than 1000 bytes"},
	} {
		t.Run(name, func(t *testing.T) {
			var reported failures
			h, err := webhook.Handler(secret, func(_ context.Context, e webhook.Event[row]) error { t.Errorf("%+v", e); return nil },
				webhook.MaxBody(1000), webhook.OnError(reported.add))
			if err != nil {
				t.Fatal(err)
			}
			defer closed(t, h)
			w := httptest.NewRecorder()
			h.ServeHTTP(w, httptest.NewRequest(c.method, c.path, strings.NewReader(c.body)))
			if w.Code != c.status {
				t.Errorf("status %d, want %d", w.Code, c.status)
			}
			if got := reported.len(); (got == 1) != (c.report != "") || got > 0 && !strings.Contains(reported.String(), c.report) {
				t.Errorf("reported %v, want %q", reported.errs, c.report)
			}
		})
	}
}

func TestRecordsOfAnotherModelAreRefused(t *testing.T) {
	var reported failures
	h, err := webhook.Handler(secret, func(context.Context, webhook.Event[odoo.SaleOrder]) error { return nil }, webhook.OnError(reported.add))
	if err != nil {
		t.Fatal(err)
	}
	defer closed(t, h)
	if status := post(h, "/"+secret, payload); status != http.StatusBadRequest || !strings.Contains(reported.String(), "holds records of sale.order") {
		t.Error(status, reported.errs)
	}
}

func TestAFullQueueIsVisible(t *testing.T) {
	var reported failures
	began, goOn := make(chan struct{}), make(chan struct{})
	h, err := webhook.Handler(secret, func(context.Context, webhook.Event[row]) error { began <- struct{}{}; <-goOn; return nil },
		webhook.Queue(1), webhook.OnError(reported.add))
	if err != nil {
		t.Fatal(err)
	}
	statuses := []int{post(h, "/"+secret, payload)}
	<-began
	statuses = append(statuses, post(h, "/"+secret, payload), post(h, "/"+secret, payload))
	if want := []int{200, 200, 503}; !reflect.DeepEqual(statuses, want) {
		t.Errorf("statuses %v, want %v", statuses, want)
	}
	if reported.len() != 1 || !errors.Is(reported.errs[0], webhook.ErrQueueFull) {
		t.Error(reported.errs)
	}
	if n := h.Pending(); n != 2 {
		t.Errorf("%d events pending, want 2", n)
	}
	go func() { <-began }()
	close(goOn)
	closed(t, h)
	if n := h.Pending(); n != 0 {
		t.Errorf("%d events pending after Close", n)
	}
	if status := post(h, "/"+secret, payload); status != http.StatusServiceUnavailable {
		t.Errorf("status %d after Close", status)
	}
}

func TestCloseReportsEventsThatWereNotHandled(t *testing.T) {
	began := make(chan struct{})
	h, err := webhook.Handler(secret, func(ctx context.Context, _ webhook.Event[row]) error { close(began); <-ctx.Done(); return nil })
	if err != nil {
		t.Fatal(err)
	}
	for range 3 {
		post(h, "/"+secret, payload)
	}
	<-began
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	err = h.Close(ctx)
	if !errors.Is(err, context.Canceled) || !strings.Contains(err.Error(), "3 events have not been handled") {
		t.Error(err)
	}
}

func TestFailuresOfTheFunctionAreReported(t *testing.T) {
	var reported failures
	h, err := webhook.Handler(secret, func(_ context.Context, e webhook.Event[row]) error {
		if e.Kinds == webhook.Deleted {
			panic("out of stock")
		}
		return errors.New("no printer")
	}, webhook.OnError(reported.add))
	if err != nil {
		t.Fatal(err)
	}
	post(h, "/"+secret, payload)
	post(h, "/"+secret+"?kind=deleted", payload)
	closed(t, h)
	if reported.len() != 2 || !strings.Contains(reported.String(), "webhook: res.partner 114: no printer") || !strings.Contains(reported.String(), "panic: out of stock") {
		t.Error(reported.errs)
	}
}

func TestHandlersThatCannotBe(t *testing.T) {
	type nested struct {
		Parent struct {
			Name string `odoo:"name"`
		} `odoo:"parent_id"`
	}
	for want, make := range map[string]func() (*webhook.Receiver, error){
		"at least 16 characters": func() (*webhook.Receiver, error) { return webhook.Handler[row]("short", nil) },
		"no slash":               func() (*webhook.Receiver, error) { return webhook.Handler[row](secret+"/x", nil) },
		"is nil":                 func() (*webhook.Receiver, error) { return webhook.Handler[row](secret, nil) },
		"not into int":           func() (*webhook.Receiver, error) { return webhook.Handler[int](secret, nil) },
		"IDs of relations only":  func() (*webhook.Receiver, error) { return webhook.Handler[nested](secret, nil) },
		"Queue(0)":               func() (*webhook.Receiver, error) { return webhook.Handler[row](secret, nil, webhook.Queue(0)) },
		"Workers(0)":             func() (*webhook.Receiver, error) { return webhook.Handler[row](secret, nil, webhook.Workers(0)) },
		"MaxBody(0)":             func() (*webhook.Receiver, error) { return webhook.Handler[row](secret, nil, webhook.MaxBody(0)) },
		"OnError(nil)":           func() (*webhook.Receiver, error) { return webhook.Handler[row](secret, nil, webhook.OnError(nil)) },
	} {
		if h, err := make(); err == nil || h != nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", want, err)
		}
	}
}

func TestWakeSignalsAtOnceAndAfterTheCommit(t *testing.T) {
	w, err := webhook.Wake(secret)
	if err != nil {
		t.Fatal(err)
	}
	if status := post(w, "/"+secret+"x", ""); status != http.StatusNotFound || len(w.C) != 0 {
		t.Errorf("status %d, %d signals without the secret", status, len(w.C))
	}
	for range 3 {
		if status := post(w, "/"+secret, payload); status != http.StatusOK {
			t.Error(status)
		}
	}
	<-w.C
	if len(w.C) != 0 {
		t.Error("signals are not merged")
	}
	select {
	case <-w.C:
	case <-time.After(10 * time.Second):
		t.Error("no signal after the commit")
	}
}
