//go:build live

package odootest_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/odoogen/odoogen/introspect"
	orm "github.com/odoogen/odoogen/runtime"
	"github.com/odoogen/odoogen/runtime/odootest"
)

func env(t *testing.T, name string) string {
	t.Helper()
	value := os.Getenv(name)
	if value == "" {
		t.Fatalf("%s is not set: run this with make test-live", name)
	}
	return value
}

// site is one of the two servers that are compared.
type site struct {
	url, db, key string
	cookies      map[string]string // by name: none, named (a session without a user), user, gone
}

func (s *site) send(t *testing.T, x exchange) (*http.Response, []byte) {
	t.Helper()
	fill := strings.NewReplacer("{db}", s.db, "{key}", s.key)
	method := x.method
	if method == "" {
		method = http.MethodPost
	}
	r, err := http.NewRequestWithContext(t.Context(), method, s.url+fill.Replace(x.path), strings.NewReader(fill.Replace(x.body)))
	must(t, err)
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i < len(x.header); i += 2 {
		r.Header.Set(x.header[i], fill.Replace(x.header[i+1]))
	}
	if cookie := s.cookies[x.session]; cookie != "" {
		r.Header.Set("Cookie", "session_id="+cookie)
	}
	answer, err := http.DefaultTransport.RoundTrip(r)
	must(t, err)
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	must(t, err)
	return answer, body
}

// enter opens the sessions that the exchanges use.
func (s *site) enter(t *testing.T) {
	t.Helper()
	s.cookies = map[string]string{"gone": "0123456789012345678901234567890123456789"}
	for name, x := range map[string]exchange{
		"named": {method: http.MethodGet, path: "/web?db={db}"},
		"user":  {path: "/web/session/authenticate", body: login},
	} {
		answer, _ := s.send(t, x)
		for _, cookie := range answer.Cookies() {
			s.cookies[name] = cookie.Value
		}
	}
}

const login = `{"jsonrpc":"2.0","id":7,"params":{"db":"{db}","login":"admin","password":"admin"}}`

// exchange is a request that both servers must answer alike.
type exchange struct {
	method, path, body string
	session            string
	header             []string
}

// call is a body of JSON-RPC.
func call(params string) string {
	return `{"jsonrpc":"2.0","id":7,"method":"call","params":` + params + `}`
}

func webCall(session, params string) exchange {
	return exchange{path: "/web/dataset/call_kw", body: call(params), session: session}
}

func object(args string) exchange {
	return exchange{path: "/jsonrpc", session: "named", body: call(`{"service":"object","method":"execute_kw","args":["{db}",2,` + args + `]}`)}
}

func json2(path, body string, header ...string) exchange {
	if header == nil {
		header = []string{"Authorization", "bearer {key}", "X-Odoo-Database", "{db}"}
	}
	return exchange{path: "/json/2/" + path, body: body, header: header}
}

var exchanges = []exchange{
	{path: "/web/webclient/version_info", body: call(`{}`)},
	{path: "/web/webclient/version_info", body: `{}`},
	{method: http.MethodGet, path: "/web/webclient/version_info"},
	{method: http.MethodGet, path: "/jsonrpc"},
	{path: "/jsonrpc", body: call(`{"service":"common","method":"version","args":[]}`)},
	{path: "/jsonrpc", body: call(`{"service":"common","method":"nope","args":[]}`), session: "named"},
	{path: "/jsonrpc", body: call(`{"service":"common","method":"authenticate","args":["{db}","admin","{key}",{}]}`), session: "named"},
	{path: "/jsonrpc", body: `{bad`, session: "named"},
	{path: "/jsonrpc", body: `[1]`, session: "named"},
	object(`"admin","res.partner","read",[[1],["id"]]`),
	object(`"{key}","res.partner","read",[[1],["id"]]`),
	object(`"wrong","res.partner","read",[[1],["id"]]`),
	object(`"admin","no.such","read",[[1],["id"]]`),
	object(`"admin","res.partner","nope",[[1]]`),
	object(`"admin","res.partner","_nope",[[1]]`),
	object(`"admin","res.users","context_get",[]`),
	{path: "/web/session/authenticate", body: call(`{"db":"{db}","login":"admin","password":"wrong"}`), session: "named"},
	{path: "/web/session/authenticate", body: call(`{"db":"{db}","login":"admin","password":"{key}"}`), session: "named"},
	{path: "/web/session/authenticate", body: call(`{"db":"nosuch","login":"admin","password":"admin"}`), session: "named"},
	{path: "/web/session/authenticate", body: call(`{"db":"{db}","login":"admin"}`), session: "named"},
	{path: "/web/session/get_session_info", body: call(`{}`), session: "named"},
	{path: "/web/session/check", body: call(`{}`), session: "named"},
	{path: "/web/session/check", body: call(`{}`), session: "user"},
	{path: "/web/nosuch", body: call(`{}`), session: "user"},
	webCall("user", `{"model":"res.partner","method":"read","args":[[1],["id"]],"kwargs":{}}`),
	{path: "/web/dataset/call_kw/res.partner/read", session: "user", body: call(`{"model":"res.partner","method":"read","args":[[1],["id"]],"kwargs":{}}`)},
	webCall("named", `{"model":"res.partner","method":"read","args":[[1],["id"]],"kwargs":{}}`),
	webCall("user", `{"model":"res.partner","method":"read"}`),
	webCall("user", `{"model":"no.such","method":"read","args":[[1],["name"]],"kwargs":{}}`),
	webCall("user", `{"model":"res.partner","method":"nope","args":[[1]],"kwargs":{}}`),
	webCall("user", `{"model":"res.partner","method":"_nope","args":[[1]],"kwargs":{}}`),
	webCall("user", `{"model":"res.partner","method":"write","args":[[999999999],{"name":"x"}],"kwargs":{}}`),
	{path: "/web/session/destroy", body: call(`{}`), session: "user"}, // the last with this session
	{method: http.MethodGet, path: "/web/version"},
	json2("res.partner/read", `{"ids":[1],"fields":["id"]}`),
	json2("res.partner/read", `{"fields":["id"]}`),
	json2("res.partner/read", `{"ids":[1],"fields":["nope"]}`),
	json2("res.partner/search", `{}`),
	json2("res.partner/search", `{"domain":[],"bogus":1}`),
	json2("res.partner/search", `{"domain":[],"ids":[1]}`),
	json2("res.partner/search", `{"domain":[["x","=",1]]}`),
	json2("res.partner/write", `{"ids":[999999999],"vals":{"name":"x"}}`),
	json2("res.partner/write", `{"vals":{"name":"x"}}`),
	json2("res.partner.category/create", `{"vals_list":[{}]}`),
	json2("res.partner/nope", `{}`),
	json2("res.partner/_nope", `{}`),
	json2("res.partner/exists", `{"ids":[1]}`),
	json2("no.such/read", `{}`),
	json2("res.users/context_get", ``),
	json2("res.users/context_get", `{bad`),
	json2("res.users/context_get", `[1]`),
	json2("res.users/context_get", `{"context":5}`),
	json2("res.users", `{}`),
	json2("res.users/context_get", `a=b`, "Authorization", "bearer {key}", "X-Odoo-Database", "{db}", "Content-Type", "text/plain"),
	json2("res.users/context_get", ``, "Authorization", "bearer wrong", "X-Odoo-Database", "{db}"),
	json2("res.users/context_get", ``, "Authorization", "Basic {key}", "X-Odoo-Database", "{db}"),
	json2("res.users/context_get", ``, "X-Odoo-Database", "{db}"),
	json2("res.users/context_get", ``, "Authorization", "bearer {key}", "X-Odoo-Database", "nosuch"),
	{method: http.MethodGet, path: "/json/2/res.users/context_get", header: []string{"Authorization", "bearer {key}", "X-Odoo-Database", "{db}"}},
}

