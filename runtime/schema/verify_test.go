package schema_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/odoogen/odoogen/introspect/snapshot"
	orm "github.com/odoogen/odoogen/runtime"
	"github.com/odoogen/odoogen/runtime/admin"
	"github.com/odoogen/odoogen/runtime/odootest"
	"github.com/odoogen/odoogen/runtime/schema"
)

// verifySnapshot is a server with two models.
func verifySnapshot(series string) *snapshot.Schema {
	return &snapshot.Schema{Format: snapshot.Format, Server: snapshot.Server{Series: series, Version: series}, Models: []snapshot.Model{
		{Name: "res.partner", Label: "Contact", Fields: []snapshot.Field{
			{Name: "barcode", Type: "char", Computed: true},
			{Name: "comment", Type: "html"},
			{Name: "country_id", Type: "many2one", Relation: "res.state"},
			{Name: "id", Type: "integer"},
			{Name: "name", Type: "char", Required: true},
			{Name: "rank", Type: "float"},
		}},
		{Name: "res.state", Label: "State", Fields: []snapshot.Field{{Name: "id", Type: "integer"}, {Name: "name", Type: "char"}}},
	}}
}

// verifySchema is what bindings of an older server expect.
var verifySchema = schema.Make(
	schema.Model{Name: "mail.channel", Go: "MailChannel"},
	schema.Model{Name: "res.partner", Go: "ResPartner", Fields: []schema.Field{
		{Name: "barcode", Type: "char"},
		{Name: "comment", Type: "text"}, // a string in Go too
		{Name: "country_id", Type: "many2one", Relation: "res.country"},
		{Name: "id", Type: "integer"},
		{Name: "mobile", Type: "char"},
		{Name: "name", Type: "char"},
		{Name: "rank", Type: "integer"},
	}},
	schema.Model{Name: "res.state", Go: "ResState", Fields: []schema.Field{{Name: "name", Type: "char"}}},
)

var verifyWant = []string{
	"mail.channel: gone",
	"res.partner.barcode: not stored now",
	"res.partner.country_id: other relation: res.state, was res.country",
	"res.partner.mobile: gone",
	"res.partner.name: required now",
	"res.partner.rank: other type: float, was integer",
}

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

func verifyServer(t *testing.T, s *snapshot.Schema) *odootest.Server {
	t.Helper()
	server, err := odootest.Start(s)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(server.Close)
	return server
}

