package orm

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"slices"
	"strings"
	"sync"
	"testing"
)

// Fifty goroutines share a client while its session ends: there is one new login, and every call is run once.
func TestManyCallsAndOneNewLogin(t *testing.T) {
	const goroutines, each = 50, 4
	for _, w := range allWays[1:3] {
		r := newRig(t, w)
		r.pool.MaxIdleConnsPerHost = goroutines
		var before, after, running sync.WaitGroup
		before.Add(goroutines)
		after.Add(1)
		for range goroutines {
			running.Go(func() {
				for i := range each {
					if i == each/2 {
						before.Done()
						after.Wait()
					}
					if err := r.do(t.Context(), aWrite); err != nil {
						t.Error(err)
					}
				}
			})
		}
		before.Wait()
		r.odoo.expire()
		after.Done()
		running.Wait()
		if n := r.odoo.runs(); n != goroutines*each || r.odoo.logins != 1 {
			t.Errorf("%s: %d calls run with %d new logins", w.name, n, r.odoo.logins)
		}
	}
}

// A call waits for another's login no longer than its own context lasts.
func TestALoginThatHangsHoldsNoOtherCall(t *testing.T) {
	r := newRig(t, allWays[2])
	r.odoo.expire()
	hangs, end := make(chan bool, 1), make(chan bool)
	r.proxy.arm(proxyFault{logins: true, do: func(x *exchange) {
		hangs <- true
		<-end
		_, _ = x.Write(x.raw())
	}})
	var first sync.WaitGroup
	first.Go(func() {
		if err := r.do(t.Context(), aWrite); err != nil {
			t.Error(err)
		}
	})
	<-hangs
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	checkEnded(t, "the second call", published(r.renew(ctx, r.logins.Load()), "", ""), context.Canceled, false)
	close(end)
	first.Wait()
}

func TestClientsThatShareAnHTTPClientShareNoSession(t *testing.T) {
	w := allWays[2]
	r := newRig(t, w)
	var cookies []string
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	jar.SetCookies(r.transport.Base(), []*http.Cookie{{Name: "session_id", Value: "of-another"}})
	shared := &http.Client{Jar: jar, Transport: roundTrip(func(request *http.Request) (*http.Response, error) {
		cookies = append(cookies, request.Header.Get("Cookie"))
		return r.pool.RoundTrip(request)
	})}
	c, err := Dial(t.Context(), r.proxy.address(), Database("acme"), Password("bot", faultSecret), Using(w.kind), HTTPClient(shared))
	if err != nil {
		t.Fatal(err)
	}
	var n int
	if err := c.Model("res.partner").Call(t.Context(), "bump", nil, nil, &n); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(strings.Join(cookies, ","), "of-another") || shared.Jar == nil {
		t.Errorf("the cookies are %q", cookies)
	}
}

func TestInterceptorsSeeTheCall(t *testing.T) {
	for _, w := range allWays {
		var seen []string
		watch := func(name string) Interceptor {
			return func(next Handler) Handler {
				return func(ctx context.Context, q *Request) error {
					seen = append(seen, name)
					err := next(ctx, q)
					seen = append(seen, fmt.Sprintf("%s: %s.%s, read-only: %v, %v, %d attempts, cut off: %v",
						name, q.Model, q.Method, q.ReadOnly, q.Protocol, q.Attempts, errors.Is(err, ErrCutOff)))
					return err
				}
			}
		}
		r := newRig(t, w, Intercept(watch("outer"), nil), Intercept(watch("inner")))
		r.proxy.arm(times(2, cutUnanswered)...)
		_ = r.do(t.Context(), aRead)
		r.proxy.arm(cutUnanswered)
		_ = r.do(t.Context(), aWrite)
		want := []string{
			"outer", "inner",
			"inner: res.partner.search_count, read-only: true, " + w.kind.String() + ", 3 attempts, cut off: false",
			"outer: res.partner.search_count, read-only: true, " + w.kind.String() + ", 3 attempts, cut off: false",
			"outer", "inner",
			"inner: res.partner.bump, read-only: false, " + w.kind.String() + ", 1 attempts, cut off: true",
			"outer: res.partner.bump, read-only: false, " + w.kind.String() + ", 1 attempts, cut off: true",
		}
		if !slices.Equal(seen, want) {
			t.Errorf("%s:\n%s", w.name, strings.Join(seen, "\n"))
		}
	}
}

func TestAnInterceptorCanRefuse(t *testing.T) {
	errReadOnly := errors.New("this program only reads")
	r := newRig(t, allWays[0], Intercept(func(next Handler) Handler {
		return func(ctx context.Context, q *Request) error {
			switch {
			case !q.ReadOnly:
				return errReadOnly
			case q.Method == "read":
				return nil
			case q.Method == "search":
				return next(ctx, &Request{Model: q.Model})
			}
			return next(ctx, q)
		}
	}))
	if err := r.do(t.Context(), aWrite); !errors.Is(err, errReadOnly) {
		t.Errorf("got %v", err)
	}
	for _, method := range []string{"read", "search"} {
		if err := r.do(t.Context(), operation{method: method}); err == nil || !strings.Contains(err.Error(), "interceptor") {
			t.Errorf("%s: an interceptor that does not run a call: %v", method, err)
		}
	}
	if n := r.odoo.runs(); n != 0 {
		t.Errorf("%d calls were run", n)
	}
	if err := r.do(t.Context(), aRead); err != nil {
		t.Error(err)
	}
}

