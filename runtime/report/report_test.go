package report_test

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/odoogen/odoogen/generated"
	"github.com/odoogen/odoogen/generated/odoo"
	"github.com/odoogen/odoogen/introspect/snapshot"
	orm "github.com/odoogen/odoogen/runtime"
	"github.com/odoogen/odoogen/runtime/odootest"
	"github.com/odoogen/odoogen/runtime/report"
)

const contact = "shop.report_contact"

// start is an embedded Odoo with a report of partners, and the partner to print.
func start(t *testing.T) (*odootest.Server, orm.ID[odoo.ResPartner]) {
	t.Helper()
	schema, err := snapshot.Decode(generated.Snapshot)
	if err != nil {
		t.Fatal(err)
	}
	server := odootest.New(t, schema)
	if _, err := server.Create("ir.actions.report", map[string]any{"name": "Contact", "model": "res.partner", "report_name": contact}); err != nil {
		t.Fatal(err)
	}
	id, err := server.Create("res.partner", map[string]any{"name": "Azure Interior"})
	if err != nil {
		t.Fatal(err)
	}
	return server, orm.ID[odoo.ResPartner](id)
}

func dial(t *testing.T, server *odootest.Server, options ...orm.DialOption) *orm.Client {
	t.Helper()
	c, err := server.Dial(t.Context(), append(options, orm.Using(orm.WebSession))...)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// The report gets the ids, the format and the context, and its content arrives unchanged, with the name of the file.
func TestContent(t *testing.T) {
	server, id := start(t)
	content := "%PDF-1.4\x00\n" + strings.Repeat("x", 1<<20)
	server.Method("ir.actions.report", "render", func(call odootest.Call) (any, error) {
		if len(call.IDs) != 1 || call.Kwargs["format"] != "pdf" || call.Kwargs["report_name"] != contact || call.Context["color"] != "red" {
			return nil, errors.New("called otherwise")
		}
		return content, nil
	})
	var out bytes.Buffer
	printed, err := report.Write(t.Context(), dial(t, server).With(orm.Context{"color": "red"}), contact, report.PDF, orm.On(id), &out)
	want := report.Printed{Way: report.BySession, Size: int64(len(content)), Name: contact + ".pdf"}
	if err != nil || printed != want || out.String() != content {
		t.Errorf("%+v, %v, %d bytes", printed, err, out.Len())
	}
}

// A report that fails gives Odoo's class and message in each format. Of HTML, Odoo gives them for the text only.
func TestFailures(t *testing.T) {
	server, id := start(t)
	server.Method("ir.actions.report", "render", func(odootest.Call) (any, error) {
		return nil, &odootest.Error{Class: "odoo.exceptions.UserError", Message: "The <ink> is empty & dry"}
	})
	for _, format := range []report.Format{report.HTML, report.Text, report.PDF} {
		var out bytes.Buffer
		_, err := report.Write(t.Context(), dial(t, server), contact, format, orm.On(id), &out)
		e, ok := errors.AsType[*orm.Error](err)
		if !ok || e.Message != "The <ink> is empty & dry" || !errors.Is(err, orm.ErrUser) || out.Len() > 0 {
			t.Errorf("%s: %v", format, err)
		}
	}
}

// An answer of another type than that of the format is not treated as the report, whatever its status.
func TestAnswersThatAreNoReport(t *testing.T) {
	server, id := start(t)
	for name, answer := range map[string]struct {
		status int
		kind   string
		want   error
	}{
		"a page of HTML":        {http.StatusOK, "text/html", orm.ErrMalformed},
		"HTTP 400, Odoo 16":     {http.StatusBadRequest, "text/html", orm.ErrMalformed},
		"a gateway":             {http.StatusBadGateway, "text/html", orm.ErrUnavailable},
		"PDF, but not HTTP 200": {http.StatusInternalServerError, "application/pdf", orm.ErrMalformed},
	} {
		c := dial(t, server, orm.Retries(0), orm.HTTPClient(&http.Client{Transport: roundTripper(func(r *http.Request) (*http.Response, error) {
			if !strings.HasPrefix(r.URL.Path, "/report/") {
				return http.DefaultTransport.RoundTrip(r)
			}
			return &http.Response{
				StatusCode: answer.status, Header: http.Header{"Content-Type": {answer.kind}}, Body: io.NopCloser(strings.NewReader("%PDF")), Request: r,
			}, nil
		})}))
		var out bytes.Buffer
		printed, err := report.Write(t.Context(), c, contact, report.PDF, orm.On(id), &out)
		if !errors.Is(err, answer.want) || out.Len() > 0 || printed.Size != 0 {
			t.Errorf("%s: %+v, %v, %q", name, printed, err, out.String())
		}
	}
}

// A connection that breaks in the middle is an error, and the report is not asked for again: a part of it is written.
func TestCutOff(t *testing.T) {
	server, id := start(t)
	asked := 0
	c := dial(t, server, orm.HTTPClient(&http.Client{Transport: roundTripper(func(r *http.Request) (*http.Response, error) {
		if !strings.HasPrefix(r.URL.Path, "/report/") {
			return http.DefaultTransport.RoundTrip(r)
		}
		asked++
		body := io.MultiReader(strings.NewReader("%PDF"), brokenReader{})
		return &http.Response{StatusCode: http.StatusOK, Header: http.Header{"Content-Type": {"application/pdf"}}, Body: io.NopCloser(body), Request: r}, nil
	})}))
	var out bytes.Buffer
	printed, err := report.Write(t.Context(), c, contact, report.PDF, orm.On(id), &out)
	if !errors.Is(err, orm.ErrCutOff) || printed.Size != 4 || asked != 1 {
		t.Errorf("%+v, %v, asked %d times", printed, err, asked)
	}
}

// Without a session there is no report, and nothing is asked for.
func TestNoWay(t *testing.T) {
	server, id := start(t)
	c, err := server.Dial(t.Context(), orm.Using(orm.JSONRPC))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := report.Write(t.Context(), c, contact, report.HTML, orm.On(id), io.Discard); !errors.Is(err, report.ErrNoWay) {
		t.Error(err)
	}
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

type brokenReader struct{}

func (brokenReader) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }
