package odootest

import (
	"crypto/sha256"
	"encoding/hex"
	"html"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/odoogen/odoogen/introspect/snapshot"
)

// routeDocs adds the pages of Odoo's module api_doc, with an API key and with a session, if the snapshot has what they
// contain: pages without methods would say that the models have none.
func (s services) routeDocs(mux *http.ServeMux, schema *snapshot.Schema) {
	if !hasDocs(schema) {
		return
	}
	mux.HandleFunc("/doc-bearer/{page}", s.serveDocs(s.bearer))
	mux.HandleFunc("/doc/{page}", s.serveDocs(func(r *http.Request) (*user, error) {
		if u := s.sessions.of(r).user; u != nil {
			return u, nil
		}
		return nil, errSessionExpired
	}))
}

// hasDocs reports whether the snapshot was pulled with the documentation of methods, or from a server that refuses it.
func hasDocs(schema *snapshot.Schema) bool {
	switch schema.Unseen.Methods {
	case snapshot.NoDocsModule, snapshot.NoDocsAsked:
		return false
	case snapshot.NoDocsRight, snapshot.NoDocsKey:
		return true
	}
	byButtons := false
	for _, m := range schema.Models {
		for _, method := range m.Methods {
			if method.Source == snapshot.SourceDoc {
				return true
			}
			byButtons = true
		}
	}
	return !byButtons
}

// docsRefused is the error that the server of the snapshot answered with, nil if it gave the documentation.
func docsRefused(schema *snapshot.Schema) error {
	switch schema.Unseen.Methods {
	case snapshot.NoDocsRight:
		return errNoDocsRight
	case snapshot.NoDocsKey:
		return errAccessDenied
	}
	return nil
}

var errNoDocsRight = fail(classAccess, "This page is only accessible to Technical Documentation users.")

// serveDocs answers with the page of a model, or with the index of all. Users with rights of their own may not see it.
func (s services) serveDocs(who func(*http.Request) (*user, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		u, err := who(r)
		if err == nil {
			err = docsRefused(s.store.schema)
		}
		if err == nil && u.access.rights != nil {
			err = errNoDocsRight
		}
		var doc any
		if err == nil {
			doc, err = s.docs(u, strings.TrimSuffix(r.PathValue("page"), ".json"))
		}
		if err != nil {
			s.answerJSON2(w, nil, err)
			return
		}
		s.respondCached(w, r, doc)
	}
}

// respondCached writes JSON with a tag, or that it is still the same.
func (s services) respondCached(w http.ResponseWriter, r *http.Request, v any) {
	data, err := encode(v)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	sum := sha256.Sum256(data)
	tag := hex.EncodeToString(sum[:])
	w.Header().Set("ETag", tag)
	w.Header().Set("Cache-Control", "no-cache, private")
	if r.Header.Get("If-None-Match") == tag {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	s.respond(w, http.StatusOK, v)
}

func (s services) docs(u *user, page string) (any, error) {
	return s.transact(u, func(t *tx) (any, error) {
		if page == "index" {
			return t.docsIndex(), nil
		}
		known := t.models[page]
		if known == nil {
			return nil, errNotFound
		}
		var m snapshot.Model // stays empty for the server's own models
		if i := slices.IndexFunc(t.schema.Models, func(m snapshot.Model) bool { return m.Name == page }); i >= 0 {
			m = t.schema.Models[i]
		}
		fields, err := t.fieldsGet(known, arguments{})
		return map[string]any{"model": page, "name": known.label, "doc": nil, "fields": fields, "methods": documentation(m)}, err
	})
}

// docsIndex lists the models with their fields and methods.
func (t *tx) docsIndex() any {
	models := make([]any, len(t.schema.Models))
	for i, m := range t.schema.Models {
		fields := map[string]any{}
		for _, f := range m.Fields {
			fields[f.Name] = map[string]any{"string": f.Label}
		}
		methods := slices.Sorted(maps.Keys(documentation(m)))
		models[i] = map[string]any{"model": m.Name, "name": m.Label, "fields": fields, "methods": methods}
	}
	modules := make([]string, len(t.schema.Modules))
	for i, m := range t.schema.Modules {
		modules[i] = m.Name
	}
	return map[string]any{"modules": modules, "models": models}
}

// documentation is what the snapshot knows of the methods of a model.
func documentation(m snapshot.Model) map[string]any {
	out := map[string]any{}
	for _, method := range m.Methods {
		if method.Source == snapshot.SourceDoc {
			out[method.Name] = documented(m, method)
		}
	}
	return out
}

func documented(m snapshot.Model, method snapshot.Method) map[string]any {
	api := []string{}
	if method.OfModel {
		api = append(api, "model")
	}
	if method.Readonly {
		api = append(api, "readonly")
	}
	parameters, signature := &row{}, []string{}
	for _, p := range method.Params {
		parameters.set(p.Name, parameter(p))
		signature = append(signature, p.Name+map[bool]string{true: "=" + string(p.Default)}[p.Optional])
	}
	return map[string]any{
		"signature": "(" + strings.Join(signature, ", ") + ")", "parameters": parameters, "api": api, "doc": paragraphs(method.Doc),
		"return": map[string]any{"annotation": method.Returns}, "model": m.Name, "module": method.Module,
	}
}

func parameter(p snapshot.Param) map[string]any {
	out := map[string]any{}
	if p.Kind != snapshot.PositionalOrKeyword {
		out["kind"] = strings.ToUpper(string(p.Kind))
	}
	if len(p.Default) > 0 {
		out["default"] = p.Default
	}
	if p.Annotation != "" {
		out["annotation"] = p.Annotation
	}
	if p.Doc != "" {
		out["doc"] = paragraphs(p.Doc)
	}
	return out
}

// paragraphs are HTML of plain text.
func paragraphs(text string) string {
	var b strings.Builder
	for p := range strings.SplitSeq(text, "\n\n") {
		if p != "" {
			b.WriteString("<p>" + html.EscapeString(p) + "</p>\n")
		}
	}
	return b.String()
}
