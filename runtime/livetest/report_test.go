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

// A session that has expired is renewed, as it is for calls.
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
