//go:build live

package livetest

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"reflect"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	orm "github.com/odoogen/odoogen/runtime"
)

// Discussion, Message and Category are models of the tests of Odoo's ORM, as generated. Their names differ by version, so
// that they are used through orm.Model.
type (
	Discussion struct {
		Messages   []orm.ID[Message]  `odoo:"messages"`
		Categories []orm.ID[Category] `odoo:"categories"`
	}
	DiscussionValues struct {
		Name         orm.Opt[string]         `odoo:"name"`
		Participants []orm.Command[Anything] `odoo:"participants"` // the authors of messages must be among them
		Messages     []orm.Command[Message]  `odoo:"messages"`
		Categories   []orm.Command[Category] `odoo:"categories"`
	}
	Message       struct{}
	MessageValues struct {
		Body orm.Opt[string] `odoo:"body"`
	}
	Category       struct{}
	CategoryValues struct {
		Name orm.Opt[string] `odoo:"name"`
	}
)

func (MessageValues) OdooRecord() *Message   { return nil }
func (CategoryValues) OdooRecord() *Category { return nil }

// forum is a discussion whose messages (one2many) and categories (many2many) are changed by commands.
type forum struct {
	discussions, messages, categories orm.Model
	id                                int64
}

func newForum(t *testing.T, c *orm.Client, v DiscussionValues) forum {
	t.Helper()
	f := forum{discussions: testModel(c, "discussion"), messages: testModel(c, "message"), categories: testModel(c, "category")}
	v.Name, v.Participants = orm.Set("odoogen"), orm.Commands(orm.Link(orm.ID[Anything](c.UID())))
	f.id = must[int64](t)(f.discussions.Create(t.Context(), v))
	remove(t, f.discussions, f.id)
	t.Cleanup(func() { f.removeCategories(t) })
	return f
}

func (f forum) removeCategories(t *testing.T) {
	var ids []int64
	if err := f.categories.Search(context.Background(), &ids, orm.Expr(orm.Where[Category]("name", "=like", "odoogen %"))); err != nil {
		t.Error(err)
	}
	if err := f.categories.Unlink(context.Background(), ids); err != nil {
		t.Error(err)
	}
}

// do changes the discussion, and returns its messages and categories after the change.
func (f forum) do(t *testing.T, v DiscussionValues) (messages []orm.ID[Message], categories []orm.ID[Category]) {
	t.Helper()
	if err := f.discussions.Write(t.Context(), []int64{f.id}, v); err != nil {
		t.Fatal(err)
	}
	return f.read(t)
}

func (f forum) read(t *testing.T) (messages []orm.ID[Message], categories []orm.ID[Category]) {
	t.Helper()
	var d Discussion
	if err := f.discussions.Get(t.Context(), &d, f.id); err != nil {
		t.Fatal(err)
	}
	slices.Sort(d.Messages)
	slices.Sort(d.Categories)
	return d.Messages, d.Categories
}

// texts are the values of a text field of the records that there are of those with the ids.
func texts[M any](t *testing.T, m orm.Model, field string, ids []orm.ID[M]) []string {
	t.Helper()
	var rows []map[string]json.RawMessage
	args := orm.Args{"domain": []any{[]any{"id", "in", ids}}, "fields": []string{field}, "order": "id"}
	if err := m.Call(t.Context(), "search_read", nil, args, &rows); err != nil {
		t.Fatal(err)
	}
	out := []string{}
	for _, row := range rows {
		var text string
		if err := json.Unmarshal(row[field], &text); err != nil {
			t.Fatal(err)
		}
		out = append(out, text)
	}
	return out
}

func message(body string) MessageValues   { return MessageValues{orm.Set(body)} }
func category(name string) CategoryValues { return CategoryValues{orm.Set("odoogen " + name)} }

func TestLiveCommandsOfAOne2many(t *testing.T) { onEach(t, liveCommandsOfAOne2many) }

