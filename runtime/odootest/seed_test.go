package odootest_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/odoogen/odoogen/generated/odoo"
	orm "github.com/odoogen/odoogen/runtime"
	"github.com/odoogen/odoogen/runtime/odootest"
)

func TestSeedJSON(t *testing.T) {
	t.Parallel()
	s := odootest.New(t, small("19.0"))
	must(t, s.SeedJSON([]byte(`{
		"x.tag":  [{"id": "t.a", "name": "a"}, {"id": "t.b", "name": "b"}],
		"x.node": [{"id": "t.root", "name": "root", "tag_ids/id": ["t.a", "t.b"], "line_ids": [{"quantity": 1}, {"quantity": 2}]},
		           {"name": "child", "parent_id/id": "t.root", "tag_ids": [[6, 0, [1]]]}]
	}`)))
	kw(t, s, "x.node", "search_read", []any{[]any{}, []any{"name", "parent_id", "tag_ids", "line_ids"}}, nil).
		result(t, `[{"id":1,"name":"root","parent_id":false,"tag_ids":[1,2],"line_ids":[1,2]},{"id":2,"name":"child","parent_id":[1,"root"],"tag_ids":[1],"line_ids":[]}]`)
	must(t, s.SeedJSON([]byte(`{"x.tag": [{"id": "t.a", "name": "renamed"}]}`)))
	kw(t, s, "x.tag", "search_read", []any{[]any{}, []any{"name"}}, nil).result(t, `[{"id":1,"name":"renamed"},{"id":2,"name":"b"}]`)
	equal(t, "calls", len(s.Calls()), 2) // seeding is none
}

func TestSeedErrors(t *testing.T) {
	t.Parallel()
	s := odootest.New(t, small("19.0"))
	for seed, want := range map[string]string{
		`[]`:                "want an object with a list of records for each model",
		`{"x.tag": {}}`:     "x.tag: want a list of records",
		`{"x.tag": [1]}`:    "x.tag, record 1: want an object",
		`{"no.such": [{}]}`: "no.such, record 1: the model is not in the snapshot",
		`{"x.tag": [{"name": "a"}, {"name": "b", "nope": 1}]}`: "x.tag, record 2: Invalid field 'nope' in 'x.tag'",
		`{"x.node": [{"name": "a", "parent_id/id": "t.x"}]}`:   "External ID not found in the system: t.x",
		`{"x.tag": [{"name": "a"}`:                             "x.tag",
	} {
		if err := s.SeedJSON([]byte(seed)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", seed, err)
		}
	}
	kw(t, s, "x.tag", "search_count", []any{[]any{}}, nil).result(t, `0`) // all or nothing
}

func TestSeedFiles(t *testing.T) {
	t.Parallel()
	s := odootest.New(t, small("14.0"))
	write := func(name, text string) string {
		path := filepath.Join(t.TempDir(), name)
		must(t, os.WriteFile(path, []byte(text), 0o600))
		return path
	}
	must(t, s.SeedFile(write("x.node.csv", "id,name,rank\nt.root,root,3\n")))
	must(t, s.SeedFile(write("more.json", `{"x.node": [{"name": "leaf", "parent_id/id": "t.root"}]}`)))
	kw(t, s, "x.node", "search_read", []any{[]any{}, []any{"name", "rank", "parent_id"}}, nil).
		result(t, `[{"id":1,"name":"root","rank":3,"parent_id":false},{"id":2,"name":"leaf","rank":0,"parent_id":[1,"root"]}]`)
	for path, want := range map[string]string{
		write("x.node.csv", "id,name,rank\nt.a,a,1\nt.b,b,x\n"): "x.node.csv: row 3: ",
		write("x.node.csv", ""):                                 "no first line",
		write("no.such.csv", "id"):                              "the model no.such is not in the snapshot",
		write("seed.yaml", ""):                                  "want a file *.json",
		"nowhere.json":                                          "nowhere.json",
		write("bad.json", `{"a":`):                              "bad.json: ",
	} {
		if err := s.SeedFile(path); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", path, err)
		}
	}
}

func TestBackstage(t *testing.T) {
	t.Parallel()
	s := odootest.New(t, stock(t))
	s.Inject(odootest.On{}, odootest.Conflict())
	c := s.Backstage()
	id, err := orm.Create(t.Context(), c, odoo.ResPartnerValues{Name: orm.Set("Azure Interior")})
	must(t, err)
	p, err := orm.Get[odoo.ResPartner](t.Context(), c, id)
	must(t, err)
	equal(t, "name", p.Name, "Azure Interior")
	equal(t, "calls", len(s.Calls()), 0)
}
