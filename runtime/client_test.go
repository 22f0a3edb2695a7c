package orm

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
)

func TestDialLogsInAndTellsTheVersion(t *testing.T) {
	f := &fakeOdoo{Major: 17, Login: resultOf("6")}
	c := dialFake(t, f)
	if c.UID() != 6 || c.Database() != "acme" || c.Version() != (Version{Series: "17.0", Full: "17.0", Major: 17}) {
		t.Errorf("got %v, %v, %v", c.UID(), c.Database(), c.Version())
	}
	var auth []string
	for _, arg := range f.Logins() {
		auth = append(auth, string(arg))
	}
	if got, want := strings.Join(auth, " "), `"acme" "bot" "s3cret" {}`; got != want {
		t.Errorf("authenticate(%s), want %s", got, want)
	}
}

func TestVersionsOfOdooOnline(t *testing.T) {
	c, err := dial(t.Context(), startServer(t, serveService(func(method string) string {
		switch method {
		case "version":
			return resultOf(`{"server_version":"saas~18.2+e","server_serie":"saas~18.2","server_version_info":["saas~18",2,0,"final",0,"e"]}`)
		case "list":
			return resultOf(`["acme"]`)
		}
		return resultOf("2")
	})), APIKey("bot", "s3cret"))
	if err != nil {
		t.Fatal(err)
	}
	if want := (Version{Series: "saas~18.2", Full: "saas~18.2+e", Major: 18}); c.Version() != want {
		t.Errorf("got %+v", c.Version())
	}
}

func TestAWrongAddressIsAnError(t *testing.T) {
	for _, address := range []string{
		"", "erp.example.com", "/web", "ftp://erp.example.com", "https://", "https:///web", "://", "http://[::1", "https://erp.example.com:port",
		"https://bot:s3cret@", "https://bot:s3cret@erp.example.com:port", "https://bot:s3%cret@erp.example.com",
	} {
		_, err := Dial(t.Context(), address, Database("acme"), Password("bot", "s3cret"))
		if err == nil {
			t.Errorf("%q was taken", address)
		} else if strings.Contains(err.Error(), "s3cret") {
			t.Errorf("%q: the error shows the password: %v", address, err)
		}
	}
}

func TestNoLoginIsAnErrorBeforeAnyCall(t *testing.T) {
	called := false
	address := startServer(t, http.HandlerFunc(func(http.ResponseWriter, *http.Request) { called = true }))
	if _, err := Dial(t.Context(), address, Database("acme")); err == nil || called {
		t.Errorf("got %v, called: %v", err, called)
	}
}

func TestARefusedLoginIsErrAccessDenied(t *testing.T) {
	for want, option := range map[string]DialOption{"password": Password("bot", "s3cret"), "API key": APIKey("bot", "s3cret")} {
		for _, answer := range []string{resultOf("false"), faultOf("odoo.exceptions.AccessDenied", "Access Denied")} {
			_, err := dial(t.Context(), startServer(t, &fakeOdoo{Login: answer}), Database("acme"), option)
			if !errors.Is(err, ErrAccessDenied) {
				t.Errorf("%s: got %v", answer, err)
			}
			if answer == resultOf("false") && !strings.Contains(err.Error(), want) {
				t.Errorf("%v does not mention the %s", err, want)
			}
		}
	}
}

func TestAnUnknownDatabaseListsTheOthers(t *testing.T) {
	f := &fakeOdoo{Databases: resultOf(`["acme","test"]`), Login: faultOf("psycopg2.OperationalError", `database "acmee" does not exist`)}
	_, err := dial(t.Context(), startServer(t, f), Database("acmee"), Password("bot", "s3cret"))
	if !errors.Is(err, ErrNoDatabase) || !strings.Contains(err.Error(), `"acmee"`) || !strings.Contains(err.Error(), "acme, test") {
		t.Errorf("got %v", err)
	}
}

