package orm

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// answers serves /jsonrpc with members of the envelope, by the method of the service.
func serveService(answer func(method string) string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var request struct{ Params struct{ Method string } }
		_ = json.NewDecoder(r.Body).Decode(&request)
		fmt.Fprintf(w, `{"jsonrpc":"2.0","id":null,%s}`, answer(request.Params.Method))
	})
}

// page serves the same answer to every request.
func servePage(status int, contentType, body string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		w.Header().Set("Content-Type", contentType)
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	})
}

func dialError(t *testing.T, h http.Handler) error {
	t.Helper()
	_, err := dial(t.Context(), startServer(t, h), Database("acme"), Password("bot", "s3cret"))
	if err == nil {
		t.Fatal("no error")
	}
	return err
}

func TestAnswersThatAreNotOdoos(t *testing.T) {
	const html = "<!DOCTYPE html><title>Internal Server Error</title>"
	for name, c := range map[string]struct {
		server http.Handler
		status int
		want   string
	}{
		"a page":            {servePage(200, "text/html; charset=utf-8", html), 200, "text/html"},
		"an error page":     {servePage(500, "text/html", html), 500, "HTTP 500"},
		"a gateway's error": {servePage(502, "text/plain", "bad gateway"), 502, "HTTP 502"},
		"not found":         {http.NotFoundHandler(), 404, "HTTP 404"},
		"nothing":           {servePage(200, "application/json", ""), 200, "does not answer as an Odoo server"},
		"cut off":           {servePage(200, "application/json", `{"jsonrpc":"2.0","result":{"server_ver`), 200, "does not answer as an Odoo server"},
		"two answers":       {servePage(200, "application/json", `{"result":{}}{"result":{}}`), 200, "does not answer as an Odoo server"},
		"neither":           {servePage(200, "application/json", `{"jsonrpc":"2.0","id":1}`), 200, "does not answer as an Odoo server"},
		"another server":    {servePage(200, "application/json", `{"ok":true}`), 200, "does not answer as an Odoo server"},
		"a list":            {servePage(200, "application/json", `[]`), 200, "does not answer as an Odoo server"},
		"no error object":   {servePage(200, "application/json", `{"error":"odd"}`), 200, "does not answer as an Odoo server"},
		"no content type":   {servePage(200, "", `x`), 200, "does not answer as an Odoo server"},
	} {
		err := dialError(t, c.server)
		odoo, ok := errors.AsType[*Error](err)
		if !ok || (c.status != http.StatusOK && odoo.Status != c.status) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v (%#v)", name, err, odoo)
		}
		if strings.Contains(err.Error(), "<") {
			t.Errorf("%s: the error repeats the page: %v", name, err)
		}
	}
}

func TestAServerWithAnOddVersionIsAnError(t *testing.T) {
	for _, version := range []string{`{}`, `false`, `[]`, `{"server_version_info":[]}`, `{"server_version_info":["x"]}`, `{"server_version_info":[null]}`, `{"server_version":5}`} {
		if _, ok := errors.AsType[*Error](dialError(t, serveService(func(string) string { return resultOf(version) }))); !ok {
			t.Errorf("%s is no *Error", version)
		}
	}
}

func TestARedirectIsRefusedAndSaysWhereTo(t *testing.T) {
	elsewhere := 0
	target := startServer(t, http.HandlerFunc(func(http.ResponseWriter, *http.Request) { elsewhere++ }))
	for _, status := range []int{301, 302, 303, 307, 308} {
		server := httptest.NewServer(http.RedirectHandler(target+"/jsonrpc", status))
		_, err := dial(t.Context(), server.URL, Database("acme"), Password("bot", "s3cret"), HTTPClient(server.Client()))
		server.Close()
		odoo, ok := errors.AsType[*Error](err)
		if !ok || odoo.Status != status || !strings.Contains(err.Error(), "redirects to "+target+":") {
			t.Errorf("%d: got %v", status, err)
		}
	}
	if elsewhere != 0 {
		t.Errorf("the redirect was followed %d times", elsewhere)
	}
}

// People copy addresses from their browser, and leave out the s of https or write one too many.
func TestAnAddressThatIsNotTheServersIsExplained(t *testing.T) {
	pages := http.NewServeMux() // what Odoo does under /odoo and under /web
	pages.Handle("/odoo/", http.RedirectHandler("/web/database/selector", http.StatusSeeOther))
	address := startServer(t, pages)
	plain := hangUp(t)
	for given, want := range map[string]string{
		address + "/odoo":      "redirects to " + address + "/web/database/selector; the address of an Odoo is mostly one without a path, " + address,
		address + "/web/login": "answered HTTP 404 Not Found (text/plain); the address of an Odoo is mostly one without a path, " + address,
		"127.0.0.1:8069":       "the server's address is not a URL: want https://erp.example.com",
		"https://" + plain:     "EOF, which may speak http only",
	} {
		if _, err := dial(t.Context(), given, Database("acme"), Password("bot", "s3cret")); err == nil || !strings.HasSuffix(err.Error(), want) {
			t.Errorf("%s: got %v, want …%s", given, err, want)
		}
	}
}

