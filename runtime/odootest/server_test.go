package odootest_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/odoogen/odoogen/introspect/snapshot"
	orm "github.com/odoogen/odoogen/runtime"
	"github.com/odoogen/odoogen/runtime/odootest"
)

func TestDial(t *testing.T) {
	t.Parallel()
	s := odootest.New(t, small("saas~18.2"), odootest.Database("acme"), odootest.User("bot", "secret"), odootest.User("eve", "other"))
	c := dial(t, s)
	equal(t, "version", c.Version(), orm.Version{Series: "saas~18.2", Full: "saas~18.2", Major: 18})
	equal(t, "database", c.Database(), "acme")
	equal(t, "user", c.UID(), 2)

	eve, err := orm.Dial(t.Context(), s.URL, orm.Password("eve", "other"))
	must(t, err)
	equal(t, "another user", eve.UID(), 3)
	_, err = eve.Model("x.tag").Create(t.Context(), orm.Args{"name": "hers"})
	must(t, err)
	var tag struct {
		By orm.Ref[partner] `odoo:"create_uid"`
	}
	must(t, eve.Model("x.tag").Get(t.Context(), &tag, 1))
	equal(t, "author", tag.By.ID, 3)

	_, err = orm.Dial(t.Context(), s.URL, orm.Database("acme"), orm.Password("bot", "wrong"))
	if !errors.Is(err, orm.ErrAccessDenied) {
		t.Errorf("a wrong password: %v", err)
	}
	_, err = orm.Dial(t.Context(), s.URL, orm.Database("nope"), orm.Password("bot", "secret"))
	if !errors.Is(err, orm.ErrNoDatabase) || !strings.Contains(err.Error(), "it has acme") {
		t.Errorf("an unknown database: %v", err)
	}
}

func TestCommonAndDatabaseServices(t *testing.T) {
	t.Parallel()
	schema := small("19.0")
	schema.Server.Version = "19.0-20260101"
	s := odootest.New(t, schema)
	rpc(t, s, "common", "version").result(t, `{"server_version":"19.0-20260101","server_version_info":[19,0,0,"final",0,""],"server_serie":"19.0","protocol_version":1}`)
	rpc(t, odootest.New(t, small("saas~18.2")), "common", "version").
		result(t, `{"server_version":"saas~18.2","server_version_info":["saas~18",2,0,"final",0,""],"server_serie":"saas~18.2","protocol_version":1}`)
	rpc(t, s, "common", "about").result(t, `"See http://openerp.com"`)
	rpc(t, s, "common", "about", true).result(t, `["See http://openerp.com","19.0-20260101"]`)
	rpc(t, s, "common", "login", "demo", "admin", "admin").result(t, `2`)
	rpc(t, s, "common", "login", "demo", "admin", "x").result(t, `false`)
	rpc(t, s, "common", "authenticate", "demo", "admin", "admin", map[string]any{}).result(t, `2`)
	rpc(t, s, "common", "authenticate", "demo", "nobody", "admin", map[string]any{}).result(t, `false`)
	rpc(t, s, "common", "authenticate", "demo", "admin", "admin").fails(t, "builtins.TypeError", "exp_authenticate() missing 1 required positional argument: 'user_agent_env'")
	rpc(t, s, "common", "foo").fails(t, "builtins.Exception", "Method not found: foo")
	rpc(t, s, "db", "list").result(t, `["demo"]`)
	rpc(t, s, "db", "db_exist", "demo").result(t, `true`)
	rpc(t, s, "db", "db_exist", "nope").result(t, `false`)
	rpc(t, s, "db", "server_version").result(t, `"19.0-20260101"`)
	rpc(t, s, "db", "foo").fails(t, "builtins.KeyError", "Method not found: foo")
	rpc(t, s, "foo", "foo").fails(t, "builtins.KeyError", "foo")
	rpc(t, odootest.New(t, small("14.0")), "foo", "foo").fails(t, "builtins.UnboundLocalError", "local variable 'dispatch' referenced before assignment")
}

func TestUnknownDatabase(t *testing.T) {
	t.Parallel()
	const message = "FATAL:  database \"nope\" does not exist\n"
	for series, want := range map[string]string{"14.0": message, "19.0": `connection to server at "127.0.0.1", port 5432 failed: ` + message} {
		s := odootest.New(t, small(series))
		rpc(t, s, "common", "authenticate", "nope", "admin", "admin", map[string]any{}).fails(t, "psycopg2.OperationalError", want)
		rpc(t, s, "object", "execute_kw", "nope", 2, "admin", "x.node", "search", []any{[]any{}}).fails(t, "psycopg2.OperationalError", want)
	}
}

