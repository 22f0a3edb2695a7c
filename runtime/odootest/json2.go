package odootest

import (
	"context"
	"net/http"
	"strings"

	orm "github.com/odoogen/odoogen/runtime"
)

// serveJSON2 runs a method of a model with its arguments by name, for the user whose key came along.
func (s services) serveJSON2(w http.ResponseWriter, r *http.Request) {
	switch {
	case r.ContentLength != 0 && !isJSON(r):
		refuse(w, http.StatusUnsupportedMediaType)
		return
	case r.Header.Get("X-Odoo-Database") != "" && r.Header.Get("X-Odoo-Database") != s.database:
		refuse(w, http.StatusNotFound)
		return
	}
	u, err := s.bearer(r)
	if err != nil {
		s.answerJSON2(w, nil, err)
		return
	}
	body, ok := s.readBody(w, r, s.limits.body)
	if !ok {
		return
	}
	result, err := s.calledJSON2(r, u, body)
	s.answerJSON2(w, result, err)
}

// noJSON2 answers what is close to a call, but none.
func (s services) noJSON2(w http.ResponseWriter, _ *http.Request) {
	s.answerJSON2(w, nil, fail(classNotFound, "Did you mean POST /json/2/<model>/<method>?"))
}

func (s services) calledJSON2(r *http.Request, u *user, body []byte) (any, error) {
	named := map[string]any{}
	if len(body) > 0 {
		v, err := decode(body)
		if err != nil {
			return nil, fail(classBadRequest, "could not parse the body as json: %s", err)
		}
		if object, ok := v.(map[string]any); ok { // anything else is ignored
			named = object
		}
	}
	model, method := r.PathValue("model"), r.PathValue("method")
	q := Request{Protocol: orm.JSON2, Service: "object", Model: model, Method: method, Login: u.login, Kwargs: named}
	return s.perform(r.Context(), q, func(ctx context.Context) (any, error) {
		ids := named["ids"]
		delete(named, "ids")
		with, err := takeContext(named)
		if err != nil {
			return nil, err
		}
		return s.transactSince(beginning(ctx), u, with, func(t *tx) (any, error) { return t.callNamed(s.Server, model, method, ids, named) })
	})
}

// bearer is the user whose key a request carries.
func (s services) bearer(r *http.Request) (*user, error) {
	scheme, key, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if !strings.EqualFold(scheme, "bearer") {
		return nil, fail(classUnauthorized, "User not authenticated, use an API Key with a Bearer Authorization header.")
	}
	if u := s.byKey(key); u != nil {
		return u, nil
	}
	return nil, fail(classUnauthorized, "Invalid apikey")
}

// callNamed runs a method with arguments by name: a scripted one if there is one.
func (t *tx) callNamed(s *Server, model, name string, on any, named map[string]any) (any, error) {
	m := t.models[model]
	if m == nil {
		return nil, fail(classNotFound, "the model '%s' does not exist", model)
	}
	ids, err := m.recordIDs(on)
	if err != nil {
		return nil, err
	}
	if t.isPrivate(name) {
		return nil, t.privateMethod(model, name)
	}
	if fn := s.scripts[scriptKey{model, name}]; fn != nil {
		return t.script(fn, m, name, ids, nil, named)
	}
	called, ok := s.method(model, name)
	switch {
	case !ok:
		return nil, fail(classNotFound, "The method '%s.%s' does not exist", model, name)
	case !called.records && len(ids) > 0:
		return nil, fail(classUnprocessable, "cannot call %s.%s with ids", model, name)
	}
	if err := called.takes(named); err != nil {
		return nil, err
	}
	result, err := called.run(t, m, arguments{ids, named, called.params})
	if id, ok := result.(int64); ok && name == "create" {
		return []int64{id}, err // a record set is sent as its ids, however many they are
	}
	return result, err
}

// takes checks arguments by name as Python's inspect.Signature does.
func (m method) takes(named map[string]any) error {
	sign := signature{params: m.params}
	for _, p := range m.params {
		if _, given := named[p.name]; !given && !p.optional {
			return fail(classUnprocessable, "missing a required argument: '%s'", p.name)
		}
	}
	for name := range named {
		if !sign.knows(name) {
			return fail(classUnprocessable, "got an unexpected keyword argument '%s'", name)
		}
	}
	return nil
}

// statuses are those of the classes of errors; the others have 500.
var statuses = map[string]int{
	classAccess:        http.StatusForbidden,
	classAccessDenied:  http.StatusForbidden,
	classMissing:       http.StatusNotFound,
	classUser:          http.StatusUnprocessableEntity,
	classValidation:    http.StatusUnprocessableEntity,
	classLock:          http.StatusConflict,
	classSession:       http.StatusForbidden,
	classBadRequest:    http.StatusBadRequest,
	classUnauthorized:  http.StatusUnauthorized,
	classNotFound:      http.StatusNotFound,
	classUnprocessable: http.StatusUnprocessableEntity,
}

// answerJSON2 writes a result, or an error with the status of its class.
func (s services) answerJSON2(w http.ResponseWriter, result any, err error) {
	if err == nil {
		s.respond(w, http.StatusOK, result)
		return
	}
	if answeredByPage(w, err) {
		return
	}
	e := exception(err)
	status, arguments := statuses[e.Class], []any{e.Message}
	switch {
	case status == 0:
		status = http.StatusInternalServerError
	case strings.HasPrefix(e.Class, "werkzeug."):
		arguments = append(arguments, status)
	}
	if status == http.StatusUnauthorized {
		w.Header().Set("WWW-Authenticate", "Bearer ")
	}
	s.respond(w, status, map[string]any{
		"name": e.Class, "message": e.Message, "arguments": arguments, "context": map[string]any{}, "debug": traceback(e),
	})
}
