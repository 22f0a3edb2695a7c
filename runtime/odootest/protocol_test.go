package odootest_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	orm "github.com/odoogen/odoogen/runtime"
	"github.com/odoogen/odoogen/runtime/odootest"
)

// ask sends JSON to a path, with headers in pairs, and gives the answer and its body.
func ask(t testing.TB, s *odootest.Server, path string, body any, headers ...string) (*http.Response, string) {
	t.Helper()
	data, err := json.Marshal(body)
	must(t, err)
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.URL+path, bytes.NewReader(data))
	must(t, err)
	r.Header.Set("Content-Type", "application/json")
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	answer, err := http.DefaultClient.Do(r)
	must(t, err)
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	must(t, err)
	return answer, string(text)
}

func params(v any) map[string]any { return map[string]any{"jsonrpc": "2.0", "id": 1, "params": v} }

type anyMap = map[string]any

// The same program does the same over every protocol.
func TestEveryProtocol(t *testing.T) {
	t.Parallel()
	for series, protocols := range map[string][]orm.Protocol{"14.0": {orm.JSONRPC, orm.WebSession}, "19.0": {orm.JSONRPC, orm.WebSession, orm.JSON2}} {
		s := odootest.New(t, small(series))
		for _, p := range protocols {
			t.Run(series+" "+p.String(), func(t *testing.T) {
				secret := orm.Password("admin", "admin")
				if p == orm.JSON2 {
					secret = orm.APIKey("admin", "admin-key")
				}
				c, err := s.Dial(t.Context(), secret, orm.Using(p))
				must(t, err)
				ctx, tags := t.Context(), c.Model("x.tag")
				id, err := tags.Create(ctx, orm.Args{"name": "one"})
				must(t, err)
				must(t, tags.Write(ctx, []int64{id}, orm.Args{"name": "two"}))
				var tag struct {
					Name string `odoo:"name"`
				}
				must(t, tags.Get(ctx, &tag, id))
				equal(t, "name", tag.Name, "two")
				must(t, tags.Unlink(ctx, []int64{id}))
				_, nameless := tags.Create(ctx, orm.Args{})
				for want, err := range map[error]error{
					orm.ErrMissing:    tags.Write(ctx, []int64{id}, orm.Args{"name": "x"}),
					orm.ErrValidation: nameless,
					orm.ErrNotFound:   tags.Call(ctx, "nope", nil, nil, nil),
					orm.ErrAccess:     tags.Call(ctx, "_nope", nil, nil, nil),
					orm.ErrArguments:  tags.Call(ctx, "search_count", nil, orm.Args{"bogus": 1}, nil),
				} {
					if !errors.Is(err, want) {
						t.Errorf("got %v, want %v", err, want)
					}
				}
			})
		}
	}
}

func TestWebSession(t *testing.T) {
	t.Parallel()
	for _, series := range []string{"14.0", "19.0"} {
		s := odootest.New(t, small(series))
		read := params(anyMap{"model": "x.tag", "method": "search", "args": []any{[]any{}}, "kwargs": anyMap{}})
		_, body := ask(t, s, "/web/dataset/call_kw", read)
		contains(t, body, `"code":100`, `"odoo.http.SessionExpiredException"`, `"Odoo Session Expired"`)

		_, body = ask(t, s, "/web/session/authenticate", params(anyMap{"db": "demo", "login": "admin", "password": "admin-key"}))
		contains(t, body, "odoo.exceptions.AccessDenied") // keys are no passwords here
		login, body := ask(t, s, "/web/session/authenticate", params(anyMap{"db": "demo", "login": "admin", "password": "admin"}))
		contains(t, body, `"uid":2`, `"db":"demo"`, `"username":"admin"`)
		cookie := login.Cookies()[0]
		header := []string{"Cookie", cookie.Name + "=" + cookie.Value}

		_, body = ask(t, s, "/web/session/get_session_info", params(anyMap{}), header...)
		contains(t, body, `"uid":2`)
		for _, path := range []string{"/web/dataset/call_kw", "/web/dataset/call_kw/x.tag/search"} {
			_, body = ask(t, s, path, read, header...)
			contains(t, body, `"result":[]`)
		}
		_, body = ask(t, s, "/web/session/modules", params(anyMap{}), header...)
		contains(t, body, `"result":["base"]`)
		_, body = ask(t, s, "/web/session/check", params(anyMap{}), header...)
		equal(t, "check", body, `{"jsonrpc":"2.0","id":1}`)
		ask(t, s, "/web/session/destroy", params(anyMap{}), header...)
		_, body = ask(t, s, "/web/session/check", params(anyMap{}), header...)
		contains(t, body, "Session expired")
	}
}