func liveCommandsOfAOne2many(t *testing.T, c *orm.Client) {
	f := newForum(t, c, DiscussionValues{Messages: orm.Commands(orm.New(message("a")), orm.New(message("b")), orm.New(message("c")))})
	check := func(what string, all, got []orm.ID[Message], linked, existing []string) {
		t.Helper()
		if diff := cmp.Diff(linked, texts(t, f.messages, "body", got)); diff != "" {
			t.Errorf("%s: linked (-want +got):\n%s", what, diff)
		}
		if diff := cmp.Diff(existing, texts(t, f.messages, "body", all)); diff != "" {
			t.Errorf("%s: existing (-want +got):\n%s", what, diff)
		}
	}
	all, _ := f.read(t)
	check("New", all, all, []string{"a", "b", "c"}, []string{"a", "b", "c"})
	a, b := all[0], all[1]

	got, _ := f.do(t, DiscussionValues{})
	check("none", all, got, []string{"a", "b", "c"}, []string{"a", "b", "c"})

	got, _ = f.do(t, DiscussionValues{Messages: orm.Commands(orm.Update(a, message("A")), orm.Delete(b))})
	check("Update and Delete", all, got, []string{"A", "c"}, []string{"A", "c"})

	// The many2one behind cascades: a message that is removed is deleted.
	got, _ = f.do(t, DiscussionValues{Messages: orm.Commands(orm.Remove(a))})
	check("Remove", all, got, []string{"c"}, []string{"c"})

	alone := orm.ID[Message](must[int64](t)(f.messages.Create(t.Context(), message("d"))))
	all = append(all, alone)
	got, _ = f.do(t, DiscussionValues{Messages: orm.Commands(orm.Link(alone))})
	check("Link", all, got, []string{"c", "d"}, []string{"c", "d"})

	got, _ = f.do(t, DiscussionValues{Messages: orm.Commands(orm.Replace(alone))})
	check("Replace", all, got, []string{"d"}, []string{"d"})

	got, _ = f.do(t, DiscussionValues{Messages: orm.Commands(orm.RemoveAll[Message]())})
	check("RemoveAll", all, got, []string{}, []string{})
}

func TestLiveCommandsOfAMany2many(t *testing.T) { onEach(t, liveCommandsOfAMany2many) }

func liveCommandsOfAMany2many(t *testing.T, c *orm.Client) {
	f := newForum(t, c, DiscussionValues{Categories: orm.Commands(orm.New(category("a")), orm.New(category("b")), orm.New(category("c")))})
	_, all := f.read(t)
	a, b, x := all[0], all[1], all[2]
	for _, step := range []struct {
		what             string
		commands         []orm.Command[Category]
		linked, existing []string
	}{
		{"none", nil, []string{"a", "b", "c"}, []string{"a", "b", "c"}},
		{"Update", orm.Commands(orm.Update(a, category("A"))), []string{"A", "b", "c"}, []string{"A", "b", "c"}},
		{"Remove", orm.Commands(orm.Remove(a, b)), []string{"c"}, []string{"A", "b", "c"}},
		{"Link", orm.Commands(orm.Link(b, a)), []string{"A", "b", "c"}, []string{"A", "b", "c"}},
		{"Replace", orm.Commands(orm.Replace(b, x)), []string{"b", "c"}, []string{"A", "b", "c"}},
		{"Replace by none", orm.Commands(orm.Replace[Category]()), []string{}, []string{"A", "b", "c"}},
		{"several", orm.Commands(orm.Link(a, b), orm.Update(b, category("B")), orm.Remove(a)), []string{"B"}, []string{"A", "B", "c"}},
		{"RemoveAll", orm.Commands(orm.RemoveAll[Category]()), []string{}, []string{"A", "B", "c"}},
		{"Delete", orm.Commands(orm.Link(x), orm.Delete(x)), []string{}, []string{"A", "B"}},
	} {
		_, got := f.do(t, DiscussionValues{Categories: step.commands})
		for what, names := range map[string][2][]string{
			"linked":   {step.linked, texts(t, f.categories, "name", got)},
			"existing": {step.existing, texts(t, f.categories, "name", all)},
		} {
			want := []string{}
			for _, name := range names[0] {
				want = append(want, "odoogen "+name)
			}
			if diff := cmp.Diff(want, names[1]); diff != "" {
				t.Errorf("%s: %s (-want +got):\n%s", step.what, what, diff)
			}
		}
	}
}

// The values of a company-dependent field are those of the company in the context.
func TestLiveWriteForEachCompany(t *testing.T) { onEach(t, liveWriteForEachCompany) }

