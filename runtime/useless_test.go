package orm

import (
	"errors"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Options that could have no effect are an error before the call.
func TestOptionsWithoutEffectAreRefused(t *testing.T) {
	f := &fakeOdoo{Object: answerAll(resultOf(`[]`))}
	c := dialFake(t, f)
	find := func(opts ...FindOption) error {
		_, err := Find[sale](t.Context(), c, AllOf[sale](), opts...)
		return err
	}
	walk := func(opts ...WalkOption) error {
		for _, err := range All[sale](t.Context(), c, AllOf[sale](), opts...) {
			return err
		}
		return nil
	}
	for want, call := range map[string]func() error{
		"Limit(-1)":    func() error { return find(Limit(-1)) },
		"Offset(-1)":   func() error { return find(Offset(-1)) },
		"PageSize(-1)": func() error { return walk(PageSize(-1)) },
		"PageSize(0)":  func() error { return walk(PageSize(0)) },
		"Batch(0)": func() error {
			_, err := CreateMany(t.Context(), c, []saleValues{{}}, Batch(0))
			return err
		},
		"the second order by sale.order.name has no effect": func() error { return find(Asc(saleF.Name), Desc(saleF.State), Desc(saleF.Name)) },
		"the second order of groups of sale.order by name": func() error {
			_, err := Group[line2](t.Context(), c, AllOf[sale](), Asc(saleF.Name), AscColumn("name"))
			return err
		},
		"Limit(-3)": func() error { _, err := Count(t.Context(), c, AllOf[sale](), Limit(-3)); return err },
		"Limit(-4)": func() error {
			_, err := NameSearch(t.Context(), c, "", AllOf[sale](), "", Limit(-4))
			return err
		},
		"Limit(-5)": func() error { _, err := Group[line2](t.Context(), c, AllOf[sale](), Limit(-5)); return err },
	} {
		if err := call(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
	if calls := f.Log(); len(calls) > 0 {
		t.Errorf("sent %v", calls)
	}
}

func TestDialOptionsWithoutEffectAreRefused(t *testing.T) {
	address := startServer(t, &fakeOdoo{})
	for want, option := range map[string]DialOption{
		"UID(-1)": UID(-1), "MaxAnswer(0)": MaxAnswer(0), "Retries(-1)": Retries(-1), "RateLimit(0, 5)": RateLimit(0, 5), "RateLimit(NaN, 5)": RateLimit(math.NaN(), 5),
	} {
		if _, err := dial(t.Context(), address, Database("acme"), Password("bot", "x"), option); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("Dial: got %v, want %s", err, want)
		}
		if _, err := openServer(address, []DialOption{option}); err == nil {
			t.Errorf("a server without a login takes %s", want)
		}
	}
	for name, option := range map[string]DialOption{
		"Password": Password("bot", "x"), "APIKey": APIKey("bot", "x"), "Database": Database("acme"), "UID": UID(2), "Using": Using(JSONRPC),
		"WithContext": WithContext(Lang("fr_FR")), "Retries": Retries(5),
	} {
		if _, err := openServer(address, []DialOption{option}); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("a server without a login takes %s: %v", name, err)
		}
	}
}

// The uid is checked where the protocol logs in.
func TestUIDOfAnotherUser(t *testing.T) {
	odoo := &threefold{major: 19, ran: map[string]int{}, sessions: map[string]bool{}, answer: func(string) (string, *raised) { return `{"uid":2}`, nil }}
	address := startServer(t, odoo)
	for name, options := range map[string][]DialOption{
		"web session": {Password("bot", "x"), Using(WebSession)}, "JSON-2": {APIKey("bot", faultSecret), Using(JSON2)},
		"a password": {Password("bot", "x")}, "a key": {APIKey("bot", faultSecret)},
	} {
		options = append(options, Database("acme"))
		if c, err := Dial(t.Context(), address, append(options, UID(2))...); err != nil || c.UID() != 2 {
			t.Errorf("%s: %v", name, err)
		}
		if _, err := Dial(t.Context(), address, append(options, UID(7))...); err == nil || err.Error() != "orm: the login is that of the user 2: the option UID says 7" {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Contexts of all options WithContext hold.
func TestContextsAreAddedUp(t *testing.T) {
	f := &fakeOdoo{Object: answerAll(resultOf(`3`))}
	c := dialFake(t, f, WithContext(Lang("fr_FR")), WithContext(TimeZone("Europe/Paris")))
	if _, err := Count(t.Context(), c, AllOf[sale]()); err != nil {
		t.Fatal(err)
	}
	if got := string(f.Log()[0].Named["context"]); got != `{"lang":"fr_FR","tz":"Europe/Paris"}` {
		t.Errorf("sent %s", got)
	}
}

// A key of the context that the version ignores, where another one has the meaning, is an error before the call.
func TestContextKeysWithoutEffect(t *testing.T) {
	for major, refused := range map[int]map[string]bool{
		14: {"warehouse_id": true}, 16: {}, 18: {}, 19: {"warehouse": true},
	} {
		f := &fakeOdoo{Major: major, Object: answerAll(resultOf(`3`))}
		c := dialFake(t, f)
		for name, test := range map[string]struct {
			context Context
			isBad   bool
		}{
			"warehouse": {Context{"warehouse": 1}, refused["warehouse"]}, "warehouse_id": {Context{"warehouse_id": 1}, refused["warehouse_id"]},
			"both": {Context{"warehouse": 1, "warehouse_id": 1}, false}, "typed": {Warehouse(ID[sale](1)), false},
			"force_company": {Context{"force_company": 1}, true}, "and companies": {Context{"force_company": 1}.with(Companies(ID[sale](1))), false},
			"others": {Context{"company_id": 1, "default_name": "x"}.with(WithoutTracking()), false},
		} {
			_, asOption := Count(t.Context(), c, AllOf[sale](), test.context)
			_, ofClient := Count(t.Context(), c.With(test.context), AllOf[sale]())
			var n int
			asArgument := c.ExecuteKW(t.Context(), "sale.order", "search_count", []any{[]any{}}, map[string]any{"context": map[string]any(test.context)}, &n)
			for how, err := range map[string]error{"option": asOption, "client": ofClient, "argument": asArgument} {
				e, ok := errors.AsType[*ContextKeyError](err)
				if ok != test.isBad || !ok && err != nil || ok && !strings.Contains(err.Error(), "sale.order.search_count: Odoo ") {
					t.Errorf("%d, %s, %s: %v", major, name, how, e)
				}
			}
			if n := len(f.Log()); n != 3 && !test.isBad || n != 0 && test.isBad {
				t.Errorf("%d, %s: %d calls", major, name, n)
			}
		}
	}
	want := Context{"warehouse": []ID[sale]{1, 2}, "warehouse_id": []ID[sale]{1, 2}}
	if diff := cmp.Diff(want, Warehouse(ID[sale](1), 2)); diff != "" {
		t.Error(diff)
	}
}
