//go:build live

package livetest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/odoogen/odoogen/internal/odoofacts"
	orm "github.com/odoogen/odoogen/runtime"
)

// The live tests run against the server that the environment names, in a database with contacts and the modules that
// Odoo tests its field types with (test_new_api on 14, test_orm on 19).

// Tag and Partner are like generated records.
type Tag struct {
	ID       orm.ID[Tag]  `odoo:"id"`
	Name     string       `odoo:"name"`
	ParentID orm.Ref[Tag] `odoo:"parent_id"`
}

func (*Tag) OdooModel() string { return "res.partner.category" }

type TagValues struct {
	Name     orm.Opt[string]      `odoo:"name"`
	ParentID orm.Opt[orm.ID[Tag]] `odoo:"parent_id"`
}

func (TagValues) OdooRecord() *Tag { return nil }

var TagF = struct {
	ID       orm.Rel[Tag, Tag]
	Name     orm.Field[Tag, string]
	ParentID orm.Rel[Tag, Tag]
}{"id", "name", "parent_id"}

type Partner struct {
	ID         orm.ID[Partner]   `odoo:"id"`
	Name       string            `odoo:"name"`
	ParentID   orm.Ref[Partner]  `odoo:"parent_id"`
	CategoryID []orm.ID[Tag]     `odoo:"category_id"`
	ChildIDs   []orm.ID[Partner] `odoo:"child_ids"`
}

func (*Partner) OdooModel() string { return "res.partner" }

type PartnerValues struct {
	Name       orm.Opt[string]          `odoo:"name"`
	Ref        orm.Opt[string]          `odoo:"ref"`
	Color      orm.Opt[int]             `odoo:"color"`
	Active     orm.Opt[bool]            `odoo:"active"`
	ParentID   orm.Opt[orm.ID[Partner]] `odoo:"parent_id"`
	CategoryID []orm.Command[Tag]       `odoo:"category_id"`
	ChildIDs   []orm.Command[Partner]   `odoo:"child_ids"`
}

func (PartnerValues) OdooRecord() *Partner { return nil }

var PartnerF = struct {
	ID         orm.Rel[Partner, Partner]
	Name       orm.Field[Partner, string]
	Ref        orm.Field[Partner, string]
	Color      orm.Field[Partner, int]
	ParentID   orm.Rel[Partner, Partner]
	CategoryID orm.Rel[Partner, Tag]
	ChildIDs   orm.Rel[Partner, Partner]
}{"id", "name", "ref", "color", "parent_id", "category_id", "child_ids"}

func env(t *testing.T, name string) string {
	t.Helper()
	value := os.Getenv(name)
	if value == "" {
		t.Fatalf("%s is not set: run this with make test-live", name)
	}
	return value
}

