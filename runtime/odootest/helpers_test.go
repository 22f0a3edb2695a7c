package odootest_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"slices"
	"testing"

	"github.com/odoogen/odoogen/generated"
	"github.com/odoogen/odoogen/introspect/snapshot"
	orm "github.com/odoogen/odoogen/runtime"
	"github.com/odoogen/odoogen/runtime/odootest"
)

// stock is the snapshot of a real Odoo 19.
func stock(t testing.TB) *snapshot.Schema {
	t.Helper()
	s, err := snapshot.Decode(generated.Snapshot)
	must(t, err)
	return s
}

// small is a snapshot with a hierarchy, lines and tags, and with a field of every type.
func small(series string) *snapshot.Schema {
	field := func(name, kind string) snapshot.Field { return snapshot.Field{Name: name, Type: kind, Label: name} }
	to := func(name, kind, target, inverse string) snapshot.Field {
		return snapshot.Field{Name: name, Type: kind, Label: name, Relation: target, Inverse: inverse}
	}
	name := snapshot.Field{Name: "name", Type: "char", Label: "Name", Required: true}
	display := snapshot.Field{Name: "display_name", Type: "char", Label: "Display Name", Readonly: true, Computed: true}
	id := snapshot.Field{Name: "id", Type: "integer", Label: "ID", Readonly: true}
	sorted := func(fields ...snapshot.Field) []snapshot.Field {
		slices.SortFunc(fields, func(a, b snapshot.Field) int { return bytes.Compare([]byte(a.Name), []byte(b.Name)) })
		return fields
	}
	state := field("state", "selection")
	state.Selection = []snapshot.Choice{{Value: "draft", Label: "Draft"}, {Value: "done", Label: "Done"}}
	amount := field("amount", "float")
	amount.Digits = []int{16, 2}
	code := field("code", "char")
	code.Size = 4
	modelID := field("res_id", "many2one_reference")
	modelID.ModelField = "res_model"
	properties := field("properties", "properties")
	properties.Definition = "node_id.definitions"
	nodeName := snapshot.Field{Name: "node_name", Type: "char", Label: "Node Name", Computed: true, Related: "node_id.name"}
	node := to("node_id", "many2one", "x.node", "")
	node.OnDelete = snapshot.Cascade
	code.NoCopy = true
	tags := to("tag_ids", "many2many", "x.tag", "")
	tags.Table, tags.Column = "x_node_x_tag_rel", "node_id"
	line := to("node_id", "many2one", "x.node", "")
	line.Required, line.Default = true, snapshot.NoDefault
	return &snapshot.Schema{
		Format:  snapshot.Format,
		Server:  snapshot.Server{Series: series, Version: series},
		Modules: []snapshot.Module{{Name: "base", Version: series + ".1.0"}},
		Models: []snapshot.Model{
			{Name: "x.mixin", Label: "Mixin", Kind: snapshot.Abstract, Modules: []string{"base"}, Fields: sorted(field("note", "text"))},
			{Name: "x.node", Label: "Node", Modules: []string{"base", "x_module"}, Fields: sorted(id, name, display,
				field("active", "boolean"), to("parent_id", "many2one", "x.node", ""), to("child_ids", "one2many", "x.node", "parent_id"),
				to("line_ids", "one2many", "x.node.line", "node_id"), tags, field("ref", "char"), field("rank", "integer"),
				field("day", "date"), field("company", "boolean"), field("create_uid", "many2one"), field("definitions", "properties_definition"),
				to("outside_id", "many2one", "res.nowhere", ""), to("company_id", "many2one", "res.company", ""))},
			{Name: "x.node.line", Label: "Line", Custom: true, Fields: sorted(id, display, line, field("quantity", "float"))},
			{Name: "x.tag", Label: "Tag", Fields: sorted(id, name, display, field("create_uid", "many2one"), to("company_id", "many2one", "res.company", ""))},
			{Name: "x.values", Label: "Values", Kind: snapshot.Transient, Order: "count desc", Fields: sorted(id, display, field("create_uid", "many2one"), state, amount, code, modelID, properties, node, nodeName,
				field("text", "text"), field("html", "html"), field("count", "integer"), field("money", "monetary"), field("yes", "boolean"),
				field("day", "date"), field("moment", "datetime"), field("data", "binary"), field("any", "json"), field("reference", "reference"),
				field("odd", "a_type_of_tomorrow"), field("res_model", "char"), to("node_ids", "many2many", "x.node", ""), to("nowhere_ids", "one2many", "res.nowhere", "x"))},
		},
	}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func dial(t testing.TB, s *odootest.Server) *orm.Client {
	t.Helper()
	c, err := s.Dial(t.Context())
	must(t, err)
	return c
}

func create(t testing.TB, s *odootest.Server, model string, values map[string]any) int64 {
	t.Helper()
	id, err := s.Create(model, values)
	must(t, err)
	return id
}

// failure is the error of an answer.
type failure struct {
	Code    int    `json:"code"`
	Message string `json:"message"`
	Data    struct {
		Name      string         `json:"name"`
		Message   string         `json:"message"`
		Arguments []any          `json:"arguments"`
		Context   map[string]any `json:"context"`
		Debug     string         `json:"debug"`
	} `json:"data"`
}

type answer struct {
	Version string          `json:"jsonrpc"`
	ID      any             `json:"id"`
	Result  json.RawMessage `json:"result"`
	Error   *failure        `json:"error"`
}

// post sends a request unchanged.
func post(t testing.TB, s *odootest.Server, kind, body string) *http.Response {
	t.Helper()
	r, err := http.Post(s.URL+"/jsonrpc", kind, bytes.NewReader([]byte(body)))
	must(t, err)
	t.Cleanup(func() { r.Body.Close() })
	return r
}

// rpc calls a service without the help of the runtime.
func rpc(t testing.TB, s *odootest.Server, service, method string, args ...any) answer {
	t.Helper()
	if args == nil {
		args = []any{}
	}
	body, err := json.Marshal(map[string]any{"jsonrpc": "2.0", "method": "call", "id": 7, "params": map[string]any{"service": service, "method": method, "args": args}})
	must(t, err)
	r := post(t, s, "application/json", string(body))
	if r.StatusCode != http.StatusOK {
		t.Fatalf("%s.%s: HTTP %s", service, method, r.Status)
	}
	var a answer
	must(t, json.NewDecoder(r.Body).Decode(&a))
	if a.Version != "2.0" || a.ID != 7.0 {
		t.Errorf("%s.%s: the envelope is %q with the id %v", service, method, a.Version, a.ID)
	}
	return a
}

// kw runs a method of a model as the first user.
func kw(t testing.TB, s *odootest.Server, model, method string, args []any, kwargs map[string]any) answer {
	t.Helper()
	if args == nil {
		args = []any{}
	}
	return rpc(t, s, "object", "execute_kw", "demo", 2, "admin", model, method, args, kwargs)
}

// result checks the result of a call.
func (a answer) result(t testing.TB, want string) {
	t.Helper()
	if a.Error != nil {
		t.Errorf("got the error %s: %s, want %s", a.Error.Data.Name, a.Error.Data.Message, want)
	} else if string(a.Result) != want {
		t.Errorf("got  %s\nwant %s", a.Result, want)
	}
}

// fails checks the error of a call.
func (a answer) fails(t testing.TB, class, message string) {
	t.Helper()
	if a.Error == nil {
		t.Errorf("got the result %s, want the error %s", a.Result, class)
	} else if a.Error.Data.Name != class || a.Error.Data.Message != message {
		t.Errorf("got  %s: %q\nwant %s: %q", a.Error.Data.Name, a.Error.Data.Message, class, message)
	}
}

func equal[T any](t testing.TB, what string, got, want T) {
	t.Helper()
	g, err := json.Marshal(got)
	must(t, err)
	w, err := json.Marshal(want)
	must(t, err)
	if !bytes.Equal(g, w) {
		t.Errorf("%s:\ngot  %s\nwant %s", what, g, w)
	}
}
