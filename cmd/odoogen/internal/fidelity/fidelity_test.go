package fidelity

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"reflect"
	"strings"
	"testing"

	"github.com/odoogen/odoogen/generated"
	"github.com/odoogen/odoogen/generated/odoo"
	"github.com/odoogen/odoogen/introspect/snapshot"
	orm "github.com/odoogen/odoogen/runtime"
	"github.com/odoogen/odoogen/runtime/odootest"
)

func model(t *testing.T, name string) snapshot.Model {
	t.Helper()
	schema, err := snapshot.Decode(generated.Snapshot)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range schema.Models {
		if m.Name == name {
			return m
		}
	}
	t.Fatalf("the snapshot has no %s", name)
	return snapshot.Model{}
}

// between is a transport that changes what the client sees, or answers in the server's place.
type between struct {
	tape   *tape
	answer func(request string) string // "" sends the request on
	change func(answer string) string  // nil for no change
}

func (b between) RoundTrip(req *http.Request) (*http.Response, error) {
	if req.Body == nil {
		return b.tape.RoundTrip(req)
	}
	body, err := io.ReadAll(req.Body)
	if err != nil {
		return nil, err
	}
	isRead := strings.Contains(string(body), `"search_read"`)
	req.Body = io.NopCloser(bytes.NewReader(body))
	if b.answer != nil && isRead {
		if text := b.answer(string(body)); text != "" {
			b.tape.last = []byte(text)
			return answer([]byte(text)), nil
		}
	}
	resp, err := b.tape.RoundTrip(req)
	if err != nil || b.change == nil || !isRead {
		return resp, err
	}
	return answer([]byte(b.change(string(b.tape.last)))), nil
}

// readPartners reads the partners of an embedded Odoo through something that stands between.
func readPartners(t *testing.T, through between, record reflect.Type) *report {
	t.Helper()
	ctx := context.Background()
	schema, err := snapshot.Decode(generated.Snapshot)
	if err != nil {
		t.Fatal(err)
	}
	server := odootest.New(t, schema)
	for _, name := range []string{"Azure Interior", "Zoë \"the buyer\"", "Gemini"} {
		if _, err := server.Create("res.partner", map[string]any{"name": name, "email": "a@example.com", "image_1920": "aGVsbG8=", "color": 5}); err != nil {
			t.Fatal(err)
		}
	}
	through.tape = &tape{next: http.DefaultTransport}
	c, err := orm.Dial(ctx, server.URL, orm.Database("demo"), orm.Password("admin", "admin"), orm.Using(orm.JSONRPC),
		orm.HTTPClient(&http.Client{Transport: through}))
	if err != nil {
		t.Fatal(err)
	}
	r := &reader{c: c, tape: through.tape, report: newReport()}
	r.model(ctx, model(t, "res.partner"), record)
	return r.report
}

func TestWhatComesThroughWholeIsNoFinding(t *testing.T) {
	r := readPartners(t, between{}, reflect.TypeFor[odoo.ResPartner]())
	if len(r.findings) > 0 || len(r.refusals) > 0 {
		t.Errorf("findings %v, refusals %v", r.findings, r.refusals)
	}
	if r.records < 3 || r.fields != r.generatedFields || r.values != r.records*r.fields {
		t.Errorf("%d records, %d of %d fields, %d values", r.records, r.fields, r.generatedFields, r.values)
	}
}

func TestWhatIsLostOnTheWayIsFound(t *testing.T) {
	replace := func(old, with string) func(string) string {
		return func(answer string) string { return strings.ReplaceAll(answer, old, with) }
	}
	for name, c := range map[string]struct {
		change      func(string) string
		kind, field string
	}{
		"a text":              {replace("Azure", "azure"), changed, "name"},
		"a text, dropped":     {replace(`"a@example.com"`, `false`), changed, "email"},
		"a number":            {replace(`"color":5`, `"color":6`), changed, "color"},
		"a binary":            {replace("aGVsbG8=", "aGVsbA=="), changed, "image_1920"},
		"a wrong shape":       {replace(`"color":5`, `"color":"five"`), decodeError, "color"},
		"a field of no value": {replace(`"active":true`, `"active":false`), changed, "active"},
	} {
		t.Run(name, func(t *testing.T) {
			r := readPartners(t, between{change: c.change}, reflect.TypeFor[odoo.ResPartner]())
			for _, f := range r.findings {
				if f.kind == c.kind && f.field == c.field {
					return
				}
			}
			t.Errorf("not found: %+v", r.findings)
		})
	}
}

