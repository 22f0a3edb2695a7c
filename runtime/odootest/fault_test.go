package odootest_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	orm "github.com/odoogen/odoogen/runtime"
	"github.com/odoogen/odoogen/runtime/odootest"
)

// write changes a record with a client that repeats nothing.
func write(t *testing.T, s *odootest.Server, options ...orm.DialOption) (id int64, err error) {
	t.Helper()
	id = create(t, s, "x.tag", map[string]any{"name": "before"})
	c, err := s.Dial(t.Context(), append(options, orm.Retries(0))...)
	must(t, err)
	return id, c.Model("x.tag").Write(t.Context(), []int64{id}, orm.Args{"name": "after"})
}

func TestFaults(t *testing.T) {
	t.Parallel()
	onWrite := odootest.On{Model: "x.tag", Method: "write", Times: 1}
	for _, test := range []struct {
		name  string
		fault odootest.Fault
		want  error
		after string
	}{
		{"cut before", odootest.CutBefore(), orm.ErrCutOff, "before"},
		{"cut after", odootest.CutAfter(), orm.ErrCutOff, "after"},
		{"conflict", odootest.Conflict(), orm.ErrConflict, "before"},
		{"too many requests", odootest.TooManyRequests(2 * time.Second), orm.ErrRateLimit, "before"},
		{"a page", odootest.Page(502, "<h1>Bad Gateway</h1>"), orm.ErrUnavailable, "before"},
		{"an exception", odootest.Raise("odoo.exceptions.AccessError", "no"), orm.ErrAccess, "before"},
		{"latency", odootest.Latency(time.Millisecond), nil, "after"},
		{"an expired session", odootest.ExpireSession(), nil, "after"}, // the client logs in again
	} {
		for _, way := range []orm.DialOption{orm.Using(orm.JSONRPC), orm.Using(orm.WebSession), orm.APIKey("admin", "admin-key")} {
			s := odootest.New(t, small("19.0"))
			s.Inject(onWrite, test.fault)
			id, err := write(t, s, way)
			if !errors.Is(err, test.want) {
				t.Errorf("%s: %v", test.name, err)
			}
			if e, ok := errors.AsType[*orm.Error](err); ok && errors.Is(err, orm.ErrRateLimit) && e.RetryAfter() != 2*time.Second {
				t.Errorf("%s: try again after %v", test.name, e.RetryAfter())
			}
			var tag struct {
				Name string `odoo:"name"`
			}
			must(t, dial(t, s).Model("x.tag").Get(t.Context(), &tag, id))
			equal(t, test.name, tag.Name, test.after)
		}
	}
}

func TestFaultsAreCounted(t *testing.T) {
	t.Parallel()
	s := odootest.New(t, small("19.0"))
	c, err := s.Dial(t.Context(), orm.Retries(0))
	must(t, err)
	s.Inject(odootest.On{Method: "create", Skip: 1, Times: 2}, odootest.Conflict())
	var got []bool
	for range 5 {
		_, err := c.Model("x.tag").Create(t.Context(), orm.Args{"name": "x"})
		got = append(got, err == nil)
	}
	equal(t, "which succeed", got, []bool{true, false, false, true, true})
	s.Inject(odootest.On{}, odootest.Conflict())
	if _, err := s.Dial(t.Context()); err == nil {
		t.Error("the login meets no fault")
	}
	s.ClearFaults()
	dial(t, s)
}

func TestLatencyEndsWithTheCall(t *testing.T) {
	t.Parallel()
	s := odootest.New(t, small("19.0"))
	c := dial(t, s)
	s.Inject(odootest.On{Model: "x.tag"}, odootest.Latency(time.Hour))
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if _, err := c.Model("x.tag").Create(ctx, orm.Args{"name": "x"}); !errors.Is(err, orm.ErrTimeout) {
		t.Errorf("got %v", err)
	}
}

func TestExpireSessions(t *testing.T) {
	t.Parallel()
	s := odootest.New(t, small("19.0"))
	c := dial(t, s)
	s.ExpireSessions()
	_, err := c.Model("x.tag").Create(t.Context(), orm.Args{"name": "x"})
	must(t, err)
	equal(t, "protocol", c.Protocol(), orm.WebSession)
}

// A session that is gone is renewed on every version, however the server says so, and the call runs once.
func TestExpiredSessionsAreRenewedOnEachVersion(t *testing.T) {
	t.Parallel()
	for _, series := range []string{"14.0", "15.0", "16.0", "17.0", "18.0", "19.0"} {
		for name, options := range map[string][]odootest.Option{"one database": nil, "several databases": {odootest.OtherDatabases("other")}} {
			s := odootest.New(t, small(series), options...)
			c, err := s.Dial(t.Context(), orm.Using(orm.WebSession))
			must(t, err)
			s.ExpireSessions()
			s.ForgetCalls()
			if _, err := c.Model("x.tag").Create(t.Context(), orm.Args{"name": "x"}); err != nil {
				t.Errorf("%s, %s: %v", series, name, err)
			}
			if _, err := c.Model("x.tag").Create(t.Context(), orm.Args{"name": "y"}); err != nil {
				t.Errorf("%s, %s: the next call: %v", series, name, err)
			}
			var methods []string
			for _, call := range s.Calls() {
				methods = append(methods, call.Method)
			}
			equal(t, series+", "+name, methods, []string{"authenticate", "create", "create"})
		}
	}
}

// calls counts the calls of a method.
func calls(s *odootest.Server, method string) (n int) {
	for _, call := range s.Calls() {
		if call.Method == method {
			n++
		}
	}
	return n
}

// The password of a user with a second factor is right, and not enough. The password is tried once, and the error says what
// helps; so it is with the pause that Odoo makes after failed logins.
func TestLoginsThatNeedMoreThanThePassword(t *testing.T) {
	t.Parallel()
	const pause = "Too many login failures, please wait a bit before trying again."
	for _, series := range []string{"14.0", "15.0", "16.0", "17.0", "18.0", "19.0"} {
		s := odootest.New(t, small(series), odootest.User("admin", "admin", odootest.Key("admin-key"), odootest.SecondFactor()),
			odootest.User("other", "secret"))
		_, err := s.Dial(t.Context())
		if !errors.Is(err, orm.ErrAccessDenied) || !strings.HasSuffix(err.Error(), `the login "admin" asks for a second factor: use an API key`) {
			t.Errorf("%s: %v", series, err)
		}
		equal(t, series+" tries", calls(s, "authenticate"), 1)
		if _, err := s.Dial(t.Context(), orm.Using(orm.JSONRPC)); !errors.Is(err, orm.ErrAccessDenied) {
			t.Errorf("%s, by JSON-RPC: %v", series, err)
		}
		c, err := s.Dial(t.Context(), orm.APIKey("admin", "admin-key"))
		if err == nil {
			_, err = c.Model("x.tag").Count(t.Context(), orm.Expr{})
		}
		must(t, err)
		s.ForgetCalls()
		s.Inject(odootest.On{Method: "authenticate", Protocol: orm.WebSession}, odootest.Raise("odoo.exceptions.AccessDenied", pause))
		_, err = s.Dial(t.Context(), orm.Password("other", "secret"))
		if !errors.Is(err, orm.ErrAccessDenied) || !strings.HasSuffix(err.Error(), pause) {
			t.Errorf("%s: %v", series, err)
		}
		equal(t, series+" tries in the pause", calls(s, "authenticate"), 1)
	}
}