func dialLive(t *testing.T, options ...orm.DialOption) *orm.Client {
	t.Helper()
	c, err := orm.Dial(t.Context(), env(t, "ODOO_URL"), append([]orm.DialOption{orm.Database(env(t, "ODOO_DB"))}, options...)...)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func must[T any](t *testing.T) func(v T, err error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// fixture is a small family of partners under a reference of its own, deleted when the test ends:
// "Ann" (tags red, child Bob), "Bob" (no ref is wrong, tags green), "Cid" (no tags, archived parent: none).
type fixture struct {
	c                       *orm.Client
	ref                     string
	red, green              orm.ID[Tag] // green is below red
	ann, bob, cid, archived orm.ID[Partner]
}

func newFixture(t *testing.T, c *orm.Client) fixture {
	t.Helper()
	ctx := t.Context()
	f := fixture{c: c, ref: fmt.Sprintf("odoogen-%d", time.Now().UnixNano())}
	f.red = must[orm.ID[Tag]](t)(orm.Create(ctx, f.c, TagValues{Name: orm.Set(f.ref + " red")}))
	f.green = must[orm.ID[Tag]](t)(orm.Create(ctx, f.c, TagValues{Name: orm.Set(f.ref + " green"), ParentID: orm.Set(f.red)}))
	create := func(v PartnerValues) orm.ID[Partner] {
		t.Helper()
		v.Ref = orm.Set(f.ref)
		return must[orm.ID[Partner]](t)(orm.Create(ctx, f.c, v))
	}
	f.ann = create(PartnerValues{Name: orm.Set("Ann 100%"), Color: orm.Set(1), CategoryID: orm.Commands(orm.Link(f.red))})
	f.bob = create(PartnerValues{Name: orm.Set("bob"), Color: orm.Set(5), ParentID: orm.Set(f.ann), CategoryID: orm.Commands(orm.Link(f.green))})
	f.cid = create(PartnerValues{Name: orm.Set("Cid_x"), Color: orm.Set(9)})
	f.archived = create(PartnerValues{Name: orm.Set("Dan"), Active: orm.Set(false), CategoryID: orm.Commands(orm.Link(f.red, f.green))})
	t.Cleanup(func() {
		ctx := context.Background()
		if err := orm.Unlink(ctx, f.c, orm.On(f.bob, f.ann, f.cid, f.archived)); err != nil {
			t.Error(err)
		}
		if err := orm.Unlink(ctx, f.c, orm.On(f.green, f.red)); err != nil {
			t.Error(err)
		}
	})
	return f
}

// names gives the names of the fixture's partners that match, sorted.
func (f fixture) names(t *testing.T, where orm.Domain[Partner]) string {
	t.Helper()
	partners, err := orm.Find[Partner](t.Context(), f.c, orm.And(orm.Eq(PartnerF.Ref, f.ref), where))
	if err != nil {
		t.Error(err)
	}
	var names []string
	for _, p := range partners {
		names = append(names, p.Name[:3])
	}
	slices.Sort(names)
	return strings.Join(names, " ")
}

func TestLiveOperators(t *testing.T) { onEach(t, liveOperators) }

func liveOperators(t *testing.T, c *orm.Client) {
	f := newFixture(t, c)
	p, tag := PartnerF, TagF
	for _, test := range []struct {
		name  string
		where orm.Domain[Partner]
		want  string
	}{
		{"everything", orm.Domain[Partner]{}, "Ann Cid bob"},
		{"and of nothing", orm.And[Partner](), "Ann Cid bob"},
		{"or of nothing", orm.Or[Partner](), ""},
		{"=", orm.Eq(p.Name, "bob"), "bob"},
		{"!=", orm.Ne(p.Name, "bob"), "Ann Cid"},
		{"!= on unset", orm.Ne(p.ParentID, f.ann), "Ann Cid"},
		{"<", orm.Lt(p.Color, 5), "Ann"},
		{"<=", orm.Le(p.Color, 5), "Ann bob"},
		{">", orm.Gt(p.Color, 5), "Cid"},
		{">=", orm.Ge(p.Color, 5), "Cid bob"},
		{"=? given", orm.EqIfSet(p.Color, orm.Set(9)), "Cid"},
		{"=? not given", orm.EqIfSet(p.Color, orm.Opt[int]{}), "Ann Cid bob"},
		{"like", orm.Like(p.Name, "nn%1"), "Ann"},
		{"like is about case", orm.Like(p.Name, "BOB"), ""},
		{"like takes _ for any", orm.Like(p.Name, "d_x"), "Cid"},
		{"not like", orm.NotLike(p.Name, "n"), "Cid bob"},
		{"ilike", orm.ILike(p.Name, "BOB"), "bob"},
		{"not ilike", orm.NotILike(p.Name, "BOB"), "Ann Cid"},
		{"=like", orm.EqLike(p.Name, "b%"), "bob"},
		{"=like is about the whole", orm.EqLike(p.Name, "b"), ""},
		{"=ilike", orm.EqILike(p.Name, "a%"), "Ann"},
		{"in", orm.In(p.Name, "bob", "Dan", "nobody"), "bob"},
		{"in nothing", orm.In(p.Name), ""},
		{"not in", orm.NotIn(p.Name, "bob"), "Ann Cid"},
		{"not in on unset", orm.NotIn(p.ParentID, f.ann), "Ann Cid"},
		{"set", orm.IsSet(p.ParentID), "bob"},
		{"unset", orm.IsUnset(p.ParentID), "Ann Cid"},
		{"to-many has", orm.Eq(p.CategoryID, f.green), "bob"},
		{"to-many has none", orm.IsUnset(p.CategoryID), "Cid"},
		{"child_of along a relation", orm.ChildOf(p.CategoryID, f.red), "Ann bob"},
		{"parent_of along a relation", orm.ParentOf(p.CategoryID, f.green), "Ann bob"},
		{"child_of the id", orm.ChildOf(p.ID, f.ann), "Ann bob"},
		{"parent_of the id", orm.ParentOf(p.ID, f.bob), "Ann bob"},
		{"any of one", orm.Any(p.CategoryID, orm.ILike(tag.Name, "GREEN")), "bob"},
		{"any to one, two conditions", orm.Any(p.ParentID, orm.Eq(p.Color, 1), orm.ILike(p.Name, "ann")), "bob"},
		{"any to one, or", orm.Any(p.ParentID, orm.Or(orm.Eq(p.Color, 4), orm.ILike(p.Name, "ann"))), "bob"},
		{"any to many, of the same", orm.Any(p.CategoryID, orm.ILike(tag.Name, "green"), orm.IsSet(tag.ParentID)), "bob"},
		{"any to many, of different ones", orm.Any(p.CategoryID, orm.ILike(tag.Name, "green"), orm.IsUnset(tag.ParentID)), ""},
		{"any of any", orm.Any(p.ParentID, orm.Any(p.CategoryID, orm.Eq(tag.ID, f.red), orm.IsUnset(tag.ParentID)), orm.Lt(p.Color, 3)), "bob"},
		{"any of everything", orm.Any(p.ParentID, orm.And[Partner]()), "bob"},
		{"any of nothing", orm.Any(p.ParentID, orm.Or[Partner]()), ""},
		{"any of a not", orm.Any(p.ParentID, orm.Not(orm.Eq(p.Color, 7)), orm.Not(orm.Eq(p.Color, 8))), "bob"},
		{"not any", orm.NotAny(p.CategoryID, orm.ILike(tag.Name, "green"), orm.IsSet(tag.ParentID)), "Ann Cid"},
		{"not any to one", orm.NotAny(p.ParentID, orm.Eq(p.Color, 1), orm.ILike(p.Name, "ann")), "Ann Cid"},
		{"not", orm.Not(orm.Or(orm.Eq(p.Name, "bob"), orm.Gt(p.Color, 8))), "Ann"},
		{"nesting", orm.Or(orm.And(orm.Gt(p.Color, 0), orm.Or(orm.Eq(p.Color, 5), orm.Eq(p.Color, 9)), orm.Not(orm.Eq(p.Name, "bob"))), orm.Eq(p.Color, 1)), "Ann Cid"},
		{"raw", orm.Where[Partner]("category_id.name", "like", "green"), "bob"},
		{"raw with archived", orm.Where[Partner]("active", "in", []bool{true, false}), "Ann Cid Dan bob"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := f.names(t, test.where); got != test.want {
				t.Errorf("matched %q, want %q", got, test.want)
			}
		})
	}
}

// Odoo 14 distinguishes an empty text from an unset one, Odoo 19 does not.
func TestLiveEmptyTexts(t *testing.T) { onEach(t, liveEmptyTexts) }

func liveEmptyTexts(t *testing.T, c *orm.Client) {
	f := newFixture(t, c)
	phone := orm.Field[Partner, string]("phone")
	for id, value := range map[orm.ID[Partner]]string{f.ann: "", f.bob: "+32 2"} {
		if err := c.Model("res.partner").Write(t.Context(), []orm.ID[Partner]{id}, orm.Args{"phone": value}); err != nil {
			t.Fatal(err)
		}
	}
	unset, empty, set := "Cid", "Ann", "Ann bob"
	if odoofacts.EmptyIsUnset.In(odoofacts.Version{Major: c.Version().Major}) {
		unset, empty, set = "Ann Cid", "Ann Cid", "bob"
	}
	for want, where := range map[string]orm.Domain[Partner]{
		"unset " + unset: orm.IsUnset(phone),
		"empty " + empty: orm.Eq(phone, ""),
		"set " + set:     orm.IsSet(phone),
		"either Ann Cid": orm.Or(orm.IsUnset(phone), orm.Eq(phone, "")),
	} {
		what, names, _ := strings.Cut(want, " ")
		if got := f.names(t, where); got != names {
			t.Errorf("%s: matched %q, want %q", what, got, names)
		}
	}
}

func TestLiveCommands(t *testing.T) { onEach(t, liveCommands) }

func liveCommands(t *testing.T, c *orm.Client) {
	f := newFixture(t, c)
	ctx := t.Context()
	tags := func() []orm.ID[Tag] {
		t.Helper()
		p := must[Partner](t)(orm.Get[Partner](ctx, f.c, f.cid))
		slices.Sort(p.CategoryID)
		return p.CategoryID
	}
	write := func(commands ...orm.Command[Tag]) {
		t.Helper()
		if err := orm.Write(ctx, f.c, orm.On(f.cid), PartnerValues{CategoryID: commands}); err != nil {
			t.Fatal(err)
		}
	}
	same := func(want ...orm.ID[Tag]) {
		t.Helper()
		if got := tags(); !slices.Equal(got, want) {
			t.Errorf("the tags are %v, want %v", got, want)
		}
	}
	write(orm.Link(f.red, f.green))
	same(f.red, f.green)
	write(orm.Remove(f.red))
	same(f.green)
	write(orm.Replace(f.red))
	same(f.red)
	write(orm.RemoveAll[Tag]())
	same()
	write(orm.New(TagValues{Name: orm.Set(f.ref + " blue")}), orm.Link(f.red))
	blue := tags()[1]
	write(orm.Update(blue, TagValues{Name: orm.Set(f.ref + " navy")}))
	if tag := must[Tag](t)(orm.Get[Tag](ctx, f.c, blue)); tag.Name != f.ref+" navy" {
		t.Errorf("the tag is %q", tag.Name)
	}
	write(orm.Delete(blue))
	same(f.red)
	if _, err := orm.Get[Tag](ctx, f.c, blue); !errors.Is(err, orm.ErrNoRecord) {
		t.Errorf("the deleted tag gives %v", err)
	}
	write()
	same(f.red)
}

func TestLiveErrors(t *testing.T) { onEach(t, liveErrors) }

func liveErrors(t *testing.T, c *orm.Client) {
	f := newFixture(t, c)
	ctx := t.Context()
	partners := f.c.Model("res.partner")
	for _, test := range []struct {
		name  string
		err   error
		class string
		is    error
	}{
		{"unknown field", partners.Find(ctx, &[]Partner{}, orm.Expr(orm.Where[Partner]("nope", "=", 1))), "builtins.ValueError", nil},
		{"unknown method", partners.Call(ctx, "nope", nil, nil, nil), "", orm.ErrNotFound},
		{"unknown model", f.c.Model("no.such.model").Call(ctx, "search", nil, orm.Args{"domain": []any{}}, nil), "", orm.ErrNotFound},
		{"bad arguments", partners.Call(ctx, "search_count", nil, orm.Args{"bogus": 1}, nil), "", orm.ErrArguments},
		{"private method", partners.Call(ctx, "_compute_display_name", []int64{1}, nil, nil), "odoo.exceptions.AccessError", orm.ErrAccess},
		{"required field", orm.Write(ctx, f.c, orm.On(f.red), TagValues{Name: orm.Clear[string]()}), "odoo.exceptions.ValidationError", orm.ErrValidation},
		{"missing record", orm.Write(ctx, f.c, []orm.ID[Partner]{1 << 30}, PartnerValues{Name: orm.Set("x")}), "odoo.exceptions.MissingError", orm.ErrMissing},
	} {
		t.Run(test.name, func(t *testing.T) {
			var e *orm.Error
			if !errors.As(test.err, &e) {
				t.Fatalf("got %v", test.err)
			}
			if test.class != "" && e.Class != test.class || e.Message == "" || c.Protocol() != orm.XMLRPC && !strings.Contains(e.Traceback, "Traceback") {
				t.Errorf("class %q, message %q, traceback %.20q", e.Class, e.Message, e.Traceback)
			}
			if test.is != nil && !errors.Is(test.err, test.is) {
				t.Errorf("%v is not %v", test.err, test.is)
			}
			if strings.Contains(test.err.Error(), "Traceback") {
				t.Errorf("the error prints the traceback: %v", test.err)
			}
		})
	}
}

// Mixed is a model that Odoo tests its field types with.
type Mixed struct {
	ID        orm.ID[Mixed] `odoo:"id"`
	Number    float64       `odoo:"number"`
	Date      orm.Date      `odoo:"date"`
	Moment    time.Time     `odoo:"moment"`
	Reference orm.Reference `odoo:"reference"`
	Comment1  string        `odoo:"comment1"`
}

type mixedValues struct {
	Number    orm.Opt[float64]       `odoo:"number"`
	Date      orm.Opt[orm.Date]      `odoo:"date"`
	Moment    orm.Opt[time.Time]     `odoo:"moment"`
	Reference orm.Opt[orm.Reference] `odoo:"reference"`
	Comment1  orm.Opt[string]        `odoo:"comment1"`
}

func TestLiveValuesRoundTrip(t *testing.T) { onEach(t, liveValuesRoundTrip) }

func liveValuesRoundTrip(t *testing.T, c *orm.Client) {
	ctx := t.Context()
	model := c.Model("test_orm.mixed")
	if c.Version().Major < 19 {
		model = c.Model("test_new_api.mixed")
	}
	brussels := time.FixedZone("CEST", 2*3600)
	id := must[int64](t)(model.Create(ctx, mixedValues{
		Number: orm.Set(3.14), Date: orm.Set(orm.Date{Year: 1, Month: time.January, Day: 1}),
		Moment:    orm.Set(time.Date(2026, 7, 1, 0, 30, 15, 0, brussels)),
		Reference: orm.Set(orm.RefTo(orm.ID[Partner](1))), Comment1: orm.Set("<p>x</p>"),
	}))
	t.Cleanup(func() {
		if err := model.Unlink(context.Background(), []int64{id}); err != nil {
			t.Error(err)
		}
	})
	var got Mixed
	read := func() Mixed {
		t.Helper()
		if err := model.Get(ctx, &got, id); err != nil {
			t.Fatal(err)
		}
		return got
	}
	want := Mixed{
		ID: orm.ID[Mixed](id), Number: 3.14,
		Date: orm.Date{Year: 1, Month: time.January, Day: 1}, Moment: time.Date(2026, 6, 30, 22, 30, 15, 0, time.UTC),
		Reference: orm.Reference{Model: "res.partner", ID: 1}, Comment1: "<p>x</p>",
	}
	if diff := cmp.Diff(want, read()); diff != "" {
		t.Fatal(diff)
	}
	change := mixedValues{Date: orm.Set(orm.Date{Year: 9999, Month: 12, Day: 31}), Moment: orm.Set(time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC)), Comment1: orm.Clear[string]()}
	if err := model.Write(ctx, []int64{id}, change); err != nil {
		t.Fatal(err)
	}
	want.Date, want.Moment, want.Comment1 = change.Date.Value, change.Moment.Value, ""
	if diff := cmp.Diff(want, read()); diff != "" {
		t.Fatal(diff)
	}
	zero := mixedValues{Number: orm.Clear[float64](), Date: orm.Set(orm.Date{}), Moment: orm.Set(time.Time{}),
		Reference: orm.Set(orm.Reference{})}
	if err := model.Write(ctx, []int64{id}, zero); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(Mixed{ID: orm.ID[Mixed](id)}, read()); diff != "" {
		t.Fatal(diff)
	}
}

