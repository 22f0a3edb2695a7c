//go:build live

package livetest

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/odoogen/odoogen/introspect"
	"github.com/odoogen/odoogen/introspect/snapshot"
	orm "github.com/odoogen/odoogen/runtime"
	"github.com/odoogen/odoogen/runtime/schema"
)

// fullLive logs in to the database with all applications.
func fullLive(t *testing.T, login, password string, p orm.Protocol) *orm.Client {
	t.Helper()
	return dialLive(t, orm.Database(env(t, "ODOO_FULL_DB")), orm.Password(login, password), orm.Using(p))
}

// liveSchema is the schema of models as generated packages have it.
func liveSchema(t *testing.T, c *orm.Client, models ...string) []schema.Model {
	t.Helper()
	s := must[*snapshot.Schema](t)(introspect.Pull(t.Context(), c, introspect.Options{Models: models, Methods: introspect.MethodsNone}))
	var out []schema.Model
	for _, m := range s.Models {
		sm := schema.Model{Name: m.Name, Go: "M"}
		for _, f := range m.Fields {
			sm.Fields = append(sm.Fields, schema.Field{Name: f.Name, Type: f.Type, Relation: f.Relation, Required: f.Required, Computed: f.Computed})
		}
		out = append(out, sm)
	}
	return out
}

// What was pulled is what the server has: by the list of all fields and by asking each model.
func TestLiveVerifySchema(t *testing.T) {
	admin := fullLive(t, env(t, "ODOO_USER"), env(t, "ODOO_PASSWORD"), orm.Automatic)
	all := liveSchema(t, admin, "res.*", "sale.*", "crm.*", "product.*", "account.*", "ir.model*", "mail.*")
	started := time.Now()
	if err := schema.Check(t.Context(), admin, schema.Make(all...)); err != nil {
		t.Errorf("nothing has changed: %v", err)
	}
	t.Logf("%d models in %s", len(all), time.Since(started))

	portal := fullLive(t, "portal", "portal", orm.WebSession)
	some := slices.DeleteFunc(liveSchema(t, portal, "res.partner", "res.country", "res.currency"), func(m schema.Model) bool { return len(m.Fields) == 0 })
	if err := schema.Check(t.Context(), portal, schema.Make(some...)); err != nil {
		t.Errorf("nothing has changed for a user of the portal: %v", err)
	}
}

func TestLiveVerifySchemaOfAnotherServer(t *testing.T) {
	admin := fullLive(t, env(t, "ODOO_USER"), env(t, "ODOO_PASSWORD"), orm.Automatic)
	partner := liveSchema(t, admin, "res.partner")[0]
	visible := liveSchema(t, fullLive(t, "demo", "demo", orm.WebSession), "res.partner")[0]
	has := func(f schema.Field) bool {
		return slices.ContainsFunc(visible.Fields, func(v schema.Field) bool { return v.Name == f.Name })
	}
	hidden := slices.DeleteFunc(slices.Clone(partner.Fields), has)
	if len(hidden) == 0 {
		t.Fatal("no field of res.partner is hidden from an employee")
	}
	expected := schema.Make(
		schema.Model{Name: "no.such.model", Go: "M"},
		schema.Model{Name: "res.partner", Go: "M", Fields: []schema.Field{
			{Name: "active", Type: "char"},
			{Name: "email_normalized", Type: "char"},
			{Name: "no_such_field", Type: "char"},
			{Name: "parent_id", Type: "many2one", Relation: "res.country"},
			{Name: "comment", Type: "char"},
			hidden[0],
		}},
	)
	want := []string{
		"no.such.model: gone",
		"res.partner.active: other type: boolean, was char",
		"res.partner.no_such_field: gone",
		"res.partner.parent_id: other relation: res.partner, was res.country",
	}
	if diff := cmp.Diff(want, differences(t, schema.Check(t.Context(), admin, expected))); diff != "" {
		t.Errorf("the administrator (-want +got):\n%s", diff)
	}
	for _, p := range []orm.Protocol{orm.WebSession, orm.JSONRPC} {
		err := schema.Check(t.Context(), fullLive(t, "portal", "portal", p), expected)
		got := differences(t, err)
		hiddenLine := "res.partner." + hidden[0].Name + ": not visible to this user"
		if diff := cmp.Diff(append(slices.Clone(want), hiddenLine), got); diff != "" {
			t.Errorf("a user of the portal, by %s (-want +got):\n%s", p, diff)
		}
	}
	options := []orm.DialOption{orm.Database(env(t, "ODOO_FULL_DB")), orm.Password(env(t, "ODOO_USER"), env(t, "ODOO_PASSWORD")), schema.Verify(expected)}
	_, err := orm.Dial(t.Context(), env(t, "ODOO_URL"), options...)
	if e := new(schema.Error); !errors.As(err, &e) || len(e.Differences) != len(want) {
		t.Errorf("Dial: %v", err)
	}
}

// differences are those of a schema.Error, as text.
func differences(t *testing.T, err error) []string {
	t.Helper()
	var e *schema.Error
	if !errors.As(err, &e) {
		t.Fatalf("got %v, want a schema.Error", err)
	}
	var out []string
	for _, d := range e.Differences {
		out = append(out, d.String())
	}
	return out
}
