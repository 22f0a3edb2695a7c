package odootest

import (
	"context"
	"slices"

	"github.com/odoogen/odoogen/introspect/snapshot"
	orm "github.com/odoogen/odoogen/runtime"
)

// services answer the calls of /jsonrpc.
type services struct {
	*Server
	dialect
	version snapshot.Server
}

// dispatch runs a method of one of the services.
func (s services) dispatch(c *rpcCall, service, method string, args []any) (any, error) {
	switch service {
	case "common", "db":
		r := Request{Protocol: c.protocol, Service: service, Method: method}
		return s.perform(c.http.Context(), r, func(context.Context) (any, error) {
			if service == "db" {
				return s.db(c, method, args)
			}
			return s.common(method, args)
		})
	case "object":
		return s.object(c, method, args)
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
		"set_loglevel": append(needed("loglevel"), optional("logger")...),
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
		return s.versionInfo(), nil
	case "about":
		return s.about(truthy(a.named["extended"])), nil
	case "set_loglevel":
		return true, nil
	}
	if a.named["db"] != s.database {
		return nil, s.noDatabase(str(a.named["db"]))
	}
	if u := s.bySecret(a.named["login"], a.named["password"]); u != nil {
		return u.id, nil
	}
	return false, nil
}

func (s services) versionInfo() *row {
	out := &row{}
	out.set("server_version", s.fullVersion())
	out.set("server_version_info", s.info())
	out.set("server_serie", s.series)
	out.set("protocol_version", 1)
	return out
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

// managing are the methods of db that need the master password, their first argument.
var managing = set("create_database duplicate_database drop dump restore rename change_admin_password migrate_databases list_countries")

func (s services) db(c *rpcCall, method string, args []any) (any, error) {
	if managing[method] && len(args) == 0 {
		return nil, c.outOfRange()
	}
	if managing[method] && args[0] != adminPassword {
		return nil, errAccessDenied
	}
	a, known, err := bindExposed("db", method, args)
	switch {
	case !known:
		return nil, fail(classKey, "Method not found: %s", method)
	case err != nil:
		return nil, err
	}
	switch method {
	case "list":
		return s.databases(), nil
	case "db_exist":
		return slices.Contains(s.databases(), str(a.named["db_name"])), nil
	}
	return s.fullVersion(), nil
}

// object runs execute and execute_kw: database, user id, password, model, method and the arguments.
func (s services) object(c *rpcCall, method string, args []any) (any, error) {
	const head = 5
	switch {
	case s.modern() && len(args) < head:
		return nil, fail(classValue, "not enough values to unpack (expected at least %d, got %d)", head, len(args))
	case len(args) < 3:
		return nil, c.outOfRange()
	}
	uid, err := userID(args[1])
	if err != nil {
		return nil, err
	}
	if method != "execute" && method != "execute_kw" {
		return nil, fail(className, "Method not available %s", method)
	}
	names := []string{"db", "uid", "password", "obj", "method"}
	if err := (signature{name: method + "()", params: needed(names...)}).complete(firstOf(names, args)); err != nil {
		return nil, err
	}
	model, name := str(args[3]), str(args[4])
	positional, kwargs, bad := s.calledWith(method, args[head:])
	u, denied := s.byID(uid, args[2])
	r := Request{Protocol: c.protocol, Service: "object", Model: model, Method: name, Args: positional, Kwargs: kwargs}
	if denied == nil {
		r.Login = u.login
	}
	return s.perform(c.http.Context(), r, func(ctx context.Context) (any, error) {
		switch {
		case args[0] != s.database:
			return nil, s.noDatabase(str(args[0]))
		case denied != nil:
			return nil, denied
		case bad != nil:
			return nil, bad
		}
		return s.callModel(ctx, u, model, name, positional, kwargs, noModel)
	})
}

// noModel is what /jsonrpc says of an unknown model.
func noModel(name string) error { return fail(classUser, "Object %s doesn't exist", name) }

// callModel runs a method of a model.
func (s services) callModel(ctx context.Context, u *user, model, name string, args []any, kwargs map[string]any, unknown func(string) error) (any, error) {
	with, err := takeContext(kwargs)
	if err != nil {
		return nil, err
	}
	return s.transactSince(beginning(ctx), u, with, func(t *tx) (any, error) {
		m := t.models[model]
		if m == nil {
			return nil, unknown(model)
		}
		return t.call(s.Server, m, name, args, kwargs)
	})
}

// firstOf names the arguments that are there.
func firstOf(names []string, args []any) arguments {
	a := arguments{named: map[string]any{}}
	for i, name := range names[:min(len(names), len(args))] {
		a.named[name] = args[i]
	}
	return a
}

// outOfRange is the error for arguments that are not there: a list of JSON, and a tuple of XML.
func (c *rpcCall) outOfRange() error {
	if c.protocol == orm.XMLRPC {
		return fail(classIndex, "tuple index out of range")
	}
	return fail(classIndex, "list index out of range")
}

// userID is a user id, which may come as a text.
func userID(v any) (int64, error) {
	if text, ok := v.(string); ok {
		n, err := pythonInt(text)
		if err != nil {
			return 0, err
		}
		v = n
	}
	n, _ := number(v)
	return int64(n), nil
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
	switch v := v.(type) {
	case map[string]any:
		return v, nil
	case string, []any:
		if truthy(v) {
			return nil, fail(classValue, "dictionary update sequence element #0 has length 1; 2 is required")
		}
	default:
		if truthy(v) {
			return nil, fail(classType, "'%s' object is not iterable", typeName(v))
		}
	}
	return nil, nil
}