func TestObjectService(t *testing.T) {
	t.Parallel()
	s := odootest.New(t, small("19.0"))
	object := func(method string, args ...any) answer { return rpc(t, s, "object", method, args...) }
	object("execute", "demo", 2, "admin", "x.node", "search", []any{}, 0, 1, "id").result(t, `[]`)
	object("execute_kw", "demo", "2", "admin", "x.node", "search_count", []any{[]any{}}).result(t, `0`)
	object("execute_kw", "demo", 2, "admin", "x.node", "search_count", []any{[]any{}}, nil).result(t, `0`)
	object("execute_kw", "demo", 2, "wrong", "x.node", "search", []any{[]any{}}).fails(t, "odoo.exceptions.AccessDenied", "Access Denied")
	object("execute_kw", "demo", 999, "admin", "x.node", "search", []any{[]any{}}).
		fails(t, "odoo.exceptions.MissingError", "Record does not exist or has been deleted.\n(Record: res.users(999,), User: 999)")
	object("execute_kw", "demo", 2, "admin").fails(t, "builtins.ValueError", "not enough values to unpack (expected at least 5, got 3)")
	object("foo", "demo", 2, "admin", "x.node", "search").fails(t, "builtins.NameError", "Method not available foo")
	object("execute_kw", "demo", 2, "admin", "x.node", "search", "x").fails(t, "builtins.TypeError", "'str' object is not iterable")
	kw(t, s, "x.node", "search_count", []any{[]any{}}, map[string]any{"context": "x"}).
		fails(t, "builtins.ValueError", "dictionary update sequence element #0 has length 1; 2 is required")
}

func TestErrorEnvelope(t *testing.T) {
	t.Parallel()
	for series, code := range map[string]int{"14.0": 200, "19.0": 0} {
		e := kw(t, odootest.New(t, small(series)), "x.foo", "search", nil, nil).Error
		if e == nil {
			t.Fatal("no error")
		}
		equal(t, "code", e.Code, code)
		equal(t, "message", e.Message, "Odoo Server Error")
		equal(t, "class", e.Data.Name, "odoo.exceptions.UserError")
		equal(t, "text", e.Data.Message, "Object x.foo doesn't exist")
		equal(t, "arguments", e.Data.Arguments, []any{"Object x.foo doesn't exist"})
		if !strings.HasPrefix(e.Data.Debug, "Traceback (most recent call last):\n") || e.Data.Context == nil {
			t.Errorf("data is %+v", e.Data)
		}
	}
}

