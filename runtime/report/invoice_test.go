package report_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/odoogen/odoogen/introspect/snapshot"
	orm "github.com/odoogen/odoogen/runtime"
	"github.com/odoogen/odoogen/runtime/odootest"
	"github.com/odoogen/odoogen/runtime/report"
)

type invoice struct{}

func (*invoice) OdooModel() string { return "account.move" }

type country struct{}

func (*country) OdooModel() string { return "res.country" }

var versions = []string{"14.0", "15.0", "16.0", "17.0", "18.0", "19.0"}

// onVersions runs a test on the embedded Odoo of each version, with an invoice that prints as "%PDF" and the number of the print.
func onVersions(t *testing.T, test func(t *testing.T, server *odootest.Server, id orm.ID[invoice], prints *int)) {
	t.Helper()
	for _, version := range versions {
		t.Run(version, func(t *testing.T) {
			fields := []snapshot.Field{
				{Name: "access_token", Type: "char", Label: "Security Token"}, {Name: "access_url", Type: "char", Label: "Portal Access URL"},
				{Name: "id", Type: "integer", Label: "ID", Readonly: true}, {Name: "move_type", Type: "char", Label: "Type"},
				{Name: "name", Type: "char", Label: "Number"}, {Name: "state", Type: "char", Label: "Status"},
			}
			if version >= "17.0" {
				fields = append(fields, snapshot.Field{Name: "invoice_pdf_report_file", Type: "binary", Label: "PDF File"},
					snapshot.Field{Name: "invoice_pdf_report_id", Type: "many2one", Label: "PDF", Relation: "ir.attachment"})
			}
			server := odootest.New(t, &snapshot.Schema{Format: snapshot.Format, Server: snapshot.Server{Series: version, Version: version}, Models: []snapshot.Model{
				{Name: "account.move", Label: "Invoice", Fields: fields, Reports: []snapshot.ReportAction{{Name: "account.report_invoice_with_payments", Label: "Invoices"}}},
				{Name: "ir.attachment", Label: "Attachment", Fields: []snapshot.Field{
					{Name: "datas", Type: "binary", Label: "File"}, {Name: "id", Type: "integer", Label: "ID", Readonly: true}, {Name: "name", Type: "char", Label: "Name"},
					{Name: "res_id", Type: "integer", Label: "Resource"}, {Name: "res_model", Type: "char", Label: "Model"},
				}},
				{Name: "res.country", Label: "Country", Fields: []snapshot.Field{{Name: "id", Type: "integer", Label: "ID", Readonly: true}, {Name: "name", Type: "char", Label: "Name"}}},
			}}, odootest.User("ann", "secret", odootest.Key(key)))
			prints := 0
			server.Method("ir.actions.report", "render", func(call odootest.Call) (any, error) {
				prints++
				return fmt.Sprintf("%%PDF print %d of %v as %v", prints, call.IDs, call.Kwargs["format"]), nil
			})
			test(t, server, create(t, server, "posted", "out_invoice"), &prints)
		})
	}
}

const key = "0123456789abcdef0123456789abcdef01234567"

func create(t *testing.T, server *odootest.Server, state, kind string) orm.ID[invoice] {
	t.Helper()
	id, err := server.Create("account.move", map[string]any{"name": "INV/2026/0001", "state": state, "move_type": kind})
	if err != nil {
		t.Fatal(err)
	}
	return orm.ID[invoice](id)
}

