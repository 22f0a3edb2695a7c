package odootest

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"net/http"
	"strconv"

	"github.com/odoogen/odoogen/internal/odoofacts"
	orm "github.com/odoogen/odoogen/runtime"
)

// The portal: the document of a record by an access token, without a login. Models whose snapshot has access_url and access_token
// have it; the document is that of the first report of the model. The addresses are not those of Odoo.

const portalURL = "get_portal_url"

var portalMethod = method{true, optional("suffix", "report_type", "download", "query_string", "anchor"), (*tx).portalURL}

// hasPortal reports whether the portal shows the records of a model.
func (s *Server) hasPortal(name string) bool {
	m, ok := s.store.models[name]
	return ok && m.fields["access_url"] != nil && m.fields["access_token"] != nil
}

// portalURL is the address of a record on the portal.
func (t *tx) portalURL(m *model, a arguments) (any, error) {
	records, err := t.need(m, a.ids)
	if err != nil {
		return nil, err
	}
	if len(records) != 1 {
		return nil, fail(classValue, "Expected singleton: %s%s", m.name, idTuple(a.ids))
	}
	r := records[0]
	if !truthy(r.values["access_token"]) {
		t.set(r, "access_token", rand.Text())
	}
	address := fmt.Sprintf("/my/%s/%d?access_token=%s", m.name, r.id, r.values["access_token"])
	if kind := a.text("report_type"); kind != "" {
		address += "&report_type=" + kind
	}
	if truthy(a.named["download"]) {
		address += "&download=true"
	}
	return address, nil
}

// servePortal answers with a page of the portal, or with the document.
func (s services) servePortal(w http.ResponseWriter, r *http.Request) {
	format, id := r.FormValue("report_type"), r.PathValue("id")
	n, err := strconv.ParseInt(id, 10, 64)
	if err != nil || !s.hasPortal(r.PathValue("model")) {
		refuse(w, http.StatusNotFound)
		return
	}
	request := Request{Protocol: orm.WebSession, Service: "object", Model: r.PathValue("model"), Method: "portal", Args: []any{n, format}}
	content, err := s.perform(r.Context(), request, func(ctx context.Context) (any, error) {
		return s.transactSince(beginning(ctx), s.backstage(), nil, func(t *tx) (any, error) {
			return t.portalDocument(request.Model, n, format, r.FormValue("access_token"))
		})
	})
	switch {
	case answeredByPage(w, err):
	case err != nil:
		refuse(w, s.reportStatus(err))
	default:
		kinds := map[string]string{"pdf": "application/pdf", "html": "text/html"}
		w.Header().Set("Content-Type", kinds[format])
		if format == "pdf" {
			w.Header().Set("Content-Disposition", fmt.Sprintf("attachment; filename*=UTF-8''%s.pdf", id))
		}
		_, _ = fmt.Fprint(w, str(content))
	}
}

func (t *tx) portalDocument(name string, id int64, format, token string) (any, error) {
	m := t.models[name]
	record := t.get(m, id)
	if record == nil || token == "" || record.values["access_token"] != token {
		return nil, &page{status: http.StatusSeeOther, header: http.Header{"Location": {"/my"}}}
	}
	if stored := record.values[invoiceFile]; format == "pdf" && truthy(stored) && t.does(odoofacts.InvoiceDocument) {
		content, err := base64.StdEncoding.DecodeString(str(stored))
		return string(content), err
	}
	for _, r := range t.all(t.models[reportModel]) {
		if r.values["model"] == name && (format == "pdf" || format == "html") {
			return t.render(t.server, format, str(r.values["report_name"]), []int64{id})
		}
	}
	return nil, &page{status: http.StatusOK, html: "<!DOCTYPE html>\n<title>My account</title>\n"}
}
