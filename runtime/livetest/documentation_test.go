//go:build live

package livetest

import (
	"encoding/json"
	"errors"
	"testing"

	orm "github.com/odoogen/odoogen/runtime"
)

// TestLiveDocumentation reads a page with each credential that may have one, and sees how the others are refused.
func TestLiveDocumentation(t *testing.T) {
	user, password, key := env(t, "ODOO_USER"), env(t, "ODOO_PASSWORD"), env(t, "ODOO_API_KEY")
	for name, test := range map[string]struct {
		c     *orm.Client
		model string
		want  error
	}{
		"web session":                  {dialLive(t, orm.Password(user, password)), "res.users", nil},
		"API key":                      {dialLive(t, orm.APIKey(user, key)), "res.users", nil},
		"API key over JSON-RPC":        {dialLive(t, orm.APIKey(user, key), orm.Using(orm.JSONRPC)), "res.users", nil},
		"password over JSON-RPC":       {dialLive(t, orm.Password(user, password), orm.Using(orm.JSONRPC)), "res.users", orm.ErrAccessDenied},
		"user without the right":       {dialLive(t, orm.Password("demo", "demo")), "res.users", orm.ErrAccess},
		"unknown model":                {dialLive(t, orm.APIKey(user, key)), "no.model", orm.ErrNotFound},
		"unknown model in the session": {dialLive(t, orm.Password(user, password)), "no.model", orm.ErrNotFound},
	} {
		t.Run(name, func(t *testing.T) {
			page, err := test.c.Model(test.model).Documentation(t.Context())
			if test.c.Version().Major < 19 {
				test.want = orm.ErrNotFound
			}
			if !errors.Is(err, test.want) {
				t.Fatalf("got %v, want %v", err, test.want)
			}
			var doc struct{ Methods map[string]json.RawMessage }
			if err == nil && (json.Unmarshal(page, &doc) != nil || doc.Methods["has_group"] == nil) {
				t.Errorf("no has_group in %.200s", page)
			}
		})
	}
}