// Odoo 14 knows nothing of JSON-2, so that what it says depends on how much of a request makes sense to it.
func (x exchange) isFor(major int) bool {
	return major >= 19 || !strings.HasPrefix(x.path, "/json/2/") || x.body != "" && x.method == "" && strings.HasSuffix(x.body, "}") && !strings.Contains(fmt.Sprint(x.header), "plain")
}

// TestLiveProtocols sends the same requests to the real server and to one made from its snapshot, and compares what they
// say: the status, the headers that clients look at, and the shape of the body with the classes and texts of errors.
func TestLiveProtocols(t *testing.T) {
	real := &site{url: env(t, "ODOO_URL"), db: env(t, "ODOO_DB"), key: env(t, "ODOO_API_KEY")}
	c, err := orm.Dial(t.Context(), real.url, orm.Database(real.db), orm.Password(env(t, "ODOO_USER"), env(t, "ODOO_PASSWORD")))
	must(t, err)
	schema, err := introspect.Pull(t.Context(), c, introspect.Options{Models: []string{"res.partner", "res.partner.category", "res.users"}})
	must(t, err)
	s := odootest.New(t, schema)
	create(t, s, "res.partner", map[string]any{"name": "YourCompany"})
	embedded := &site{url: s.URL, db: "demo", key: "admin-key"}
	real.enter(t)
	embedded.enter(t)
	for _, x := range exchanges {
		if !x.isFor(c.Version().Major) {
			continue
		}
		want, got := summary(real.send(t, x)), summary(embedded.send(t, x))
		if got != want {
			t.Errorf("%s %s %s %s\ngot  %s\nwant %s", x.path, x.body, x.session, x.header, got, want)
		}
	}
}

// summary is what of an answer is compared.
func summary(answer *http.Response, body []byte) string {
	var cookie string
	for _, c := range answer.Cookies() {
		if c.Name != "session_id" {
			continue
		}
		cookie += fmt.Sprintf(" %s=%d for %d path %s", c.Name, len(c.Value), c.MaxAge, c.Path)
	}
	var v any
	shape := "a page"
	if strings.HasPrefix(answer.Header.Get("Content-Type"), "application/json") {
		d := json.NewDecoder(bytes.NewReader(body))
		d.UseNumber()
		if d.Decode(&v) != nil {
			return "broken JSON"
		}
		shape = outline(v, "")
	}
	return fmt.Sprintf("%d %s %s%s %s", answer.StatusCode, answer.Header.Get("Content-Type"), answer.Header.Get("WWW-Authenticate"), cookie, shape)
}

// outline is a body without what may differ from one server to the next.
func outline(v any, key string) string {
	switch v := v.(type) {
	case map[string]any:
		var parts []string
		for _, name := range slices.Sorted(maps.Keys(v)) {
			if name != "http_status" { // beside the error of 404 on Odoo 14
				parts = append(parts, name+": "+outline(v[name], name))
			}
		}
		return "{" + strings.Join(parts, ", ") + "}"
	case []any:
		var parts []string
		for _, e := range v {
			parts = append(parts, outline(e, key))
		}
		return "[" + strings.Join(parts, ", ") + "]"
	}
	if key == "debug" || key == "tz" {
		return "…"
	}
	text := strings.ReplaceAll(fmt.Sprintf("%#v", v), "port 5499", "port 5432")
	text, _, _ = strings.Cut(text, "as json: ") // what follows is the parser's
	return text
}
