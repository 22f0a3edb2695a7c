package webhook_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/odoogen/odoogen/generated/odoo"
	orm "github.com/odoogen/odoogen/runtime"
	"github.com/odoogen/odoogen/runtime/webhook"
)

func TestCallOnSendsModelAndID(t *testing.T) {
	var body, database string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		sent, _ := io.ReadAll(r.Body)
		body, database = string(sent), r.Header.Get("X-Odoo-Database")
		_, _ = io.WriteString(w, `{"status": "ok"}`)
	}))
	defer server.Close()
	in := webhook.Incoming{URL: server.URL + "/web/hook/x", Database: "shop", Client: server.Client()}
	if err := webhook.CallOn(t.Context(), in, orm.ID[odoo.SaleOrder](7), odoo.SaleOrderValues{ClientOrderRef: orm.Set("A1")}); err != nil {
		t.Fatal(err)
	}
	if want := `{"_id":7,"_model":"sale.order","client_order_ref":"A1"}`; body != want || database != "shop" {
		t.Errorf("sent %s to %q, want %s", body, database, want)
	}
}

func TestErrorsOfIncomingWebhooks(t *testing.T) {
	for name, c := range map[string]struct {
		status int
		body   string
		want   error // nil: neither of the two
	}{
		"unknown":      {404, `{"status": "error"}`, webhook.ErrUnknownHook},
		"no database":  {404, `<!DOCTYPE html>`, webhook.ErrUnknownHook},
		"failed":       {500, `{"status": "error"}`, webhook.ErrFailed},
		"a gateway's":  {502, `Bad Gateway`, nil},
		"another page": {200, `<html>`, nil},
		"a redirect":   {303, ``, nil},
	} {
		t.Run(name, func(t *testing.T) {
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Location", "/")
				w.WriteHeader(c.status)
				_, _ = io.WriteString(w, c.body)
			}))
			defer server.Close()
			err := webhook.Incoming{URL: server.URL + "/web/hook/secretuuid", Client: server.Client()}.Call(t.Context(), map[string]any{"a": 1})
			if err == nil || c.want != nil && !errors.Is(err, c.want) || c.want == nil && (errors.Is(err, webhook.ErrFailed) || errors.Is(err, webhook.ErrUnknownHook)) {
				t.Error(err)
			}
		})
	}
}

func TestErrorsHaveNoAddress(t *testing.T) {
	for _, address := range []string{"http://127.0.0.1:1/web/hook/secretuuid", "http://127.0.0.1:x/secretuuid", "http://\x00secretuuid"} {
		err := webhook.Incoming{URL: address}.Call(t.Context(), map[string]any{})
		if err == nil || strings.Contains(err.Error(), "secretuuid") {
			t.Error(err)
		}
	}
}

func TestPayloadsThatOdooDoesNotTake(t *testing.T) {
	in := webhook.Incoming{URL: "http://127.0.0.1:1/"}
	for want, call := range map[string]func(context.Context) error{
		"[]int is not written as a JSON object": func(ctx context.Context) error { return in.Call(ctx, []int{1}) },
		"<nil> is not written":                  func(ctx context.Context) error { return in.Call(ctx, nil) },
		"which CallOn sets": func(ctx context.Context) error {
			return webhook.CallOn(ctx, in, orm.ID[odoo.SaleOrder](7), map[string]any{"_id": 8})
		},
		"not a record": func(ctx context.Context) error { return webhook.CallOn(ctx, in, orm.ID[int](7), map[string]any{}) },
	} {
		if err := call(t.Context()); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", want, err)
		}
	}
}
