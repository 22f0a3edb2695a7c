//go:build live

package livetest

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"

	orm "github.com/odoogen/odoogen/runtime"
	"github.com/odoogen/odoogen/runtime/report"
)

// printedCompany is the model of the report that every database has.
type printedCompany struct{}

func (*printedCompany) OdooModel() string { return "res.company" }

// companyReport is the sample that the settings of documents show.
const companyReport = "web.preview_externalreport"

var firstCompany = orm.On(orm.ID[printedCompany](1))

// A web session gets every format as it arrives; a server without wkhtmltopdf says so.
func TestLiveReport(t *testing.T) {
	c := dialLive(t, orm.Password(env(t, "ODOO_USER"), env(t, "ODOO_PASSWORD")), orm.Using(orm.WebSession))
	checkReports(t, c, report.BySession)
}

func checkReports(t *testing.T, c *orm.Client, way report.Way) {
	t.Helper()
	var state string
	if err := c.Model("ir.actions.report").Call(t.Context(), "get_wkhtmltopdf_state", nil, nil, &state); err != nil {
		t.Fatal(err)
	}
	makesPDF := state != "install" && state != "broken"
	for format, contains := range map[report.Format]string{report.HTML: "<html", report.Text: "<html", report.PDF: "%PDF-"} {
		var out bytes.Buffer
		printed, err := report.Write(t.Context(), c, companyReport, format, firstCompany, &out)
		if format == report.PDF && !makesPDF {
			if !errors.Is(err, report.ErrNoWkhtmltopdf) || !errors.Is(err, orm.ErrUser) || out.Len() > 0 {
				t.Errorf("a PDF without wkhtmltopdf: %v, and %d bytes", err, out.Len())
			}
			continue
		}
		if err != nil || !strings.Contains(out.String(), contains) || printed.Size != int64(out.Len()) || printed.Way != way {
			t.Errorf("%s: %+v, %v, %.60q", format, printed, err, out.String())
		}
		if named := strings.HasSuffix(printed.Name, map[report.Format]string{report.PDF: ".pdf", report.Text: ".txt"}[format]); way == report.BySession && format != report.HTML && (!named || printed.Name == "") {
			t.Errorf("%s: the file is named %q", format, printed.Name)
		}
	}
}

func TestLiveReportRefuses(t *testing.T) {
	c := dialLive(t, orm.Password(env(t, "ODOO_USER"), env(t, "ODOO_PASSWORD")), orm.Using(orm.WebSession))
	print := func(c *orm.Client, name string, format report.Format, ids ...orm.ID[printedCompany]) error {
		var out bytes.Buffer
		_, err := report.Write(t.Context(), c, report.Name[printedCompany](name), format, ids, &out)
		if out.Len() > 0 {
			t.Errorf("%s: %d bytes were written", name, out.Len())
		}
		return err
	}
	_, wrongModel := report.Write(t.Context(), c, companyReport, report.HTML, orm.On(orm.ID[Partner](1)), new(bytes.Buffer))
	for what, test := range map[string]struct {
		err  error
		want string
	}{
		"an unknown report":  {print(c, "web.no_such_report", report.HTML, 1), "no such report"},
		"another model":      {wrongModel, "prints records of res.company, not of res.partner"},
		"a missing record":   {print(c, companyReport, report.HTML, 1, 999_999_999), "no record matches: res.company 999999999"},
		"no records":         {print(c, companyReport, report.HTML), "no records to print"},
		"another format":     {print(c, companyReport, "docx", 1), "no such format"},
		"a path as the name": {print(c, "../web", report.HTML, 1), "not the name of a report"},
	} {
		if test.err == nil || !strings.Contains(test.err.Error(), test.want) {
			t.Errorf("%s: %v, want %s", what, test.err, test.want)
		}
	}
	if err := print(c, "web.no_such_report", report.HTML, 1); !errors.Is(err, report.ErrUnknown) {
		t.Error(err)
	}
	if err := print(c, companyReport, report.HTML, 999_999_999); !errors.Is(err, orm.ErrNoRecord) {
		t.Error(err)
	}
	french := print(c.With(orm.Lang("xx_XX")), companyReport, report.HTML, 1)
	if c.Version().Major >= 19 && !errors.Is(french, orm.ErrUser) || c.Version().Major < 19 && (french == nil || !strings.Contains(french.Error(), "has no effect")) {
		t.Error(french)
	}
}

