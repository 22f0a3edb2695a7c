package odootest_test

import (
	"testing"

	"github.com/odoogen/odoogen/runtime/odootest"
)

func TestWebRead(t *testing.T) {
	t.Parallel()
	s := odootest.New(t, small("17.0"))
	must(t, s.SeedJSON([]byte(`{
		"x.tag":  [{"id": "t.a", "name": "a"}, {"id": "t.b", "name": "b"}],
		"x.node": [{"id": "t.root", "name": "root", "tag_ids/id": ["t.a", "t.b"]},
		           {"name": "one", "parent_id/id": "t.root", "rank": 1}, {"name": "two", "parent_id/id": "t.root", "rank": 2}]
	}`)))
	search := func(specification map[string]any, more map[string]any) answer {
		kwargs := map[string]any{"domain": []any{}, "specification": specification, "order": "id"}
		for name, v := range more {
			kwargs[name] = v
		}
		return kw(t, s, "x.node", "web_search_read", nil, kwargs)
	}
	fields := func(names ...string) map[string]any {
		out := map[string]any{}
		for _, name := range names {
			out[name] = map[string]any{}
		}
		return map[string]any{"fields": out}
	}
	children := fields("name")
	children["order"], children["limit"] = "rank desc", 1
	search(map[string]any{}, map[string]any{"limit": 2}).result(t, `{"length":3,"records":[{"id":1},{"id":2}]}`)
	search(map[string]any{}, map[string]any{"limit": 1, "count_limit": 2}).result(t, `{"length":2,"records":[{"id":1}]}`)
	search(map[string]any{}, map[string]any{"offset": 9}).result(t, `{"length":0,"records":[]}`)
	search(map[string]any{"parent_id": map[string]any{}}, map[string]any{"offset": 2}).result(t, `{"length":3,"records":[{"id":3,"parent_id":1}]}`)
	search(map[string]any{"parent_id": fields("display_name")}, map[string]any{"offset": 2}).
		result(t, `{"length":3,"records":[{"id":3,"parent_id":{"id":1,"display_name":"root"}}]}`)
	search(map[string]any{"parent_id": fields(), "tag_ids": fields("name"), "child_ids": children}, map[string]any{"limit": 1}).
		result(t, `{"length":3,"records":[{"id":1,"child_ids":[{"id":3,"name":"two"},{"id":2}],"parent_id":false,"tag_ids":[{"id":1,"name":"a"},{"id":2,"name":"b"}]}]}`)
	search(map[string]any{"nope": map[string]any{}}, nil).fails(t, "builtins.ValueError", "Invalid field 'nope' on model 'x.node'")
	kw(t, s, "x.tag", "web_read", []any{[]any{2, 9}, fields("name")["fields"]}, nil).result(t, `[{"id":2,"name":"b"}]`)
	kw(t, s, "x.tag", "web_save", []any{[]any{}, map[string]any{"name": "c"}, fields("name")["fields"]}, nil).result(t, `[{"id":3,"name":"c"}]`)
	kw(t, s, "x.tag", "web_save", []any{[]any{3}, map[string]any{"name": "d"}, fields("name")["fields"]}, nil).result(t, `[{"id":3,"name":"d"}]`)
}