func liveWriteForEachCompany(t *testing.T, c *orm.Client) {
	ctx := t.Context()
	companies := c.Model("res.company")
	second := must[int64](t)(companies.Create(ctx, orm.Args{"name": "odoogen " + t.Name()}))
	remove(t, companies, second)
	in := func(company int64) orm.Model {
		return testModel(c.With(orm.Context{"allowed_company_ids": []int64{company}}), "company")
	}
	here, there := in(1), in(second)
	id := must[int64](t)(here.Create(ctx, orm.Args{"foo": "here", "date": orm.Date{Year: 2026, Month: 1, Day: 2}}))
	remove(t, here, id)
	type row struct {
		Foo  string   `odoo:"foo"`
		Date orm.Date `odoo:"date"`
	}
	check := func(what string, m orm.Model, want row) {
		t.Helper()
		var got row
		if err := m.Get(ctx, &got, id); err != nil || got != want {
			t.Errorf("%s: %+v, want %+v: %v", what, got, want, err)
		}
	}
	made := row{"here", orm.Date{Year: 2026, Month: 1, Day: 2}}
	check("created, here", here, made)
	check("created, there", there, row{})
	if err := there.Write(ctx, []int64{id}, orm.Args{"foo": "there"}); err != nil {
		t.Fatal(err)
	}
	check("written there, here", here, made)
	check("written there, there", there, row{Foo: "there"})
	if err := here.Write(ctx, []int64{id}, orm.Args{"foo": orm.Clear[string]()}); err != nil {
		t.Fatal(err)
	}
	check("cleared here, here", here, row{Date: made.Date})
	check("cleared here, there", there, row{Foo: "there"})
}

// A translated field has a value for each language, and that of English where there is none.
func TestLiveWriteInTwoLanguages(t *testing.T) {
	activateFrench(t)
	onEach(t, liveWriteInTwoLanguages)
}

// activateFrench makes fr_FR an active language until the end of the test.
func activateFrench(t *testing.T) {
	t.Helper()
	admin := dialLive(t, orm.Password(env(t, "ODOO_USER"), env(t, "ODOO_PASSWORD")))
	languages := admin.Model("res.lang")
	var french []int64
	if err := languages.Search(t.Context(), &french, orm.Expr(orm.Where[any]("code", "=", "fr_FR")), orm.Context{"active_test": false}); err != nil || len(french) != 1 {
		t.Fatal(french, err)
	}
	activate := func(ctx context.Context, active bool) {
		if err := languages.Write(ctx, french, orm.Args{"active": active}); err != nil {
			t.Error(err)
		}
	}
	activate(t.Context(), true)
	t.Cleanup(func() { activate(context.Background(), false) })
}

func liveWriteInTwoLanguages(t *testing.T, c *orm.Client) {
	ctx := t.Context()
	in := func(lang string) orm.Model { return c.With(orm.Context{"lang": lang}).Model("res.partner.category") }
	english, french := in("en_US"), in("fr_FR")
	id := must[int64](t)(english.Create(ctx, orm.Args{"name": "Yes"}))
	remove(t, english, id)
	check := func(what string, m orm.Model, want string) {
		t.Helper()
		var got struct {
			Name string `odoo:"name"`
		}
		if err := m.Get(ctx, &got, id); err != nil || got.Name != want {
			t.Errorf("%s: %q, want %q: %v", what, got.Name, want, err)
		}
	}
	check("created in English, French", french, "Yes")
	if err := french.Write(ctx, []int64{id}, orm.Args{"name": "Oui"}); err != nil {
		t.Fatal(err)
	}
	check("translated, English", english, "Yes")
	check("translated, French", french, "Oui")
	if err := english.Write(ctx, []int64{id}, orm.Args{"name": "Yes!"}); err != nil {
		t.Fatal(err)
	}
	check("changed, English", english, "Yes!")
	check("changed, French", french, "Oui")
}

// Properties are written as an object or as a list with definitions, and read as a list with both. The definition is in the
// container.
func TestLiveWriteProperties(t *testing.T) { onEachInJSON(t, liveWriteProperties) }