func TestMethodErrors(t *testing.T) {
	t.Parallel()
	for series, want := range map[string]struct{ unknown, private, base, domain, page, write string }{
		"14.0": {"type object 'x.node' has no attribute 'foo'", "Private methods (such as _foo) cannot be called remotely.", "", "args", "2 to 6", "Invalid field 'foo' on model 'x.node'"},
		"19.0": {"The method 'x.node.foo' does not exist", "Private methods (such as 'x.node._foo') cannot be called remotely.", "BaseModel.", "domain", "2 to 5", "foo"},
	} {
		s := odootest.New(t, small(series))
		create(t, s, "x.node", map[string]any{"name": "N"})
		const kind = "builtins.TypeError"
		node := func(method string, args []any, kwargs map[string]any) answer {
			return kw(t, s, "x.node", method, args, kwargs)
		}
		node("foo", nil, nil).fails(t, "builtins.AttributeError", want.unknown)
		node("_foo", nil, nil).fails(t, "odoo.exceptions.AccessError", want.private)
		node("search", nil, nil).fails(t, kind, want.base+"search() missing 1 required positional argument: '"+want.domain+"'")
		node("search", nil, map[string]any{want.domain: []any{}, "limit": 5}).result(t, `[1]`)
		node("search", []any{[]any{}}, map[string]any{"foo": 1}).fails(t, kind, want.base+"search() got an unexpected keyword argument 'foo'")
		node("search", []any{[]any{}}, map[string]any{want.domain: []any{}}).fails(t, kind, want.base+"search() got multiple values for argument '"+want.domain+"'")
		node("search", []any{[]any{}, 0, 1, "id", false, 5, 6, 7}, nil).fails(t, kind, want.base+"search() takes from "+want.page+" positional arguments but 9 were given")
		node("unlink", []any{[]any{1}, 2}, nil).fails(t, kind, want.base+"unlink() takes 1 positional argument but 2 were given")
		node("create", []any{[]any{false}}, nil).fails(t, kind, "'bool' object is not iterable")
		node("create", []any{[]any{}}, nil).result(t, `[]`)
		node("write", []any{[]any{99}, map[string]any{"name": "x"}}, nil).fails(t, "odoo.exceptions.MissingError", "Record does not exist or has been deleted.\n(Record: x.node(99,), User: 2)")
		node("write", []any{[]any{}, map[string]any{"name": "x"}}, nil).result(t, `true`)
		node("write", []any{[]any{1}, map[string]any{"id": 5, "create_date": "x"}}, nil).result(t, `true`)
		a := node("write", []any{[]any{1}, map[string]any{"foo": 1}}, nil)
		a.fails(t, a.Error.Data.Name, want.write)
		node("check_access_rights", []any{"read"}, nil).result(t, `true`)
		node("check_access_rights", []any{"foo", false}, nil).fails(t, "builtins.AssertionError", "Invalid access mode")
		kw(t, s, "x.mixin", "check_access_rights", []any{"read", false}, nil).result(t, `false`)
		kw(t, s, "x.mixin", "check_access_rights", []any{"write"}, nil).fails(t, "odoo.exceptions.AccessError",
			"You are not allowed to modify 'Mixin' (x.mixin) records.\n\nNo group currently allows this operation.\n\nContact your administrator to request access if necessary.")
	}
	new14, new19 := odootest.New(t, small("14.0")), odootest.New(t, small("19.0"))
	kw(t, new14, "x.node", "has_access", []any{[]any{}, "read"}, nil).fails(t, "builtins.AttributeError", "type object 'x.node' has no attribute 'has_access'")
	kw(t, new19, "x.node", "has_access", []any{[]any{}, "read"}, nil).result(t, `true`)
	kw(t, new14, "x.node", "search", []any{[]any{}}, map[string]any{"count": true}).result(t, `0`)
	kw(t, new14, "x.node", "search_count", []any{[]any{}}, map[string]any{"limit": 1}).fails(t, "builtins.TypeError", "search_count() got an unexpected keyword argument 'limit'")
	kw(t, new19, "x.node", "search_count", []any{[]any{}}, map[string]any{"limit": 1}).result(t, `0`)
}

func TestHTTP(t *testing.T) {
	t.Parallel()
	for series, want := range map[string][3]int{"14.0": {400, 400, 500}, "19.0": {415, 400, 400}} {
		s := odootest.New(t, small(series))
		r, err := http.Get(s.URL + "/jsonrpc")
		must(t, err)
		r.Body.Close()
		equal(t, series+": GET", r.StatusCode, want[0])
		equal(t, series+": another type", post(t, s, "text/plain", "{}").StatusCode, want[0])
		equal(t, series+": broken JSON", post(t, s, "application/json", "{bad").StatusCode, want[1])
		equal(t, series+": a list", post(t, s, "application/json", "[]").StatusCode, want[2])
		equal(t, series+": no call", post(t, s, "application/json", `{"params":{}}`).StatusCode, 200)
	}
}

func TestSessionCookie(t *testing.T) {
	t.Parallel()
	s := odootest.New(t, small("19.0"))
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	r, err := client.Get(s.URL + "/web?db=demo")
	must(t, err)
	r.Body.Close()
	equal(t, "status", r.StatusCode, http.StatusSeeOther)
	if c := r.Cookies(); len(c) != 1 || c[0].Name != "session_id" || c[0].Value == "" {
		t.Errorf("cookies: %v", c)
	}
}

// Odoo 14 escapes what is not ASCII, Odoo 19 does not.
func TestEncoding(t *testing.T) {
	t.Parallel()
	for series, want := range map[string]string{"14.0": `"\u00fc\ud83d\ude00<&>"`, "19.0": `"ü😀<&>"`} {
		s := odootest.New(t, small(series))
		create(t, s, "x.tag", map[string]any{"name": "ü😀<&>"})
		r := post(t, s, "application/json", `{"jsonrpc":"2.0","id":1,"params":{"service":"object","method":"execute","args":["demo",2,"admin","x.tag","read",[1],["name"]]}}`)
		body := make([]byte, 200)
		n, _ := r.Body.Read(body)
		if !strings.Contains(string(body[:n]), want) {
			t.Errorf("%s: %s", series, body[:n])
		}
	}
}