// By one list of all fields, and, for users who may not read that, by asking each model.
func TestCheck(t *testing.T) {
	for _, series := range []string{"14.0", "15.0", "16.0", "17.0", "18.0", "19.0"} {
		for _, ordinary := range []bool{false, true} {
			s := verifySnapshot(series)
			s.Unseen.Fields = ordinary
			c, err := verifyServer(t, s).Dial(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(verifyWant, differences(t, schema.Check(t.Context(), c, verifySchema))); diff != "" {
				t.Errorf("Odoo %s, ordinary user %v (-want +got):\n%s", series, ordinary, diff)
			}
			if err := schema.Check(t.Context(), c, schema.Text("res.state ResState\n name char\n")); err != nil {
				t.Errorf("nothing differs: %v", err)
			}
		}
	}
}

// Odoo 15 to 18 list no field of abstract models that declare none, not even the id.
func TestCheckOfAbstractModels(t *testing.T) {
	for _, series := range []string{"15.0", "16.0", "17.0", "18.0"} {
		for _, ordinary := range []bool{false, true} {
			s := verifySnapshot(series)
			s.Unseen.Fields = ordinary
			s.Models = append(s.Models, snapshot.Model{Name: "base", Label: "Base"}, snapshot.Model{Name: "mail.render.mixin", Kind: snapshot.Abstract})
			c, err := verifyServer(t, s).Dial(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			own := schema.Text("base Base\nmail.render.mixin MailRenderMixin\nres.state ResState\n name char\n")
			if err := schema.Check(t.Context(), c, own); err != nil {
				t.Errorf("Odoo %s, ordinary user %v: nothing differs: %v", series, ordinary, err)
			}
			of19 := schema.Text("base Base\n display_name char ~\n id integer\nno.model NoModel\n id integer\n")
			if got := differences(t, schema.Check(t.Context(), c, of19)); !slices.Equal(got, []string{"no.model: gone"}) {
				t.Errorf("Odoo %s, ordinary user %v: %q", series, ordinary, got)
			}
		}
	}
}

// A package for several servers accepts any of the names of a field, and a server without what is optional.
func TestCheckOfSeveralServers(t *testing.T) {
	expected := schema.Make(
		schema.Model{Name: "mail.channel", Go: "MailChannel", Optional: true},
		schema.Model{Name: "res.partner", Go: "ResPartner", Partial: true, Fields: []schema.Field{
			{Name: "grade|rank", Type: "float"},
			{Name: "phone|mobile", Type: "char"},
			{Name: "title|comment", Type: "integer"},
			{Name: "x_region?", Type: "char"},
		}},
	)
	if models, err := expected.Models(); err != nil || !models[0].Optional || models[0].Partial || models[1].Optional || !models[1].Partial {
		t.Errorf("read back: %+v, %v", models, err)
	}
	for _, ordinary := range []bool{false, true} {
		s := verifySnapshot("16.0")
		s.Unseen.Fields = ordinary
		c, err := verifyServer(t, s).Dial(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		want := []string{"res.partner.phone: gone", "res.partner.title: other type: html, was integer"}
		if diff := cmp.Diff(want, differences(t, schema.Check(t.Context(), c, expected))); diff != "" {
			t.Errorf("ordinary user %v (-want +got):\n%s", ordinary, diff)
		}
	}
}

type verifyPartner struct{}

func (*verifyPartner) OdooModel() string { return "res.partner" }

type verifyOther struct{}

func (*verifyOther) OdooModel() string { return "res.other" }

func TestOnly(t *testing.T) {
	c, err := verifyServer(t, verifySnapshot("19.0")).Dial(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	got := differences(t, schema.Check(t.Context(), c, verifySchema, schema.Only((*verifyPartner)(nil))))
	if !slices.Equal(got, verifyWant[1:]) {
		t.Errorf("%q", got)
	}
	err = schema.Check(t.Context(), c, verifySchema, schema.Only((*verifyOther)(nil)))
	if err == nil || !strings.Contains(err.Error(), "the schema has no res.other") {
		t.Errorf("a model that the schema does not have: %v", err)
	}
	if err := schema.Check(t.Context(), c, "broken"); err == nil {
		t.Error("a broken schema is taken")
	}
}

func TestDialVerifies(t *testing.T) {
	server := verifyServer(t, verifySnapshot("19.0"))
	options := []orm.DialOption{orm.Database("demo"), orm.Password("admin", "admin")}
	c, err := orm.Dial(t.Context(), server.URL, append(options, schema.Verify(verifySchema))...)
	if c != nil || len(differences(t, err)) != len(verifyWant) {
		t.Errorf("%v, %v", c, err)
	}
	if _, err := orm.Dial(t.Context(), server.URL, append(options, schema.Verify("res.state ResState\n"))...); err != nil {
		t.Error(err)
	}
}

// A server without a login is not verified.
func TestVerifyNeedsALogin(t *testing.T) {
	if _, err := admin.NewServer("https://erp.example.com", schema.Verify("")); err == nil || !strings.Contains(err.Error(), "the option schema.Verify has no effect") {
		t.Errorf("got %v", err)
	}
}

// An error lists the first twenty.
func TestErrorIsShort(t *testing.T) {
	e := &schema.Error{Server: orm.Version{Series: "19.0"}}
	for range 25 {
		e.Differences = append(e.Differences, schema.Difference{Model: "m", Field: "f", Kind: schema.Gone})
	}
	if lines := strings.Split(e.Error(), "\n"); len(lines) != 22 || lines[21] != "  and 5 more" {
		t.Errorf("%q", lines)
	}
}