func TestLiveText(t *testing.T) { onEach(t, liveText) }

func liveText(t *testing.T, c *orm.Client) {
	f := newFixture(t, c)
	for _, text := range []string{"a\tb \"c\" \\ \u2028 é 👋", "two\nlines", "\u0001\u001a", "</script><!-- &amp;", ""} {
		err := orm.Write(t.Context(), f.c, orm.On(f.red), TagValues{Name: orm.Set("x" + text)})
		if c.Protocol() == orm.XMLRPC && strings.Contains(text, "\u0001") {
			if !errors.Is(err, orm.ErrNotXML) {
				t.Errorf("wrote %q by XML-RPC: %v", text, err)
			}
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		if tag := must[Tag](t)(orm.Get[Tag](t.Context(), f.c, f.red)); tag.Name != "x"+text {
			t.Errorf("wrote %q, read %q", "x"+text, tag.Name)
		}
	}
}

func TestLiveContext(t *testing.T) { onEach(t, liveContext) }

func liveContext(t *testing.T, c *orm.Client) {
	f := newFixture(t, c)
	ctx := t.Context()
	ofFixture := orm.Eq(PartnerF.Ref, f.ref)
	count := func(c *orm.Client, opts ...orm.CountOption) int {
		t.Helper()
		return must[int](t)(orm.Count(ctx, c, ofFixture, opts...))
	}
	all := f.c.With(orm.Archived())
	if got := []int{count(f.c), count(all), count(f.c, orm.Archived()), count(all, orm.Context{"active_test": true})}; !slices.Equal(got, []int{3, 4, 4, 3}) {
		t.Errorf("counted %v", got)
	}
	if p, err := orm.Get[Partner](ctx, f.c, f.archived); err != nil || p.Name != "Dan" {
		t.Errorf("an archived partner by id: %v, %v", p.Name, err)
	}
}

// The context that the server receives: a server action reports it.
func TestLiveContextArrives(t *testing.T) { onEach(t, liveContextArrives) }

func liveContextArrives(t *testing.T, c *orm.Client) {
	ctx := t.Context()
	var model []struct {
		ID int64 `odoo:"id"`
	}
	if err := c.Model("ir.model").Find(ctx, &model, orm.Expr(orm.Where[Partner]("model", "=", "res.partner"))); err != nil {
		t.Fatal(err)
	}
	actions := c.Model("ir.actions.server")
	id := must[int64](t)(actions.Create(ctx, orm.Args{
		"name": "odoogen context", "model_id": model[0].ID, "state": "code", "code": "action = {'seen': dict(env.context)}",
	}))
	t.Cleanup(func() {
		if err := actions.Unlink(context.Background(), []int64{id}); err != nil {
			t.Error(err)
		}
	})
	narrowed := c.With(orm.Lang("en_US"), orm.TimeZone("Asia/Tokyo"), orm.Companies(orm.ID[Tag](1))).With(orm.Context{"odoogen": "client"})
	var reported struct {
		Seen struct {
			Lang      string  `odoo:"lang"`
			TZ        string  `odoo:"tz"`
			Companies []int64 `odoo:"allowed_company_ids"`
			Own       string  `odoo:"odoogen"`
			BinSize   bool    `odoo:"bin_size"`
		} `odoo:"seen"`
	}
	call := func(opts ...orm.WriteOption) string {
		t.Helper()
		if err := narrowed.Model("ir.actions.server").Call(ctx, "run", []int64{id}, nil, &reported, opts...); err != nil {
			t.Fatal(err)
		}
		return fmt.Sprint(reported.Seen)
	}
	if got, want := call(), "{en_US Asia/Tokyo [1] client false}"; got != want {
		t.Errorf("the server saw %s, want %s", got, want)
	}
	if got, want := call(orm.Context{"odoogen": "call"}, orm.BinSize(), orm.TimeZone("UTC")), "{en_US UTC [1] call true}"; got != want {
		t.Errorf("the server saw %s, want %s", got, want)
	}
}
