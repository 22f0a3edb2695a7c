package odootest_test

import (
	"encoding/json"
	"net/http"
	"testing"

	"github.com/odoogen/odoogen/introspect"
	"github.com/odoogen/odoogen/introspect/snapshot"
	orm "github.com/odoogen/odoogen/runtime"
	"github.com/odoogen/odoogen/runtime/odootest"
)

// documentedTag is the snapshot with methods of x.tag.
func documentedTag() *snapshot.Schema {
	schema := small("19.0")
	schema.Models[3].Methods = []snapshot.Method{
		{Name: "action_merge", Source: snapshot.SourceDoc, Module: "x_module", Returns: "dict[str, Any] | None", Doc: "Merges <tags>.\n\nAnd more.", Params: []snapshot.Param{
			{Name: "into", Annotation: "int", Doc: "the one that stays"},
			{Name: "keep", Optional: true, Default: json.RawMessage(`false`)},
			{Name: "options", Kind: snapshot.VarKeyword},
		}},
		{Name: "count_all", Source: snapshot.SourceDoc, OfModel: true, Readonly: true},
	}
	return schema
}

func TestDocumentationGivesTheSnapshotBack(t *testing.T) {
	t.Parallel()
	s := odootest.New(t, documentedTag())
	for _, secret := range []orm.DialOption{orm.Password("admin", "admin"), orm.APIKey("admin", "admin-key")} {
		c, err := s.Dial(t.Context(), secret)
		must(t, err)
		got, err := introspect.Pull(t.Context(), c, introspect.Options{Models: []string{"x.tag"}})
		must(t, err)
		equal(t, "methods", got.Models[0].Methods, documentedTag().Models[3].Methods)
	}
}

func TestDocumentation(t *testing.T) {
	t.Parallel()
	s := odootest.New(t, documentedTag(), odootest.User("admin", "admin", odootest.Key("k")), odootest.User("bob", "bob", odootest.Key("b"), odootest.Rights("*", "read")))
	key := []string{"Authorization", "bearer k"}
	r, body := ask(t, s, "/doc-bearer/index.json", nil, key...)
	equal(t, "status", r.StatusCode, http.StatusOK)
	contains(t, body, `{"fields":{"company_id":{"string":"company_id"},"create_uid":{"string":"create_uid"},"display_name":{"string":"Display Name"},"id":{"string":"ID"},"name":{"string":"Name"}},"methods":["action_merge","count_all"],"model":"x.tag","name":"Tag"}`)
	again, _ := ask(t, s, "/doc-bearer/index.json", nil, append(key, "If-None-Match", r.Header.Get("ETag"))...)
	equal(t, "the same again", again.StatusCode, http.StatusNotModified)
	for header, want := range map[string]int{"bearer k": 404, "bearer b": 403, "bearer x": 401} {
		r, _ := ask(t, s, "/doc-bearer/no.such.json", nil, "Authorization", header)
		equal(t, header, r.StatusCode, want)
	}
	for reason, want := range map[string]int{snapshot.NoDocsModule: http.StatusNotFound, snapshot.NoDocsRight: http.StatusForbidden} {
		without := small("19.0")
		without.Unseen.Methods = reason
		none, _ := ask(t, odootest.New(t, without, odootest.User("admin", "admin", odootest.Key("k"))), "/doc-bearer/x.tag.json", nil, key...)
		equal(t, reason, none.StatusCode, want)
	}
}
