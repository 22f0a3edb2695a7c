//go:build live

package differential

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/odoogen/odoogen/introspect"
	"github.com/odoogen/odoogen/introspect/snapshot"
	orm "github.com/odoogen/odoogen/runtime"
	"github.com/odoogen/odoogen/runtime/admin"
)

var update = flag.Bool("update", false, "write down what the real server answers")

// TestLiveDifferential asks the real server, in a copy of its database, and compares.
func TestLiveDifferential(t *testing.T) {
	server, err := admin.NewServer(env(t, "ODOO_URL"))
	if err != nil {
		t.Fatal(err)
	}
	known, err := server.Version(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	version := known.Major
	if !slices.Contains(versions, version) {
		t.Fatalf("the suite has no operations for Odoo %s", known.Series)
	}
	database := scratch(t)
	s := newSide(t, env(t, "ODOO_URL"), database, env(t, "ODOO_USER"), env(t, "ODOO_PASSWORD"))
	s.prepare()
	real := &recording{Schema: s.pull(database), Present: s.present()}
	for _, o := range operations(version) {
		real.Answers = append(real.Answers, answered{o.text, s.run(o)})
	}
	if *update {
		real.write(t, version)
	}
	compare(t, version, real)
}

// TestLiveXMLRPC asks the real server, and compares its bytes with those of the embedded one.
func TestLiveXMLRPC(t *testing.T) {
	server, err := admin.NewServer(env(t, "ODOO_URL"))
	if err != nil {
		t.Fatal(err)
	}
	known, err := server.Version(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	s := &side{t: t, url: env(t, "ODOO_URL")}
	requests := xmlRequests()
	real := xmlText(requests, s.answersOf(requests, env(t, "ODOO_DB"), env(t, "ODOO_PASSWORD")))
	if *update {
		if err := os.WriteFile(xmlFile(known.Major), []byte(real), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	compareXML(t, known.Major, real)
}

func env(t *testing.T, name string) string {
	t.Helper()
	value := os.Getenv(name)
	if value == "" {
		t.Fatalf("%s is not set: run this with make test-live", name)
	}
	return value
}

// scratch is a copy of the small database that is dropped when the test ends.
func scratch(t *testing.T) string {
	t.Helper()
	server, err := admin.NewServer(env(t, "ODOO_URL"))
	if err != nil {
		t.Fatal(err)
	}
	d := server.Databases(env(t, "ODOO_MASTER_PASSWORD"))
	name := fmt.Sprintf("odoogen_differential_%d", time.Now().UnixNano())
	if err := d.Duplicate(t.Context(), env(t, "ODOO_DB"), name, admin.CopyOptions{}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.Drop(context.Background(), name); err != nil {
			t.Errorf("%s stays: %v", name, err)
		}
	})
	return name
}

// must is the result of a call that has to succeed.
func (s *side) must(model, method string, args []any, kwargs map[string]any) json.RawMessage {
	s.t.Helper()
	if kwargs == nil {
		kwargs = map[string]any{}
	}
	r := s.kw(call{model: model, method: method, args: args, kwargs: kwargs})
	if r.Error != nil {
		s.t.Fatalf("%s.%s: %s: %s", model, method, r.Error.Data.Name, r.Error.Data.Message)
	}
	return r.Result
}

func (s *side) read(into any, model, method string, args []any, kwargs map[string]any) {
	s.t.Helper()
	if err := json.Unmarshal(s.must(model, method, args, kwargs), into); err != nil {
		s.t.Fatal(err)
	}
}

// prepare makes the models, lets the user do everything with them, and adds a language and a company.
func (s *side) prepare() {
	models := map[string]int64{}
	for _, m := range customModels {
		fields := []any{}
		for _, f := range m.fields {
			fields = append(fields, []any{0, 0, f})
		}
		var id int64
		s.read(&id, "ir.model", "create", []any{map[string]any{"name": label(m.model), "model": m.model, "order": m.order, "field_id": fields}}, nil)
		models[m.model] = id
		s.must("ir.model.access", "create", []any{map[string]any{"name": m.model, "model_id": id, "perm_read": true, "perm_write": true, "perm_create": true, "perm_unlink": true}}, nil)
	}
	for _, model := range slices.Sorted(maps.Keys(customRelations)) {
		for _, f := range customRelations[model] {
			f = maps.Clone(f)
			f["model_id"] = models[model]
			s.must("ir.model.fields", "create", []any{f}, nil)
		}
	}
	var french []int64
	inactive := map[string]any{"context": map[string]any{"active_test": false}}
	s.read(&french, "res.lang", "search", []any{[]any{[]any{"code", "=", "fr_FR"}}}, inactive)
	s.must("res.lang", "write", []any{french, map[string]any{"active": true}}, nil)
	var company int64
	s.read(&company, "res.company", "create", []any{map[string]any{"name": "Other Ltd"}}, nil)
	s.must("res.users", "write", []any{[]any{2}, map[string]any{"company_ids": []any{[]any{4, company}}}}, nil)
}

func (s *side) pull(database string) *snapshot.Schema {
	s.t.Helper()
	ctx := s.t.Context()
	c, err := orm.Dial(ctx, s.url, orm.Database(database), orm.Password(env(s.t, "ODOO_USER"), env(s.t, "ODOO_PASSWORD")))
	if err != nil {
		s.t.Fatal(err)
	}
	schema, err := introspect.Pull(ctx, c, introspect.Options{Models: pulled})
	if err != nil {
		s.t.Fatal(err)
	}
	schema.Modules = nil
	for i := range schema.Models {
		schema.Models[i].Methods = nil
		for j := range schema.Models[i].Fields {
			schema.Models[i].Fields[j].Help = ""
		}
	}
	return schema
}

// present reads the records that are there in any case, and finds the last ids.
func (s *side) present() []present {
	s.t.Helper()
	var out []present
	for _, model := range slices.Sorted(maps.Keys(counted)) {
		p := present{Model: model}
		if model == "res.partner" {
			s.read(&p.Records, model, "search_read", []any{[]any{[]any{"user_ids", "!=", false}}, []string{"name"}}, map[string]any{"order": "id"})
		}
		s.read(&p.LastID, model, "create", []any{counted[model]}, nil)
		s.must(model, "unlink", []any{[]any{p.LastID}}, nil)
		out = append(out, p)
	}
	for _, model := range slices.Sorted(maps.Keys(presentFields)) {
		p := present{Model: model}
		s.read(&p.Records, model, "search_read", []any{[]any{}, presentFields[model]}, map[string]any{"order": "id"})
		for _, r := range p.Records {
			id, _ := r["id"].(float64)
			p.LastID = max(p.LastID, int64(id))
		}
		out = append(out, p)
	}
	return out
}

func (r *recording) write(t *testing.T, version int) {
	t.Helper()
	var b bytes.Buffer
	for _, p := range r.Present {
		line, err := json.Marshal(p)
		if err != nil {
			t.Fatal(err)
		}
		b.Write(append(line, '\n'))
	}
	b.WriteByte('\n')
	for _, a := range r.Answers {
		fmt.Fprintf(&b, "%s\n\t%s\n", a.Op, a.Answer)
	}
	if err := os.MkdirAll("testdata", 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(answerFile(version), b.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := r.Schema.WriteFile(schemaFile(version)); err != nil {
		t.Fatal(err)
	}
}
