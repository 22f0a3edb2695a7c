package orm

import (
	"context"
	"errors"
	"slices"
	"testing"
)

// Until Odoo 17 the server ignores a language that is not installed: the client refuses it before the call.
func TestLanguagesAreInstalled(t *testing.T) {
	for _, major := range []int{14, 15, 16, 17} {
		f := &fakeOdoo{Major: major, Object: answerAll(resultOf(`3`))}
		c := dialFake(t, f)
		for name, call := range map[string]func() error{
			"an option":   func() error { _, err := Count(t.Context(), c, Domain[sale]{}, Lang("xx_XX")); return err },
			"of a client": func() error { _, err := Count(t.Context(), c.With(Lang("xx_XX")), Domain[sale]{}); return err },
			"of the keyword": func() error {
				return c.ExecuteKW(t.Context(), "sale.order", "search_count", nil, Args{"context": Args{"lang": "xx_XX"}}, nil)
			},
		} {
			err := call()
			var e *Error
			if !errors.As(err, &e) || !errors.Is(err, ErrUser) || e.Message != "Invalid language code: xx_XX" || e.Model != "sale.order" {
				t.Errorf("Odoo %d, %s: got %v", major, name, err)
			}
			if calls := f.Log(); calls != nil {
				t.Errorf("Odoo %d, %s: sent %v", major, name, calls)
			}
		}
		for _, lang := range []any{"fr_FR", "en_US", false, nil} {
			if _, err := Count(t.Context(), c, Domain[sale]{}, Context{"lang": lang}); err != nil {
				t.Errorf("Odoo %d, %v: %v", major, lang, err)
			}
		}
	}
}

// The languages are read once for each that is installed, with any client of the session.
func TestLanguagesAreReadOnce(t *testing.T) {
	var models []string
	server := &fakeOdoo{Major: 14, Object: answerAll(resultOf(`3`))}
	log := func(next Handler) Handler {
		return func(ctx context.Context, r *Request) error {
			models = append(models, r.Model)
			return next(ctx, r)
		}
	}
	c := dialFake(t, server, Intercept(log))
	models = nil
	for range 3 {
		if _, err := Count(t.Context(), c.With(Lang("fr_FR")), Domain[sale]{}); err != nil {
			t.Fatal(err)
		}
	}
	if want := []string{"res.lang", "sale.order", "sale.order", "sale.order"}; !slices.Equal(models, want) {
		t.Errorf("called %q, want %q", models, want)
	}
}
