//go:build live

package introspect_test

import (
	"os"
	"testing"

	"github.com/odoogen/odoogen/introspect/diff"
)

// Of one server, as the administrator and an ordinary user see it, nothing was removed or added: it is not visible.
func TestLiveNotVisibleIsNotRemoved(t *testing.T) {
	admin := dialLive(t, os.Getenv("ODOO_USER"), os.Getenv("ODOO_PASSWORD"))
	const login, password = "odoogen-diff", "kH7-ordinary-differ"
	makeUser(t, admin, login, password)
	models := []string{"res.partner", "res.users", "res.company", "ir.mail_server", "ir.cron", "res.currency"}
	full, narrow := pull(t, admin, models...), pull(t, dialLive(t, login, password), models...)

	hidden := map[diff.Subject]int{}
	for _, c := range diff.Compare(full, narrow).Changes {
		if c.Action == diff.Removed || c.Action == diff.Added || c.Action == diff.Renamed {
			t.Errorf("from the administrator to the user: %+v", c)
		}
		if c.Action == diff.Hidden {
			hidden[c.Subject]++
		}
	}
	if hidden[diff.Model] == 0 || hidden[diff.Field] == 0 {
		t.Errorf("not visible are %v", hidden)
	}
	back := diff.Compare(narrow, full)
	for _, c := range back.Changes {
		if c.Action == diff.Removed || c.Action == diff.Added || c.Action == diff.Renamed {
			t.Errorf("from the user to the administrator: %+v", c)
		}
	}
	if len(back.Unknown) == 0 {
		t.Error("the report does not say what the user could not see")
	}
}
