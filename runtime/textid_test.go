package orm

import (
	"errors"
	"strings"
	"testing"
)

type root struct {
	ID     TextID[root]  `odoo:"id"`
	Parent TextRef[root] `odoo:"parent_id"`
}

func (*root) OdooModel() string { return "account.root" }

func TestTextIDsAreReadHoweverTheyAreSent(t *testing.T) {
	runDecodeCases(t, []decodeCase{
		{"id", `"hello"`, as[TextID[root]], TextID[root]("hello")},
		{"id that is a number", `7`, as[TextID[root]], TextID[root]("7")},
		{"id of a many2one", `["1A","1A Assets"]`, as[TextID[root]], TextID[root]("1A")},
		{"no id", `false`, as[TextID[root]], TextID[root]("")},
		{"many2one", `["1A","1A Assets"]`, as[TextRef[root]], TextRef[root]{"1A", "1A Assets"}},
		{"many2one whose id is a number", `[12,"12"]`, as[TextRef[root]], TextRef[root]{"12", "12"}},
		{"many2one without a name", `["1A",false]`, as[TextRef[root]], TextRef[root]{"1A", ""}},
		{"many2one as its id", `"1A"`, as[TextRef[root]], TextRef[root]{"1A", ""}},
		{"many2one as an object", `{"id":"1A","display_name":"Assets"}`, as[TextRef[root]], TextRef[root]{"1A", "Assets"}},
		{"no many2one", `false`, as[TextRef[root]], TextRef[root]{}},
		{"list", `["a","b"]`, as[[]TextID[root]], []TextID[root]{"a", "b"}},
		{
			"record", `[{"id":"1A","parent_id":["1","1"]},{"id":"1","parent_id":false}]`, as[[]root],
			[]root{{"1A", TextRef[root]{"1", "1"}}, {ID: "1"}},
		},
	})
}

func TestTextIDsThatAreNone(t *testing.T) {
	for answer, want := range map[string]string{
		`[["a"]]`: "a list of 1", `["a","b","c"]`: "a list of 3", `[["a"],"b"]`: "want the id and the name", `[1.5e400,"b"]`: "want",
		`["a",{}]`: "want the id and the name", `{"display_name":"x"}`: "an object without an id", `{"id":[1]}`: "an object without an id", `true`: "want",
	} {
		_, err := as[TextRef[root]](answer)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: the error is %v, want %s", answer, err, want)
		}
	}
}

// A model whose ids were numbers when its bindings were made.
func TestATextIDWhereNumbersAreExpected(t *testing.T) {
	for answer, decode := range map[string]func(string) (any, error){
		`[{"id":"hello"}]`:                       as[[]sale],
		`[{"id":7,"partner_id":["1A","Asset"]}]`: as[[]sale],
	} {
		_, err := decode(answer)
		e, ok := errors.AsType[*DecodeError](err)
		if !ok || e.Field == "" || !strings.Contains(e.Reason, "want a whole number") {
			t.Errorf("%s: the error is %#v", answer, err)
		}
	}
}

func TestTextIDsAreWritten(t *testing.T) {
	f := TextRel[root, root]("parent_id")
	for want, v := range map[string]any{
		`"1A"`:                            TextID[root]("1A"),
		`"1"`:                             TextRef[root]{"1", "One"},
		`false`:                           TextRef[root]{},
		`["a","b"]`:                       []TextID[root]{"a", "b"},
		`[["parent_id","=","1A"]]`:        Eq(f, "1A"),
		`[["parent_id","in",["1A","2"]]]`: In(f, "1A", "2"),
		`[["parent_id","!=",false]]`:      IsSet(f),
		`[["parent_id","=like","1%"]]`:    EqLike(f, "1%"),
		`{"parent_id":"2"}`: struct {
			P Opt[TextID[root]] `odoo:"parent_id"`
		}{Set(TextID[root]("2"))},
	} {
		if got := jsonOf(v); got != want {
			t.Errorf("%#v is written as %s, want %s", v, got, want)
		}
	}
}
