package odootest

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"html"
	"net/http"
	"strconv"
	"strings"

	"github.com/odoogen/odoogen/internal/odoofacts"
	"github.com/odoogen/odoogen/introspect/snapshot"
	orm "github.com/odoogen/odoogen/runtime"
)

// The reports that are records of ir.actions.report: those of the snapshot, and what a test creates. Their documents list the records; [Server.Method] of ir.actions.report and
// "render" gives them content of their own. There is no wkhtmltopdf.

const reportModel = "ir.actions.report"

// reportFields is ir.actions.report for snapshots that lack it.
var reportFields = snapshot.Model{Name: reportModel, Label: "Report Action", Fields: []snapshot.Field{
	displayNameField,
	idField,
	{Name: "model", Type: "char", Label: "Model Name", Required: true},
	{Name: "name", Type: "char", Label: "Action Name", Required: true},
	{Name: "report_name", Type: "char", Label: "Template Name", Required: true},
	{Name: "report_type", Type: "selection", Label: "Report Type", Selection: []snapshot.Choice{
		{Value: "qweb-html", Label: "HTML"}, {Value: "qweb-pdf", Label: "PDF"}, {Value: "qweb-text", Label: "Text"},
	}},
}}

// reportMethods are those of ir.actions.report.
var reportMethods = map[scriptKey]method{
	{reportModel, "get_wkhtmltopdf_state"}: {false, nil, func(*tx, *model, arguments) (any, error) { return "install", nil }},
}

// fillReports makes the records of the reports that the snapshot lists.
func (s *store) fillReports(schema *snapshot.Schema) {
	id := int64(0)
	for _, m := range schema.Models {
		for _, r := range m.Reports {
			id++
			s.insert(s.models[reportModel], id, map[string]any{
				"model": m.Name, "name": cmp.Or(r.Label, r.Name), "report_name": r.Name, "report_type": "qweb-pdf", "active": true,
			})
		}
	}
}

func (s services) routeReports(mux *http.ServeMux) {
	mux.HandleFunc("GET /report/{format}/{name}/{ids}", func(w http.ResponseWriter, r *http.Request) {
		content, err := s.report(r, r.PathValue("format"), r.PathValue("name"), r.PathValue("ids"))
		switch {
		case answeredByPage(w, err):
		case err != nil:
			refuse(w, s.reportStatus(err))
		default:
			writeReport(w, r.PathValue("format"), content)
		}
	})
	mux.HandleFunc("GET /report/download", s.downloadReport)
	mux.HandleFunc("GET /my/{model}/{id}", s.servePortal)
}

// reportStatus is the status of the page for a failure.
func (s services) reportStatus(err error) int {
	if class := exception(err).Class; class != classUser && class != classMissing && class != classAccess || !s.modern() {
		return http.StatusInternalServerError
	}
	return http.StatusUnprocessableEntity
}

// downloadReport answers with a file, or with the failure as escaped JSON.
func (s services) downloadReport(w http.ResponseWriter, r *http.Request) {
	var what []string
	if json.Unmarshal([]byte(r.FormValue("data")), &what) != nil || len(what) != 2 || !s.modern() && r.FormValue("token") == "" {
		refuse(w, http.StatusInternalServerError)
		return
	}
	parts := strings.Split(strings.TrimPrefix(what[0], "/report/"), "/")
	if len(parts) != 3 || what[1] != "qweb-"+parts[0] || parts[0] == "html" {
		refuse(w, http.StatusInternalServerError)
		return
	}
	content, err := s.report(r, parts[0], parts[1], parts[2])
	if answeredByPage(w, err) {
		return
	}
	if err != nil {
		data, _ := json.Marshal(s.errorObject(exception(err)))
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = fmt.Fprint(w, html.EscapeString(string(data)))
		return
	}
	extension := map[string]string{"pdf": "pdf", "text": "txt"}[parts[0]]
	w.Header().Set("Content-Disposition", fmt.Sprintf("attachment; filename*=UTF-8''%s.%s", parts[1], extension))
	writeReport(w, parts[0], content)
}

func writeReport(w http.ResponseWriter, format, content string) {
	kinds := map[string]string{"pdf": "application/pdf", "text": "text/plain", "html": "text/html; charset=utf-8"}
	w.Header().Set("Content-Type", kinds[format])
	_, _ = fmt.Fprint(w, content)
}

// report renders a report for the user of a session. Without one, the answer is a redirect.
func (s services) report(r *http.Request, format, name, ids string) (string, error) {
	user := s.sessions.of(r).user
	if user == nil {
		return "", &page{status: http.StatusSeeOther, header: http.Header{"Location": {"/web/login"}}}
	}
	own := map[string]any{}
	if text := r.FormValue("context"); text != "" && json.Unmarshal([]byte(text), &own) != nil {
		return "", fail(classValue, "the context is not JSON")
	}
	var list []int64
	for id := range strings.SplitSeq(ids, ",") {
		if n, err := strconv.ParseInt(id, 10, 64); err == nil {
			list = append(list, n)
		}
	}
	if !s.does(odoofacts.ReportLanguage) {
		delete(own, "lang")
	}
	request := Request{Protocol: orm.WebSession, Service: "object", Model: reportModel, Method: "render", Login: user.login, Args: []any{name, format}}
	result, err := s.perform(r.Context(), request, func(ctx context.Context) (any, error) {
		return s.transactSince(beginning(ctx), user, own, func(t *tx) (any, error) { return t.render(s.Server, format, name, list) })
	})
	return str(result), err
}

// render renders a report as a print does.
func (t *tx) render(s *Server, format, name string, ids []int64) (any, error) {
	content, err := t.content(s, format, name, ids)
	if err == nil {
		err = t.keepFirstPrints(format, name, ids, content)
	}
	return content, err
}

// content is what a report renders.
func (t *tx) content(s *Server, format, name string, ids []int64) (any, error) {
	m, err := t.reportedModel(name)
	if err == nil {
		err = t.checkLanguage()
	}
	if err != nil {
		return nil, err
	}
	if fn := s.scripts[scriptKey{reportModel, "render"}]; fn != nil {
		return t.script(fn, t.models[reportModel], "render", ids, nil, map[string]any{"report_name": name, "format": format})
	}
	records, err := t.need(m, ids)
	if err == nil {
		err = t.may(m, "read")
	}
	if err != nil {
		return nil, err
	}
	if format == "pdf" {
		return nil, fail(classUser, "Unable to find Wkhtmltopdf on this system. The PDF can not be created.")
	}
	var out bytes.Buffer
	fmt.Fprintf(&out, "<!DOCTYPE html>\n<html lang=\"%s\"><body>\n", t.language())
	for _, r := range records {
		fmt.Fprintf(&out, "<p>%s</p>\n", html.EscapeString(str(orEmpty(t.displayName(m, r)))))
	}
	out.WriteString("</body></html>\n")
	return out.String(), nil
}

// reportedModel is the model whose records a report prints.
func (t *tx) reportedModel(name string) (*model, error) {
	for _, r := range t.all(t.models[reportModel]) {
		if r.values["report_name"] == name {
			if m := t.models[str(r.values["model"])]; m != nil {
				return m, nil
			}
		}
	}
	if t.modern() {
		return nil, fail(classValue, "External ID not found in the system: %s", name)
	}
	return nil, fail(classKey, "False")
}
