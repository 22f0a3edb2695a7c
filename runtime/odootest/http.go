package odootest

import (
	"errors"
	"io"
	"maps"
	"mime"
	"net/http"

	"github.com/odoogen/odoogen/internal/odoofacts"
	"github.com/odoogen/odoogen/introspect/snapshot"
)

// handler routes what comes over HTTP.
func (s *Server) handler(schema *snapshot.Schema) http.Handler {
	v := services{s, s.store.dialect, schema.Server}
	mux := http.NewServeMux()
	mux.HandleFunc("/", v.notFound)
	mux.HandleFunc("GET /web/health", serveHealth)
	mux.HandleFunc("/jsonrpc", v.jsonRPC(route{run: v.called}))
	v.routeXML(mux)
	v.routeWeb(mux)
	v.routeBus(mux)
	if v.modern() {
		mux.HandleFunc("/json/2/", v.noJSON2)
		mux.HandleFunc("POST /json/2/{model}/{method}", v.serveJSON2)
		mux.HandleFunc("GET /web/version", v.serveVersion)
		v.routeDocs(mux, schema)
	}
	return mux
}

// page is an answer in place of the one of a protocol: HTML, with a status.
type page struct {
	status int
	header http.Header
	html   string
}

// Error makes a page an error, so that a call can fail with it.
func (p *page) Error() string { return http.StatusText(p.status) }

func (p *page) write(w http.ResponseWriter) {
	maps.Copy(w.Header(), p.header)
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(p.status)
	_, _ = io.WriteString(w, p.html)
}

// refuse answers with the page of a status.
func refuse(w http.ResponseWriter, status int) {
	text := http.StatusText(status)
	(&page{status: status, html: "<!doctype html>\n<html lang=en>\n<title>" + text + "</title>\n<h1>" + text + "</h1>\n"}).write(w)
}

// notFound answers at paths that there are not: with a page, and older versions a call of JSON-RPC with an error.
func (s services) notFound(w http.ResponseWriter, r *http.Request) {
	if s.does(odoofacts.NewHTTP) || r.Method != http.MethodPost || !isJSON(r) {
		refuse(w, http.StatusNotFound)
		return
	}
	s.jsonRPC(route{run: func(*rpcCall) (any, error) { return nil, errNotFound }})(w, r)
}

// status picks the status of this version.
func (s services) status(before, modern int) int {
	if s.does(odoofacts.NewHTTP) {
		return modern
	}
	return before
}

// isJSON reports whether a request says that its body is JSON.
func isJSON(r *http.Request) bool {
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	return kind == "application/json"
}

// respond writes JSON with a status.
func (s services) respond(w http.ResponseWriter, status int, v any) {
	data, err := encode(v)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	if !s.does(odoofacts.NewHTTP) {
		data = ascii(data)
	}
	w.Header().Set("Content-Type", s.since(odoofacts.NewHTTP, "application/json", "application/json; charset=utf-8"))
	w.WriteHeader(status)
	_, _ = w.Write(data)
}

// answeredByPage answers with the page that an error is, if it is one.
func answeredByPage(w http.ResponseWriter, err error) bool {
	p := new(page)
	if !errors.As(err, &p) {
		return false
	}
	p.write(w)
	return true
}

func (s services) serveVersion(w http.ResponseWriter, _ *http.Request) {
	s.setCookie(w, s.openSession(nil))
	s.respond(w, http.StatusOK, map[string]any{"version_info": s.info(), "version": s.fullVersion()})
}

// serveHealth answers that the server is ready, as Odoo 19 does; Odoo 14 has no such route, but containers of the embedded Odoo need
// one.
func serveHealth(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	_, _ = io.WriteString(w, `{"status": "pass"}`)
}
