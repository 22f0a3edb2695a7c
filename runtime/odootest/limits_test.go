package odootest_test

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/odoogen/odoogen/runtime/odootest"
)

const domains = `{"jsonrpc":"2.0","id":1,"params":{"service":"object","method":"execute_kw","args":["demo",2,"admin","x.node","search",[%s]]}}`

func body(t *testing.T, r *http.Response) string {
	t.Helper()
	data, err := io.ReadAll(r.Body)
	must(t, err)
	return string(data)
}

func TestDeepDomains(t *testing.T) {
	t.Parallel()
	leaf := `["name","=","x"]`
	signs := func(sign string, n int) string { return "[" + strings.Repeat(`"`+sign+`",`, n) }
	for _, test := range []struct{ name, domain, old, modern string }{
		{"operands are missing", signs("&", 1_000_000) + `"&"]`, "builtins.AssertionError", "builtins.ValueError"},
		{"cancelled negations", signs("!", 100_000) + leaf + "]", `"result": []`, `"result":[]`},
		{"deep", signs("|", 3000) + strings.Repeat(leaf+",", 3000) + leaf + "]", `"result": []`, `"result":[]`},
		{"too deep", signs("|", 10_000) + strings.Repeat(leaf+",", 10_000) + leaf + "]", "psycopg2.errors.SyntaxError", "builtins.RecursionError"},
		{"long path", `[["` + strings.Repeat("parent_id.", 100_000) + `name","=","x"]]`, "builtins.RecursionError", "builtins.RecursionError"},
	} {
		for series, want := range map[string]string{"14.0": test.old, "19.0": test.modern} {
			got := body(t, post(t, odootest.New(t, small(series)), "application/json", fmt.Sprintf(domains, test.domain)))
			if want = strings.ReplaceAll(want, `": `, `":`); !strings.Contains(got, want) {
				t.Errorf("%s on %s: %.300s", test.name, series, got)
			}
		}
	}
	nested := strings.Repeat("[", 20_000) + strings.Repeat("]", 20_000)
	r := post(t, odootest.New(t, small("14.0")), "application/json", fmt.Sprintf(domains, nested))
	equal(t, "nested lists on 14", r.StatusCode, http.StatusInternalServerError)
	contains(t, body(t, post(t, odootest.New(t, small("19.0")), "application/json", fmt.Sprintf(domains, nested))), "builtins.RecursionError")
}

func TestPanicsAreErrors(t *testing.T) {
	t.Parallel()
	s := odootest.New(t, small("19.0"))
	s.Method("x.tag", "break", func(odootest.Call) (any, error) { panic("broken") })
	a := kw(t, s, "x.tag", "break", nil, nil)
	a.fails(t, "builtins.RuntimeError", "odootest: panic: broken")
	contains(t, a.Error.Data.Debug, "limits_test.go")
	r, text := ask(t, s, "/json/2/x.tag/break", map[string]any{}, "Authorization", "bearer admin-key")
	equal(t, "status", r.StatusCode, http.StatusInternalServerError)
	contains(t, text, `"name":"builtins.RuntimeError"`)
	kw(t, s, "x.tag", "search_count", []any{[]any{}}, nil).result(t, "0")
}

func TestLargeBodies(t *testing.T) {
	t.Parallel()
	s := odootest.New(t, small("19.0"), odootest.Tight())
	send := func(path string, size int, unknown bool, header ...string) int {
		t.Helper()
		text := `{"jsonrpc":"2.0","params":{},"x":"` + strings.Repeat("x", size) + `"}`
		var b io.Reader = strings.NewReader(text)
		if unknown {
			b = io.MultiReader(b) // the length is not announced
		}
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.URL+path, b)
		must(t, err)
		r.Header.Set("Content-Type", "application/json")
		for i := 0; i+1 < len(header); i += 2 {
			r.Header.Set(header[i], header[i+1])
		}
		answer, err := http.DefaultClient.Do(r)
		must(t, err)
		defer answer.Body.Close()
		return answer.StatusCode
	}
	for _, unknown := range []bool{false, true} {
		for path, most := range map[string]int{"/jsonrpc": 1900, "/web/session/authenticate": 900, "/web/dataset/call_kw": 900, "/nowhere": 404} {
			if path != "/nowhere" {
				equal(t, path+" within the limit", send(path, most, unknown), http.StatusOK)
			}
			equal(t, path+" above the limit", send(path, 2000, unknown) >= 400, true)
		}
		equal(t, "session above the limit", send("/web/session/authenticate", 1000, unknown), http.StatusRequestEntityTooLarge)
		equal(t, "JSON-2 without a key", send("/json/2/x.tag/search", 5000, unknown), http.StatusUnauthorized)
		equal(t, "JSON-2 above the limit", send("/json/2/x.tag/search", 5000, unknown, "Authorization", "bearer admin-key"), http.StatusRequestEntityTooLarge)
	}
}