func liveWriteProperties(t *testing.T, c *orm.Client) {
	if c.Version().Major < 16 {
		return // they came with 16
	}
	ctx := t.Context()
	discussions, messages := testModel(c, "discussion"), testModel(c, "message")
	definition := json.RawMessage(`[
		{"name": "size", "string": "Größe", "type": "integer"},
		{"name": "color", "string": "Color", "type": "selection", "selection": [["r", "Red"], ["g", "Green"]], "default": "g"},
		{"name": "owner", "string": "Owner", "type": "many2one", "comodel": "res.partner"},
		{"name": "tags", "string": "Tags", "type": "tags", "tags": [["a", "A", 1], ["b", "B", 2]]}]`)
	box := must[int64](t)(discussions.Create(ctx, orm.Args{"name": "odoogen", "participants": orm.Link(orm.ID[Anything](c.UID())), "attributes_definition": definition, "history": json.RawMessage(`{"a": [1, null]}`)}))
	remove(t, discussions, box)
	var container struct {
		Definition json.RawMessage `odoo:"attributes_definition"`
		History    json.RawMessage `odoo:"history"`
	}
	if err := discussions.Get(ctx, &container, box); err != nil {
		t.Fatal(err)
	}
	if want := parsed(t, definition); !reflect.DeepEqual(parsed(t, container.Definition), want) {
		t.Errorf("the definition is %s", container.Definition)
	}
	if string(parsedText(t, container.History)) != `{"a":[1,null]}` {
		t.Errorf("the history is %s", container.History)
	}
	id := must[int64](t)(messages.Create(ctx, orm.Args{"discussion": box, "body": "x", "attributes": json.RawMessage(`{"size": 7, "owner": 1, "tags": ["b"]}`)}))
	// Values that are left out have their default.
	checkProperties(t, messages, id, map[string]string{"size": "7", "color": `"g"`, "tags": `["b"]`, "owner": "1"})

	// What was read can be written back.
	row := readProperties(t, messages, id)
	if err := messages.Write(ctx, []int64{id}, orm.Args{"attributes": row}); err != nil {
		t.Fatal(err)
	}
	checkProperties(t, messages, id, map[string]string{"size": "7", "color": `"g"`, "tags": `["b"]`, "owner": "1"})
	if err := messages.Write(ctx, []int64{id}, orm.Args{"attributes": json.RawMessage(`{"size": 8, "color": "r", "owner": false, "tags": false}`)}); err != nil {
		t.Fatal(err)
	}
	checkProperties(t, messages, id, map[string]string{"size": "8", "color": `"r"`, "tags": "false", "owner": "false"})
	if err := messages.Write(ctx, []int64{id}, orm.Args{"attributes": orm.Clear[json.RawMessage]()}); err != nil {
		t.Fatal(err)
	}
	// What is left is the definition, without values: 19 leaves them out, and older versions may show them as false.
	if cleared := propertyValues(t, messages, id); len(cleared) != 4 || slices.ContainsFunc(slices.Collect(maps.Values(cleared)), isGiven) {
		t.Errorf("after they were cleared: %v", cleared)
	}
	if err := discussions.Write(ctx, []int64{box}, orm.Args{"attributes_definition": orm.Clear[json.RawMessage]()}); err != nil {
		t.Fatal(err)
	}
	checkProperties(t, messages, id, map[string]string{})
}

func readProperties(t *testing.T, m orm.Model, id int64) json.RawMessage {
	t.Helper()
	var row struct {
		Attributes json.RawMessage `odoo:"attributes"`
	}
	if err := m.Get(t.Context(), &row, id); err != nil {
		t.Fatal(err)
	}
	return row.Attributes
}

// isGiven reports whether a property has a value.
func isGiven(value string) bool { return value != "" && value != "false" }

// checkProperties compares the values of the properties: of a many2one, its id.
func checkProperties(t *testing.T, m orm.Model, id int64, want map[string]string) {
	t.Helper()
	if diff := cmp.Diff(want, propertyValues(t, m, id)); diff != "" {
		t.Errorf("properties (-want +got):\n%s", diff)
	}
}

func propertyValues(t *testing.T, m orm.Model, id int64) map[string]string {
	t.Helper()
	raw := readProperties(t, m, id)
	var properties []struct {
		Name  string          `json:"name"`
		Value json.RawMessage `json:"value"`
	}
	if err := json.Unmarshal(raw, &properties); err != nil {
		t.Fatalf("%s: %v", raw, err)
	}
	got := map[string]string{}
	for _, p := range properties {
		var pair []json.RawMessage
		if json.Unmarshal(p.Value, &pair) == nil && len(pair) == 2 {
			p.Value = pair[0]
		}
		got[p.Name] = string(p.Value)
	}
	return got
}

func parsed(t *testing.T, raw json.RawMessage) (v any) {
	t.Helper()
	if err := json.Unmarshal(raw, &v); err != nil {
		t.Fatalf("%s: %v", raw, err)
	}
	return v
}

func parsedText(t *testing.T, raw json.RawMessage) []byte {
	t.Helper()
	text, err := json.Marshal(parsed(t, raw))
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// A language that is not installed is the same error on every version.
func TestLiveLanguageThatIsNotInstalled(t *testing.T) { onEach(t, liveLanguageThatIsNotInstalled) }

func liveLanguageThatIsNotInstalled(t *testing.T, c *orm.Client) {
	_, err := orm.Find[Tag](t.Context(), c, orm.Domain[Tag]{}, orm.Lang("xx_XX"))
	var e *orm.Error
	if !errors.As(err, &e) || !errors.Is(err, orm.ErrUser) || e.Message != "Invalid language code: xx_XX" || e.Class != "odoo.exceptions.UserError" {
		t.Errorf("got %v", err)
	}
	if _, err := orm.Find[Tag](t.Context(), c, orm.Domain[Tag]{}, orm.Lang("en_US")); err != nil {
		t.Error(err)
	}
}