func contains(t testing.TB, text string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if !strings.Contains(text, part) {
			t.Errorf("%q is not in %s", part, text)
		}
	}
}

func TestWhatNeedsNoLogin(t *testing.T) {
	t.Parallel()
	s := odootest.New(t, small("19.0"))
	_, body := ask(t, s, "/web/webclient/version_info", params(anyMap{}))
	contains(t, body, `"server_serie":"19.0"`)
	_, body = ask(t, s, "/web/database/list", params(anyMap{}))
	contains(t, body, `"result":["demo"]`)
	r, err := http.Get(s.URL + "/web/version")
	must(t, err)
	defer r.Body.Close()
	text, err := io.ReadAll(r.Body)
	must(t, err)
	equal(t, "version", string(text), `{"version":"19.0","version_info":[19,0,0,"final",0,""]}`)
}

func TestJSON2(t *testing.T) {
	t.Parallel()
	s := odootest.New(t, small("19.0"))
	key := []string{"Authorization", "bearer admin-key", "X-Odoo-Database", "demo"}
	create(t, s, "x.tag", anyMap{"name": "a"})
	for _, c := range []struct {
		path   string
		body   any
		header []string
		status int
		want   string
	}{
		{"x.tag/read", anyMap{"ids": []int{1}, "fields": []string{"name"}}, key, 200, `[{"id":1,"name":"a"}]`},
		{"x.tag/create", anyMap{"vals_list": anyMap{"name": "b"}}, key, 200, `[2]`},
		{"x.tag/search", anyMap{}, key, 422, `"missing a required argument: 'domain'"`},
		{"x.tag/search", anyMap{"domain": []any{}, "bogus": 1}, key, 422, `"got an unexpected keyword argument 'bogus'"`},
		{"x.tag/search", anyMap{"domain": []any{}, "ids": []int{1}}, key, 422, `"cannot call x.tag.search with ids"`},
		{"x.tag/nope", nil, key, 404, `"The method 'x.tag.nope' does not exist"`},
		{"x.tag/_nope", nil, key, 403, `"odoo.exceptions.AccessError"`},
		{"x.tag/write", anyMap{"ids": []int{9}, "vals": anyMap{"name": "x"}}, key, 404, `"odoo.exceptions.MissingError"`},
		{"x.tag/read", anyMap{"ids": []int{1}, "fields": []string{"nope"}}, key, 500, `"builtins.ValueError"`},
		{"no.such/read", nil, key, 404, `"the model 'no.such' does not exist"`},
		{"x.tag", nil, key, 404, `"Did you mean POST /json/2/<model>/<method>?"`},
		{"x.tag/read", nil, []string{"Authorization", "bearer admin"}, 401, `"Invalid apikey"`},
		{"x.tag/read", nil, nil, 401, `"User not authenticated, use an API Key with a Bearer Authorization header."`},
		{"x.tag/read", nil, []string{"Authorization", "bearer admin-key", "X-Odoo-Database", "nosuch"}, 404, "<title>Not Found"},
	} {
		r, body := ask(t, s, "/json/2/"+c.path, c.body, c.header...)
		if r.StatusCode != c.status || !strings.Contains(body, c.want) {
			t.Errorf("%s %v: %d %s", c.path, c.body, r.StatusCode, body)
		}
	}
	old := odootest.New(t, small("18.0"))
	r, _ := ask(t, old, "/json/2/x.tag/read", anyMap{}, key...)
	equal(t, "Odoo 18 has none", r.StatusCode, http.StatusNotFound)
}

func TestJSON2OfScriptedMethods(t *testing.T) {
	t.Parallel()
	s := odootest.New(t, small("19.0"))
	s.Method("x.tag", "echo", func(c odootest.Call) (any, error) { return fmt.Sprint(c.IDs, c.Args, c.Kwargs, c.Context), nil })
	_, body := ask(t, s, "/json/2/x.tag/echo", anyMap{"ids": []int{1}, "a": 2, "context": anyMap{"b": 3}}, "Authorization", "bearer admin-key")
	equal(t, "what arrived", body, `"[1] [] map[a:2] map[b:3]"`)
	calls := s.CallsOf("x.tag", "echo")
	equal(t, "what was logged", calls, []odootest.Request{{Protocol: orm.JSON2, Service: "object", Model: "x.tag", Method: "echo", Login: "admin",
		Kwargs: anyMap{"ids": []int{1}, "a": 2, "context": anyMap{"b": 3}}}})
}