func TestAProtocolThatDoesNotExistIsAnError(t *testing.T) {
	_, err := Dial(t.Context(), "http://127.0.0.1:1", Password("bot", "s3cret"), Using(9))
	if err == nil || err.Error() != "orm: there is no Protocol(9)" {
		t.Errorf("got %v", err)
	}
}

// hangUp is a server that reads what it is sent and closes the connection, as Odoo does when it is asked for https.
func hangUp(t *testing.T) (address string) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	go func() {
		for {
			c, err := listener.Accept()
			if err != nil {
				return
			}
			_, _ = c.Read(make([]byte, 1<<16))
			_ = c.Close()
		}
	}()
	return listener.Addr().String()
}

func TestAServerThatIsNotThereIsAnError(t *testing.T) {
	server := httptest.NewServer(http.NotFoundHandler())
	server.Close()
	_, err := dial(t.Context(), server.URL, Database("acme"), Password("bot", "s3cret"))
	if err == nil || !strings.Contains(err.Error(), "no answer from "+server.URL) {
		t.Errorf("got %v", err)
	}
}

func TestABodyThatBreaksOffIsAnError(t *testing.T) {
	err := dialError(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "1000")
		_, _ = io.WriteString(w, `{"result":`)
	}))
	if !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("got %v", err)
	}
}

func TestATruncatedEnvelopeIsAnErrorWhereverItEnds(t *testing.T) {
	body := ""
	address := startServer(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, body) }))
	for _, whole := range []string{
		`{"jsonrpc": "2.0", "id": 1, "result": [{"id": 1, "x": NaN}]}`,
		`{"jsonrpc":"2.0","error":{"code":200,"message":"m","data":{"name":"a.B","message":"x","debug":"y"}}}`,
	} {
		for n := range len(whole) {
			body = whole[:n]
			_, err := dial(t.Context(), address, Database("acme"), Password("bot", "s3cret"))
			if odoo, ok := errors.AsType[*Error](err); !ok || odoo.Class != "" || !strings.Contains(err.Error(), "does not answer as an Odoo server") {
				t.Errorf("%s: %v", body, err)
			}
		}
	}
}

func TestErrorsOfOdooAreTyped(t *testing.T) {
	sentinels := []error{ErrAccess, ErrAccessDenied, ErrMissing, ErrValidation, ErrUser, ErrNoDatabase, ErrNoRecord}
	for class, want := range map[string]error{
		"odoo.exceptions.AccessError":       ErrAccess,
		"odoo.exceptions.AccessDenied":      ErrAccessDenied,
		"odoo.exceptions.MissingError":      ErrMissing,
		"odoo.exceptions.ValidationError":   ErrValidation,
		"odoo.exceptions.UserError":         ErrUser,
		"builtins.ValueError":               nil,
		"psycopg2.errors.NotNullViolation":  nil,
		"odoo.exceptions.AccessErrorOfMine": nil,
		"":                                  nil,
	} {
		c := dialFake(t, &fakeOdoo{Object: answerAll(faultOf(class, " not today\n"))})
		_, err := Find[sale](t.Context(), c, Domain[sale]{})
		odoo, ok := errors.AsType[*Error](err)
		if !ok || odoo.Class != class || odoo.Model != "sale.order" || odoo.Method != "search_read" || odoo.Traceback == "" {
			t.Errorf("%s: got %#v", class, err)
			continue
		}
		for _, sentinel := range sentinels {
			if got := errors.Is(err, sentinel); got != errors.Is(want, sentinel) {
				t.Errorf("%s: errors.Is(%v) is %v", class, sentinel, got)
			}
		}
		text := err.Error()
		if !strings.Contains(text, "sale.order.search_read: ") || !strings.HasSuffix(text, "not today") || strings.Contains(text, "Traceback") {
			t.Errorf("%s: the text is %q", class, text)
		}
	}
}

func TestAnErrorWithoutDataHasTheEnvelopesMessage(t *testing.T) {
	for _, answer := range []string{
		`"error":{"code":100,"message":"Odoo Session Expired"}`,
		`"error":{"code":100,"message":"Odoo Session Expired","data":{}}`,
		`"error":{"code":100,"message":"Odoo Session Expired","data":null},"result":null`,
	} {
		c := dialFake(t, &fakeOdoo{Object: answerAll(answer)})
		_, err := Find[sale](t.Context(), c, Domain[sale]{})
		if odoo, ok := errors.AsType[*Error](err); !ok || odoo.Message != "Odoo Session Expired" {
			t.Errorf("%s: got %v", answer, err)
		}
	}
}

