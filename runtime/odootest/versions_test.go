package odootest_test

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/odoogen/odoogen/runtime/odootest"
)

// callKW posts a call in a session that is not there.
func callKW(t *testing.T, s *odootest.Server, body string) (*http.Response, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.URL+"/web/dataset/call_kw/x.tag/search", strings.NewReader(body))
	must(t, err)
	r.Header.Set("Content-Type", "application/json")
	r.AddCookie(&http.Cookie{Name: "session_id", Value: strings.Repeat("a", 40)})
	answer, err := http.DefaultClient.Do(r)
	must(t, err)
	defer answer.Body.Close()
	data, err := io.ReadAll(answer.Body)
	must(t, err)
	return answer, string(data)
}

func TestLostSessionsByVersion(t *testing.T) {
	t.Parallel()
	const call = `{"jsonrpc":"2.0","id":5,"params":{"model":"x.tag","method":"search","args":[[]],"kwargs":{}}}`
	for series, want := range map[string]struct {
		kind, one, several string
		status             int
	}{
		"14.0": {"application/json", `"id": 5, "error": {"code": 100`, `"id": 5, "error": {"code": 404`, 404},
		"15.0": {"application/json", `"id": 5, "error": {"code": 100`, `"id": 5, "error": {"code": 404`, 404},
		"16.0": {"application/json; charset=utf-8", `"id": null, "error": {"code": 100`, "<h1>Not Found</h1>\n<p>The requested URL", 404},
		"17.0": {"application/json; charset=utf-8", `"id": null, "error": {"code": 100`, "<h1>Not Found</h1>\n<p>The requested URL", 404},
		"18.0": {"application/json; charset=utf-8", `"id": null, "error": {"code": 100`, "<h1>Not Found</h1>\n<p>The requested URL", 404},
		"19.0": {"application/json; charset=utf-8", `"id": null, "error": {"code": 100`, "<p>No database is selected", 404},
	} {
		one := odootest.New(t, small(series))
		r, text := callKW(t, one, call)
		equal(t, series+" status", r.StatusCode, http.StatusOK)
		equal(t, series+" content type", r.Header.Get("Content-Type"), want.kind)
		contains(t, strings.ReplaceAll(strings.ReplaceAll(text, `": `, `":`), `, "`, `,"`), strings.ReplaceAll(strings.ReplaceAll(want.one, `": `, `":`), `, "`, `,"`))
		equal(t, series+" sends a cookie with an error", len(r.Cookies()) > 0, series < "16")
		r, text = callKW(t, odootest.New(t, small(series), odootest.OtherDatabases("other")), call)
		equal(t, series+" status of several databases", r.StatusCode, want.status)
		contains(t, strings.ReplaceAll(strings.ReplaceAll(text, `": `, `":`), `, "`, `,"`), strings.ReplaceAll(strings.ReplaceAll(want.several, `": `, `":`), `, "`, `,"`))
		r, _ = callKW(t, one, "{")
		equal(t, series+" status of malformed JSON", r.StatusCode, http.StatusBadRequest)
	}
}

func TestCookiesByVersion(t *testing.T) {
	t.Parallel()
	for series, want := range map[string]struct{ length, life int }{
		"14.0": {40, 7776000}, "15.0": {40, 7776000}, "16.0": {40, 604800}, "17.0": {40, 604800}, "18.0": {84, 604800}, "19.0": {84, 604800},
	} {
		s := odootest.New(t, small(series))
		r, _ := ask(t, s, "/web/session/authenticate", map[string]any{"params": map[string]any{"db": "demo", "login": "admin", "password": "admin"}})
		equal(t, series+" cookies", len(r.Cookies()), 1)
		equal(t, series+" length", len(r.Cookies()[0].Value), want.length)
		equal(t, series+" life", r.Cookies()[0].MaxAge, want.life)
	}
}

func TestOtherDatabases(t *testing.T) {
	t.Parallel()
	s := odootest.New(t, small("17.0"), odootest.OtherDatabases("zz", "aa"))
	rpc(t, s, "db", "list").result(t, `["aa","demo","zz"]`)
	rpc(t, s, "db", "db_exist", "zz").result(t, "true")
	rpc(t, s, "db", "db_exist", "nope").result(t, "false")
}