func TestALoginThatFailsInAKnownDatabaseKeepsItsError(t *testing.T) {
	f := &fakeOdoo{Login: faultOf("builtins.ZeroDivisionError", "by zero")}
	_, err := dial(t.Context(), startServer(t, f), Database("acme"), Password("bot", "s3cret"))
	if odoo, ok := errors.AsType[*Error](err); !ok || odoo.Class != "builtins.ZeroDivisionError" || errors.Is(err, ErrNoDatabase) {
		t.Errorf("got %v", err)
	}
}

func TestWithoutADatabaseTheOnlyOneIsUsed(t *testing.T) {
	c, err := dial(t.Context(), startServer(t, &fakeOdoo{Databases: resultOf(`["acme"]`)}), Password("bot", "s3cret"))
	if err != nil || c.Database() != "acme" {
		t.Errorf("got %v", err)
	}
	for name, answer := range map[string]string{
		"acme, test":              resultOf(`["acme","test"]`),
		"has 0":                   resultOf(`[]`),
		"does not list":           faultOf("odoo.exceptions.AccessDenied", "Access Denied"),
		"no database was named, ": resultOf(`false`),
	} {
		_, err := dial(t.Context(), startServer(t, &fakeOdoo{Databases: answer}), Password("bot", "s3cret"))
		if !errors.Is(err, ErrNoDatabase) || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: got %v", answer, err)
		}
	}
}

func TestACancelledContextEndsTheCall(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	f := &fakeOdoo{Object: answerAll(resultOf("[]"))}
	c, err := dial(t.Context(), startServer(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body) // a server notices that the client is gone only after it has read the body
		if bytes.Contains(body, []byte("search_read")) {
			cancel()
			<-r.Context().Done()
			return
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		f.ServeHTTP(w, r)
	})), Database("acme"), Password("bot", "s3cret"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Find[sale](ctx, c, Domain[sale]{}); !errors.Is(err, context.Canceled) {
		t.Errorf("during the call: %v", err)
	}
	if _, err := Find[sale](ctx, c, Domain[sale]{}); !errors.Is(err, context.Canceled) {
		t.Errorf("before the call: %v", err)
	}
	if _, err := dial(ctx, startServer(t, f), Database("acme"), Password("bot", "s3cret")); !errors.Is(err, context.Canceled) {
		t.Errorf("before the login: %v", err)
	}
}

func TestTheClientNeverPrintsThePassword(t *testing.T) {
	c := dialFake(t, &fakeOdoo{})
	for _, v := range []any{c, *c, c.Model("sale.order"), c.With(Context{"a": 1})} {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s"} {
			if text := fmt.Sprintf(verb, v); strings.Contains(text, "s3cret") {
				t.Errorf("%s of a %T shows the password: %s", verb, v, text)
			}
		}
	}
}

// A login that Odoo puts off is not a wrong password, and the password is not tried by another protocol.
func TestDialPassesOnOdoosWordsAndTriesAPasswordOnce(t *testing.T) {
	const pause = "Too many login failures, please wait a bit before trying again."
	for answer, want := range map[string]string{
		faultOf("odoo.exceptions.AccessDenied", pause):           pause,
		faultOf("odoo.exceptions.AccessDenied", "Access Denied"): "with this password",
		resultOf(`{"uid":null}`):                                 "second factor",
	} {
		tries := 0
		address := startServer(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			switch body, _ := io.ReadAll(r.Body); {
			case strings.Contains(string(body), `"version"`):
				rpcAnswer(w, resultOf(`{"server_version":"19.0","server_version_info":[19,0]}`))
			case strings.Contains(string(body), `"db_exist"`):
				rpcAnswer(w, resultOf("true"))
			case strings.Contains(string(body), "authenticate"), r.URL.Path == "/web/session/authenticate":
				tries++
				rpcAnswer(w, answer)
			}
		}))
		_, err := Dial(t.Context(), address, Database("acme"), Password("bot", "s3cret"))
		if !errors.Is(err, ErrAccessDenied) || !strings.Contains(err.Error(), want) || tries != 1 {
			t.Errorf("%d tries: %v; want …%s…", tries, err, want)
		}
	}
}