func TestCallsAreLogged(t *testing.T) {
	t.Parallel()
	s := odootest.New(t, small("19.0"))
	rpc(t, s, "common", "version")
	kw(t, s, "x.node", "search", []any{[]any{}}, nil)
	kw(t, s, "x.node", "foo", nil, nil)
	equal(t, "calls", s.Calls(), []odootest.Request{
		{Protocol: orm.JSONRPC, Service: "common", Method: "version"},
		{Protocol: orm.JSONRPC, Service: "object", Model: "x.node", Method: "search", Login: "admin", Args: []any{[]any{}}, Kwargs: map[string]any{}},
		{Protocol: orm.JSONRPC, Service: "object", Model: "x.node", Method: "foo", Login: "admin", Args: []any{}, Kwargs: map[string]any{}},
	})
}

func TestMethod(t *testing.T) {
	t.Parallel()
	s := odootest.New(t, stock(t))
	s.Method("sale.order", "action_confirm", func(call odootest.Call) (any, error) {
		orders, err := call.Read("sale.order", call.IDs, "state", "order_line")
		if err != nil {
			return nil, err
		}
		for _, o := range orders {
			if o["state"] != "draft" {
				return nil, errors.New("only a draft can be confirmed")
			}
			if len(o["order_line"].([]any)) == 0 {
				if _, err := call.Create("sale.order.line", map[string]any{"order_id": o["id"], "name": "fee"}); err != nil {
					return nil, err
				}
			}
		}
		return true, call.Write("sale.order", call.IDs, map[string]any{"state": "sale"})
	})
	buyer := create(t, s, "res.partner", map[string]any{"name": "Azure"})
	order := create(t, s, "sale.order", map[string]any{"partner_id": buyer})
	orders := dial(t, s).Model("sale.order")
	var done bool
	must(t, orders.Call(t.Context(), "action_confirm", []int64{order}, nil, &done))
	equal(t, "result", done, true)
	kw(t, s, "sale.order", "read", []any{[]any{order}, []any{"state", "order_line"}}, nil).result(t, `[{"id":1,"state":"sale","order_line":[1]}]`)
	if err := orders.Call(t.Context(), "action_confirm", []int64{order}, nil, nil); !errors.Is(err, orm.ErrUser) || !strings.Contains(err.Error(), "only a draft") {
		t.Errorf("a second time: %v", err)
	}
}

func TestMethodArguments(t *testing.T) {
	t.Parallel()
	s := odootest.New(t, small("19.0"))
	create(t, s, "x.tag", map[string]any{"name": "a"})
	s.Method("x.tag", "echo", func(c odootest.Call) (any, error) {
		return []any{c.Model, c.Method, c.IDs, c.Args, c.Kwargs, c.Context, c.UID}, nil
	})
	s.Method("x.tag", "ruin", func(c odootest.Call) (any, error) {
		found, err := c.Search("x.tag", []any{"name", "=", "a"})
		if err == nil {
			err = c.Unlink("x.tag", found)
		}
		if err == nil {
			err = &odootest.Error{Class: "odoo.exceptions.ValidationError", Message: "no"}
		}
		return nil, err
	})
	s.Method("x.tag", "none", func(odootest.Call) (any, error) { return nil, nil })
	kw(t, s, "x.tag", "echo", []any{[]any{1, 2}, "x"}, map[string]any{"a": 1, "context": map[string]any{"lang": "fr_FR"}}).
		result(t, `["x.tag","echo",[1,2],["x"],{"a":1},{"lang":"fr_FR"},2]`)
	kw(t, s, "x.tag", "none", nil, nil).result(t, ``) // left out, as Odoo does with None
	kw(t, s, "x.tag", "ruin", nil, nil).fails(t, "odoo.exceptions.ValidationError", "no")
	kw(t, s, "x.tag", "search", []any{[]any{}}, nil).result(t, `[1]`)
}

func TestCreateReportsErrors(t *testing.T) {
	t.Parallel()
	s := odootest.New(t, small("19.0"))
	for _, c := range []struct {
		model  string
		values map[string]any
	}{{"no.such", nil}, {"x.tag", map[string]any{"foo": 1}}, {"x.tag", map[string]any{"name": func() {}}}, {"x.mixin", nil}} {
		if _, err := s.Create(c.model, c.values); err == nil {
			t.Errorf("%s of %v: no error", c.model, c.values)
		}
	}
}

func TestStartRefusesWhatIsNoVersion(t *testing.T) {
	t.Parallel()
	if _, err := odootest.Start(&snapshot.Schema{Server: snapshot.Server{Series: "x"}}); err == nil {
		t.Error("no error")
	}
}
