package odootest_test

import (
	"bytes"
	"net/http"
	"strings"
	"testing"

	"github.com/odoogen/odoogen/runtime/odootest"
)

// FuzzHTTP sends any path and body to servers of an old and a new version: whatever comes, they answer, and no call panics.
func FuzzHTTP(f *testing.F) {
	var servers []*odootest.Server
	for _, series := range []string{"14.0", "17.0", "19.0"} {
		s := odootest.New(f, small(series))
		create(f, s, "x.node", map[string]any{"name": "a", "rank": 3, "day": "2024-01-01"})
		servers = append(servers, s)
	}
	execute := func(model, method, args, kwargs string) string {
		return `{"jsonrpc":"2.0","id":1,"params":{"service":"object","method":"execute_kw","args":["demo",2,"admin","` + model + `","` + method + `",` + args + `,` + kwargs + `]}}`
	}
	for _, body := range []string{
		execute("x.node", "search", `[[["name","ilike","a"],"|",["rank",">",1],["parent_id.name","=",false]]]`, `{"limit":3,"offset":-1,"order":"name desc"}`),
		execute("x.node", "read_group", `[[],["rank:sum"],["day:week"]]`, `{"offset":-1,"limit":1,"lazy":false}`),
		execute("x.node", "formatted_read_group", `[[],["day:month"],["rank:max"]]`, `{"having":[["rank:max",">",1]],"offset":-1}`),
		execute("x.node", "web_search_read", `[[],{"tag_ids":{"fields":{"name":{}},"limit":-1,"order":"name"}}]`, `{"count_limit":-2,"offset":1}`),
		execute("x.node", "create", `[[{"name":"b","line_ids":[[0,0,{"quantity":1}],[5],[6,0,[false]]],"tag_ids":[[4,9]]}]]`, `{}`),
		execute("x.node", "write", `[[1],{"child_ids":[[1,1,{}],[2,1],[3,1]],"parent_id":1}]`, `{}`),
		execute("x.node", "load", `[["name","line_ids/quantity"],[["c","1"],["","x"]]]`, `{}`),
		execute("x.node", "load", `[["name","line_ids/unknown"],[["c","1"],["","x"]]]`, `{}`),
		execute("x.values", "default_get", `[["state"]]`, `{"context":{"default_state":[]}}`),
	} {
		f.Add("/jsonrpc", body)
	}
	f.Add("/web/dataset/call_kw/x/y", `{"params":{"model":"x.node","method":"read","args":[[1]],"kwargs":{}}}`)
	f.Add("/web/session/authenticate", `{"params":{"db":"demo","login":"admin","password":"admin"}}`)
	f.Add("/json/2/x.node/web_read", `{"ids":[1],"specification":{"child_ids":{"fields":{}}}}`)
	f.Fuzz(func(t *testing.T, path, body string) {
		for _, s := range servers {
			r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://127.0.0.1/", bytes.NewReader([]byte(body)))
			if err != nil {
				t.Fatal(err)
			}
			r.URL.Path = "/" + strings.TrimPrefix(path, "/")
			r.Header.Set("Content-Type", "application/json")
			r.Header.Set("Authorization", "bearer admin-key")
			status, answer := s.Answer(r)
			if status == 0 || bytes.Contains(answer, []byte("odootest: panic")) {
				t.Fatalf("%s %s: HTTP %d: %s", path, body, status, answer)
			}
		}
	})
}
