package orm_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/odoogen/odoogen/introspect/snapshot"
	orm "github.com/odoogen/odoogen/runtime"
	"github.com/odoogen/odoogen/runtime/odootest"
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
var verifySchema = orm.MakeSchema(
	orm.SchemaModel{Name: "mail.channel", Go: "MailChannel"},
	orm.SchemaModel{Name: "res.partner", Go: "ResPartner", Fields: []orm.SchemaField{
		{Name: "barcode", Type: "char"},
		{Name: "comment", Type: "text"}, // a string in Go too
		{Name: "country_id", Type: "many2one", Relation: "res.country"},
		{Name: "id", Type: "integer"},
		{Name: "mobile", Type: "char"},
		{Name: "name", Type: "char"},
		{Name: "rank", Type: "integer"},
	}},
	orm.SchemaModel{Name: "res.state", Go: "ResState", Fields: []orm.SchemaField{{Name: "name", Type: "char"}}},
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
	var e *orm.SchemaError
	if !errors.As(err, &e) {
		t.Fatalf("got %v, want a SchemaError", err)
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
func TestVerifySchema(t *testing.T) {
	for _, series := range []string{"14.0", "15.0", "16.0", "17.0", "18.0", "19.0"} {
		for _, ordinary := range []bool{false, true} {
			s := verifySnapshot(series)
			s.Unseen.Fields = ordinary
			c, err := verifyServer(t, s).Dial(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(verifyWant, differences(t, c.VerifySchema(t.Context(), verifySchema))); diff != "" {
				t.Errorf("Odoo %s, ordinary user %v (-want +got):\n%s", series, ordinary, diff)
			}
			if err := c.VerifySchema(t.Context(), orm.Schema("res.state ResState\n name char\n")); err != nil {
				t.Errorf("nothing differs: %v", err)
			}
		}
	}
}

// Odoo 15 to 18 list no field of abstract models that declare none, not even the id.
func TestVerifySchemaOfAbstractModels(t *testing.T) {
	for _, series := range []string{"15.0", "16.0", "17.0", "18.0"} {
		for _, ordinary := range []bool{false, true} {
			s := verifySnapshot(series)
			s.Unseen.Fields = ordinary
			s.Models = append(s.Models, snapshot.Model{Name: "base", Label: "Base"}, snapshot.Model{Name: "mail.render.mixin", Kind: snapshot.Abstract})
			c, err := verifyServer(t, s).Dial(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			own := orm.Schema("base Base\nmail.render.mixin MailRenderMixin\nres.state ResState\n name char\n")
			if err := c.VerifySchema(t.Context(), own); err != nil {
				t.Errorf("Odoo %s, ordinary user %v: nothing differs: %v", series, ordinary, err)
			}
			of19 := orm.Schema("base Base\n display_name char ~\n id integer\nno.model NoModel\n id integer\n")
			if got := differences(t, c.VerifySchema(t.Context(), of19)); !slices.Equal(got, []string{"no.model: gone"}) {
				t.Errorf("Odoo %s, ordinary user %v: %q", series, ordinary, got)
			}
		}
	}
}

// A package for several servers accepts any of the names of a field, and a server without what is optional.
func TestVerifySchemaOfSeveralServers(t *testing.T) {
	schema := orm.MakeSchema(
		orm.SchemaModel{Name: "mail.channel", Go: "MailChannel", Optional: true},
		orm.SchemaModel{Name: "res.partner", Go: "ResPartner", Partial: true, Fields: []orm.SchemaField{
			{Name: "grade|rank", Type: "float"},
			{Name: "phone|mobile", Type: "char"},
			{Name: "title|comment", Type: "integer"},
			{Name: "x_region?", Type: "char"},
		}},
	)
	if models, err := schema.Models(); err != nil || !models[0].Optional || models[0].Partial || models[1].Optional || !models[1].Partial {
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
		if diff := cmp.Diff(want, differences(t, c.VerifySchema(t.Context(), schema))); diff != "" {
			t.Errorf("ordinary user %v (-want +got):\n%s", ordinary, diff)
		}
	}
}

type verifyPartner struct{}

func (*verifyPartner) OdooModel() string { return "res.partner" }

type verifyOther struct{}

func (*verifyOther) OdooModel() string { return "res.other" }

func TestVerifyModels(t *testing.T) {
	c, err := verifyServer(t, verifySnapshot("19.0")).Dial(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	got := differences(t, c.VerifySchema(t.Context(), verifySchema, orm.VerifyModels((*verifyPartner)(nil))))
	if !slices.Equal(got, verifyWant[1:]) {
		t.Errorf("%q", got)
	}
	err = c.VerifySchema(t.Context(), verifySchema, orm.VerifyModels((*verifyOther)(nil)))
	if err == nil || !strings.Contains(err.Error(), "the schema has no res.other") {
		t.Errorf("a model that the schema does not have: %v", err)
	}
	if err := c.VerifySchema(t.Context(), "broken"); err == nil {
		t.Error("a broken schema is taken")
	}
}

func TestDialVerifies(t *testing.T) {
	server := verifyServer(t, verifySnapshot("19.0"))
	options := []orm.DialOption{orm.Database("demo"), orm.Password("admin", "admin")}
	c, err := orm.Dial(t.Context(), server.URL, append(options, orm.VerifySchema(verifySchema))...)
	if c != nil || len(differences(t, err)) != len(verifyWant) {
		t.Errorf("%v, %v", c, err)
	}
	if _, err := orm.Dial(t.Context(), server.URL, append(options, orm.VerifySchema("res.state ResState\n"))...); err != nil {
		t.Error(err)
	}
}

// An error lists the first twenty.
func TestSchemaErrorIsShort(t *testing.T) {
	e := &orm.SchemaError{Server: orm.Version{Series: "19.0"}}
	for range 25 {
		e.Differences = append(e.Differences, orm.SchemaDifference{Model: "m", Field: "f", Kind: orm.Gone})
	}
	if lines := strings.Split(e.Error(), "\n"); len(lines) != 22 || lines[21] != "  and 5 more" {
		t.Errorf("%q", lines)
	}
}