// Users who are no administrators print, too.
func TestLiveReportOfUsers(t *testing.T) {
	c := dialLive(t, orm.Password("demo", "demo"), orm.Using(orm.WebSession))
	var out bytes.Buffer
	if _, err := report.Write(t.Context(), c, companyReport, report.HTML, firstCompany, &out); err != nil || !strings.Contains(out.String(), "<html") {
		t.Errorf("%v, %.60q", err, out.String())
	}
	if _, err := report.Write(t.Context(), c, "web.no_such_report", report.Text, firstCompany, &out); !errors.Is(err, report.ErrUnknown) {
		t.Error(err)
	}
}

// An expired session is renewed, as for calls.
func TestLiveReportAfterExpiry(t *testing.T) {
	expired := 0
	c := dialLive(t, orm.Password(env(t, "ODOO_USER"), env(t, "ODOO_PASSWORD")), orm.Using(orm.WebSession), orm.HTTPClient(&http.Client{
		Transport: roundTripper(func(r *http.Request) (*http.Response, error) {
			if strings.HasPrefix(r.URL.Path, "/report/") && expired == 0 {
				expired++
				logout := must[*http.Request](t)(http.NewRequestWithContext(r.Context(), http.MethodGet, env(t, "ODOO_URL")+"/web/session/logout", nil))
				logout.Header.Set("Cookie", r.Header.Get("Cookie"))
				must[*http.Response](t)(http.DefaultTransport.RoundTrip(logout)).Body.Close()
			}
			return http.DefaultTransport.RoundTrip(r)
		}),
	}))
	var out bytes.Buffer
	if _, err := report.Write(t.Context(), c, companyReport, report.HTML, firstCompany, &out); err != nil || expired != 1 || !strings.Contains(out.String(), "<html") {
		t.Errorf("%v, %.60q, expired %d times", err, out.String(), expired)
	}
}

// An administrator with a key gets reports by the server action.
func TestLiveReportByAction(t *testing.T) {
	ctx := t.Context()
	for _, w := range ways(t) {
		c := dialLive(t, w.options...)
		if c.Protocol() == orm.WebSession {
			continue
		}
		if err := report.Uninstall(ctx, c); err != nil {
			t.Fatal(err)
		}
		if _, err := report.Write(ctx, c, companyReport, report.HTML, firstCompany, new(bytes.Buffer)); !errors.Is(err, report.ErrNoWay) {
			t.Errorf("%s: not installed: %v", w.name, err)
		}
		for range 2 {
			if err := report.Install(ctx, c); err != nil {
				t.Fatal(err)
			}
		}
		t.Cleanup(func() {
			if err := report.Uninstall(context.Background(), c); err != nil {
				t.Error(err)
			}
		})
		checkReports(t, c, report.ByAction)
	}
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// printedInvoice and printedOrder are models of the applications.
type printedInvoice struct{}

func (*printedInvoice) OdooModel() string { return "account.move" }

type printedOrder struct{}

func (*printedOrder) OdooModel() string { return "sale.order" }

// newInvoice is a posted invoice of one line.
func newInvoice(t *testing.T, c *orm.Client) orm.ID[printedInvoice] {
	t.Helper()
	ctx, moves := t.Context(), c.Model("account.move")
	partner := must[int64](t)(c.Model("res.partner").Create(ctx, orm.Args{"name": t.Name()}))
	id := must[int64](t)(moves.Create(ctx, orm.Args{
		"move_type": "out_invoice", "partner_id": partner, "invoice_date": "2026-11-28",
		"invoice_line_ids": []any{[]any{0, 0, orm.Args{"name": "Chair", "quantity": 2, "price_unit": 45}}},
	}))
	if err := moves.Call(ctx, "action_post", []int64{id}, nil, nil); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx := context.Background()
		if err := errors.Join(moves.Call(ctx, "button_draft", []int64{id}, nil, nil), moves.Call(ctx, "button_cancel", []int64{id}, nil, nil)); err != nil {
			t.Error(err)
		}
	})
	return orm.ID[printedInvoice](id)
}

