package odootest

import (
	"errors"
	"net/http"

	"github.com/odoogen/odoogen/internal/odoofacts"
	orm "github.com/odoogen/odoogen/runtime"
)

// route is what answers the calls of JSON-RPC at a path.
type route struct {
	user  bool // only with a session of a user
	touch bool // newer versions send its cookie again
	run   func(*rpcCall) (any, error)
}

// rpcCall is a call of JSON-RPC 2.0, which /jsonrpc and the web session speak.
type rpcCall struct {
	http     *http.Request
	protocol orm.Protocol
	params   map[string]any
	session  *webSession // of the web session's routes; without a user before the login
}

// jsonRPC answers the calls of a route. Whatever a call results in, the status is 200; others are for what is no call.
func (s services) jsonRPC(at route) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodPost || !isJSON(r) {
			refuse(w, s.status(http.StatusBadRequest, http.StatusUnsupportedMediaType))
			return
		}
		most := s.limits.body
		if r.URL.Path != "/jsonrpc" && s.sessions.of(r).user == nil { // there the password is in the body
			most = s.limits.anonymous
		}
		body, ok := s.readBody(w, r, most)
		if !ok {
			return
		}
		v, err := decode(body)
		if errors.Is(err, errTooDeep) && s.does(odoofacts.NewHTTP) {
			s.answer(w, nil, nil, err)
			return
		}
		if err != nil {
			refuse(w, s.malformed(err))
			return
		}
		request, ok := v.(map[string]any)
		if !ok {
			refuse(w, s.status(http.StatusInternalServerError, http.StatusBadRequest))
			return
		}
		params, _ := request["params"].(map[string]any)
		call := &rpcCall{http: r, params: params}
		var result any
		if r.URL.Path != "/jsonrpc" {
			call.protocol, call.session = orm.WebSession, s.sessions.of(r)
		} else {
			call.protocol = orm.JSONRPC
		}
		if at.user && call.session.user == nil {
			err = s.sessionLost()
		} else {
			result, err = at.run(call)
		}
		s.keepSession(w, call, at.touch, err != nil)
		s.answer(w, request["id"], result, err)
	}
}

// malformed is the status for a body that is no JSON.
func (s services) malformed(err error) int {
	if errors.Is(err, errTooDeep) {
		return http.StatusInternalServerError
	}
	return http.StatusBadRequest
}

// answer writes the envelope of a result or an error.
func (s services) answer(w http.ResponseWriter, id, result any, err error) {
	if answeredByPage(w, err) {
		return
	}
	out := &row{}
	out.set("jsonrpc", "2.0")
	switch e := exception(err); {
	case err == nil:
		out.set("id", id)
		if result != nil { // Odoo leaves out what is None
			out.set("result", result)
		}
	case s.does(odoofacts.NewHTTP) && s.isEarly(e):
		out.set("id", nil)
		out.set("error", s.errorObject(e))
	default:
		out.set("id", id)
		out.set("error", s.errorObject(e))
	}
	status := http.StatusOK
	if (err == errNotFound || err == errNoDatabase) && !s.does(odoofacts.NewHTTP) { //nolint:errorlint // they are never wrapped
		status = http.StatusNotFound
	}
	s.respond(w, status, out)
}

// isEarly recognises the errors that come before a modern server has read the id of a call.
func (s services) isEarly(e *Error) bool { return e.Class == classSession || e.Class == classNotFound }

// errorObject is the error of an answer.
func (s services) errorObject(e *Error) map[string]any {
	code, message, text := s.code(), "Odoo Server Error", e.Message
	arguments := []any{e.Message}
	switch e.Class {
	case classSession:
		code, message = codeSession, "Odoo Session Expired"
	case classNotFound:
		code, message, text, arguments = http.StatusNotFound, "404: Not Found", "404 Not Found: "+e.Message, []any{}
	}
	return map[string]any{
		"code":    code,
		"message": message,
		"data":    map[string]any{"name": e.Class, "message": text, "arguments": arguments, "context": map[string]any{}, "debug": traceback(e)},
	}
}

// The code of a JSON-RPC error for an expired session.
const codeSession = 100

// called runs the call of /jsonrpc.
func (s services) called(c *rpcCall) (any, error) {
	sign := signature{name: s.since(odoofacts.QualifiedNames, "", "JSONRPC.") + "jsonrpc()", params: needed("service", "method", "args")}
	if err := sign.complete(arguments{named: c.params}); err != nil {
		return nil, err
	}
	args, ok := c.params["args"].([]any)
	if !ok {
		return nil, fail(classType, "'%s' object is not iterable", typeName(c.params["args"]))
	}
	return s.dispatch(c, str(c.params["service"]), str(c.params["method"]), args)
}
