//go:build live

package introspect_test

import (
	"bytes"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/odoogen/odoogen/introspect"
	"github.com/odoogen/odoogen/introspect/snapshot"
	orm "github.com/odoogen/odoogen/runtime"
)

func method(t *testing.T, s *snapshot.Schema, model, name string) snapshot.Method {
	t.Helper()
	m := find(t, s, model)
	i := slices.IndexFunc(m.Methods, func(m snapshot.Method) bool { return m.Name == name })
	if i < 0 {
		t.Fatalf("%s has no %s", model, name)
	}
	return m.Methods[i]
}

// TestLiveMethods finds the methods of the ordinary applications: with their signatures from 19 on, and the buttons
// before.
func TestLiveMethods(t *testing.T) {
	c := dialDatabase(t, os.Getenv("ODOO_FULL_DB"), os.Getenv("ODOO_USER"), os.Getenv("ODOO_PASSWORD"))
	var report introspect.MethodReport
	options := introspect.Options{Models: []string{"sale.order", "stock.picking", "stock.move", "account.payment.register"}, MethodReport: &report}
	s, err := introspect.Pull(t.Context(), c, options)
	if err != nil {
		t.Fatal(err)
	}
	t.Log(report.String())
	if report.Kept != s.MethodCount() || report.Found < report.Kept {
		t.Errorf("the report does not fit %d methods: %s", s.MethodCount(), report.String())
	}
	confirm, payments := method(t, s, "sale.order", "action_confirm"), method(t, s, "account.payment.register", "action_create_payments")
	validate := method(t, s, "stock.picking", "button_validate")
	if confirm.Label != "Confirm" || validate.Label != "Validate" || payments.Label == "" {
		t.Errorf("the labels of %+v, %+v, %+v", confirm, validate, payments)
	}
	if c.Version().Major < 19 {
		if confirm.Source != snapshot.SourceButton || s.Unseen.Methods != "" {
			t.Errorf("got %+v, %q", confirm, s.Unseen.Methods)
		}
		return
	}
	post := method(t, s, "sale.order", "message_post")
	if confirm.Source != snapshot.SourceDoc || confirm.Returns != "bool" || confirm.Module != "sale" || post.Params[0].Kind != snapshot.KeywordOnly {
		t.Errorf("got %+v, %+v", confirm, post)
	}
	withKey, err := orm.Dial(t.Context(), os.Getenv("ODOO_URL"), orm.Database(os.Getenv("ODOO_FULL_DB")),
		orm.APIKey(os.Getenv("ODOO_USER"), os.Getenv("ODOO_FULL_API_KEY")))
	if err != nil {
		t.Fatal(err)
	}
	again, err := introspect.Pull(t.Context(), withKey, options)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(must(t, s), must(t, again)) {
		t.Error("the snapshot with an API key differs from that with a password")
	}
}

// TestLiveMethodsWithoutTheRight pulls what a user may see who is no administrator.
func TestLiveMethodsWithoutTheRight(t *testing.T) {
	c := dialLive(t, "demo", "demo")
	s := pull(t, c, "res.partner")
	if want := map[bool]string{true: snapshot.NoDocsRight}[c.Version().Major >= 19]; s.Unseen.Methods != want {
		t.Errorf("the reason is %q, want %q", s.Unseen.Methods, want)
	}
	if n := s.MethodCount(); n != 0 {
		t.Errorf("%d methods", n)
	}
	_, err := introspect.Pull(t.Context(), c, introspect.Options{Models: []string{"res.partner"}, Methods: introspect.MethodsDocs})
	if err == nil || !strings.HasPrefix(err.Error(), "the server gives no documentation of methods: ") {
		t.Errorf("asking for documentation gives: %v", err)
	}
}
