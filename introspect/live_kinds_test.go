//go:build live

package introspect

import (
	"os"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/odoogen/odoogen/introspect/snapshot"
	orm "github.com/odoogen/odoogen/runtime"
	"github.com/odoogen/odoogen/runtime/access"
)

func dialFull(t testing.TB, options ...orm.DialOption) *orm.Client {
	t.Helper()
	db := os.Getenv("ODOO_FULL_DB")
	if db == "" {
		db = os.Getenv("ODOO_DB")
	}
	options = append(options, orm.Database(db), orm.Password(os.Getenv("ODOO_USER"), os.Getenv("ODOO_PASSWORD")))
	c, err := orm.Dial(t.Context(), os.Getenv("ODOO_URL"), options...)
	if err != nil {
		t.Fatalf("%v (run this with make test-live)", err)
	}
	return c
}

// The permissions computed from the access rules are those that the server reports for each model.
func TestLiveRightsAreThoseOfTheServer(t *testing.T) {
	p := &pull{Schema: new(snapshot.Schema), c: dialFull(t)}
	if err := p.pullCatalog(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := p.pullRights(t.Context()); err != nil || p.rights == nil {
		t.Fatal(p.rights, err)
	}
	asking := &pull{Schema: new(snapshot.Schema), c: p.c}
	for _, m := range p.known.models {
		for _, operation := range []access.Operation{access.Read, access.Create} {
			got, _ := p.may(t.Context(), &m, operation)
			want, err := asking.may(t.Context(), &m, operation)
			if m.Kind != snapshot.Abstract && (got != want || err != nil) {
				t.Errorf("may %s %s: %v, the server says %v, %v", operation, m.Name, got, want, err)
			}
		}
	}
}

// The kinds that no metadata shows.
func TestLiveKindsThatNothingTells(t *testing.T) {
	c := dialFull(t)
	kinds := map[string]snapshot.Kind{
		"sale.report":       snapshot.View, // on 14, the access rules let users create its records
		"purchase.report":   snapshot.View,
		"sale.order":        "",
		"mail.followers":    "", // a table that does not keep who wrote it
		"mail.notification": "",
		"website.track":     "",
		"mail.thread":       snapshot.Abstract,
		"web_tour.tour":     "",
	}
	// Models that some versions have, or whose kind is known on some versions only.
	var texts []string
	v := c.Version().Major
	for _, m := range []struct {
		name        string
		first, last int
		kind        snapshot.Kind
	}{
		{"lunch.product.report", 14, 14, ""},                // a view whose write is passed on to the product
		{"website.seo.metadata", 14, 14, snapshot.Abstract}, // the access rules let users read it
		{"website.seo.metadata", 19, 99, snapshot.Abstract},
		{"calendar.alarm_manager", 14, 14, snapshot.Abstract},
		{"ir.module.module.dependency", 14, 99, ""}, // a table of base, with foreign keys that are not listed
		{"mail.message.reaction", 15, 99, ""},       // a table all of whose fields are readonly
		{"purchase.bill.line.match", 18, 99, ""},    // a view whose write is passed on to the line
		{"account.root", 14, 99, snapshot.View},
		{"test_orm.view.str.id", 19, 99, snapshot.View},
	} {
		if m.first <= v && v <= m.last {
			kinds[m.name] = m.kind
		}
	}
	if v >= 18 {
		texts = append(texts, "account.root")
	}
	if v >= 19 {
		texts = append(texts, "test_orm.view.str.id")
	}
	var names []string
	for name := range kinds {
		names = append(names, name)
	}
	s, err := Pull(t.Context(), c, Options{Models: append(names, "account.account")})
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]snapshot.Kind{}
	for _, m := range s.Models {
		got[m.Name] = m.Kind
	}
	delete(got, "account.account")
	if diff := cmp.Diff(kinds, got); diff != "" {
		t.Errorf("kinds (-want +got):\n%s", diff)
	}
	if !slices.Equal(s.TextIDs, texts) {
		t.Errorf("models with texts for ids: %v, want %v", s.TextIDs, texts)
	}
}

// The ids of a model that is pointed to without being pulled are looked at too.
func TestLiveTextIDsOfTargets(t *testing.T) {
	c := dialFull(t)
	s, err := Pull(t.Context(), c, Options{Models: []string{"account.account"}})
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"account.root"}
	if c.Version().Major < 18 {
		want = nil // the IDs are numbers
	}
	if !slices.Equal(s.TextIDs, want) {
		t.Errorf("models with texts for ids: %v, want %v", s.TextIDs, want)
	}
}