func TestANullErrorIsNone(t *testing.T) {
	c := dialFake(t, &fakeOdoo{Object: answerAll(`"error":null,"result":[{"id":7,"name":"a"}]`)})
	rows, err := Find[line2](t.Context(), c, Domain[sale]{})
	if err != nil || len(rows) != 1 || rows[0].ID != 7 {
		t.Errorf("got %v, %v", rows, err)
	}
}

func TestNoErrorTellsThePassword(t *testing.T) {
	object := func(c fakeCall) string {
		if c.Method == "odd" {
			return resultOf(`"odd"`)
		}
		return faultOf("odoo.exceptions.UserError", "no")
	}
	c := dialFake(t, &fakeOdoo{Object: object})
	var n int
	errs := []error{
		c.ExecuteKW(t.Context(), "x", "odd", nil, nil, &n),
		c.ExecuteKW(t.Context(), "x", "fails", nil, nil, nil),
		c.ExecuteKW(t.Context(), "x", "y", []any{"\xff", math.NaN()}, nil, nil),
		c.ExecuteKW(t.Context(), "x", "y", []any{math.NaN()}, nil, nil),
		c.ExecuteKW(t.Context(), "x", "odd", nil, nil, n),
		dialError(t, http.NotFoundHandler()),
		dialError(t, servePage(200, "text/html", "<html>")),
		dialError(t, http.RedirectHandler("/elsewhere", http.StatusFound)),
		dialError(t, &fakeOdoo{Login: resultOf("false")}),
		dialError(t, &fakeOdoo{Login: resultOf("{}")}),
		dialError(t, &fakeOdoo{Login: faultOf("a.B", "no"), Databases: resultOf(`["test"]`)}),
	}
	_, err := dial(t.Context(), startServer(t, &fakeOdoo{}), Database("acme"), Password("bot", "s3cret\xff"))
	for _, err := range append(errs, err) {
		if err == nil {
			t.Error("no error")
			continue
		}
		for _, verb := range []string{"%v", "%+v", "%#v", "%q"} {
			if text := fmt.Sprintf(verb, err); strings.Contains(text, "s3cret") {
				t.Errorf("%s shows the password: %s", verb, text)
			}
		}
	}
}

func TestTheCookieOfTheDatabaseIsSent(t *testing.T) {
	var asked string
	var cookies []string
	f := &fakeOdoo{Object: answerAll(resultOf("[]"))}
	address := startServer(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/web" {
			asked = r.URL.RawQuery
			http.SetCookie(w, &http.Cookie{Name: "session_id", Value: "abc"})
			http.SetCookie(w, &http.Cookie{Name: "other", Value: "def"})
			http.Redirect(w, r, "/web/login", http.StatusSeeOther)
			return
		}
		cookies = append(cookies, r.Header.Get("Cookie"))
		f.ServeHTTP(w, r)
	}))
	c, err := dial(t.Context(), address, Database("a&b"), Password("bot", "s3cret"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Find[sale](t.Context(), c, Domain[sale]{}); err != nil {
		t.Fatal(err)
	}
	if asked != "db=a%26b" || strings.Join(cookies, ",") != ",session_id=abc,session_id=abc" {
		t.Errorf("asked with %q, cookies %q", asked, cookies)
	}
}

// withoutJSONRPC answers as Odoo 22 is to do: no /jsonrpc, and the version as a page.
func withoutJSONRPC(version string) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /web/version", servePage(200, "application/json", version))
	mux.Handle("POST /json/2/res.users/context_get", servePage(200, "application/json", `{"lang":"en_US","uid":7}`))
	return mux
}

func TestVersionWithoutJSONRPC(t *testing.T) {
	for version, want := range map[string]Version{
		`{"version_info":[22,0,0,"final",0,""],"version":"22.0-20281001"}`:           {"22.0", "22.0-20281001", 22},
		`{"version_info":["saas~22",3,0,"final",0,""],"version":"saas~22.3+e"}`:      {"saas~22.3", "saas~22.3+e", 22},
		`{"version_info":["twenty",0],"version":"twenty"}`:                           {},
		`{"version_info":[],"version":"22.0"}`:                                       {},
		`{"version_info":[13,0,0,"final",0,""],"version":"13.0"}`:                    {},
		`{"version_info":[9223372036854775808,0],"version":"9223372036854775808.0"}`: {},
		`{"version_info":["19; rm -rf /",0],"version":"19; rm -rf /"}`:               {},
		`{"version_info":[-5,0],"version":"-5"}`:                                     {},
		`"22.0"`:                                                                     {},
	} {
		c, err := Dial(t.Context(), startServer(t, withoutJSONRPC(version)), Database("acme"), APIKey("bot", "k3y"))
		if want == (Version{}) {
			if !errors.Is(err, ErrMalformed) {
				t.Errorf("%s: got %v", version, err)
			}
			continue
		}
		if err != nil || c.Version() != want || c.UID() != 7 || c.Protocol() != JSON2 {
			t.Errorf("%s: got %+v, %v", version, c, err)
		}
	}
}
