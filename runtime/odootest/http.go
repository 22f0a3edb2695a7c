package odootest

import (
	"crypto/rand"
	"io"
	"mime"
	"net/http"

	"github.com/odoogen/odoogen/introspect"
)

// handler routes what comes over HTTP.
func (s *Server) handler(version introspect.Server) http.Handler {
	rpc := services{s, s.store.dialect, version}
	mux := http.NewServeMux()
	mux.HandleFunc("/jsonrpc", rpc.serveJSON)
	mux.HandleFunc("GET /web", serveWeb)
	return mux
}

// serveWeb starts a session for the database that the URL names, as a browser's first request does.
func serveWeb(w http.ResponseWriter, r *http.Request) {
	http.SetCookie(w, &http.Cookie{Name: "session_id", Value: rand.Text(), Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode})
	http.Redirect(w, r, r.URL.RequestURI(), http.StatusFound)
}

// serveJSON answers /jsonrpc. Whatever a call comes to, the status is 200; others are for what is no call.
func (s services) serveJSON(w http.ResponseWriter, r *http.Request) {
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if r.Method != http.MethodPost || kind != "application/json" {
		s.refuse(w, http.StatusBadRequest, http.StatusUnsupportedMediaType)
		return
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return // the client has gone
	}
	v, err := decode(body)
	if err != nil {
		s.refuse(w, http.StatusBadRequest, http.StatusBadRequest)
		return
	}
	request, ok := v.(map[string]any)
	if !ok {
		s.refuse(w, http.StatusInternalServerError, http.StatusBadRequest)
		return
	}
	s.answer(w, request)
}

// refuse answers what is no JSON-RPC with a page, and with the status of the version.
func (s services) refuse(w http.ResponseWriter, before, modern int) {
	status := before
	if s.modern() {
		status = modern
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, _ = io.WriteString(w, "<!doctype html>\n<title>"+http.StatusText(status)+"</title>\n")
}

// answer runs a call and writes the envelope of its result or error.
func (s services) answer(w http.ResponseWriter, request map[string]any) {
	out := &row{}
	out.set("jsonrpc", "2.0")
	out.set("id", request["id"])
	result, err := s.called(request)
	if err != nil {
		out.set("error", s.errorObject(exception(err)))
	} else {
		out.set("result", result)
	}
	data, err := encode(out)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	if !s.modern() {
		data = ascii(data)
	}
	w.Header().Set("Content-Type", s.pick("application/json", "application/json; charset=utf-8"))
	_, _ = w.Write(data)
}

// called runs the call that a request is about.
func (s services) called(request map[string]any) (any, error) {
	given, _ := request["params"].(map[string]any)
	sign := signature{name: s.pick("", "JSONRPC.") + "jsonrpc()", params: needed("service", "method", "args")}
	if err := sign.complete(arguments{named: given}); err != nil {
		return nil, err
	}
	args, ok := given["args"].([]any)
	if !ok {
		return nil, fail(classType, "'%s' object is not iterable", typeName(given["args"]))
	}
	return s.dispatch(str(given["service"]), str(given["method"]), args)
}

// errorObject is the error of an answer.
func (s services) errorObject(e *Error) map[string]any {
	return map[string]any{
		"code":    s.code(),
		"message": "Odoo Server Error",
		"data": map[string]any{
			"name": e.Class, "message": e.Message, "arguments": []string{e.Message}, "context": map[string]any{}, "debug": traceback(e),
		},
	}
}