const refusedAnswer = `{"jsonrpc": "2.0", "error": {"code": 200, "message": "Odoo Server Error",
	"data": {"name": "builtins.KeyError", "message": "color\nand more", "debug": ""}}}`

func TestAFieldThatBreaksOnTheServerIsNamedAndTheRestIsRead(t *testing.T) {
	r := readPartners(t, between{answer: func(request string) string {
		if strings.Contains(request, `"color"`) {
			return refusedAnswer
		}
		return ""
	}}, reflect.TypeFor[odoo.ResPartner]())
	if len(r.findings) > 0 || len(r.refusals) != 1 {
		t.Fatalf("findings %v, refusals %v", r.findings, r.refusals)
	}
	got := r.refusals[0]
	if got.field != "color" || got.class != "builtins.KeyError" || got.message != "color" {
		t.Errorf("refusal %+v", got)
	}
	if r.fields != r.generatedFields-1 {
		t.Errorf("%d of %d fields read", r.fields, r.generatedFields)
	}
}

func TestAModelThatBreaksOnTheServerIsNamed(t *testing.T) {
	r := readPartners(t, between{answer: func(string) string { return refusedAnswer }}, reflect.TypeFor[odoo.ResPartner]())
	if r.refusedModels != 1 || len(r.refusals) != 1 || r.refusals[0].field != "" || len(r.findings) > 0 {
		t.Errorf("%+v", r)
	}
}

// bomb panics when it is decoded.
type bomb struct{}

func (*bomb) UnmarshalJSON([]byte) error { panic("boom") }

func TestAPanicIsAFinding(t *testing.T) {
	type partner struct {
		ID    orm.ID[odoo.ResPartner] `odoo:"id"`
		Name  string                  `odoo:"name"`
		Color bomb                    `odoo:"color"`
		Extra int                     `odoo:"no_such_field"`
	}
	r := readPartners(t, between{answer: func(request string) string {
		if strings.Contains(request, "no_such_field") {
			return refusedAnswer
		}
		return ""
	}}, reflect.TypeFor[partner]())
	if r.count(panicFinding) != 1 || r.count(notGenerated) == 0 || len(r.refusals) != 1 {
		t.Errorf("findings %+v, refusals %+v", r.findings, r.refusals)
	}
}

func TestTextsForIDsAreReadAsTexts(t *testing.T) {
	type root struct {
		ID     orm.TextID[odoo.ResPartner]  `odoo:"id"`
		Parent orm.TextRef[odoo.ResPartner] `odoo:"parent_id"`
	}
	r := readPartners(t, between{answer: func(request string) string {
		if strings.Contains(request, `"parent_id"`) {
			return `{"jsonrpc": "2.0", "result": [{"id": "hello", "parent_id": ["1A", "Assets"]}, {"id": "7", "parent_id": false}]}`
		}
		return `{"jsonrpc": "2.0", "result": [{"id": "hello"}, {"id": "7"}]}`
	}}, reflect.TypeFor[root]())
	if r.count(decodeError)+r.count(changed) > 0 || r.values != 4 {
		t.Errorf("%+v", r)
	}
}

func TestAModelWithoutATypeIsAFinding(t *testing.T) {
	if r := readPartners(t, between{}, nil); r.count(notGenerated) != 1 {
		t.Errorf("findings %+v", r.findings)
	}
}