func dialAs(t *testing.T, server *odootest.Server, options ...orm.DialOption) *orm.Client {
	t.Helper()
	c, err := orm.Dial(t.Context(), server.URL, options...)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// The official document is made once. Then a client with only a key gets the same bytes.
func TestInvoice(t *testing.T) {
	onVersions(t, func(t *testing.T, server *odootest.Server, id orm.ID[invoice], prints *int) {
		withPassword := dialAs(t, server, orm.Password("ann", "secret"), orm.Using(orm.WebSession))
		withKey := dialAs(t, server, orm.APIKey("ann", key), orm.Using(orm.JSONRPC))
		major := withKey.Version().Major
		making := map[bool]report.Way{true: report.BySending, false: report.BySession}[major >= 17]
		var made bytes.Buffer
		first, err := report.Invoice(t.Context(), withPassword, id, &made)
		if major == 17 {
			if !errors.Is(err, report.ErrNotStored) || made.Len() > 0 || *prints != 0 {
				t.Errorf("17 made %q: %v", made.String(), err)
			}
			return
		}
		if err != nil || first.Way != making || made.String() != fmt.Sprintf("%%PDF print 1 of [%d] as pdf", id) || first.Size != int64(made.Len()) {
			t.Fatalf("%+v, %v, %q", first, err, made.String())
		}
		var stored bytes.Buffer
		second, err := report.Invoice(t.Context(), withKey, id, &stored)
		want := report.Printed{Way: report.ByStored, Size: first.Size, Name: "INV_2026_0001.pdf"}
		if err != nil || second != want || stored.String() != made.String() || *prints != 1 {
			t.Errorf("%+v, %v, %q after %d prints", second, err, stored.String(), *prints)
		}
	})
}

// What has no official document is an error, and nothing is rendered.
func TestInvoiceRefuses(t *testing.T) {
	onVersions(t, func(t *testing.T, server *odootest.Server, _ orm.ID[invoice], prints *int) {
		c := dialAs(t, server, orm.Password("ann", "secret"), orm.Using(orm.WebSession))
		print := func(id orm.ID[invoice]) error {
			_, err := report.Invoice(t.Context(), c, id, io.Discard)
			return err
		}
		_, other := report.Invoice(t.Context(), c, orm.ID[country](1), io.Discard)
		for what, test := range map[string]struct {
			err  error
			want string
		}{
			"a draft":        {print(create(t, server, "draft", "out_invoice")), "is in state draft: only posted invoices"},
			"an entry":       {print(create(t, server, "posted", "entry")), "is no invoice"},
			"a missing one":  {print(1 << 30), "no record matches: account.move 1073741824"},
			"another record": {other, "invoices are records of account.move, not of res.country"},
		} {
			if test.err == nil || !strings.Contains(test.err.Error(), test.want) {
				t.Errorf("%s: %v, want %s", what, test.err, test.want)
			}
		}
		if *prints != 0 {
			t.Errorf("%d prints", *prints)
		}
	})
}

// Where the window would also send the invoice to an authority, nothing is made.
func TestInvoiceOfAuthorities(t *testing.T) {
	onVersions(t, func(t *testing.T, server *odootest.Server, id orm.ID[invoice], prints *int) {
		c := dialAs(t, server, orm.Password("ann", "secret"), orm.Using(orm.WebSession))
		if c.Version().Major < 18 {
			return
		}
		server.Method("account.move.send.wizard", "create", func(call odootest.Call) (any, error) {
			made, err := call.Create("account.move.send.wizard", map[string]any{"move_id": int64(id), "extra_edis": []any{"it_edi"}})
			return []int64{made}, err
		})
		_, err := report.Invoice(t.Context(), c, id, io.Discard)
		if !errors.Is(err, report.ErrNotStored) || !strings.Contains(err.Error(), "it_edi") || *prints != 0 {
			t.Errorf("%v, %d prints", err, *prints)
		}
	})
}

// The portal gives the document to a client with only a key.
func TestPortal(t *testing.T) {
	onVersions(t, func(t *testing.T, server *odootest.Server, id orm.ID[invoice], _ *int) {
		for name, c := range map[string]*orm.Client{
			"key":     dialAs(t, server, orm.APIKey("ann", key), orm.Using(orm.JSONRPC)),
			"session": dialAs(t, server, orm.Password("ann", "secret"), orm.Using(orm.WebSession)),
		} {
			for _, format := range []report.Format{report.PDF, report.HTML} {
				var out bytes.Buffer
				printed, err := report.Portal(t.Context(), c, id, format, &out)
				if err != nil || printed.Way != report.ByPortal || printed.Size != int64(out.Len()) || !strings.HasSuffix(out.String(), "as "+string(format)) ||
					(printed.Name != "") != (format == report.PDF) {
					t.Errorf("%s: %s: %+v, %v, %q", name, format, printed, err, out.String())
				}
			}
		}
	})
}

// A model without a portal, a token that is refused, and a page in place of the document are no way.
func TestPortalRefuses(t *testing.T) {
	onVersions(t, func(t *testing.T, server *odootest.Server, id orm.ID[invoice], prints *int) {
		c := dialAs(t, server, orm.APIKey("ann", key), orm.Using(orm.JSONRPC))
		land, err := server.Create("res.country", map[string]any{"name": "Peru"})
		if err != nil {
			t.Fatal(err)
		}
		var out bytes.Buffer
		if _, err := report.Portal(t.Context(), c, orm.ID[country](land), report.PDF, &out); !errors.Is(err, report.ErrNoWay) || !strings.Contains(err.Error(), "has no page for res.country") {
			t.Errorf("a model without a portal: %v", err)
		}
		if _, err := report.Portal(t.Context(), c, id, report.Text, &out); err == nil || !strings.Contains(err.Error(), "no format") {
			t.Errorf("text: %v", err)
		}
		if _, err := report.Portal(t.Context(), c, orm.ID[invoice](1<<30), report.PDF, &out); !errors.Is(err, orm.ErrNoRecord) {
			t.Errorf("a missing record: %v", err)
		}
		for what, address := range map[string]string{
			"a wrong token":   fmt.Sprintf("/my/account.move/%d?access_token=x&report_type=FORMAT", id),
			"an unknown page": "/my/res.country/1?report_type=FORMAT",
			"another server":  "http://example.com/my/account.move/1",
		} {
			for _, format := range []report.Format{report.PDF, report.HTML} {
				server.Method("account.move", "get_portal_url", func(odootest.Call) (any, error) { return strings.ReplaceAll(address, "FORMAT", string(format)), nil })
				if _, err := report.Portal(t.Context(), c, id, format, &out); !errors.Is(err, report.ErrNoWay) {
					t.Errorf("%s: %s: %v", what, format, err)
				}
			}
		}
		page := fmt.Sprintf("/my/account.move/%d?access_token=TOKEN", id)
		if err := c.Model("account.move").Write(t.Context(), []int64{int64(id)}, orm.Args{"access_token": "TOKEN"}); err != nil {
			t.Fatal(err)
		}
		server.Method("account.move", "get_portal_url", func(odootest.Call) (any, error) { return page, nil })
		for _, format := range []report.Format{report.PDF, report.HTML} {
			if _, err := report.Portal(t.Context(), c, id, format, &out); !errors.Is(err, report.ErrNoWay) {
				t.Errorf("a page: %s: %v", format, err)
			}
		}
		if out.Len() > 0 || *prints != 0 {
			t.Errorf("%q was written, %d prints", out.String(), *prints)
		}
	})
}
