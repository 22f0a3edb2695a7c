package webhook_test

import (
	"context"
	"errors"
	"fmt"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/odoogen/odoogen/generated"
	"github.com/odoogen/odoogen/generated/odoo"
	"github.com/odoogen/odoogen/introspect/snapshot"
	orm "github.com/odoogen/odoogen/runtime"
	"github.com/odoogen/odoogen/runtime/feed"
	"github.com/odoogen/odoogen/runtime/odootest"
	"github.com/odoogen/odoogen/runtime/webhook"
)

var p = odoo.ResPartnerF

func startOdoo(t *testing.T, series string) (*odootest.Server, *orm.Client) {
	t.Helper()
	schema, err := snapshot.Decode(generated.Snapshot)
	if err != nil {
		t.Fatal(err)
	}
	schema.Server.Series = series
	schema.Modules = append(schema.Modules, snapshot.Module{Name: "base_automation"})
	s := odootest.New(t, schema)
	c, err := s.Dial(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return s, c
}

// sent is what the webhooks of these tests send.
type sent struct {
	ID    orm.ID[odoo.ResPartner] `odoo:"id"`
	Name  string                  `odoo:"name"`
	Image []byte                  `odoo:"image_1920"`
	At    time.Time               `odoo:"write_date"`
}

// receiver receives webhooks as texts, at its address.
func receiver(t *testing.T) (string, <-chan string) {
	t.Helper()
	events := make(chan string, 100)
	h, err := webhook.Handler(secret, func(_ context.Context, e webhook.Event[sent]) error {
		events <- fmt.Sprintf("%s %s %s", e.Kinds, e.Record.Name, e.Record.Image)
		if e.Record.At.Nanosecond() == 0 || e.Action.ID == 0 {
			t.Errorf("%+v", e)
		}
		return nil
	}, webhook.OnError(func(err error) { t.Error(err) }))
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(h)
	t.Cleanup(func() {
		server.Close()
		if err := h.Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	return server.URL + "/odoo/" + secret, events
}

func expect(t *testing.T, events <-chan string, want ...string) {
	t.Helper()
	for _, w := range want {
		select {
		case got := <-events:
			if got != w {
				t.Errorf("got %q, want %q", got, w)
			}
		case <-time.After(10 * time.Second):
			t.Fatalf("no %q", w)
		}
	}
	select {
	case got := <-events:
		t.Errorf("also %q", got)
	case <-time.After(20 * time.Millisecond):
	}
}

func TestInstalledWebhooksArrive(t *testing.T) {
	for _, series := range []string{"17.0", "18.0", "19.0"} {
		t.Run(series, func(t *testing.T) {
			s, c := startOdoo(t, series)
			ctx := t.Context()
			address, events := receiver(t)
			hooks, err := webhook.Install[sent](ctx, c, address, webhook.Created|webhook.Written|webhook.Deleted,
				webhook.On(p.Name), webhook.If(orm.Ne(p.Ref, "quiet")))
			if err != nil || len(hooks) != 2 || hooks[0].URL != address || hooks[0].Kinds != webhook.Created|webhook.Written || hooks[1].Kinds != webhook.Deleted {
				t.Fatal(hooks, err)
			}
			id, err := orm.Create(ctx, c, odoo.ResPartnerValues{Name: orm.Set("A"), Image1920: orm.Set([]byte("hello"))})
			if err != nil {
				t.Fatal(err)
			}
			expect(t, events, "created+written A hello")
			write := func(v odoo.ResPartnerValues) {
				t.Helper()
				if err := orm.Write(ctx, c, orm.On(id), v); err != nil {
					t.Fatal(err)
				}
			}
			write(odoo.ResPartnerValues{Name: orm.Set("A")})
			write(odoo.ResPartnerValues{Ref: orm.Set("x")})
			expect(t, events)
			write(odoo.ResPartnerValues{Name: orm.Set("B")})
			expect(t, events, "created+written B hello")
			write(odoo.ResPartnerValues{Name: orm.Set("C"), Ref: orm.Set("quiet")})
			expect(t, events)
			write(odoo.ResPartnerValues{Ref: orm.Set("x")})
			if err := orm.Unlink(ctx, c, orm.On(id)); err != nil {
				t.Fatal(err)
			}
			expect(t, events, "deleted C hello")

			s.Deliver(func(d odootest.Delivery) []time.Duration {
				switch {
				case !d.Webhook || !strings.HasPrefix(d.To, address):
					t.Errorf("%+v", d)
				case strings.Contains(string(d.Body), `"lost"`):
					return nil
				case strings.Contains(string(d.Body), `"late"`):
					return []time.Duration{100 * time.Millisecond}
				}
				return []time.Duration{0, 0}
			})
			for _, name := range []string{"lost", "late", "twice"} {
				if _, err := orm.Create(ctx, c, odoo.ResPartnerValues{Name: orm.Set(name)}); err != nil {
					t.Fatal(err)
				}
			}
			expectAll := []string{"created+written twice ", "created+written twice ", "created+written late "}
			for _, want := range expectAll {
				if got := <-events; got != want {
					t.Errorf("got %q, want %q", got, want)
				}
			}
			s.Deliver(nil)
			if err := webhook.Remove(ctx, c, hooks...); err != nil {
				t.Error(err)
			}
			if left, err := webhook.List(ctx, c); err != nil || len(left) != 0 {
				t.Error(left, err)
			}
		})
	}
}

// Until 18, Odoo sends within the transaction: what is rolled back was sent as well.
func TestWebhooksOfTransactionsThatFail(t *testing.T) {
	for series, want := range map[string][]string{"17.0": {"created+written A "}, "18.0": {"created+written A "}, "19.0": nil} {
		t.Run(series, func(t *testing.T) {
			_, c := startOdoo(t, series)
			address, events := receiver(t)
			if _, err := webhook.Install[sent](t.Context(), c, address, webhook.Created|webhook.Written, webhook.On(p.Name)); err != nil {
				t.Fatal(err)
			}
			_, err := orm.CreateMany(t.Context(), c, []odoo.ResPartnerValues{{Name: orm.Set("A")}, {Name: orm.Set("B"), ParentID: orm.Set(orm.ID[odoo.ResPartner](99999))}})
			if err == nil {
				t.Fatal("the transaction has not failed")
			}
			expect(t, events, want...)
		})
	}
}

func TestWhatInstallRefuses(t *testing.T) {
	_, c := startOdoo(t, "19.0")
	type unknown struct {
		X string `odoo:"x_nothing"`
	}
	type varies struct {
		Taxes []orm.ID[odoo.ResPartner] `odoo:"tax_ids|tax_id"`
	}
	ctx, saved, address := t.Context(), webhook.Created|webhook.Written, "http://127.0.0.1:1/x"
	on := webhook.On(p.Name)
	for want, install := range map[string]func() ([]webhook.Hook, error){
		"give the fields that trigger it": func() ([]webhook.Hook, error) { return webhook.Install[sent, odoo.ResPartner](ctx, c, address, saved) },
		"no effect on deletions":          func() ([]webhook.Hook, error) { return webhook.Install[sent](ctx, c, address, webhook.Deleted, on) },
		"kinds of changes are missing":    func() ([]webhook.Hook, error) { return webhook.Install[sent](ctx, c, address, 0, on) },
		"not a URL":                       func() ([]webhook.Hook, error) { return webhook.Install[sent](ctx, c, "shop.example/x", saved, on) },
		"has a query":                     func() ([]webhook.Hook, error) { return webhook.Install[sent](ctx, c, address+"?a=b", saved, on) },
		"has all fields of its model":     func() ([]webhook.Hook, error) { return webhook.Install[odoo.ResPartner](ctx, c, address, saved, on) },
		"x_nothing":                       func() ([]webhook.Hook, error) { return webhook.Install[unknown](ctx, c, address, saved, on) },
		"depends on the server":           func() ([]webhook.Hook, error) { return webhook.Install[varies](ctx, c, address, saved, on) },
		"display_name is not stored": func() ([]webhook.Hook, error) {
			return webhook.Install[sent](ctx, c, address, saved, webhook.On(p.DisplayName))
		},
	} {
		if hooks, err := install(); err == nil || hooks != nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", want, err)
		}
	}
	for _, series := range []string{"14.0", "15.0", "16.0"} {
		_, c := startOdoo(t, series)
		_, err := webhook.Install[sent](ctx, c, address, saved, on)
		if !errors.Is(err, webhook.ErrUnsupported) || !strings.Contains(err.Error(), "outbox") {
			t.Errorf("%s: %v", series, err)
		}
	}
}

func TestCheckReportsWhatDoesNotWork(t *testing.T) {
	_, c := startOdoo(t, "19.0")
	ctx := t.Context()
	hooks, err := webhook.Install[sent](ctx, c, "http://127.0.0.1:1/x", webhook.Written, webhook.On(p.Name))
	if err != nil {
		t.Fatal(err)
	}
	if err := webhook.Check(ctx, c); err != nil {
		t.Error(err)
	}
	err = errors.Join(c.Model("base.automation").Write(ctx, []int64{hooks[0].ID}, orm.Args{"active": false}),
		c.Model("ir.actions.server").Write(ctx, []int64{hooks[0].Action}, orm.Args{"webhook_url": false}))
	if err != nil {
		t.Fatal(err)
	}
	if err := webhook.Check(ctx, c); err == nil || !strings.Contains(err.Error(), "the rule is archived; the server action has no address") {
		t.Error(err)
	}
}

// A webhook wakes a feed, also one of Odoo 17 and 18, which arrives before the change can be read.
func TestWebhookWakesAFeed(t *testing.T) {
	for _, series := range []string{"17.0", "18.0", "19.0"} {
		t.Run(series, func(t *testing.T) {
			s, c := startOdoo(t, series)
			w, err := webhook.Wake(secret)
			if err != nil {
				t.Fatal(err)
			}
			server := httptest.NewServer(w)
			defer server.Close()
			type row struct {
				Name string `odoo:"name"`
			}
			if _, err := webhook.Install[row](t.Context(), c, server.URL+"/"+secret, webhook.Created|webhook.Written, webhook.On(p.Name)); err != nil {
				t.Fatal(err)
			}
			f, err := feed.New[row](c, orm.Eq(p.Ref, "woken"))
			if err != nil {
				t.Fatal(err)
			}
			ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
			defer cancel()
			create := func(name string) {
				if _, err := orm.Create(ctx, s.Backstage(), odoo.ResPartnerValues{Name: orm.Set(name), Ref: orm.Set("woken")}); err != nil {
					t.Error(err)
				}
			}
			create("A")
			var got []string
			for batch, err := range f.Batches(ctx, feed.Every(time.Hour), feed.Wake(w.C)) {
				if err != nil {
					t.Fatal(err)
				}
				for _, change := range batch.Changes {
					got = append(got, change.Record.Name)
				}
				if err := batch.Commit(ctx); err != nil {
					t.Fatal(err)
				}
				if len(got) == 2 {
					break
				}
				create("B")
			}
			if strings.Join(got, " ") != "A B" {
				t.Errorf("received %v", got)
			}
		})
	}
}