func TestRules(t *testing.T) {
	type partner struct{}
	type state string
	ref := orm.Ref[partner]{ID: 7, Name: "Azure"}
	for _, c := range []struct {
		server, again string // JSON
		value         any
		rule          string // "" for none
	}{
		{`"a"`, `"a"`, "a", "the same"},
		{`"a"`, `"b"`, "b", ""},
		{`false`, `false`, false, "the same"},
		{`true`, `false`, false, ""},
		{`null`, `false`, false, ""},
		{`false`, `""`, "", "no value"},
		{`false`, `0`, 0, "no value"},
		{`false`, `1`, 1, ""},
		{`""`, `false`, state(""), "an empty text"},
		{`5.0`, `5`, 5, "a number is written"},
		{`1e2`, `100`, 100.0, "a number is written"},
		{`9007199254740993`, `9007199254740992`, 9007199254740992.0, ""},
		{`0.1`, `0.10000000000000002`, 0.10000000000000002, ""},
		{`NaN`, `0`, 0.0, ""},
		{`"10"`, `10`, 10, "a number in a text"},
		{`"x"`, `10`, 10, ""},
		{`3`, `"3"`, state("3"), "a selection's number"},
		{`3`, `"4"`, state("4"), ""},
		{`[7, "Azure"]`, `7`, ref, "a many2one is sent"},
		{`["7", "Azure"]`, `7`, ref, "a many2one is sent"},
		{`[7, "Gemini"]`, `7`, ref, ""},
		{`[8, "Azure"]`, `7`, ref, ""},
		{`[7, "Azure"]`, `8`, ref, ""},
		{`[7, false]`, `7`, ref, ""},
		{`[7, false]`, `7`, orm.Ref[partner]{ID: 7}, "a many2one without"},
		{`7`, `7`, ref, ""},
		{`false`, `false`, orm.Ref[partner]{}, "an unset many2one"},
		{`[7, "Azure"]`, `false`, orm.Ref[partner]{}, ""},
		{`["1A", "Assets"]`, `"1A"`, orm.TextRef[partner]{ID: "1A", Name: "Assets"}, "a many2one is sent back"},
		{`["1A", false]`, `"1A"`, orm.TextRef[partner]{ID: "1A"}, "a many2one without"},
		{`false`, `false`, orm.TextRef[partner]{}, "an unset many2one"},
		{`["1A", "Assets"]`, `"1"`, orm.TextRef[partner]{ID: "1A", Name: "Assets"}, ""},
		{`["1A", "Assets"]`, `"1"`, orm.TextRef[partner]{ID: "1", Name: "Assets"}, ""},
		{`[1, 2]`, `[1, 2]`, []orm.ID[partner]{1, 2}, "the same"},
		{`[1, 2]`, `[1]`, []orm.ID[partner]{1}, ""},
		{`[1, 2]`, `[2, 1]`, []orm.ID[partner]{2, 1}, ""},
		{`"2026-01-31 10:00:00"`, `"2026-01-31"`, orm.Date{Year: 2026, Month: 1, Day: 31}, "a datetime in"},
		{`"2026-01-31 10:00:00"`, `"2026-01-30"`, orm.Date{Year: 2026, Month: 1, Day: 30}, ""},
		{`"1-01-01"`, `"0001-01-01"`, orm.Date{Year: 1, Month: 1, Day: 1}, "a year has"},
		{`[{"a": 1}]`, `"W3siYSI6IDF9XQ=="`, []byte(`[{"a": 1}]`), ""},
		{`"{'a': 1}"`, `"eydhJzogMX0="`, []byte(`{'a': 1}`), ""},
	} {
		v := value{parse(t, c.server), parse(t, c.again), reflect.ValueOf(c.value)}
		got := ""
		for _, r := range rules {
			if r.holds(v) {
				got = r.name
				break
			}
		}
		if (got == "") != (c.rule == "") || !strings.HasPrefix(got, c.rule) {
			t.Errorf("%s as %v and back as %s: rule %q, want %q", c.server, c.value, c.again, got, c.rule)
		}
	}
}

func parse(t *testing.T, text string) any {
	t.Helper()
	var v any
	if err := unmarshal([]byte(text), &v); err != nil {
		t.Fatal(err)
	}
	return v
}
