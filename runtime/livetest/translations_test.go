//go:build live

package livetest

import (
	"context"
	"errors"
	"maps"
	"testing"

	"github.com/google/go-cmp/cmp"

	orm "github.com/odoogen/odoogen/runtime"
	"github.com/odoogen/odoogen/runtime/admin"
	"github.com/odoogen/odoogen/runtime/translations"
)

// tagPage is an HTML field that is translated by terms.
const tagPage = orm.Field[Tag, string]("x_odoogen_page")

// Translations are the same on every version and protocol.
func TestLiveTranslations(t *testing.T) {
	activateFrench(t)
	boss := dialLive(t, orm.Password(env(t, "ODOO_USER"), env(t, "ODOO_PASSWORD")))
	page := admin.CustomField{Name: string(tagPage), Label: "Page", Type: admin.TypeHTML, Translated: true}
	if _, err := admin.CreateField(t.Context(), boss, "res.partner.category", page); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := admin.DeleteField(context.Background(), boss, "res.partner.category", string(tagPage)); err != nil {
			t.Error(err)
		}
	})
	onEach(t, func(t *testing.T, c *orm.Client) {
		t.Run("whole", func(t *testing.T) { liveTranslationsOfWholeTexts(t, c) })
		t.Run("terms", func(t *testing.T) { liveTranslationsOfTerms(t, c) })
		t.Run("refused", func(t *testing.T) { liveTranslationsRefused(t, c) })
	})
}

func newTag(t *testing.T, c *orm.Client, values orm.Args) orm.ID[Tag] {
	t.Helper()
	tags := c.Model("res.partner.category")
	id := must[int64](t)(tags.Create(t.Context(), values))
	remove(t, tags, id)
	return orm.ID[Tag](id)
}

func liveTranslationsOfWholeTexts(t *testing.T, c *orm.Client) {
	id, ctx := newTag(t, c, orm.Args{"name": "Yes"}), t.Context()
	want := map[string]string{"en_US": "Yes", "fr_FR": "Yes"}
	for _, texts := range []map[string]string{
		{},
		{"fr_FR": "Oui"},
		{"en_US": "Yes!"},
		{"fr_FR": ""},
		{"fr_FR": "Bien sûr", "en_US": "Sure"},
	} {
		if err := translations.Set(ctx, c, id, TagF.Name, texts); err != nil {
			t.Fatal(texts, err)
		}
		maps.Copy(want, texts)
		if want["fr_FR"] == "" {
			want["fr_FR"] = want["en_US"]
		}
		got := must[map[string]string](t)(translations.Get(ctx, c, id, TagF.Name))
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("after %v: %s", texts, diff)
		}
		french := must[Tag](t)(orm.Get[Tag](ctx, c.With(orm.Lang("fr_FR")), id))
		if french.Name != want["fr_FR"] {
			t.Errorf("after %v, the tag is %q in French", texts, french.Name)
		}
	}
}

func liveTranslationsOfTerms(t *testing.T, c *orm.Client) {
	id, ctx := newTag(t, c, orm.Args{"name": "Yes", string(tagPage): "<p>Hello</p><div>Some <b>bold</b> text &amp; more</div><p>Hello</p>"}), t.Context()
	const bold = "Some <b>bold</b> text &amp; more"
	check := func(page string, hello, more map[string]string) {
		t.Helper()
		want := []translations.Term{{Source: "Hello", Texts: hello}, {Source: bold, Texts: more}}
		if diff := cmp.Diff(want, must[[]translations.Term](t)(translations.Terms(ctx, c, id, tagPage))); diff != "" {
			t.Error(diff)
		}
		if got := must[map[string]string](t)(translations.Get(ctx, c, id, tagPage)); got["fr_FR"] != page {
			t.Errorf("the page is %q, want %q", got["fr_FR"], page)
		}
	}
	set := func(hello, more string) {
		t.Helper()
		terms := map[string]string{"Hello": hello}
		if more != "" {
			terms[bold] = more
		}
		if err := translations.SetTerms(ctx, c, id, tagPage, map[string]map[string]string{"fr_FR": terms}); err != nil {
			t.Fatal(err)
		}
	}
	check("<p>Hello</p><div>"+bold+"</div><p>Hello</p>", map[string]string{}, map[string]string{})
	set("Bonjour", "")
	check("<p>Bonjour</p><div>"+bold+"</div><p>Bonjour</p>", map[string]string{"fr_FR": "Bonjour"}, map[string]string{})
	set("", "du <b>gras</b>")
	check("<p>Hello</p><div>du <b>gras</b></div><p>Hello</p>", map[string]string{}, map[string]string{"fr_FR": "du <b>gras</b>"})
	// Another text has other terms.
	if err := c.Model("res.partner.category").Write(ctx, []orm.ID[Tag]{id}, orm.Args{string(tagPage): "<p>Completely different</p>"}); err != nil {
		t.Fatal(err)
	}
	got := must[[]translations.Term](t)(translations.Terms(ctx, c, id, tagPage))
	if diff := cmp.Diff([]translations.Term{{Source: "Completely different", Texts: map[string]string{}}}, got); diff != "" {
		t.Error(diff)
	}
}

