//go:build live

package livetest

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	orm "github.com/odoogen/odoogen/runtime"
	"github.com/odoogen/odoogen/runtime/apikey"
)

// A key is made with the password, logs in, is listed with its expiry, and removed.
func TestLiveAPIKey(t *testing.T) {
	ctx, login, password := t.Context(), env(t, "ODOO_USER"), env(t, "ODOO_PASSWORD")
	c := dialLive(t, orm.Password(login, password), orm.Using(orm.WebSession))
	named := func(name string) []apikey.Key {
		return slices.DeleteFunc(must[[]apikey.Key](t)(apikey.List(ctx, c)), func(k apikey.Key) bool { return k.Name != name })
	}
	clear := func() {
		for _, k := range named("odoogen test") {
			if err := apikey.Remove(context.Background(), c, password, k.ID); err != nil {
				t.Error(err)
			}
		}
	}
	defer clear()
	var times []time.Time
	if c.Version().Major >= 18 {
		times = []time.Time{time.Now().AddDate(0, 1, 0).Truncate(time.Second), {}}
	} else {
		if _, err := apikey.New(ctx, c, password, "odoogen test", time.Now().AddDate(0, 1, 0)); err == nil || !strings.Contains(err.Error(), "do not expire") {
			t.Errorf("a key that expires: %v", err)
		}
		times = []time.Time{{}}
	}
	if _, err := apikey.New(ctx, c, "wrong", "odoogen test", time.Time{}); !errors.Is(err, orm.ErrAccessDenied) {
		t.Errorf("a wrong password: %v", err)
	}
	if found := named("odoogen test"); len(found) != 0 {
		t.Fatalf("there are keys: %+v", found)
	}
	for _, expires := range times {
		key := must[string](t)(apikey.New(ctx, c, password, "odoogen test", expires))
		user := dialLive(t, orm.APIKey(login, key), orm.Using(orm.JSONRPC))
		if user.UID() != c.UID() {
			t.Errorf("the key is of the user %d", user.UID())
		}
		found := named("odoogen test")
		if len(found) != 1 || !found[0].Expires.Equal(expires) || time.Since(found[0].Created).Abs() > time.Hour {
			t.Fatalf("made a key until %v: %+v", expires, found)
		}
		if _, err := apikey.New(ctx, user, password, "odoogen test", time.Time{}); err == nil || !strings.Contains(err.Error(), "web sessions only") {
			t.Errorf("a key of a key: %v", err)
		}
		if listed := must[[]apikey.Key](t)(apikey.List(ctx, user)); !slices.ContainsFunc(listed, func(k apikey.Key) bool { return k.ID == found[0].ID }) {
			t.Errorf("with the key: %+v", listed)
		}
		clear()
		if _, err := orm.Dial(ctx, env(t, "ODOO_URL"), orm.Database(env(t, "ODOO_DB")), orm.APIKey(login, key), orm.Using(orm.JSONRPC)); !errors.Is(err, orm.ErrAccessDenied) {
			t.Errorf("the removed key: %v", err)
		}
		if err := apikey.Remove(ctx, c, password, found[0].ID); !errors.Is(err, orm.ErrNoRecord) {
			t.Errorf("removed twice: %v", err)
		}
	}
}