func TestLogCallsTellsNoValues(t *testing.T) {
	const value = "a-value-of-the-call"
	for _, w := range allWays {
		var log bytes.Buffer
		logger := slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
		r := newRig(t, w, Intercept(LogCalls(logger)))
		r.odoo.answer = func(method string) (string, *raised) {
			if method == "bump" {
				return "", &raised{Name: "odoo.exceptions.ValidationError", Message: "no such " + value, Debug: value}
			}
			return "7", nil
		}
		for _, method := range []string{"bump", "search_count"} {
			_ = r.Model("res.partner").Call(t.Context(), method, nil, Args{"name": value}, nil)
		}
		_ = r.Model("res.partner").Call(t.Context(), "bump", nil, Args{"name": value + "\xff"}, nil)
		r.proxy.arm(instead(500, "text/html", value))
		_ = r.do(t.Context(), aWrite)
		r.refuseConnections(9)
		_ = r.do(t.Context(), aWrite)
		text := log.String()
		if strings.Contains(text, value) || strings.Contains(text, faultSecret) {
			t.Errorf("%s: the log shows values:\n%s", w.name, text)
		}
		for _, want := range []string{
			`level=WARN msg="odoo call" model=res.partner method=bump protocol=` + quotedIfSpaced(w.kind.String()),
			`error="validation error" class=odoo.exceptions.ValidationError`, "level=DEBUG", "method=search_count", "attempts=3",
			`error="malformed answer" status=500 maybe_done=true`, "unreachable: dial tcp", "maybe_done=false",
		} {
			if !strings.Contains(text, want) {
				t.Errorf("%s: the log lacks %s:\n%s", w.name, want, text)
			}
		}
	}
}

func quotedIfSpaced(text string) string {
	if strings.Contains(text, " ") {
		return `"` + text + `"`
	}
	return text
}

func TestEveryErrorHasItsKind(t *testing.T) {
	for _, w := range allWays {
		r := newRig(t, w)
		for class, want := range map[string]error{
			"odoo.exceptions.AccessError":                         ErrAccess,
			"odoo.exceptions.AccessDenied":                        ErrAccessDenied,
			"odoo.exceptions.MissingError":                        ErrMissing,
			"odoo.exceptions.ValidationError":                     ErrValidation,
			"odoo.exceptions.UserError":                           ErrUser,
			"odoo.exceptions.RedirectWarning":                     ErrRedirect,
			"odoo.exceptions.LockError":                           ErrConflict,
			"odoo.exceptions.ConcurrencyError":                    ErrConflict,
			"psycopg2.errors.SerializationFailure":                ErrConflict,
			"psycopg2.errors.DeadlockDetected":                    ErrConflict,
			"psycopg2.errors.LockNotAvailable":                    ErrConflict,
			"psycopg2.extensions.TransactionRollbackError":        ErrConflict,
			"builtins.AttributeError":                             ErrNotFound,
			"builtins.TypeError: bump() missing 1 argument":       ErrArguments,
			"werkzeug.exceptions.UnprocessableEntity":             ErrArguments,
			"werkzeug.exceptions.TooManyRequests":                 ErrRateLimit,
			"odoo.exceptions.UserError: Object x.y doesn't exist": ErrNotFound,
			"builtins.KeyError: 'res.partner'":                    ErrNotFound,
			"builtins.KeyError: 'other'":                          nil,
			"builtins.ValueError":                                 nil,
		} {
			name, message, _ := strings.Cut(class, ": ")
			message = cmp.Or(message, "no")
			r.odoo.answer = func(string) (string, *raised) {
				return "", &raised{Name: name, Message: message, Debug: "Traceback of " + class}
			}
			err := r.do(t.Context(), aWrite)
			odoo, ok := errors.AsType[*Error](err)
			if !ok || odoo.Class != name || odoo.Message != message || odoo.MaybeDone() || odoo.Traceback != "Traceback of "+class {
				t.Errorf("%s, %s: got %#v", w.name, class, err)
				continue
			}
			for _, kind := range []error{ErrAccess, ErrAccessDenied, ErrMissing, ErrValidation, ErrUser, ErrRedirect, ErrConflict, ErrNotFound, ErrArguments, ErrRateLimit, ErrTimeout, ErrMalformed} {
				if errors.Is(err, kind) != (want != nil && errors.Is(want, kind)) {
					t.Errorf("%s, %s: errors.Is(%v) is wrong", w.name, class, kind)
				}
			}
			if strings.Contains(fmt.Sprintf("%v %+v", err, err), "Traceback") {
				t.Errorf("%s, %s: the text has the traceback", w.name, class)
			}
		}
	}
}

func TestNothingPrintsTheSecret(t *testing.T) {
	for _, w := range allWays {
		r := newRig(t, w)
		for _, v := range []any{
			r.Client, *r.Client, r.With(Context{"lang": "fr_FR"}), r.Model("res.partner"),
			Password("bot", faultSecret), []DialOption{APIKey("bot", faultSecret)}, r.who, r.protocol,
		} {
			for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x"} {
				text := fmt.Sprintf(verb, v)
				if strings.Contains(text, faultSecret) || strings.Contains(text, fmt.Sprintf("%x", faultSecret)) {
					t.Errorf("%s: %s of a %T shows the secret: %s", w.name, verb, v, text)
				}
			}
		}
	}
}