func liveTranslationsRefused(t *testing.T, c *orm.Client) {
	id, ctx := newTag(t, c, orm.Args{"name": "Yes", string(tagPage): "<p>Hello</p>"}), t.Context()
	gone := newTag(t, c, orm.Args{"name": "gone"})
	if err := orm.Unlink(ctx, c, []orm.ID[Tag]{gone}); err != nil {
		t.Fatal(err)
	}
	color := orm.Field[Tag, string]("display_name")
	get := func(id orm.ID[Tag], f orm.Field[Tag, string]) error {
		_, err := translations.Get(ctx, c, id, f)
		return err
	}
	terms := func(id orm.ID[Tag], f orm.Field[Tag, string]) error {
		_, err := translations.Terms(ctx, c, id, f)
		return err
	}
	setTerm := func(lang, source string) error {
		return translations.SetTerms(ctx, c, id, tagPage, map[string]map[string]string{lang: {source: "x"}})
	}
	for what, test := range map[string]struct{ got, want error }{
		"a language that is not active":           {translations.Set(ctx, c, id, TagF.Name, map[string]string{"en_US": "No", "nl_BE": "Nee"}), translations.ErrInactive},
		"terms in a language that does not exist": {setTerm("xx_XX", "Hello"), translations.ErrInactive},
		"a term that is not there":                {setTerm("fr_FR", "Hell"), translations.ErrNoTerm},
		"texts of a field with terms":             {translations.Set(ctx, c, id, tagPage, map[string]string{"fr_FR": "<p>Salut</p>"}), translations.ErrByTerms},
		"terms of a whole text":                   {terms(id, TagF.Name), translations.ErrWhole},
		"a field that is not translated":          {get(id, color), translations.ErrUntranslated},
		"terms of a field that is not translated": {terms(id, color), translations.ErrUntranslated},
		"the texts of a record that is gone":      {get(gone, TagF.Name), orm.ErrNoRecord},
		"the terms of a record that is gone":      {terms(gone, tagPage), orm.ErrNoRecord},
		"writing texts of a record that is gone":  {translations.Set(ctx, c, gone, TagF.Name, map[string]string{"fr_FR": "x"}), orm.ErrNoRecord},
	} {
		if !errors.Is(test.got, test.want) {
			t.Errorf("%s: %v, want %v", what, test.got, test.want)
		}
	}
	if err := translations.Set(ctx, c, id, TagF.Name, map[string]string{"en_US": ""}); err == nil {
		t.Error("the source is removed")
	}
	if err := setTerm("en_US", "Hello"); err == nil {
		t.Error("a term of the source is written")
	}
	got := must[map[string]string](t)(translations.Get(ctx, c, id, TagF.Name))
	if diff := cmp.Diff(map[string]string{"en_US": "Yes", "fr_FR": "Yes"}, got); diff != "" {
		t.Error(diff)
	}
	page := must[map[string]string](t)(translations.Get(ctx, c, id, tagPage))
	if diff := cmp.Diff(map[string]string{"en_US": "<p>Hello</p>", "fr_FR": "<p>Hello</p>"}, page); diff != "" {
		t.Error(diff)
	}
}
