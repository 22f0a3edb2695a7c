//go:build live

package livetest

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"testing"
	"time"

	"github.com/odoogen/odoogen/internal/odoofacts"
	orm "github.com/odoogen/odoogen/runtime"
	"github.com/odoogen/odoogen/runtime/bus"
)

// A signal is installed, and arrives on the bus within a second: with a web session and without a login.
func TestLiveBusSignal(t *testing.T) {
	ctx, c := t.Context(), dialFull(t, env(t, "ODOO_USER"), env(t, "ODOO_PASSWORD"))
	channel := must[string](t)(bus.Signal[Tag](ctx, c))
	defer func() {
		if err := bus.RemoveSignal[Tag](context.Background(), c); err != nil {
			t.Error(err)
		}
	}()
	if again := must[string](t)(bus.Signal(ctx, c, bus.On(TagF.Name))); again != channel || len(channel) < 30 {
		t.Errorf("the channel is %q, then %q", channel, again)
	}
	for name, options := range map[string][]orm.DialOption{
		"web session":     {orm.Password(env(t, "ODOO_USER"), env(t, "ODOO_PASSWORD")), orm.Using(orm.WebSession)},
		"without a login": {orm.APIKey(env(t, "ODOO_USER"), env(t, "ODOO_FULL_API_KEY"))},
	} {
		t.Run(name, func(t *testing.T) {
			listener := dialLive(t, append(options, orm.Database(env(t, "ODOO_FULL_DB")))...)
			got := listen(t, listener, bus.Channel(channel))
			began := time.Now()
			id := must[orm.ID[Tag]](t)(orm.Create(ctx, c, TagValues{Name: orm.Set("odoogen signal")}))
			expectChanged(t, got, int64(id), began)
			began = time.Now()
			if err := orm.Write(ctx, c, orm.On(id), TagValues{Name: orm.Set("odoogen signal 2")}); err != nil {
				t.Fatal(err)
			}
			expectChanged(t, got, int64(id), began)
			began = time.Now()
			if err := orm.Unlink(ctx, c, orm.On(id)); err != nil {
				t.Fatal(err)
			}
			expectChanged(t, got, int64(id), began)
		})
	}
}

// Where a proxy has no websocket, as with workers, the peek route serves: with a web session and without a login.
func TestLiveBusPeek(t *testing.T) {
	ctx, c := t.Context(), dialFull(t, env(t, "ODOO_USER"), env(t, "ODOO_PASSWORD"))
	if !odoofacts.BusWebSocket.InSeries(c.Version().Series) {
		return // long polling has no such route
	}
	to := must[*url.URL](t)(url.Parse(env(t, "ODOO_URL")))
	proxy := httputil.NewSingleHostReverseProxy(to)
	gateway := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/websocket" {
			http.Error(w, "Couldn't bind the websocket", http.StatusInternalServerError)
			return
		}
		proxy.ServeHTTP(w, r)
	}))
	defer gateway.Close()
	channel := must[string](t)(bus.Signal[Tag](ctx, c))
	defer func() {
		if err := bus.RemoveSignal[Tag](context.Background(), c); err != nil {
			t.Error(err)
		}
	}()
	for name, options := range map[string][]orm.DialOption{
		"web session":     {orm.Password(env(t, "ODOO_USER"), env(t, "ODOO_PASSWORD")), orm.Using(orm.WebSession)},
		"without a login": {orm.APIKey(env(t, "ODOO_USER"), env(t, "ODOO_FULL_API_KEY"))},
	} {
		t.Run(name, func(t *testing.T) {
			listener := must[*orm.Client](t)(orm.Dial(ctx, gateway.URL, append(options, orm.Database(env(t, "ODOO_FULL_DB")))...))
			got := listen(t, listener, bus.Channel(channel), bus.Every(200*time.Millisecond))
			began := time.Now()
			id := must[orm.ID[Tag]](t)(orm.Create(ctx, c, TagValues{Name: orm.Set("odoogen peek")}))
			expectChanged(t, got, int64(id), began)
			if err := orm.Unlink(ctx, c, orm.On(id)); err != nil {
				t.Fatal(err)
			}
			expectChanged(t, got, int64(id), began)
		})
	}
}

// listen listens until the test ends. It returns when the connection stands.
func listen(t *testing.T, c *orm.Client, opts ...bus.Option) <-chan bus.Notification {
	t.Helper()
	out, connected := make(chan bus.Notification, 1000), make(chan bus.Way, 100)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() {
		defer close(done)
		opts := append(opts, bus.OnState(func(s bus.State) {
			if s.Connected {
				connected <- s.Way
			}
		}))
		for n, err := range bus.Listen(ctx, c, opts...) {
			if err != nil {
				t.Error(err)
				return
			}
			out <- n
		}
	}()
	t.Cleanup(func() { cancel(); <-done })
	select {
	case way := <-connected:
		t.Logf("connected by %s", way)
	case <-done:
	case <-time.After(20 * time.Second):
		t.Fatal("no connection")
	}
	return out
}

// expectChanged waits for the signal of a record. Those of other records, such as earlier ones, are ignored.
func expectChanged(t *testing.T, got <-chan bus.Notification, id int64, began time.Time) {
	t.Helper()
	for timeout := time.After(20 * time.Second); ; {
		select {
		case n := <-got:
			changed, err := bus.Payload[bus.Changed](n)
			if err != nil || changed.Model != "res.partner.category" {
				t.Errorf("%+v: %v", n, err)
			}
			if len(changed.IDs) == 1 && changed.IDs[0] == id {
				t.Logf("received %v after the call began", time.Since(began).Round(time.Millisecond))
				return
			}
		case <-timeout:
			t.Fatal("no signal")
		}
	}
}