// The official document of an invoice is made once, and is there for clients with a key. From 17 on it is stored by Send & Print, which
// needs wkhtmltopdf: where the server has none, the test stores one as that window does.
func TestLiveInvoice(t *testing.T) {
	ctx := t.Context()
	session := fullLive(t, env(t, "ODOO_USER"), env(t, "ODOO_PASSWORD"), orm.WebSession)
	id := newInvoice(t, session)
	var made bytes.Buffer
	printed, err := report.Invoice(ctx, session, id, &made)
	if errors.Is(err, report.ErrNoWkhtmltopdf) && session.Version().Major >= 18 {
		made.Reset()
		made.WriteString("%PDF-1.4 of the test")
		if err := session.Model("account.move").Write(ctx, []int64{int64(id)}, orm.Args{"invoice_pdf_report_file": made.Bytes()}); err != nil {
			t.Fatal(err)
		}
	} else if err != nil || printed.Way == report.ByStored || !strings.HasPrefix(made.String(), "%PDF") {
		t.Fatalf("%+v, %v, %.20q", printed, err, made.String())
	}
	onFull(t, func(t *testing.T, c *orm.Client) {
		var stored bytes.Buffer
		printed, err := report.Invoice(t.Context(), c, id, &stored)
		if err != nil || printed.Way != report.ByStored || stored.String() != made.String() || printed.Size != int64(stored.Len()) || printed.Name == "" {
			t.Errorf("%+v, %v, %d bytes, want %d", printed, err, stored.Len(), made.Len())
		}
	})
}

// An invoice that was never printed: Odoo 14 needs a way to print, and a draft has no document.
func TestLiveInvoiceRefuses(t *testing.T) {
	ctx := t.Context()
	c := fullLive(t, env(t, "ODOO_USER"), env(t, "ODOO_PASSWORD"), orm.JSONRPC)
	id := newInvoice(t, c)
	want := report.ErrNoWkhtmltopdf
	if c.Version().Major < 17 {
		want = report.ErrNoWay
	}
	var out bytes.Buffer
	if _, err := report.Invoice(ctx, c, id, &out); !errors.Is(err, want) {
		t.Errorf("never printed: %v", err)
	}
	partner := must[int64](t)(c.Model("res.partner").Create(ctx, orm.Args{"name": t.Name()}))
	draft := must[int64](t)(c.Model("account.move").Create(ctx, orm.Args{"move_type": "out_invoice", "partner_id": partner}))
	if _, err := report.Invoice(ctx, c, orm.ID[printedInvoice](draft), &out); err == nil || !strings.Contains(err.Error(), "only posted invoices") {
		t.Errorf("a draft: %v", err)
	}
	if err := c.Model("account.move").Unlink(ctx, []int64{draft}); err != nil || out.Len() > 0 {
		t.Errorf("%v, %q was written", err, out.String())
	}
}

// The portal gives documents to clients with a key, but for Debian's Odoo 14, which wants a session.
func TestLivePortal(t *testing.T) {
	onFull(t, func(t *testing.T, c *orm.Client) {
		found := must[[]orm.ID[printedOrder]](t)(orm.IDs(t.Context(), c, orm.AllOf[printedOrder](), orm.Limit(1)))
		refuses := c.Version().Major == 14 && c.Protocol() != orm.WebSession
		for format, contains := range map[report.Format]string{report.HTML: "<html", report.PDF: "%PDF-"} {
			var out bytes.Buffer
			printed, err := report.Portal(t.Context(), c, found[0], format, &out)
			switch {
			case refuses:
				if !errors.Is(err, report.ErrNoWay) || out.Len() > 0 {
					t.Errorf("%s: %v, and %d bytes", format, err, out.Len())
				}
			case format == report.PDF && errors.Is(err, report.ErrNoWkhtmltopdf):
			case err != nil || !strings.Contains(out.String(), contains) || printed.Way != report.ByPortal || printed.Size != int64(out.Len()):
				t.Errorf("%s: %+v, %v, %.60q", format, printed, err, out.String())
			}
		}
		var out bytes.Buffer
		if _, err := report.Portal(t.Context(), c, firstCompany[0], report.PDF, &out); !errors.Is(err, report.ErrNoWay) || !strings.Contains(err.Error(), "no page for res.company") {
			t.Errorf("a model without a portal: %v", err)
		}
	})
}