func TestSlowBodiesEnd(t *testing.T) {
	t.Parallel()
	s := odootest.New(t, small("19.0"), odootest.Tight())
	address, err := url.Parse(s.URL)
	must(t, err)
	c, err := net.Dial("tcp", address.Host)
	must(t, err)
	defer c.Close()
	_, err = fmt.Fprintf(c, "POST /jsonrpc HTTP/1.1\r\nHost: %s\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{", address.Host)
	must(t, err)
	must(t, c.SetReadDeadline(time.Now().Add(10*time.Second)))
	if _, err := io.Copy(io.Discard, c); err != nil {
		t.Errorf("the connection is open after 10 s: %v", err)
	}
	s2 := odootest.New(t, small("19.0"), odootest.Tight())
	s2.Method("x.tag", "wait", func(odootest.Call) (any, error) {
		time.Sleep(300 * time.Millisecond) // longer than a body may take
		return true, nil
	})
	kw(t, s2, "x.tag", "wait", nil, nil).result(t, "true")
}

func TestSessionsAreBounded(t *testing.T) {
	t.Parallel()
	s := odootest.New(t, small("19.0"), odootest.Tight())
	c := dial(t, s)
	for range 20 {
		r, err := http.Get(s.URL + "/web/version")
		must(t, err)
		r.Body.Close()
	}
	equal(t, "open sessions", s.OpenSessions(), 5)
	var n int
	must(t, c.Model("x.tag").Call(t.Context(), "search_count", nil, map[string]any{"domain": []any{}}, &n)) // the session of the user is still there
}

func TestLogIsBounded(t *testing.T) {
	t.Parallel()
	s := odootest.New(t, small("19.0"), odootest.LogCalls(3))
	for i := range 5 {
		kw(t, s, "x.tag", "search", []any{[]any{}}, map[string]any{"limit": i})
	}
	calls := s.Calls()
	equal(t, "calls", len(calls), 3)
	equal(t, "the oldest", calls[0].Kwargs, map[string]any{"limit": 2})
	rpc(t, s, "object", "execute_kw", "demo", 2, "wrong", "x.tag", "search", []any{strings.Repeat("x", 1000)})
	last := s.Calls()[2]
	equal(t, "arguments of a refused call", len(last.Args)+len(last.Kwargs), 0)
	equal(t, "method of a refused call", last.Method, "search")
	equal(t, "no log", len(odootest.New(t, small("19.0"), odootest.LogCalls(0)).Calls()), 0)
}

func TestHosts(t *testing.T) {
	t.Parallel()
	s := odootest.New(t, small("19.0"), odootest.Hosts("odoo.test"))
	all := odootest.New(t, small("19.0"), odootest.Hosts(odootest.AnyHost))
	open := odootest.New(t, small("19.0"), odootest.Address("0.0.0.0:0"))
	status := func(s *odootest.Server, host string) int {
		t.Helper()
		_, port, err := net.SplitHostPort(strings.TrimPrefix(s.URL, "http://"))
		must(t, err)
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://127.0.0.1:"+port+"/web/webclient/version_info", bytes.NewReader([]byte(`{"params":{}}`)))
		must(t, err)
		r.Header.Set("Content-Type", "application/json")
		r.Host = host
		answer, err := http.DefaultClient.Do(r)
		must(t, err)
		defer answer.Body.Close()
		return answer.StatusCode
	}
	for host, want := range map[string]int{
		"127.0.0.1": 200, "127.0.0.1:8069": 200, "localhost": 200, "LOCALHOST:1": 200, "[::1]:8069": 200, "127.8.9.1": 200, "odoo.test": 200, "Odoo.test:80": 200,
		"evil.example": 421, "evil.example:8069": 421, "localhost.evil.example": 421, "127.0.0.1.evil.example": 421, "10.0.0.1": 421, "odoo.test.": 421,
	} {
		equal(t, host, status(s, host), want)
	}
	equal(t, "any name", status(all, "evil.example"), 200)
	equal(t, "an address of all interfaces, by another IP address", status(open, "10.0.0.1:8069"), 200)
	equal(t, "an address of all interfaces, by name", status(open, "evil.example"), 421)
}
