package odootest

import (
	"strconv"

	"github.com/odoogen/odoogen/introspect"
)

// services answer the calls of /jsonrpc.
type services struct {
	*Server
	dialect
	version introspect.Server
}

// dispatch runs a method of one of the services.
func (s services) dispatch(service, method string, args []any) (any, error) {
	switch service {
	case "common":
		s.log(Request{Service: service, Method: method})
		return s.common(method, args)
	case "db":
		s.log(Request{Service: service, Method: method})
		return s.db(method, args)
	case "object":
		return s.object(method, args)
	}
	if s.modern() {
		return nil, fail(classKey, "%s", service)
	}
	return nil, fail(classUnboundLocal, "local variable 'dispatch' referenced before assignment")
}

// exposed are the parameters of the methods of common and db.
var exposed = map[string]map[string][]param{
	"common": {
		"version":      nil,
		"about":        optional("extended"),
		"login":        needed("db", "login", "password"),
		"authenticate": needed("db", "login", "password", "user_agent_env"),
	},
	"db": {"list": optional("document"), "db_exist": needed("db_name"), "server_version": nil},
}

func bindExposed(service, method string, args []any) (arguments, bool, error) {
	params, known := exposed[service][method]
	if !known {
		return arguments{}, false, nil
	}
	a, err := signature{name: "exp_" + method + "()", params: params}.bind(args, nil)
	return a, true, err
}

func (s services) common(method string, args []any) (any, error) {
	a, known, err := bindExposed("common", method, args)
	switch {
	case !known:
		return nil, fail(classException, "Method not found: %s", method)
	case err != nil:
		return nil, err
	}
	switch method {
	case "version":
		return map[string]any{
			"server_version": s.fullVersion(), "server_version_info": s.info(), "server_serie": s.series, "protocol_version": 1,
		}, nil
	case "about":
		return s.about(truthy(a.named["extended"])), nil
	}
	if a.named["db"] != s.database {
		return nil, s.noDatabase(str(a.named["db"]))
	}
	if uid := s.login(a.named["login"], a.named["password"]); uid != 0 {
		return uid, nil
	}
	return false, nil
}

// fullVersion is the version as the server that the snapshot was taken from gave it.
func (s services) fullVersion() string {
	if s.version.Version == "" {
		return s.series
	}
	return s.version.Version
}

func (s services) about(extended bool) any {
	const text = "See http://openerp.com"
	if extended {
		return []string{text, s.fullVersion()}
	}
	return text
}

func (s services) db(method string, args []any) (any, error) {
	a, known, err := bindExposed("db", method, args)
	switch {
	case !known:
		return nil, fail(classKey, "Method not found: %s", method)
	case err != nil:
		return nil, err
	}
	switch method {
	case "list":
		return []string{s.database}, nil
	case "db_exist":
		return a.named["db_name"] == s.database, nil
	}
	return s.fullVersion(), nil
}

// object runs execute and execute_kw: database, user id, password, model, method and the arguments.
func (s services) object(method string, args []any) (any, error) {
	const head = 5
	if s.modern() && len(args) < head {
		return nil, fail(classValue, "not enough values to unpack (expected at least %d, got %d)", head, len(args))
	}
	if method != "execute" && method != "execute_kw" {
		return nil, fail(className, "Method not available %s", method)
	}
	names := []string{"db", "uid", "password", "obj", "method"}
	if err := (signature{name: method + "()", params: needed(names...)}).complete(firstOf(names, args)); err != nil {
		return nil, err
	}
	model, name := str(args[3]), str(args[4])
	s.log(Request{Service: "object", Model: model, Method: name})
	if args[0] != s.database {
		return nil, s.noDatabase(str(args[0]))
	}
	uid := userID(args[1])
	if err := s.authorize(uid, args[2]); err != nil {
		return nil, err
	}
	positional, kwargs, err := s.calledWith(method, args[head:])
	if err != nil {
		return nil, err
	}
	context, err := takeContext(kwargs)
	if err != nil {
		return nil, err
	}
	return s.transact(uid, context, func(t *tx) (any, error) { return t.call(s.Server, model, name, positional, kwargs) })
}

// firstOf names the arguments that are there.
func firstOf(names []string, args []any) arguments {
	a := arguments{named: map[string]any{}}
	for i, name := range names[:min(len(names), len(args))] {
		a.named[name] = args[i]
	}
	return a
}

// userID is a user id, which may come as a text.
func userID(v any) int64 {
	switch v := v.(type) {
	case int64:
		return v
	case string:
		n, _ := strconv.ParseInt(v, 10, 64)
		return n
	}
	return 0
}

// calledWith are the arguments of the model's method: those that follow in execute, a list and an object in
// execute_kw.
func (s services) calledWith(method string, rest []any) ([]any, map[string]any, error) {
	if method == "execute" {
		return rest, map[string]any{}, nil
	}
	sign := signature{name: "execute_kw()", params: append(needed("args"), optional("kw")...)}
	a, err := sign.bind(rest, nil)
	if err != nil {
		return nil, nil, err
	}
	positional, ok := a.named["args"].([]any)
	if !ok {
		return nil, nil, fail(classType, "'%s' object is not iterable", typeName(a.named["args"]))
	}
	kwargs, ok := a.named["kw"].(map[string]any)
	if !ok {
		kwargs = map[string]any{}
	}
	return positional, kwargs, nil
}

// takeContext takes the context out of the arguments by name.
func takeContext(kwargs map[string]any) (map[string]any, error) {
	v := kwargs["context"]
	delete(kwargs, "context")
	context, ok := v.(map[string]any)
	if !ok && truthy(v) {
		return nil, fail(classValue, "dictionary update sequence element #0 has length 1; 2 is required")
	}
	return context, nil
}
